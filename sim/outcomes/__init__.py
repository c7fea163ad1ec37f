"""5 INDICATORS: Records to tidy tables."""
