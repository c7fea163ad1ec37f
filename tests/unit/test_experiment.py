"""Parts of scenarios, fixed values, conclusions and contributions."""

import numpy as np
import pytest

from sim.config.errors import InputError
from sim.experiment.compare import compare
from sim.experiment.conclusions import Claim, judged_values, robustness
from sim.experiment.contributions import contributions, measures_that_act, taken_apart
from sim.experiment.parts import both, measure_of, only, times, without
from sim.experiment.readings import (
    change,
    filled_by_recoding,
    filled_from_inside,
    filled_from_outside,
    new_posts_held,
)
from sim.experiment.replicate import GAMMA, NO_INTERNAL_MOVES, Study, at_gamma, make_study
from sim.experiment.variant import ALL_TEAMS
from sim.outcomes.flows import FLOW_INDEX, LEAVERS, STARTERS
from sim.scenario.posts import ExtraPosts
from tests.held import every_table
from tests.helpers import devon, evidence, package


def study(*scenarios: object, fixed: dict[str, float] | None = None, years: int = 1) -> Study:
    council = devon().model_copy(update={"horizon_years": years})
    return make_study(council, evidence().behaviour, scenarios, 5, fixed=fixed)  # type: ignore[arg-type]


# Parts of a scenario ----------------------------------------------------------------------


def test_only_keeps_one_measure_and_its_source_of_funds() -> None:
    part = only(package(), "business_support")
    assert [measure.key for measure in part.measures] == ["business_support"]
    assert part.package is None
    assert part.key == "devon_package_48_fte_only_business_support"
    assert part.source_of_funds("2021/22", "business_support") == "reserves"
    assert part.source_of_funds("2024/25", "business_support") == "base"


def test_without_keeps_all_the_others() -> None:
    part = without(package(), "business_support")
    keys = [measure.key for measure in package().measures]
    assert [m.key for m in part.measures] == [key for key in keys if key != "business_support"]
    assert part.package is None
    assert part.name == "All but business support"


def test_a_measure_that_is_not_there_is_refused() -> None:
    for take in (only, without, measure_of):
        with pytest.raises(InputError, match="no_such"):
            take(package(), "no_such")


def test_posts_several_times_over() -> None:
    posts = only(package(), "social_worker_posts")
    twice = times(posts, 2)
    assert twice.funded_fte == 2 * posts.funded_fte
    one, two = posts.measures[0], twice.measures[0]
    assert two.planned_gbp == {year: 2 * gbp for year, gbp in one.planned_gbp.items()}
    assert isinstance(two, ExtraPosts)
    assert times(posts, 0).funded_fte == 0
    with pytest.raises(InputError, match="creates no posts"):
        times(package(), 2)


def test_two_scenarios_together_keep_their_sources_of_funds() -> None:
    first, second = only(package(), "business_support"), only(package(), "family_practitioners")
    found = both(first, second)
    assert [m.key for m in found.measures] == ["business_support", "family_practitioners"]
    assert found.name == "Business support, and family practitioners"
    assert found.source_of_funds("2021/22", "family_practitioners") == "reserves"


# Fixed values -----------------------------------------------------------------------------


def test_a_fixed_value_moves_no_other() -> None:
    free, held = study(package()), study(package(), fixed={GAMMA: 0.25})
    one, other = free.values(3), held.values(3)
    assert other[GAMMA] == 0.25
    assert {k: v for k, v in one.items() if k != GAMMA} == {
        k: v for k, v in other.items() if k != GAMMA
    }


def test_a_condition_goes_before_what_the_study_fixes() -> None:
    assert study(package(), fixed={GAMMA: 0.25}).values(3, at_gamma(0.8))[GAMMA] == 0.8
    assert at_gamma(0.8).gamma == 0.8


def test_fixing_gamma_is_the_same_as_the_gamma_column() -> None:
    chosen = taken_apart(only(package(), "social_worker_posts"))[:2]
    beside = compare(study(*chosen), 2, gammas=(0.8,), gamma_pairs=2).gamma_variants[0]
    fixed = compare(study(*chosen, fixed={GAMMA: 0.8}), 2).variants[0]
    assert np.array_equal(every_table(beside)[1], every_table(fixed)[1], equal_nan=True)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [("labour_market.vacancy_elastic", 0.5, "vacancy_elasticity"), (GAMMA, 1.5, "within 0 to 1")],
)
def test_what_cannot_be_fixed_is_refused(key: str, value: float, said: str) -> None:
    with pytest.raises(InputError) as refused:
        study(package(), fixed={key: value})
    assert said in refused.value.line()


def test_without_internal_moves_nobody_comes_from_inside() -> None:
    chosen = taken_apart(only(package(), "social_worker_posts"))[:2]
    inside, none = compare(study(*chosen), 4), compare(study(*chosen, fixed=NO_INTERNAL_MOVES), 4)
    last = len(inside.dates) - 1
    assert filled_from_inside(inside, 1, last).sum() > 0
    assert filled_from_inside(none, 1, last).sum() == 0
    outside, recoded = filled_from_outside(none, 1, last), filled_by_recoding(none, 1, last)
    assert outside.sum() > 0
    assert np.all(new_posts_held(none.variants[0], 1, last) <= outside + recoded + 1e-9)


# Flows ------------------------------------------------------------------------------------


def test_flows_of_a_comparison_add_up_to_the_indicators() -> None:
    done = compare(study(*taken_apart(package())[:1], years=2), 2)
    rows = [list(STARTERS), list(LEAVERS)]
    assert all(rows)
    for names, indicator in zip(rows, ("starters_fte", "leavers_fte"), strict=True):
        columns = [FLOW_INDEX[name] for name in names]
        flows = done.average.table(0, "flows")[:, columns, :, -12:].sum(axis=(1, 3))
        table = done.average.values(0, indicator, ALL_TEAMS)[..., -1]
        assert np.allclose(flows, table)


# Conclusions ------------------------------------------------------------------------------


def made_up(share_of_draws: float, draws: int = 30) -> Claim:
    """A claim that holds in the draws with the lowest numbers."""
    numbers = np.repeat(np.arange(draws, dtype=np.float64), 2)
    of = np.repeat(np.arange(draws, dtype=np.float64), 2)
    return Claim("It is low", numbers, of, below=share_of_draws * draws - 0.5)


def test_a_conclusion_holds_in_a_share_of_draws() -> None:
    assert robustness(made_up(0.5), {}).share == pytest.approx(0.5)
    claim = Claim("Between", np.array([1.0, 3.0, 5.0]), np.array([0.0, 1.0, 2.0]), 2.0, 4.0)
    assert claim.holds().tolist() == [0.0, 1.0, 0.0]


def test_a_tie_is_no_fewer_and_not_fewer() -> None:
    means, draws = np.array([-1.0, 0.0, 2.0]), np.array([0.0, 1.0, 2.0])
    assert Claim("Fewer", means, draws, below=0.0).holds().tolist() == [1.0, 0.0, 0.0]
    assert Claim("No more", means, draws, below=0.0, or_equal=True).holds().tolist() == [1, 1, 0]
    assert Claim("No fewer", means, draws, above=0.0, or_equal=True).holds().tolist() == [0, 1, 1]


def test_the_weakest_third_is_that_of_the_number_that_moves_it() -> None:
    moves = np.arange(30, dtype=np.float64)
    idle = np.tile([0.0, 1.0, 2.0], 10)
    found = robustness(made_up(0.5), {"idle": idle, "moves": moves})
    assert found.weakest is not None
    assert (found.weakest.key, found.weakest.end, found.weakest.share) == ("moves", "high", 0.0)
    assert found.weakest.correlation == pytest.approx(1.0)


def test_chance_alone_names_no_judged_number() -> None:
    rng = np.random.default_rng(3)
    judged = {f"number {i}": rng.normal(size=30) for i in range(60)}
    found = robustness(made_up(0.5), judged)
    assert found.weakest is None
    assert found.lowest is not None


def test_few_draws_have_no_thirds() -> None:
    found = robustness(made_up(0.5, 8), {"number": np.arange(8, dtype=np.float64)})
    assert found.lowest is None


def test_judged_numbers_are_uncertain_and_not_fixed() -> None:
    free = judged_values(study(package()), [1, 2, 3])
    assert GAMMA in free
    assert all(len(values) == 3 for values in free.values())
    assert GAMMA not in judged_values(study(package(), fixed={GAMMA: 0.4}), [1, 2, 3])


# Contributions ----------------------------------------------------------------------------


def test_a_scenario_of_one_measure_has_no_overlap() -> None:
    scenario = only(package(), "social_worker_posts")
    found = contributions(
        compare(study(*taken_apart(scenario)), 2),
        lambda done, s: change(done.variants[0], s, "inpost_fte", -1),
    )
    assert len(found.parts) == 1
    assert found.parts[0].alone.mean == found.whole.mean == found.parts[0].last_in.mean
    assert found.overlap.mean == 0


def test_measures_that_only_cost_are_not_run() -> None:
    acting = measures_that_act(package())
    assert len(taken_apart(package())) == 2 + 2 * len(acting)
    assert all(measure.has_effect for measure in acting)
