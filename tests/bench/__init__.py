"""`make bench`: how fast, both engines measured in one run."""
