"""Tests that a change of input moves the outcomes the way it should."""
