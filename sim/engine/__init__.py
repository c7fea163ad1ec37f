"""4 MODEL: simulate(plan, fates) -> Records."""
