"""The tables that are known, each told by its columns; headings of all releases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sim.published.figure import Unit

CENSUS, MARCH = (9, 30), (3, 31)
PLAN_BANDS = (
    "3_months_or_less",
    "more_than_3_months_6_months",
    "more_than_6_months_less_than_1_year",
    "1_year_less_than_2_years",
    "2_years_or_more",
)
"""Plans of child protection by how long they have been open, shortest first."""
_RENAMED = {
    "social_worker_fte": "inpost_fte",
    "social_worker_headcount": "inpost_headcount",
    "leaver_fte": "leavers_fte",
    "leaver_headcount": "leavers_headcount",
}


@dataclass(frozen=True)
class Table:
    """One kind of table.

    Attributes:
        name: what the product calls it.
        title: what it holds, for people.
        units: its columns of figures, and what each counts.
        told_by: columns that no other table of the Department has together.
        ends: month and day on which the year of a row ends.
        counted: the heading under which `z` says that nobody is counted in the row: the council
            does not exist in that year, or is counted with its neighbour.
        comparator_step: step of counts in the rows of regions and England.
        small_numbers_hidden: whether `c` in a count is a number from 1 to 5.
        parts: columns that add up to `whole`, of which two or more are hidden together.
        only: a column, and words that its cell must hold, in a file of several tables.
        years_before: by how many years the figures are older than the label of their row.
        renamed: names for columns that several tables share.
    """

    name: str
    title: str
    units: Mapping[str, Unit]
    told_by: frozenset[str]
    ends: tuple[int, int]
    counted: str
    comparator_step: float = 10.0
    small_numbers_hidden: bool = True
    parts: tuple[str, ...] = ()
    whole: str = ""
    only: tuple[str, str] = ("", "")
    years_before: int = 0
    renamed: Mapping[str, str] = field(default_factory=dict)

    def end(self, year: int) -> dt.date:
        """The day on which the figures of a row end, from the row's label."""
        return dt.date(year - self.years_before, *self.ends)


def _units(unit: Unit, names: str) -> dict[str, Unit]:
    return dict.fromkeys(names.split(), unit)


_WORKFORCE = Table(
    name="workforce",
    title="Children's social work workforce",
    units=_units(
        Unit.FTE,
        "inpost_fte starters_fte leavers_fte agency_fte agency_cover_fte vacancy_fte "
        "case_holders_fte working_days_lost_fte",
    )
    | _units(
        Unit.PEOPLE,
        "inpost_headcount starters_headcount leavers_headcount agency_headcount cases",
    )
    | _units(
        Unit.RATE,
        "turnover_rate_fte turnover_rate_headcount agency_rate_fte agency_rate_headcount "
        "agency_cover_rate_fte vacancy_rate_fte vacancy_agency_cover_rate_fte caseload_fte "
        "absence_rate_fte",
    ),
    told_by=frozenset({"inpost_fte"}),
    ends=CENSUS,
    counted="inpost_fte",
    comparator_step=1.0,
    small_numbers_hidden=False,
)
_CHILDREN_IN_NEED = Table(
    name="children_in_need",
    title="Children in need",
    units=_units(
        Unit.PEOPLE,
        "Anypoint_episodes Anypoint_child Started_episodes Started_child Ended_episodes "
        "Ended_child At31_episodes awaiting_assessment",
    ),
    told_by=frozenset({"Anypoint_episodes", "At31_episodes"}),
    ends=MARCH,
    counted="Anypoint_episodes",
)
_REFERRALS = Table(
    name="referrals",
    title="Referrals and re-referrals",
    units=_units(
        Unit.PEOPLE,
        "referral_count rereferral_count no_further_action_count not_in_need_count "
        "referral_child_count rereferral_child_count",
    )
    | _units(
        Unit.SHARE,
        "rereferral_percent no_further_action_percent not_in_need_percent rereferral_child_percent",
    ),
    told_by=frozenset({"referral_count", "rereferral_count"}),
    ends=MARCH,
    counted="referral_count",
)
_REPEAT_PLANS = Table(
    name="repeat_plans",
    title="Second or later child protection plans",
    units=_units(Unit.PEOPLE, "CPP_start CPP_subsequent")
    | _units(Unit.SHARE, "CPP_subsequent_percent"),
    told_by=frozenset({"CPP_start", "CPP_subsequent"}),
    ends=MARCH,
    counted="CPP_start",
)
_PLANS_BY_LENGTH = Table(
    name="plans_by_length",
    title="Child protection plans by length",
    units=_units(Unit.PEOPLE, " ".join(("CPP_At31", *PLAN_BANDS)))
    | _units(Unit.SHARE, " ".join(f"{band}_percent" for band in PLAN_BANDS)),
    told_by=frozenset({"CPP_At31", PLAN_BANDS[0]}),
    ends=MARCH,
    counted="CPP_At31",
    parts=PLAN_BANDS,
    whole="CPP_At31",
)


def _in_care(name: str, title: str, words: str) -> Table:
    """One of the tables of children in care that the Department prints in one file."""
    return Table(
        name=name,
        title=title,
        units={name: Unit.PEOPLE, f"{name}_per_10000": Unit.RATE},
        told_by=frozenset({"population_type", "population_estimate", "children_count"}),
        ends=MARCH,
        counted="children_count",
        only=("population_type", words),
        renamed={"children_count": name, "rate_per_10000": f"{name}_per_10000"},
    )


_POPULATION = Table(
    name="population",
    title="Children under 18, middle of the year before",
    units={"population_estimate": Unit.PEOPLE},
    told_by=frozenset({"population_type", "population_estimate", "children_count"}),
    ends=(6, 30),
    counted="children_count",
    only=("population_type", "31 march"),
    years_before=1,
)
TABLES = (
    _WORKFORCE,
    _CHILDREN_IN_NEED,
    _REFERRALS,
    _REPEAT_PLANS,
    _PLANS_BY_LENGTH,
    _in_care("in_care", "Children in care on 31 March", "31 march"),
    _in_care("entered_care", "Children who entered care in the year", "start"),
    _in_care("left_care", "Children who left care in the year", "ceas"),
    _POPULATION,
)
TABLE_OF = {column: table for table in TABLES for column in table.units}
"""The table of each column."""
WORKFORCE = _WORKFORCE.name


def heading(text: str) -> str:
    """A column's name from its heading: endings and names of older releases are put right."""
    name = text.strip().removesuffix("_%")
    return _RENAMED.get(name, name)


def tables_in(headings: Iterable[str]) -> tuple[Table, ...]:
    """The known tables that a file with these headings holds."""
    names = {heading(text) for text in headings}
    return tuple(table for table in TABLES if table.told_by <= names)
