"""5 MODEL: simulate(plan, fates) -> Records."""
