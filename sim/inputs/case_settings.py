"""What a study chooses about casework: demand scenario, loop, and the law in force."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sim.config.behaviour import Behaviour
from sim.config.casework import LawRule, Reference, StatutoryLimits
from sim.config.council import Council
from sim.config.errors import InputError
from sim.inputs.calendar import make_calendar
from sim.inputs.demand_series import refuse_missing_years
from sim.inputs.run_options import AS_USUAL, DemandScenario, RunOptions


@dataclass(frozen=True)
class CaseSettings:
    """What a study chooses about casework, beside its scenarios.

    Attributes:
        law: who may hold what, from when.
        limits: statutory limits.
        reference: the mix of children with which a full load is defined.
        demand: the demand scenario.
        loop: whether load acts on exits and on agency staff above establishment.
        reaction: whether managers react when many children wait.
    """

    law: tuple[LawRule, ...]
    limits: StatutoryLimits
    reference: Reference
    demand: DemandScenario = DemandScenario.UNCERTAIN
    loop: bool = True
    reaction: bool = False


def case_settings(
    behaviour: Behaviour, day_0: dt.date, options: RunOptions = AS_USUAL
) -> CaseSettings | None:
    """The settings of a study under the shared evidence; None leaves children's cases out.

    Args:
        behaviour: the shared evidence.
        day_0: the first day of the runs, on which later rules may be unknown.
        options: what is chosen about the run.
    """
    if not options.casework:
        return None
    evidence = behaviour.casework
    law = tuple(
        rule
        for rule in evidence.law
        if not rule.lets_lead_practitioners
        or options.lead_practitioners.takes(rule.known_from, day_0)
    )
    return CaseSettings(
        law, evidence.limits, evidence.reference, options.demand, options.loop, options.reaction
    )


def check_demand(council: Council, demand: DemandScenario, where: str) -> None:
    """Refuse a demand scenario that the council doesn't describe, or not for every year.

    Args:
        council: the council.
        demand: what is chosen.
        where: its file.

    Raises:
        InputError: naming it.
    """
    casework = council.casework
    if casework is None:
        if demand not in (DemandScenario.UNCERTAIN, DemandScenario.FLAT):
            raise InputError(where, "has no casework", "Leave demand out, or add [casework]")
        return
    described = {
        DemandScenario.UNCERTAIN: True,
        DemandScenario.FLAT: True,
        DemandScenario.BACK_TO_2019: casework.demand.back_to_2019 is not None,
        DemandScenario.RISING: casework.demand.rising is not None,
        DemandScenario.SERIES: bool(casework.demand.series),
    }
    if not described[demand]:
        known = ", ".join(name.value for name, there in described.items() if there)
        raise InputError(
            f"{where}: casework.demand",
            f"has no '{demand.value}'",
            f"Describe it there, or choose one of: {known}",
        )
    if demand is DemandScenario.SERIES:
        years = make_calendar(council.start_date, council.horizon_years).financial_years
        refuse_missing_years(casework.demand, years, f"{where}: casework.demand.series")
