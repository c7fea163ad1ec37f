"""Small sweeps for tests, and what a store holds."""

from __future__ import annotations

from pathlib import Path

from sim.experiment.results import Results
from sim.experiment.results_layout import TABLES

SMALL = """
name = "A small sweep"
council = "devon_2021"
scenarios = ["devon_package_48_fte"]
pairs = {pairs}
seed = {seed}
horizon_years = 1
casework = false

[[grid]]
key = "labour_market.vacancy_elasticity"
values = [0.1, 0.8]

[[grid]]
key = "scenario.measures.social_worker_posts.fte"
values = [11, 44]
"""


def small_sweep(folder: Path, pairs: int = 4, seed: int = 1) -> Path:
    """The file of a sweep of four points, staffing alone, one year."""
    file = folder / "small.toml"
    file.write_text(SMALL.format(pairs=pairs, seed=seed), encoding="utf-8")
    return file


def contents(study: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every value of every table of a store, in order."""
    with Results(study, read_only=True) as results:
        return {table: results.rows(f"SELECT * FROM {table} ORDER BY rowid") for table in TABLES}
