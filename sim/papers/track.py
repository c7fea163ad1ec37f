"""`caseholder track`: a year's real figures beside the ranges of a finished study."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from rich.console import Group
from rich.text import Text

from sim.config.errors import InputError
from sim.papers.actuals import read_actuals
from sim.papers.html import as_html
from sim.papers.study import PaperStudy, levels_of_teams, read_study
from sim.papers.track_page import NAME, track_chart, track_page
from sim.papers.tracked import COLUMNS, Tracked, by_option, inside, tracked
from sim.papers.word import as_word
from sim.presentation.charts.chart import save_chart
from sim.presentation.files import staged_folder, write_csv
from sim.presentation.read_manifest import MANIFEST
from sim.presentation.screen import screen
from sim.presentation.tables import new_table

WIDTH = 80
"""Columns of what is printed."""


def track(folder: Path, actuals: Path, out: Path | None) -> None:
    """Print real figures beside a study's ranges; write table, chart and page where asked.

    Args:
        folder: what `compare --out` wrote.
        actuals: a CSV file with real figures.
        out: where the files go; None for none.

    Raises:
        InputError: the study or the figures can't be read, or the folder can't be written to.
    """
    if out is not None and (out / MANIFEST).exists():
        raise InputError(f"--out {out}", "is a study's own folder", "Choose a folder below it")
    study = read_study(folder)
    levels = levels_of_teams(study, folder)
    found = tracked(read_actuals(actuals, levels), levels, [option.key for option in study.options])
    if not found:
        raise InputError(actuals, "names figures that no run of this study has", "Name others")
    screen(width=WIDTH).print(_told(study, found))
    if out is not None:
        screen().print(f"{', '.join(write_tracked(study, found, out))} are in {out}")


def write_tracked(study: PaperStudy, found: Sequence[Tracked], out: Path) -> list[str]:
    """Write tracked.csv, the chart, and the page as HTML and Word.

    Returns:
        Names of the files.

    Raises:
        InputError: the folder can't be written to, or python-docx is missing.
    """
    chart = track_chart(study, found)
    page = track_page(study, found, chart)
    documents = {f"{NAME}.html": as_html(page).encode("utf-8"), f"{NAME}.docx": as_word(page)}
    with staged_folder(out) as stage:
        write_csv(stage / f"{NAME}.csv", COLUMNS, [one.cells() for one in found])
        for name, content in documents.items():
            (stage / name).write_bytes(content)
        drawn = [path.name for path in save_chart(chart, stage)] if chart else []
    return [f"{NAME}.csv", *documents, *drawn]


def _told(study: PaperStudy, found: Sequence[Tracked]) -> Group:
    """A table for each option, with how many figures lie inside."""
    labels = {option.key: option.label for option in study.options}
    parts: list[object] = []
    for key, own in by_option(found):
        table = new_table(labels[key], "Figure", "Date", "Real", "8 runs in 10", "Where it lies")
        for one in own:
            when = f"{dt.date.fromisoformat(one.row.when):%d %b %Y}"
            table.add_row(one.label, when, one.told, one.range, one.verdict)
        parts += [table, Text(inside(own))]
    parts.append(Text(f"Ranges as given at the decision, nothing refitted; run {study.run_id}."))
    return Group(*parts)  # type: ignore[arg-type]
