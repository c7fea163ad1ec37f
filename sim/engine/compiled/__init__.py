"""The compiled engine: the same stories and actions in Numba, bit for bit and many times faster."""

from __future__ import annotations

from sim.engine.compiled.engine import simulate

__all__ = ["simulate"]
