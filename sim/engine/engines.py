"""The two engines: the compiled twin, and the SimPy model that it equals bit for bit."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from sim.config.errors import InputError
from sim.engine.records import Records
from sim.engine.trace import Listener
from sim.inputs.fates import Fates
from sim.inputs.plan import Plan


class Engine(StrEnum):
    """Which engine simulates; results are the same."""

    COMPILED = "compiled"
    SIMPY = "simpy"


class Simulate(Protocol):
    """What every engine is: plan and fates in, facts out."""

    def __call__(self, plan: Plan, fates: Fates, listener: Listener | None = None) -> Records:
        """Run once."""


_MODULES = {Engine.COMPILED: "sim.engine.compiled", Engine.SIMPY: "sim.engine.simpy.engine"}


def simulator(engine: Engine) -> Simulate:
    """The function that runs an engine, imported when it is asked for.

    Raises:
        InputError: Numba, which the compiled engine needs, can't be imported here.
    """
    try:
        return cast(Simulate, import_module(_MODULES[engine]).simulate)
    except (ImportError, OSError) as error:
        raise InputError(
            f"engine {engine}",
            f"can't be loaded ({error})",
            "Install numba, or use the engine simpy",
        ) from None


@cache
def available(engine: Engine) -> Engine:
    """The engine itself, or the SimPy model where the compiled one can't be loaded."""
    try:
        simulator(engine)
    except InputError:
        return Engine.SIMPY
    return engine


def compiles_first(engine: Engine) -> tuple[bool, str]:
    """Whether an engine's first run has to wait for the compiler, and why it will have to again.

    Returns:
        Whether; and a line that says where code can't be kept and why, empty where it can.
    """
    if engine is not Engine.COMPILED:
        return False, ""
    folder = import_module("sim.engine.compiled.disk").code_folder()
    told = InputError(
        folder.path, f"can't keep the compiled engine ({folder.fault}), so that each run compiles"
        " it anew", "Make room there, or name another folder in CASEHOLDER_CACHE",
    )  # fmt: skip
    return not folder.is_filled, told.line() if folder.fault else ""
