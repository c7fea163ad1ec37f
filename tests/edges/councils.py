"""Councils made from the Department's workforce table, its extremes, and points between them.

What the table doesn't hold (teams, managers, prices, children's flows) is Devon's, in proportion.
"""

from __future__ import annotations

import csv
import itertools
import random
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from sim.config.council import Council
from sim.config.shipped import configs_folder
from sim.config.totals import SMALLEST_INPOST_FTE
from sim.published.files import shipped_text

Row = Mapping[str, float | None]

COLUMNS = (
    "inpost_fte", "starters_fte", "leavers_fte", "agency_fte", "agency_cover_fte", "vacancy_fte",
    "case_holders_fte", "cases",
)  # fmt: skip
FTE_OF_A_TEAM = 18.0
"""Smallest part of a council that is a team of its own."""
DEVONS_CASES = 215.6 * 17.8


@cache
def published() -> dict[str, Row]:
    """The table by council and year; None where a mark stands in place of a figure."""
    rows = csv.DictReader(shipped_text("workforce.csv.gz").splitlines())
    return {
        f"{row['la_name']} {row['time_period']}": {name: _figure(row[name]) for name in COLUMNS}
        for row in rows
        if row["geographic_level"] == "Local authority"
    }


def _figure(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


@cache
def column(name: str) -> list[float]:
    """A column's figures, ascending."""
    return sorted(v for row in published().values() if (v := row[name]) is not None)


def least(name: str) -> float:
    """A column's smallest figure of a council that is not too small to be simulated."""
    rows = [row for row in published().values() if _known(row, "inpost_fte") >= SMALLEST_INPOST_FTE]
    return min(v for row in rows if (v := row[name]) is not None)


def median_row() -> dict[str, float]:
    """Every column at its median."""
    return {name: column(name)[len(column(name)) // 2] for name in COLUMNS}


def extremes() -> Iterator[tuple[str, Row]]:
    """Rows with two columns at an extreme (smallest, largest, 0), the others at their median."""
    ends = {name: {"min": least(name), "max": column(name)[-1], "0": 0.0} for name in COLUMNS}
    for one, other in itertools.combinations(COLUMNS, 2):
        for first, second in itertools.product(ends[one], ends[other]):
            row = median_row() | {one: ends[one][first], other: ends[other][second]}
            yield f"{one} {first}, {other} {second}", row


def between(number: int) -> Row:
    """A row somewhere within the extremes, each column near one end as often as not."""
    luck = random.Random(number)
    row = {}
    for name in COLUMNS:
        place = luck.betavariate(0.4, 0.4)
        row[name] = column(name)[min(int(place * len(column(name))), len(column(name)) - 1)]
    # Case holders and cases of another council's size would be refused again and again.
    size = row["inpost_fte"] + row["agency_fte"]
    row["case_holders_fte"] = max(1.0, round(luck.uniform(0.3, 0.95) * size, 1))
    row["cases"] = round(row["case_holders_fte"] * luck.uniform(8.4, 32.7))
    row["leavers_fte"] = round(row["inpost_fte"] * luck.uniform(0.0, 0.5), 1)
    return row


def council_data(row: Row) -> dict[str, Any]:
    """The config file of a council with these figures; a suppressed one becomes a range."""
    data = tomllib.loads((configs_folder() / "councils" / "devon_2021.toml").read_text("utf-8"))
    for key in ("frontline", "targets", "baseline_supplements", "overspend_forecast"):
        data.pop(key, None)
    data["staffing"].pop("overseas_in_post", None)
    inpost, vacancy = _known(row, "inpost_fte"), _known(row, "vacancy_fte")
    data["totals"] = _totals(data["totals"], row)
    teams = max(1, min(len(data["teams"]), int(inpost / FTE_OF_A_TEAM)))
    _in_teams(data, teams)
    _level(data["staffing"]["starters_fte_per_year"], _known(row, "starters_fte"))
    rate = _known(row, "leavers_fte") / (inpost + vacancy / 2) if inpost else 0.0
    _level(data["staffing"]["leaving_rate"], min(rate, 1.0))
    _children(data["casework"], _known(row, "cases"), _known(row, "case_holders_fte"))
    return data


def council_of(row: Row) -> Council:
    """The council, checked as from a file."""
    return Council.model_validate(council_data(row))


def _known(row: Row, name: str) -> float:
    value = row[name]
    return median_row()[name] if value is None else value


def _totals(devons: Mapping[str, Any], row: Row) -> dict[str, Any]:
    inpost, vacancy = _known(row, "inpost_fte"), _known(row, "vacancy_fte")
    agency, cover = row["agency_fte"], row["agency_cover_fte"]
    agency = _known(row, "agency_fte") if agency is None else agency
    holders = row["case_holders_fte"]
    # As many managers as Devon has, but no more than leave room for the case holders.
    people = inpost + min(agency, cover or agency)
    most = max(0.0, people - holders - 2.0) if holders else inpost
    gaps = round(0.066 * vacancy, 1)
    managers = round(min(0.07 * (inpost + vacancy), most), 1) + gaps
    return dict(devons) | {
        "inpost_fte": inpost,
        "vacancy_fte": vacancy,
        "agency_cover_fte": _range(0.0, agency / 2, agency) if cover is None else cover,
        "agency_above_establishment_fte": max(0.0, round(agency - (cover or agency), 1)),
        "case_holders_fte": (
            _range(0.4 * inpost, 0.6 * inpost, 0.8 * inpost) if holders is None else holders
        ),
        "team_manager_posts_fte": managers,
        "team_manager_vacancy_fte": gaps,
    }


def _range(low: float, central: float, high: float) -> dict[str, Any]:
    return {
        "low": low, "central": central, "high": high,
        "unit": "fte", "grade": "J", "source": "judgement",
    }  # fmt: skip


def _in_teams(data: dict[str, Any], count: int) -> None:
    """Keep the first teams that do no court work, and route all stages to them in equal parts."""
    kept = [team for team in data["teams"] if not team.get("court_work")][: max(1, count - 1)]
    kept += [team for team in data["teams"] if team.get("court_work")][: count - len(kept)]
    for team in kept:
        team["work_share"] = 1.0 / len(kept)
    data["teams"] = kept
    routing = data["casework"]["routing"]
    for stage in routing:
        routing[stage] = {team["key"]: 1.0 / len(kept) for team in kept}
    # Care leavers are held by personal advisers, who are all in one team.
    routing["care_leaver"] = {kept[0]["key"]: 1.0}
    advisers = next(p for p in data["support_posts"] if p["role"] == "personal_adviser")
    data["support_posts"] = [advisers | {"team": kept[0]["key"]}]


def _level(quantity: dict[str, Any], central: float) -> None:
    """Move a quantity to a level, its range in proportion; 0 is known for certain."""
    ratio = central / quantity["central"]
    for end in ("low", "central", "high"):
        quantity[end] = quantity[end] * ratio
    if central <= 1e-9:
        quantity["scale"] = "linear"


def _children(casework: dict[str, Any], cases: float, holders: float) -> None:
    """Devon's children in proportion to the cases."""
    size = cases / DEVONS_CASES
    casework["caseload_fte"] = max(0.1, cases / holders) if holders else 1.0
    for stock in ("children_on_plans", "children_in_care", "other_children_in_need"):
        casework["stocks"][stock] *= size
    demand = casework["demand"]
    for devons in ("back_to_2019", "rising", "series", "published"):
        demand.pop(devons, None)
    _level(demand["referrals_per_year"], demand["referrals_per_year"]["central"] * size)
    entries = casework["flows"]["care_entries_per_year"]
    _level(entries, entries["central"] * size)
