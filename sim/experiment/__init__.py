"""7 QUESTIONS: replicate, compare, back-test."""
