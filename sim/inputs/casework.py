"""Casework in a plan: demand, lengths, law, capacity, and the children of day 0."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from sim.config.apportion import largest_remainder
from sim.config.casework import STAGES, Casework, TransferRule
from sim.config.errors import InputError
from sim.dates import (
    DAYS_PER_MONTH,
    DAYS_PER_WEEK,
    DAYS_PER_YEAR,
    working_days,
)
from sim.inputs.balance import Reference
from sim.inputs.case_demand import referrals_per_day
from sim.inputs.case_flow import (
    SMALLEST_SHARE,
    CaseFlow,
    Known,
    check_flow,
    reviewed_stay,
    scheme_with_mean,
    solve_flow,
)
from sim.inputs.case_load import start_work
from sim.inputs.case_people import absence_plan, mean_change, people_of_day_0, support_of_day_0
from sim.inputs.case_routing import law, routing, routing_by_date
from sim.inputs.case_settings import CaseSettings
from sim.inputs.casework_plan import (
    ASSESSMENT,
    CARE_LEAVER,
    CHILD_IN_NEED,
    COURT,
    DECISION,
    FULL_LOAD,
    IN_CARE,
    LOOKED_AFTER_FIRST_YEAR,
    LOOKED_AFTER_SETTLED,
    ON_PLAN,
    PRE_PROCEEDINGS,
    PROTECTION_PLAN,
    SECTION_47,
    CaseworkPlan,
    Length,
    ReviewScheme,
    Shares,
)
from sim.inputs.context import Context
from sim.inputs.draws import CENTRAL_DRAW
from sim.inputs.plan import AgencyPlan, PostPlan
from sim.inputs.position import PostState

WORKING_DAYS_PER_YEAR = 253
"""England's working days in a year, the denominator of the published absence rate."""
CALENDAR_PER_WORKING_DAY = DAYS_PER_YEAR / WORKING_DAYS_PER_YEAR
MOST_NEW_WORKERS = 0.95
"""Largest chance that a child's worker is new when a review falls due: some reviews are held."""
LONGEST_LOOK_BACK_DAYS = 400
"""Days before day 0 from which a referral of an open assessment may date."""

_PRIORITY = {
    PROTECTION_PLAN: 0,
    SECTION_47: 1,
    COURT: 2,
    PRE_PROCEEDINGS: 3,
    LOOKED_AFTER_FIRST_YEAR: 4,
    LOOKED_AFTER_SETTLED: 5,
    DECISION: 6,
    ASSESSMENT: 7,
    CHILD_IN_NEED: 8,
    CARE_LEAVER: 9,
}
"""Order in which waiting children get a worker: protection first."""


def casework(
    ctx: Context,
    posts: Sequence[PostPlan],
    agency: AgencyPlan,
    references: Mapping[str, Reference],
) -> CaseworkPlan | None:
    """The casework half of a plan; None for a council that describes none."""
    council = ctx.council.casework
    settings = ctx.case_settings
    if council is None or settings is None:
        return None
    v = ctx.values
    start_posts = [p for p in posts if p.state is not PostState.NOT_OPEN]
    people = people_of_day_0(ctx, start_posts, agency, references)
    case_flow = settled_flow(ctx, council, settings, mean_change(people))
    flow, lengths = case_flow.flow, case_flow.lengths
    routes = routing(ctx, council)
    children = _start_children(council, flow, routes, len(ctx.council.teams))
    work = start_work(ctx, settings, people, children)
    hard_limit = v["casework.capacity.hard_limit"] / FULL_LOAD
    teams = range(len(people))
    return CaseworkPlan(
        referrals_per_day=referrals_per_day(ctx, council, settings),
        pending_re_referrals=_re_referral_chance(v, flow) * flow.closures / DAYS_PER_YEAR
        * v["casework.lengths.re_referral_delay"] * DAYS_PER_MONTH,
        re_referral_days=v["casework.lengths.re_referral_delay"] * DAYS_PER_MONTH,
        routing=routing_by_date(ctx, routes),
        roles_from=law(ctx, settings),
        points=work.points,
        priority=tuple(_PRIORITY[stage] for stage in range(len(STAGES))),
        lengths=tuple(lengths.get(stage) for stage in range(len(STAGES))),
        reviews=case_flow.schemes,
        shares=_shares(v, flow),
        limit_load=tuple(work.limit(team, hard_limit) for team in teams),
        slowing=v["casework.capacity.load_slows_work"],
        review_delay_days=case_flow.delay_days,
        change_per_day=tuple(team.change_per_day for team in people),
        hold_transfers=council.transfer_rule is TransferRule.HOLD,
        handover_hours=v["casework.capacity.handover_hours"],
        hours_per_month=v["casework.capacity.hours_per_month"],
        newly_qualified_share=v["casework.capacity.newly_qualified"],
        experienced_start=v["casework.capacity.experienced_start"],
        experienced_ramp_days=v["casework.capacity.experienced_ramp"] * DAYS_PER_WEEK,
        agency_share=v["casework.capacity.agency"],
        pool_capacity=work.pool_capacity,
        freed_by_support=(
            v["casework.capacity.freed_by_business_support"],
            v["casework.capacity.freed_by_family_practitioner"],
        ),
        freed_ceiling=(
            v["casework.capacity.administration_share"] * v["casework.capacity.recoverable_share"],
            v["casework.capacity.direct_work_share"] * v["casework.capacity.recoverable_share"],
        ),
        supervision_fte=v["casework.capacity.practitioner_supervision"],
        start_support_fte=support_of_day_0(ctx, start_posts),
        absence=absence_plan(v),
        assessment_limit=settings.limits.assessment_days,
        conference_limit=settings.limits.conference_days,
        calendar=working_days(
            ctx.calendar.start, -LONGEST_LOOK_BACK_DAYS, int(ctx.calendar.boundaries[-1])
        ),
        start_children=children,
        start_load=tuple(work.load(team) for team in teams),
        start_lost_share=work.lost,
        recording_ratio=_recording_ratio(ctx, council, work.open_children),
        load_multiplier_per_case=v["exits.load_multiplier_per_case"],
        loop=settings.loop,
    )  # fmt: skip


@dataclass(frozen=True)
class SettledFlow:
    """Flows that keep the council's stocks, with the lengths and reviews that go with them.

    Attributes:
        flow: children a day from stage to stage.
        lengths: by stage, of those that have one.
        schemes: reviews, by stage.
        delay_days: how long a review is put off.
    """

    flow: CaseFlow
    lengths: dict[int, Length]
    schemes: dict[int, ReviewScheme]
    delay_days: float


def settled_flow(
    ctx: Context, council: Casework, settings: CaseSettings, change_per_day: float
) -> SettledFlow:
    """Solve the flow of cases.

    Args:
        ctx: what the plan is made from.
        council: its casework.
        settings: what the study chooses about casework.
        change_per_day: rate at which a child loses the worker.

    Raises:
        InputError: a stock is larger than its stage can hold.
    """
    v = ctx.values
    delay = v["casework.lengths.review_delay"] * DAYS_PER_WEEK
    new_worker = min(MOST_NEW_WORKERS, 1 - math.exp(-change_per_day * delay))
    schemes = {
        CHILD_IN_NEED: _scheme(v, "casework.child_in_need_reviews", ()),
        PROTECTION_PLAN: _scheme(v, "casework.plan_reviews", ("first", "second", "later")),
    }
    lengths = _lengths(v, settings.limits.assessment_days)
    known = _known(ctx, council, schemes, lengths, delay, new_worker)
    if ctx.draw == CENTRAL_DRAW:
        _refuse_impossible_stocks(known)
    flow = solve_flow(known)
    schemes[CHILD_IN_NEED] = scheme_with_mean(
        schemes[CHILD_IN_NEED], flow.child_in_need_days, delay, new_worker
    )
    lengths[LOOKED_AFTER_SETTLED] = Length(flow.settled_days, exponential=True)
    return SettledFlow(flow, lengths, schemes, delay)


# -- parts -----------------------------------------------------------------------------------------


def _scheme(v: Mapping[str, float], key: str, names: Sequence[str]) -> ReviewScheme:
    """Reviews as drawn; an earliest day drawn beyond the latest is set to it."""
    first_latest, next_latest = v[f"{key}.first_latest"], v[f"{key}.next_latest"]
    return ReviewScheme(
        first=(min(v[f"{key}.first_earliest"], first_latest), first_latest),
        following=(min(v[f"{key}.next_earliest"], next_latest), next_latest),
        off_review_per_day=v[f"{key}.off_review_rate"] / DAYS_PER_YEAR,
        ends=tuple(v[f"{key}.ends_at_{name}"] for name in names) or (0.5,),
    )


def _sigma(variation: float) -> float:
    """Standard deviation of the logarithm of a lognormal with a coefficient of variation."""
    return math.sqrt(math.log(1 + variation**2))


def _lengths(v: Mapping[str, float], limit_days: int) -> dict[int, Length]:
    """Length of each stage that has one."""
    key = "casework.lengths."
    sigma = _sigma(v[key + "assessment_variation"])
    # The limit counts from the referral: the working day of the decision comes off it.
    limit = (limit_days - 1) * CALENDAR_PER_WORKING_DAY
    in_time = float(ndtri(v[key + "assessment_in_time_share"]))
    court_sigma = _sigma(v[key + "court_variation"])
    return {
        DECISION: Length(v[key + "decision"]),
        ASSESSMENT: Length(limit * math.exp(-in_time * sigma + sigma**2 / 2), sigma),
        SECTION_47: Length(
            v[key + "section_47"] * CALENDAR_PER_WORKING_DAY,
            _sigma(v[key + "section_47_variation"]),
        ),
        PRE_PROCEEDINGS: Length(v[key + "pre_proceedings"] * DAYS_PER_WEEK, court_sigma),
        COURT: Length(v[key + "court"] * DAYS_PER_WEEK, court_sigma),
        CARE_LEAVER: Length(v[key + "care_leaver"] * DAYS_PER_YEAR, exponential=True),
    }


def _known(
    ctx: Context,
    council: Casework,
    schemes: Mapping[int, ReviewScheme],
    lengths: Mapping[int, Length],
    delay: float,
    new_worker: float,
) -> Known:
    v = ctx.values
    flows, outcomes = "council.casework.flows.", "casework.outcomes."
    return Known(
        referrals=v["council.casework.demand.referrals_per_year"],
        no_further_action=_no_further_action(v),
        not_in_need_of_referrals=v[flows + "not_in_need_share"],
        section_47_per_referral=v[flows + "section_47_per_referral"],
        section_47_from_child_in_need=v[outcomes + "section_47_from_child_in_need"],
        plans_per_conference=_plans_per_conference(v),
        plan_to_care=v[outcomes + "plan_to_care"],
        plan_to_child_in_need=v[outcomes + "plan_to_child_in_need"],
        pre_proceedings_to_court=v[outcomes + "pre_proceedings_to_court"],
        court_to_looked_after=v[outcomes + "court_to_looked_after"],
        leave_care_in_first_year=v[outcomes + "leave_care_in_first_year"],
        become_care_leaver=v[outcomes + "become_care_leaver"],
        care_entries=v[flows + "care_entries_per_year"],
        decision_days=lengths[DECISION].mean,
        assessment_days=lengths[ASSESSMENT].mean,
        section_47_days=lengths[SECTION_47].mean,
        pre_proceedings_days=lengths[PRE_PROCEEDINGS].mean,
        court_days=lengths[COURT].mean,
        care_leaver_days=lengths[CARE_LEAVER].mean,
        plan=reviewed_stay(
            schemes[PROTECTION_PLAN],
            delay,
            new_worker,
            v["casework.plan_reviews.to_pre_proceedings"],
            v[outcomes + "pre_proceedings_to_court"],
        ),
        on_plans=council.stocks.children_on_plans,
        in_care=council.stocks.children_in_care,
        other=council.stocks.other_children_in_need,
    )


def _no_further_action(v: Mapping[str, float]) -> float:
    """Share of referrals that end at the decision: in any draw some are assessed."""
    return min(1 - SMALLEST_SHARE, v["council.casework.flows.no_further_action_share"])


def _plans_per_conference(v: Mapping[str, float]) -> float:
    """Share of conferences that end in a plan: in any draw some do."""
    return max(SMALLEST_SHARE, v["council.casework.flows.plans_per_conference"])


def _re_referral_chance(v: Mapping[str, float], flow: CaseFlow) -> float:
    """Chance that a closed case comes back, which keeps re-referrals at their published share."""
    again = v["council.casework.demand.re_referral_share"] * flow.inflows[DECISION]
    return min(0.95, again / flow.closures) if flow.closures > 0.0 else 0.0


def _shares(v: Mapping[str, float], flow: CaseFlow) -> Shares:
    outcomes = "casework.outcomes."
    return Shares(
        no_further_action=_no_further_action(v),
        not_in_need=flow.not_in_need,
        assessed_to_care=flow.assessed_to_care,
        assessed_to_section_47=flow.assessed_to_section_47,
        section_47_to_plan=flow.section_47_to_conference * _plans_per_conference(v),
        section_47_to_conference=flow.section_47_to_conference,
        child_in_need_to_section_47=flow.child_in_need_to_section_47,
        plan_to_care=v[outcomes + "plan_to_care"],
        plan_to_child_in_need=v[outcomes + "plan_to_child_in_need"],
        to_pre_proceedings=v["casework.plan_reviews.to_pre_proceedings"],
        pre_proceedings_to_court=v[outcomes + "pre_proceedings_to_court"],
        court_to_looked_after=v[outcomes + "court_to_looked_after"],
        leave_care_in_first_year=v[outcomes + "leave_care_in_first_year"],
        become_care_leaver=v[outcomes + "become_care_leaver"],
        re_referral=_re_referral_chance(v, flow),
    )


def _refuse_impossible_stocks(known: Known) -> None:
    """Refuse a stock that is larger than its stage can hold.

    Raises:
        InputError: naming it.
    """
    try:
        check_flow(known)
    except ValueError as error:
        problem, _, remedy = str(error).partition("|")
        raise InputError("casework.stocks", problem, remedy) from None


# -- children of day 0 -----------------------------------------------------------------------------


def _start_children(
    council: Casework,
    flow: CaseFlow,
    routing: Sequence[Sequence[tuple[float, int]]],
    teams: int,
) -> tuple[tuple[int, ...], ...]:
    """Children on day 0 by stage and team: whole numbers that meet the council's three stocks."""
    table = np.zeros((len(STAGES), teams), dtype=np.int64)
    groups = (
        (sorted(ON_PLAN), council.stocks.children_on_plans),
        (sorted(IN_CARE), council.stocks.children_in_care),
        ((DECISION, ASSESSMENT, SECTION_47, CHILD_IN_NEED), council.stocks.other_children_in_need),
        ((CARE_LEAVER,), flow.stocks[CARE_LEAVER]),
    )
    for stages, total in groups:
        cells, weights = [], []
        for stage in stages:
            before = 0.0
            for share, team in routing[stage]:
                cells.append((stage, team))
                weights.append(flow.stocks[stage] * (share - before))
                before = share
        counts = largest_remainder(np.array(weights), round(total))
        for (stage, team), count in zip(cells, counts, strict=True):
            table[stage, team] += count
    return tuple(tuple(int(n) for n in row) for row in table)


def _recording_ratio(ctx: Context, council: Casework, open_children: int) -> float:
    """Recorded cases per open child that makes caseload on day 0 the published one."""
    holders = ctx.totals.case_holders_fte
    return council.caseload_fte * holders / open_children if open_children else 1.0
