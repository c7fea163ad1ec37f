"""What is chosen about a run beside council, scenarios and seed. Imports nothing heavy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sim.config.rules_taken import RulesTaken


class DemandScenario(StrEnum):
    """How referrals move from their level of day 0."""

    UNCERTAIN = "uncertain"
    FLAT = "flat"
    BACK_TO_2019 = "back_to_2019"
    RISING = "rising"
    SERIES = "series"


@dataclass(frozen=True)
class RunOptions:
    """The options of a run. They travel whole from the command line to all that is told of it.

    A new switch is a field here, its help in sim.presentation.options, and the one place that
    reads it.

    Attributes:
        demand: how referrals move.
        loop: whether load acts on exits and on agency staff above establishment.
        agency_rules: which rules on agency staff come into force on their dates.
        lead_practitioners: whether family practitioners may hold child-in-need work from the date
            of behaviour.toml; where that rule is off nobody but social workers ever does.
        discount_rate: real rate a year for present values; None for the evidence's.
        reaction: whether managers react when many children wait (sim.engine.actions.reaction).
        casework: whether children's cases are simulated, where the council describes them.
    """

    demand: DemandScenario = DemandScenario.UNCERTAIN
    loop: bool = True
    agency_rules: RulesTaken = RulesTaken.KNOWN
    lead_practitioners: RulesTaken = RulesTaken.KNOWN
    discount_rate: float | None = None
    reaction: bool = True
    casework: bool = True


AS_USUAL = RunOptions()
STAFFING_ALONE = RunOptions(casework=False)
"""As usual, without children's cases."""
