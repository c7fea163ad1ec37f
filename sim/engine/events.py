"""What happens, by name: kinds of events of the trace, and kinds of people whom it names."""

from __future__ import annotations

from enum import IntEnum


class Event(IntEnum):
    """Something that happened. What `value` says of it stands behind each."""

    ABSENT = 0  # the kind of absence
    RETURNS = 1
    POST_CLOSES = 2
    RESIGNS = 3  # the exit
    LEAVES = 4  # the exit
    RETENTION_PAYMENT = 5  # the budget line
    LEAVE_TO_REMAIN = 6
    ADVERTISED = 7
    CANDIDATE = 8
    OFFER = 9  # 1 if it is accepted
    DROPS_OUT = 10
    STARTS = 11  # the route
    STARTS_WITHOUT_POST = 12  # the route
    MOVES_INSIDE = 13  # number of the post that is left
    COVER_BEGINS = 14
    COVER_ENDS = 15
    OVER_ESTABLISHMENT = 16
    OVER_ESTABLISHMENT_ENDS = 17
    POST_OPENS = 18
    NOT_FUNDED = 19
    HOURS_CUT = 20
    LEAVES_THE_COUNT = 21
    ARRIVAL_OFFER = 22  # the route
    REVIEW_PUT_OFF = 23
    REVIEW = 24
    REFERRAL = 25  # 1 if the child was known before
    CASE_CLOSES = 26
    ALLOCATED = 27  # why the child lost its worker before; -1 if it had none
    WAITS = 28  # likewise
    STAGE_BEGINS = 29  # the stage
    POST_ENDS = 30
    OFFER_WITHDRAWN = 31
    STEP_TAKEN = 32  # the step
    STEP_WITHDRAWN = 33  # the step
    LENT = 34
    COMES_HOME = 35
    LIMIT_LIFTED = 36
    LIMIT_RESTORED = 37
    AGENCY_BOUGHT = 38  # how many
    TURNED_AWAY = 39


class Person(IntEnum):
    """Who somebody is at the time of an event; the number stays the same throughout."""

    NOBODY = 0
    WORKER = 1
    AGENCY_WORKER = 2
    CANDIDATE = 3


class Story(IntEnum):
    """Processes: what a worker, a vacancy, a child ... waits for (sim.engine.stories).

    The stages of a case come first and are numbered as the stages are; the steps of a vacancy come
    next. Within both one story follows another in one process.
    """

    DECISION = 0
    ASSESSMENT = 1
    SECTION_47 = 2
    CHILD_IN_NEED = 3
    PROTECTION_PLAN = 4
    PRE_PROCEEDINGS = 5
    COURT = 6
    LOOKED_AFTER_FIRST_YEAR = 7
    LOOKED_AFTER_SETTLED = 8
    CARE_LEAVER = 9
    APPROVAL = 10
    INSIDE = 11
    MARKET = 12
    OFFER = 13
    WORKER = 14
    ATTENDANCE = 15
    NOTICE = 16
    COVER = 17
    RETURN = 18
    REFERRALS = 19
    CANDIDATES = 20
    OVERLAP = 21
    PLACEMENT = 22
    SETTLEMENT = 23
    MONTH_END = 24
    DATED_POST = 25
    PAYMENT = 26
    COHORT = 27
    GROUP = 28
    CHILDREN = 29
    DATED_RULES = 30
    MANAGER_REVIEW = 31
    PURCHASE = 32


NOTHING = -1
"""In place of a story: none follows."""
