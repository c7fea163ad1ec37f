"""`caseholder report`: a finished study's business case and summary, as HTML and Word."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from sim.config.errors import InputError
from sim.config.nearest import did_you_mean
from sim.papers.business_case import business_case, members_summary
from sim.papers.document import Document
from sim.papers.html import as_html
from sim.papers.study import PaperStudy, read_study
from sim.papers.word import as_word
from sim.presentation.files import staged_folder

_FORMATS: Mapping[str, Callable[[Document], bytes]] = {
    "html": lambda document: as_html(document).encode("utf-8"),
    "docx": as_word,
}
ALL = "all"
FORMATS = (ALL, *_FORMATS)


def write_report(folder: Path, out: Path, kind: str, rejected: Sequence[str]) -> list[str]:
    """Write the papers of a study.

    Args:
        folder: what `compare --out` wrote.
        out: where the papers go; made if it is missing.
        kind: one of FORMATS.
        rejected: keys of options that the author rejects.

    Returns:
        Names of the files.

    Raises:
        InputError: the study can't be read, a key is no option of it, the folder can't be written
            to, or python-docx is missing.
    """
    if kind not in FORMATS:
        raise InputError("--format", f"'{kind}' is no format", f"Use: {', '.join(FORMATS)}")
    study = read_study(folder)
    _check_rejected(study, rejected)
    documents = (business_case(study, rejected), members_summary(study))
    endings = tuple(_FORMATS) if kind == ALL else (kind,)
    made = {
        f"{document.name}.{ending}": _FORMATS[ending](document)
        for document in documents
        for ending in endings
    }
    with staged_folder(out) as stage:
        for name, content in made.items():
            (stage / name).write_bytes(content)
    return list(made)


def _check_rejected(study: PaperStudy, rejected: Sequence[str]) -> None:
    known = {option.key: None for option in study.chosen}
    for key in rejected:
        if key not in known:
            remedy = f"{did_you_mean(key, known)}Options: {', '.join(known) or 'none'}"
            raise InputError("--rejected", f"'{key}' is no option of this study", remedy)
