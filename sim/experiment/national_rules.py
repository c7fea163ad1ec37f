"""The dated rules of a study: which its runs take in, and why the others are left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from sim.config.dated import DatedRule
from sim.config.rules_taken import RulesTaken
from sim.experiment.replicate import Study


@dataclass(frozen=True)
class NationalRule:
    """One dated rule of behaviour.toml in a study.

    Attributes:
        name: of what it is about.
        option: the option that takes it in or leaves it out.
        choice: what that option says.
        start: its first day.
        announced: the day by which it was published.
        taken: whether the runs take it in.
        is_known: whether it was announced by day 0.
    """

    name: str
    option: str
    choice: RulesTaken
    start: dt.date
    announced: dt.date
    taken: bool
    is_known: bool

    def as_stated(self) -> dict[str, str | bool]:
        """What a manifest says of it."""
        return {
            "rule": self.name,
            "option": f"{self.option} {self.choice}",
            "start": self.start.isoformat(),
            "announced": self.announced.isoformat(),
            "taken": self.taken,
        }


def national_rules(study: Study) -> tuple[NationalRule, ...]:
    """Every dated rule that could act on a study's runs, by its first day."""
    day_0 = study.council.start_date
    found = [
        NationalRule(
            name,
            option,
            choice,
            rule.start,
            rule.known_from,
            choice.takes(rule.known_from, day_0),
            rule.known_from <= day_0,
        )
        for name, option, choice, rule in _rules(study)
    ]
    return tuple(sorted(found, key=lambda rule: rule.start))


def _rules(study: Study) -> Iterator[tuple[str, str, RulesTaken, DatedRule]]:
    options, behaviour = study.options, study.behaviour
    for key, rule in behaviour.dated_rules.on_agency_staff.items():
        yield _AGENCY_NAMES[key], "--agency-rules", options.agency_rules, rule
    if options.casework and study.council.casework is not None:
        for law in behaviour.casework.law:
            if law.lets_lead_practitioners and law.enforced:
                yield "lead practitioners", "--lead-practitioners", options.lead_practitioners, law


_AGENCY_NAMES = {
    "agency_rules": "rules on agency staff",
    "price_caps": "caps on their price",
}
