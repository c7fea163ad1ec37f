"""Tests of caseholder."""
