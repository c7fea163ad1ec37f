"""Shares that miss 1 by the rounding of a published table, scaled to 1 and said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import BaseModel, PrivateAttr

from sim.config.quantity import Frozen

EXACT, ROUNDING = 1e-6, 0.005
"""What counts as 1, and by how much percentages of one decimal may miss it."""


class Rounded(Frozen):
    """A model that holds shares of a whole.

    Attributes:
        _said: what was scaled, in words; empty where nothing was.
    """

    _said: list[str] = PrivateAttr(default_factory=list)

    def _scaled(self, shares: Sequence[float], what: str) -> list[float]:
        """Shares that sum to 1.

        Args:
            shares: as given.
            what: what is said to sum to something else.

        Raises:
            ValueError: as "problem|remedy", where rounding can't explain what is missing.
        """
        total = sum(shares)
        if abs(total - 1) <= EXACT:
            return list(shares)
        if abs(total - 1) > ROUNDING + EXACT:
            raise ValueError(f"{what} to {total:g}, not 1|Make the shares sum to 1")
        self._said.append(f"{what} to {total:g}; scaled to 1")
        return [share / total for share in shares]


def scaled_in(model: BaseModel) -> Iterator[str]:
    """What was scaled anywhere in a model, in words."""
    if isinstance(model, Rounded):
        yield from model._said
    for name in type(model).model_fields:
        value = getattr(model, name)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, BaseModel):
                yield from scaled_in(item)
