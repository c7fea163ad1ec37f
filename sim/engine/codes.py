"""Whole numbers that the engine calls things by: states, columns of what is recorded, sets."""

from __future__ import annotations

from enum import IntEnum

from sim.config.roles import ROLES, Role
from sim.config.routes import NEWLY_QUALIFIED_ROUTES, Route
from sim.engine.case_records import CASE_FLOWS, Cause
from sim.engine.layout import AT_END, LEVELS
from sim.engine.records import FLOWS, LINE_COUNTS, STOCKS
from sim.inputs.plan import EXITS
from sim.inputs.position import PostState

# -- posts and vacancies --------------------------------------------------------------------------

NOT_OPEN, FILLED, COVERED, UNCOVERED, CLOSED = (int(state) for state in PostState)
STOCK_OF_STATE = tuple(
    STOCKS.index(state.name.lower()) if state.name.lower() in STOCKS else -1 for state in PostState
)
"""By state: the column of its FTE, -1 where it counts in none."""


class VacancyStage(IntEnum):
    """Where a vacancy stands."""

    APPROVAL = 0
    INTERNAL = 1
    ADVERTISED = 2
    IN_HAND = 3
    FILLED = 4
    CLOSED = 5


IN_APPROVAL, INSIDE, ADVERTISED, IN_HAND, VACANCY_FILLED, VACANCY_CLOSED = (
    int(stage) for stage in VacancyStage
)

# -- roles and routes -----------------------------------------------------------------------------

SOCIAL_WORKER, SENIOR_PRACTITIONER, TEAM_MANAGER = (
    ROLES.index(role) for role in (Role.SOCIAL_WORKER, Role.SENIOR_PRACTITIONER, Role.TEAM_MANAGER)
)
NO_SUPPORT, BUSINESS_SUPPORT, FAMILY_PRACTITIONERS = range(3)
"""Kinds of support that a role may give."""
(
    AT_START, EXPERIENCED, NEWLY_QUALIFIED_ROUTE, AGENCY_CONVERSION, RECODED, OVERSEAS,
) = (int(route) for route in list(Route)[:6])  # fmt: skip
BEGINNERS = sum(1 << route for route in NEWLY_QUALIFIED_ROUTES)
"""Routes of those who begin as newly qualified workers, as a set: bit k is route k."""

# -- what is recorded -----------------------------------------------------------------------------

FIRST_LEAVERS = FLOWS.index(f"leavers_{EXITS[0]}")
CONTRACT_END = EXITS.index("contract_end")
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
"""By route: the column in which somebody's start is counted."""
INTERNAL_IN, INTERNAL_OUT, OTHER_NET_CHANGE, RESIGNATIONS, COVER_STARTS, COVER_ENDS = (
    FLOWS.index(name)
    for name in (
        "internal_in", "internal_out", "other_net_change", "resignations",
        "agency_cover_starts", "agency_cover_ends",
    )
)  # fmt: skip
OFFERS, STARTS, TRAINEE_DAYS, APPLICATIONS, REDUNDANCIES = (
    LINE_COUNTS.index(name)
    for name in ("offers", "starts", "trainee_days", "applications", "redundancies")
)
WAITING, CAPACITY, ABOVE_CAPACITY, SICK = (LEVELS.index(name) for name in LEVELS)
(
    WAITED, HELD, OVER, PRESENT, OPEN_A_YEAR, CHANGED_ONCE, CHANGED_TWICE, IN_CARE_CHANGED_TWICE,
    LENT_IN, LENT_OUT, BOUGHT, LIFTED,
) = (AT_END.index(name) for name in AT_END)  # fmt: skip
(
    REFERRALS, RE_REFERRALS, EPISODES_STARTED, EPISODES_ENDED, CASES_ENDED, ASSESSMENTS_ENDED,
    ASSESSMENTS_IN_TIME, SECTION_47_STARTED, CONFERENCES, CONFERENCES_IN_TIME, PLANS_STARTED,
    PLANS_ENDED, CARE_STARTED, CARE_ENDED, CARE_LEAVERS_STARTED, CARE_LEAVERS_ENDED, REVIEWS_HELD,
    REVIEWS_PUT_OFF, WAITS_BEGUN, WAITS_ENDED, WAITED_DAYS, TURNED_AWAY, WORKERS_LENT,
    WORKERS_RETURNED,
) = (
    CASE_FLOWS.index(name)
    for name in (
        "referrals", "re_referrals", "episodes_started", "episodes_ended", "cases_ended",
        "assessments_ended", "assessments_in_time", "section_47_started", "conferences",
        "conferences_in_time", "plans_started", "plans_ended", "care_started", "care_ended",
        "care_leavers_started", "care_leavers_ended", "reviews_held", "reviews_put_off",
        "waits_begun", "waits_ended", "waited_days", "turned_away", "workers_lent",
        "workers_returned",
    )
)  # fmt: skip
FIRST_HANDOVER = CASE_FLOWS.index(f"handovers_{Cause(0).name.lower()}")
LEAVER, ABSENCE, TRANSFER, AGENCY_END, INTERNAL_MOVE = (int(cause) for cause in Cause)

# -- children's cases -----------------------------------------------------------------------------

CASE_CLOSED = -1
"""In place of a stage: the case is closed."""
SHORT_SICKNESS, LONG_SICKNESS, LONG_LEAVE = range(3)
PRESENT_AT_WORK = -1
"""In place of a kind of absence: the worker is there."""

# -- managers -------------------------------------------------------------------------------------

LEND, LIFT, BUY, RAISE = range(1, 5)
"""Steps that managers take, in this order, when many children wait; 0 is none."""
