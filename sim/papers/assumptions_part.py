"""Assumptions with grade and source; small counts of a council's own returns are hidden."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from sim.config.quantity import Grade
from sim.config.sources import Mark
from sim.papers.document import Block, Heading, Paragraph, Table
from sim.papers.small_numbers import MARK, hidden
from sim.papers.study import Cells, PaperStudy
from sim.presentation.study_files import COUNCIL, EVIDENCE
from sim.presentation.words import listed, number
from sim.published.council_file.numbers import JUDGEMENT

GRADES = {
    Grade.OFFICIAL: "official statistics",
    Grade.STUDY: "a study",
    Grade.COUNCIL: "a council's paper, reply or the press",
    Grade.FITTED: "fitted to official tables",
    Grade.RECALLED: "recalled",
    Grade.JUDGEMENT: "judgement",
}
_UNITS = {"fte": "FTE", "gbp": "pounds", "gbp per fte per year": "pounds per FTE a year"}
"""Words for units of the files."""
_COUNTS = ("fte", "people", "children", "people per year")
_NOT_TOLD = ("casework.routing.", "casework.demand.seasonality", "horizon_years")
"""Beginnings of keys that would fill pages: assumptions.csv has them."""


def assumptions(study: PaperStudy) -> Iterator[Block]:
    """The section of the assumptions: the council's and the options'; shared evidence by grade."""
    yield Heading("Assumptions, with grade and source")
    if not study.assumptions:
        yield Paragraph("Assumptions are missing from this study.")
        return
    told = "; ".join(f"{grade.value}: {words}" for grade, words in GRADES.items())
    yield Paragraph(
        f"Grades: {told}. Low and high are the 5th and 95th percentiles. Numbers without a grade"
        " are given without a range."
    )
    own = [c for c in study.assumptions if c["of"] == COUNCIL and _is_told(c)]
    if own:
        yield _table(f"Assumptions about {study.council}", own, hidden_keys(study.assumptions))
    options = _merged(study)
    if options:
        yield _table("Assumptions about the options", options, frozenset())
    yield Paragraph(shared(study))


def _is_told(cells: Cells) -> bool:
    return not cells["key"].startswith(_NOT_TOLD)


def shared(study: PaperStudy) -> str:
    """The evidence that all councils share, counted by grade."""
    found = Counter(c["grade"] for c in study.assumptions if c["of"] == EVIDENCE)
    if not found:
        return "Shared evidence is missing from this study."
    parts = [f"{found[g.value]} {words}" for g, words in GRADES.items() if found[g.value]]
    return (
        f"A further {sum(found.values())} numbers say how people and the labour market respond, and"
        f" are shared by all councils: {listed(parts)}. The file assumptions.csv of this study"
        " holds each, with its source."
    )


def _merged(study: PaperStudy) -> list[Cells]:
    """The options' numbers, each once where several options have it alike."""
    labels = {option.key: option.label for option in study.options}
    found: dict[tuple[str, ...], list[Cells]] = defaultdict(list)
    for cells in study.assumptions:
        if cells["of"] in labels:
            same = tuple(cells[n] for n in ("key", "low", "central", "high", "source"))
            found[same].append(cells)
    everybody = {option.key for option in study.chosen}
    merged: list[Cells] = []
    for alike in found.values():
        of = [cells["of"] for cells in alike]
        names = "All options" if set(of) == everybody else listed([labels[key] for key in of])
        merged.append({**alike[0], "key": f"{names}: {alike[0]['key']}"})
    return merged


def hidden_keys(every: tuple[Cells, ...]) -> frozenset[str]:
    """Keys of the council's counts that are not printed: small ones of its own returns, and others.

    Counts that stand side by side in the council's file may add up to a total that is known.
    Published figures, and what is judged or fitted, tell of nobody.
    """
    counts = {
        c["key"]: float(c["central"])
        for c in every
        if c["of"] == COUNCIL and c["mark"] == Mark.OWN and c["unit"] in _COUNTS and c["central"]
    }
    tables = defaultdict(set)
    for key in counts:
        tables[key.rpartition(".")[0]].add(key)
    return hidden(counts, list(tables.values()))


def _table(caption: str, every: list[Cells], hidden_ones: frozenset[str]) -> Table:
    note = (
        f"{MARK}: a count of 1 to 5 of the council's own returns, or one that would give it away."
        if hidden_ones else ""
    )  # fmt: skip
    return Table(
        caption,
        ("What", "Central (low to high)", "Grade", "Source"),
        tuple(told_of(cells, cells["key"] in hidden_ones) for cells in every),
        note,
        widths=(4, 3.6, 2.2, 6),
        is_simulated=False,
    )


def told_of(cells: Cells, is_hidden: bool) -> tuple[str, ...]:
    """An assumption as a row: what, its numbers with their unit, grade, source."""
    unit = _UNITS.get(cells["unit"], cells["unit"])
    judged = cells["source"] == JUDGEMENT
    source = "Judgement" if judged else cells["source_title"] or cells["source"]
    grade = cells["grade"] or cells["mark"] or "none"
    value = MARK if is_hidden else _value(cells)
    return words_of(cells["key"]), f"{value} {unit}".strip(), grade, source


def words_of(key: str) -> str:
    """A key of a file as words."""
    text = key.replace("_", " ").replace(".", ", ")
    return f"{text[0].upper()}{text[1:]}" if text else text


def _value(cells: Cells) -> str:
    low, central, high = (_plain(cells[name]) for name in ("low", "central", "high"))
    return central if low == high else f"{central} ({low} to {high})"


def _plain(cell: str) -> str:
    """A number as its file has it, with thousands apart."""
    if not cell:
        return ""
    places = len(cell.partition(".")[2])
    return number(float(cell), min(places, 4))
