"""The plan: everything that one run needs, in force from each date, as plain frozen data.

A plan is a council, a scenario and a draw turned into posts, rates, prices and calendars. It holds
no luck and no measures: only what the named mechanisms of the measures did to posts, pay and money.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field

from sim.config.roles import Role
from sim.inputs.balance import SteadyCover
from sim.inputs.casework_plan import CaseworkPlan
from sim.inputs.pipelines_plan import CareerPlan, PipelinePlan
from sim.inputs.position import PostState
from sim.scenario.cost import CostBasis

EXITS = ("out", "to_agency", "to_council", "contract_end")
"""Ways to leave. The first three compete by luck; a contract's end is a date."""

NEWLY_QUALIFIED_BAND, UNDER_FIVE_YEARS_BAND, FIVE_YEARS_BAND = range(3)

BASELINE_LINE, SUPERNUMERARY_LINE = 0, 1

HUNDREDTHS = 100
"""A post is so many whole hundredths of an FTE: a run counts in them, so that sums are exact."""


def hundredths(fte: float) -> int:
    """The whole hundredths nearest to an FTE."""
    return round(HUNDREDTHS * fte)


@dataclass(frozen=True, slots=True)
class PostPlan:
    """One post, from the day it opens to the first day without it (days, `inf` for never).

    Attributes:
        end_day: day on which its term is over: if it stands vacant it closes; if it is held, its
            holder moves to another post, or leaves after notice.
        number: place in the plan; ties between posts are settled by it.
        key: key of its luck, made of its name, the same in every scenario that has the post.
        account: index into `Plan.accounts`, where its FTE and pounds are counted.
        choice_weight: base weight in candidates' choice (hard-to-recruit teams weigh less).
        lapse_day: day from which nobody pays for it: it closes then if it stands vacant, or else
            when its holder leaves.
    """

    number: int
    key: int
    name: str
    team: int
    role: Role
    market: int
    fte: float
    account: int
    start_day: float
    end_day: float
    state: PostState
    choice_weight: float
    lapse_day: float = math.inf

    @property
    def hundredths(self) -> int:
        """Its FTE in hundredths."""
        return hundredths(self.fte)

    @property
    def last_hiring_day(self) -> float:
        """Day from which it is not filled again."""
        return min(self.end_day, self.lapse_day)


@dataclass(frozen=True, slots=True)
class Account:
    """Where facts are counted: one team, one role, one budget line.

    Attributes:
        lapse_day: day from which nobody pays for its posts: they lapse, or their term is over;
            infinite for most.
    """

    team: int
    role: Role
    line: int
    lapse_day: float = math.inf


@dataclass(frozen=True, slots=True)
class Market:
    """One labour market: a role family with its own pool of candidates.

    Attributes:
        candidates_per_day: A, suitable candidates a day at the reference; 0 for no market.
        reference_fte: V_ref, expected weighted FTE advertised on day 0.
        vacancy_elasticity: gamma.
        cap_per_post_per_day: most candidates a day per advertised post.
        year_multipliers: between-year variation of hires, one a year.
        approval_days, selection_days, ready_days: to advert; to offer; from acceptance to start.
        acceptance, drop_out: shares of offers accepted, and of acceptances that never start.
        notice_days: notice that its workers give.
        vacancy_age_days: mean age of its vacancies on day 0: vacant over filled a day (Little).
        gets_agency_cover: whether agency staff stand in for its vacancies.
        carried_selecting, carried_awaiting: candidates in hand of vacant posts on day 0, over what
            vacant posts draw themselves: some applied while the leaver was still there.
        checks_days: checks alone; with the candidate's notice beside them they make `ready_days`.
    """

    key: int
    name: str
    candidates_per_day: float
    reference_fte: float
    vacancy_elasticity: float
    cap_per_post_per_day: float
    year_multipliers: tuple[float, ...]
    approval_days: float
    selection_days: float
    ready_days: float
    acceptance: float
    drop_out: float
    notice_days: float
    vacancy_age_days: float
    gets_agency_cover: bool
    carried_selecting: float
    carried_awaiting: float
    checks_days: float = 0.0


@dataclass(frozen=True, slots=True)
class HelpPlan:
    """Help with hiring that a line gives from one day to another.

    Attributes:
        line: the budget line.
        by_own_posts: whether it acts in proportion to the line's posts that are held.
        share: how much of the line is in force between the two days.
        cells: whose hiring is helped.
        steps, drop_out, attractiveness: multipliers at full strength.
    """

    line: int
    start_day: float
    end_day: float
    by_own_posts: bool
    share: float
    cells: frozenset[tuple[int, Role]]
    steps: float
    drop_out: float
    attractiveness: float


@dataclass(frozen=True, slots=True)
class CutPlan:
    """The council's own posts that a line takes out of one team and role.

    Attributes:
        line: the budget line.
        start_day: they go from the first month's end on or after it.
        hundredths: of an FTE.
        with_notice: whether held posts end at once; else they go as people leave.
    """

    line: int
    start_day: float
    team: int
    role: Role
    hundredths: int
    with_notice: bool


@dataclass(frozen=True, slots=True)
class InternalPlan:
    """Internal moves: chance that a post is filled inside when first advertised, by role."""

    chance: dict[Role, float]
    appointment_days: float
    minimum_tenure_days: float


@dataclass(frozen=True, slots=True)
class ExitPlan:
    """Leaving.

    Attributes:
        rates: by role, then tenure band: (out, to agency, to another council) per day.
        year_multipliers: between-year variation, one a year.
        manager_gap, contagion: multipliers at full strength (1 for no effect).
        contagion_days: how long a resignation is felt.
        span: colleagues in a manager's group, within whom a resignation is felt.
        start_effects: by team: the product of the two effects expected on day 0, divided out so
            that rates start at their fitted level.
        headcount: by team: registered workers on day 0.
        recent_resignations_per_day: by team: resignations a day in the weeks before day 0.
    """

    rates: dict[Role, tuple[tuple[float, float, float], ...]]
    year_multipliers: tuple[float, ...]
    manager_gap: float
    contagion: float
    contagion_days: float
    span: float
    start_effects: tuple[float, ...]
    headcount: tuple[float, ...]
    recent_resignations_per_day: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class AgencyPlan:
    """Agency cover and agency above establishment.

    Attributes:
        cover: how cover comes to each team: on day 0, at its published level, then in each year,
            solved so that cover is in balance at the year's level.
        assignment_days: mean length of an assignment.
        conversion_per_day: rate at which a covering agency worker takes the post for good.
        notice_days: notice of an assignment.
        release: how far staff above establishment are let go when load falls (0 to 1).
        above_start: by team: places above establishment on day 0.
        above_by_year: by year and team: places above establishment, but for what load brings.
        above_most: by team: most FTE above establishment that load can bring, unless the team
            had more on day 0.
        above_published: by period and team, where a rerun imposes the published number.
        cover_effects: by period: (team, role) -> multiplier of the rate at which cover comes;
            empty where nothing acts on it, absent means 1.
        later_notice: day from which notice is another, and that notice in days.
    """

    cover: tuple[tuple[SteadyCover, ...], ...]
    assignment_days: float
    conversion_per_day: float
    notice_days: float
    release: float
    above_start: tuple[int, ...]
    above_by_year: tuple[tuple[int, ...], ...]
    above_most: tuple[float, ...]
    above_published: tuple[tuple[float, ...], ...] | None
    cover_effects: tuple[dict[tuple[int, Role], float], ...] = ()
    later_notice: tuple[float, float] = (math.inf, 0.0)

    def notice_on(self, day: float) -> float:
        """Notice of an assignment, in days, if it is given on a day."""
        since, days = self.later_notice
        return days if day >= since else self.notice_days


@dataclass(frozen=True, slots=True)
class Cohort:
    """A newly qualified cohort: when offers are made, when they start, expected size."""

    key: int
    offer_day: float
    start_day: float
    size: float


@dataclass(frozen=True, slots=True)
class Payment:
    """A retention payment: GBP per FTE on a day to those in the cells in scope."""

    line: int
    day: float
    cells: frozenset[tuple[int, Role]]
    gbp_per_fte: float
    tie_in_days: float
    recovery_share: float


@dataclass(frozen=True, slots=True)
class Supplement:
    """A supplement's price: GBP per FTE and year, employer's cost, for the cells in scope."""

    line: int
    start_day: float
    end_day: float
    cells: frozenset[tuple[int, Role]]
    gbp_per_fte_year: float


@dataclass(frozen=True, slots=True)
class LineCost:
    """What a line costs beside posts and pay.

    Attributes:
        gbp: by period: cash for one of what it is paid for, years for those paid by time.
        start_day, end_day: days between which it is paid.
        cells: whose FTE or starters it is paid for, where it is paid for these.
    """

    line: int
    basis: CostBasis
    gbp: tuple[float, ...]
    start_day: float
    end_day: float
    cells: frozenset[tuple[int, Role]]


@dataclass(frozen=True, slots=True)
class Line:
    """A budget line.

    Attributes:
        planned_gbp: by financial year, cash; empty for the baseline's lines.
        plain: spent as planned, no effect simulated.
        start_day, end_day: days between which it is in force.
    """

    key: str
    name: str
    planned_gbp: dict[str, float]
    plain: bool = False
    start_day: float = 0.0
    end_day: float = math.inf

    @property
    def costs_only(self) -> bool:
        """Whether it is nothing but a cost; a saving is spent as planned too, but is none."""
        return self.plain and not any(gbp < 0.0 for gbp in self.planned_gbp.values())


@dataclass(frozen=True, slots=True)
class Prices:
    """Money, cash.

    Attributes:
        cost_per_fte_day: by period and role: employer's cost of a permanent FTE-day, that of a
            year over the days of the financial year.
        agency_cost_per_fte_day: likewise for agency.
        vacancy_factor: share of posts that the staffing budget expects to stand empty.
        deflator: by period: cash pounds per pound of day 0.
        discount_rate: real rate a year.
    """

    cost_per_fte_day: tuple[dict[Role, float], ...]
    agency_cost_per_fte_day: tuple[dict[Role, float], ...]
    vacancy_factor: float
    deflator: tuple[float, ...]
    discount_rate: float


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Plan:
    """One council, one scenario, one draw.

    Attributes:
        boundaries: days on which periods (calendar months, the first and last cut short) begin,
            and the horizon; rates are refreshed on each.
        period_dates: last date of each period.
        year_of_period: index of the year.
        rates_year_of_period: index of the year whose rates of leaving and joining are in force:
            those who resign or accept an offer now leave or start a notice later.
        pay_exits: by period: (team, role) -> multipliers of the three exits; absent means 1.
        attractiveness: by period: (team, role) -> multiplier; absent means 1.
        establishment_change: by period: FTE of posts to be closed (posts to be added are posts).
        other_net_change: by period: FTE that join (+) or leave (-) the count without being
            starters or leavers.
        notice_probability: chance that a holder is under notice on day 0, by role.
        tenure_under_five_share: share of holders with under five years on day 0.
        newly_qualified_probability: chance that a holder of a post open to newly qualified
            workers is in the first year, on day 0.
        casework: children's cases; None for a run of staffing alone.
        exit_effects: by period: (team, role) -> further multipliers of the three exits; empty
            where nothing acts on them, absent means 1.
        help: help with hiring.
        cuts: what measures take out of the council's own posts.
        careers: what multiplies leaving by cell, route and time since joining.
        pipelines: people who come from abroad or from training, and what befalls them.
    """

    start_date: dt.date
    scenario: str
    draw: int
    horizon: float
    boundaries: tuple[float, ...]
    period_dates: tuple[dt.date, ...]
    year_of_period: tuple[int, ...]
    rates_year_of_period: tuple[int, ...]
    team_keys: tuple[str, ...]
    team_names: tuple[str, ...]
    court_teams: frozenset[int]
    posts: tuple[PostPlan, ...]
    accounts: tuple[Account, ...]
    lines: tuple[Line, ...]
    markets: tuple[Market, ...]
    internal: InternalPlan
    exits: ExitPlan
    agency: AgencyPlan
    cohorts: tuple[Cohort, ...]
    cohort_drop_out: float
    payments: tuple[Payment, ...]
    supplements: tuple[Supplement, ...]
    costs: tuple[LineCost, ...]
    prices: Prices
    pay_exits: tuple[dict[tuple[int, Role], tuple[float, float, float]], ...]
    attractiveness: tuple[dict[tuple[int, Role], float], ...]
    establishment_closures: tuple[float, ...]
    other_net_change: tuple[float, ...]
    notice_probability: dict[Role, float]
    tenure_under_five_share: float
    newly_qualified_probability: float
    casework: CaseworkPlan | None = None
    careers: tuple[CareerPlan, ...] = ()
    pipelines: PipelinePlan = field(default_factory=PipelinePlan)
    account_index: dict[tuple[int, Role, int], int] = field(default_factory=dict)
    exit_effects: tuple[dict[tuple[int, Role], tuple[float, float, float]], ...] = ()
    help: tuple[HelpPlan, ...] = ()
    cuts: tuple[CutPlan, ...] = ()

    @property
    def periods(self) -> int:
        """Number of periods."""
        return len(self.boundaries) - 1
