"""What `caseholder council new` leaves in a council's file beside its numbers, for `check`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.config.quantity import LARGEST_COUNT, Finite, Frozen, Fte, Text, Whole
from sim.config.sources import Mark

Key = Annotated[str, Field(max_length=120)]
Children = Annotated[Finite, Field(ge=0, le=LARGEST_COUNT)]
_Numbers = Annotated[dict[Key, Finite], Field(max_length=400)]


class Made(Frozen):
    """The council and tables that a file was made from, and each number as it was then.

    A number that is no longer the same has been changed by hand. Numbers that are in none of the
    three are judgement.

    Attributes:
        name: of the council, as the tables have it.
        code: its three digits, or those of two councils with figures together.
        year: of the workforce census.
        release: last year of the edition of the tables.
        published, fitted, national: numbers by key; the central value of a range.
    """

    name: Text
    code: Text
    year: Annotated[Whole, Field(ge=2000, le=2100)]
    release: Annotated[Whole, Field(ge=2000, le=2100)]
    published: _Numbers = Field(default_factory=dict)
    fitted: _Numbers = Field(default_factory=dict)
    national: _Numbers = Field(default_factory=dict)

    def of(self, mark: Mark) -> dict[str, float]:
        """The numbers of a mark; none of judgement."""
        return {
            Mark.PUBLISHED: self.published,
            Mark.FITTED: self.fitted,
            Mark.NATIONAL: self.national,
        }.get(mark, {})


class YearBefore(Frozen):
    """What is published of the years before day 0: no run reads it, `check` holds the rest to it.

    Attributes:
        inpost_fte_a_year_before: staff in post at the census before the last.
        starters_fte, leavers_fte: of the year to the last census.
        posts_growth: yearly growth of England's posts up to it, as a share.
        cases: held on the day of the census.
        episodes_started, episodes_ended, plans_started: of the year to the last 31 March.
        plans_by_length: plans open on that day by how long, where the number is printed.
        plans_of_hidden_lengths: how many the other lengths hold together. They are never parted:
            where they do not follow each other, their sum is all that is known of them.
        hidden_lengths: which these are.
        source: of all of it.
    """

    inpost_fte_a_year_before: Fte | None = None
    starters_fte: Fte | None = None
    leavers_fte: Fte | None = None
    posts_growth: Annotated[Finite, Field(gt=-1, lt=1)] | None = None
    cases: Children | None = None
    episodes_started: Children | None = None
    episodes_ended: Children | None = None
    plans_started: Children | None = None
    plans_by_length: Annotated[dict[Key, Children], Field(max_length=10)] = Field(
        default_factory=dict
    )
    plans_of_hidden_lengths: Children | None = None
    hidden_lengths: Annotated[tuple[Text, ...], Field(max_length=10)] = ()
    source: str
