"""Errors that a planner reads: where, what, and how to mend it, on one line."""

from __future__ import annotations

from pathlib import Path


class InputError(Exception):
    """Something that the user supplied can't be used.

    Attributes:
        where: file, and key or cell, in which the fault lies.
        problem: what is wrong, with the value found.
        remedy: what to do about it.
    """

    def __init__(self, where: str | Path, problem: str, remedy: str) -> None:
        self.where = str(where)
        self.problem = problem
        self.remedy = remedy
        super().__init__(self.line())

    def line(self) -> str:
        """The whole message on one line."""
        end = "" if self.problem.endswith("?") else "."
        text = " ".join(f"{self.where}: {self.problem}{end} {self.remedy}".split())
        return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)

    def __reduce__(self) -> tuple[type[InputError], tuple[str, str, str]]:
        """Let the error cross a process boundary whole."""
        return InputError, (self.where, self.problem, self.remedy)
