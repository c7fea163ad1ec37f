"""Killing sweeps in the midst of their work, and resuming them."""
