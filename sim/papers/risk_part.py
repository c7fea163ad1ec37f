"""When an option fails and how often, and what the result depends on."""

from __future__ import annotations

from collections.abc import Iterator

from sim.papers.document import Block, Heading, Paragraph, Table
from sim.papers.measures import Told, effects
from sim.papers.phrases import NOTHING, Size, date, decimals, fte, in_100, points, year
from sim.papers.rows import CHANGE, LEVEL, OVER, PACKAGE
from sim.papers.study import Cells, Option, PaperStudy

_TARGETS = {"social_worker": "social workers", "team_manager": "team managers"}
_SIZES = {
    "inpost_fte": ("social workers in post, FTE", fte),
    "agency_fte": ("agency workers, FTE", fte),
    "load": ("workload, % of a full caseload", points),
    "changes_of_worker_per_child": ("changes of worker per child in a year", decimals),
}
_CONDITIONS = {
    "hiring response": "How hiring responds to vacancies (0 not at all, 1 in proportion)",
    "demand": "Demand: how referrals go on",
}
_VALUES = {
    "as asked": "as in all runs, same sets of assumptions",
    "flat": "flat",
    "back_to_2019": "back to the level of 2019",
    "rising": "rising",
    "series": "as in the council's series",
    "uncertain": "uncertain",
}


def risks(study: PaperStudy) -> Iterator[Block]:
    """The section of how each option may fail, and how often."""
    yield Heading("When it fails, and how often")
    if not study.chosen:
        yield Paragraph("No option was run, so that none can fail.")
        return
    table = Table(
        f"How often each option falls short, to {date(study.headline)}",
        ("What may go wrong", *(option.label for option in study.chosen)),
        tuple(_failures(study)),
        "Shares of runs. Against doing nothing, runs in which both are equal count half.",
    )
    yield table if table.rows else Paragraph("How often options fail is missing from this study.")


def _failures(study: PaperStudy) -> Iterator[tuple[str, ...]]:
    for told in effects(study):
        if told.better and any(told.row(study, o, CHANGE) for o in study.chosen):
            yield _worse(told), *(_chance_worse(study, told, option) for option in study.chosen)
    labels = dict.fromkeys(
        r.when for o in study.chosen for r in study.rows.of(OVER, o.key, line=PACKAGE)
    )
    for label in labels:
        yield (
            f"Money planned for {year(label)} is not all spent",
            *(_left(study, option, label) for option in study.chosen),
        )
    for family, people in study.manifest.get("targets", {}).items():
        indicator = f"target_all_{family}"
        words = _TARGETS.get(family, family)
        yield (
            f"Not all {people} {words} to recruit are found",
            *(_not_all(study, option, indicator) for option in study.chosen),
        )


def _worse(told: Told) -> str:
    direction = told.fewer if told.better > 0 else told.more
    return f"{told.words.split(',')[0]}: {direction} than after doing nothing"


def _chance_worse(study: PaperStudy, told: Told, option: Option) -> str:
    row = told.row(study, option, CHANGE)
    return NOTHING if row is None else in_100(1 - row.chance)


def _left(study: PaperStudy, option: Option, label: str) -> str:
    rows = [r for r in study.rows.of(OVER, option.key, line=PACKAGE) if r.when == label]
    return in_100(rows[0].chance) if rows else NOTHING


def _not_all(study: PaperStudy, option: Option, indicator: str) -> str:
    row = study.rows.find(LEVEL, option.key, indicator, study.headline)
    return NOTHING if row is None else in_100(1 - row.mean)


# What it depends on -----------------------------------------------------------------------


def depends(study: PaperStudy) -> Iterator[Block]:
    """The section of what the result depends on: the same runs under other conditions."""
    yield Heading("What it depends on")
    if not study.conditions:
        yield Paragraph(
            "This study was not run under other conditions (--hiring-pairs, --demand-pairs), so"
            " that it can't tell what its result depends on."
        )
        return
    for condition, words in _CONDITIONS.items():
        cells = [c for c in study.conditions if c["condition"] == condition]
        yield from (
            _by_condition(study, option, words, [c for c in cells if c["scenario"] == option.key])
            for option in study.chosen
            if any(c["scenario"] == option.key for c in cells)
        )


def _by_condition(study: PaperStudy, option: Option, words: str, cells: list[Cells]) -> Table:
    """Changes against doing nothing on the headline's date, a column for each condition."""
    values = list(dict.fromkeys(c["value"] for c in cells))
    runs = {c["value"]: c["pairs"] for c in cells}
    rows = []
    for indicator, (name, size) in _SIZES.items():
        found = {c["value"]: c for c in cells if c["indicator"] == indicator}
        if found:
            rows.append((name, *(_change_cell(found.get(value), size) for value in values)))
    return Table(
        f"{words}: {option.label}, change against doing nothing, {date(study.headline)}, middle"
        " run",
        ("Change in", *(f"{_VALUES.get(v, v)} ({runs[v]} runs)" for v in values)),
        tuple(rows),
    )


def _change_cell(cells: Cells | None, size: Size) -> str:
    """A signed number; the middle run."""
    if cells is None or not cells["p50"]:
        return NOTHING
    value = float(cells["p50"])
    text = size(value)(value)
    return f"+{text}" if value > 0 and any(c in "123456789" for c in text) else text
