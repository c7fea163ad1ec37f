"""Making the plan: council + scenario + draw -> Plan."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.config.council import FAMILY_OF_ROLE, REGISTERED_ROLES, ROLES, Council, Role
from sim.dates import (
    DAYS_PER_WEEK,
    DAYS_PER_YEAR,
    add_years,
    day_of,
    financial_year,
    financial_year_start,
    month_ends,
)
from sim.inputs.balance import (
    OpenPosts,
    Reference,
    lognormal_multiplier,
    relative_pay_effect,
    solve_reference,
    steady_cover_rate,
)
from sim.inputs.draws import CENTRAL_DRAW, year_variation
from sim.inputs.fates import key_of
from sim.inputs.plan import (
    BASELINE_LINE,
    SUPERNUMERARY_LINE,
    Account,
    AgencyPlan,
    Cohort,
    ExitPlan,
    InternalPlan,
    Line,
    Market,
    Payment,
    Plan,
    PostPlan,
    Prices,
    Supplement,
)
from sim.inputs.position import Position, PostState
from sim.scenario.effects import Effects, PayRise, RetentionDeal
from sim.scenario.measure import Measure
from sim.scenario.scenario import Scenario

DAYS_PER_MONTH = DAYS_PER_YEAR / 12
Cell = tuple[int, Role]
Values = Mapping[str, float]


@dataclass(frozen=True)
class Calendar:
    """Periods of a run: calendar months, the first and the last cut short."""

    start: dt.date
    end: dt.date
    boundaries: tuple[float, ...]
    period_dates: tuple[dt.date, ...]

    @property
    def starts(self) -> list[dt.date]:
        """First date of each period."""
        return [self.start + dt.timedelta(days=int(day)) for day in self.boundaries[:-1]]

    @property
    def years(self) -> int:
        """Number of started years."""
        return math.ceil(self.boundaries[-1] / DAYS_PER_YEAR)


def make_calendar(start: dt.date, years: int) -> Calendar:
    """Periods from `start` for a number of whole years."""
    end = add_years(start, years)
    ends = list(month_ends(start, end))
    if not ends or ends[-1] < end - dt.timedelta(days=1):
        ends.append(end - dt.timedelta(days=1))
    days = [0.0] + [float(day_of(start, date) + 1) for date in ends]
    return Calendar(start, end, tuple(days), tuple(ends))


def make_plan(
    council: Council,
    position: Position,
    scenario: Scenario,
    values: Values,
    seed: int,
    draw: int,
) -> Plan:
    """The plan of one draw.

    Args:
        council: the council.
        position: its start position (sim.inputs.position.start_position), shared by all draws.
        scenario: what it decides.
        values: the draw's values (sim.inputs.draws.draw_values).
        seed: seed of the study; with `draw` it fixes the between-year variation.
        draw: number of the draw; 0 is central.
    """
    return _Builder(council, position, scenario, values, seed, draw).build()


class _Builder:
    """Holds what the steps of building share; every step returns its part of the plan."""

    def __init__(
        self,
        council: Council,
        position: Position,
        scenario: Scenario,
        values: Values,
        seed: int,
        draw: int,
    ) -> None:
        self.council, self.position, self.scenario = council, position, scenario
        self.values, self.seed, self.draw = values, seed, draw
        self.calendar = make_calendar(council.start_date, council.horizon_years)
        self.team_index = {team.key: t for t, team in enumerate(council.teams)}
        self.effects: list[tuple[Measure, Effects]] = scenario.effects(values)
        self.market_keys = list(dict.fromkeys(FAMILY_OF_ROLE.values()))
        self.accounts: dict[Account, int] = {}

    def build(self) -> Plan:
        calendar, council = self.calendar, self.council
        year_of_period = tuple(
            min(int(day / DAYS_PER_YEAR), calendar.years - 1) for day in calendar.boundaries[:-1]
        )
        growth, closures = self._establishment_change()
        posts = self._posts(growth)
        self._supernumerary_accounts()
        references = self._references(posts)
        pay_exits, attractiveness = self._pay()
        supplements, payments = self._pay_costs()
        start_posts = posts[: len(self.position.posts)]
        return Plan(
            start_date=council.start_date,
            scenario=self.scenario.key,
            draw=self.draw,
            horizon=calendar.boundaries[-1],
            boundaries=calendar.boundaries,
            period_dates=calendar.period_dates,
            year_of_period=year_of_period,
            team_keys=tuple(team.key for team in council.teams),
            team_names=tuple(team.name for team in council.teams),
            court_teams=frozenset(t for t, team in enumerate(council.teams) if team.court_work),
            posts=tuple(posts),
            accounts=tuple(self.accounts),
            lines=self._lines(),
            markets=self._markets(references),
            internal=self._internal(),
            exits=self._exits(),
            agency=self._agency(references, start_posts),
            cohorts=self._cohorts(start_posts),
            cohort_drop_out=self.values["hiring.drop_out"],
            payments=payments,
            supplements=supplements,
            prices=self._prices(),
            pay_exits=pay_exits,
            attractiveness=attractiveness,
            establishment_closures=closures,
            other_net_change=self._other_net_change(),
            notice_probability={role: self._notice_probability(role) for role in ROLES},
            tenure_under_five_share=self.values["exits.under_five_years_share"],
            newly_qualified_probability=self._newly_qualified_probability(),
            account_index={(a.team, a.role, a.line): i for a, i in self.accounts.items()},
        )

    # -- posts ---------------------------------------------------------------------------------

    def _account(self, team: int, role: Role, line: int) -> int:
        return self.accounts.setdefault(Account(team, role, line), len(self.accounts))

    def _post(
        self,
        posts: list[PostPlan],
        name: str,
        team: int,
        role: Role,
        fte: float,
        line: int,
        start: float,
        end: float,
        state: PostState,
    ) -> None:
        hard = self.council.teams[team].hard_to_recruit and role in REGISTERED_ROLES
        weight = self.values["labour_market.hard_to_recruit_weight"] if hard else 1.0
        posts.append(
            PostPlan(
                number=len(posts),
                key=key_of(f"post {name}"),
                name=name,
                team=team,
                role=role,
                market=self.market_keys.index(FAMILY_OF_ROLE[role]),
                fte=fte,
                account=self._account(team, role, line),
                start_day=start,
                end_day=end,
                state=state,
                choice_weight=weight,
            )
        )

    def _posts(self, growth: list[tuple[str, int, Role, float, float]]) -> list[PostPlan]:
        posts: list[PostPlan] = []
        for start in self.position.posts:
            self._post(
                posts, start.name, start.team, start.role, start.fte, BASELINE_LINE, 0.0,
                math.inf, start.state,
            )  # fmt: skip
        for name, team, role, fte, day in growth:
            self._post(
                posts, name, team, role, fte, BASELINE_LINE, day, math.inf, PostState.NOT_OPEN
            )
        for index, (measure, effects) in enumerate(self.effects):
            for new in effects.posts:
                for k, size in enumerate(whole_posts(new.fte)):
                    self._post(
                        posts,
                        f"{measure.key}/{new.team}/{new.role.value}/{k + 1}",
                        self.team_index[new.team],
                        new.role,
                        size,
                        SUPERNUMERARY_LINE + 1 + index,
                        float(day_of(self.calendar.start, new.start)),
                        float(day_of(self.calendar.start, new.end)) if new.end else math.inf,
                        PostState.NOT_OPEN,
                    )
        return posts

    def _supernumerary_accounts(self) -> None:
        for team in range(len(self.council.teams)):
            self._account(team, Role.SOCIAL_WORKER, SUPERNUMERARY_LINE)

    def _establishment_change(
        self,
    ) -> tuple[list[tuple[str, int, Role, float, float]], tuple[float, ...]]:
        """Posts to be added (name, team, role, FTE, day) and FTE to be closed, by period."""
        closures = np.zeros(len(self.calendar.boundaries) - 1)
        growth: list[tuple[str, int, Role, float, float]] = []
        places = self._places_by_size()
        for year, change in enumerate(self._yearly_establishment_change()):
            sizes = whole_posts(round(abs(change), 1))
            for k, size in enumerate(sizes):
                day = (year + (k + 0.5) / len(sizes)) * DAYS_PER_YEAR
                if day >= self.calendar.boundaries[-1]:
                    continue
                if change > 0:
                    team, role = places[(year * 7 + k) % len(places)]
                    growth.append((f"growth/{year}/{k + 1}", team, role, size, day))
                else:
                    closures[np.searchsorted(self.calendar.boundaries, day, "right") - 1] += size
        return growth, tuple(closures.tolist())

    def _places_by_size(self) -> list[Cell]:
        """Teams and social work roles in an order that adds posts in proportion to their size."""
        size: dict[Cell, float] = {}
        for post in self.position.posts:
            if post.role is not Role.TEAM_MANAGER:
                cell = (post.team, post.role)
                size[cell] = size.get(cell, 0.0) + post.fte
        total = sum(size.values())
        order: list[Cell] = []
        given = dict.fromkeys(size, 0)
        for n in range(1, 41):
            cell = max(size, key=lambda c: size[c] / total * n - given[c])
            given[cell] += 1
            order.append(cell)
        return order

    def _yearly_establishment_change(self) -> list[float]:
        if self.council.rerun:
            return list(self.council.rerun.establishment_change_fte)
        return list(self._yearly_fte("establishment_change"))

    def _other_net_change(self) -> tuple[float, ...]:
        if self.council.rerun:
            yearly = list(self.council.rerun.other_net_change_fte)
        else:
            sd = self.values["between_years.other_net_change"]
            scores = year_variation(self.seed, self.draw, "other net change", self.calendar.years)
            yearly = [sd * z * self.council.totals.inpost_fte for z in scores]
        bounds = self.calendar.boundaries
        return tuple(
            yearly[min(int(a / DAYS_PER_YEAR), len(yearly) - 1)] * (b - a) / DAYS_PER_YEAR
            for a, b in zip(bounds, bounds[1:], strict=False)
        )

    def _year_multipliers(self, what: str) -> tuple[float, ...]:
        """Multipliers with mean 1 over draws, one a year; all 1 in the central draw."""
        if self.draw == CENTRAL_DRAW:
            return (1.0,) * self.calendar.years
        sd = self.values[f"between_years.{what}"]
        scores = year_variation(self.seed, self.draw, what, self.calendar.years)
        return tuple(lognormal_multiplier(z, sd) for z in scores)

    def _cover_multipliers(self) -> tuple[float, ...]:
        """Multipliers of the rate at which cover comes, with median 1: their logarithm moves with
        the logit of the share covered, which varies about its own level.
        """
        sd = self.values["between_years.agency_cover"]
        scores = year_variation(self.seed, self.draw, "agency_cover", self.calendar.years)
        return tuple(math.exp(sd * z) for z in scores)

    def _yearly_fte(self, what: str) -> tuple[float, ...]:
        """Yearly FTE with mean 0, of a size given as a share of the establishment."""
        sd = self.values[f"between_years.{what}"] * self.position.establishment_fte
        scores = year_variation(self.seed, self.draw, what, self.calendar.years)
        return tuple(sd * z for z in scores)

    # -- leaving -------------------------------------------------------------------------------

    def _leavers_per_day(self, role: Role) -> float:
        """Leavers a day over all in post, those under notice included."""
        if role in REGISTERED_ROLES:
            rate = self.values["council.staffing.leaving_rate"]
        else:
            rate = self.values["exits.support_leaving_rate"]
        return rate / DAYS_PER_YEAR

    def _notice_days(self, role: Role) -> float:
        family = FAMILY_OF_ROLE[role]
        name = family if role in REGISTERED_ROLES else "support"
        return self.values[f"hiring.notice_{name}"] * DAYS_PER_WEEK

    def _notice_probability(self, role: Role) -> float:
        return self._leavers_per_day(role) * self._notice_days(role)

    def _newly_qualified_per_year(self) -> float:
        """FTE a year that start as newly qualified."""
        return (
            self.values["council.staffing.starters_fte_per_year"]
            * self.values["council.staffing.newly_qualified_share_of_starters"]
        )

    def _open_to_newly_qualified(self) -> float:
        return math.fsum(
            post.fte
            for post in self.position.posts
            if post.state is PostState.FILLED
            and post.role is Role.SOCIAL_WORKER
            and not self.council.teams[post.team].court_work
        )

    def _newly_qualified_probability(self) -> float:
        room = self._open_to_newly_qualified()
        return min(1.0, self._newly_qualified_per_year() / room) if room else 0.0

    def _exits(self) -> ExitPlan:
        v = self.values
        social = [post for post in self.position.posts if post.state is PostState.FILLED]
        newly = self._newly_qualified_probability() * self._open_to_newly_qualified()
        manager = math.fsum(p.fte for p in social if p.role is Role.TEAM_MANAGER)
        others = math.fsum(p.fte for p in social) - manager - newly
        ratio, young = v["exits.under_five_years_ratio"], v["exits.under_five_years_share"]
        mean_band = young * ratio + (1 - young)
        leaving = self._leavers_per_day(Role.SOCIAL_WORKER)
        level = leaving / (1 - leaving * self._notice_days(Role.SOCIAL_WORKER))
        first_year = v["exits.newly_qualified_first_year_rate"] / DAYS_PER_YEAR
        weight = mean_band * (others + manager * v["exits.team_manager_multiplier"])
        settled = max(0.0, level * (others + manager + newly) - first_year * newly) / weight
        bands = (first_year, settled * ratio, settled)
        rates = {
            role: tuple(self._split_exits(rate * self._grade_multiplier(role)) for rate in bands)
            for role in REGISTERED_ROLES
        }
        for role in ROLES:
            if role not in REGISTERED_ROLES:
                rate = self._leavers_per_day(role)
                rate /= 1 - rate * self._notice_days(role)
                rates[role] = ((rate, 0.0, 0.0),) * 3
        headcount, gaps = self._team_shapes()
        recent = tuple(n * leaving for n in headcount)
        span, window = v["exits.span_of_control"], v["exits.contagion_window"]
        gap, contagion = v["exits.manager_gap_multiplier"], v["exits.contagion_multiplier"]
        felt = 1 - math.exp(-span * leaving * window)
        return ExitPlan(
            rates=rates,
            year_multipliers=self._year_multipliers("exits"),
            manager_gap=gap,
            contagion=contagion,
            contagion_days=window,
            span=span,
            start_effects=tuple(
                (1 + (gap - 1) * share) * (1 + (contagion - 1) * felt) for share in gaps
            ),
            headcount=headcount,
            recent_resignations_per_day=recent,
        )

    def _grade_multiplier(self, role: Role) -> float:
        return self.values["exits.team_manager_multiplier"] if role is Role.TEAM_MANAGER else 1.0

    def _split_exits(self, rate: float) -> tuple[float, float, float]:
        agency, council = (
            self.values["exits.to_agency_share"],
            self.values["exits.to_council_share"],
        )
        return rate * (1 - agency - council), rate * agency, rate * council

    def _team_shapes(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """By team: registered workers, and the share of manager FTE without permanent holder."""
        teams = len(self.council.teams)
        heads, posts, vacant = [0.0] * teams, [0.0] * teams, [0.0] * teams
        for post in self.position.posts:
            if post.state is PostState.FILLED:
                heads[post.team] += 1
            if post.role is Role.TEAM_MANAGER:
                posts[post.team] += post.fte
                if post.state is not PostState.FILLED:
                    vacant[post.team] += post.fte
        return tuple(heads), tuple(v / p if p else 0.0 for v, p in zip(vacant, posts, strict=True))

    # -- hiring --------------------------------------------------------------------------------

    def _internal(self) -> InternalPlan:
        v = self.values
        chance = {
            Role.SOCIAL_WORKER: v["internal_moves.chance_social_worker"],
            Role.SENIOR_PRACTITIONER: v["internal_moves.chance_senior"],
            Role.TEAM_MANAGER: v["internal_moves.chance_senior"],
        }
        return InternalPlan(
            chance=chance,
            appointment_days=v["internal_moves.appointment_days"],
            minimum_tenure_days=v["internal_moves.minimum_tenure"] * DAYS_PER_MONTH,
        )

    def _ready_days(self, market: str) -> float:
        """From acceptance to the first day: checks run beside the candidate's own notice."""
        v = self.values
        registered = market in ("social_worker", "team_manager")
        notice = v[f"hiring.notice_{market if registered else 'support'}"]
        return max(v["hiring.checks"], notice) * DAYS_PER_WEEK

    def _starters_per_day(self, market: str) -> float:
        """Experienced starters through a social work market, FTE a day, net of conversions."""
        v = self.values
        total = v["council.staffing.starters_fte_per_year"]
        managers = total * v["council.staffing.team_manager_share_of_starters"]
        gross = managers if market == "team_manager" else (
            total - managers - self._newly_qualified_per_year()
        )  # fmt: skip
        cover = math.fsum(
            post.fte
            for post in self.position.posts
            if post.state is PostState.COVERED and FAMILY_OF_ROLE[post.role] == market
        )
        net = gross - v["agency.conversion_rate"] * cover
        return max(net, 0.05 * gross) / DAYS_PER_YEAR

    def _references(self, posts: list[PostPlan]) -> dict[str, Reference]:
        v = self.values
        internal = self._internal()
        found: dict[str, Reference] = {}
        for index, market in enumerate(self.market_keys):
            mine = [p for p in posts[: len(self.position.posts)] if p.market == index]
            if market not in ("social_worker", "team_manager"):
                days = v["labour_market.support_fill_time"] * DAYS_PER_WEEK
                found[market] = Reference(1.0 / days, 1.0, 1.0)
                continue
            open_posts = OpenPosts(
                fte=np.array([p.fte for p in mine]),
                weight=np.array([p.choice_weight for p in mine]),
                vacant=np.array([float(p.state is not PostState.FILLED) for p in mine]),
                notice_probability=np.array([self._notice_probability(p.role) for p in mine]),
                internal_chance=np.array([internal.chance[p.role] for p in mine]),
            )
            found[market] = solve_reference(
                open_posts,
                self._starters_per_day(market),
                v["hiring.offer_acceptance"] * (1 - v["hiring.drop_out"]),
                v["hiring.approval"] * DAYS_PER_WEEK,
                v["hiring.selection"] * DAYS_PER_WEEK,
                v["hiring.offer_acceptance"] * self._ready_days(market),
                v[f"hiring.notice_{market}"] * DAYS_PER_WEEK,
            )
        return found

    def _markets(self, references: Mapping[str, Reference]) -> tuple[Market, ...]:
        v = self.values
        multipliers = self._year_multipliers("hires")
        markets = []
        for key in self.market_keys:
            registered = key in ("social_worker", "team_manager")
            reference = references[key]
            markets.append(
                Market(
                    key=key_of(f"market {key}"),
                    name=key,
                    candidates_per_day=reference.candidates_per_day,
                    reference_fte=reference.reference_fte,
                    vacancy_elasticity=(
                        v["labour_market.vacancy_elasticity"] if registered else 1.0
                    ),
                    cap_per_post_per_day=(
                        v["labour_market.candidate_cap_per_post"] / DAYS_PER_MONTH
                        if registered
                        else math.inf
                    ),
                    year_multipliers=multipliers if registered else (1.0,) * self.calendar.years,
                    approval_days=v["hiring.approval"] * DAYS_PER_WEEK,
                    selection_days=v["hiring.selection"] * DAYS_PER_WEEK,
                    ready_days=self._ready_days(key),
                    acceptance=v["hiring.offer_acceptance"],
                    drop_out=v["hiring.drop_out"],
                    notice_days=v[f"hiring.notice_{key if registered else 'support'}"]
                    * DAYS_PER_WEEK,
                    vacancy_age_days=self._vacancy_age(key) if registered else 0.0,
                    gets_agency_cover=registered,
                )
            )
        return tuple(markets)

    def _vacancy_age(self, market: str) -> float:
        """Mean age of vacancies by Little's law: vacant FTE over FTE that start a day."""
        totals, v = self.council.totals, self.values
        managers = v["council.staffing.team_manager_share_of_starters"]
        vacant, share = (
            (totals.team_manager_vacancy_fte, managers)
            if market == "team_manager"
            else (totals.vacancy_fte - totals.team_manager_vacancy_fte, 1 - managers)
        )
        starts = v["council.staffing.starters_fte_per_year"] * share
        return vacant / starts * DAYS_PER_YEAR if starts else 0.0

    def _cohorts(self, posts: list[PostPlan]) -> tuple[Cohort, ...]:
        """One cohort each year after the totals were counted; its size is in people."""
        v = self.values
        month, day = (int(x) for x in self.council.staffing.newly_qualified_start.split("-"))
        ordinary = [
            p.fte
            for p in posts
            if p.role is Role.SOCIAL_WORKER and not self.council.teams[p.team].court_work
        ]
        mean_fte = math.fsum(ordinary) / len(ordinary) if ordinary else 1.0
        size = self._newly_qualified_per_year() / mean_fte / (1 - v["hiring.drop_out"])
        lead = v["hiring.newly_qualified_offer_lead"] * DAYS_PER_WEEK
        cohorts = []
        for year in range(self.calendar.start.year, self.calendar.end.year + 1):
            date = dt.date(year, month, min(day, 28) if month == 2 else day)
            if date <= self.council.totals_date or date >= self.calendar.end:
                continue
            start = float(day_of(self.calendar.start, date))
            cohorts.append(Cohort(key_of(f"cohort {year}"), max(0.0, start - lead), start, size))
        return tuple(cohorts)

    # -- agency --------------------------------------------------------------------------------

    def _agency(self, references: Mapping[str, Reference], posts: list[PostPlan]) -> AgencyPlan:
        v = self.values
        request = v["agency.request_delay"] * DAYS_PER_WEEK
        assignment = v["agency.assignment"] * DAYS_PER_MONTH
        conversion = v["agency.conversion_rate"] / DAYS_PER_YEAR
        hired = v["hiring.offer_acceptance"] * (1 - v["hiring.drop_out"])
        arrivals = []
        for team in range(len(self.council.teams)):
            vacant = [p for p in posts if p.team == team and p.state is not PostState.FILLED]
            total = math.fsum(p.fte for p in vacant)
            covered = math.fsum(p.fte for p in vacant if p.state is PostState.COVERED)
            fills = 0.0
            for post in vacant:
                market = references[self.market_keys[post.market]]
                fills += (
                    post.fte * market.candidates_per_day * hired * market.advertised_share
                    * post.choice_weight * post.fte / market.reference_fte
                )  # fmt: skip
            arrivals.append(
                steady_cover_rate(
                    covered / total, fills / total, request, 1 / assignment, conversion
                )
                if total
                else self._council_cover_rate(request, assignment, conversion)
            )
        rerun = self.council.rerun
        return AgencyPlan(
            request_days=request,
            arrivals_per_day=tuple(rate for rate, _ in arrivals),
            request_pending_share=tuple(share for _, share in arrivals),
            assignment_days=assignment,
            conversion_per_day=conversion,
            notice_days=v["agency.notice"] * DAYS_PER_WEEK,
            release=v["agency.release"],
            above_start=self.position.above_establishment,
            above_published=self._above_published() if rerun else None,
            year_multipliers=self._cover_multipliers(),
            above_shift_fte=self._yearly_fte("agency_above_establishment"),
        )

    def _council_cover_rate(
        self, request: float, assignment: float, conversion: float
    ) -> tuple[float, float]:
        """For a team without a vacancy on day 0: the council's own cover share."""
        totals = self.council.totals
        share = totals.agency_cover_fte / totals.vacancy_fte if totals.vacancy_fte else 0.0
        rate = self.values["council.staffing.starters_fte_per_year"] / DAYS_PER_YEAR
        fill = rate / totals.vacancy_fte if totals.vacancy_fte else 0.0
        return steady_cover_rate(share, fill, request, 1 / assignment, conversion)

    def _above_published(self) -> tuple[tuple[float, ...], ...]:
        """Published agency above establishment by period and team, straight lines between years."""
        assert self.council.rerun is not None
        yearly = self.council.rerun.agency_above_establishment_fte
        at = np.array(self.calendar.boundaries[1:]) / DAYS_PER_YEAR
        total = np.interp(at, np.arange(len(yearly)), yearly)
        share = np.array([team.work_share for team in self.council.teams])
        return tuple(tuple(row) for row in (total[:, None] * share[None, :]).tolist())

    # -- pay -----------------------------------------------------------------------------------

    def _salary(self, role: Role) -> float:
        """Yearly salary of a full-time worker, GBP of the price year."""
        cost = self.values[f"council.money.unit_cost.{role.value}"]
        return cost / self.values["finance.oncost_multiplier"]

    def _persistence(self, start: dt.date, date: dt.date) -> float:
        years = max(0.0, (date - start).days / DAYS_PER_YEAR)
        return self.values["exits.pay_effect_persistence"] ** years

    def _rise(self, pay: PayRise, role: Role, date: dt.date) -> float:
        if date < pay.start or (pay.end is not None and date >= pay.end):
            return 0.0
        share = pay.take_up * pay.gbp_per_year / self._salary(role)
        return share * self._persistence(pay.start, date)

    def _pay(
        self,
    ) -> tuple[tuple[dict[Cell, tuple[float, float, float]], ...], tuple[dict[Cell, float], ...]]:
        exits, attraction = [], []
        for date in self.calendar.starts:
            by_exit: dict[Cell, tuple[float, float, float]] = {}
            by_attraction: dict[Cell, float] = {}
            for cell in self._paid_cells():
                out, moves, attracts = self._pay_multipliers(cell, date)
                by_exit[cell] = (out, moves, moves)
                by_attraction[cell] = attracts
            exits.append(by_exit)
            attraction.append(by_attraction)
        return tuple(exits), tuple(attraction)

    def _paid_cells(self) -> list[Cell]:
        cells: dict[Cell, None] = {}
        for supplement in self.council.baseline_supplements:
            cells.update(dict.fromkeys(self._cells(supplement.teams, supplement.roles)))
        for _, effects in self.effects:
            for deal in (*effects.pay, *effects.retention):
                cells.update(dict.fromkeys(self._cells(deal.teams, deal.roles)))
        return list(cells)

    def _cells(self, teams: tuple[str, ...], roles: tuple[Role, ...]) -> list[Cell]:
        return [(self.team_index[team], role) for team in teams for role in roles]

    def _pay_multipliers(self, cell: Cell, date: dt.date) -> tuple[float, float, float]:
        """(exit out, exit to agency or another council, attractiveness) from relative pay."""
        v = self.values
        out_e, moves_e = v["exits.pay_elasticity_out"], v["exits.pay_elasticity_moves"]
        attract_e = -moves_e * v["labour_market.pass_through"]
        team, role = self.council.teams[cell[0]].key, cell[1]
        out = moves = attracts = 1.0
        for supplement in self.council.baseline_supplements:
            if team in supplement.teams and role in supplement.roles:
                gbp = v[f"council.baseline_supplements.{supplement.key}.gbp_per_year"]
                rise = PayRise((), (), supplement.start, None, gbp, 1.0)
                now, then = (self._rise(rise, role, d) for d in (date, self.calendar.start))
                relative = (1 + now) / (1 + then) - 1
                out *= relative_pay_effect(relative, out_e)
                moves *= relative_pay_effect(relative, moves_e)
                attracts *= relative_pay_effect(relative, attract_e)
        for _, effects in self.effects:
            for pay in effects.pay:
                if team in pay.teams and role in pay.roles:
                    rise_now = self._rise(pay, role, date)
                    out *= relative_pay_effect(rise_now, out_e)
                    moves *= relative_pay_effect(rise_now, moves_e)
                    attracts *= relative_pay_effect(rise_now, attract_e)
            for deal in effects.retention:
                if team in deal.teams and role in deal.roles:
                    waiting, after = self._retention_rises(deal, role, date)
                    rebound = v["exits.retention_rebound"]
                    for rise_now, power in ((waiting, 1.0), (after, -rebound)):
                        out *= relative_pay_effect(rise_now, out_e * power)
                        moves *= relative_pay_effect(rise_now, moves_e * power)
                    attracts *= relative_pay_effect(waiting, attract_e)
        return out, moves, attracts

    def _retention_rises(
        self, deal: RetentionDeal, role: Role, date: dt.date
    ) -> tuple[float, float]:
        """Relative rise in pay while a payment is awaited, and the one just paid out."""
        years = deal.qualifying_months / 12
        share = deal.take_up * deal.gbp / (self._salary(role) * years)
        share *= self._persistence(deal.start, date)
        opened = deal.start
        waiting = after = 0.0
        rebound_days = self.values["exits.retention_rebound_months"] * DAYS_PER_MONTH
        for paid in deal.payment_dates:
            if opened <= date < paid:
                waiting = share
            if 0 <= (date - paid).days < rebound_days:
                after = share
            opened = paid
        return waiting, after

    def _pay_costs(self) -> tuple[tuple[Supplement, ...], tuple[Payment, ...]]:
        oncost = self.values["finance.oncost_multiplier"]
        supplements: list[Supplement] = []
        payments: list[Payment] = []
        for index, (_, effects) in enumerate(self.effects):
            line = SUPERNUMERARY_LINE + 1 + index
            for pay in effects.pay:
                cells = frozenset(self._cells(pay.teams, pay.roles))
                end = float(day_of(self.calendar.start, pay.end)) if pay.end else math.inf
                gbp = pay.gbp_per_year * pay.take_up * oncost / DAYS_PER_YEAR
                start = float(day_of(self.calendar.start, pay.start))
                supplements.append(Supplement(line, start, end, cells, gbp))
            for deal in effects.retention:
                payments += [
                    Payment(
                        line,
                        float(day_of(self.calendar.start, date)),
                        frozenset(self._cells(deal.teams, deal.roles)),
                        deal.gbp * deal.take_up * oncost,
                        deal.tie_in_months * DAYS_PER_MONTH,
                        self.values["exits.retention_recovery_share"],
                    )
                    for date in deal.payment_dates
                    if date < self.calendar.end
                ]
        return tuple(supplements), tuple(sorted(payments, key=lambda p: (p.day, p.line)))

    # -- money ---------------------------------------------------------------------------------

    def _lines(self) -> tuple[Line, ...]:
        lines = [
            Line("establishment", "Staffing budget", "", {}, 0.0, False, frozenset()),
            Line("supernumerary", "Supernumerary newly qualified", "", {}, 0.0, False, frozenset()),
        ]
        for measure, _ in self.effects:
            lines.append(
                Line(
                    measure.key,
                    measure.name,
                    measure.letter,
                    self._planned(measure),
                    measure.funded_fte,
                    not measure.has_effect,
                    frozenset(self.team_index[t] for t in measure.teams_in_scope),
                )
            )
        return tuple(lines)

    def _planned(self, measure: Measure) -> dict[str, float]:
        """Planned money by financial year to the horizon, cash; the last year's goes on."""
        if not measure.planned_gbp:
            return {}
        given = dict(sorted(measure.planned_gbp.items()))
        last = max(given)
        award = 1 + self.values["finance.pay_award"]
        planned: dict[str, float] = {}
        for year in self._financial_years():
            full = given.get(year)
            if full is None and year > last:
                gap = int(year[:4]) - int(last[:4])
                full = given[last] * award**gap * self._share_of_year(year, measure.end)
            if full is not None:
                planned[year] = full * self._share_of_year(year, self.calendar.end)
        return planned

    def _financial_years(self) -> list[str]:
        return list(dict.fromkeys(financial_year(date) for date in self.calendar.period_dates))

    @staticmethod
    def _share_of_year(year: str, end: dt.date | None) -> float:
        """Share of a financial year that lies before `end`."""
        if end is None:
            return 1.0
        start = financial_year_start(year)
        days = (add_years(start, 1) - start).days
        return min(1.0, max(0.0, (end - start).days / days))

    def _prices(self) -> Prices:
        v = self.values
        base = int(self.council.money.price_year[:4])
        years = [int(financial_year(date)[:4]) - base for date in self.calendar.period_dates]
        award, inflation = 1 + v["finance.pay_award"], 1 + v["finance.inflation"]
        unit = {role: v[f"council.money.unit_cost.{role.value}"] / DAYS_PER_YEAR for role in ROLES}
        premium = v["council.money.agency_premium"] / DAYS_PER_YEAR
        cost = tuple({role: unit[role] * award**n for role in ROLES} for n in years)
        agency = tuple(
            {role: (unit[role] + premium) * award**n for role in REGISTERED_ROLES} for n in years
        )
        return Prices(
            cost_per_fte_day=cost,
            agency_cost_per_fte_day=agency,
            vacancy_factor=v["finance.vacancy_factor"],
            deflator=tuple(
                inflation ** (day / DAYS_PER_YEAR) for day in self.calendar.boundaries[:-1]
            ),
            discount_rate=v["finance.discount_rate"],
        )


def whole_posts(fte: float) -> list[float]:
    """Full-time posts and one part-time remainder that sum to `fte`."""
    count = math.floor(fte + 1e-9)
    rest = round(fte - count, 6)
    return [1.0] * count + ([rest] if rest > 0 else [])
