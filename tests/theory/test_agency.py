"""Agency: the closed form of cover, its share in balance, overlaps and conversions."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.codes import VacancyStage
from sim.engine.layout import World
from sim.engine.records import Array
from sim.engine.simpy.engine import simulate
from sim.inputs.balance import MOST_WAITING, SteadyCover, steady_cover
from sim.inputs.fates import Fates
from sim.inputs.position import PostState
from tests.helpers import (
    GAMMA,
    SEED,
    Trace,
    balanced_plan,
    devon_plan,
    ended,
    kept_above,
    run_stepwise,
    shortened,
    standard_error,
    started,
    step,
)


def _long_run_shares(cover: SteadyCover, fill: float, end: float, conversion: float) -> Array:
    """Shares of time waiting, searching and covered, from many simulated vacancies."""
    rng = np.random.default_rng(SEED)
    uncovered, pending = 1 - cover.share, cover.request_pending
    at_first = (uncovered * pending, uncovered * (1 - pending), cover.share)
    time = np.zeros(3)
    for state in rng.choice(3, size=20000, p=at_first):
        left = rng.exponential(1 / fill)
        while left > 0:
            if state == 2:
                ends, converts = rng.exponential(1 / end), rng.exponential(1 / conversion)
                stay = min(ends, converts, left)
                time[2] += stay
                left = 0.0 if converts <= min(ends, left) else left - stay
                state = 0
            else:
                mean = cover.request_days if state == 0 else cover.search_days
                stay = rng.exponential(mean)
                time[state] += min(stay, left)
                left -= stay
                state += 1
    shares: Array = time / time.sum()
    return shares


@pytest.mark.slow
@pytest.mark.parametrize("fill", [0.1 / 365, 0.4 / 365, 4.0 / 365])
@pytest.mark.parametrize(
    ("share", "ask", "end", "conversion"),
    [(0.57, 14.0, 1 / 243, 0.06 / 365), (0.3, 28.0, 0.01, 0.002)],
)
def test_steady_cover_against_simulated_vacancies(
    share: float, ask: float, end: float, conversion: float, fill: float
) -> None:
    """The share holds however fast vacancies are filled."""
    cover = steady_cover(share, ask, end, conversion)
    assert cover.request_days == ask
    waiting, searching, covered = _long_run_shares(cover, fill, end, conversion)
    assert covered == pytest.approx(share, rel=0.02)
    assert waiting / (waiting + searching) == pytest.approx(cover.request_pending, rel=0.03)


@given(st.floats(0.01, 0.999), st.floats(1.0, 40.0), st.floats(1e-3, 0.05), st.floats(0.0, 0.1))
def test_steady_cover_solves_its_balance(
    share: float, ask: float, end: float, conversion: float
) -> None:
    """Any share can be kept; where the usual request would be too late it comes sooner."""
    cover = steady_cover(share, ask, end, conversion)
    assert 0.0 < cover.request_days <= ask * (1 + 1e-9)
    assert 0.0 <= cover.request_pending <= MOST_WAITING + 1e-9
    waiting = cover.request_pending * (1 - share)
    searching = (1 - cover.request_pending) * (1 - share)
    inflow = share * end + waiting * share * conversion
    assert waiting / cover.request_days == pytest.approx(inflow, rel=1e-6)
    outflow = share * (end + (1 - share) * conversion)
    assert searching / cover.search_days == pytest.approx(outflow, rel=1e-6)


def test_no_cover_comes_where_there_is_none() -> None:
    none = steady_cover(0.0, 14.0, 0.004, 0.0)
    assert none.search_days == math.inf
    assert none.request_pending == 1.0


def test_full_cover_leaves_no_gap() -> None:
    full = steady_cover(1.0, 14.0, 0.004, 0.0)
    assert full.request_days == full.search_days == full.request_pending == 0.0


@pytest.mark.slow
def test_cover_stays_at_its_published_share_in_balance() -> None:
    plan = balanced_plan({GAMMA: 0.0})
    shares = []
    for replication in range(100):
        records = simulate(plan, Fates(SEED, replication))
        covered = records.fte_days["covered"][12:].sum()
        shares.append(covered / (covered + records.fte_days["uncovered"][12:].sum()))
    sample = np.array(shares)
    assert sample.mean() == pytest.approx(2 / 3, abs=3 * float(standard_error(sample)) + 0.005)


@pytest.mark.slow
def test_overlaps_run_from_the_start_to_the_end_of_the_notice() -> None:
    """With a notice longer than the steps of hiring, agency staff stay on above establishment."""
    overrides = {
        "agency.notice": 16.0,
        "council.staffing.starters_fte_per_year": 150.0,
        "internal_moves.chance_social_worker": 0.3,
        "council.staffing.newly_qualified_share_of_starters": 0.0,
    }
    plan = kept_above(devon_plan(overrides))
    notice = plan.agency.notice_days
    expected = 0.0
    overlaps = 0
    before: dict[int, tuple[int, float]] = {}

    def check(w: World) -> None:
        nonlocal expected, overlaps
        now = w.now
        for post in w.posts:
            state, agreed = before.get(post.number, (post.state, -math.inf))
            if state == PostState.COVERED and post.state == PostState.FILLED:
                left = min(agreed + notice, plan.horizon) - now
                expected += post.fte * max(0.0, left)
                overlaps += left > 0
            agreed = post.vacancy.agreed_day if post.vacancy is not None else -math.inf
            before[post.number] = (post.state, agreed)

    _, records = run_stepwise(plan, Fates(SEED, 1), check)
    places = sum(plan.agency.above_start) * plan.horizon
    assert overlaps > 50
    assert records.above_fte_days.sum() - places == pytest.approx(expected, rel=1e-6)


@pytest.mark.slow
def test_conversions_come_at_the_set_rate() -> None:
    """Count against rate x covered posts on the market; no offer falls through."""
    overrides = {
        "agency.conversion_rate": 0.5,
        "hiring.offer_acceptance": 1.0,
        "hiring.drop_out": 0.0,
    }
    plan = shortened(balanced_plan(overrides), 25)
    expected = 0.0
    for replication in range(12):
        w = started(plan, Fates(SEED, replication))
        while w.env.peek() < plan.horizon:
            length = w.env.peek() - w.now
            if length > 0:
                exposed = sum(
                    post.state == PostState.COVERED
                    and post.vacancy is not None
                    and post.vacancy.stage == VacancyStage.ADVERTISED
                    for post in w.posts
                )
                expected += exposed * length * plan.agency.conversion_per_day
            step(w)
        flows = ended(plan, w).flows["starters_agency_conversion"]
        expected -= flows.sum()
    total = 12 * 2 * 10.0
    assert abs(expected) < 3.5 * math.sqrt(total)


@pytest.mark.slow
def test_assignments_last_as_long_as_they_should() -> None:
    """Cover that nobody fills ends at one over the mean length."""
    plan = shortened(balanced_plan(), 25)
    markets = tuple(dataclasses.replace(m, candidates_per_day=0.0) for m in plan.markets)
    plan = dataclasses.replace(plan, markets=markets)
    ends, days = 0.0, 0.0
    for replication in range(15):
        records = simulate(plan, Fates(SEED, replication))
        ends += records.flows["agency_cover_ends"].sum()
        days += records.fte_days["covered"].sum()
    rate = 1 / plan.agency.assignment_days
    assert ends == pytest.approx(days * rate, abs=3.5 * math.sqrt(days * rate))


def test_every_assignment_is_asked_for_first() -> None:
    """After an assignment ends, the next one waits for a request again: 14 days in the mean."""
    plan = shortened(balanced_plan(), 25)
    gaps = []
    for replication in range(15):
        trace = Trace()
        simulate(plan, Fates(SEED, replication), trace)
        ended: dict[str, float] = {}
        for event in trace.events:
            if event.what == "agency cover ends":
                ended[event.post] = event.day
            elif event.what == "agency cover begins" and event.post in ended:
                gaps.append(event.day - ended.pop(event.post))
    soon = np.array(gaps) < 3.0
    cover = plan.agency.cover[0][0]
    rate, ask = 1 / cover.search_days, 1 / cover.request_days
    known = ask * rate / 2 * 3.0**2
    share_soon = soon.sum() / len(gaps)
    assert len(gaps) > 500
    assert share_soon < known * 3, "cover came back as if it had been asked for already"
