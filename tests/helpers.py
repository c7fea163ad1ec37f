"""Plans for tests: Devon, a council in balance, and ways to alter and to watch runs."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

import numpy as np

from sim.config.council import Council
from sim.config.roles import FAMILY_OF_ROLE, REGISTERED_ROLES, Role
from sim.config.shipped import Evidence, load_council, load_evidence
from sim.engine.actions.months import last_day
from sim.engine.layout import World
from sim.engine.outcome import records_of
from sim.engine.records import Array, Records
from sim.engine.simpy import engine
from sim.engine.trace import Listener, TraceEvent, tell_all
from sim.inputs.balance import SteadyCover
from sim.inputs.build import make_plan
from sim.inputs.draws import draw_values, make_draw, quantities
from sim.inputs.fates import Fates
from sim.inputs.plan import Plan
from sim.inputs.position import Position, PostState, StartPost, start_position
from sim.scenario.posts import ExtraPosts, PostsInTeam
from sim.scenario.scenario import Scenario, baseline, load_scenario

SEED = 20260101
GAMMA = "labour_market.vacancy_elasticity"

EQUAL_WEIGHTS = {"labour_market.hard_to_recruit_weight": 1.0}
NO_PIPELINES = {
    "council.staffing.newly_qualified_share_of_starters": 0.0,
    "internal_moves.chance_social_worker": 0.0,
    "internal_moves.chance_senior": 0.0,
    "agency.conversion_rate": 0.0,
}
NO_GROWTH = {"growth.posts": 1.0, "growth.pull_on_staff": 0.0, "growth.pull_on_posts": 0.0}
"""Posts and staff neither grow nor follow vacancies."""
CONSTANT_RATES = {
    "exits.under_five_years_ratio": 1.0,
    "exits.team_manager_multiplier": 1.0,
    "exits.manager_gap_multiplier": 1.0,
    "exits.contagion_multiplier": 1.0,
}
"""Draw 0 has no variation between years."""

SIMPLE = EQUAL_WEIGHTS | NO_PIPELINES | CONSTANT_RATES | NO_GROWTH
"""Staffing only: everything that would blur a closed form is off."""

SHORT_STEPS = {
    "hiring.approval": 0.1,
    "hiring.selection": 0.2,
    "hiring.checks": 0.7,
    "hiring.notice_social_worker": 0.5,
    "hiring.notice_team_manager": 0.5,
}
"""Steps of hiring in weeks, short beside the time that a vacancy is advertised."""

UNLIMITED = {"labour_market.candidate_cap_per_post": 1e6}


@cache
def evidence() -> Evidence:
    """The shipped evidence."""
    return load_evidence()


@cache
def council_named(name: str) -> Council:
    """A shipped council."""
    return load_council(name, evidence().sources)


def devon() -> Council:
    """The shipped Devon of 2021."""
    return council_named("devon_2021")


@cache
def in_balance() -> dict[str, float]:
    """Values with which nothing is expected to change in Devon but by chance."""
    staff = devon().totals.of_draw({}).inpost_fte
    starters = devon().staffing.starters_fte_per_year.central
    return NO_GROWTH | {"council.staffing.leaving_rate": starters / staff}


@cache
def devon_position() -> Position:
    """Devon's posts on day 0."""
    return start_position(devon())


@cache
def package(name: str = "devon_package_48_fte") -> Scenario:
    """A shipped scenario of Devon."""
    return load_scenario(name, devon(), evidence().sources)


def values_of(
    council: Council,
    scenario: Scenario,
    draw: int = 0,
    overrides: Mapping[str, float] | None = None,
) -> dict[str, float]:
    """A draw's values, some of them replaced; a key that doesn't exist is refused."""
    behaviour = evidence().behaviour
    values = draw_values(
        quantities(behaviour, council, [scenario]), behaviour.correlations, SEED, draw
    )
    for key, value in (overrides or {}).items():
        assert key in values, f"no such quantity: {key}"
        values[key] = value
    return values


def devon_plan(
    overrides: Mapping[str, float] | None = None,
    scenario: Scenario | None = None,
    draw: int = 0,
) -> Plan:
    """A plan of Devon."""
    chosen = scenario or baseline()
    values = values_of(devon(), chosen, draw, overrides)
    return make_plan(devon(), devon_position(), chosen, make_draw(devon(), values, SEED, draw))


def no_cover(plan: Plan) -> tuple[SteadyCover, ...]:
    """By team: nobody comes to cover a vacancy."""
    return tuple(dataclasses.replace(team, share=0.0) for team in plan.agency.cover[0])


# -- a council in balance --------------------------------------------------------------------------

UNITS = (1, 3, 6, 1, 3, 1)
"""Size of each team of the balanced council, in units of 10 people in post and 3 vacancies."""
FILLED, COVERED, UNCOVERED = 10, 2, 1
TEAMS_WITH_MANAGERS = (1, 2)


@cache
def balanced_council() -> Council:
    """Devon's teams with totals in which hires and leavers balance in every team."""
    vacancies = COVERED + UNCOVERED
    units, managers = sum(UNITS), len(TEAMS_WITH_MANAGERS)
    whole = units + managers
    base = devon()
    totals = base.totals.model_copy(
        update={
            "inpost_fte": float(FILLED * whole),
            "vacancy_fte": float(vacancies * whole),
            "agency_cover_fte": float(COVERED * whole),
            "agency_above_establishment_fte": 6.0,
            "case_holders_fte": float((FILLED + COVERED) * units + 6),
            "team_manager_posts_fte": float((FILLED + vacancies) * managers),
            "team_manager_vacancy_fte": float(vacancies * managers),
        }
    )
    teams = tuple(team.model_copy(update={"hard_to_recruit": False}) for team in base.teams)
    return base.model_copy(
        update={
            "teams": teams,
            "totals": totals,
            "frontline": None,
            "baseline_supplements": (),
        }
    )


@cache
def balanced_position() -> Position:
    """Its posts, all of one FTE: teams and roles all have the same share vacant and covered."""
    posts: list[StartPost] = []
    for team, units in enumerate(UNITS):
        sizes = {Role.SOCIAL_WORKER: units}
        if team in TEAMS_WITH_MANAGERS:
            sizes[Role.TEAM_MANAGER] = 1
        for role, size in sizes.items():
            for state, count in (
                (PostState.FILLED, FILLED),
                (PostState.COVERED, COVERED),
                (PostState.UNCOVERED, UNCOVERED),
            ):
                posts += [
                    StartPost(f"{team}/{role.value}/{state.name}/{k}", team, role, 1.0, state)
                    for k in range(count * size)
                ]
    return Position(tuple(posts), (1,) * len(UNITS), ())


def balanced_plan(
    overrides: Mapping[str, float] | None = None, scenario: Scenario | None = None
) -> Plan:
    """A plan of the balanced council at constant rates: starters equal leavers in each team."""
    council = balanced_council()
    chosen = scenario or baseline()
    values = values_of(council, chosen)
    rate = values["council.staffing.leaving_rate"]
    whole = sum(UNITS) + len(TEAMS_WITH_MANAGERS)
    balance = {
        "council.staffing.starters_fte_per_year": rate * FILLED * whole,
        "council.staffing.team_manager_share_of_starters": len(TEAMS_WITH_MANAGERS) / whole,
        "exits.newly_qualified_first_year_rate": rate,
    }
    for key, value in (SIMPLE | balance | dict(overrides or {})).items():
        assert key in values, f"no such quantity: {key}"
        values[key] = value
    draw = make_draw(council, values, SEED, 0)
    return kept_above(make_plan(council, balanced_position(), chosen, draw))


def kept_above(plan: Plan) -> Plan:
    """The same plan with agency staff above establishment at those of day 0 in every year."""
    kept = (plan.agency.above_start,) * len(plan.agency.above_by_year)
    return dataclasses.replace(plan, agency=dataclasses.replace(plan.agency, above_by_year=kept))


def without_recoding(plan: Plan) -> Plan:
    """The same plan with nobody who joins or leaves the count unhired."""
    return dataclasses.replace(plan, other_net_change=(0.0,) * len(plan.other_net_change))


# -- altering ----------------------------------------------------------------------------------


def extra_posts(
    team: str,
    fte: float,
    role: Role = Role.SOCIAL_WORKER,
    start: dt.date = dt.date(2021, 10, 1),
    end: dt.date | None = None,
) -> Scenario:
    """A scenario of extra posts of one role in one team."""
    measure = ExtraPosts(
        kind="extra_posts",
        key="extra",
        name="Extra posts",
        start=start,
        end=end,
        posts=(PostsInTeam(team=team, role=role, fte=fte),),
    )
    return Scenario(key="extra", name="Extra posts", measures=(measure,))


def shortened(plan: Plan, months: int) -> Plan:
    """The same plan, ended after a number of periods."""
    prices = dataclasses.replace(
        plan.prices,
        cost_per_fte_day=plan.prices.cost_per_fte_day[:months],
        agency_cost_per_fte_day=plan.prices.agency_cost_per_fte_day[:months],
        deflator=plan.prices.deflator[:months],
    )
    published = plan.agency.above_published
    agency = dataclasses.replace(
        plan.agency,
        cover_effects=plan.agency.cover_effects[:months],
        above_published=None if published is None else published[:months],
    )
    case = plan.casework
    return dataclasses.replace(
        plan,
        horizon=plan.boundaries[months],
        boundaries=plan.boundaries[: months + 1],
        period_dates=plan.period_dates[:months],
        year_of_period=plan.year_of_period[:months],
        rates_year_of_period=plan.rates_year_of_period[:months],
        pay_exits=plan.pay_exits[:months],
        exit_effects=plan.exit_effects[:months],
        attractiveness=plan.attractiveness[:months],
        establishment_closures=plan.establishment_closures[:months],
        other_net_change=plan.other_net_change[:months],
        agency=agency,
        prices=prices,
        casework=case
        and dataclasses.replace(case, referrals_per_day=case.referrals_per_day[:months]),
    )


def with_markets(plan: Plan, **changes: object) -> Plan:
    """The same plan with every market altered."""
    markets = tuple(dataclasses.replace(m, **changes) for m in plan.markets)  # type: ignore[arg-type]
    return dataclasses.replace(plan, markets=markets)


def market_index(plan: Plan, name: str) -> int:
    """Index of a market."""
    return [market.name for market in plan.markets].index(name)


# -- watching ----------------------------------------------------------------------------------


class Trace:
    """A listener that keeps what it hears."""

    def __init__(self) -> None:
        self.events: list[TraceEvent] = []

    def __call__(self, event: TraceEvent) -> None:
        """Keep an event."""
        self.events.append(event)

    def of(self, *kinds: str) -> list[TraceEvent]:
        """Events of some kinds."""
        return [event for event in self.events if event.what in kinds]


def started(plan: Plan, fates: Fates, is_traced: bool = False) -> World:
    """A run with SimPy on day 0, every story begun and none gone on with."""
    w = engine.world_of(plan, fates, is_traced)
    engine.begin_run(w)
    return w


def step(w: World) -> None:
    """The next SimPy event happens."""
    w.now = w.env.peek()
    w.env.step()


def advance(w: World, day: float) -> None:
    """All that comes before a day happens."""
    engine.go_on_to(w, day)
    w.now = day


def ended(plan: Plan, w: World, listener: Listener | None = None) -> Records:
    """Go on to the horizon; the facts of the run."""
    advance(w, plan.horizon)
    last_day(w)
    if listener is not None:
        tell_all(plan, w.told, len(w.posts), listener)
    return records_of(plan, w)


def over(plan: Plan, fates: Fates) -> World:
    """The state of a run that is over."""
    w = engine.world_of(plan, fates, is_traced=False)
    engine.run(w)
    return w


def run_stepwise(
    plan: Plan,
    fates: Fates,
    check: Callable[[World], None],
    listener: Listener | None = None,
) -> tuple[World, Records]:
    """Run a plan and call `check` after every SimPy event in which something was told."""
    w = started(plan, fates, listener is not None)
    seen, period = -1, -1
    while w.env.peek() < plan.horizon:
        step(w)
        if w.events != seen or w.period != period:
            seen, period = w.events, w.period
            check(w)
    return w, ended(plan, w, listener)


def run_sampled(
    plan: Plan, fates: Fates, days: Sequence[float], look: Callable[[World], Iterable[float]]
) -> tuple[Records, Array]:
    """Run a plan; what `look` sees on each of some days, shape (days, numbers seen)."""
    w = started(plan, fates)
    seen = []
    for day in days:
        advance(w, day)
        seen.append(list(look(w)))
    return ended(plan, w), np.array(seen, dtype=float)


def registered(plan: Plan) -> list[int]:
    """Accounts of registered social workers and their managers."""
    return [i for i, account in enumerate(plan.accounts) if account.role in REGISTERED_ROLES]


def accounts_of_market(plan: Plan, name: str) -> list[int]:
    """Accounts whose posts belong to a market."""
    return [i for i, a in enumerate(plan.accounts) if FAMILY_OF_ROLE[a.role] == name]


def period_days(plan: Plan) -> Array:
    """Length of each period."""
    return np.diff(np.array(plan.boundaries))


def standard_error(sample: Array) -> Array:
    """Standard error of the mean over the first axis."""
    error: Array = sample.std(axis=0, ddof=1) / np.sqrt(len(sample))
    return error


def stream_to(bits: int) -> int:
    """The stream of luck whose first number is made of some 64 bits: mix() backwards."""
    word = bits
    for shift, factor in ((31, 0x94D049BB133111EB), (27, 0xBF58476D1CE4E5B9), (30, 1)):
        word ^= word >> shift ^ word >> 2 * shift
        word = word * pow(factor, -1, 2**64) % 2**64
    return (word - 0x9E3779B97F4A7C15) % 2**64


def same_records(one: Records, other: Records) -> bool:
    """Whether two runs gave the same facts to the last bit."""
    return _same(one, other)


def _same(a: object, b: object) -> bool:
    if dataclasses.is_dataclass(a):
        return type(a) is type(b) and all(
            _same(getattr(a, field.name), getattr(b, field.name)) for field in dataclasses.fields(a)
        )
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_same(a[key], b[key]) for key in a)
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a.shape == b.shape and a.tobytes() == b.tobytes()
    return bool(a == b)
