"""Configs: what is read is what the file says, checked, frozen and traceable."""

import dataclasses
import datetime as dt
import pickle
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sim.config.behaviour import Behaviour, quantities_in
from sim.config.council import Council
from sim.config.errors import InputError
from sim.config.load import parse
from sim.config.quantity import LARGEST, Grade, Quantity, Scale, Unit
from sim.config.roles import Role
from sim.config.shipped import (
    Evidence,
    configs_folder,
    file_hash,
    load_council,
    load_evidence,
    locate,
)
from sim.scenario.cost_line import CostLine
from sim.scenario.extends import taken_over
from sim.scenario.pay import RetentionPayment
from sim.scenario.posts import ExtraPosts, PostsInTeam
from sim.scenario.scenario import Scenario, baseline, load_scenario

COUNCILS = sorted(path.stem for path in (configs_folder() / "councils").glob("*.toml"))
SCENARIOS = sorted(path.stem for path in (configs_folder() / "scenarios").glob("*.toml"))


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return load_evidence()


@pytest.fixture(scope="module")
def devon(evidence: Evidence) -> Council:
    return load_council("devon_2021", evidence.sources)


def quantity(low: float, central: float, high: float, **more: Any) -> Quantity:
    """A quantity, in weeks unless told otherwise."""
    return Quantity(
        low=low, central=central, high=high, grade=Grade.JUDGEMENT, source="judgement",
        **({"unit": Unit.WEEKS} | more),
    )  # fmt: skip


# Quantities -------------------------------------------------------------------------------


@given(st.lists(st.floats(0.01, 0.99), min_size=3, max_size=3), st.sampled_from(Scale))
def test_three_numbers_are_a_quantity_when_they_ascend(points: list[float], scale: Scale) -> None:
    if points == sorted(points):
        assert quantity(*points, scale=scale).central == points[1]
    else:
        with pytest.raises(ValidationError, match="do not ascend"):
            quantity(*points, scale=scale)


def test_a_quantity_is_certain_when_its_points_are_one() -> None:
    assert quantity(3, 3, 3).is_certain
    assert not quantity(3, 3, 4).is_certain


@pytest.mark.parametrize(
    ("made", "bounds"),
    [
        ({"unit": Unit.WEEKS}, (0, 520)),
        ({"unit": Unit.SHARE}, (0, 1)),
        ({"unit": Unit.ELASTICITY}, (-20, 20)),
        ({"unit": Unit.MULTIPLIER, "null": 0.1}, (0.1, 100)),
        ({"unit": Unit.MULTIPLIER, "null": 0.9}, (0, 0.9)),
        ({"unit": Unit.MULTIPLIER, "null": 0.5}, (0, 100)),
        ({"unit": Unit.SHARE, "lower_bound": 0.05, "upper_bound": 0.95}, (0.05, 0.95)),
        ({"unit": Unit.SHARE, "lower_bound": -1, "upper_bound": 2}, (0, 1)),
        ({"unit": Unit.GBP, "lower_bound": -1}, (0, LARGEST)),
    ],
)
def test_draws_stay_inside_bounds(made: dict[str, Any], bounds: tuple[float, float]) -> None:
    assert quantity(0.1, 0.5, 0.9, **made).bounds == bounds


def test_a_quantity_cant_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        quantity(1, 2, 3).low = 0.0  # type: ignore[misc]


# Shipped configs --------------------------------------------------------------------------


def test_there_are_shipped_configs() -> None:
    assert len(COUNCILS) >= 2
    assert len(SCENARIOS) >= 3


@pytest.mark.parametrize("name", COUNCILS)
def test_a_shipped_council_holds_what_its_file_says(name: str, evidence: Evidence) -> None:
    council = load_council(name, evidence.sources)
    data = tomllib.loads(locate(name, "councils").read_text(encoding="utf-8"))
    assert council.name == data["name"]
    assert council.start_date == data["start_date"]
    assert council.totals.inpost_fte == data["totals"]["inpost_fte"]
    assert [team.key for team in council.teams] == [team["key"] for team in data["teams"]]
    rate = data["staffing"]["leaving_rate"]
    assert council.staffing.leaving_rate.central == rate["central"]
    assert council.staffing.leaving_rate.scale == rate["scale"]


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_shipped_package_adds_up(name: str, evidence: Evidence) -> None:
    _, data = taken_over(locate(name, "scenarios"))[-1]
    council = load_council(data["council"], evidence.sources)
    scenario = load_scenario(name, council, evidence.sources)
    assert scenario.key == name
    assert scenario.warnings(council) == []
    if scenario.package is None:
        return
    assert scenario.funded_fte == pytest.approx(data["package"]["fte"])
    for funding in data["package"]["funding"]:
        year = funding["financial_year"]
        lines = [measure["planned_gbp"].get(year, 0) for measure in data["measures"]]
        assert sum(lines) == pytest.approx(funding["gbp"])


def test_every_quantity_has_a_source_that_exists(evidence: Evidence, devon: Council) -> None:
    found = [*quantities_in(evidence.behaviour), *quantities_in(devon, "council.")]
    assert len(found) > 60
    assert {quantity.source for _, quantity in found} <= set(evidence.sources.root)
    keys = [key for key, _ in found]
    assert len(set(keys)) == len(keys)
    assert {"exits.to_agency_share", "council.money.unit_cost.team_manager"} <= set(keys)
    assert "council.baseline_supplements.december_2020.gbp_per_year" in keys


def test_a_shipped_name_comes_before_a_folder_of_that_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "devon_2021").mkdir()
    monkeypatch.chdir(tmp_path)
    assert locate("devon_2021", "councils").is_file()


def test_a_hash_is_of_the_text_and_not_of_its_line_ends(tmp_path: Path) -> None:
    one, other, third = (tmp_path / f"{n}.toml" for n in "abc")
    one.write_bytes(b"a = 1\nb = 2\n")
    other.write_bytes(b"a = 1\r\nb = 2\r\n")
    third.write_bytes(b"a = 1\nb = 3\n")
    assert file_hash(one) == file_hash(other) != file_hash(third)


def test_numbers_written_without_a_point_are_read(devon: Council, evidence: Evidence) -> None:
    text = locate("devon_2021", "councils").read_text(encoding="utf-8")
    data = tomllib.loads(text.replace("low = 44000.0", "low = 44_000"))
    read = parse(Council, data, Path("x.toml"))
    assert read.model_dump() == devon.model_dump()


# Scenarios --------------------------------------------------------------------------------


def scenario_with(*measures: CostLine, package: Mapping[str, Any] | None = None) -> Scenario:
    data = {"name": "Test", "measures": [m.model_dump(mode="python") for m in measures]}
    return parse(Scenario, data | ({"package": package} if package else {}), Path("x.toml"))


def line(key: str = "a", **more: Any) -> CostLine:
    """A cost line from 1 October 2021."""
    start = {"start": dt.date(2021, 10, 1)} | more
    return CostLine(kind="cost_line", key=key, name=f"Line {key}", **start)


def test_doing_nothing_does_nothing() -> None:
    nothing = baseline()
    assert (nothing.key, nothing.measures, nothing.funded_fte) == ("baseline", (), 0)
    assert nothing.effects({}) == []


def test_a_measure_that_starts_when_the_run_is_over_is_warned_of(devon: Council) -> None:
    end = dt.date(2026, 9, 8)
    eve = end - dt.timedelta(days=1)
    scenario = scenario_with(line("late", start=end), line("in_time", start=eve))
    (warning,) = scenario.warnings(devon)
    assert warning.startswith("late: starts on 2026-09-08")


def test_a_measure_may_start_on_day_0(
    devon: Council, evidence: Evidence, tmp_path: Path
) -> None:  # fmt: skip
    text = '[[measures]]\nkind = "cost_line"\nkey = "a"\nname = "A"\nstart = {}\n'
    file = tmp_path / "mine.toml"
    file.write_text('name = "Mine"\n' + text.format("2021-09-08"), encoding="utf-8")
    assert load_scenario(str(file), devon, evidence.sources).key == "mine"
    file.write_text('name = "Mine"\n' + text.format("2021-09-07"), encoding="utf-8")
    with pytest.raises(InputError, match="before the first day"):
        load_scenario(str(file), devon, evidence.sources)


def test_money_comes_from_where_the_last_year_named_says() -> None:
    funding = [
        {"financial_year": "2021/22", "source_of_funds": "reserves", "gbp": 5},
        {"financial_year": "2023/24", "source_of_funds": "grant", "gbp": 7},
    ]
    planned = {"2021/22": 5.0, "2023/24": 7.0}
    package = {"fte": 0, "funding": funding, "source": "judgement"}
    scenario = scenario_with(line(planned_gbp=planned), package=package)
    years = ["2020/21", "2021/22", "2022/23", "2023/24", "2030/31"]
    sources = [scenario.source_of_funds(year, "line") for year in years]
    assert sources == ["reserves", "reserves", "reserves", "grant", "grant"]
    assert scenario_with(line()).source_of_funds("2021/22", "line") == "base"


@given(
    months=st.integers(1, 60),
    start=st.dates(dt.date(2021, 9, 8), dt.date(2026, 1, 1)),
    length=st.integers(1, 4000),
)
def test_retention_is_paid_at_the_end_of_each_round(
    months: int, start: dt.date, length: int
) -> None:
    payment = RetentionPayment(
        kind="retention_payment", key="r", name="R", start=start,
        end=start + dt.timedelta(days=length), teams=("a",), roles=("social_worker",),  # type: ignore[arg-type]
        gbp=quantity(1, 2, 3, unit=Unit.GBP), qualifying_months=months,
    )  # fmt: skip
    (deal,) = payment.effects({"gbp": 2.0}).retention
    gaps = [(date.year - start.year) * 12 + date.month - start.month for date in deal.payment_dates]
    assert gaps == [months * (n + 1) for n in range(len(gaps))]
    assert all(date <= start + dt.timedelta(days=length + 1) for date in deal.payment_dates)
    assert len(gaps) >= length // (31 * months + 3)


@pytest.mark.parametrize(("end", "paid"), [(dt.date(2022, 9, 29), 0), (dt.date(2022, 9, 30), 1)])
def test_a_round_served_to_the_last_day_is_paid_on_the_day_after(end: dt.date, paid: int) -> None:
    payment = RetentionPayment(
        kind="retention_payment", key="r", name="R", start=dt.date(2021, 10, 1), end=end,
        teams=("a",), roles=("social_worker",),  # type: ignore[arg-type]
        gbp=quantity(1, 2, 3, unit=Unit.GBP), qualifying_months=12,
    )  # fmt: skip
    (deal,) = payment.effects({"gbp": 2.0}).retention
    assert deal.payment_dates == (dt.date(2022, 10, 1),) * paid


STEPS = [
    {"start": dt.date(2021, 10, 1), "share": 0.25},
    {"start": dt.date(2022, 4, 1), "share": 1.0},
]


def test_a_phased_line_comes_into_force_step_by_step() -> None:
    posts = ExtraPosts(
        kind="extra_posts", key="p", name="P", start=dt.date(2021, 10, 1), end=None,
        posts=(PostsInTeam(team="a", role=Role.SOCIAL_WORKER, fte=8.0),), phasing=STEPS,  # type: ignore[arg-type]
    )  # fmt: skip
    ((_, effects),) = Scenario(name="S", measures=(posts,)).effects({})
    assert [(new.fte, new.start) for new in effects.posts] == [
        (2.0, dt.date(2021, 10, 1)),
        (6.0, dt.date(2022, 4, 1)),
    ]


@pytest.mark.parametrize(
    ("phasing", "said"),
    [
        (STEPS[1:], "phasing begins on 2022-04-01, the line on 2021-10-01"),
        ([STEPS[0], STEPS[0]], "phasing goes from 0.25 on 2021-10-01 to 0.25 on 2021-10-01"),
        ([STEPS[0], STEPS[1] | {"share": 0.25}], "ascending shares"),
    ],
)
def test_phasing_ascends_from_the_start(phasing: list[Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        line(phasing=phasing)


# Errors -----------------------------------------------------------------------------------


def test_an_error_crosses_processes_whole() -> None:
    error = InputError("a.toml: key", "3 is wrong", "Write 4")
    again = pickle.loads(pickle.dumps(error))
    assert isinstance(again, InputError)
    assert again.line() == error.line() == str(error) == "a.toml: key: 3 is wrong. Write 4"


@given(st.text(), st.text(), st.text())
def test_an_error_is_one_line_whatever_it_quotes(where: str, problem: str, remedy: str) -> None:
    said = InputError(where, problem, remedy).line()
    assert said.isprintable()
    assert len(said.splitlines()) == 1


def test_evidence_is_frozen(evidence: Evidence) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        evidence.behaviour = evidence.behaviour  # type: ignore[misc]


@pytest.mark.parametrize(
    "table", ["casework.outcomes.leave_care_in_first_year", "overseas.two_year_exits"]
)
def test_a_share_that_leaves_at_a_constant_rate_stays_below_1(table: str) -> None:
    """At 1 the rate is the logarithm of nothing."""
    path = configs_folder() / "behaviour.toml"
    text = path.read_text(encoding="utf-8")
    start = text.index(f"[{table}]")
    text = text[:start] + text[start:].replace("upper_bound = 0.95", "upper_bound = 1.0", 1)
    with pytest.raises(InputError, match=f"{table}: could be drawn as 1") as told:
        parse(Behaviour, tomllib.loads(text), path)
    assert "Set upper_bound below 1" in str(told.value)
