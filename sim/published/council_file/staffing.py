"""The section of staffing: how many leave and start in a year, and who starts."""

from __future__ import annotations

import math

from sim.config.quantity import Unit
from sim.config.sources import Mark
from sim.published.council_file.known import Known
from sim.published.council_file.lines import Line, Section
from sim.published.council_file.quantities import as_table, log_range
from sim.published.estimates import OWN_YEARS, Level, level_of

SOURCE = "csww_derived"
_WORDS = {"leavers_fte": "leavers", "starters_fte": "starters"}


def staffing(known: Known) -> Section:
    """Levels of leaving and starting, drawn towards England's; the rest is judgement."""
    england = known.england
    leaving, starting = level(known, "leavers_fte"), level(known, "starters_fte")
    joins = Level(starting.mean + math.log(max(known.staff, 1.0)), starting.sd, starting.weight)
    return Section(
        "staffing",
        (
            Line("newly_qualified_start", england.newly_qualified_start),
            Line(
                "leaving_rate",
                log_range(leaving.mean, leaving.sd, Unit.RATE_PER_YEAR, SOURCE),
                _mark(leaving),
                _comment(known, "leavers_fte", leaving),
            ),
            Line(
                "starters_fte_per_year",
                log_range(joins.mean, joins.sd, Unit.FTE, SOURCE, 1),
                _mark(starting),
                _comment(known, "starters_fte", starting),
            ),
            *(
                Line(name, as_table(getattr(england, name)))
                for name in (
                    "newly_qualified_share_of_starters",
                    "team_manager_share_of_starters",
                )
            ),
        ),
    )


def level(known: Known, column: str) -> Level:
    """A council's level of leaving or starting; without a year of its own it is lacking."""
    history = known.everybody.histories[column].get(known.council, {})
    spread = known.everybody.spreads[column]
    found = level_of(spread, history)
    has_own = any(year in history for year in sorted(spread.medians)[-OWN_YEARS:])
    if not has_own and not known.fill:
        known.lacking.append(f"{_WORDS[column]} ({column}: {known.figure(column).reason})")
    return found


def _mark(found: Level) -> Mark:
    return Mark.FITTED if found.weight else Mark.NATIONAL


def _comment(known: Known, column: str, found: Level) -> str:
    last = known.figure(column)
    printed = f"{last.value:g}" if last.value is not None else last.reason
    beside = known.beside(column, last.value) if last.value is not None else ""
    return (
        f"{found.weight:.0%} its own years, the rest England's (sim/published/estimates.py); last "
        f"year {printed}{beside}"
    )
