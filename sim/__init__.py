"""caseholder: a workforce simulator for children's social work.

The whole program reads as six calls: load a council, load a scenario, make a study (its plans and
fates), simulate, measure, compare and present. From Python it has the names below, which
docs/python.md shows at work. Each is loaded when it is first asked for: `import sim` takes no time.
"""

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.api.frames import differences as differences
    from sim.api.frames import ledger as ledger
    from sim.api.frames import money as money
    from sim.api.frames import replications as replications
    from sim.api.frames import summaries as summaries
    from sim.api.levers import what_if as what_if
    from sim.api.questions import compare as compare
    from sim.api.questions import sweep as sweep
    from sim.api.questions import trace as trace
    from sim.api.showing import chart as chart
    from sim.api.showing import save as save
    from sim.api.sources import load_council as load_council
    from sim.api.sources import load_scenario as load_scenario
    from sim.api.sources import register as register
    from sim.config.council import Council as Council
    from sim.config.errors import InputError as InputError
    from sim.inputs.run_options import RunOptions as RunOptions
    from sim.scenario.scenario import Scenario as Scenario

__version__ = version("caseholder")
"""As pyproject.toml states it, which alone does."""

_HOMES = {
    "api.frames": ("differences", "ledger", "money", "replications", "summaries"),
    "api.levers": ("what_if",),
    "api.questions": ("compare", "sweep", "trace"),
    "api.showing": ("chart", "save"),
    "api.sources": ("load_council", "load_scenario", "register"),
    "config.council": ("Council",),
    "config.errors": ("InputError",),
    "inputs.run_options": ("RunOptions",),
    "scenario.scenario": ("Scenario",),
}
"""The module that holds each public name."""
_HOME = {name: module for module, names in _HOMES.items() for name in names}
__all__ = [*_HOME]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'sim' has no attribute '{name}'")
    return getattr(import_module(f"sim.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
