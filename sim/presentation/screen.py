"""The screen, and files that look like it: every console is made here."""

from __future__ import annotations

import sys
from typing import TextIO

from rich.console import Console


def screen(file: TextIO | None = None, width: int | None = None) -> Console:
    """A console that shows text as it stands.

    Names come from users' files: "[/]" is a name there, no end of a style, and ":key:" no picture.

    Args:
        file: where it writes, without colours; the standard output where None.
        width: columns; those of the terminal where None.
    """
    plain = file is not None and file is not sys.stderr
    return Console(
        file=file, width=width, markup=False, emoji=False, no_color=plain or None,
        force_terminal=False if plain else None,
    )  # fmt: skip
