"""Back-tests: a council run from an earlier day beside what was published afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from sim.config.behaviour import Behaviour
from sim.config.council import Council
from sim.config.quantity import Quantity
from sim.dates import is_census_day
from sim.experiment.compare import Comparison, compare
from sim.experiment.replicate import GAMMA, make_study
from sim.scenario.scenario import baseline

BACKTEST_INDICATORS = (
    "inpost_fte",
    "starters_fte",
    "leavers_fte",
    "turnover_rate_fte",
    "vacancy_rate_fte",
    "agency_cover_fte",
)
RATES = ("turnover_rate_fte", "vacancy_rate_fte")


@dataclass(frozen=True)
class Cell:
    """One published figure beside the model's.

    Attributes:
        indicator, year: which figure (census of 30 September of the year).
        published: the figure; rates as fractions.
        repeated: the figure of the start year.
        low, median, high: 2.5th, 50th and 97.5th percentile of the runs.
    """

    indicator: str
    year: int
    published: float
    repeated: float
    low: float
    median: float
    high: float

    @property
    def inside(self) -> bool:
        """Whether the published figure lies in the interval."""
        return self.low <= self.published <= self.high


@dataclass(frozen=True)
class Backtest:
    """All cells of a back-test, with the figures it is judged by."""

    cells: tuple[Cell, ...]

    @property
    def inside(self) -> int:
        """Number of cells whose published figure lies in the interval."""
        return sum(cell.inside for cell in self.cells)

    def width(self, indicator: str) -> float:
        """Mean width of the intervals of an indicator."""
        return float(np.mean([c.high - c.low for c in self._of(indicator)]))

    def error(self, indicator: str) -> float:
        """Mean absolute error of the median."""
        return float(np.mean([abs(c.median - c.published) for c in self._of(indicator)]))

    def repeat_error(self, indicator: str) -> float:
        """Mean absolute error of repeating the start year."""
        return float(np.mean([abs(c.repeated - c.published) for c in self._of(indicator)]))

    def _of(self, indicator: str) -> list[Cell]:
        return [cell for cell in self.cells if cell.indicator == indicator]


def run_backtest(
    council: Council,
    behaviour: Behaviour,
    published: Mapping[tuple[str, int], float],
    pairs: int,
    seed: int,
    executor: Executor | None = None,
) -> Backtest:
    """Run a council from its start and set its censuses beside the published ones.

    Args:
        council: at an earlier start; with `rerun` for a conditional back-test, without for a
            forecast.
        behaviour: the shared evidence.
        published: figures by (indicator, year), the start year included; rates as fractions.
        pairs: replications, two a draw.
        seed: seed.
        executor: where to run; None for here.
    """
    study = make_study(council, behaviour, (baseline(),), seed)
    comparison = compare(study, pairs, executor=executor)
    return Backtest(backtest_cells(comparison, published))


def backtest_cells(
    comparison: Comparison, published: Mapping[tuple[str, int], float]
) -> tuple[Cell, ...]:
    """Each census of a run beside the published one.

    Args:
        comparison: a finished run of the baseline.
        published: figures by (indicator, year), the start year included; rates as fractions.
    """
    first = comparison.study.council.totals_date.year
    cells = []
    for indicator in BACKTEST_INDICATORS:
        for d, date in enumerate(comparison.dates):
            if not is_census_day(date):
                continue
            values = comparison.average.values(0, indicator)[:, d]
            low, median, high = np.quantile(values, (0.025, 0.5, 0.975))
            cells.append(
                Cell(
                    indicator,
                    date.year,
                    published[indicator, date.year],
                    published[indicator, first],
                    float(low),
                    float(median),
                    float(high),
                )
            )
    return tuple(cells)


def scaled(quantity: Quantity, factor: float) -> Quantity:
    """A quantity with its three points multiplied: for deliberately wrong models."""
    points = {name: getattr(quantity, name) * factor for name in ("low", "central", "high")}
    return quantity.model_copy(update=points)


def with_exits(council: Council, factor: float) -> Council:
    """The council with its leaving rate multiplied."""
    rate = scaled(council.staffing.leaving_rate, factor)
    return council.model_copy(
        update={"staffing": council.staffing.model_copy(update={"leaving_rate": rate})}
    )


def with_hires(council: Council, factor: float) -> Council:
    """The council with its starters multiplied."""
    starters = scaled(council.staffing.starters_fte_per_year, factor)
    return council.model_copy(
        update={"staffing": council.staffing.model_copy(update={"starters_fte_per_year": starters})}
    )


def with_gamma(behaviour: Behaviour, gamma: float) -> Behaviour:
    """The evidence with the vacancy elasticity known to be `gamma`."""
    group, name = GAMMA.split(".")
    market = getattr(behaviour, group)
    certain = getattr(market, name).model_copy(
        update={"low": gamma, "central": gamma, "high": gamma}
    )
    return behaviour.model_copy(update={group: market.model_copy(update={name: certain})})


def as_markdown(backtest: Backtest, title: str, notes: Sequence[str]) -> str:
    """The table of a back-test, rates in per cent."""
    show: Callable[[str, float], str] = lambda name, x: (  # noqa: E731
        f"{100 * x:.1f} %" if name in RATES else f"{round(x, 1) + 0.0:.1f}"
    )
    lines = [f"## {title}", "", *notes, ""]
    lines += [
        "| Indicator | Year | Published | Start year | Model median | 19 runs in 20 | Inside |",
        "|---|---|---|---|---|---|---|",
    ]
    for c in backtest.cells:
        lines.append(
            f"| {c.indicator} | {c.year} | {show(c.indicator, c.published)}"
            f" | {show(c.indicator, c.repeated)} | {show(c.indicator, c.median)}"
            f" | {show(c.indicator, c.low)} to {show(c.indicator, c.high)}"
            f" | {'yes' if c.inside else '**no**'} |"
        )
    lines += ["", f"Inside: {backtest.inside} of {len(backtest.cells)} cells."]
    missed = [f"{c.indicator} in {c.year}" for c in backtest.cells if not c.inside]
    if missed:
        lines.append(f"Outside: {', '.join(missed)}.")
    for name in RATES:
        lines.append(
            f"{name}: mean width {100 * backtest.width(name):.1f} points; error of the median"
            f" {100 * backtest.error(name):.1f} points (repeating the start year:"
            f" {100 * backtest.repeat_error(name):.1f})."
        )
    return "\n".join(lines) + "\n"
