"""Print the table; --quick leaves out whole studies, --write keeps it in docs/performance.md."""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numba
import numpy as np
import simpy
from rich.console import Console
from rich.table import Table

from tests.bench.measures import (
    Row,
    memory_and_start,
    one_replication,
    sizes_and_horizons,
    studies,
    workers,
)

COLUMNS = ("Devon with its package", "SimPy model", "Compiled twin", "Ratio", "Mark")
PAGE = Path(__file__).resolve().parents[2] / "docs" / "performance.md"
ABOUT = """# Speed

The last run of `make bench`, all of it measured in one run: medians, engines by turns. Ratios
count; absolute figures hang on the machine and on the day. {machine}.

"""


def machine() -> str:
    """What it ran on, in a line."""
    return (
        f"{os.cpu_count()} cores, Python {platform.python_version()}, numpy {np.__version__}, "
        f"numba {numba.__version__}, simpy {simpy.__version__}"
    )


def write_page(rows: list[Row]) -> None:
    """Keep the table in docs/."""
    lines = [f"| {' | '.join(COLUMNS)} |", "|---|---|---|---|---|"]
    lines += [f"| {r.case} | {r.simpy} | {r.twin} | {r.ratio} | {r.mark} |" for r in rows]
    text = ABOUT.format(machine=machine()) + "\n".join(lines) + "\n"
    PAGE.write_text(text, encoding="utf-8", newline="\n")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave out the whole studies")
    parser.add_argument("--write", action="store_true", help="keep the table in docs/")
    options = parser.parse_args()
    runs, pairs = (3, 40) if options.quick else (9, 100)
    console = Console()
    rows: list[Row] = []
    parts: list[Callable[[], list[Row]]] = [
        partial(one_replication, runs),
        partial(sizes_and_horizons, max(3, runs // 3)),
        memory_and_start,
        partial(workers, pairs),
    ]
    if not options.quick:
        parts.append(studies)
    for part in parts:
        rows += part()
        console.print(f"{len(rows)} rows measured", style="dim")
    table = Table(title=f"Speed: {machine()}")
    for column in COLUMNS:
        table.add_column(column)
    for row in rows:
        table.add_row(row.case, row.simpy, row.twin, row.ratio, row.mark)
    console.print(table)
    if options.write:
        write_page(rows)


if __name__ == "__main__":
    main()
