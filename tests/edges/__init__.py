"""Councils and files at the edge of what there is, and beyond it."""
