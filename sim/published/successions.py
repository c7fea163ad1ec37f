"""Which councils followed which, and which are counted together: the only table of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Succession:
    """On a day some councils ended and others began on the same ground, by three-digit code."""

    day: dt.date
    before: Mapping[str, str]
    after: Mapping[str, str]


SUCCESSIONS = (
    Succession(
        dt.date(2019, 4, 1),
        {"835": "Dorset", "836": "Poole", "837": "Bournemouth"},
        {"838": "Dorset", "839": "Bournemouth, Christchurch and Poole"},
    ),
    Succession(
        dt.date(2021, 4, 1),
        {"928": "Northamptonshire"},
        {"940": "North Northamptonshire", "941": "West Northamptonshire"},
    ),
    Succession(
        dt.date(2023, 4, 1),
        {"909": "Cumbria"},
        {"942": "Cumberland", "943": "Westmorland and Furness"},
    ),
)
"""In order of their days. A council that only takes another nine-character code, as North
Yorkshire, Somerset and Buckinghamshire did, keeps its three digits and is no succession."""

COUNTED_TOGETHER = (
    {"314": "Kingston upon Thames", "318": "Richmond upon Thames"},
    {"940": "North Northamptonshire", "941": "West Northamptonshire"},
)
"""Councils with one row between them in the workforce tables: each is a pair of codes."""


def exists(code: str, day: dt.date) -> bool:
    """Whether the council of this code exists on a day."""
    return all(code not in (each.before if day >= each.day else each.after) for each in SUCCESSIONS)


def successors(code: str) -> Succession | None:
    """The succession in which a council ended, if it did."""
    return next((each for each in SUCCESSIONS if code in each.before), None)


def same_ground(codes: Iterable[str], now: dt.date, then: dt.date) -> frozenset[str] | None:
    """The councils that stand at another date on exactly the ground of some councils now.

    Args:
        codes: the councils now.
        now: the date at which these exist.
        then: an earlier or later date.

    Returns:
        Their codes then; None where the borders are others, so that nothing can be compared.
    """
    ground, later = frozenset(codes), then > now
    first, last = sorted((now, then))
    for each in SUCCESSIONS if later else reversed(SUCCESSIONS):
        left, reached = (each.before, each.after) if later else (each.after, each.before)
        if not first < each.day <= last or ground.isdisjoint(left):
            continue
        if not ground >= left.keys():
            return None
        ground = ground - left.keys() | reached.keys()
    return ground


def counted_with(code: str) -> Mapping[str, str] | None:
    """The councils with which one has a row in common, itself included, if it has."""
    return next((pair for pair in COUNTED_TOGETHER if code in pair), None)
