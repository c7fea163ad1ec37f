"""A number with its noun: one line, two lines."""

from __future__ import annotations


def counted(count: int | str, noun: str, plural: str = "") -> str:
    """A count with its noun, in the singular where the reader sees a 1.

    Args:
        count: how many; text where it is already written as it is shown.
        noun: what is counted, one of it.
        plural: several; the noun with an "s" where it is left out.
    """
    shown = count if isinstance(count, str) else f"{count:,}"
    return f"{shown} {noun if shown == '1' else plural or f'{noun}s'}"
