"""The sources that every number names (configs/sources.toml)."""

from __future__ import annotations

from pydantic import Field, RootModel

from sim.config.quantity import Frozen


class Source(Frozen):
    """Where a number comes from."""

    title: str = Field(min_length=1)
    address: str = ""


class Sources(RootModel[dict[str, Source]]):
    """All sources by key."""

    def __contains__(self, key: str) -> bool:
        return key in self.root
