"""The state of a run as tables of records, one table for each kind of entity.

`WORLD` holds a run's own numbers and where its tables are. Tables of the plan are read only and are
shared by all runs of it; those of the run are its own. References are places in tables, NONE for
none; flags are 0 or 1.
"""

from __future__ import annotations

import numpy as np

from sim.config.casework import STAGES
from sim.config.roles import ROLES
from sim.config.routes import Route
from sim.engine.case_records import BAND_EDGES, CASE_FLOWS
from sim.engine.compiled.jit import Record, known, table
from sim.engine.records import FLOWS, LINE_COUNTS, STOCKS
from sim.inputs.fates import Purpose

NONE = -1
ROLE_COUNT, ROUTE_COUNT, STAGE_COUNT = len(ROLES), len(Route), len(STAGES)
POOL_COUNT = 4
MASK_COUNT = 1 << POOL_COUNT
"""Sets of pools: bit k is pool k."""
LEVELS = ("waiting", "capacity", "above_capacity", "sick")
AT_END = ("waited", "held", "over", "present", "open_a_year", "changed_once", "changed_twice")

_Fields = list[tuple[str, str] | tuple[str, str, tuple[int, ...]]]


def _record(name: str, fields: _Fields) -> np.dtype[np.void]:
    """A kind of record, by whose name the annotations of compiled functions call it."""
    dtype = np.dtype(fields, align=True)
    known(name, dtype)
    return dtype


def _all(kind: str, names: str) -> _Fields:
    return [(name, kind) for name in names.split()]


# -- the plan ----------------------------------------------------------------------------------

MONTH = _record(
    "Month",
    [
        *_all("f8", "start end most_pull other_net_change referrals_per_day"),
        *_all("i4", "closures year reviews_above has_pull"),
    ],
)
YEAR = _record("Year", _all("f8", "exits cover above_shift_fte"))
CELL_MONTH = _record(
    "CellMonth", [("pay", "f8", (3,)), ("effects", "f8", (3,)), *_all("f8", "pull cover")]
)
"""What a team's posts of one role are subject to in one month."""
NUMBER = _record("Number", [("value", "f8")])
WHOLE = _record("Whole", [("value", "i8")])
KEY = _record("KeyRow", [("value", "u8")])
FLAG = _record("Flag", [("on", "i1")])
ROLE = _record(
    "Role",
    [
        ("rates", "f8", (3, 3)),
        *_all("f8", "notice_probability inside_chance mean_pull"),
        *_all("i4", "market has_mean_pull pool support"),
    ],
)
CAREER = _record(
    "Career", [*_all("f8", "from_days until_days start_day end_day multiplier"), ("routes", "i8")]
)
PAYMENT = _record(
    "Payment", [*_all("f8", "day gbp_per_fte tie_in_days recovery_share"), ("line", "i8")]
)
COHORT = _record(
    "Cohort", [("key", "u8"), *_all("f8", "offer_day start_day size"), *_all("i4", "first count")]
)
GROUP = _record(
    "Group",
    [
        ("key", "u8"),
        *_all("f8", "begin_day offer_day start_day share_who_come tie_in_days repayable_gbp"),
        *_all("f8", "recovery_share tie_in_exits"),
        *_all("i4", "route line people trains first step"),
    ],
)
SETTLEMENT = _record(
    "Settlement", [*_all("f8", "start_day end_day take_up tie_in_days exits"), ("line", "i8")]
)
INDUCTION = _record(
    "Induction", [*_all("f8", "start_day end_day share"), *_all("i8", "line routes")]
)
RAMP = _record("Ramp", _all("f8", "start_day end_day days"))
HELP = _record(
    "Help",
    [
        *_all("f8", "start_day end_day share steps drop_out attractiveness"),
        *_all("i4", "line by_own_posts"),
    ],
)
STAGE = _record(
    "Stage",
    [
        *_all("f8", "mean sigma first_from first_to following_from following_to off_per_day"),
        *_all("i4", "exponential priority ends_first ends_count"),
    ],
)
ROUTED = _record("Routed", [("share", "f8"), ("team", "i8")])
RULE = _record("Rule", _all("i4", "first count allowed"))
"""Where a stage's children go, and who may hold them, from one change of the rules to the next."""
WAITS = _record("Waits", [("total", "f8"), *_all("i8", "first count")])
"""Expected waits for the reviews of a stay, by stage and team: weights of a choice."""
START_CHILDREN = _record("StartChildren", [("key", "u8"), ("count", "i8")])

# -- the run -----------------------------------------------------------------------------------

EVENT = _record(
    "Event",
    [("time", "f8"), *_all("i8", "order stamp"), *_all("i4", "kind entity")],
)
NODE = _record("Node", [("key", "f8"), *_all("i4", "rank case number stamp left right")])
POST = _record(
    "Post",
    [
        ("key", "u8"),
        *_all("f8", "fte start_day end_day lapse_day choice_weight pull"),
        *_all("i4", "hundredths team role market account line"),
        *_all("i4", "state holder vacancy vacancies cover"),
        *_all("i1", "is_target target_held step stays has_ended"),
    ],
)
WORKER = _record(
    "Worker",
    [
        ("key", "u8"),
        ("luck", "f8", (3,)),
        *_all("f8", "joined_day settles_day notice_left"),
        *_all("i4", "route post exit due_exit desk away away_team away_hundredths spell"),
        *_all("i4", "waited_for_by"),
        *_all("i4", "first_tie last_tie bonds"),
        *_all("i1", "under_notice gone known newly_qualified"),
    ],
)
TIE = _record(
    "Tie",
    [*_all("f8", "gbp paid_day tie_in_days recovery_share exits"), *_all("i4", "line next_tie")],
)
VACANCY = _record(
    "Vacancy",
    [
        ("candidate", "u8"),
        *_all("f8", "opened_day advertised_day offered_day agreed_day elapsed"),
        *_all("f8", "selection_days awaiting_days ready_day cover_stay"),
        *_all("i4", "post number leaver stage covers route group"),
        *_all("i4", "step cover_step"),
        *_all("i1", "accepts drops_out cover_state cover_asked"),
    ],
)
MARKET = _record(
    "Market",
    [
        ("key", "u8"),
        *_all("f8", "candidates_per_day reference_fte vacancy_elasticity cap_per_post_per_day"),
        *_all("f8", "approval_days selection_days ready_days acceptance drop_out notice_days"),
        *_all("f8", "vacancy_age_days carried_selecting carried_awaiting checks_days"),
        *_all("f8", "largest_value targets targets_held"),
        *_all("i4", "gets_agency_cover layers advertised"),
    ],
)
LAYER = _record("Layer", [("key", "u8"), ("day", "f8"), *_all("i8", "market number k")])
TEAM = _record(
    "Team",
    [
        ("resignations_key", "u8"),
        *_all("f8", "start_effect cover_per_day request_pending above_most resignations_per_day"),
        *_all("f8", "limit_load change_per_day start_load start_lost_share load_effect over"),
        *_all("f8", "effect ready_after freed support practitioners start_support"),
        *_all("f8", "start_practitioners above above_since manager_fte manager_gap_fte"),
        ("level", "f8", (len(LEVELS),)),
        ("since", "f8", (len(LEVELS),)),
        ("queues", "i4", (MASK_COUNT,)),
        ("present", "i4", (POOL_COUNT,)),
        ("most_capacity", "f8", (POOL_COUNT,)),
        *_all("i4", "is_court above_start places resignations queued heads supernumerary_account"),
    ],
)
FACTOR = _record("Factor", _all("f8", "steps drop_out pull"))
PLACE = _record("Place", [("key", "u8"), *_all("i4", "people stay")])
STAY = _record("Stay", [*_all("i4", "team place before assignments"), *_all("i1", "let_go waits")])
"""One stretch of a place above establishment, from being wanted to being let go."""
OVERLAP = _record("Overlap", [("days", "f8"), *_all("i4", "hundredths team")])
ARRIVAL = _record("Arrival", [("key", "u8"), *_all("i4", "drops_out without_post")])
LISTED = _record("Listed", [("rank", "f8"), *_all("i4", "group order number")])
OPEN_CASE = _record("OpenCase", _all("i4", "case number"))
FILLING = _record("Filling", _all("i8", "team barred"))
RETURN = _record("Return", [("key", "u8")])
CASE = _record(
    "Case",
    [
        *_all("u8", "key luck"),
        *_all("f8", "lane referred_day begun remaining points held_since waiting_since work_left"),
        *_all("f8", "finish last_change change_before plan_day review_day off_day"),
        *_all("i4", "number stage team holder lost_by bound_for reviews visits clock_stamp"),
        *_all("i4", "queue_stamp"),
        *_all("i4", "before after"),
        *_all("i1", "carried working on_clock assessed had_worker closed step"),
        ("padding", "i4", (2,)),  # to whole lines of memory
    ],
)
HOLDER = _record(
    "Holder",
    [
        *_all("f8", "fte since points capacity load lost_hours lost_share"),
        *_all("f8", "speed progress progress_day due next_finish"),
        *_all("i4", "team worker place first_case cases work timer"),
        *_all("i1", "pool above gone"),
    ],
)
SEAT = _record("Seat", [("load", "f8"), ("holder", "i8")])

# -- what is recorded --------------------------------------------------------------------------

ACCOUNT = _record("Account", [("level", "f8", (len(STOCKS),)), ("since", "f8", (len(STOCKS),))])
"""Posts by state, in hundredths of an FTE, and since when they are counted."""
ACCOUNT_MONTH = _record(
    "AccountMonth",
    [
        ("stock", "f8", (len(STOCKS),)),
        ("days", "f8", (len(STOCKS),)),
        ("flows", "f8", (len(FLOWS),)),
    ],
)
TEAM_MONTH = _record(
    "TeamMonth",
    [
        *_all("f8", "above above_days"),
        ("stock", "f8", (len(LEVELS),)),
        ("days", "f8", (len(LEVELS),)),
        ("flows", "f8", (len(CASE_FLOWS),)),
        ("at_end", "f8", (len(AT_END),)),
        ("bands", "f8", (len(BAND_EDGES) + 1,)),
    ],
)
STAGE_LEVEL = _record("StageLevel", _all("f8", "value since"))
"""Children in a stage and team, and since when they are counted."""
STAGE_MONTH = _record("StageMonth", _all("f8", "stock days entries exits"))
LINE_MONTH = _record(
    "LineMonth", [*_all("f8", "paid recovered"), ("counts", "f8", (len(LINE_COUNTS),))]
)
FILLED = _record(
    "Filled",
    [
        *_all("i8", "post account route"),
        *_all("f8", "opened_day advertised_day offered_day filled_day"),
    ],
)
PLAN_ENDED = _record(
    "PlanEnded", [*_all("i8", "team off_review"), *_all("f8", "start_day end_day")]
)
TOLD = _record(
    "Told",
    [
        *_all("f8", "day amount"),
        ("number", "i8"),
        *_all("i4", "what team post kind other detail value child"),
    ],
)
"""One event of the trace, in numbers; sim.engine.compiled.story_teller puts it into words."""

PLAN_TABLES: dict[str, np.dtype[np.void]] = {
    "months": MONTH,
    "years": YEAR,
    "cell_months": CELL_MONTH,
    "market_years": NUMBER,
    "imposed": NUMBER,
    "careers": CAREER,
    "career_cells": FLAG,
    "payments": PAYMENT,
    "payment_cells": FLAG,
    "cohorts": COHORT,
    "settlements": SETTLEMENT,
    "settlement_cells": FLAG,
    "inductions": INDUCTION,
    "induction_cells": FLAG,
    "ramps": RAMP,
    "ramp_teams": FLAG,
    "helps": HELP,
    "help_cells": FLAG,
    "stages": STAGE,
    "points": NUMBER,
    "ends": NUMBER,
    "rules": RULE,
    "routed": ROUTED,
    "changes": NUMBER,
    "waits": WAITS,
    "weights": NUMBER,
    "start_children": START_CHILDREN,
    "working_counts": WHOLE,
    "working_days": WHOLE,
    "open_teams": WHOLE,
    "place_keys": KEY,
}
STATE_TABLES: dict[str, np.dtype[np.void]] = {
    "roles": ROLE,
    "groups": GROUP,
    "posts": POST,
    "markets": MARKET,
    "teams": TEAM,
    "accounts": ACCOUNT,
    "factors": FACTOR,
}
"""Tables that begin as the plan has them and change with the run."""
RUN_TABLES: dict[str, np.dtype[np.void]] = {
    "events": EVENT,
    "nodes": NODE,
    "workers": WORKER,
    "ties": TIE,
    "vacancies": VACANCY,
    "layers": LAYER,
    "adverts": WHOLE,
    "places": PLACE,
    "stays": STAY,
    "overlaps": OVERLAP,
    "arrivals": ARRIVAL,
    "filling": FILLING,
    "returns": RETURN,
    "cases": CASE,
    "holders": HOLDER,
    "staff": WHOLE,
    "seats": SEAT,
    "open": OPEN_CASE,
    "lives": WHOLE,
    "supernumerary": WHOLE,
    "resigned": NUMBER,
    "scratch": WHOLE,
    "listed": LISTED,
    "ranked": NUMBER,
    "partials": NUMBER,
    "account_months": ACCOUNT_MONTH,
    "team_months": TEAM_MONTH,
    "stage_months": STAGE_MONTH,
    "stage_levels": STAGE_LEVEL,
    "line_months": LINE_MONTH,
    "pipeline": NUMBER,
    "route_levels": NUMBER,
    "route_months": NUMBER,
    "target_months": NUMBER,
    "filled": FILLED,
    "plans_ended": PLAN_ENDED,
    "told": TOLD,
}
TABLES = PLAN_TABLES | STATE_TABLES | RUN_TABLES

WORLD = _record(
    "World",
    [
        *_all("i8", " ".join(TABLES)),
        *_all("i8", " ".join(f"{name}_room" for name in ("posts", *RUN_TABLES))),
        ("bases", "u8", (max(Purpose) + 1,)),
        *_all("u8", "referrals_key referral_gaps closed_before_key start_luck"),
        # The plan's numbers.
        *_all("f8", "horizon cohort_drop_out manager_gap contagion contagion_days span"),
        *_all("f8", "appointment_days minimum_tenure_days tenure_under_five newly_qualified_share"),
        *_all("f8", "request_days assignment_days conversion_per_day notice_days later_notice_day"),
        *_all("f8", "later_notice_days release settlement_days overseas_start overseas_ramp_days"),
        *_all("f8", "staff_first_day staff_last_day"),
        *_all(
            "f8", "pending_re_referrals re_referral_days slowing review_delay_days handover_hours"
        ),
        *_all(
            "f8", "hours_per_month start_newly_qualified experienced_start experienced_ramp_days"
        ),
        *_all("f8", "agency_share freed_by_support freed_by_practitioners support_ceiling"),
        *_all("f8", "practitioner_ceiling supervision_fte recording_ratio load_per_case"),
        ("pool_capacity", "f8", (POOL_COUNT,)),
        ("absence_rates", "f8", (3,)),
        ("absence_means", "f8", (3,)),
        ("absence_shares", "f8", (3,)),
        *_all("f8", "no_further_action not_in_need assessed_to_care assessed_to_section_47"),
        *_all("f8", "section_47_to_plan section_47_to_conference child_in_need_to_section_47"),
        *_all(
            "f8", "plan_to_care plan_to_child_in_need to_pre_proceedings pre_proceedings_to_court"
        ),
        *_all(
            "f8", "court_to_looked_after leave_care_in_first_year become_care_leaver re_referral"
        ),
        *_all("i8", "teams_count accounts_count lines_count markets_count periods "),
        *_all("i8", "careers_count payments_count cohorts_count groups_count settlements_count"),
        *_all("i8", "inductions_count ramps_count helps_count changes_count"),
        *_all("i8", "open_teams_count social_market staff_people above_start_total imposes"),
        *_all("i8", "seats_per_pool places_per_team resigned_per_team adverts_per_market"),
        *_all("i8", "assessment_limit conference_limit first_working_day"),
        *_all("i8", "casework loop hold_transfers is_traced stop_flag"),
        # The run's own.
        *_all("f8", "now period_end to_recode largest_pull reviewed_day"),
        *_all("i8", "to_close sequence event_count period posts_count workers_count ties_count"),
        *_all("i8", "vacancies_count layers_count stays_count overlaps_count returns_count"),
        *_all("i8", "cases_count holders_count staff_count nodes_count free_node free_case"),
        *_all("i8", "children_count open_count lives_count"),
        *_all("i8", "lives_page supernumerary_count filled_count plans_count told_count"),
        *_all(
            "i8",
            "logical_events stamp rule referral_period referral_number first_month",
        ),
        *_all("i8", "careers_in_force start_taken case_events"),
        ("referral_day", "f8"),
    ],
)


Case = CellMonth = Cohort = Event = Group = Holder = Record
Listed = Market = Post = Seat = Stage = Stay = Vacancy = Worker = Record
"""Names of kinds of records, for annotations."""

account = table(WORLD, "accounts", ACCOUNT)
account_month = table(WORLD, "account_months", ACCOUNT_MONTH)
advert = table(WORLD, "adverts", WHOLE)
arrival = table(WORLD, "arrivals", ARRIVAL)
career = table(WORLD, "careers", CAREER)
career_cell = table(WORLD, "career_cells", FLAG)
case_ = table(WORLD, "cases", CASE)
cell_month = table(WORLD, "cell_months", CELL_MONTH)
change = table(WORLD, "changes", NUMBER)
cohort_ = table(WORLD, "cohorts", COHORT)
end_chance = table(WORLD, "ends", NUMBER)
event = table(WORLD, "events", EVENT)
factor = table(WORLD, "factors", FACTOR)
filled = table(WORLD, "filled", FILLED)
filling = table(WORLD, "filling", FILLING)
group_ = table(WORLD, "groups", GROUP)
help_ = table(WORLD, "helps", HELP)
help_cell = table(WORLD, "help_cells", FLAG)
holder_ = table(WORLD, "holders", HOLDER)
imposed = table(WORLD, "imposed", NUMBER)
induction = table(WORLD, "inductions", INDUCTION)
induction_cell = table(WORLD, "induction_cells", FLAG)
layer_ = table(WORLD, "layers", LAYER)
life_ = table(WORLD, "lives", WHOLE)
line_month = table(WORLD, "line_months", LINE_MONTH)
listed = table(WORLD, "listed", LISTED)
market_ = table(WORLD, "markets", MARKET)
market_year = table(WORLD, "market_years", NUMBER)
month_ = table(WORLD, "months", MONTH)
node_ = table(WORLD, "nodes", NODE)
open_case = table(WORLD, "open", OPEN_CASE)
open_team = table(WORLD, "open_teams", WHOLE)
overlap_ = table(WORLD, "overlaps", OVERLAP)
payment_ = table(WORLD, "payments", PAYMENT)
payment_cell = table(WORLD, "payment_cells", FLAG)
pipeline = table(WORLD, "pipeline", NUMBER)
place_ = table(WORLD, "places", PLACE)
place_key = table(WORLD, "place_keys", KEY)
plan_ended = table(WORLD, "plans_ended", PLAN_ENDED)
point = table(WORLD, "points", NUMBER)
post_ = table(WORLD, "posts", POST)
ramp = table(WORLD, "ramps", RAMP)
ramp_team = table(WORLD, "ramp_teams", FLAG)
ranked = table(WORLD, "ranked", NUMBER)
partial = table(WORLD, "partials", NUMBER)
resigned = table(WORLD, "resigned", NUMBER)
return_ = table(WORLD, "returns", RETURN)
role_ = table(WORLD, "roles", ROLE)
route_level = table(WORLD, "route_levels", NUMBER)
route_month = table(WORLD, "route_months", NUMBER)
routed = table(WORLD, "routed", ROUTED)
rule_ = table(WORLD, "rules", RULE)
scratch = table(WORLD, "scratch", WHOLE)
seat_ = table(WORLD, "seats", SEAT)
settlement = table(WORLD, "settlements", SETTLEMENT)
settlement_cell = table(WORLD, "settlement_cells", FLAG)
staff = table(WORLD, "staff", WHOLE)
stage_ = table(WORLD, "stages", STAGE)
stage_level = table(WORLD, "stage_levels", STAGE_LEVEL)
stage_month = table(WORLD, "stage_months", STAGE_MONTH)
start_children = table(WORLD, "start_children", START_CHILDREN)
stay_ = table(WORLD, "stays", STAY)
supernumerary_ = table(WORLD, "supernumerary", WHOLE)
target_month = table(WORLD, "target_months", NUMBER)
team_ = table(WORLD, "teams", TEAM)
team_month = table(WORLD, "team_months", TEAM_MONTH)
tie_ = table(WORLD, "ties", TIE)
told = table(WORLD, "told", TOLD)
vacancy_ = table(WORLD, "vacancies", VACANCY)
wait_weight = table(WORLD, "weights", NUMBER)
waits_ = table(WORLD, "waits", WAITS)
worker_ = table(WORLD, "workers", WORKER)
working_count = table(WORLD, "working_counts", WHOLE)
working_day = table(WORLD, "working_days", WHOLE)
year_ = table(WORLD, "years", YEAR)
