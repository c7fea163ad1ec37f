"""Tests of the engine against results known from queueing theory."""
