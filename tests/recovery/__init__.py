"""What the published tables can tell: simulated with known numbers, written, read back."""
