"""What compiled code calls things by: kinds of events, steps of processes, kinds of trace lines."""

from __future__ import annotations

from sim.engine.case_records import CASE_FLOWS
from sim.engine.cases import Cause
from sim.engine.compiled.layout import AT_END, LEVELS
from sim.engine.records import FLOWS, LINE_COUNTS, STOCKS
from sim.inputs.plan import EXITS
from sim.inputs.position import PostState

# -- events, each with the process that it wakes ------------------------------------------------

(
    MONTH_BEGINS,
    MONTH_ENDS,
    REVIEW,
    DATED_BEGINS,
    DATED,
    PAYMENT_BEGINS,
    PAYMENT_DUE,
    COHORT_BEGINS,
    COHORT_OFFERS,
    COHORT_STARTS,
    GROUP_BEGINS,
    GROUP_OPENS,
    GROUP_OFFERS,
    GROUP_STARTS,
    CHILDREN_BEGIN,
    CHILDREN_COME,
    REFERRALS_BEGIN,
    RULES_BEGIN,
    RULES_CHANGE,
    LIFE_BEGINS,
    EXIT_DUE,
    NOTICE_BEGINS,
    NOTICE_ENDS,
    VACANCY_BEGINS,
    VACANCY_GOES_ON,
    COVER_BEGINS,
    COVER_GOES_ON,
    STAY_BEGINS,
    STAY_ASSIGNMENT_ENDS,
    STAY_LET_GO,
    STAY_GOES_ON,
    STAY_ENDS,
    OVERLAP_BEGINS,
    OVERLAP_ENDS,
    SETTLE_BEGINS,
    SETTLE_DUE,
    LAYER_BEGINS,
    CANDIDATE_COMES,
    ATTEND_BEGINS,
    ATTEND_GAP_ENDS,
    ATTEND_SPELL_ENDS,
    CASE_DUE,
    CLOCK_RINGS,
    CHILD_RETURNS,
    REFERRAL,
) = range(45)

# -- steps of a vacancy's life: what it waits for -------------------------------------------------

(
    AT_APPROVAL,
    AT_MARKET,
    AT_INSIDE,
    AT_OFFER,
    IN_APPROVAL,
    IN_APPOINTMENT,
    APPOINTED_LEAVER_THERE,
    ON_THE_MARKET,
    IN_SELECTION,
    AWAITING_START,
    START_LEAVER_THERE,
) = range(11)

# -- steps of a vacancy's cover -------------------------------------------------------------------

COVER_REQUESTED, COVER_SEARCHED, COVER_MAY_CONVERT, COVER_STAYS = range(4)

# -- steps of a case that is reviewed -------------------------------------------------------------

TO_REVIEW, TO_OFF_REVIEW_END = range(2)

# -- columns of what is recorded ------------------------------------------------------------------

FILLED_STOCK, COVERED_STOCK, UNCOVERED_STOCK = (
    STOCKS.index(name) for name in ("filled", "covered", "uncovered")
)
STOCK_OF_STATE = tuple(
    {
        PostState.FILLED: FILLED_STOCK,
        PostState.COVERED: COVERED_STOCK,
        PostState.UNCOVERED: UNCOVERED_STOCK,
    }.get(state, -1)
    for state in PostState
)
FIRST_LEAVERS = FLOWS.index(f"leavers_{EXITS[0]}")
STARTERS = tuple(
    FLOWS.index(name)
    for name in (
        "starters_experienced",  # nobody starts by the first route, AT_START
        "starters_experienced",
        "starters_newly_qualified",
        "starters_agency_conversion",
        "other_net_change",
        "starters_overseas",
        "starters_bursary",
        "starters_apprentice",
    )
)
INTERNAL_IN, INTERNAL_OUT = FLOWS.index("internal_in"), FLOWS.index("internal_out")
OTHER_NET_CHANGE, RESIGNATIONS = FLOWS.index("other_net_change"), FLOWS.index("resignations")
COVER_STARTS, COVER_ENDS = FLOWS.index("agency_cover_starts"), FLOWS.index("agency_cover_ends")
OFFERS, STARTS, TRAINEE_DAYS, APPLICATIONS = (
    LINE_COUNTS.index(name) for name in ("offers", "starts", "trainee_days", "applications")
)
WAITING, CAPACITY, ABOVE_CAPACITY, SICK = (
    LEVELS.index(name) for name in ("waiting", "capacity", "above_capacity", "sick")
)
WAITED, HELD, OVER, PRESENT, OPEN_A_YEAR, CHANGED_ONCE, CHANGED_TWICE = (
    AT_END.index(name)
    for name in (
        "waited", "held", "over", "present", "open_a_year", "changed_once", "changed_twice"
    )
)  # fmt: skip
(
    REFERRALS,
    RE_REFERRALS,
    EPISODES_STARTED,
    EPISODES_ENDED,
    CASES_ENDED,
    ASSESSMENTS_ENDED,
    ASSESSMENTS_IN_TIME,
    SECTION_47_STARTED,
    CONFERENCES,
    CONFERENCES_IN_TIME,
    PLANS_STARTED,
    PLANS_ENDED,
    CARE_STARTED,
    CARE_ENDED,
    CARE_LEAVERS_STARTED,
    CARE_LEAVERS_ENDED,
    REVIEWS_HELD,
    REVIEWS_PUT_OFF,
    WAITS_BEGUN,
    WAITS_ENDED,
    WAITED_DAYS,
) = (
    CASE_FLOWS.index(name)
    for name in (
        "referrals", "re_referrals", "episodes_started", "episodes_ended", "cases_ended",
        "assessments_ended",
        "assessments_in_time", "section_47_started", "conferences", "conferences_in_time",
        "plans_started", "plans_ended", "care_started", "care_ended",
        "care_leavers_started", "care_leavers_ended", "reviews_held",
        "reviews_put_off", "waits_begun", "waits_ended", "waited_days",
    )
)  # fmt: skip
FIRST_HANDOVER = CASE_FLOWS.index(f"handovers_{Cause(0).name.lower()}")

# -- the trace ------------------------------------------------------------------------------------

(
    T_ABSENT, T_RETURNS, T_POST_CLOSES, T_RESIGNS, T_LEAVES, T_RETENTION_PAYMENT,
    T_LEAVE_TO_REMAIN, T_ADVERTISED, T_CANDIDATE, T_OFFER, T_DROPS_OUT, T_STARTS, T_MOVES_INSIDE,
    T_COVER_BEGINS, T_COVER_ENDS, T_ABOVE, T_ABOVE_ENDS, T_POST_OPENS, T_NOT_FUNDED, T_HOURS_CUT,
    T_LEAVES_THE_COUNT, T_NEWLY_QUALIFIED_OFFER, T_ROUTE_OFFER, T_REVIEW_PUT_OFF, T_CASE_REVIEW,
    T_REFERRAL, T_CASE_CLOSES, T_ALLOCATED, T_WAITS, T_POST_ENDS, T_OFFER_WITHDRAWN, T_STAGE_BEGINS,
) = range(32)  # fmt: skip
"""What happened."""

NOBODY, A_WORKER, A_CANDIDATE, A_COVERING_WORKER, A_PERSON, AN_AGENCY_WORKER = range(6)
"""Kinds of people whom the trace names."""

(
    D_NONE, D_ABSENCE, D_EXIT, D_LINE, D_DECLINED, D_ROUTE, D_SUPERNUMERARY, D_FROM_POST, D_CUT,
    D_AGAIN, D_AFTER,
) = range(11)  # fmt: skip
"""Kinds of detail in the trace."""
