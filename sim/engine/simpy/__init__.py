"""The engine with SimPy: the kernel that stories are written in, and what runs them as they are."""
