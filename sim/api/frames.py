"""Results as tidy pandas DataFrames: the numbers of the CSV files, to the last digit."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.config.errors import InputError
from sim.config.nearest import did_you_mean
from sim.experiment.compare import Comparison, comparison_of
from sim.experiment.csv_text import plain_cell
from sim.experiment.kept import STUDY
from sim.experiment.results import Results
from sim.outcomes.indicators import INDEX
from sim.presentation.comparison_files import table, tables_of

if TYPE_CHECKING:
    import pandas as pd

    from sim.api.questions import Swept

ALL_TEAMS = "all"
_TEXT = frozenset(
    (
        "scenario", "team", "indicator", "financial_year", "line", "kind", "source", "quantity",
        "what", "post", "person", "child", "detail",
    )
)  # fmt: skip
_DATES = frozenset(("date", "from", "to"))
"""Columns of text and of dates; all others hold numbers."""


def summaries(found: Comparison | Swept) -> pd.DataFrame:
    """Every indicator by scenario, team and month end, as in summary.csv.

    Args:
        found: a comparison: pairs that have a value, mean, percentiles of the runs, precision;
            or a sweep: means and differences at every point, on the date of its headline.

    Raises:
        InputError: pandas is not installed, or the sweep's summary can't be read.
    """
    if isinstance(found, Comparison):
        return frame(*table(found, "summary"))
    path = found.folder / "summary.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            columns, *rows = csv.reader(file)
    except (OSError, ValueError):
        raise InputError(path, "can't be read", "Sweep again with resume=True") from None
    return frame(columns, [[plain_cell(cell) for cell in row] for row in rows])


def differences(comparison: Comparison) -> pd.DataFrame:
    """The same less doing nothing, with the chance of being better, as in differences.csv.

    Raises:
        InputError: pandas is not installed, or doing nothing was simulated alone.
    """
    return _of_two(comparison, "differences")


def ledger(comparison: Comparison) -> pd.DataFrame:
    """Planned and spent by financial year, line and kind of spending, as in ledger.csv; pounds.

    Raises:
        InputError: pandas is not installed.
    """
    return frame(*table(comparison, "ledger"))


def money(comparison: Comparison) -> pd.DataFrame:
    """Present values, and cost per FTE-year and per change of worker avoided, as in money.csv.

    Raises:
        InputError: pandas is not installed, or doing nothing was simulated alone.
    """
    return _of_two(comparison, "money")


def replications(
    found: Comparison | Swept,
    indicators: Sequence[str] | None = None,
    teams: Sequence[str] = (ALL_TEAMS,),
) -> pd.DataFrame:
    """Every value of every run, one row each; nothing where an indicator has no value.

    A pair is one draw and one luck, the same in every scenario (and at every point): what a
    scenario changes in a pair is its value less that of "baseline".

    Args:
        found: a comparison or a sweep.
        indicators: names; all where None.
        teams: keys of teams; "all" is the council. Every team of a large study takes gigabytes.

    Returns:
        Columns scenario, pair, draw, team, indicator, date and value; of a sweep the point comes
        first, and doing nothing stands at each. Rates are fractions, money is in pounds.

    Raises:
        InputError: pandas is not installed, or there is no such indicator or team.
    """
    names = list(INDEX) if indicators is None else list(indicators)
    _refuse_unknown("indicator", names, list(INDEX))
    if isinstance(found, Comparison):
        return _of_comparison(found, names, teams)
    return _of_sweep(found, names, teams)


def frame(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> pd.DataFrame:
    """A table of cells as a DataFrame: text, dates and numbers, nan where a cell is empty.

    Raises:
        InputError: pandas is not installed.
    """
    pandas = pandas_or_refusal()
    cells = list(zip(*rows, strict=True)) or [()] * len(columns)
    made: pd.DataFrame = pandas.DataFrame(
        {name: _column(pandas, name, own) for name, own in zip(columns, cells, strict=True)}
    )
    return made


def pandas_or_refusal() -> Any:
    """The package, which only tables need.

    Raises:
        InputError: it is not installed.
    """
    try:
        import pandas
    except ImportError:
        raise InputError(
            "pandas", "is not installed; tables are DataFrames",
            'Install it: python -m pip install "caseholder[pandas]"',
        ) from None  # fmt: skip
    return pandas


def _column(pandas: Any, name: str, cells: Sequence[str]) -> Any:
    if name in _TEXT:
        return pandas.array(cells, dtype="str")
    if name in _DATES:
        return pandas.to_datetime(pandas.Series(cells, dtype="str"), format="%Y-%m-%d")
    numbers = np.array([float(cell or math.nan) for cell in cells])
    return numbers.astype(int) if name in ("pairs", "point") else numbers


def _of_two(comparison: Comparison, name: str) -> pd.DataFrame:
    if name not in tables_of(comparison):
        raise InputError(name, "need a scenario beside doing nothing", "Compare one with it")
    return frame(*table(comparison, name))


def _refuse_unknown(what: str, asked: Sequence[str], known: Sequence[str]) -> None:
    for name in asked:
        if name not in known:
            raise InputError(
                name, f"is no {what}", f"{did_you_mean(name, known)}Known: {', '.join(known)}"
            )


def _of_comparison(
    comparison: Comparison, names: Sequence[str], teams: Sequence[str]
) -> pd.DataFrame:
    """Values of every scenario, set out one row each."""
    return _set_out(comparison, range(len(comparison.scenarios)), names, teams)


def _set_out(
    comparison: Comparison, places: Sequence[int], names: Sequence[str], teams: Sequence[str]
) -> pd.DataFrame:
    """Values, shape (scenarios, pairs, indicators, teams, dates), set out one row each."""
    pandas = pandas_or_refusal()
    known = [ALL_TEAMS, *comparison.plans[0].team_keys]
    _refuse_unknown("team", teams, known)
    asked, rows = comparison.average, [known.index(team) for team in teams]
    values = np.stack([
        np.stack([asked.table(place, name)[:, rows] for name in names], axis=1)
        for place in places
    ])  # fmt: skip
    scenario, pair, indicator, team, date = (
        index.ravel() for index in np.indices(values.shape, dtype=np.int32)
    )
    keys = [comparison.scenarios[place].key for place in places]
    category: Callable[..., Any] = pandas.Categorical.from_codes
    dates = pandas.to_datetime(list(comparison.dates))
    made: pd.DataFrame = pandas.DataFrame(
        {
            "scenario": category(scenario, categories=keys),
            "pair": pair,
            "draw": asked.draws[pair],
            "team": category(team, categories=list(teams)),
            "indicator": category(indicator, categories=list(names)),
            "date": dates[date],
            "value": values.ravel(),
        }
    )
    return made.dropna(subset=["value"], ignore_index=True)


def _of_sweep(swept: Swept, names: Sequence[str], teams: Sequence[str]) -> pd.DataFrame:
    """Values at every point: doing nothing is run once for those that share what is certain."""
    pandas = pandas_or_refusal()
    at: dict[int, pd.DataFrame] = {}
    with Results(swept.folder / STUDY, read_only=True) as results:
        for cell in swept.sweep.cells:
            comparison = comparison_of(results, cell)
            for number in dict.fromkeys(point.number for point in cell.points if point):
                own = [i for i, p in enumerate(cell.points) if p is None or p.number == number]
                at[number] = _set_out(comparison, own, names, teams)
                at[number].insert(0, "point", number)
    made: pd.DataFrame = pandas.concat([at[number] for number in sorted(at)], ignore_index=True)
    return made
