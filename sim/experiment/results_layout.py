"""The layout of a results store: tables, series, their shapes, and the layout's version.

What a run gives is kept in pieces, one a series (an indicator, say), scenario and block: the
numbers of the block's runs, packed. So one series of all runs is read without the others.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import numpy as np

from sim.config.routes import Route
from sim.dates import financial_year
from sim.engine.records import FLOWS, Array
from sim.experiment.replicate import FATES_PER_DRAW, Outcome
from sim.inputs.plan import Plan
from sim.outcomes.costs import STAFFING_LINES
from sim.outcomes.indicators import INDICATORS
from sim.outcomes.line_money import LINE_MONEY
from sim.outcomes.workforce import complete_months

VERSION = 4
"""Raised whenever a table, a column or a series changes."""
INDICATOR_NAMES = tuple(indicator.name for indicator in INDICATORS)
MONEY = ("spent_gbp", "planned_gbp", *LINE_MONEY)
"""Tables by financial year and ledger line, in the order of the series `money`."""
BY_MONTH = ("flows", "new_post_flows", "inpost_by_route")
"""Series with months along their last axis, beside the indicators."""
SERIES = (*INDICATOR_NAMES, *BY_MONTH, "money", "changes_of_worker")
"""Every series. Of runs that stand beside those asked for, indicators and money are kept."""

TABLES: dict[str, str] = {
    "manifest": "name TEXT PRIMARY KEY, value TEXT NOT NULL",
    "documents": "sha256 TEXT PRIMARY KEY, text TEXT NOT NULL",
    "cells": "cell INTEGER PRIMARY KEY, digest TEXT, asked TEXT, frame TEXT, drawn_as INTEGER",
    "conditions": "cell INTEGER, condition INTEGER, demand TEXT, fixed TEXT, loop INTEGER,"
    " pairs INTEGER,"
    " PRIMARY KEY (cell, condition)",
    "points": "point INTEGER, key TEXT, value REAL, PRIMARY KEY (point, key)",
    "scenarios": "scenario INTEGER PRIMARY KEY, cell INTEGER, place INTEGER, point INTEGER,"
    " key TEXT, name TEXT, config TEXT, lines TEXT",
    "draws": "cell INTEGER, draw INTEGER, key TEXT, value REAL",
    "blocks": "block INTEGER PRIMARY KEY, cell INTEGER, key TEXT, draw INTEGER, seal TEXT,"
    " UNIQUE (cell, key)",
    "runs": "run INTEGER PRIMARY KEY, block INTEGER, scenario INTEGER, condition INTEGER,"
    " draw INTEGER, pair INTEGER, present_value_gbp REAL, lower_rate_gbp REAL",
    "pieces": "block INTEGER, scenario INTEGER, condition INTEGER, series INTEGER, packed BLOB",
}
"""Tables by name, with their columns.

manifest: what made the study. documents: texts of configs, by their hash. cells: scenarios that
share what is known for certain; doing nothing stands at place 0; `drawn_as` is the cell under which
their draws are kept. conditions: what a cell is run under; 0 is as asked. points: values of what a
sweep varies. draws: every uncertain number. blocks: what was computed, by key; the seal is a hash
of all that a block holds. runs: one row each. pieces: the numbers of a block's runs, of one
scenario and series.
"""
_INDEXES = (
    "CREATE INDEX pieces_of ON pieces (scenario, condition, series, block)",
    "CREATE INDEX runs_of ON runs (scenario, condition, pair)",
)


def statements() -> list[str]:
    """What makes an empty store."""
    made = [f"CREATE TABLE {name} ({columns})" for name, columns in TABLES.items()]
    return [*made, *_INDEXES]


@dataclass(frozen=True)
class Frame:
    """Names along the axes of a cell's series.

    Attributes:
        teams: keys; the council, "all", comes first.
        dates: month ends.
        years: financial years.
    """

    teams: tuple[str, ...]
    dates: tuple[str, ...]
    years: tuple[str, ...]

    def shape(self, series: str, lines: int) -> tuple[int, ...]:
        """Shape of one run's numbers.

        Args:
            series: in SERIES.
            lines: how many lines the ledger of its scenario has.
        """
        teams, months, years = len(self.teams), len(self.dates), len(self.years)
        others = {
            "flows": (len(FLOWS), teams, months),
            "new_post_flows": (len(FLOWS), months),
            "inpost_by_route": (len(Route), months),
            "money": (len(MONEY), years, lines),
            "changes_of_worker": (years,),
        }
        return others.get(series, (teams, months))

    def largest(self, series: str, lines: int) -> int:
        """Bytes of the largest piece: a block holds so many runs of one draw."""
        return 8 * FATES_PER_DRAW * math.prod(self.shape(series, lines))

    def text(self) -> str:
        """As a document."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, text: str) -> Frame:
        """From a document."""
        return cls(**{name: tuple(values) for name, values in json.loads(text).items()})


def frame_of(plan: Plan) -> Frame:
    """The axes of runs of a plan."""
    dates = plan.period_dates[: complete_months(plan)]
    years = dict.fromkeys(financial_year(date) for date in plan.period_dates)
    return Frame(("all", *plan.team_keys), tuple(d.isoformat() for d in dates), tuple(years))


def lines_of(plan: Plan) -> tuple[str, ...]:
    """Lines of the ledger of a plan."""
    return STAFFING_LINES + tuple(line.key for line in plan.lines[2:])


def series_of(outcome: Outcome, months: int, *, whole: bool) -> Iterator[tuple[int, Array]]:
    """What is kept of a run: number in SERIES, and the numbers.

    Args:
        outcome: what the run gave.
        months: month ends to keep.
        whole: all series; else indicators and money.
    """
    yield from enumerate(outcome.table[..., :months])
    money = np.stack([outcome.spent_gbp, outcome.planned_gbp,
                      *(outcome.by_line[name] for name in LINE_MONEY)])  # fmt: skip
    if not whole:
        yield SERIES.index("money"), money
        return
    kept = [getattr(outcome, name)[..., :months] for name in BY_MONTH]
    kept += [money, outcome.changes_of_worker]
    yield from enumerate(kept, len(INDICATOR_NAMES))
