"""Managers react when many children wait: each step alone, their order, and what they must keep."""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.engine.case_records import CaseRecords
from sim.engine.layout import World
from sim.engine.records import Records
from sim.engine.simpy.engine import simulate
from sim.experiment.replicate import make_study
from sim.inputs.casework_plan import CARE_LEAVER, Length, ReactionPlan, Route
from sim.inputs.fates import Fates
from sim.inputs.plan import Plan
from sim.inputs.run_options import RunOptions
from sim.outcomes.costs import ABOVE, make_ledger
from sim.outcomes.runaway import runs_away
from sim.scenario.scenario import baseline
from tests.case_helpers import (
    CHANGES,
    STRICT,
    case_plan,
    cases_of,
    crew,
    queue,
    run_watched,
    same_cases,
    staff_of,
    total,
    with_casework,
)
from tests.helpers import SEED, Trace, council_named, evidence
from tests.twin.difference import first_difference

HERE, THERE = 0, 1
"""The team that has too many children, and one that has none."""
BUSY_MONTHS = 8
NOTHING = ReactionPlan(
    trigger=0.6,
    patience_days=20.0,
    lent_share=0.0,
    limit_lift=0.0,
    lift_days=60.0,
    lifted_slower=0.0,
    agency_share=1.0,
    agency_most=(0,) * 6,
    agency_days=10.0,
    turned_away=0.0,
)
"""Managers who see everything and have no means."""
LENDS: dict[str, Any] = {"lent_share": 0.5}
LIFTS: dict[str, Any] = {"limit_lift": 0.5}
BUYS: dict[str, Any] = {"agency_most": (4, *(0,) * 5)}
RAISES: dict[str, Any] = {"turned_away": 0.05}
EVERYTHING = LENDS | LIFTS | BUYS | RAISES


@cache
def crowded() -> Plan:
    """Eight months of referrals that two workers can't keep up with; four are beside them."""
    plan = queue(2, 2.6, Length(1.0, 0.5), at_once=2)
    staffed = crew(case_plan(1, STRICT), {HERE: 2, THERE: 4})
    rates = tuple(5.0 if month < BUSY_MONTHS else 0.5 for month in range(plan.periods))
    shares = dataclasses.replace(cases_of(plan).shares, no_further_action=0.9, not_in_need=1.0)
    casework = dataclasses.replace(
        cases_of(plan),
        referrals_per_day=rates,
        shares=shares,
        lengths=(Length(0.9, 0.5), Length(0.1, 0.5), *cases_of(plan).lengths[2:]),
        routing=(_to((1.0, HERE)),) * 2 + cases_of(plan).routing[2:],
    )
    return dataclasses.replace(staffed, casework=casework)


def _to(*route: tuple[float, int]) -> tuple[tuple[float, Route], ...]:
    """Where a stage's children go from day 0 on."""
    return ((0.0, route),)


def reacting(plan: Plan, **means: Any) -> Plan:
    """The same plan with managers who have these means and no others."""
    return with_casework(plan, reaction=dataclasses.replace(NOTHING, **means))


@cache
def run_of(*means: str) -> Records:
    """The crowded year under managers with some of the means."""
    chosen = {name: EVERYTHING[name] for name in means}
    return simulate(reacting(crowded(), **chosen), Fates(SEED, 0))


def cases(records: Records) -> CaseRecords:
    """Facts about children."""
    assert records.cases is not None
    return records.cases


def waited(records: Records) -> float:
    """Days that children waited, over the year."""
    return float(cases(records).unallocated_days.sum())


def test_many_children_wait_in_the_crowded_year_and_fewer_in_the_end() -> None:
    waiting = cases(run_of()).unallocated[:, HERE]
    assert waiting[: BUSY_MONTHS + 1].max() > 50
    assert waiting[-1] < 3


def test_managers_without_means_change_nothing_to_the_last_bit() -> None:
    plan = crowded()
    with_none = simulate(with_casework(plan, reaction=None), Fates(SEED, 0))
    without_means = dataclasses.replace(run_of(), events=with_none.events)
    assert first_difference(with_none, without_means) is None


def test_where_nobody_waits_nothing_happens_to_the_last_bit() -> None:
    plan = queue(3, 1.0, Length(1.0, 0.5), at_once=None)
    off = simulate(with_casework(plan, reaction=None), Fates(SEED, 0))
    on = simulate(reacting(plan, trigger=0.0, patience_days=0.0, **EVERYTHING), Fates(SEED, 0))
    assert cases(off).flows["referrals"].sum() > 300
    assert first_difference(off, on) is None


def test_switched_off_no_plan_has_managers_who_react() -> None:
    assert cases_of(case_plan(1)).reaction is None
    assert cases_of(case_plan(1, reaction=True)).reaction is not None


@pytest.mark.parametrize("means", [("lent_share",), ("limit_lift",), ("agency_most",)])
def test_each_step_alone_shortens_waits(means: tuple[str, ...]) -> None:
    assert waited(run_of(*means)) < 0.9 * waited(run_of())


@pytest.mark.parametrize("means", list(EVERYTHING))
def test_until_the_first_step_is_taken_nothing_differs(means: str) -> None:
    with_it, without = cases(run_of(means)), cases(run_of())
    same = (with_it.child_days == without.child_days).all(axis=(1, 2))
    assert same[:2].all()
    assert not same.all()


# -- lending --------------------------------------------------------------------------------------


def test_workers_are_lent_to_where_children_wait_and_all_return() -> None:
    facts = cases(run_of("lent_share"))
    assert facts.lent_in_fte[:, HERE].max() == 2.0, "half of four"
    assert not facts.lent_in_fte[:, 1:].any()
    assert (facts.lent_in_fte.sum(axis=1) == facts.lent_out_fte.sum(axis=1)).all()
    assert facts.lent_in_fte[-1].sum() == 0.0
    assert total(facts, "workers_lent") == total(facts, "workers_returned") > 0
    assert facts.flows["workers_lent"][:, THERE].sum() == total(facts, "workers_lent")


def test_no_child_changes_worker_because_somebody_is_lent() -> None:
    assert total(cases(run_of("lent_share")), *CHANGES, "handovers_transfer") == 0


def test_capacity_goes_with_who_is_lent_and_none_is_lost() -> None:
    lent, without = cases(run_of("lent_share")), cases(run_of())
    assert (lent.capacity_days.sum(axis=1) == without.capacity_days.sum(axis=1)).all()
    assert lent.capacity_days[:, HERE].max() > without.capacity_days[:, HERE].max()


def test_no_more_are_lent_than_a_team_can_spare() -> None:
    one = cases(simulate(reacting(crowded(), lent_share=0.25), Fates(SEED, 0)))
    none = cases(simulate(reacting(crowded(), lent_share=0.24), Fates(SEED, 0)))
    assert one.lent_in_fte.max() == 1.0
    assert not none.lent_in_fte.any()


def test_a_team_in_which_children_wait_lends_nobody() -> None:
    plan = reacting(crowded(), lent_share=1.0)
    routing = (_to((0.5, HERE), (1.0, THERE)),) * 2 + cases_of(plan).routing[2:]
    rates = tuple(3.0 * rate for rate in cases_of(plan).referrals_per_day)
    plan = with_casework(plan, routing=routing, referrals_per_day=rates)
    facts = cases(simulate(plan, Fates(SEED, 0)))
    pressed = slice(3, BUSY_MONTHS - 1)
    assert (facts.unallocated[pressed, [HERE]] > 0).all()
    assert (facts.unallocated[pressed, [THERE]] > 0).all()
    assert not facts.lent_in_fte[pressed].any()


# -- the limit of load ----------------------------------------------------------------------------


def test_a_limit_is_lifted_for_its_time_and_then_rests() -> None:
    facts = cases(run_of("limit_lift"))
    lifted = facts.limits_lifted
    assert not lifted[:, THERE].any()
    assert lifted[:, HERE].max() == 1.0
    runs = "".join(str(int(flag)) for flag in lifted[:, HERE])
    assert max(map(len, runs.split("0"))) <= 3, "60 days, seen at month ends"
    assert lifted[-1, HERE] == 0.0


def test_a_lifted_limit_costs_speed() -> None:
    waits = {
        slower: waited(
            simulate(
                reacting(crowded(), limit_lift=1e-9, lifted_slower=slower, lift_days=90.0),
                Fates(SEED, 0),
            )
        )
        for slower in (0.0, 0.5)
    }
    assert waits[0.5] > 1.1 * waits[0.0]
    assert waits[0.0] == pytest.approx(waited(run_of()), rel=0.01)


# -- agency staff ---------------------------------------------------------------------------------


def test_agency_staff_are_bought_up_to_the_most_and_let_go_when_few_wait() -> None:
    records = run_of("agency_most")
    facts = cases(records)
    assert facts.bought_fte[:, HERE].max() == 4.0
    assert not facts.bought_fte[:, 1:].any()
    assert (records.above_fte >= facts.bought_fte).all(), "who is let go stays for the notice"
    assert records.above_fte.max() == 4.0, "nobody else stands above establishment"
    assert facts.bought_fte[-1, HERE] < 4.0


def test_bought_staff_are_paid_for_as_agency_above_establishment() -> None:
    plan = reacting(crowded(), **BUYS)
    records = simulate(plan, Fates(SEED, 0))
    spent = make_ledger(plan, records).spent_gbp[:, ABOVE].sum()
    assert make_ledger(plan, run_of()).spent_gbp[:, ABOVE].sum() == 0.0
    years = records.above_fte_days.sum() / 365.25
    assert years > 0.5
    assert 40_000 < spent / years < 150_000


def test_in_a_rerun_bought_staff_come_on_top_of_the_published_number() -> None:
    plan = reacting(crowded(), trigger=0.1, **BUYS)
    imposed = dataclasses.replace(plan.agency, above_published=((1.0, *(0.0,) * 5),) * plan.periods)
    records = simulate(dataclasses.replace(plan, agency=imposed), Fates(SEED, 0))
    assert cases(records).bought_fte[:, HERE].max() == 4.0
    assert records.above_fte[1:, HERE].max() == 5.0


# -- thresholds -----------------------------------------------------------------------------------


def test_thresholds_turn_away_no_more_than_one_in_twenty_of_any_month() -> None:
    facts = cases(simulate(reacting(crowded(), turned_away=0.9), Fates(SEED, 0)))
    turned_away = facts.flows["turned_away"].sum(axis=1)
    assert turned_away.sum() > 5
    assert (turned_away * 20 <= facts.flows["referrals"].sum(axis=1)).all()
    assert not turned_away[:4].any(), "it is the last step"


def test_a_child_turned_away_is_counted_once_and_not_assessed() -> None:
    trace, plan = Trace(), reacting(crowded(), turned_away=0.9)
    facts = cases(simulate(plan, Fates(SEED, 0), trace))
    turned = [event for event in trace.events if event.what == "turned away"]
    assert len(turned) == len({event.child for event in turned}) == total(facts, "turned_away")
    # A child's name may be given anew to a later case: what follows is that of the same day.
    for event in turned:
        same = [e.what for e in trace.events if e.child == event.child and e.day == event.day]
        assert same[-1] == "case closes"
        assert "assessment begins" not in same
    came, went = total(facts, "referrals"), total(facts, "cases_ended")
    assert came - went == facts.children[-1].sum()


# -- the order ------------------------------------------------------------------------------------


def test_steps_are_taken_in_their_order_and_withdrawn_in_the_opposite_one() -> None:
    trace = Trace()
    simulate(reacting(crowded()), Fates(SEED, 0), trace)
    order = ["lend workers", "lift limits of load", "buy agency staff", "raise thresholds"]
    taken = [event for event in trace.events if event.what == "managers take a step"]
    withdrawn = [event for event in trace.events if event.what == "managers withdraw a step"]
    assert [event.detail for event in taken] == order
    assert [event.detail for event in withdrawn] == order[::-1][: len(withdrawn)]
    assert len(withdrawn) >= 2
    gaps = np.diff([event.day for event in taken])
    assert (gaps >= NOTHING.patience_days).all()


@pytest.mark.parametrize("patience", [0.0, 32.0, 100.0, 150.0])
def test_the_first_step_comes_at_the_first_review_after_patience_is_over(patience: float) -> None:
    trace = Trace()
    simulate(reacting(crowded(), patience_days=patience), Fates(SEED, 0), trace)
    waiting = cases(run_of()).unallocated[:, HERE]
    seen = next(month for month, children in enumerate(waiting) if children > 6)
    reviews = crowded().boundaries[seen + 1 :]
    expected = next(day for day in reviews[1:] if day - reviews[0] >= patience)
    assert next(e.day for e in trace.events if e.what == "managers take a step") == expected


def test_where_twice_as_many_wait_a_step_is_taken_at_every_review() -> None:
    trace = Trace()
    simulate(reacting(crowded(), trigger=0.3, patience_days=300.0), Fates(SEED, 0), trace)
    steps = [event.day for event in trace.events if event.what == "managers take a step"]
    assert steps == list(crowded().boundaries[2:6])


def test_managers_who_are_never_pressed_never_act() -> None:
    facts = cases(simulate(reacting(crowded(), trigger=1.0, **EVERYTHING), Fates(SEED, 0)))
    assert same_cases(facts, cases(run_of()))


# -- a council ------------------------------------------------------------------------------------


def runaway_plan(reacts: bool) -> Plan:
    """Herefordshire in a draw in which, if nobody reacts, two children in three wait at last."""
    council = council_named("herefordshire_2019")
    options = RunOptions(reaction=reacts)
    study = make_study(council, evidence().behaviour, (baseline(),), 1, options)
    return study.plan(study.scenarios[0], 81)


def test_no_longer_a_run_that_ran_away_and_who_is_lent_is_in_one_place() -> None:
    lent = 0

    def check(w: World) -> None:
        nonlocal lent
        for holder in staff_of(w):
            assert holder.pool.team is holder.team
            if holder.lent_from is not None:
                lent += 1
                assert holder.lent_from is not holder.team

    luck = 30
    _, records = run_watched(runaway_plan(True), check, luck, every=500)
    off = cases(simulate(runaway_plan(False), Fates(SEED, luck)))
    on = cases(records)
    assert lent > 0
    assert on.unallocated_days.sum() < 0.5 * off.unallocated_days.sum()
    away = total(on, "workers_lent") - total(on, "workers_returned")
    assert away >= on.lent_in_fte[-1].sum()
    for facts, expected in ((off, True), (on, False)):
        council = [facts.unallocated.sum(axis=1), facts.children[:, :CARE_LEAVER].sum(axis=(1, 2))]
        assert runs_away(*(rows[None, :] for rows in council)).tolist() == [expected]
