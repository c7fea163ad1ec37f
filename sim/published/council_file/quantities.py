"""Ranges of a council's file: low, central and high with unit, grade and source."""

from __future__ import annotations

from typing import Any

from sim.config.quantity import Grade, Quantity, Scale, Unit

Z95 = 1.6448536269514722
"""Standard score of the 95th percentile: how far from the central value a range's ends are."""
SHARE_MARGIN = 0.015
"""Least distance of a share's ends from the centre: a year's figure is no certainty."""


def a_range(
    low: float,
    central: float,
    high: float,
    unit: Unit,
    grade: Grade,
    source: str,
    scale: Scale = Scale.LINEAR,
    digits: int = 4,
) -> dict[str, Any]:
    """A range as it stands in a file."""
    points = dict(zip(("low", "central", "high"), (low, central, high), strict=True))
    stated = {name: round(float(point), digits) for name, point in points.items()}
    table = stated | {"unit": unit.value, "grade": grade.value, "source": source}
    return table | ({} if scale is Scale.LINEAR else {"scale": scale.value})


def share_range(values: list[float], central: float, source: str) -> dict[str, Any]:
    """The range of a share: from the least to the greatest of some years, and a margin at least."""
    low = max(0.0, min([*values, central - SHARE_MARGIN]))
    high = min(1.0, max([*values, central + SHARE_MARGIN]))
    return a_range(low, central, high, Unit.SHARE, Grade.OFFICIAL, source)


def as_table(quantity: Quantity) -> dict[str, Any]:
    """A checked range as it stands in a file, without what is left at its default."""
    return quantity.model_dump(mode="json", exclude_defaults=True)
