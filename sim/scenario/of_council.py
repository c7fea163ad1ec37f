"""What a scenario states in terms of its council: day 0, all teams, a share of its posts.

A file that does so fits any council. The council reaches the validators through pydantic's context,
so that a measure holds dates, teams and FTE like any other.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from pydantic import BeforeValidator, ValidationInfo

from sim.config.apportion import largest_remainder
from sim.config.council import Council

DAY_0 = "day 0"
ALL_TEAMS = "all"
SHARE = "share_of_establishment"
_COUNCIL = "council"
_HALVES = 2
"""Posts divided among teams are whole halves of an FTE, as those of day 0 are."""


def seen_by_validators(council: Council | None) -> dict[str, Any]:
    """The context with which a scenario of a council is parsed."""
    return {_COUNCIL: council}


def _council_of(info: ValidationInfo, what: str) -> Council:
    council = (info.context or {}).get(_COUNCIL)
    if not isinstance(council, Council):
        # No TypeError: of those pydantic makes no fault of the file.
        raise ValueError(  # noqa: TRY004
            f"{what} needs a council|Name the council in the file, or with --council"
        )
    return council


def _from_day_0(start: object, info: ValidationInfo) -> object:
    return _council_of(info, f"'{DAY_0}'").start_date if start == DAY_0 else start


def _placed(posts: object, info: ValidationInfo) -> object:
    if not isinstance(posts, list | tuple):
        return posts
    return [placed for item in posts for placed in _one_placed(item, info)]


def _one_placed(item: object, info: ValidationInfo) -> list[object]:
    """An item of posts, as items with a team and FTE each."""
    if not isinstance(item, dict) or not (SHARE in item or item.get("team") == ALL_TEAMS):
        return [item]
    size = item.get("fte") if SHARE not in item else _of_establishment(item, info)
    rest = {key: value for key, value in item.items() if key not in (SHARE, "team", "fte")}
    if item.get("team") != ALL_TEAMS:
        return [rest | {"team": item.get("team"), "fte": size}]
    council = _council_of(info, f"team = '{ALL_TEAMS}'")
    if isinstance(size, bool) or not isinstance(size, int | float) or not 0 < size < 1e6:
        raise ValueError(f"fte {size!r} can't be divided among teams|Give a number above 0")
    shares = np.array([team.work_share for team in council.teams])
    halves = largest_remainder(shares, max(1, round(size * _HALVES)))
    return [
        rest | {"team": team.key, "fte": int(n) / _HALVES}
        for team, n in zip(council.teams, halves, strict=True)
        if n
    ]


def _of_establishment(item: dict[str, Any], info: ValidationInfo) -> float:
    """FTE that are a share of the council's posts, filled and vacant, to a tenth."""
    share = item[SHARE]
    if "fte" in item:
        raise ValueError(f"posts have both fte and {SHARE}|Keep one of the two")
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 < share <= 1:
        raise ValueError(f"{SHARE} {share!r} is no share|Give a number above 0, up to 1")
    totals = _council_of(info, SHARE).totals.central
    return round(share * (totals.inpost_fte + totals.vacancy_fte), 1)


FROM_DAY_0 = BeforeValidator(_from_day_0)
"""For a date that may be written as "day 0"."""
PLACED = BeforeValidator(_placed)
"""For posts that may be of all teams, or a share of the establishment."""
