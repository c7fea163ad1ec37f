"""Rules of casework, the flow that keeps stages in balance, and working days, without a run."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from random import Random
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.dates import DAYS_PER_YEAR, date_of, day_of, working_days
from sim.engine import formulas
from sim.engine.layout import CaseHolder, Pool, World
from sim.engine.simpy.kernel import join_pool, least_loaded, leave_pool
from sim.inputs.case_flow import (
    SHORTEST_STAY_DAYS,
    CaseFlow,
    Known,
    check_flow,
    first_year_days,
    mean_discount,
    reviewed_stay,
    scheme_with_mean,
    solve_flow,
)
from sim.inputs.casework_plan import (
    ASSESSMENT,
    CARE_LEAVER,
    CHILD_IN_NEED,
    COURT,
    DECISION,
    LOOKED_AFTER_FIRST_YEAR,
    LOOKED_AFTER_SETTLED,
    PRE_PROCEEDINGS,
    PROTECTION_PLAN,
    SECTION_47,
    ReviewScheme,
)

share = st.floats(0.0, 1.0)
theta = st.floats(0.0, 1.0)
points = st.floats(0.0, 1e4)
positive = st.floats(1e-2, 1e4)
load = st.floats(0.0, 5.0)


# -- load and speed --------------------------------------------------------------------------------


@given(points, points, positive)
def test_load_is_points_over_capacity(a: float, b: float, capacity: float) -> None:
    together = formulas.load_of(a + b, capacity)
    assert together == pytest.approx(formulas.load_of(a, capacity) + formulas.load_of(b, capacity))
    assert formulas.load_of(a, 2 * capacity) == pytest.approx(formulas.load_of(a, capacity) / 2)
    assert formulas.load_of(a, 0.0) == math.inf


@given(load, load, theta)
def test_speed_is_one_at_the_load_of_the_start(at: float, start: float, slowing: float) -> None:
    speed = formulas.progress_speed(at, start, slowing)
    assert formulas.progress_speed(start, start, slowing) == pytest.approx(1.0)
    assert formulas.progress_speed(at, start, 0.0) == 1.0
    if at >= start:
        assert speed <= 1.0 + 1e-12
    if at <= start:
        assert speed >= 1.0 - 1e-12


@given(load, load, load, theta, theta)
def test_more_load_never_speeds_work_up(
    a: float, b: float, start: float, slowing: float, more: float
) -> None:
    low, high = min(a, b), max(a, b)
    slow = formulas.progress_speed(high, start, slowing)
    assert slow <= formulas.progress_speed(low, start, slowing) + 1e-12
    both = formulas.progress_speed(high, start, slowing + more)
    assert both == pytest.approx(slow * formulas.progress_speed(high, start, more))


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(1.0, 5.0))
def test_less_than_a_full_load_changes_no_speed(a: float, b: float, over: float) -> None:
    assert formulas.progress_speed(a, b, 1.0) == 1.0
    assert formulas.progress_speed(over, b, 1.0) == pytest.approx(1 / over)
    assert formulas.progress_speed(b, over, 1.0) == pytest.approx(over)


@given(st.floats(0.8, 1.3), load, load, st.floats(1.0, 40.0))
def test_load_effect(per_case: float, a: float, start: float, cases: float) -> None:
    assert formulas.load_effect(per_case, start, start, cases) == 1.0
    assert formulas.load_effect(1.0, a, start, cases) == 1.0
    one_more = formulas.load_effect(per_case, start + 1 / cases, start, cases)
    assert one_more == pytest.approx(per_case)
    there = formulas.load_effect(per_case, a, start, cases)
    assert there * formulas.load_effect(per_case, start, a, cases) == pytest.approx(1.0)


@given(positive, st.floats(0.1, 3.0), positive, st.floats(1.0, 100.0))
def test_that_many_fte_bring_the_load_to_the_trigger(
    work: float, trigger: float, capacity: float, each: float
) -> None:
    fte = formulas.fte_over_trigger(work, trigger, capacity, each)
    assert capacity + fte * each == pytest.approx(work / trigger, rel=1e-6, abs=1e-6)
    assert formulas.fte_over_trigger(work, 0.0, capacity, each) == 0.0
    assert formulas.fte_over_trigger(work, trigger, capacity, 0.0) == 0.0


# -- allocation ------------------------------------------------------------------------------------


@given(st.lists(load, min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_least_loaded_is_the_first_of_the_smallest(loads: list[float], luck: Random) -> None:
    """By number, in whatever order people come, and when others have come and gone."""
    w, pool = World(), Pool()
    assert least_loaded(pool) is None
    people = [CaseHolder() for _ in loads]
    for number, holder in enumerate(people):
        holder.number, holder.load, holder.place = number, loads[number], -1
    another = CaseHolder()
    another.number, another.load = len(loads), -1.0
    come = [*people, another]
    luck.shuffle(come)
    for holder in come:
        join_pool(w, pool, holder)
    assert least_loaded(pool) is another
    leave_pool(w, pool, another)
    first = least_loaded(pool)
    assert first.load == min(loads)
    assert all(other > first.load for other in loads[: first.number])


@given(points, points, positive, st.floats(0.1, 5.0))
def test_room_is_what_the_limit_leaves(
    held: float, case: float, capacity: float, limit: float
) -> None:
    after = formulas.load_of(held + case, capacity)
    if abs(after - limit) > 1e-6 * limit:
        room = formulas.has_room(formulas.load_of(held, capacity), case, capacity, limit)
        assert room == (after <= limit)
    assert formulas.has_room(formulas.load_of(held, capacity), case, capacity, math.inf)
    assert not formulas.has_room(math.inf, case, 0.0, limit)


# -- capacity --------------------------------------------------------------------------------------


@given(share, st.floats(0.0, 400.0), st.floats(0.0, 400.0), st.just(0.0) | st.floats(0.1, 200.0))
def test_ramped_share_rises_to_a_full_caseload(
    start: float, a: float, b: float, ramp: float
) -> None:
    low, high = min(a, b), max(a, b)
    first, second = (formulas.ramped_share(start, day, ramp) for day in (low, high))
    assert start - 1e-12 <= first <= second + 1e-12
    assert second <= 1.0 + 1e-12
    assert formulas.ramped_share(start, ramp, ramp) == 1.0
    if ramp > 0.0:
        assert formulas.ramped_share(start, 0.0, ramp) == start
        assert formulas.ramped_share(start, ramp / 2, ramp) == pytest.approx((1 + start) / 2)


@given(st.floats(0.0, 50.0), st.floats(0.0, 50.0), share, st.floats(0.1, 200.0), share)
def test_freed_share_rises_to_its_ceiling(
    a: float, b: float, each: float, workers: float, ceiling: float
) -> None:
    low, high = min(a, b), max(a, b)
    freed = formulas.freed_share(high, each, workers, ceiling)
    assert formulas.freed_share(low, each, workers, ceiling) <= freed <= ceiling
    assert formulas.freed_share(0.0, each, workers, ceiling) == 0.0
    assert freed in (ceiling, pytest.approx(high * each / workers))
    assert formulas.freed_share(-high, each, workers, ceiling) <= 0.0
    assert formulas.freed_share(high, each, 0.0, ceiling) == 0.0


@given(st.floats(0.0, 60.0), share, st.floats(0.1, 200.0), st.floats(0.0, 0.9))
def test_losing_support_staff_leaves_work_of_ones_own(
    gone: float, each: float, workers: float, ceiling: float
) -> None:
    """However many support staff go, a social worker's capacity stays above nothing."""
    freed = formulas.freed_share(-gone, each, workers, ceiling)
    assert formulas.capacity_of(100.0, 1.0, 1.0, freed, 0.0) > 0.0


@given(positive, st.floats(0.1, 1.0), share, st.floats(0.0, 0.5), st.floats(0.0, 0.9))
def test_capacity_is_a_product(
    full: float, fte: float, part: float, freed: float, lost: float
) -> None:
    capacity = formulas.capacity_of(full, fte, part, freed, lost)
    assert capacity >= 0.0
    assert formulas.capacity_of(full, 1.0, 1.0, 0.0, 0.0) == full
    assert formulas.capacity_of(full, 2 * fte, part, freed, lost) == pytest.approx(2 * capacity)
    assert formulas.capacity_of(full, fte, part, 0.0, lost) <= capacity
    assert formulas.capacity_of(full, fte, part, freed, 0.0) >= capacity


# -- lengths and reviews ---------------------------------------------------------------------------


@given(st.floats(1.0, 1000.0), st.floats(0.0, 1.2))
def test_lognormal_days_keep_their_mean(mean: float, sigma: float) -> None:
    assert formulas.lognormal_days(0.0, mean, sigma) == pytest.approx(
        mean * math.exp(-(sigma**2) / 2)
    )
    scores = [NormalDist().inv_cdf((k + 0.5) / 4000) for k in range(4000)]
    found = np.mean([formulas.lognormal_days(z, mean, sigma) for z in scores])
    assert found == pytest.approx(mean, rel=0.01)
    assert formulas.lognormal_days(1.7, mean, 0.0) == mean


@given(st.floats(0.0, 1000.0), st.floats(0.1, 100.0))
def test_a_review_is_put_off_without_a_worker_or_with_a_new_one(held: float, window: float) -> None:
    assert formulas.puts_off_review(False, held, window)
    assert formulas.puts_off_review(True, held, window) == (held < window)
    assert not formulas.puts_off_review(False, held, 0.0)
    assert not formulas.puts_off_review(True, 0.0, 0.0)


@given(
    st.floats(0.0, 200.0),
    st.just(0.0) | st.floats(1.0, 200.0),
    st.just(0.0) | st.floats(1e-7, 0.02),
)
def test_mean_discount(low: float, width: float, rate: float) -> None:
    found = mean_discount((low, low + width), rate)
    days = low + (np.arange(2000) + 0.5) / 2000 * width
    assert found == pytest.approx(float(np.exp(-rate * days).mean()), rel=1e-5)


# A share of 0, or one that a floating-point logarithm can tell from it.
leaving = st.just(0.0) | st.floats(1e-6, 0.9)


@given(leaving)
def test_first_year_days(leave: float) -> None:
    """Mean of the smaller of a year and an exponential time within which a share leave."""
    day = (np.arange(20000) + 0.5) / 20000 * DAYS_PER_YEAR
    survival = (1 - leave) ** (day / DAYS_PER_YEAR)
    assert first_year_days(leave) == pytest.approx(float(survival.mean()) * DAYS_PER_YEAR, rel=1e-5)


LIVES = 40_000
SCHEME = ReviewScheme((45.0, 91.0), (120.0, 183.0), 0.4 / DAYS_PER_YEAR, (0.11, 0.4, 0.48))


def _live(
    scheme: ReviewScheme, delay: float, chance: float, side: float, side_ends: float
) -> list[tuple[float, float]]:
    """Mean and standard error of days, endings, off-review endings and side entries of plans."""
    rng = np.random.default_rng(7)
    days, ended, off, aside = (np.zeros(LIVES) for _ in range(4))
    alive = np.ones(LIVES, dtype=bool)
    for review in range(60):
        low, high = scheme.first if review == 0 else scheme.following
        due = rng.uniform(low, high, LIVES)
        if chance > 0.0:
            due += delay * (rng.geometric(1 - chance, LIVES) - 1)
        rate = scheme.off_review_per_day
        ends = rng.exponential(1 / rate, LIVES) if rate > 0.0 else np.full(LIVES, np.inf)
        days += np.where(alive, np.minimum(due, ends), 0.0)
        early = alive & (ends < due)
        off += early
        at_review = alive & ~early & (rng.random(LIVES) < scheme.chance_of_ending(review))
        ended += early | at_review
        alive &= ~early & ~at_review
        goes = alive & (rng.random(LIVES) < side)
        aside += goes
        alive &= ~(goes & (rng.random(LIVES) < side_ends))
    columns = (days, ended, off, aside)
    return [(float(c.mean()), float(c.std(ddof=1)) / math.sqrt(LIVES)) for c in columns]


@pytest.mark.parametrize(
    ("scheme", "delay", "chance", "side", "side_ends"),
    [
        (SCHEME, 0.0, 0.0, 0.0, 0.0),
        (SCHEME, 28.0, 0.06, 0.1, 0.6),
        (SCHEME, 70.0, 0.4, 0.15, 1.0),
        (replace(SCHEME, first=(60.0, 60.0), following=(90.0, 90.0)), 10.0, 0.2, 0.3, 0.5),
        (replace(SCHEME, off_review_per_day=3e-2), 28.0, 0.1, 0.1, 0.6),
        (replace(SCHEME, off_review_per_day=0.0), 28.0, 0.1, 0.1, 0.6),
        (replace(SCHEME, ends=(0.5,)), 28.0, 0.06, 0.0, 0.0),
    ],
    ids=["plain", "Devon", "much put off", "fixed days", "often off", "never off", "one chance"],
)
def test_reviewed_stay_is_what_lives_drawn_one_by_one_have(
    scheme: ReviewScheme, delay: float, chance: float, side: float, side_ends: float
) -> None:
    stay = reviewed_stay(scheme, delay, chance, side, side_ends)
    expected = (stay.days, stay.endings, stay.off_review, stay.side_entries)
    for value, (mean, error) in zip(
        expected, _live(scheme, delay, chance, side, side_ends), strict=True
    ):
        assert value == pytest.approx(mean, abs=4 * error + 1e-9)


@settings(max_examples=60)
@given(
    st.floats(30.0, 3000.0),
    st.floats(0.0, 1.0),
    st.sampled_from([0.0, 28.0, 70.0]),
    st.floats(0.0, 0.5),
)
def test_scheme_with_mean_meets_its_mean(
    mean: float, off_per_year: float, delay: float, chance: float
) -> None:
    scheme = replace(SCHEME, off_review_per_day=off_per_year / DAYS_PER_YEAR)
    found = scheme_with_mean(scheme, mean, delay, chance)
    assert reviewed_stay(found, delay, chance).days == pytest.approx(mean, rel=1e-4)
    assert 0.0 <= found.ends[0] <= 1.0
    assert found.off_review_per_day >= 0.0


# -- balance of the flow ---------------------------------------------------------------------------

DEVON = Known(
    referrals=4501.0, no_further_action=0.048,
    not_in_need_of_referrals=0.313, section_47_per_referral=0.46,
    section_47_from_child_in_need=0.25, plans_per_conference=0.9, plan_to_care=0.1,
    plan_to_child_in_need=0.6, pre_proceedings_to_court=0.6, court_to_looked_after=0.6,
    leave_care_in_first_year=0.25, become_care_leaver=0.4, care_entries=326.0,
    decision_days=0.7, assessment_days=42.0, section_47_days=17.0, pre_proceedings_days=112.0,
    court_days=315.0, care_leaver_days=1278.0, plan=reviewed_stay(SCHEME, 28.0, 0.06, 0.1, 0.6),
    on_plans=590.0, in_care=806.0, other=1834.0,
)  # fmt: skip


def _flows_in(known: Known, flow: CaseFlow) -> list[float]:
    """Entries a year by stage that the solved shares give, if each stage passes on what enters."""
    k, into = known, flow.inflows
    plans = into[PROTECTION_PLAN]
    ended = plans * k.plan.endings
    conferences = into[SECTION_47] * flow.section_47_to_conference
    settles = into[COURT] * k.court_to_looked_after
    return [
        k.referrals,
        into[DECISION] * (1 - k.no_further_action),
        into[ASSESSMENT] * flow.assessed_to_section_47
        + into[CHILD_IN_NEED] * flow.child_in_need_to_section_47,
        into[ASSESSMENT] * (
            1 - flow.not_in_need - flow.assessed_to_care - flow.assessed_to_section_47
        )
        + into[SECTION_47] - conferences * k.plans_per_conference
        + ended * (1 - k.plan_to_care) * k.plan_to_child_in_need,
        conferences * k.plans_per_conference,
        plans * k.plan.side_entries,
        into[PRE_PROCEEDINGS] * k.pre_proceedings_to_court,
        into[ASSESSMENT] * flow.assessed_to_care + ended * k.plan_to_care,
        settles + into[LOOKED_AFTER_FIRST_YEAR] * (1 - k.leave_care_in_first_year),
        into[LOOKED_AFTER_SETTLED] * k.become_care_leaver,
    ]  # fmt: skip


def _stays(known: Known, flow: CaseFlow) -> list[float]:
    k = known
    return [
        k.decision_days, k.assessment_days, k.section_47_days, flow.child_in_need_days,
        k.plan.days, k.pre_proceedings_days, k.court_days,
        first_year_days(k.leave_care_in_first_year), flow.settled_days, k.care_leaver_days,
    ]  # fmt: skip


def _passes_on_what_enters(known: Known) -> CaseFlow:
    """The solved flow, in which as many leave each stage as enter it, at the length of a stay.

    But for a stay that would be shorter than any is, and a stage with children that nobody enters.
    """
    flow = solve_flow(known)
    assert _flows_in(known, flow) == pytest.approx(flow.inflows, rel=1e-9)
    for n, days, stock in zip(flow.inflows, _stays(known, flow), flow.stocks, strict=True):
        if n > 0.0 and days != SHORTEST_STAY_DAYS:
            assert n * days / DAYS_PER_YEAR == pytest.approx(stock, rel=1e-9)
    assert flow.closures + flow.inflows[CARE_LEAVER] == pytest.approx(known.referrals)
    assert min(flow.stocks) >= 0.0
    return flow


def _is_balanced(known: Known) -> None:
    """It holds the council's three stocks, too."""
    held = _passes_on_what_enters(known).stocks
    assert held[PROTECTION_PLAN] + held[PRE_PROCEEDINGS] == pytest.approx(known.on_plans)
    assert held[COURT] + held[LOOKED_AFTER_FIRST_YEAR] + held[LOOKED_AFTER_SETTLED] == (
        pytest.approx(known.in_care)
    )
    assert sum(held[: CHILD_IN_NEED + 1]) == pytest.approx(known.other)


@settings(max_examples=50)
@given(
    st.floats(3800.0, 5500.0),
    st.floats(0.03, 0.1),
    st.floats(0.23, 0.34),
    st.floats(0.4, 0.47),
    st.floats(0.1, 0.4),
    st.floats(0.05, 0.15),
    st.floats(0.0, 1.0),
    leaving,
)
def test_as_many_enter_each_stage_as_leave_it(
    referrals: float, out: float, no_need: float, enquiries: float, from_need: float,
    to_care: float, step_down: float, leave: float,
) -> None:  # fmt: skip
    _is_balanced(
        replace(
            DEVON, referrals=referrals, no_further_action=out, not_in_need_of_referrals=no_need,
            section_47_per_referral=enquiries, section_47_from_child_in_need=from_need,
            plan_to_care=to_care, plan_to_child_in_need=step_down, leave_care_in_first_year=leave,
        )
    )  # fmt: skip


def test_devon_is_balanced_with_the_care_entries_it_published() -> None:
    flow = solve_flow(DEVON)
    _is_balanced(DEVON)
    assert flow.inflows[COURT] + flow.inflows[LOOKED_AFTER_FIRST_YEAR] == pytest.approx(326.0)
    assert flow.inflows[SECTION_47] == pytest.approx(0.46 * 4501.0)


IMPOSSIBLE: dict[str, dict[str, Any]] = {
    "more enquiries than assessments find in need": {
        "not_in_need_of_referrals": 0.7, "section_47_per_referral": 0.6,
        "section_47_from_child_in_need": 0.05,
    },
    "more not in need than are assessed": {"not_in_need_of_referrals": 0.97},
    "more conferences than enquiries": {"section_47_per_referral": 0.05},
    "fewer in care than a year's entries": {"in_care": 100.0},
    "fewer in need than in assessment": {"other": 300.0},
}  # fmt: skip


@pytest.mark.parametrize("case", IMPOSSIBLE)
def test_a_council_that_cannot_balance_is_refused(case: str) -> None:
    with pytest.raises(ValueError, match=r"\|"):
        check_flow(replace(DEVON, **IMPOSSIBLE[case]))


@pytest.mark.parametrize("case", IMPOSSIBLE)
def test_a_draw_beyond_the_possible_is_held_to_a_flow_in_balance(case: str) -> None:
    _passes_on_what_enters(replace(DEVON, **IMPOSSIBLE[case]))


def test_children_stay_on_plans_where_a_draw_has_no_enquiries() -> None:
    flow = solve_flow(replace(DEVON, **IMPOSSIBLE["more not in need than are assessed"]))
    assert flow.inflows[SECTION_47] == flow.inflows[PROTECTION_PLAN] == 0.0
    on_plans = flow.stocks[PROTECTION_PLAN] + flow.stocks[PRE_PROCEEDINGS]
    assert on_plans == pytest.approx(DEVON.on_plans)


def test_a_plan_that_no_review_ends_lasts_until_it_ends_between_reviews() -> None:
    never = ReviewScheme((45.0, 91.0), (120.0, 183.0), 1 / 500, (0.0,))
    stay = reviewed_stay(never, 28.0, 0.3)
    assert stay.days == pytest.approx(500.0)
    assert stay.endings == pytest.approx(1.0)
    assert stay.off_review == pytest.approx(1.0)
    assert stay.side_entries == 0.0


# -- working days ----------------------------------------------------------------------------------

START = dt.date(2021, 3, 1)


def _last_day(referred: dt.date, limit: int, hour: float = 0.0) -> dt.date:
    """Last date on which a limit is met."""
    days = working_days(START, 0, 1000)
    deadline = days.deadline(day_of(START, referred) + hour / 24, limit)
    return date_of(START, deadline) - dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("referred", "limit", "last"),
    [
        ((2021, 3, 31), 1, (2021, 4, 1)),
        ((2021, 4, 1), 1, (2021, 4, 6)),  # Good Friday and Easter Monday
        ((2021, 4, 1), 4, (2021, 4, 9)),
        ((2021, 4, 3), 1, (2021, 4, 6)),  # referred on a Saturday
        ((2021, 12, 23), 1, (2021, 12, 24)),
        ((2021, 12, 24), 1, (2021, 12, 29)),  # Christmas fell on a weekend: 27 and 28 instead
        ((2021, 12, 24), 3, (2021, 12, 31)),
        ((2021, 12, 31), 1, (2022, 1, 4)),  # so did New Year's Day: 3 January instead
        ((2022, 5, 27), 1, (2022, 5, 30)),  # no bank holiday that Monday in the jubilee year
        ((2022, 6, 1), 1, (2022, 6, 6)),  # jubilee: Thursday and Friday
        ((2022, 5, 31), 15, (2022, 6, 23)),
        ((2022, 9, 16), 1, (2022, 9, 20)),  # the Queen's funeral on Monday 19 September
        ((2023, 4, 28), 1, (2023, 5, 2)),
        ((2023, 5, 5), 1, (2023, 5, 9)),  # coronation: Monday 8 May
        ((2023, 4, 28), 6, (2023, 5, 10)),
        ((2021, 9, 8), 45, (2021, 11, 10)),  # nine weeks without a holiday
        ((2021, 9, 8), 15, (2021, 9, 29)),
        ((2022, 4, 14), 45, (2022, 6, 23)),  # two at Easter, May Day, two at the jubilee
    ],
)
def test_limits_count_working_days(
    referred: tuple[int, int, int], limit: int, last: tuple[int, int, int]
) -> None:
    assert _last_day(dt.date(*referred), limit) == dt.date(*last)
    assert _last_day(dt.date(*referred), limit, hour=23.9) == dt.date(*last)


def test_the_longest_limit_that_a_config_may_set_has_a_deadline() -> None:
    days = working_days(START, 0, 1000)
    assert 1000 + 400 * 7 / 5 < days.deadline(1000, 400) < 1000 + 400 * 7 / 5 + 40


@given(st.integers(0, 900), st.integers(1, 60))
def test_a_longer_limit_ends_later_and_on_a_working_day(day: int, limit: int) -> None:
    days = working_days(START, 0, 1000)
    first, second = days.deadline(day, limit), days.deadline(day, limit + 1)
    assert day + limit < first < second <= first + 5
    assert date_of(START, first - 1).weekday() < 5
    assert days.deadline(day + 1, limit) >= first
