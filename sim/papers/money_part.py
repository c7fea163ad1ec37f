"""Money by financial year and source, and the effect of a part of a year and of a full one."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.papers.document import Block, Heading, Paragraph, Table
from sim.papers.phrases import days_of, in_100, signed_thousands, thousands, year
from sim.papers.rows import ALL_LINES, OVER, PACKAGE, PLANNED, SPENT, Row
from sim.papers.study import Option, PaperStudy

_NO_LEDGER = "Money by financial year is missing from this study."
ALL = "all sources"


def money(study: PaperStudy) -> Iterator[Block]:
    """The section of money by financial year and source."""
    yield Heading("Money by financial year and source")
    if not study.chosen:
        yield Paragraph("No option with money of its own was run.")
        return
    if not any(row.kind == PLANNED for row in study.rows):
        yield Paragraph(_NO_LEDGER)
        return
    for option in study.chosen:
        rows = tuple(year_rows(study, option))
        if not rows:
            yield Paragraph(f"{option.label}: its lines plan and spend no money.")
            continue
        yield Table(
            f"{option.label}: money of its own lines, £000, cash",
            (
                "Financial year", "Source", "Planned", "Spent", "Unspent",
                "Variance: under (−) or over (+)", "Spent, 8 runs in 10", "Money is left in",
            ),
            rows,
            "Spent is the average of the runs; unspent is what is then left of planned money;"
            " variance is spent minus planned."
            + ("" if option.states_money else " No money is stated: planned is the cost of all its"
               " posts."),
            numeric=True,
            widths=(5, 5, 4, 4, 4, 5, 7, 5),
        )  # fmt: skip


def year_rows(study: PaperStudy, option: Option) -> Iterator[tuple[str, ...]]:
    """A row for each year and source; a row for the year as a whole where it has several."""
    totals = study.rows.of(PLANNED, option.key, line=PACKAGE)
    if not any(study.rows.sources(option.key, total.when) for total in totals):
        return
    for total in totals:
        label = f"{year(total.when)}"
        sources = study.rows.sources(option.key, total.when)
        for source in sources if len(sources) > 1 else ():
            planned, spent = (
                study.rows.by_source(kind, option.key, total.when, source)
                for kind in (PLANNED, SPENT)
            )
            yield label, source, *_amounts(planned, spent), "", ""
        yield label, sources[0] if len(sources) == 1 else ALL, *_whole_year(study, option, total)


def _whole_year(study: PaperStudy, option: Option, planned: Row) -> tuple[str, ...]:
    spent, over = (
        study.rows.find(kind, option.key, planned.what, planned.when, PACKAGE)
        for kind in (SPENT, OVER)
    )
    assert spent is not None
    assert over is not None
    return *_amounts(planned.mean, spent.mean), ends_of(spent), in_100(over.chance)


def ends_of(row: Row) -> str:
    """The range of 8 runs in 10, £000; empty of few runs."""
    return f"{thousands(row.low)} to {thousands(row.high)}" if row.has_range else ""


def _amounts(planned: float, spent: float) -> tuple[str, str, str, str]:
    """Planned, spent, unspent and variance."""
    left = max(0.0, planned - spent)
    return (
        thousands(planned), thousands(spent), thousands(left), signed_thousands(spent - planned),
    )  # fmt: skip


# Part-year and full-year effect -----------------------------------------------------------


def year_effect(study: PaperStudy) -> Iterator[Block]:
    """The section of the effect in the year of the decision, and in the first full year."""
    yield Heading("Part-year and full-year effect")
    spans = _spans(study)
    if not study.chosen or not spans or study.nothing is None:
        yield Paragraph(_NO_LEDGER if study.chosen else "No option was run beside doing nothing.")
        return
    first = spans[0]
    full = next((span for span in spans if "part" not in span.when), None)
    told = [first, *([full] if full is not None and full is not first else [])]
    if full is None:
        yield Paragraph(
            f"The run holds no whole financial year ({days_of(spans[0])} is its first): the"
            " full-year effect can't be told."
        )
    columns = ["Option"]
    for span in told:
        columns += [f"{year(span.when)}: planned", f"{year(span.when)}: net change"]
    yield Table(
        "Effect on the council's spending against doing nothing, £000, cash, average of the runs",
        tuple(columns),
        tuple(
            (option.label, *(cell for span in told for cell in _effect(study, option, span.when)))
            for option in study.chosen
        ),
        "; ".join(f"{year(span.when)}: {days_of(span)}" for span in told)
        + ". Net change is all spending on staff less that of doing nothing: own staff, agency"
        " workers and the option's lines.",
        numeric=True,
    )


def _spans(study: PaperStudy) -> list[Row]:
    option = study.chosen[0] if study.chosen else study.options[0]
    return study.rows.of(PLANNED, option.key, line=ALL_LINES)


def _effect(study: PaperStudy, option: Option, label: str) -> tuple[str, str]:
    """Planned money, and the net change in all spending."""
    planned = [r.mean for r in study.rows.of(PLANNED, option.key, line=PACKAGE) if r.when == label]
    assert study.nothing is not None
    with_it, without = (
        math.fsum(r.mean for r in study.rows.of(SPENT, key, line=ALL_LINES) if r.when == label)
        for key in (option.key, study.nothing.key)
    )
    return thousands(planned[0] if planned else 0.0), signed_thousands(with_it - without)
