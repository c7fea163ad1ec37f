"""What later tables print otherwise than those that a council's file was made from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sim.config.council import Council
from sim.config.errors import InputError
from sim.published.council_file.called import new_file
from sim.published.record import load_record


def later_changes(council: Council, folder: Path) -> Iterator[str]:
    """Published figures of a file that a folder of downloads has otherwise, with the difference.

    Args:
        council: the council; without `made` there is nothing to tell.
        folder: downloads of the Department's tables.

    Raises:
        InputError: the folder holds no known table, or the council can't be made from it.
    """
    made = council.made
    if made is None:
        raise InputError(
            "--from-dfe",
            f"the file of {council.name} was not made from tables",
            "Leave the option out, or make a file with caseholder council new",
        )
    again = new_file(load_record(folder=folder), made.code.split(" / ")[0], made.year, fill=True)
    now = again.data["made"]
    for key, was in made.published.items():
        new = now["published"].get(key)
        if new is not None and new != was:
            yield (
                f"{key} is {new:g} in the {now['release']} release, {was:g} in that of"
                f" {made.release}: {new - was:+.6g}"
            )
