"""A council's file made from the record, or why there can be none."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import Any

from sim.config.errors import InputError
from sim.config.sources import Mark
from sim.config.totals import SMALLEST_INPOST_FTE
from sim.published.council_file.children import children
from sim.published.council_file.known import Everybody, Known
from sim.published.council_file.lines import Line, Section, file_text
from sim.published.council_file.money import money
from sim.published.council_file.own_evidence import own_evidence
from sim.published.council_file.staffing import staffing
from sim.published.council_file.teams import teams
from sim.published.council_file.totals import totals
from sim.published.council_file.year_before import year_before
from sim.published.record import Council

_HEAD = (
    "{name}, made by `caseholder council new` from the Department for Education's tables to 30"
    " September {year} (Open Government Licence v3.0).\n"
    "Each number says what it is: published; fitted to published figures; a national default, one"
    " figure for every council; or judgement. A figure for 100 in post has that of similar councils"
    " beside it.\n"
    "Replace what you know better, and name its source. `caseholder check` counts what is left of"
    " each, and says what does not fit together."
)


@dataclass(frozen=True)
class MadeFile:
    """A council's file.

    Attributes:
        council: the council of the record.
        text: the file.
    """

    council: Council
    text: str

    @property
    def data(self) -> dict[str, Any]:
        """The tables of the file."""
        return tomllib.loads(self.text)


def make_file(everybody: Everybody, council: Council, fill: bool = False) -> MadeFile:
    """The file of a council.

    Args:
        everybody: the record of the year.
        council: one of its councils.
        fill: whether a national figure may stand in for one that is not published.

    Raises:
        InputError: the council is too small, has no figures, or lacks some that must not be filled.
    """
    known = Known(everybody, council, fill)
    _refuse_without_staff(known)
    sections = (
        teams(known),
        totals(known),
        staffing(known),
        own_evidence(known),
        *money(known),
        *children(known),
        year_before(known),
    )
    if known.lacking:
        raise InputError(
            f"council '{council.name}'",
            f"not published for {known.year}, nor for an earlier year: "
            + "; ".join(dict.fromkeys(known.lacking)),
            "Let national figures stand in with --fill national and put your own in their place",
        )
    made = _made(known, sections)
    head = _HEAD.format(name=council.name, year=known.year)
    text = file_text((Section("", (), head), *(s for s in (*sections, *made) if s.lines)))
    return MadeFile(council, text)


def _refuse_without_staff(known: Known) -> None:
    figure = known.figure("inpost_fte")
    where = f"council '{known.council.name}'"
    if figure.value is None:
        years = [f.end.year for f in known.record.series(known.council, "inpost_fte") if f.value]
        last = f"Use --year {years[-1]}" if years else "Get later tables, for --from-dfe"
        problem = f"staff in post on 30 September {known.year} are not published: {figure.reason}"
        raise InputError(where, problem, f"{last}; no figure of others can stand in for them")
    if figure.value < SMALLEST_INPOST_FTE:
        raise InputError(
            where,
            f"{figure.value:g} FTE in post are under {SMALLEST_INPOST_FTE:g}, too few for yearly"
            " rates to describe",
            "Take the council together with a neighbour, in a file of your own",
        )


def _made(known: Known, sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """What `check` needs to tell a number that is as it was made from one that was changed."""
    council = known.council
    kinds = {
        "published": Mark.PUBLISHED, "fitted": Mark.FITTED, "national": Mark.NATIONAL,
    }  # fmt: skip
    marked = {
        name: {key: number for s in sections for key, number in s.marked(mark).items()}
        for name, mark in kinds.items()
    }
    return (
        Section(
            "made",
            (
                Line("name", council.name),
                Line("code", council.code),
                Line("year", known.year),
                Line("release", known.figure("inpost_fte").release),
            ),
            "What the numbers were when this file was made: caseholder check tells by it what has"
            " been changed since",
        ),
        *(
            Section(f"made.{name}", tuple(Line(key, number) for key, number in found.items()))
            for name, found in marked.items()
        ),
    )
