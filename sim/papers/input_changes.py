"""How a study's inputs differ from those that ship: which keys, from what to what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sim.config.errors import InputError
from sim.config.shipped import configs_folder, file_hash, load_evidence, shipped
from sim.papers.assumptions_part import hidden_keys, words_of
from sim.papers.document import Block, Heading, Paragraph, Table
from sim.papers.small_numbers import MARK
from sim.papers.study import Cells, PaperStudy
from sim.presentation.study_files import ASSUMPTION_COLUMNS, COUNCIL, assumptions_of
from sim.published.council_file.called import MADE, CalledCouncil, council_called
from sim.scenario.scenario import BASELINE_NAME, Scenario, load_scenario

_COMPARED = ("low", "central", "high", "unit", "source")
_NOT_THERE = "not there"


@dataclass(frozen=True)
class Change:
    """One number that is another than in the file that ships.

    Attributes:
        of: key of the scenario, or the words for council and evidence of assumptions.csv.
        key: of the number.
        shipped, here: low, central and high with unit and source.
    """

    of: str
    key: str
    shipped: str
    here: str


def input_changes(study: PaperStudy) -> Iterator[Block]:
    """The change log: files by hash, then every number that differs."""
    yield Heading("Change log of inputs")
    yield Paragraph(
        "Held against the files that ship with the version that writes this pack. A number that is"
        " listed was changed on purpose or since; nothing here says which is right."
    )
    yield _files(study)
    called, what = _shipped_council(study)
    yield Paragraph(what)
    if not study.assumptions:
        yield Paragraph("assumptions.csv is missing from this study: numbers can't be compared.")
        return
    found = list(changes(study, called))
    if not found:
        yield Paragraph("No number differs from the shipped one.")
        return
    rows = tuple((f"{_of(study, c)}: {words_of(c.key)}", c.shipped, c.here) for c in found)
    yield Table(
        f"Numbers that differ: {len(found)}", ("Number", "Shipped", "This study"), rows,
        "Central (low to high), unit; source.", widths=(4, 4, 4), is_simulated=False,
    )  # fmt: skip


def changes(study: PaperStudy, called: CalledCouncil | None) -> Iterator[Change]:
    """Numbers of the study that are others than the shipped ones, or that only one of both has.

    Args:
        study: the study.
        called: the council to compare with; None where there is none.
    """
    before = _shipped_numbers(study, called)
    now = {(cells["of"], cells["key"]): cells for cells in study.assumptions}
    kept = hidden_keys(study.assumptions)
    compared = {of for of, _ in before}
    for of, key in dict.fromkeys((*before, *now)):
        old, new = before.get((of, key)), now.get((of, key))
        if of not in compared or old == new or (old and new and _same(old, new)):
            continue
        is_hidden = of == COUNCIL and key in kept
        yield Change(of, key, _told(old), MARK if is_hidden else _told(new))


def _same(old: Cells, new: Cells) -> bool:
    return all(old[name] == new[name] for name in _COMPARED)


def _told(cells: Cells | None) -> str:
    if cells is None:
        return _NOT_THERE
    low, central, high = (cells[name] for name in ("low", "central", "high"))
    ends = "" if low == high else f" ({low} to {high})"
    return f"{central}{ends} {cells['unit']}; {cells['source'] or 'no source'}"


def _of(study: PaperStudy, change: Change) -> str:
    return next((o.label for o in study.options if o.key == change.of), change.of.capitalize())


# What ships -------------------------------------------------------------------------------


def _shipped_council(study: PaperStudy) -> tuple[CalledCouncil | None, str]:
    """The council that ships under the study's file's name, or its own; and what was taken."""
    inputs = study.manifest.get("inputs") or ()
    file = str(inputs[0].get("file", "")) if inputs else ""
    stem = Path(file).stem
    name = stem if stem in shipped("councils") else study.council
    try:
        called = council_called(name, load_evidence().sources)
    except InputError:
        return None, f"No council called {study.council} ships: its numbers are all its own."
    made = " made from the published tables" if called.made else ""
    same = " As in the study itself, it was not changed by hand." if file.endswith(MADE) else ""
    return called, f"The council is held against {called.path.stem}{made}.{same}"


def _shipped_numbers(
    study: PaperStudy, called: CalledCouncil | None
) -> Mapping[tuple[str, str], Cells]:
    evidence = load_evidence()
    council = called or council_called(next(iter(shipped("councils"))), evidence.sources)
    scenarios = _shipped_scenarios(study, called) if called else []
    rows = assumptions_of(council.council, scenarios, evidence.behaviour, council.sources)
    every = [dict(zip(ASSUMPTION_COLUMNS, row, strict=True)) for row in rows]
    return {
        (cells["of"], cells["key"]): cells for cells in every if called or cells["of"] != COUNCIL
    }


def _shipped_scenarios(study: PaperStudy, called: CalledCouncil) -> list[Scenario]:
    """The scenarios that ship under the keys of the study's, where they fit the council."""
    found = []
    for option in study.options:
        if option.key != BASELINE_NAME and option.key in shipped("scenarios"):
            try:
                found.append(load_scenario(option.key, called.council, called.sources))
            except InputError:
                continue
    return found


def _files(study: PaperStudy) -> Table:
    known = {path.name: path for path in configs_folder().rglob("*.toml")}
    rows = []
    for one in study.manifest.get("inputs") or ():
        name, sha256 = str(one["file"]), str(one["sha256"])
        path = known.get(name)
        if path is None:
            state = "made from the tables" if name.endswith(MADE) else "the author's own"
        else:
            state = "as shipped" if file_hash(path) == sha256 else "changed, or of another version"
        rows.append((name, sha256[:12], state))
    return Table(
        "Files that the study was made from", ("File", "SHA-256", "Against the shipped file"),
        tuple(rows) or (("none named", "", ""),), is_simulated=False,
    )  # fmt: skip
