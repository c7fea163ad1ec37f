"""The compiled twin: the SimPy model again, in Numba, bit for bit and many times faster.

Each module stands beside the one of the same name in sim.engine and follows it function by
function; formulas, words and numbers come from there. `simulate` has the same signature and gives
the same Records.
"""

from __future__ import annotations

from sim.engine.compiled.engine import simulate

__all__ = ["simulate"]
