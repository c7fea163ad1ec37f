"""Notes on rules with a date, levels of agency staff, and what registration fees are worth."""

from __future__ import annotations

from sim.experiment.replicate import Study
from sim.scenario.benefits import RegistrationFees

ALMOST_NOTHING = 0.01
"""A change of leaving smaller than this is called almost nothing."""


def rule_notes(study: Study) -> list[str]:
    """Which rules on agency staff come into force during the run."""
    rules = study.behaviour.dated_rules
    dated = (
        ("rules on agency staff", rules.agency_rules.start),
        ("caps on their price", rules.price_caps.start),
    )
    coming = [
        f"{name} from {date.day} {date:%B %Y}"
        for name, date in dated
        if study.council.start_date < date <= study.council.last_date
    ]
    if not coming:
        return []
    if not study.options.agency_rules:
        return [f"Left out, though law: {', '.join(coming)}."]
    return [
        f"In force in every scenario: {', '.join(coming)} (--agency-rules off leaves them out)."
    ]


def agency_notes(study: Study) -> list[str]:
    """What levels of agency staff rest on, where something stands in for the council's record."""
    if not study.agency_record.falls_back:
        return []
    return [f"The council's levels of agency staff rest on {study.agency_record.words}."]


def fee_notes(study: Study) -> list[str]:
    """What registration fees are worth in pay, and in leaving, at central values."""
    fees = {
        measure.key: measure
        for scenario in study.scenarios
        for measure in scenario.measures
        if isinstance(measure, RegistrationFees)
    }
    return [_fee_note(study, measure) for measure in fees.values()]


def _fee_note(study: Study, measure: RegistrationFees) -> str:
    gbp = measure.gbp_per_year.central
    rise = gbp / _salary(study, measure.roles[0].value)
    change = _change_of_leaving(study, rise)
    verdict = ": almost nothing" if abs(change) < ALMOST_NOTHING else ""
    return (
        f"{measure.name}: £{gbp:,.0f} is {rise * 100:.1f} % of pay; {-change * 100:.1f} % fewer of"
        f" those it is paid for leave in its first year{verdict}."
    )


def _central(study: Study, key: str) -> float:
    return study.known[key].central


def _salary(study: Study, role: str) -> float:
    cost = _central(study, f"council.money.unit_cost.{role}")
    return cost / _central(study, "finance.oncost_multiplier")


def _change_of_leaving(study: Study, rise: float) -> float:
    """Relative change of leaving, all exits together."""
    moves = _central(study, "exits.to_agency_share") + _central(study, "exits.to_council_share")
    by_exit = (
        (1 - moves, _central(study, "exits.pay_elasticity_out")),
        (moves, _central(study, "exits.pay_elasticity_moves")),
    )
    effect: float = sum(share * (1 + rise) ** elasticity for share, elasticity in by_exit)
    return effect - 1
