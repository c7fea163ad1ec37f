"""The results store: one DuckDB file a study, written block by block by one writer.

Each block is written in one transaction under its key, so that a study that is killed has whole
blocks only, and goes on with those that it lacks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from sim.config.errors import InputError
from sim.dates import financial_year
from sim.engine.records import Array
from sim.experiment.replicate import Outcome
from sim.experiment.store_layout import INDICATOR_NAMES, LEDGER_COLUMNS, YEARLY_COLUMNS
from sim.experiment.store_open import close, connect, writing
from sim.inputs.plan import Plan
from sim.outcomes.costs import STAFFING_LINES
from sim.outcomes.indicators import INDICATORS
from sim.outcomes.line_money import LINE_MONEY
from sim.outcomes.workforce import complete_months

Columns = dict[str, Any]
"""Values of one table by column: arrays of one length."""


class Store:
    """A study's file, open for writing.

    Args:
        path: the file.
        resume: go on with a study that is there.

    Raises:
        InputError: there is one and `resume` is not asked for; or it can't be used.
    """

    def __init__(self, path: Path, *, resume: bool) -> None:
        self.path = path
        if path.exists() and not resume:
            raise InputError(
                path,
                "holds a study already",
                "Go on with it with --resume, or choose another --out",
            )
        self._connection = connect(path)

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        try:
            close(self._connection, self.path)
        except InputError:
            if kind is None:
                raise

    def manifest(self) -> dict[str, str]:
        """What is stated of the study so far, by name."""
        return dict(self._connection.execute("SELECT name, value FROM manifest").fetchall())

    def finished(self) -> set[str]:
        """Keys of the blocks that are there."""
        return {key for (key,) in self._connection.execute("SELECT key FROM blocks").fetchall()}

    def describe(self, manifest: Mapping[str, str], tables: Mapping[str, Columns]) -> None:
        """Write what belongs to the whole study, in place of what stands there.

        Args:
            manifest: what made it, by name.
            tables: points, scenarios, months, teams.
        """
        tables = {"indicators": _indicators(), **tables}
        stated: Columns = {"name": [*manifest], "value": [*manifest.values()]}
        with writing(self._connection, self.path):
            self._connection.execute("DELETE FROM manifest WHERE name <> 'layout_version'")
            self._insert("manifest", stated)
            for table, columns in tables.items():
                self._connection.execute(f"DELETE FROM {table}")
                self._insert(table, columns)

    def write(
        self, key: str, cell: int, draw: int, values: Mapping[str, float], runs: Sequence[Run]
    ) -> None:
        """Write one block.

        Args:
            key: its key.
            cell: its cell.
            draw: its draw.
            values: every uncertain number of the draw, by key.
            runs: its runs.
        """
        with writing(self._connection, self.path):
            block, first = self._next("blocks", "block"), self._next("runs", "run")
            self._insert("blocks", {"block": [block], "key": [key], "cell": [cell], "draw": [draw]})
            known = self._connection.execute("SELECT 1 FROM draws WHERE draw = ? LIMIT 1", [draw])
            if not known.fetchall():
                drawn: Columns = {"draw": [draw] * len(values), "key": [*values]}
                self._insert("draws", drawn | {"value": [*values.values()]})
            tables = [run.tables(first + i, block, draw) for i, run in enumerate(runs)]
            for table in tables[0]:
                self._insert(table, _joined([rows[table] for rows in tables]))

    def _next(self, table: str, column: str) -> int:
        found = self._connection.execute(f"SELECT coalesce(max({column}) + 1, 0) FROM {table}")
        return int(found.fetchall()[0][0])

    def _insert(self, table: str, columns: Columns) -> None:
        """Append columns to a table; names of both are this program's own."""
        if not len(next(iter(columns.values()))):
            return
        arrays = {name: _array(values) for name, values in columns.items()}
        listed = ", ".join(f'"{name}"' for name in arrays)
        self._connection.register("incoming", arrays)
        self._connection.execute(f"INSERT INTO {table} ({listed}) SELECT {listed} FROM incoming")
        self._connection.unregister("incoming")


class Run:
    """One run, ready to be written.

    Args:
        scenario: number of its scenario in the store.
        pair: whose luck.
        plan: a plan of its scenario, for names and dates.
        outcome: what it gave.
    """

    def __init__(self, scenario: int, pair: int, plan: Plan, outcome: Outcome) -> None:
        self.scenario, self.pair, self.plan, self.outcome = scenario, pair, plan, outcome

    def tables(self, run: int, block: int, draw: int) -> dict[str, Columns]:
        """Its rows in each table.

        Args:
            run: its number in the store.
            block: of which block.
            draw: of which draw.
        """
        outcome = self.outcome
        stated: Columns = {
            "run": [run], "block": [block], "scenario": [self.scenario], "draw": [draw],
            "pair": [self.pair], "present_value_gbp": [outcome.present_value_gbp],
            "lower_rate_gbp": [outcome.lower_rate_gbp],
        }  # fmt: skip
        return {
            "runs": stated,
            "monthly_wide": self._monthly(run),
            "yearly": self._yearly(run),
            "ledger": self._ledger(run),
        }

    def _monthly(self, run: int) -> Columns:
        table = self.outcome.table[:, :, : complete_months(self.plan)]
        _, teams, months = table.shape
        columns: Columns = {
            "run": np.full(teams * months, run, np.uint32),
            "month": np.tile(np.arange(months, dtype=np.uint16), teams),
            "team": np.repeat(np.arange(teams, dtype=np.uint8), months),
        }
        flat = table.reshape(len(INDICATOR_NAMES), -1)
        return columns | dict(zip(INDICATOR_NAMES, flat, strict=True))

    def _yearly(self, run: int) -> Columns:
        outcome, years = self.outcome, _years(self.plan)
        values = (
            outcome.planned_gbp.sum(axis=1), outcome.spent_gbp.sum(axis=1), outcome.permanent_gbp,
            outcome.agency_gbp, outcome.changes_of_worker,
        )  # fmt: skip
        columns: Columns = {"run": [run] * len(years), "financial_year": years}
        return columns | dict(zip(YEARLY_COLUMNS, values, strict=True))

    def _ledger(self, run: int) -> Columns:
        outcome, years = self.outcome, _years(self.plan)
        lines = STAFFING_LINES + tuple(line.key for line in self.plan.lines[2:])
        tables = [outcome.planned_gbp, outcome.spent_gbp]
        tables += [outcome.by_line[name] for name in LINE_MONEY]
        columns: Columns = {
            "run": [run] * len(years) * len(lines),
            "financial_year": [year for year in years for _ in lines],
            "line": [*lines] * len(years),
        }
        values: Iterable[Array] = (table.ravel() for table in tables)
        return columns | dict(zip(LEDGER_COLUMNS, values, strict=True))


def months_and_teams(plan: Plan) -> dict[str, Columns]:
    """The tables of month ends and of teams; team 0 is the council."""
    dates = plan.period_dates[: complete_months(plan)]
    teams = ("all", *plan.team_keys)
    return {
        "months": {"month": [*range(len(dates))], "date": np.array(dates, "datetime64[us]")},
        "teams": {"team": [*range(len(teams))], "key": [*teams]},
    }


def _indicators() -> Columns:
    return {
        "name": [*INDICATOR_NAMES],
        "label": [indicator.label for indicator in INDICATORS],
        "unit": [indicator.unit.value for indicator in INDICATORS],
        "definition": [indicator.definition for indicator in INDICATORS],
    }


def _years(plan: Plan) -> list[str]:
    return list(dict.fromkeys(financial_year(date) for date in plan.period_dates))


def _joined(parts: Sequence[Columns]) -> Columns:
    """The same columns of several runs, one after another."""
    return {name: np.concatenate([_array(part[name]) for part in parts]) for name in parts[0]}


def _array(values: Any) -> Array:
    """An array that DuckDB takes as a column: text as objects, everything else as it is."""
    if isinstance(values, np.ndarray):
        return np.ascontiguousarray(values)
    text = any(isinstance(value, str) or value is None for value in values)
    return np.array(values, dtype=object) if text else np.array(values)
