"""The section of staffing: how many leave and start in a year, and who starts."""

from __future__ import annotations

from sim.config.sources import Mark
from sim.published.council_file.known import Known
from sim.published.council_file.lines import Line, Section
from sim.published.council_file.quantities import as_table
from sim.published.fitted import LEAVING, STARTERS

_FLOWS = {LEAVING: ("leavers_fte", "leavers"), STARTERS: ("starters_fte", "starters")}
"""The Department's column behind each level, and what it counts."""


def staffing(known: Known) -> Section:
    """Levels of leaving and starting, drawn towards England's; the rest is judgement."""
    england = known.england
    return Section(
        "staffing",
        (
            Line("newly_qualified_start", england.newly_qualified_start),
            *(_level(known, key) for key in _FLOWS),
            *(
                Line(name, as_table(getattr(england, name)))
                for name in (
                    "newly_qualified_share_of_starters",
                    "team_manager_share_of_starters",
                )
            ),
        ),
    )


def _level(known: Known, key: str) -> Line:
    """A council's level of leaving or starting; without a year of its own it is lacking."""
    column, words = _FLOWS[key]
    found, last = known.fitted.staffing[key], known.figure(column)
    has_own = known.fitted.own_years[key] > 0
    printed = f"{last.value:g}" if last.value is not None else last.reason
    if not has_own and not known.fill:
        known.lacking.append(f"{words} ({column}: {printed})")
    beside = known.beside(column, last.value) if last.value is not None else ""
    return Line(
        key,
        as_table(found.model_copy(update={"note": ""})),
        Mark.FITTED if has_own else Mark.NATIONAL,
        f"{found.note}; last year {printed}{beside}",
    )
