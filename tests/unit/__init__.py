"""Tests of single modules, and of the project files themselves."""
