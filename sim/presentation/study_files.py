"""The files of a study that its papers need beside the tables: options, assumptions, conditions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from sim.config.behaviour import Behaviour
from sim.config.council import Council
from sim.config.quantity import Grade, Quantity
from sim.config.shipped import quantities_in
from sim.config.sources import Mark, Sources
from sim.experiment.compare import Comparison, headline_column
from sim.experiment.statistics import summarise, tenths
from sim.experiment.variant import Variant
from sim.presentation.files import number, write_csv
from sim.published.council_file.audit import marks_of
from sim.published.council_file.numbers import Number, numbers_of
from sim.scenario.scenario import Scenario

OPTION_COLUMNS = (
    "scenario", "name", "short_name", "posts_fte", "states_money", "source", "notes",
)  # fmt: skip
ASSUMPTION_COLUMNS = (
    "of", "key", "low", "central", "high", "unit", "grade", "mark", "source", "source_title",
    "note",
)  # fmt: skip
CONDITION_COLUMNS = (
    "scenario", "condition", "value", "indicator", "date", "pairs", "mean", "p10", "p50", "p90",
)  # fmt: skip
COUNCIL, EVIDENCE = "council", "evidence"
"""What an assumption belongs to, where it is no scenario's."""
HIRING, DEMAND = "hiring response", "demand"
_DIGITS = 10
_UNITS = (
    (r"casework\.stocks\..*", "children"),
    (r"year_before\.plans_by_length\..*", "plans"),
    (r"casework\.caseload_fte", "cases per FTE"),
    (r".*[._]fte(_a_year_before)?", "fte"),
    (r".*\.people", "people"),
    (r".*[._]gbp", "gbp"),
    (r".*_share", "share"),
    (r".*referrals_per_year", "people per year"),
    (r"casework\.demand\.since_last_table\.months", "months"),
    (r".*(over|horizon)_years", "years"),
)
"""Unit of a council's plain number by its key; the first that fits. None where nothing fits."""
_GRADES = {
    Mark.PUBLISHED.value: Grade.OFFICIAL,
    Mark.FITTED.value: Grade.FITTED,
    Mark.JUDGEMENT.value: Grade.JUDGEMENT,
}
"""Grade of a plain number by where it comes from; none where that can be anything."""
_SHOWN_BY_CONDITION = ("inpost_fte", "agency_fte", "load", "changes_of_worker_per_child")


def write_study_files(comparison: Comparison, sources: Sources, folder: Path) -> None:
    """Write options.csv and assumptions.csv; conditions.csv where conditions were compared.

    Args:
        comparison: what was run.
        sources: the shipped sources, and the council's own.
        folder: where the files go; it is there.
    """
    write_csv(folder / "options.csv", OPTION_COLUMNS, _options(comparison, sources))
    write_csv(folder / "assumptions.csv", ASSUMPTION_COLUMNS, _assumptions(comparison, sources))
    if comparison.gamma_variants or comparison.demand_variants:
        write_csv(folder / "conditions.csv", CONDITION_COLUMNS, _conditions(comparison))


# Options ----------------------------------------------------------------------------------


def _options(comparison: Comparison, sources: Sources) -> Iterator[list[str]]:
    for scenario in comparison.scenarios:
        notes = "; ".join(f"{m.name}: {m.note}" for m in scenario.measures if m.note)
        source = _title(scenario.package.source, sources) if scenario.package else ""
        fte, money = number(scenario.funded_fte), "yes" if scenario.states_money else "no"
        yield [scenario.key, scenario.name, scenario.label, fte, money, source, notes]


# Assumptions ------------------------------------------------------------------------------


def _assumptions(comparison: Comparison, sources: Sources) -> Iterator[list[str]]:
    study = comparison.study
    return assumptions_of(study.council, comparison.scenarios, study.behaviour, sources)


def assumptions_of(
    council: Council, scenarios: Iterable[Scenario], behaviour: Behaviour, sources: Sources
) -> Iterator[list[str]]:
    """Every number of a council, of scenarios and of the shared evidence: ASSUMPTION_COLUMNS."""
    yield from _of_council(council, sources)
    for scenario in scenarios:
        yield from _of_scenario(scenario, sources)
    for key, quantity in quantities_in(behaviour):
        yield _quantity_row(EVIDENCE, key, quantity, "", sources)


def _of_council(council: Council, sources: Sources) -> Iterator[list[str]]:
    marks, uncertain = marks_of(council, sources), dict(quantities_in(council))
    for place, found in numbers_of(council).items():
        key, mark = _named(council, place), marks[place].value
        if key in uncertain:
            yield _quantity_row(COUNCIL, key, uncertain[key], mark, sources)
        else:
            yield _number_row(key, found, mark, sources)


def _named(council: Council, place: str) -> str:
    """A number's key with the items of a list named, not counted."""
    at: object = council
    parts = []
    for part in place.split("."):
        if isinstance(at, tuple):
            at = at[int(part)]
            names = ("key", "role_family", "team")
            parts.append(next((str(getattr(at, n)) for n in names if hasattr(at, n)), part))
        else:
            at = at.get(part) if isinstance(at, Mapping) else getattr(at, part, None)
            parts.append(part)
    return ".".join(parts)


def _number_row(key: str, found: Number, mark: str, sources: Sources) -> list[str]:
    """A number without a range; the least and greatest of a list, by month say, are its ends."""
    ends = (min(found.points), found.value, max(found.points))
    low, central, high = (number(x, _DIGITS) for x in ends)
    grade = _GRADES[mark].value if mark in _GRADES else ""
    title = _title(found.source, sources)
    return [COUNCIL, key, low, central, high, unit_of(key), grade, mark, found.source, title, ""]


def unit_of(key: str) -> str:
    """Unit of a plain number by its key; empty where no name tells it."""
    return next((unit for pattern, unit in _UNITS if re.fullmatch(pattern, key)), "")


def _of_scenario(scenario: Scenario, sources: Sources) -> Iterator[list[str]]:
    for measure in scenario.measures:
        for key, quantity in quantities_in(measure):
            yield _quantity_row(scenario.key, f"{measure.key}.{key}", quantity, "", sources)


def _quantity_row(of: str, key: str, found: Quantity, mark: str, sources: Sources) -> list[str]:
    points = [number(x, _DIGITS) for x in (found.low, found.central, found.high)]
    kind = sources.root[found.source].kind.value if found.source in sources else ""
    told = [found.unit.value, found.grade.value, mark or kind, found.source]
    return [of, key, *points, *told, _title(found.source, sources), found.note]


def _title(source: str, sources: Sources) -> str:
    return sources.root[source].title if source in sources else source


# Conditions -------------------------------------------------------------------------------


def _conditions(comparison: Comparison) -> Iterator[list[str]]:
    """What changes on the headline's date under each condition, beside the same runs as asked."""
    for condition, variants in (
        (HIRING, comparison.gamma_variants),
        (DEMAND, comparison.demand_variants),
    ):
        if variants:
            first = comparison.on_the_same_draws(variants[0])
            yield from _of_variant(comparison, condition, "as asked", first)
        for variant in variants:
            value = variant.gamma if condition == HIRING else variant.demand
            yield from _of_variant(comparison, condition, str(value), variant)


def _of_variant(
    comparison: Comparison, condition: str, value: str, variant: Variant
) -> Iterator[list[str]]:
    column = headline_column(comparison)
    date = comparison.dates[column].isoformat()
    for s, scenario in enumerate(comparison.scenarios):
        against = None if s == 0 else 0
        for name in _SHOWN_BY_CONDITION:
            values = variant.values(s, name, against=against)[:, column : column + 1]
            found = summarise(values, variant.draws)
            if not found.pairs[0]:
                continue
            cells = [number(float(x[0]), _DIGITS) for x in (found.mean, *tenths(found))]
            pairs = number(float(found.pairs[0]))
            yield [scenario.key, condition, value, name, date, pairs, *cells]
