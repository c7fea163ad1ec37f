"""The efficient set: options that no other beats on both cost and effect."""

from __future__ import annotations

from collections.abc import Sequence


def efficient(costs: Sequence[float], effects: Sequence[float]) -> list[bool]:
    """Which options no other beats: none costs as little and brings as much, or better in one.

    Args:
        costs: of each option; less is better.
        effects: of each option; more is better.
    """
    options = list(zip(costs, effects, strict=True))
    return [not any(_beats(other, own) for other in options) for own in options]


def _beats(other: tuple[float, float], own: tuple[float, float]) -> bool:
    return other != own and other[0] <= own[0] and other[1] >= own[1]
