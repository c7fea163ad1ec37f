"""Plans with children's cases for tests: Devon's, still ones and tiny ones; and ways to watch."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from sim.config.casework import TransferRule
from sim.config.council import Council
from sim.config.roles import Role
from sim.config.rules_taken import RulesTaken
from sim.dates import DAYS_PER_YEAR
from sim.engine.case_records import CaseRecords
from sim.engine.codes import CASE_CLOSED
from sim.engine.layout import Case, CaseHolder, World
from sim.engine.records import Array, Records
from sim.engine.simpy.engine import simulate
from sim.engine.trace import Listener
from sim.inputs.build import make_plan
from sim.inputs.case_settings import case_settings
from sim.inputs.casework_plan import (
    CHILD_IN_NEED,
    FULL_LOAD,
    PROTECTION_PLAN,
    AbsencePlan,
    CaseworkPlan,
    Length,
    ReviewScheme,
    Shares,
)
from sim.inputs.draws import make_draw
from sim.inputs.fates import Fates
from sim.inputs.plan import Plan, PostPlan
from sim.inputs.position import Position, PostState
from sim.inputs.run_options import RunOptions
from sim.scenario.scenario import Scenario, baseline
from tests.helpers import (
    FILLED,
    GAMMA,
    SEED,
    SIMPLE,
    TEAMS_WITH_MANAGERS,
    UNITS,
    balanced_council,
    balanced_position,
    devon,
    devon_position,
    ended,
    evidence,
    kept_above,
    no_cover,
    period_days,
    started,
    step,
    values_of,
)

THETA = "casework.capacity.load_slows_work"
DELAY = "casework.lengths.review_delay"
HOURS = "casework.capacity.handover_hours"
REFERRALS = "council.casework.demand.referrals_per_year"
PER_CASE = "exits.load_multiplier_per_case"

NO_ABSENCE = {
    "casework.absence.sickness_share": 0.0,
    "casework.absence.long_leave_share": 0.0,
}
STRICT = {THETA: 0.0, DELAY: 0.0, HOURS: 0.0} | NO_ABSENCE
"""Nothing that people do reaches the children: stages last as long as they are drawn."""
NOBODY_AWAY = AbsencePlan(rates=(0.0, 0.0, 0.0), means=(5.0, 70.0, 270.0), shares=(0.0, 0.0, 0.0))


# -- plans -----------------------------------------------------------------------------------------


def council_for(
    years: int = 1,
    flat: bool = True,
    rule: TransferRule = TransferRule.PUSH,
    of: Council | None = None,
) -> Council:
    """A council with another horizon; referrals alike in all months unless asked otherwise."""
    council = of or devon()
    assert council.casework is not None
    update: dict[str, object] = {"transfer_rule": rule}
    if flat:
        demand = council.casework.demand.model_copy(update={"seasonality": (1.0,) * 12})
        update["demand"] = demand
    casework = council.casework.model_copy(update=update)
    return council.model_copy(update={"horizon_years": years, "casework": casework})


def case_plan(
    years: int = 1,
    overrides: Mapping[str, float] | None = None,
    scenario: Scenario | None = None,
    draw: int = 0,
    loop: bool = False,
    council: Council | None = None,
    position: Position | None = None,
    reaction: bool = False,
) -> Plan:
    """A plan of Devon with its children's cases, all law by its date.

    Loop and reaction are off unless asked for.
    """
    council, chosen = council or council_for(years), scenario or baseline()
    options = RunOptions(loop=loop, lead_practitioners=RulesTaken.ON, reaction=reaction)
    values = values_of(council, chosen, draw, overrides)
    return make_plan(
        council,
        position or devon_position(),
        chosen,
        make_draw(council, values, SEED, draw),
        case_settings(evidence().behaviour, council.start_date, options),
    )


def balanced_case_plan(overrides: Mapping[str, float] | None = None, years: int = 1) -> Plan:
    """The balanced council of tests.helpers, starters equal to leavers, with Devon's children."""
    council = council_for(years, of=balanced_council())
    whole = sum(UNITS) + len(TEAMS_WITH_MANAGERS)
    rate = values_of(council, baseline())["council.staffing.leaving_rate"]
    balance = {
        GAMMA: 0.0,
        "council.staffing.starters_fte_per_year": rate * FILLED * whole,
        "council.staffing.team_manager_share_of_starters": len(TEAMS_WITH_MANAGERS) / whole,
        "exits.newly_qualified_first_year_rate": rate,
    }
    values = SIMPLE | balance | dict(overrides or {})
    plan = case_plan(years, values, council=council, position=balanced_position())
    # The position has other agency staff above establishment than the council's totals say.
    return kept_above(plan)


def cases_of(plan: Plan) -> CaseworkPlan:
    """The casework half of a plan that has one."""
    assert plan.casework is not None
    return plan.casework


def with_casework(plan: Plan, **changes: Any) -> Plan:
    """The same plan with its casework altered."""
    return dataclasses.replace(plan, casework=dataclasses.replace(cases_of(plan), **changes))


def still(plan: Plan) -> Plan:
    """The same plan with nobody coming or going, and nobody newly qualified."""
    nothing = (0.0, 0.0, 0.0)
    periods = plan.periods
    return dataclasses.replace(
        plan,
        markets=tuple(dataclasses.replace(m, candidates_per_day=0.0) for m in plan.markets),
        internal=dataclasses.replace(plan.internal, chance={}),
        exits=dataclasses.replace(
            plan.exits,
            rates={role: tuple(nothing for _ in bands) for role, bands in plan.exits.rates.items()},
        ),
        agency=dataclasses.replace(
            plan.agency,
            cover=(no_cover(plan),) * len(plan.agency.cover),
            assignment_days=1e9,
            conversion_per_day=0.0,
            release=0.0,
        ),
        cohorts=(),
        establishment_closures=(0.0,) * periods,
        other_net_change=(0.0,) * periods,
        notice_probability=dict.fromkeys(plan.notice_probability, 0.0),
        newly_qualified_probability=0.0,
    )


def crew(plan: Plan, people: Mapping[int, int]) -> Plan:
    """The same plan with so many full-time social workers by team, and nobody else."""
    posts: list[PostPlan] = []
    for team, count in people.items():
        pattern = next(
            p
            for p in plan.posts
            if p.role is Role.SOCIAL_WORKER and p.state is PostState.FILLED and p.team == team
        )
        posts += [
            dataclasses.replace(
                pattern, number=len(posts) + k, key=pattern.key + k, name=f"{team}/{k}", fte=1.0
            )
            for k in range(count)
        ]
    nobody = (0,) * len(plan.team_keys)
    agency = dataclasses.replace(
        plan.agency, above_start=nobody, above_by_year=(nobody,) * len(plan.agency.above_by_year)
    )
    return dataclasses.replace(still(plan), posts=tuple(posts), agency=agency)


def small(plan: Plan, part: int) -> Plan:
    """The same plan with one in so many of its posts, children and referrals.

    Every team keeps one of each kind of post that it has, and every stage one child at least.
    """
    casework, seen = cases_of(plan), Counter[tuple[object, ...]]()
    kept: list[PostPlan] = []
    for post in plan.posts:
        kind = (post.team, post.role, post.state)
        if seen[kind] % part == 0:
            kept.append(dataclasses.replace(post, number=len(kept)))
        seen[kind] += 1
    people = tuple(round(n / part) for n in plan.agency.above_start)
    agency = dataclasses.replace(
        plan.agency, above_start=people, above_by_year=(people,) * len(plan.agency.above_by_year)
    )
    return with_casework(
        dataclasses.replace(plan, posts=tuple(kept), agency=agency),
        referrals_per_day=tuple(rate / part for rate in casework.referrals_per_day),
        pending_re_referrals=casework.pending_re_referrals / part,
        start_children=tuple(
            tuple(math.ceil(n / part) for n in row) for row in casework.start_children
        ),
    )


EVERYONE_OUT = {"no_further_action": 1.0, "re_referral": 0.0}
"""Shares with which every referral ends at the decision and never comes back."""


def bare_shares(shares: Shares, **changes: float) -> Shares:
    """The same shares, some of them replaced."""
    return dataclasses.replace(shares, **changes)


def queue(
    servers: int,
    per_day: float,
    length: Length,
    at_once: int | None = 1,
    slowing: float = 0.0,
    start_load: float = 1.0,
) -> Plan:
    """A year of one queue: decisions on referrals, by some full-time workers, nothing else.

    Args:
        servers: workers.
        per_day: referrals a day.
        length: length of a decision.
        at_once: decisions that a worker may have in hand; None for no limit.
        slowing: theta; a worker's full load is one decision, or as many as `at_once`.
        start_load: load at which work goes on at speed 1.
    """
    plan = crew(case_plan(1, STRICT), {0: servers})
    casework = cases_of(plan)
    stages, teams = len(casework.points), len(plan.team_keys)
    return with_casework(
        plan,
        referrals_per_day=(per_day,) * plan.periods,
        pending_re_referrals=0.0,
        points=((FULL_LOAD / (at_once or 1),) * teams,) * stages,
        lengths=(length, *casework.lengths[1:]),
        shares=bare_shares(casework.shares, **EVERYONE_OUT),
        limit_load=(1.0 if at_once else math.inf,) * teams,
        slowing=slowing,
        start_children=((0,) * teams,) * stages,
        start_load=(start_load,) * teams,
        start_lost_share=(0.0,) * teams,
        change_per_day=(0.0,) * teams,
        absence=NOBODY_AWAY,
    )


def reviewed_daily() -> Plan:
    """Stays of hundreds of reviews, each followed by another stay."""
    daily = ReviewScheme((1.0, 1.0), (1.0, 1.0), 0.0, (0.0,) * 150 + (1.0,))
    plan = small(case_plan(1, STRICT), 30)
    return with_casework(
        plan,
        reviews={CHILD_IN_NEED: daily, PROTECTION_PLAN: daily},
        shares=bare_shares(cases_of(plan).shares, child_in_need_to_section_47=1.0),
    )


def holders_of(plan: Plan, team: int) -> int:
    """Social workers, agency included, who hold a team's cases on day 0."""
    present = (PostState.FILLED, PostState.COVERED)
    posts = [p for p in plan.posts if p.team == team and p.state in present]
    return sum(p.role is Role.SOCIAL_WORKER for p in posts) + plan.agency.above_start[team]


# -- running ---------------------------------------------------------------------------------------


def run_cases(plan: Plan, replication: int = 0, listener: Listener | None = None) -> CaseRecords:
    """What happened to children's cases in one run on the shared seed."""
    cases = simulate(plan, Fates(SEED, replication), listener).cases
    assert cases is not None
    return cases


def run_watched(
    plan: Plan,
    check: Callable[[World], None],
    replication: int = 0,
    every: int = 1,
    listener: Listener | None = None,
) -> tuple[World, Records]:
    """Run a plan and call `check` after every n-th SimPy event, whatever it was."""
    w, steps = started(plan, Fates(SEED, replication), listener is not None), 0
    while w.env.peek() < plan.horizon:
        step(w)
        steps += 1
        if steps % every == 0:
            check(w)
    return w, ended(plan, w, listener)


def open_cases(w: World) -> list[Case]:
    """Cases that are open now; who closed since the last month's end are still in the list."""
    return [case for case in w.open if case.stage != CASE_CLOSED]


def staff_of(w: World) -> list[CaseHolder]:
    """All who may hold cases now, the absent among them."""
    return [holder for holder in w.staff if not holder.gone]


def caseload_of(holder: CaseHolder) -> list[Case]:
    """The cases that somebody holds, the last given first."""
    cases, case = [], holder.first_case
    while case is not None:
        cases.append(case)
        case = case.after
    return cases


def same_cases(one: CaseRecords, other: CaseRecords) -> bool:
    """Whether two runs gave the same facts about children to the last bit."""
    return _facts(one) == _facts(other)


def _facts(cases: CaseRecords) -> dict[str, object]:
    found: dict[str, object] = {}
    for field in dataclasses.fields(CaseRecords):
        value = getattr(cases, field.name)
        if isinstance(value, dict):
            found |= {f"{field.name} {key}": rows.tobytes() for key, rows in value.items()}
        else:
            found[field.name] = value.tobytes() if isinstance(value, np.ndarray) else value
    return found


# -- reading ---------------------------------------------------------------------------------------


def total(cases: CaseRecords, *flows: str, teams: Sequence[int] | None = None) -> float:
    """Sum of some flows over the run, over all or some teams."""
    chosen = slice(None) if teams is None else list(teams)
    return float(sum(cases.flows[name][:, chosen].sum() for name in flows))


CHANGES = (
    "handovers_leaver",
    "handovers_absence",
    "handovers_agency_end",
    "handovers_internal_move",
)
"""Changes of worker other than transfers between teams."""


def points_days(plan: Plan, cases: CaseRecords) -> Array:
    """Points of all children, waiting or held, integrated over each period, by team."""
    days: Array = np.einsum("pst,st->pt", cases.child_days, np.array(cases_of(plan).points))
    return days


def mean_load(plan: Plan, cases: CaseRecords, team: int | None = None) -> float:
    """Points over capacity, mean over the run, of one team or all."""
    points, capacity = points_days(plan, cases).sum(axis=0), cases.capacity_days.sum(axis=0)
    if team is None:
        return float(points.sum() / capacity.sum())
    return float(points[team] / capacity[team])


def by_stage(cases: CaseRecords, plan: Plan) -> Array:
    """Mean children by period and stage."""
    mean: Array = cases.child_days.sum(axis=2) / period_days(plan)[:, None]
    return mean


def per_year(rows: Array, plan: Plan) -> Array:
    """Counts by period, by year."""
    rates: Array = rows / period_days(plan)[:, None] * DAYS_PER_YEAR
    return rates


@cache
def team_index() -> dict[str, int]:
    """Devon's teams by key."""
    return {team.key: t for t, team in enumerate(devon().teams)}
