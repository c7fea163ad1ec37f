"""The sources that every number names (configs/sources.toml), and what kind each is."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field, RootModel

from sim.config.quantity import Frozen, Text


class Mark(StrEnum):
    """Where a number comes from."""

    PUBLISHED = "published"
    FITTED = "fitted"
    NATIONAL = "national default"
    JUDGEMENT = "judgement"
    OWN = "from another source"


class Source(Frozen):
    """Where a number comes from.

    Attributes:
        title: what it is called.
        address: where it is found.
        kind: published tables, fitted to them, a national default, judgement, or anything else:
            a council's own paper, the press, a study.
        about: the one council whose figures it has; empty where it is about more.
    """

    title: str = Field(min_length=1)
    address: str = ""
    kind: Mark = Mark.OWN
    about: Text = ""


class Sources(RootModel[dict[str, Source]]):
    """All sources by key."""

    def __contains__(self, key: str) -> bool:
        return key in self.root
