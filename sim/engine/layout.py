"""State of a run: what a post, a worker, a vacancy, a case ... is, for both engines.

Days are simulated days; nan or -1 stands for a day that has not come, as each field says. A field
that may be empty is `Maybe[...]`.
"""

from __future__ import annotations

from typing import Annotated, Any

from sim.config.casework import STAGES
from sim.config.roles import REGISTERED_ROLES, ROLES
from sim.config.routes import Route
from sim.engine.case_records import BAND_EDGES, CASE_FLOWS
from sim.engine.records import FLOWS, LINE_COUNTS, STOCKS
from sim.engine.rows import Heap, Key, List, Loads, Long, Maybe, Process, Signal, Table, row_of
from sim.inputs.fates import Purpose

ROLE_COUNT, ROUTE_COUNT, STAGE_COUNT = len(ROLES), len(Route), len(STAGES)
REGISTERED_COUNT = len(REGISTERED_ROLES)
"""Registered roles are the first of ROLES."""
POOL_COUNT = 4
MASK_COUNT = 1 << POOL_COUNT
"""Sets of pools: bit k is pool k."""
LEVELS = ("waiting", "capacity", "above_capacity", "sick")
"""Stocks by team that children's cases bring."""
AT_END = (
    "waited", "held", "over", "present", "open_a_year", "changed_once", "changed_twice",
    "in_care_changed_twice", "lent_in", "lent_out", "bought", "lifted",
)  # fmt: skip
"""What is read of cases and caseloads at a month's end, by team."""
PARTIALS = 64
"""More than the partial sums that numbers of 64 bits can need."""

Keys = Annotated[list[Key], max(Purpose) + 1]
Three = Annotated[list[float], 3]
Four = Annotated[list[float], POOL_COUNT]
Nine = Annotated[list[float], 9]
Stocks = Annotated[list[float], len(STOCKS)]
Flows = Annotated[list[float], len(FLOWS)]
LineCounts = Annotated[list[float], len(LINE_COUNTS)]
Levels = Annotated[list[float], len(LEVELS)]
CaseFlows = Annotated[list[float], len(CASE_FLOWS)]
AtEnd = Annotated[list[float], len(AT_END)]
Bands = Annotated[list[float], len(BAND_EDGES) + 1]
Partials = Annotated[list[float], PARTIALS]
row = row_of(
    {
        "Keys": -(max(Purpose) + 1),
        "Three": 3,
        "Four": POOL_COUNT,
        "Nine": 9,
        "Stocks": len(STOCKS),
        "Flows": len(FLOWS),
        "LineCounts": len(LINE_COUNTS),
        "Levels": len(LEVELS),
        "CaseFlows": len(CASE_FLOWS),
        "AtEnd": len(AT_END),
        "Bands": len(BAND_EDGES) + 1,
        "Partials": PARTIALS,
    }
)

# -- the plan: what a run reads and never changes -------------------------------------------------


@row
class Year:
    """Multipliers of one year."""

    exits: float
    number: int


@row
class AgencyLevel:
    """How much agency a team has in one year (sim.inputs.balance.SteadyCover, AgencyPlan)."""

    share: float
    request_days: float
    search_days: float
    request_pending: float
    above: int


@row
class Month:
    """A period: a calendar month, the first and the last cut short."""

    start: float
    end: float
    most_pull: float
    other_net_change: float
    referrals_per_day: float
    no_further_action: float
    not_in_need: float
    assessed_to_care: float
    assessed_to_section_47: float
    section_47_to_plan: float
    section_47_to_conference: float
    pace: float
    closures: int
    number: int
    year: Year
    rates: Year
    reviews_above: bool
    has_pull: bool


@row
class CellMonth:
    """What a team's posts of one role are subject to in one month."""

    pay: Three
    effects: Three
    pull: float
    cover: float


@row
class Number:
    """A number."""

    value: float


@row
class Whole:
    """A whole number."""

    value: Long


@row
class Flag:
    """Whether something is in scope."""

    on: bool


@row
class Career:
    """A multiplier of leaving, by route and time since joining."""

    from_days: float
    until_days: float
    start_day: float
    end_day: float
    multiplier: float
    routes: int
    number: int


@row
class Payment:
    """A retention payment to come."""

    day: float
    gbp_per_fte: float
    tie_in_days: float
    recovery_share: float
    line: int
    number: int


@row
class Cohort:
    """A newly qualified cohort; its people are the `count` arrivals from `first` on."""

    key: Key
    offer_day: float
    start_day: float
    size: float
    first: int
    count: int


@row
class Group:
    """People who come by one pipeline together; the `people` arrivals from `first` on."""

    key: Key
    begin_day: float
    offer_day: float
    start_day: float
    share_who_come: float
    tie_in_days: float
    repayable_gbp: float
    recovery_share: float
    tie_in_exits: float
    route: int
    line: int
    people: int
    found: int
    first: int
    trains: bool


@row
class Settlement:
    """Fees paid for those who may settle, and the time that they owe for it."""

    start_day: float
    end_day: float
    take_up: float
    tie_in_days: float
    exits: float
    line: int
    number: int


@row
class Induction:
    """A line that is charged for the starters of some routes."""

    start_day: float
    end_day: float
    share: float
    line: int
    routes: int
    number: int


@row
class Cut:
    """The council's own posts that a line still has to take out of a team and role."""

    start_day: float
    to_close: int
    cell: Cell
    line: int
    with_notice: bool


@row
class Ramp:
    """Newly qualified workers of some teams come to a full caseload after `days`."""

    start_day: float
    end_day: float
    days: float
    number: int


@row
class Support:
    """Help with hiring that a line gives; the parts of a line stand together."""

    start_day: float
    end_day: float
    share: float
    steps: float
    drop_out: float
    attractiveness: float
    line: int
    number: int
    by_own_posts: bool


@row
class Stage:
    """How long a stage lasts, or how it is reviewed (sim.inputs.casework_plan)."""

    mean: float
    sigma: float
    first_from: float
    first_to: float
    following_from: float
    following_to: float
    off_per_day: float
    number: int
    priority: int
    ends_first: int
    ends_count: int
    exponential: bool


@row
class Routed:
    """A team that a stage's children go to: those whose lane is under a share."""

    share: float
    team: Team


@row
class Rule:
    """Where a stage's children go and who may hold them, between two changes of the rules."""

    first: int
    count: int
    allowed: int


@row
class Waits:
    """Expected waits for the reviews of a stay, by stage and team: weights of a choice."""

    total: float
    first: int
    count: int


@row
class StartChildren:
    """Children of day 0 in one stage and team."""

    key: Key
    count: int


# -- posts and people -----------------------------------------------------------------------------


@row
class Role:
    """A role: its rates of leaving by band of tenure, and what it may do."""

    rates: Nine
    notice_probability: float
    inside_chance: float
    mean_pull: float
    number: int
    pool: int
    support: int
    has_mean_pull: bool


@row
class Cell:
    """A team's posts of one role: rates of leaving and help with hiring in force this month."""

    rates: Nine
    known: Three
    steps: float
    drop_out: float
    pull: float
    month: CellMonth
    number: int


@row
class Post:
    """A post: filled, covered by agency, or uncovered. It outlives its holders."""

    key: Key
    fte: float
    start_day: float
    end_day: float
    lapse_day: float
    choice_weight: float
    pull: float
    hundredths: int
    number: int
    team: Team
    role: Role
    market: Market
    cell: Cell
    account: Account
    line: int
    state: int
    vacancies: int
    cover_person: int
    holder: Maybe[Worker]
    vacancy: Maybe[Vacancy]
    cover: Maybe[CaseHolder]
    is_target: bool
    target_held: bool
    has_ended: bool


@row
class Worker:
    """A permanent employee: one person, whose luck (`key`) stays the same wherever they work."""

    key: Key
    thresholds: Three
    joined_day: float
    settles_day: float
    notice_left: float
    number: int
    person: int
    route: int
    exit: int
    away: int
    away_hundredths: int
    spell: int
    bonds: int
    post: Post
    left: Signal
    first_tie: Maybe[Tie]
    last_tie: Maybe[Tie]
    caseload: Maybe[CaseHolder]
    away_team: Maybe[Team]
    under_notice: bool
    gone: bool
    attends: bool
    newly_qualified: bool


@row
class Tie:
    """A payment that is still to be served; `exits` multiplies leaving until it is."""

    gbp: float
    paid_day: float
    tie_in_days: float
    recovery_share: float
    exits: float
    line: int
    next: Maybe[Tie]


@row
class Vacancy:
    """The life of one vacancy, from resignation or funding to a start.

    agreed_day is -inf while no start is agreed; ready_day is nan for the ordinary steps.
    """

    candidate: Key
    opened_day: float
    advertised_day: float
    offered_day: float
    agreed_day: float
    elapsed: float
    selection_days: float
    awaiting_days: float
    ready_day: float
    number: int
    stage: int
    following: int
    covers: int
    person: int
    route: int
    cover_state: int
    post: Post
    leaver: Maybe[Worker]
    group: Maybe[Group]
    taken: Signal
    accepts: bool
    drops_out: bool
    cover_asked: bool


@row
class Market:
    """A labour market: a role family with its own candidates."""

    key: Key
    candidates_per_day: float
    reference_fte: float
    vacancy_elasticity: float
    cap_per_post_per_day: float
    approval_days: float
    selection_days: float
    ready_days: float
    acceptance: float
    drop_out: float
    notice_days: float
    vacancy_age_days: float
    carried_selecting: float
    carried_awaiting: float
    checks_days: float
    largest_value: float
    year_multiplier: float
    targets: float
    targets_held: float
    number: int
    layers: int
    gets_agency_cover: bool
    adverts: List[Post]


@row
class Layer:
    """One of the stacked streams of a market's candidates."""

    key: Key
    number: int
    market: Market


@row
class Arrival:
    """Somebody of a cohort or group who has taken no post."""

    key: Key
    without_post: bool
    drops_out: bool
    comes: bool


@row
class Team:
    """A team.

    limit_load is the limit of load in force, usual_limit what it is where managers have not lifted
    it; until limit_day it stays as it is.
    """

    resignations_key: Key
    start_effect: float
    above_most: float
    resignations_per_day: float
    limit_load: float
    change_per_day: float
    put_off_chance: float
    start_load: float
    start_lost_share: float
    load_effect: float
    usual_limit: float
    pace: float
    limit_day: float
    points_waiting: float
    over: float
    effect: float
    ready_after: float
    freed: float
    support: float
    practitioners: float
    start_support: float
    start_practitioners: float
    above: float
    above_since: float
    manager_fte: float
    manager_gap_fte: float
    level: Levels
    since: Levels
    number: int
    above_start: int
    above_kept: int
    slots: int
    lent_out: int
    ordered: int
    bought: int
    bought_most: int
    resignations: int
    queued: int
    heads: int
    first_resignation: Maybe[Resignation]
    month: TeamMonth
    agency: AgencyLevel
    supernumerary: Maybe[Account]
    is_court: bool
    is_lifted: bool


@row
class Resignation:
    """A resignation that colleagues feel."""

    day: float
    next: Maybe[Resignation]


# -- agency ---------------------------------------------------------------------------------------


@row
class Overlap:
    """An agency worker whose notice runs past the start of the post's new holder."""

    days: float
    hundredths: int
    team: Team


@row
class Slot:
    """A place above establishment; `let_go` ends it while it is wanted, None otherwise."""

    key: Key
    people: int
    let_go: Signal


@row
class Placement:
    """One stretch of a place above establishment, from being wanted to being let go."""

    team: Team
    slot: Slot
    let_go: Signal
    holder: Maybe[CaseHolder]
    person: int


# -- managers -------------------------------------------------------------------------------------


@row
class Reaction:
    """What managers do when many children wait: its ranges, and how far they have gone.

    `taken` is the last step in force, 0 for none. `pressed` tells whether more wait than the
    trigger, `since` when that, or the step, last changed.
    """

    trigger: float
    patience_days: float
    lent_share: float
    limit_lift: float
    lift_days: float
    lifted_slower: float
    agency_share: float
    agency_days: float
    turned_away: float
    since: float
    taken: int
    pressed: bool


@row
class Purchase:
    """Agency staff that a team has ordered because children wait."""

    team: Team
    people: int


# -- children's cases -----------------------------------------------------------------------------


@row
class Case:
    """One child's case, from a referral to closing. Its luck (`key`) is the n-th referral's.

    `lane` says which team holds it, stage by stage. remaining is -1 where a stage's length is
    still to be drawn. queue_stamp and clock_stamp tell which of its places in heaps count; 0 is
    none. `change_before` and `last_change` are the days of its last two changes of worker.
    """

    key: Key
    luck: Key
    lane: float
    referred_day: float
    begun: float
    remaining: float
    points: float
    held_since: float
    waiting_since: float
    work_left: float
    finish: float
    last_change: float
    change_before: float
    plan_day: float
    review_day: float
    off_day: float
    number: int
    stage: int
    following: int
    outcome: int
    visits: int
    reviews: int
    lost_by: int
    clock_stamp: int
    queue_stamp: int
    team: Team
    holder: Maybe[CaseHolder]
    bound_for: Maybe[Team]
    before: Maybe[Case]
    after: Maybe[Case]
    work_done: Process
    carried: bool
    working: bool
    on_clock: bool
    assessed: bool
    had_worker: bool


@row
class CaseHolder:
    """Someone who holds cases, with a clock of the work in hand: a worker or an agency worker.

    `place` is the place in the pool of those present, -1 while absent. `timer` is the stamp of the
    timer in force, which rings on day `due`; next_finish is the clock's reading then. Who is lent
    has `team` and `pool` where the work is; the post stays with `lent_from`.
    """

    fte: float
    since: float
    points: float
    capacity: float
    load: float
    lost_hours: float
    lost_share: float
    speed: float
    progress: float
    progress_day: float
    due: float
    next_finish: float
    number: int
    person: int
    place: int
    cases: int
    timer: int
    team: Team
    pool: Pool
    worker: Maybe[Worker]
    lent_from: Maybe[Team]
    first_case: Maybe[Case]
    work: Heap
    above: bool
    gone: bool


@row
class Pool:
    """Those of one kind present in one team; most_capacity is the most that any has carried.

    SimPy's engine keeps their loads beside them; the compiled one keeps them in a heap.
    """

    loads: Loads
    most_capacity: float
    kind: int
    team: Team
    holders: List[CaseHolder]


@row
class Queue:
    """Children of a team who wait for the same pools."""

    waiting: Heap
    pools: int


@row
class Filling:
    """A team whose waiting children are being given to workers; `barred` is a set of pools."""

    team: Team
    case: Maybe[Case]
    holder: Maybe[CaseHolder]
    barred: int


@row
class Return:
    """A closed case that will be referred again."""

    key: Key
    days: float


# -- what is recorded -----------------------------------------------------------------------------


@row
class Account:
    """One team, role and budget line: hundredths of its posts by state, and since when."""

    level: Stocks
    since: Stocks
    number: int
    month: AccountMonth


@row
class AccountMonth:
    """An account's facts of one month (sim.engine.records)."""

    stock: Stocks
    days: Stocks
    flows: Flows


@row
class TeamMonth:
    """A team's facts of one month (sim.engine.records and case_records)."""

    above: float
    above_days: float
    stock: Levels
    days: Levels
    flows: CaseFlows
    at_end: AtEnd
    bands: Bands


@row
class StageTeam:
    """Children in one stage and team now, and since when."""

    level: float
    since: float
    month: StageMonth


@row
class StageMonth:
    """A stage's and team's children of one month."""

    stock: float
    days: float
    entries: float
    exits: float


@row
class LineMonth:
    """A budget line's facts of one month."""

    paid: float
    recovered: float
    counts: LineCounts


@row
class Filled:
    """A vacancy that ended in a start."""

    post: int
    account: int
    route: int
    opened_day: float
    advertised_day: float
    offered_day: float
    filled_day: float


@row
class PlanEnded:
    """A child protection plan that ended, or that is open still (end_day -1)."""

    team: int
    off_review: bool
    start_day: float
    end_day: float


@row
class Told:
    """One event of the trace (sim.engine.events)."""

    day: float
    amount: float
    what: int
    team: int
    post: int
    kind: int
    person: int
    value: int
    child: int


# -- the whole ------------------------------------------------------------------------------------


@row
class World:
    """The state of one run: its clock, the plan's numbers, and all tables."""

    env: Any
    bases: Keys
    referrals_key: Key
    referral_gaps: Key
    closed_before_key: Key
    start_luck: Key
    # The plan's numbers.
    horizon: float
    cohort_drop_out: float
    manager_gap: float
    contagion: float
    contagion_days: float
    span: float
    appointment_days: float
    minimum_tenure_days: float
    tenure_under_five: float
    newly_qualified_share: float
    assignment_days: float
    conversion_per_day: float
    notice_days: float
    later_notice_day: float
    later_notice_days: float
    release: float
    settlement_days: float
    overseas_start: float
    overseas_ramp_days: float
    staff_first_day: float
    staff_last_day: float
    pending_re_referrals: float
    re_referral_days: float
    slowing: float
    review_delay_days: float
    handover_hours: float
    hours_per_month: float
    start_newly_qualified: float
    experienced_start: float
    experienced_ramp_days: float
    agency_share: float
    freed_by_support: float
    freed_by_practitioners: float
    support_ceiling: float
    practitioner_ceiling: float
    supervision_fte: float
    recording_ratio: float
    load_per_case: float
    pool_capacity: Four
    absence_rates: Three
    absence_means: Three
    absence_shares: Three
    child_in_need_to_section_47: float
    plan_to_care: float
    plan_to_child_in_need: float
    to_pre_proceedings: float
    pre_proceedings_to_court: float
    court_to_looked_after: float
    leave_care_in_first_year: float
    become_care_leaver: float
    re_referral: float
    staff_people: int
    slots_per_team: int
    assessment_limit: int
    conference_limit: int
    first_working_day: int
    changes_count: int
    imposes: bool
    casework: bool
    loop: bool
    hold_transfers: bool
    is_traced: bool
    social_market: Market
    reaction: Maybe[Reaction]
    # The run's own numbers.
    now: float
    period_end: float
    to_recode: float
    largest_pull: float
    reviewed_day: float
    referral_day: float
    to_close: int
    period: int
    periods: int
    events: int
    case_events: int
    stamp: int
    rule: int
    referral_period: int
    referral_number: int
    people: int
    children: int
    start_taken: int
    careers_in_force: int
    partials_count: int
    first_month: bool
    month: Month
    review: Signal
    free_case: Maybe[Case]
    partials: Partials
    # Tables of the plan.
    months: Table[Month]
    years: Table[Year]
    agency_levels: Table[AgencyLevel]
    cell_months: Table[CellMonth]
    market_years: Table[Number]
    imposed: Table[Number]
    careers: Table[Career]
    career_cells: Table[Flag]
    payments: Table[Payment]
    payment_cells: Table[Flag]
    cohorts: Table[Cohort]
    groups: Table[Group]
    settlements: Table[Settlement]
    settlement_cells: Table[Flag]
    inductions: Table[Induction]
    induction_cells: Table[Flag]
    ramps: Table[Ramp]
    ramp_teams: Table[Flag]
    supports: Table[Support]
    support_cells: Table[Flag]
    stages: Table[Stage]
    points: Table[Number]
    ends: Table[Number]
    rules: Table[Rule]
    routed: Table[Routed]
    changes: Table[Number]
    waits: Table[Waits]
    weights: Table[Number]
    start_children: Table[StartChildren]
    working_counts: Table[Whole]
    working_days: Table[Whole]
    slots: Table[Slot]
    reactions: Table[Reaction]
    # Tables that a run changes.
    roles: Table[Role]
    posts: Table[Post]
    markets: Table[Market]
    teams: Table[Team]
    cells: Table[Cell]
    cuts: Table[Cut]
    accounts: Table[Account]
    workers: Table[Worker]
    ties: Table[Tie]
    vacancies: Table[Vacancy]
    layers: Table[Layer]
    arrivals: Table[Arrival]
    resignations: Table[Resignation]
    overlaps: Table[Overlap]
    placements: Table[Placement]
    purchases: Table[Purchase]
    cases: Table[Case]
    holders: Table[CaseHolder]
    pools: Table[Pool]
    queues: Table[Queue]
    filling: Table[Filling]
    returns: Table[Return]
    account_months: Table[AccountMonth]
    team_months: Table[TeamMonth]
    stage_teams: Table[StageTeam]
    stage_months: Table[StageMonth]
    line_months: Table[LineMonth]
    pipeline: Table[Number]
    route_levels: Table[Number]
    route_months: Table[Number]
    target_months: Table[Number]
    filled: Table[Filled]
    plans_ended: Table[PlanEnded]
    told: Table[Told]
    # Lists.
    open_teams: List[Team]
    court_teams: List[Team]
    staff: List[CaseHolder]
    open: List[Case]
    done: List[Case]
    in_hand: List[Case]
    supernumerary: List[Worker]
