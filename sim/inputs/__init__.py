"""4 PLAN AND LUCK: draws of what is not known, the plan made from them, and fates."""
