"""Tests of the simulator against what happened."""
