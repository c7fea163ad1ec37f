"""What may be asked: the limits that the command line sets to its options."""

from __future__ import annotations

from dataclasses import replace

from sim.config.errors import InputError
from sim.inputs.run_options import DemandScenario, RunOptions

HIGHEST_RATE = 0.2


def refuse_below(least: int, **given: int) -> None:
    """Refuse numbers, by the names of their parameters, that are not whole or are too small.

    Raises:
        InputError: naming the first.
    """
    for name, value in given.items():
        if not isinstance(value, int) or value < least:
            raise InputError(name, f"{value!r} is refused", f"Give a whole number from {least} on")


def checked_options(options: RunOptions) -> RunOptions:
    """The options of a run; demand may be given by its name.

    Raises:
        InputError: there is no such demand scenario, or the discount rate is beyond 0 to 0.2.
    """
    rate = options.discount_rate
    if rate is not None and not 0.0 <= rate <= HIGHEST_RATE:
        raise InputError(
            "options: discount_rate", f"{rate!r} is refused", f"Give a share of 0 to {HIGHEST_RATE}"
        )
    try:
        return replace(options, demand=DemandScenario(options.demand))
    except ValueError:
        known = ", ".join(DemandScenario)
        problem = f"'{options.demand}' is no demand scenario"
        raise InputError("options: demand", problem, f"Use: {known}") from None
