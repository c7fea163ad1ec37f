"""What follows from published figures: opening stocks, plans by length, what is missing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from itertools import pairwise

from sim.published.figure import Figure
from sim.published.record import Council, Record
from sim.published.tables import PLAN_BANDS, TABLE_OF, WORKFORCE


def opening_episodes(record: Record, council: Council, year: int) -> Figure:
    """Episodes of need open when a year to 31 March begins: at any point, less started.

    Last year's closing stock is no opening stock: what is carried into the next return is a
    tenth smaller.

    Args:
        record: the record.
        council: the council.
        year: the label, of 31 March at the year's end.

    Returns:
        A figure of the 1 April on which the year began.
    """
    anypoint = record.figure(council, "Anypoint_episodes", year)
    started = record.figure(council, "Started_episodes", year)
    opened = replace(
        _difference(anypoint, started),
        column="opening_episodes",
        end=dt.date(year - 1, 4, 1),
        note="Anypoint_episodes less Started_episodes",
    )
    return opened


def lost_at_turn(record: Record, council: Council, year: int) -> Figure:
    """Episodes open on 31 March of the year before that are not carried into a year.

    Args:
        record: the record.
        council: the council.
        year: the label of the later year.
    """
    closing = record.figure(council, "At31_episodes", year - 1)
    lost = _difference(closing, opening_episodes(record, council, year))
    return replace(lost, column="lost_at_turn", note="At31_episodes less opening_episodes")


def _difference(whole: Figure, part: Figure) -> Figure:
    """One count less another."""
    mark = whole.mark or part.mark
    value = whole.value - part.value if whole.value is not None and part.value is not None else None
    bounds = None
    if whole.bounds is not None and part.bounds is not None:
        bounds = whole.bounds[0] - part.bounds[1], whole.bounds[1] - part.bounds[0]
    return replace(whole, value=value, mark=mark, bounds=bounds)


@dataclass(frozen=True)
class PlansByLength:
    """Plans of child protection open on 31 March, by how long they have been open.

    Attributes:
        whole: all of them.
        shown: number in each band that is printed.
        hidden: the bands that are not.
        in_hidden: how many plans the hidden bands hold together; None where the whole is hidden.
    """

    whole: Figure
    shown: dict[str, float]
    hidden: tuple[str, ...]
    in_hidden: float | None

    @property
    def are_neighbours(self) -> bool:
        """Whether the hidden bands follow each other, so that they are one longer band.

        Where they do not, their sum is one constraint on two bands, and no band of its own.
        """
        places = [PLAN_BANDS.index(band) for band in self.hidden]
        return all(later - earlier == 1 for earlier, later in pairwise(places))


def plans_by_length(record: Record, council: Council, year: int) -> PlansByLength:
    """Plans on 31 March by length: hidden bands are pooled, and never parted by a guess."""
    whole = record.figure(council, "CPP_At31", year)
    bands = {band: record.figure(council, band, year).value for band in PLAN_BANDS}
    shown = {band: number for band, number in bands.items() if number is not None}
    rest = None if whole.value is None else whole.value - sum(shown.values())
    hidden = tuple(band for band in PLAN_BANDS if band not in shown)
    return PlansByLength(whole, shown, hidden, rest)


_NEEDED = {
    "staff in post": ("inpost_fte",),
    "starters": ("starters_fte",),
    "leavers": ("leavers_fte",),
    "agency staff": ("agency_fte",),
    "agency cover": ("agency_cover_fte",),
    "vacancies": ("vacancy_fte",),
    "cases": ("case_holders_fte", "cases"),
    "absence": ("working_days_lost_fte",),
    "children in need": (
        "Anypoint_episodes",
        "Started_episodes",
        "Ended_episodes",
        "At31_episodes",
        "awaiting_assessment",
    ),
    "referrals": ("referral_count", "no_further_action_count", "not_in_need_count"),
    "re-referrals": ("rereferral_count",),
    "repeat plans": ("CPP_start", "CPP_subsequent"),
}
"""What a council's file needs, in the words of the list, and the columns that give it."""


def missing(record: Record, council: Council, year: int) -> tuple[str, ...]:
    """What a council lacks in a year of all that its file needs, in words.

    A number that is hidden only because it is small is not missing: its bounds will do.
    """
    lacking = tuple(
        words
        for words, columns in _NEEDED.items()
        if any(_is_lacking(record.figure(council, column, year)) for column in columns)
    )
    workforce = tuple(w for w, c in _NEEDED.items() if TABLE_OF[c[0]].name == WORKFORCE)
    children = tuple(words for words in _NEEDED if words not in workforce)
    plans = _missing_plans(record, council, year)
    if set(lacking) >= set(children):
        plans, lacking = (), (*(w for w in lacking if w in workforce), "children's tables")
    if set(lacking) >= set(workforce):
        lacking = ("workforce table", *(words for words in lacking if words not in workforce))
    return lacking + plans


def _is_lacking(figure: Figure) -> bool:
    return figure.value is None and not figure.has_narrow_bounds


def _missing_plans(record: Record, council: Council, year: int) -> tuple[str, ...]:
    hidden = plans_by_length(record, council, year).hidden
    return (f"{len(hidden)} plan lengths",) if hidden else ()
