"""6 QUESTIONS: replicate, compare, back-test."""
