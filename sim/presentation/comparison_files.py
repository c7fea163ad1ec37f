"""The CSV files of a comparison: indicators, differences, the ledger and money."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from sim.engine.records import Array
from sim.experiment.compare import ALL_INDICATORS, Comparison, headline_column
from sim.experiment.financial_years import year_spans
from sim.experiment.ledger import TOTALS, LedgerRow, ledger_rows
from sim.experiment.money import (
    CostPer,
    PaidToStaff,
    cost_per_change_avoided,
    cost_per_extra_fte_year,
    paid_to_staff,
    present_values,
)
from sim.experiment.spread import Range
from sim.experiment.statistics import (
    FEWEST_FOR_A_FORTIETH,
    FEWEST_RUNS,
    Ratio,
    Summary,
    precision,
    ratio_of_means,
    summarise,
    tenths,
)
from sim.experiment.variant import ALL_TEAMS
from sim.outcomes.costs import STAFFING_LINES
from sim.outcomes.indicators import INDICATORS, Indicator, Measured
from sim.presentation.dictionary import write_dictionary
from sim.presentation.files import number, write_csv
from sim.scenario.scenario import Scenario

SUMMARY_COLUMNS = (
    "scenario", "team", "indicator", "date", "pairs", "mean", "p2_5", "p10", "p50", "p90", "p97_5",
    "mean_low_95", "mean_high_95",
)  # fmt: skip
DIFFERENCE_COLUMNS = (
    "scenario", "team", "indicator", "date", "pairs", "difference", "p2_5", "p10", "p50", "p90",
    "p97_5", "probability_better", "mean_low_95", "mean_high_95",
)  # fmt: skip
LEDGER_COLUMNS = (
    "scenario", "financial_year", "from", "to", "line", "kind", "source", "planned_gbp",
    "spent_gbp_mean", "spent_gbp_p10", "spent_gbp_p90", "spent_minus_planned_gbp_mean",
    "spent_minus_planned_gbp_p10", "spent_minus_planned_gbp_p90", "chance_underspend",
    "unfunded_gbp_mean", "planned_real_gbp", "spent_real_gbp_mean", "spent_present_gbp_mean",
)  # fmt: skip
MONEY_COLUMNS = (
    "scenario", "line", "quantity", "from", "to", "discount_rate", "mean", "p2_5", "p10", "p50",
    "p90", "p97_5", "mean_low_95", "mean_high_95",
)  # fmt: skip
_DIGITS, _GBP_DIGITS = 10, 4
"""Decimals of indicators: sums of them can be checked to 1e-9, those of money to the penny."""
SEVERAL = "all"
"""Source of funds of a total over lines, which may have several."""
Table = tuple[Sequence[str], Iterator[list[str]]]
"""Columns, and rows of cells."""
_COMPARES = ("differences", "money")
_NO_RANGE = Range(math.nan, math.nan, math.nan)


def write_comparison(comparison: Comparison, folder: Path) -> None:
    """Write summary.csv, ledger.csv; differences.csv and money.csv where there is a comparison.

    The dictionary of their columns stands beside them.
    """
    for name in tables_of(comparison):
        write_csv(folder / f"{name}.csv", *table(comparison, name))
    write_dictionary(folder)


def tables_of(comparison: Comparison) -> tuple[str, ...]:
    """Names of the tables that a comparison has: those of the baseline alone compare nothing."""
    is_alone = len(comparison.scenarios) == 1
    return tuple(name for name in _TABLES if not (is_alone and name in _COMPARES))


def table(comparison: Comparison, name: str) -> Table:
    """One of its tables: the columns, and the cells of each row as the CSV file has them."""
    columns, rows = _TABLES[name]
    return columns, rows(comparison)


# Indicators -------------------------------------------------------------------------------


def _summary_rows(comparison: Comparison) -> Iterator[list[str]]:
    for s, scenario in enumerate(comparison.scenarios):
        for indicator in INDICATORS:
            found = comparison.average.series(s, indicator.name, ALL_TEAMS)
            known = precision(found, *indicator.bounds)
            columns = (found.pairs, found.mean, *_range(found), *known)
            yield from _tidy(comparison, scenario.key, indicator, columns)


def _difference_rows(comparison: Comparison) -> Iterator[list[str]]:
    for s, scenario in list(enumerate(comparison.scenarios))[1:]:
        for indicator in ALL_INDICATORS:
            found = comparison.average.series(s, indicator.name, ALL_TEAMS, against=0)
            better = comparison.better(s, indicator.name)
            columns = (found.pairs, found.mean, *_range(found), better, *_precision(found))
            yield from _tidy(comparison, scenario.key, indicator, columns)


def _range(found: Summary) -> tuple[Array, ...]:
    """Percentiles of the runs; none of so few runs that it can't be told."""
    enough = found.pairs >= FEWEST_FOR_A_FORTIETH
    low, high = (np.where(enough, end, np.nan) for end in (found.p2_5, found.p97_5))
    return low, *tenths(found), high


def _precision(found: Summary) -> tuple[Array, Array]:
    """How well the mean is known."""
    return found.mean_low_95, found.mean_high_95


def _tidy(
    comparison: Comparison,
    scenario: str,
    indicator: Indicator,
    columns: Sequence[Array],
) -> Iterator[list[str]]:
    """One row a team and date; empty cells where there is no value.

    A series without any value, such as a council-wide indicator for a single team, is left out.
    The first column is how many pairs have a value.
    """
    digits = _GBP_DIGITS if indicator.unit is Measured.GBP else _DIGITS
    for t, team in enumerate(("all", *comparison.plans[0].team_keys)):
        if not columns[0][t].any():
            continue
        for d, date in enumerate(comparison.dates):
            cells = [number(float(column[t, d]), digits) for column in columns]
            yield [scenario, team, indicator.name, date.isoformat(), *cells]


# The ledger -------------------------------------------------------------------------------


def _ledger_rows(comparison: Comparison) -> Iterator[list[str]]:
    few = comparison.pairs < FEWEST_RUNS
    for s, scenario in enumerate(comparison.scenarios):
        for row in ledger_rows(comparison.ledgers[s], year_spans(comparison.plans[s])):
            days = (row.span.first.isoformat(), row.span.last.isoformat())
            source = _source(scenario, row)
            cells = [number(value, 2) for value in _ledger_cells(row, few)]
            yield [scenario.key, row.span.label, *days, row.line, row.kind, source, *cells]


def _source(scenario: Scenario, row: LedgerRow) -> str:
    if row.line in STAFFING_LINES or not scenario.measures:
        return "base"
    return SEVERAL if row.line in TOTALS else scenario.source_of_funds(row.span.year, row.line)


def _ledger_cells(row: LedgerRow, few: bool) -> Iterable[float]:
    """Numbers of a row; no percentiles of a few runs."""
    over = row.over or _NO_RANGE
    ends = [*(row.spent.p10, row.spent.p90), *(over.p10, over.p90)]
    spent_low, spent_high, over_low, over_high = [math.nan] * 4 if few else ends
    return (
        row.planned, row.spent.mean, spent_low, spent_high, over.mean, over_low, over_high,
        row.chance_under, row.unfunded, row.planned_real, row.spent_real, row.spent_present,
    )  # fmt: skip


# Money ------------------------------------------------------------------------------------


def _money_rows(comparison: Comparison) -> Iterator[list[str]]:
    spans, column = year_spans(comparison.plans[0]), headline_column(comparison)
    start, headline, end = spans[0].first, comparison.dates[column], spans[-1].last
    run = [start.isoformat(), end.isoformat(), ""]
    to_headline = [start.isoformat(), headline.isoformat(), ""]
    for s, scenario in list(enumerate(comparison.scenarios))[1:]:
        for rate, values in sorted(present_values(comparison, s).items(), reverse=True):
            cells = _summary_cells(comparison, values)
            yield [scenario.key, "all", "net_present_cost_gbp", *run[:2], number(rate), *cells]
        per_year = cost_per_extra_fte_year(comparison, s, column)
        per_change = cost_per_change_avoided(comparison, s, column)
        for name, cells in (
            ("net_cost_gbp", _summary_cells(comparison, per_year.cost)),
            ("extra_fte_years", _summary_cells(comparison, per_year.gain, 6)),
            ("cost_per_extra_fte_year_gbp", _ratio_cells(per_year)),
            ("changes_of_worker_avoided", _summary_cells(comparison, per_change.gain, 6)),
            ("cost_per_change_avoided_gbp", _ratio_cells(per_change)),
        ):
            yield [scenario.key, "all", name, *to_headline, *cells]
        for line in paid_to_staff(comparison, s):
            for name, cells in (
                ("paid_to_staff_gbp", _summary_cells(comparison, line.paid)),
                ("recovered_gbp", _summary_cells(comparison, line.recovered)),
                ("paid_anyway_gbp", _summary_cells(comparison, line.deadweight)),
                ("paid_anyway_share", _share_cells(comparison, line)),
            ):
                yield [scenario.key, line.line, name, *run, *cells]


def _summary_cells(comparison: Comparison, values: Array, digits: int = 2) -> list[str]:
    """Mean, percentiles and precision of the mean; empty without a value."""
    if np.isnan(values).all():
        return [""] * 8
    found = summarise(values[:, None], comparison.variants[0].draws)
    columns = (found.mean, *_range(found), *_precision(found))
    return [number(float(column[0]), digits) for column in columns]


def _ratio_cells(found: CostPer) -> list[str]:
    return _with_ratio(found.ratio, _percentiles(found), 2)


def _share_cells(comparison: Comparison, line: PaidToStaff) -> list[str]:
    """Mean deadweight over mean paid, so that it agrees with the two rows above it."""
    ratio = ratio_of_means(line.deadweight, line.paid, comparison.variants[0].draws)
    share = _summary_cells(comparison, line.deadweight_share, 6)
    return _with_ratio(ratio, share[1:-2], 6)


def _percentiles(found: CostPer) -> list[str]:
    """As _range; empty where a run gains nothing, so that its cost has no limit."""
    wide, usual = len(found.by_run) >= FEWEST_FOR_A_FORTIETH, len(found.by_run) >= FEWEST_RUNS
    shares = (0.025, 0.1, 0.5, 0.9, 0.975)
    told = (wide, usual, True, usual, wide)
    return [
        number(value, 2) if is_told and math.isfinite(value) else ""
        for value, is_told in zip(found.at(*shares), told, strict=True)
    ]


def _with_ratio(ratio: Ratio, percentiles: Sequence[str], digits: int) -> list[str]:
    """Ratio of the means, percentiles of the runs' own, and how well the first is known."""
    value, low, high = (number(x, digits) for x in (ratio.value, ratio.low_95, ratio.high_95))
    return [value, *percentiles, low, high]


_TABLES: Mapping[str, tuple[Sequence[str], Callable[[Comparison], Iterator[list[str]]]]] = {
    "summary": (SUMMARY_COLUMNS, _summary_rows),
    "ledger": (LEDGER_COLUMNS, _ledger_rows),
    "differences": (DIFFERENCE_COLUMNS, _difference_rows),
    "money": (MONEY_COLUMNS, _money_rows),
}
