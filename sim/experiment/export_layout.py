"""The tables of an exported study, as Power BI, R and pandas read them.

In DuckDB monthly indicators stand one column each, one row a run, team and month end: 400 rows a
run in place of 25,000. The view `monthly`, and the files, give them tidily.
"""

from __future__ import annotations

from sim.experiment.results_layout import INDICATOR_NAMES
from sim.outcomes.line_money import LINE_MONEY


def _doubles(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}" DOUBLE' for name in names)


YEARLY_COLUMNS = ("planned_gbp", "spent_gbp", "permanent_gbp", "agency_gbp", "changes_of_worker")
LEDGER_COLUMNS = ("planned_gbp", "spent_gbp", *(f"{name}_gbp" for name in LINE_MONEY))

TABLES: dict[str, str] = {
    "manifest": "name VARCHAR, value VARCHAR",
    "indicators": "name VARCHAR, label VARCHAR, unit VARCHAR, definition VARCHAR",
    "conditions": "cell UINTEGER, condition UINTEGER, demand VARCHAR, fixed VARCHAR",
    "points": "point UINTEGER, key VARCHAR, value DOUBLE",
    "scenarios": "scenario UINTEGER, cell UINTEGER, place USMALLINT, point UINTEGER,"
    " key VARCHAR, name VARCHAR, config VARCHAR",
    "draws": "cell UINTEGER, draw UINTEGER, key VARCHAR, value DOUBLE",
    "runs": "run UINTEGER, block UINTEGER, scenario UINTEGER, condition UINTEGER, draw UINTEGER,"
    " pair UINTEGER, present_value_gbp DOUBLE, lower_rate_gbp DOUBLE",
    "monthly_wide": f"run UINTEGER, date DATE, team VARCHAR, {_doubles(INDICATOR_NAMES)}",
    "yearly": f"run UINTEGER, financial_year VARCHAR, {_doubles(YEARLY_COLUMNS)}",
    "ledger": f"run UINTEGER, financial_year VARCHAR, line VARCHAR, {_doubles(LEDGER_COLUMNS)}",
}
"""Tables by name, with their columns.

manifest: what made the study. points: values of what is varied, by point. scenarios: those of a
cell, which shares what is known for certain; at place 0 the one compared with. conditions: what the
runs of a cell stand under; 0 is as asked. draws: every uncertain number. The others: values by run;
money is kept of runs as asked alone.
"""

_LISTED = ", ".join(f'"{name}"' for name in INDICATOR_NAMES)
TIDY = f"""
    SELECT run, date, team, indicator, value
    FROM (UNPIVOT monthly_wide ON {_LISTED} INTO NAME indicator VALUE value)
    WHERE NOT isnan(value)
"""
"""Monthly indicators, one row a run, date, team and indicator that has a value."""


def statements() -> list[str]:
    """What makes the empty tables, and the tidy view."""
    made = [f"CREATE TABLE {name} ({columns})" for name, columns in TABLES.items()]
    return [*made, f"CREATE VIEW monthly AS {TIDY}"]
