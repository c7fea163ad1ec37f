"""The layout of a results store: tables, columns and its version.

Monthly indicators stand one column each, one row a run, team and month end: 400 rows a run in
place of 25,000, at a third of the bytes. The view `monthly` and every export give them tidily.
"""

from __future__ import annotations

from sim.outcomes.indicators import INDICATORS
from sim.outcomes.line_money import LINE_MONEY

VERSION = 3
"""Raised whenever a table or a column changes."""

INDICATOR_NAMES = tuple(indicator.name for indicator in INDICATORS)


def _doubles(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}" DOUBLE' for name in names)


YEARLY_COLUMNS = ("planned_gbp", "spent_gbp", "permanent_gbp", "agency_gbp", "changes_of_worker")
LEDGER_COLUMNS = ("planned_gbp", "spent_gbp", *(f"{name}_gbp" for name in LINE_MONEY))

TABLES: dict[str, str] = {
    "manifest": "name VARCHAR PRIMARY KEY, value VARCHAR NOT NULL",
    "teams": "team UTINYINT PRIMARY KEY, key VARCHAR NOT NULL",
    "months": "month USMALLINT PRIMARY KEY, date DATE NOT NULL",
    "indicators": "name VARCHAR, label VARCHAR, unit VARCHAR, definition VARCHAR",
    "points": "point UINTEGER, key VARCHAR, value DOUBLE",
    "scenarios": "scenario UINTEGER PRIMARY KEY, cell UINTEGER, place USMALLINT, point UINTEGER,"
    " key VARCHAR, name VARCHAR, config VARCHAR",
    "draws": "draw UINTEGER, key VARCHAR, value DOUBLE",
    "blocks": "block UINTEGER PRIMARY KEY, key VARCHAR UNIQUE, cell UINTEGER, draw UINTEGER",
    "runs": "run UINTEGER PRIMARY KEY, block UINTEGER, scenario UINTEGER, draw UINTEGER,"
    " pair UINTEGER, present_value_gbp DOUBLE, lower_rate_gbp DOUBLE",
    "monthly_wide": f"run UINTEGER, month USMALLINT, team UTINYINT, {_doubles(INDICATOR_NAMES)}",
    "yearly": f"run UINTEGER, financial_year VARCHAR, {_doubles(YEARLY_COLUMNS)}",
    "ledger": f"run UINTEGER, financial_year VARCHAR, line VARCHAR, {_doubles(LEDGER_COLUMNS)}",
}
"""Tables by name, with their columns.

manifest: what made the study. points: values of what is varied, by point. scenarios: those of a
cell, which shares what is known for certain; at place 0 the one compared with. draws: every
uncertain number. blocks: what was computed, by key. The others: values by run.
"""

_LISTED = ", ".join(f'"{name}"' for name in INDICATOR_NAMES)
TIDY = f"""
    SELECT run, date, teams.key AS team, indicator, value
    FROM (UNPIVOT monthly_wide ON {_LISTED} INTO NAME indicator VALUE value)
    JOIN months USING (month) JOIN teams USING (team)
    WHERE NOT isnan(value)
"""
"""Monthly indicators, one row a run, date, team and indicator that has a value."""


def statements() -> list[str]:
    """What makes an empty store."""
    made = [f"CREATE TABLE {name} ({columns})" for name, columns in TABLES.items()]
    return [*made, f"CREATE VIEW monthly AS {TIDY}"]
