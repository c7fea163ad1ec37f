"""3 CHOICES: what a council decides, one small frozen class per measure."""
