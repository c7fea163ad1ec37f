"""6 INDICATORS: Records to tidy tables."""
