"""A small study's folder for tests of papers: the program's columns, numbers made up."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sim.experiment.csv_text import safe_cell
from sim.experiment.ledger import TOTALS
from sim.outcomes.costs import STAFFING_LINES
from sim.presentation.comparison_files import (
    DIFFERENCE_COLUMNS,
    LEDGER_COLUMNS,
    MONEY_COLUMNS,
    SUMMARY_COLUMNS,
)
from sim.presentation.study_files import ASSUMPTION_COLUMNS, CONDITION_COLUMNS, OPTION_COLUMNS

DATES = ("2021-09-30", "2022-03-31", "2022-09-30", "2023-03-31")
YEARS = (
    ("2021/22 part", "2021-09-08", "2022-03-31"),
    ("2022/23", "2022-04-01", "2023-03-31"),
)
LEVELS = {
    "inpost_fte": 320.0, "inpost_all_roles_fte": 330.0, "agency_fte": 80.0, "load": 0.9,
    "changed_worker_twice_share": 0.4, "in_care_changed_twice_share": 0.3,
    "unallocated": 12.0, "funded_posts_all_roles_fte": 10.0,
    "target_all_social_worker": 0.1,
}  # fmt: skip
"""Indicators and their size."""
ASSUMPTIONS = (
    ("council", "totals.inpost_fte", 319.5, "fte", "A", "published", "csww"),
    ("council", "casework.stocks.children_on_plans", 590, "children", "", "published", "cin"),
    ("evidence", "labour_market.vacancy_elasticity", 0.4, "elasticity", "J", "judgement",
     "judgement"),
)  # fmt: skip


@dataclass(frozen=True)
class Made:
    """What a study's folder is to hold.

    Attributes:
        council: its name.
        options: key and name of each, doing nothing first.
        pairs: runs of each option.
        dates, years: of its tables.
        gbp: planned money of a year; negative for savings.
        leave_out: files that are not written.
        assumptions: of, key, central, unit, grade, mark, source of each.
    """

    council: str = "Devon"
    options: tuple[tuple[str, str], ...] = (
        ("baseline", "Do nothing"),
        ("package", "Package of 48 FTE"),
    )
    pairs: int = 40
    dates: tuple[str, ...] = DATES
    years: tuple[tuple[str, str, str], ...] = YEARS
    gbp: float = 1_100_000.0
    leave_out: tuple[str, ...] = ()
    assumptions: tuple[tuple[str, str, float, str, str, str, str], ...] = ASSUMPTIONS
    random: Random = field(default_factory=lambda: Random(7), compare=False)


def write_study(folder: Path, made: Made) -> Path:
    """Write a study's folder."""
    folder.mkdir(parents=True, exist_ok=True)
    keys = [key for key, _ in made.options]
    tables: dict[str, tuple[Sequence[str], Iterable[Sequence[object]]]] = {
        "summary.csv": (SUMMARY_COLUMNS, _levels(made, keys)),
        "ledger.csv": (LEDGER_COLUMNS, _ledger(made, keys)),
        "options.csv": (OPTION_COLUMNS, _options(made)),
        "assumptions.csv": (ASSUMPTION_COLUMNS, _assumptions(made)),
    }
    if len(keys) > 1:
        tables["differences.csv"] = (DIFFERENCE_COLUMNS, _changes(made, keys[1:]))
        tables["money.csv"] = (MONEY_COLUMNS, _money(made, keys[1:]))
        tables["conditions.csv"] = (CONDITION_COLUMNS, _conditions(made, keys))
    for name, (columns, rows) in tables.items():
        if name not in made.leave_out:
            _write(folder / name, columns, rows)
    manifest = {
        "caseholder_version": "0.1.0", "council": made.council, "scenarios": keys, "seed": 3,
        "replications": made.pairs, "draws": made.pairs // 2, "inputs": [],
        "start_date": "2021-09-08", "headline_date": made.dates[-1],
        "targets": {"social_worker": 100},
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def rows_in(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([safe_cell(cell) for cell in row] for row in rows)


def _range(made: Made, size: float) -> list[object]:
    """Mean, p2_5, p10, p50, p90 and p97_5 of numbers around a size; no ends of a few runs."""
    low, high = sorted(size + abs(size) * made.random.uniform(-0.3, 0.3) for _ in range(2))
    middle = made.random.uniform(low, high)
    mean = (low + middle + high) / 3
    ends = [low, middle, high] if made.pairs >= 10 else ["", middle, ""]
    return [round(mean, 6), "", *(round(e, 6) if isinstance(e, float) else e for e in ends), ""]


def _levels(made: Made, keys: Sequence[str]) -> Iterable[Sequence[object]]:
    for key in keys:
        for name, size in LEVELS.items():
            for team in ("all", "assessment"):
                for date in made.dates:
                    yield [key, team, name, date, made.pairs, *_range(made, size), "", ""]


def _changes(made: Made, keys: Sequence[str]) -> Iterable[Sequence[object]]:
    for key in keys:
        for name, size in LEVELS.items():
            for date in made.dates:
                found = _range(made, size * made.random.choice((-0.1, 0.1)))
                yield [key, "all", name, date, made.pairs, *found, 0.8625, "", ""]


def _ledger(made: Made, keys: Sequence[str]) -> Iterable[Sequence[object]]:
    for key in keys:
        for place, (label, first, last) in enumerate(made.years):
            own = [("permanent_staff", 17e6)]
            package = [("posts", made.gbp), ("fees", made.gbp / 10)] if key != "baseline" else []
            totals = [
                ("staffing lines", 17e6),
                ("all lines", 17e6 + 1.1 * made.gbp * bool(package)),
            ]
            totals += [("package lines", 1.1 * made.gbp)] if package else []
            for line, gbp in [*own, *package, *totals]:
                source = "base" if line in STAFFING_LINES else "all" if line in TOTALS else (
                    ("reserves" if line == "posts" else "grant") if place == 0 else "base"
                )  # fmt: skip
                spent = round(gbp * 0.9, 2)
                ends = [round(spent * 0.8, 2), round(spent * 1.2, 2)]
                ends.sort()
                low, high = ends if made.pairs >= 10 else ("", "")
                over = [round(spent - gbp, 2), low, high, 0.75]
                yield [
                    key, label, first, last, line, "all", source, gbp, spent, low, high, *over,
                    0, gbp, spent, spent,
                ]  # fmt: skip


def _money(made: Made, keys: Sequence[str]) -> Iterable[Sequence[object]]:
    for key in keys:
        for name, size in (
            ("net_cost_gbp", 2 * made.gbp),
            ("cost_per_extra_fte_year_gbp", made.gbp / 14),
        ):
            yield [key, "all", name, "2021-09-08", made.dates[-1], "", *_range(made, size), "", ""]


def _options(made: Made) -> Iterable[Sequence[object]]:
    for key, name in made.options:
        yield [key, name, name[:24], 48 if key != "baseline" else 0, "yes", "", ""]


def _assumptions(made: Made) -> Iterable[Sequence[object]]:
    for of, key, value, unit, grade, mark, source in made.assumptions:
        yield [of, key, value, value, value, unit, grade, mark, source, f"Title of {source}", ""]


def _conditions(made: Made, keys: Sequence[str]) -> Iterable[Sequence[object]]:
    for key in keys:
        for value in ("as asked", "0.1", "0.8"):
            found = _range(made, 30.0)
            cells = [found[0], *found[2:5]]
            yield [key, "hiring response", value, "inpost_fte", made.dates[-1], 12, *cells]
