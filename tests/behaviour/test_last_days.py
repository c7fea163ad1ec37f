"""The end of a line is the last day with it: posts, pay, routing, notes and `check` agree."""

from __future__ import annotations

import datetime as dt

import pytest

from sim.config.casework import CaseStage
from sim.config.roles import Role
from sim.dates import day_of
from sim.experiment.replicate import make_study
from sim.inputs.casework_plan import STAGE_INDEX, CaseworkPlan, in_force
from sim.inputs.run_options import AS_USUAL
from sim.outcomes.indicators import INDEX
from sim.outcomes.workforce import measure_workforce
from sim.presentation.headline_notes import end_notes
from sim.scenario.check import check_config
from sim.scenario.move_stage import MoveStage
from sim.scenario.scenario import AnyMeasure
from tests.behaviour.builders import devon_for, new_posts, plan_for, scenario_of, supplement
from tests.behaviour.builders import run as run_plan
from tests.helpers import SEED, evidence

MARCH = dt.date(2022, 3, 31)


@pytest.mark.parametrize(("last", "there"), [("2022-03-30", 0.0), ("2022-03-31", 6.0)])
def test_posts_are_counted_on_their_last_day(last: str, there: float) -> None:
    end = dt.date.fromisoformat(last)
    plan = plan_for(
        1, scenario_of(new_posts([("assessment", Role.BUSINESS_SUPPORT, 6.0)], end=end))
    )
    ends = {post.end_day for post in plan.posts if post.start_day > 0.0 and post.end_day < 1e9}
    assert ends == {day_of(plan.start_date, end) + 1.0}
    records = run_plan(plan)
    mine = [i for i, account in enumerate(plan.accounts) if account.line >= 2]
    march = plan.period_dates.index(MARCH)
    vacant = sum(records.stocks[name][march, mine].sum() for name in ("covered", "uncovered"))
    held = records.stocks["filled"][march, mine].sum()
    assert vacant == pytest.approx(there - held if there else 0.0)
    table = measure_workforce(plan, records, {})
    assert table[INDEX["funded_posts_all_roles_fte"], 0, march] == pytest.approx(vacant + held)


def test_a_line_may_last_one_day() -> None:
    plan = plan_for(1, scenario_of(supplement(1_000.0, end=dt.date(2021, 10, 1))))
    (paid,) = plan.supplements
    assert paid.end_day - paid.start_day == 1.0


# -- work that moves -------------------------------------------------------------------------------


def _move(key: str, team: str, start: dt.date, end: dt.date | None = None) -> MoveStage:
    return MoveStage(
        kind="move_stage",
        key=key,
        name=key,
        start=start,
        end=end,
        stage=CaseStage.CHILD_IN_NEED,
        shares={team: 1.0},
    )


def _cases(*measures: AnyMeasure) -> CaseworkPlan:
    scenario = scenario_of(*measures)
    study = make_study(devon_for(1), evidence().behaviour, (scenario,), SEED, AS_USUAL)
    casework = study.plan(scenario, 0).casework
    assert casework is not None
    return casework


def _team_on(casework: CaseworkPlan, day: int) -> int:
    route = in_force(casework.routing[STAGE_INDEX[CaseStage.CHILD_IN_NEED]], float(day))
    return route[-1][1] if len(route) == 1 else -1


@pytest.mark.parametrize("order", [1, -1])
def test_work_that_moves_twice_moves_on_the_day_after_the_first_ends(order: int) -> None:
    start = devon_for(1).start_date
    first = _move("one", "front_door", start + dt.timedelta(20), start + dt.timedelta(29))
    second = _move("two", "assessment", start + dt.timedelta(30), start + dt.timedelta(39))
    casework = _cases(*(first, second)[::order])
    keys = [team.key for team in devon_for(1).teams]
    front_door, assessment = keys.index("front_door"), keys.index("assessment")
    found = [_team_on(casework, day) for day in (19, 20, 29, 30, 39, 40)]
    assert found == [-1, front_door, front_door, assessment, assessment, -1]


def test_work_that_moves_on_day_0_leaves_the_children_of_day_0_where_they_are() -> None:
    start = devon_for(1).start_date
    moved, as_it_was = _cases(_move("one", "assessment", start)), _cases()
    stage = STAGE_INDEX[CaseStage.CHILD_IN_NEED]
    assert moved.routing[stage][0] == as_it_was.routing[stage][0]
    assert moved.start_children == as_it_was.start_children
    assert _team_on(moved, 0) == [team.key for team in devon_for(1).teams].index("assessment")


# -- what is said ----------------------------------------------------------------------------------


def test_an_end_on_the_headlines_date_is_said() -> None:
    scenario = scenario_of(new_posts([("assessment", Role.SOCIAL_WORKER, 1.0)], end=MARCH))
    (on_it,) = end_notes((scenario,), MARCH)
    assert (
        "the last day of 'Extra posts' is 31 March 2022. Its posts and staff are counted" in on_it
    )
    (before,) = end_notes((scenario,), dt.date(2023, 3, 31))
    assert before.endswith(
        "the last day of 'Extra posts' is 31 March 2022: it is over by 31 March 2023."
    )
    assert end_notes((scenario,), dt.date(2022, 3, 30)) == []


def test_check_says_the_last_day_of_a_line() -> None:
    told = "\n".join(check_config("devon_package_48_fte"))
    assert "Recruitment lead, marketing, administration; 3 FTE;" in told
    assert told.count("last day 2023-09-30") == 1
