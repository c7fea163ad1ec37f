"""`caseholder audit`: what an auditor asks of a finished study, as HTML, Word and CSV."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from sim.config.errors import InputError
from sim.papers.assumptions_book import COLUMNS, assumptions_book, book_rows
from sim.papers.checked_part import checked
from sim.papers.document import Block, Document, Heading, Paragraph, Table
from sim.papers.html import as_html
from sim.papers.input_changes import input_changes
from sim.papers.phrases import date
from sim.papers.quality_part import quality_log, verification_log
from sim.papers.stress_part import stress
from sim.papers.study import PaperStudy, read_study
from sim.papers.word import as_word
from sim.presentation.files import staged_folder, write_csv
from sim.presentation.read_manifest import MANIFEST

NAME = "audit_pack"
BOOK = "assumptions_book.csv"


def write_audit(folder: Path, out: Path) -> list[str]:
    """Write the audit pack of a study; nothing is run.

    Args:
        folder: what `compare --out` wrote.
        out: where the files go; made if it is missing.

    Returns:
        Names of the files.

    Raises:
        InputError: the study can't be read, the folder is a study's own or can't be written to,
            or python-docx is missing.
    """
    if (out / MANIFEST).exists():
        raise InputError(f"--out {out}", "is a study's own folder", "Choose a folder below it")
    study = read_study(folder)
    pack = audit_pack(study)
    made = {f"{NAME}.html": as_html(pack).encode("utf-8"), f"{NAME}.docx": as_word(pack)}
    with staged_folder(out) as stage:
        for name, content in made.items():
            (stage / name).write_bytes(content)
        write_csv(stage / BOOK, COLUMNS, book_rows(study))
    return [*made, BOOK]


def audit_pack(study: PaperStudy) -> Document:
    """The audit pack of a study, described once."""
    return Document(
        name=NAME,
        title=f"Audit pack: children's social work in {study.council}",
        subject=f"{study.council}, decision of {date(study.date.isoformat())}.",
        date=study.date,
        run_id=study.run_id,
        version=study.version,
        blocks=tuple(_blocks(study)),
    )


def _blocks(study: PaperStudy) -> Iterator[Block]:
    yield from quality_log(study)
    yield from verification_log()
    yield from checked(study.council)
    yield from stress(study)
    yield from input_changes(study)
    yield from assumptions_book(study)
    yield Heading("Manifest")
    yield Paragraph(
        "What made the figures, as manifest.json of the study has it. caseholder rerun reads that"
        " file and reproduces every number."
    )
    rows = tuple((name, _told(value)) for name, value in sorted(study.manifest.items()))
    yield Table("Manifest", ("Key", "Value"), rows, widths=(2, 7), is_simulated=False)


def _told(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
