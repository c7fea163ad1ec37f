"""Room for a run: its tables, sized from the plan, and made larger where one was full."""

from __future__ import annotations

import mmap
from dataclasses import dataclass

import numpy as np

from sim.dates import DAYS_PER_YEAR
from sim.engine.compiled.image import Image, Table
from sim.engine.compiled.layout import (
    EVENT,
    POOL_COUNT,
    ROUTE_COUNT,
    RUN_TABLES,
    STAGE_COUNT,
    STATE_TABLES,
)
from sim.engine.stopping import FLAG_ADDRESS
from sim.inputs.fates import Fates, Purpose
from sim.inputs.plan import Plan

_PARTIALS = 64
"""More than the partial sums that numbers of 64 bits can need."""


_LINES = 128
"""Bytes of two lines of memory, which machines fetch together."""
_PRIVATE = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if hasattr(mmap, "MAP_PRIVATE") else {}
"""Memory of this program alone, where the system asks: it comes a little faster."""


@dataclass(frozen=True)
class Memory:
    """All tables of one run, and the world that points to them."""

    world: Table
    tables: dict[str, Table]


def first_rooms(plan: Plan) -> dict[str, int]:
    """By table that grows with the run: rows that most runs need; of equal parts, of each part."""
    years = plan.horizon / DAYS_PER_YEAR
    posts = len(plan.posts) + 64
    people = int(posts * (2 + years))
    cases = 64 + int(1.4 * _expected_cases(plan))
    at_once = 1024 + cases // 2
    return {
        "events": posts * 4 + plan.periods + cases // 2 + 256,
        "nodes": cases // 2 + 256,
        "posts": posts + int(8 * years),
        "workers": people,
        "ties": 64 + posts * (len(plan.payments) + 1),
        "vacancies": people,
        "layers": 512,
        "adverts": posts,
        "stays": 64 + int(8 * sum(plan.agency.above_start) * (1 + years)),
        "overlaps": people,
        "filling": 64,
        "returns": cases,
        "cases": at_once,
        "open": at_once,
        "holders": 4 * people,
        "staff": 2 * people,
        "seats": posts // 2,
        "lives": 2 * people,
        "supernumerary": 256,
        "resigned": posts,
        "scratch": 4096,
        "listed": people,
        "ranked": people,
        "filled": people,
        "plans_ended": cases,
        "told": 4 * people + 12 * cases,
    }


def _expected_cases(plan: Plan) -> float:
    case = plan.casework
    if case is None:
        return 0.0
    lengths = np.diff(plan.boundaries)
    referred = float(np.dot(case.referrals_per_day[: plan.periods], lengths))
    return referred + sum(map(sum, case.start_children)) + case.pending_re_referrals


def _growing(plan: Plan, rooms: dict[str, int], is_traced: bool) -> dict[str, int]:
    """Rows of the tables that a run fills as it goes."""
    teams = len(plan.team_keys)
    return rooms | {
        "adverts": rooms["adverts"] * len(plan.markets),
        "seats": rooms["seats"] * teams * POOL_COUNT,
        "resigned": rooms["resigned"] * teams,
        "told": rooms["told"] if is_traced else 1,
        "arrivals": sum(int(cohort.size) + 1 for cohort in plan.cohorts)
        + sum(group.people for group in plan.pipelines.arrivals),
        "partials": _PARTIALS,
    }


def _counts(plan: Plan, places_per_team: int) -> dict[str, int]:
    """Rows of the tables that begin at nought."""
    teams, periods = len(plan.team_keys), plan.periods
    return {
        "places": places_per_team * teams,
        "account_months": periods * len(plan.accounts),
        "team_months": periods * teams,
        "stage_months": periods * teams * STAGE_COUNT,
        "stage_levels": teams * STAGE_COUNT,
        "line_months": periods * len(plan.lines),
        "pipeline": len(plan.lines),
        "route_levels": ROUTE_COUNT,
        "route_months": periods * ROUTE_COUNT,
        "target_months": periods * len(plan.markets),
    }


def memory_for(
    plan: Plan, image: Image, fates: Fates, rooms: dict[str, int], is_traced: bool
) -> Memory:
    """Tables for a run, as they are on day 0.

    Args:
        plan: the plan.
        image: the same as tables.
        fates: the replication's luck.
        rooms: rows of the tables that grow (first_rooms).
        is_traced: whether every event is to be told.
    """
    rows = _growing(plan, rooms, is_traced)
    counts = _counts(plan, image.places_per_team)
    tables = {name: table.copy() for name, table in image.state.items()}
    tables |= _side_by_side(
        {
            name: (max(1, count), RUN_TABLES[name])
            for name, count in rows.items()
            if name not in STATE_TABLES
        }
    )
    for name, count in counts.items():
        tables[name] = np.zeros(max(1, count), RUN_TABLES[name])
    tables["posts"] = np.empty(rooms["posts"], STATE_TABLES["posts"])
    tables["posts"][: len(image.state["posts"])] = image.state["posts"]
    return Memory(_world(plan, image, fates, tables, rooms, is_traced), tables)


def _side_by_side(wanted: dict[str, tuple[int, np.dtype[np.void]]]) -> dict[str, Table]:
    """Tables without contents, each begun where the machine's memory begins a line.

    Records then lie on as few lines as they can. Events begin before one: the four that stand below
    another in the queue share lines of their own. All lie in one piece that goes back to the
    machine with the run: pieces of a shared heap would leave holes that the next run does not fit.

    Args:
        wanted: by name: rows and kind of record.
    """
    places, end = {}, 0
    for name, (rows, dtype) in wanted.items():
        begin = end + (_LINES - dtype.itemsize if dtype is EVENT else 0)
        places[name] = begin
        end = -(-(begin + rows * dtype.itemsize) // _LINES) * _LINES
    whole = mmap.mmap(-1, end, **_PRIVATE)
    return {
        name: np.frombuffer(whole, dtype, rows, places[name])
        for name, (rows, dtype) in wanted.items()
    }


def _world(
    plan: Plan,
    image: Image,
    fates: Fates,
    tables: dict[str, Table],
    rooms: dict[str, int],
    is_traced: bool,
) -> Table:
    """The world's record: where all tables are, the plan's numbers, the luck."""
    world = image.world.copy()
    row = world[0]
    for name, table in tables.items():
        row[name] = table.ctypes.data
    for name in ("posts", *RUN_TABLES):
        row[f"{name}_room"] = len(tables[name])
    row["seats_per_pool"] = rooms["seats"]
    row["resigned_per_team"] = rooms["resigned"]
    row["adverts_per_market"] = rooms["adverts"]
    row["is_traced"] = is_traced
    row["stop_flag"] = FLAG_ADDRESS
    for purpose, base in fates.bases.items():
        row["bases"][purpose] = base
    if plan.casework is not None:
        row["referral_gaps"] = fates.stream(Purpose.REFERRAL_GAP, int(row["referrals_key"]))
    return world
