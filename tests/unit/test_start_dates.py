"""Whatever the dates of a council and of a line, the two run, or are refused in one line."""

from __future__ import annotations

import copy
import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.config.council import Council
from sim.config.errors import InputError
from sim.config.load import parse
from sim.config.shipped import locate
from sim.dates import add_years, month_ends
from sim.experiment.compare import headline_month
from sim.experiment.replicate import Outcome, make_study, run_once
from sim.inputs.fates import Fates
from sim.inputs.run_options import AS_USUAL
from sim.outcomes.indicators import INDEX
from sim.scenario.scenario import Scenario, baseline, check_fits
from tests.behaviour.test_every_measure import every_measure
from tests.helpers import SEED, evidence

pytest.importorskip("sim.engine.compiled", exc_type=ImportError)

STARTS = (
    dt.date(2019, 12, 31),
    dt.date(2020, 1, 1),
    dt.date(2020, 2, 29),
    dt.date(2020, 8, 31),
    dt.date(2020, 10, 15),
    dt.date(2021, 2, 28),
    dt.date(2021, 3, 30),
    dt.date(2021, 3, 31),
    dt.date(2021, 4, 1),
    dt.date(2021, 9, 1),
    dt.date(2021, 9, 20),
)
COHORTS = ("09-20", "04-01", "02-28", "03-31", "01-01", "12-31")
EVERY_MONTH = [dt.date(year, month, 1) for year in (2020, 2021) for month in range(1, 13)]


@cache
def _council() -> dict[str, Any]:
    return tomllib.loads(locate("devon_2021", "councils").read_text(encoding="utf-8"))


@cache
def _measures() -> tuple[dict[str, Any], ...]:
    """One line of each kind, each without phasing and planned money, whose years are not asked."""
    with TemporaryDirectory() as folder:
        found = tomllib.loads(every_measure(Path(folder)).read_text(encoding="utf-8"))["measures"]
    kinds = {measure["kind"]: measure for measure in found}
    for measure in kinds.values():
        measure.pop("phasing", None)
        measure.pop("planned_gbp", None)
    return tuple(kinds.values())


def _council_on(start: dt.date, totals: dt.date, years: int, newly_qualified: str) -> Council:
    data = copy.deepcopy(_council())
    data |= {"start_date": start, "totals_date": totals, "horizon_years": years}
    data["staffing"]["newly_qualified_start"] = newly_qualified
    # Years of referrals that are not over on the day would be refused.
    del data["casework"]["demand"]["published"]
    return parse(Council, data, Path("made_up.toml"))


def _scenario(
    measure: dict[str, Any], council: Council, start: dt.date, end: dt.date | None
) -> Scenario:
    line = copy.deepcopy(measure) | {"start": start}
    line.pop("end", None)
    if end is not None:
        line["end"] = end
    for many, date in (("campaigns", "offers_on"), ("intakes", "starts_on")):
        if many in line:
            line[many] = [line[many][0] | {date: start}]
    scenario = parse(Scenario, {"name": "Made up", "measures": [line]}, Path("made_up.toml"))
    check_fits(scenario, council, "made_up.toml")
    return scenario


@dataclass(frozen=True)
class _Dates:
    """Dates of a council, and of one line of it."""

    start: dt.date
    totals: dt.date
    years: int
    cohort: str
    measure: dict[str, Any]
    begins: dt.date
    ends: dt.date | None


@st.composite
def _dates(draw: st.DrawFn) -> _Dates:
    def days(*values: int) -> dt.timedelta:
        return dt.timedelta(days=draw(st.sampled_from(values)))

    start, years = draw(st.sampled_from(STARTS)), draw(st.sampled_from((1, 1, 2, 3, 20)))
    last = (add_years(start, years) - start).days - 1
    begins = start + days(-1, 0, 0, 1, 29, 200, last, last + 1, last + 400)
    ends = begins + days(-1, 0, 0, 1, 30, 365, last, last + 1)
    return _Dates(
        start,
        start + days(-400, -200, -54, -1, 0, 1, 23, 200, 365),
        years,
        draw(st.sampled_from(COHORTS)),
        draw(st.sampled_from(_measures())),
        begins,
        draw(st.sampled_from((None, ends, ends))),
    )


@settings(
    max_examples=16,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(_dates())
def test_any_dates_run_or_are_refused_in_one_line(dates: _Dates) -> None:
    council = _council_on(dates.start, dates.totals, dates.years, dates.cohort)
    if dates.begins < dates.start or (dates.ends and dates.ends < dates.begins):
        with pytest.raises(InputError) as refused:
            _scenario(dates.measure, council, dates.begins, dates.ends)
        assert "\n" not in str(refused.value)
        assert refused.value.remedy
        return
    scenario = _scenario(dates.measure, council, dates.begins, dates.ends)
    scenario.warnings(council)
    outcome = _run(council, scenario)
    assert np.isfinite(outcome.table[INDEX["inpost_fte"]]).all()
    assert np.isfinite(outcome.spent_gbp).all()


def _run(council: Council, scenario: Scenario) -> Outcome:
    study = make_study(council, evidence().behaviour, (scenario,), SEED, AS_USUAL)
    return run_once(study, scenario, 1, Fates(SEED, 1))


# -- newly qualified workers who start between the count and day 0 ---------------------------------


@pytest.mark.parametrize(
    ("start", "totals", "cohort", "first"),
    [
        ("2020-11-22", "2020-09-30", "10-15", "2020-10-15"),
        ("2021-01-10", "2020-09-30", "10-15", "2020-10-15"),
        ("2021-01-10", "2020-10-15", "10-15", "2021-10-15"),
        ("2021-09-30", "2019-12-01", "09-20", "2021-09-20"),
        ("2021-09-08", "2021-09-30", "09-20", "2022-09-20"),
        ("2021-09-20", "2021-08-01", "09-20", "2021-09-20"),
    ],
)
def test_those_who_start_after_the_count_and_before_day_0_are_not_lost(
    start: str, totals: str, cohort: str, first: str
) -> None:
    days = [dt.date.fromisoformat(text) for text in (start, totals, first)]
    council = _council_on(days[0], days[1], 2, cohort)
    assert council.newly_qualified_starts[0] == days[2]
    study = make_study(council, evidence().behaviour, (baseline(),), SEED)
    plan = study.plan(baseline(), 0)
    assert plan.cohorts[0].start_day == max(0, (days[2] - days[0]).days)
    assert plan.cohorts[0].offer_day >= 0.0


def test_totals_that_are_far_from_day_0_are_refused() -> None:
    with pytest.raises(InputError, match="2018-09-30 is over two years from start_date"):
        _council_on(dt.date(2021, 9, 8), dt.date(2018, 9, 30), 2, "09-20")


# -- the headline's date ---------------------------------------------------------------------------


@pytest.mark.parametrize("years", [1, 2, 3, 20])
@pytest.mark.parametrize("first", EVERY_MONTH)
def test_day_0_is_never_the_headline(first: dt.date, years: int) -> None:
    for start in (first, first - dt.timedelta(days=1)):
        dates = month_ends(start, add_years(start, years))
        date = dates[headline_month(dates, start)]
        assert (date - start).days >= 89, (start, date)
        if years > 1:
            assert (date.month, date.day) == (3, 31)


def test_a_start_on_31_march_speaks_of_the_last_month_of_its_year() -> None:
    start = dt.date(2021, 3, 31)
    dates = month_ends(start, dt.date(2022, 3, 31))
    assert dates[headline_month(dates, start)] == dt.date(2022, 2, 28)
