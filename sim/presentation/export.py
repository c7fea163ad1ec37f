"""Export of a study: all its files, or none."""

from __future__ import annotations

from pathlib import Path

from sim.config.errors import InputError
from sim.experiment.export import Format, export
from sim.presentation.dictionary import FILE_NAME
from sim.presentation.files import staged_folder
from sim.presentation.running import Interrupted
from sim.presentation.study_dictionary import write_study_dictionary


def export_study(study: Path, kind: str, out: Path) -> list[str]:
    """Write every table of a study to a folder.

    Args:
        study: the store.
        kind: "csv", "parquet" or "duckdb".
        out: the folder.

    Returns:
        Names of the files.

    Raises:
        InputError: the study can't be read, the folder can't be written to, or there is no such
            format.
        Interrupted: the user stopped it.
    """
    if kind not in tuple(Format):
        raise InputError("--format", f"'{kind}' is no format", f"Use: {', '.join(Format)}")
    try:
        with staged_folder(out) as folder:
            names = export(study, Format(kind), folder)
            write_study_dictionary(names, folder)
            return [*names, FILE_NAME]
    except KeyboardInterrupt:
        raise Interrupted("stopped; nothing was written") from None
