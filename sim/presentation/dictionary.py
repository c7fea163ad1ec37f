"""The data dictionary: what every column of every file means, with its unit and its type.

docs/glossary.md holds the same rows; a test compares them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sim.experiment.scores import COVERAGES, WIDTH_OF
from sim.outcomes.indicators import DIFFERENCE_INDICATORS, INDICATORS, Measured
from sim.presentation.files import write_csv

FILE_NAME = "data_dictionary.csv"
HEADER = ("file", "column", "meaning", "unit", "type")
TEXT, NUMBER, WHOLE, DATE = "text", "number", "whole number", "date"
_OF_INDICATOR = "as the indicator says"


@dataclass(frozen=True)
class Column:
    """What a column holds.

    Attributes:
        meaning: in words.
        unit: what a 1 in it is; empty for text and dates.
        type: text, number, whole number or date.
    """

    meaning: str
    unit: str = ""
    type: str = TEXT


def _value(meaning: str, unit: str = _OF_INDICATOR) -> Column:
    return Column(meaning, unit, NUMBER)


def _gbp(meaning: str) -> Column:
    return Column(meaning, "£", NUMBER)


def _share(meaning: str) -> Column:
    return Column(meaning, "share from 0 to 1", NUMBER)


def _assumed(meaning: str) -> Column:
    return Column(meaning, "as its unit says", NUMBER)


def _count(meaning: str, unit: str) -> Column:
    return Column(meaning, unit, WHOLE)


COLUMNS: Mapping[str, Column] = {
    "scenario": Column("what is decided: key of a scenario; `baseline` does nothing"),
    "team": Column("key of a team; `all` is the council"),
    "indicator": Column("what is measured"),
    "date": Column("month end", type=DATE),
    "pairs": _count("paired runs that have a value; of a difference, in both runs", "paired runs"),
    "mean": _value("average of the runs"),
    "difference": _value("average change against doing nothing, run by run"),
    "p2_5": _value("low end of the range of 19 runs in 20; empty below 40 runs"),
    "p10": _value("low end of the range of 8 runs in 10; empty below 10 runs"),
    "p50": _value("the middle run"),
    "p90": _value("high end of the range of 8 runs in 10; empty below 10 runs"),
    "p97_5": _value("high end of the range of 19 runs in 20; empty below 40 runs"),
    "mean_low_95": _value(
        "low end of what the average may be with more runs: precision, no range of runs"
    ),
    "mean_high_95": _value(
        "high end of what the average may be with more runs: precision, no range of runs"
    ),
    "probability_better": _share(
        "paired runs in which the indicator lies on its better side of doing nothing, ties as half"
    ),
    "financial_year": Column("April to March; `part` where the run holds only a part of it"),
    "from": Column("first day that is counted", type=DATE),
    "to": Column("last day that is counted", type=DATE),
    "line": Column("budget line: a key of a measure or of the council's own staffing; `... lines`"
                   " and `all` are totals"),
    "kind": Column("kind of spending: pay, agency_cover, agency_above_establishment, other; `all`"
                   " is their total"),
    "source": Column("source of funds: base, reserves, grant; `all` where lines of several are"
                     " added up"),
    "planned_gbp": _gbp("money that was voted for it"),
    "spent_gbp_mean": _gbp("spending, average of the runs"),
    "spent_gbp_p10": _gbp("spending, low end of the range of 8 runs in 10"),
    "spent_gbp_p90": _gbp("spending, high end of the range of 8 runs in 10"),
    "spent_minus_planned_gbp_mean": _gbp(
        "under (-) or over (+) what was voted, average of the runs"
    ),
    "spent_minus_planned_gbp_p10": _gbp(
        "under (-) or over (+) what was voted, low end of the range of 8 runs in 10"
    ),
    "spent_minus_planned_gbp_p90": _gbp(
        "under (-) or over (+) what was voted, high end of the range of 8 runs in 10"
    ),
    "chance_underspend": _share("runs that spend less than was voted"),
    "unfunded_gbp_mean": _gbp(
        "spending on posts that are held but that no money is agreed for any more, average"
    ),
    "planned_real_gbp": _gbp("money that was voted, in prices of the first day"),
    "spent_real_gbp_mean": _gbp("spending in prices of the first day, average of the runs"),
    "spent_present_gbp_mean": _gbp(
        "spending in prices of the first day and discounted to it, average of the runs"
    ),
    "quantity": Column("which sum of money, gain or cost; each stands below by its name"),
    "discount_rate": Column(
        "real rate of a present value; empty for cash", "share a year", NUMBER
    ),
    "point": _count("combination of the numbers that a sweep varies", "number of the point"),
    "difference_p10": _value("change against doing nothing, low end of the range of 8 in 10"),
    "difference_p50": _value("change against doing nothing, the middle run"),
    "difference_p90": _value("change against doing nothing, high end of the range of 8 in 10"),
    "difference_low_95": _value("low end of what the average change may be with more runs"),
    "difference_high_95": _value("high end of what the average change may be with more runs"),
    # Options, assumptions and conditions of a study.
    "name": Column("name of the scenario in full"),
    "short_name": Column("its name in columns and charts"),
    "posts_fte": Column("posts that it funds, all roles", "FTE", NUMBER),
    "states_money": Column("yes, or no: whether it says what money is planned"),
    "notes": Column("what its author says of its lines"),
    "of": Column("what the number belongs to: council, evidence, or the key of a scenario"),
    "key": Column("key of the number in its file; items of a list by their own keys"),
    "low": _assumed("low end: one in twenty lies below it; the number where it has no range"),
    "central": _assumed("the number; the middle of its range"),
    "high": _assumed("high end: one in twenty lies above it; the number where it has no range"),
    "unit": Column("unit of the number"),
    "grade": Column("strength of its evidence: A, B, C, F, R or J; empty where none is given"),
    "source_title": Column("what the source is called"),
    "note": Column("what its author says of the number"),
    "condition": Column("what is set the same in all runs: hiring response, or demand"),
    "value": Column("what it is set to; `as asked` leaves it as it was"),
    # A trace.
    "day": Column("days since the first day", "days", NUMBER),
    "what": Column("kind of event"),
    "post": Column("team, role, how the post stood at the start, and number"),
    "person": Column("what somebody is at the time, and the number that is always theirs"),
    "child": Column("number of the child"),
    "detail": Column("what more there is to say of the event"),
    # A back-test.
    "code": Column("code of the council, of the Office for National Statistics"),
    "council": Column("name of the council"),
    "region": Column("its region"),
    "group": Column("its size: small, middle or large"),
    "start": _count("year of the census from which it is forecast", "year"),
    "year": _count("year that is forecast; `all` for every year", "year"),
    "horizon": _count("years ahead; `all` for every one", "years"),
    "councils": _count("councils with a score", "councils"),
    "figures": _count("published figures that are scored", "figures"),
    "published": _value("what was published for that year"),
    "place": _share("runs below the published figure: where it lies among them"),
    "crps": _value("continuous ranked probability score: how far the runs lie from the figure"),
    "crps_persistence": _value("the same of a rival forecast: last year's figure"),
    "crps_mean3": _value("the same of a rival forecast: the mean of three years"),
    "crps_shrinkage": _value("the same of a rival forecast: shrinkage to all councils"),
    "skill": Column("1 less the ratio of its score to that of last year's figure", "share", NUMBER),
    "skill_se": Column("standard error of the skill", "share", NUMBER),
    "relative_crps": Column(
        "the council's score over the middle council's", "ratio", NUMBER
    ),
    "outside_80": _count("published figures outside the range of 8 runs in 10", "figures"),
    "outside_95": _count("published figures outside the range of 19 runs in 20", "figures"),
    "worst_indicator": Column("indicator of the figure that is missed by most"),
    "worst_start": _count("year from which that was forecast", "year"),
    "worst_year": _count("year of that figure", "year"),
    "worst_published": _value("that figure"),
    "worst_p10": _value("low end of its range of 8 runs in 10"),
    "worst_p90": _value("high end of its range of 8 runs in 10"),
    "not_run": Column("why the council was not run from some year; empty if it was"),
    "mark": Column("a mark that was set before"),
    "found": Column("what was found"),
    "met": Column("yes, or no"),
    "share": _share("published figures whose place lies between the two ends"),
    **{
        f"coverage_{100 * coverage:.0f}": _share(
            f"published figures inside the range that holds {100 * coverage:.0f} % of the runs"
        )
        for coverage in COVERAGES
    },
    f"width_{100 * WIDTH_OF:.0f}": _value(
        f"mean width of the range that holds {100 * WIDTH_OF:.0f} % of the runs"
    ),
}  # fmt: skip
"""Columns that mean the same in every file."""

BY_FILE: Mapping[str, Mapping[str, Column]] = {
    "places.csv": {
        "from": _share("low end of a tenth of the places"),
        "to": _share("high end of a tenth of the places"),
    },
    "options.csv": {"source": Column("where the package stands")},
    "assumptions.csv": {
        "source": Column("key of the source"),
        "mark": Column("published, fitted, national default, judgement, or from another source"),
    },
    "conditions.csv": {
        name: Column(
            f"{column.meaning}; of doing nothing the level, of the others the change",
            column.unit,
            NUMBER,
        )
        for name, column in COLUMNS.items()
        if name in ("mean", "p10", "p50", "p90")
    },
    "money.csv": {
        name: Column(column.meaning, "as the quantity says", NUMBER)
        for name, column in COLUMNS.items()
        if column.unit == _OF_INDICATOR
    },
}
"""Columns that mean something else in one file."""

QUANTITIES: Mapping[str, Column] = {
    "net_present_cost_gbp": _gbp("change in all spending on staff, discounted to the first day"),
    "net_cost_gbp": _gbp("change in all spending on staff, cash"),
    "extra_fte_years": Column("people gained, times the years that they are there", "FTE-years",
                              NUMBER),
    "cost_per_extra_fte_year_gbp": Column(
        "net cost over FTE-years gained; a run that gains nothing has no limit", "£ an FTE-year",
        NUMBER,
    ),
    "changes_of_worker_avoided": Column("changes of worker that children are spared", "changes",
                                        NUMBER),
    "cost_per_change_avoided_gbp": Column("net cost over changes avoided", "£ a change", NUMBER),
    "paid_to_staff_gbp": _gbp("what a line pays people for being in post"),
    "recovered_gbp": _gbp("of that, repaid by those who left"),
    "paid_anyway_gbp": _gbp("of that, paid to people who would have been in post anyway"),
    "paid_anyway_share": _share("that part of it"),
}  # fmt: skip
"""What column `quantity` of money.csv names."""

_UNITS = {Measured.GBP: "£", Measured.RATE: "share from 0 to 1", Measured.LOAD: "full caseloads"}
INDICATOR_COLUMNS: Mapping[str, Column] = {
    indicator.name: Column(
        indicator.definition, _UNITS.get(indicator.unit, indicator.unit.value), NUMBER
    )
    for indicator in INDICATORS + DIFFERENCE_INDICATORS
}
"""What column `indicator` names."""

VALUES: Mapping[str, Mapping[str, Column]] = {
    "indicator": INDICATOR_COLUMNS,
    "quantity": QUANTITIES,
}
"""Columns whose values name what the numbers beside them are."""
_NUMBER_OF_A_SWEEP = Column("a number that the sweep varies, by its key", "its own", NUMBER)


def meaning_of(file: str, column: str) -> Column:
    """What a column of a file holds; one without a place here is a number that a sweep varies."""
    return BY_FILE.get(file, {}).get(column) or COLUMNS.get(column, _NUMBER_OF_A_SWEEP)


def write_dictionary(folder: Path) -> None:
    """Write the dictionary of the CSV files of a folder beside them: their columns, in order."""
    write_csv(folder / FILE_NAME, HEADER, list(_rows(folder)))


def _rows(folder: Path) -> Iterator[tuple[str, ...]]:
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            columns = next(reader)
            named = {name: set[str]() for name in columns if name in VALUES}
            for row in reader if named else ():
                for name, values in named.items():
                    values.add(row[columns.index(name)])
        for name in columns:
            found = meaning_of(path.name, name)
            yield path.name, name, found.meaning, found.unit, found.type
            for value in sorted(named.get(name, ())):
                if (each := VALUES[name].get(value)) is not None:
                    yield path.name, f"{name}: {value}", each.meaning, each.unit, each.type
