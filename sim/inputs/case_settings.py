"""What a study chooses about casework: demand scenario, loop, and the law in force."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sim.config.behaviour import Behaviour
from sim.config.casework import CaseStage, Casework, LawRule, Reference, StatutoryLimits
from sim.config.errors import InputError
from sim.config.roles import Role


class DemandScenario(StrEnum):
    """How referrals move from their level of day 0."""

    FLAT = "flat"
    BACK_TO_2019 = "back_to_2019"
    RISING = "rising"
    SERIES = "series"


@dataclass(frozen=True)
class CaseSettings:
    """What a study chooses about casework, beside its scenarios.

    Attributes:
        law: who may hold what, from when.
        limits: statutory limits.
        reference: the mix of children with which a full load is defined.
        demand: the demand scenario.
        loop: whether load acts on exits and on agency staff above establishment.
        lead_practitioners: whether the law that lets them hold child-in-need work is in `law`.
    """

    law: tuple[LawRule, ...]
    limits: StatutoryLimits
    reference: Reference
    demand: DemandScenario = DemandScenario.FLAT
    loop: bool = True
    lead_practitioners: bool = True


def case_settings(
    behaviour: Behaviour,
    demand: DemandScenario = DemandScenario.FLAT,
    loop: bool = True,
    lead_practitioners: bool = True,
) -> CaseSettings:
    """The settings of a study under the shared evidence.

    Args:
        behaviour: the shared evidence.
        demand: how referrals move.
        loop: whether load acts on exits and on agency staff above establishment.
        lead_practitioners: whether family practitioners may hold child-in-need work from the date
            of behaviour.toml; otherwise nobody but social workers ever does.
    """
    evidence = behaviour.casework
    law = tuple(
        rule
        for rule in evidence.law
        if lead_practitioners
        or rule.stage is not CaseStage.CHILD_IN_NEED
        or Role.FAMILY_PRACTITIONER not in rule.roles
    )
    return CaseSettings(law, evidence.limits, evidence.reference, demand, loop, lead_practitioners)


def check_demand(casework: Casework | None, demand: DemandScenario, where: str) -> None:
    """Refuse a demand scenario that the council doesn't describe.

    Raises:
        InputError: naming it.
    """
    if casework is None:
        if demand is not DemandScenario.FLAT:
            raise InputError(where, "has no casework", "Leave --demand out, or add [casework]")
        return
    described = {
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
