"""The compiled twin against the SimPy model: equal to the last bit, wherever one looks."""
