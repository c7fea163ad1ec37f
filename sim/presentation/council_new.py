"""`caseholder council new`: a council's file, made from published tables."""

from __future__ import annotations

import os
from pathlib import Path

from sim.config.errors import InputError
from sim.config.shipped import is_file_name
from sim.inputs.checks import check_council_fits
from sim.published.council_file.called import known_year, new_file
from sim.published.record import load_record
from sim.scenario.check import check_config

NATIONAL = "national"


def new_council(
    name: str, year: int | None, folder: Path | None, fill: str | None, out: Path
) -> list[str]:
    """Write a council's file and say what is in it, one line a fact.

    Args:
        name: of the council, or its code.
        year: of the workforce census; the newest if None.
        folder: downloads of the Department's tables, if any.
        fill: "national" where national figures may stand in for those not published.
        out: the file to write; it must not be there yet.

    Raises:
        InputError: the council can't be made, or the file can't be written.
    """
    if fill not in (None, NATIONAL):
        raise InputError("--fill", f"'{fill}' is nothing to fill with", f"Use: {NATIONAL}")
    if not is_file_name(out.name):
        raise InputError(f"--out {out}", "is no .toml file", "Give it a name that ends in .toml")
    record = load_record(folder=folder)
    made = new_file(record, name, known_year(record, year), fill == NATIONAL)
    write_new(out, made.text)
    return check_config(str(out), fits=check_council_fits)


def write_new(out: Path, text: str) -> None:
    """Write a file that is not there yet, whole or not at all.

    Raises:
        InputError: it is there, or can't be written.
    """
    part = out.with_name(f".{out.name}.part")
    try:
        if os.path.lexists(out):
            raise InputError(out, "is there already", "Choose another name, or move it away")
        out.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8", newline="\n")
        Path(part).replace(out)
    except OSError as error:
        part.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise InputError(out, f"can't be written ({reason})", "Choose another place") from None
