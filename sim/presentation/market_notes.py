"""Notes on rules with a date, levels of agency staff, and what registration fees are worth."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sim.config.rules_taken import RulesTaken
from sim.experiment.national_rules import NationalRule, national_rules
from sim.experiment.replicate import Study
from sim.presentation.words import day
from sim.scenario.benefits import RegistrationFees

ALMOST_NOTHING = 0.01
"""A change of leaving smaller than this is called almost nothing."""


def rule_notes(study: Study) -> list[str]:
    """Which dated rules come into force during the run, and which are left out and why."""
    day_0, last = study.council.start_date, study.council.last_date
    rules = [rule for rule in national_rules(study) if rule.start <= last]
    coming = [rule for rule in rules if rule.taken and rule.start > day_0]
    return [*_in_force(coming, day_0), *_left_out(rules, day_0)]


def _in_force(rules: Sequence[NationalRule], day_0: dt.date) -> list[str]:
    known = [rule for rule in rules if rule.is_known]
    foreseen = [rule for rule in rules if not rule.is_known]
    parts = [f"{_listed(known)} ({_each(known, 'off')} to leave them out)"] if known else []
    if foreseen:
        parts.append(f"{_listed(foreseen)}, which nobody knew of on {day(day_0)}")
    return [f"In force in every scenario: {'; '.join(parts)}."] if parts else []


def _left_out(rules: Sequence[NationalRule], day_0: dt.date) -> list[str]:
    asked = [rule for rule in rules if rule.choice is RulesTaken.OFF]
    unknown = [rule for rule in rules if not rule.taken and rule not in asked]
    parts = []
    if unknown:
        why = f"not announced by {day(day_0)} ({_each(unknown, 'on')} to take them in)"
        parts.append(f"{_listed(unknown)}: {why}")
    if asked:
        parts.append(f"{_listed(asked)}: by {_each(asked, 'off')}")
    return [f"Rules left out: {'; '.join(parts)}."] if parts else []


def _listed(rules: Sequence[NationalRule]) -> str:
    return ", ".join(f"{rule.name} from {day(rule.start)}" for rule in rules)


def _each(rules: Sequence[NationalRule], value: str) -> str:
    """The options that say so of each rule."""
    return ", ".join(dict.fromkeys(f"{rule.option} {value}" for rule in rules))


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
