"""Day 0: people, vacancies, offers and agency assignments as they stand.

All are drawn conditional on the time they have already been there, so that a run at constant rates
shows no transient.
"""

from __future__ import annotations

import math

from sim.dates import DAYS_PER_YEAR
from sim.engine.actions.agency import set_slots
from sim.engine.actions.careers import FIVE_YEARS, await_settlement, note_resignation
from sim.engine.actions.market import new_vacancy, take_in_hand
from sim.engine.actions.posts import is_vacant, new_worker, set_state
from sim.engine.actions.recording import in_post, new_person
from sim.engine.codes import (
    AT_START,
    EXPERIENCED,
    FILLED,
    NEWLY_QUALIFIED_ROUTE,
    NOT_OPEN,
    SENIOR_PRACTITIONER,
    SOCIAL_WORKER,
    UNCOVERED,
)
from sim.engine.events import Story
from sim.engine.formulas import exponential
from sim.engine.layout import REGISTERED_COUNT, Post, Role, Vacancy, Worker, World
from sim.engine.simpy.kernel import (
    begin,
    empty,
    first_number,
    is_empty,
    join,
    popped,
    pushed,
    uniform,
)
from sim.inputs.fates import Purpose, key_of
from sim.inputs.plan import FIVE_YEARS_BAND

IN_HAND_CANDIDATE = key_of("candidate in hand on day 0")


def set_up_posts(w: World) -> None:
    """All posts, then people and vacancies, then agency above establishment."""
    for post in w.posts:
        state = post.state
        post.state = NOT_OPEN
        if state != NOT_OPEN:
            set_state(w, post, state)
    resignations_before(w)
    for post in w.posts:
        if post.state == FILLED:
            holder_of_day_0(w, post)
        elif is_vacant(post):
            vacant_on_day_0(w, post)
    mark_overseas_staff(w)
    for team in w.teams:
        set_slots(w, team, team.above_start)


# -- people ---------------------------------------------------------------------------------------


def holder_of_day_0(w: World, post: Post) -> None:
    """The person in post on day 0, with tenure and route, perhaps under notice."""
    route, joined = history(w, post)
    key = join(post.key, Purpose.START_TENURE)
    worker = new_worker(w, key, new_person(w), route, post, joined)
    post.holder = worker
    in_post(w, post.role, route, post.hundredths)
    probability = post.role.notice_probability
    luck = uniform(w, Purpose.START_NOTICE, post.key, 0)
    if luck < probability:
        under_notice_on_day_0(w, post, worker, luck / probability)
    else:
        begin(w, Story.WORKER, worker)


def history(w: World, post: Post) -> tuple[int, float]:
    """Route and joining day.

    Tenure is uniform over the first five years and falls off at the leaving rate beyond them.
    """
    may_be_new = post.role.number == SOCIAL_WORKER and not post.team.is_court
    if may_be_new and uniform(w, Purpose.START_ROUTE, post.key, 0) < w.newly_qualified_share:
        return NEWLY_QUALIFIED_ROUTE, -uniform(w, Purpose.START_TENURE, post.key, 0) * 30.0
    share = w.tenure_under_five
    luck = uniform(w, Purpose.START_TENURE, post.key, 0)
    if luck < share:
        return AT_START, -luck / share * FIVE_YEARS
    rate = leaving_rate(post.role)
    beyond = exponential((1.0 - luck) / (1.0 - share)) / rate if rate > 0.0 else DAYS_PER_YEAR
    return AT_START, -(FIVE_YEARS + beyond)


def leaving_rate(role: Role) -> float:
    """Rate of all exits together after five years."""
    first = 3 * FIVE_YEARS_BAND
    return role.rates[first] + role.rates[first + 1] + role.rates[first + 2]


def mark_overseas_staff(w: World) -> None:
    """Those who were hired abroad: it tells when they may settle, and changes nothing else."""
    if w.staff_people < 0:
        return
    likely = empty(w)
    for worker in w.workers:
        role = worker.post.role.number
        if (
            (role in (SOCIAL_WORKER, SENIOR_PRACTITIONER))
            and not worker.newly_qualified
            and w.staff_first_day <= worker.joined_day < w.staff_last_day
        ):
            luck = uniform(w, Purpose.START_OVERSEAS, worker.key, 0)
            likely = pushed(w, likely, 0, luck, worker.number, 0, None)
    marked = 0
    while not is_empty(likely):
        worker = w.workers[first_number(likely)]
        likely = popped(w, likely)
        if marked < w.staff_people:
            worker.settles_day = worker.joined_day + w.settlement_days
            await_settlement(w, worker)
            marked += 1


def under_notice_on_day_0(w: World, post: Post, worker: Worker, luck: float) -> None:
    """A holder who resigned before day 0: notice part-served, vacancy part-filled."""
    notice = post.market.notice_days
    remaining = luck * notice
    elapsed = notice - remaining
    worker.under_notice = True
    worker.exit = exit_on_day_0(w, post)
    if post.role.number < REGISTERED_COUNT:
        note_resignation(w, post.team, -elapsed)
    vacancy = new_vacancy(w, post, worker, -elapsed)
    count_target(post)
    begin_where_it_stands(w, vacancy, elapsed)
    worker.notice_left = remaining
    begin(w, Story.NOTICE, worker)


def exit_on_day_0(w: World, post: Post) -> int:
    """By which exit somebody under notice on day 0 leaves."""
    luck = uniform(w, Purpose.START_NOTICE, post.key, 1) * leaving_rate(post.role)
    for exit_ in range(3):
        luck -= post.role.rates[3 * FIVE_YEARS_BAND + exit_]
        if luck <= 0.0:
            return exit_
    return 0


def resignations_before(w: World) -> None:
    """Resignations of people who have gone by day 0 but are still felt by colleagues."""
    notice = w.social_market.notice_days
    for team in w.teams:
        day, k = -notice, 0
        while team.resignations_per_day > 0.0:
            luck = uniform(w, Purpose.START_RECENT_RESIGNATION, team.resignations_key, k)
            day -= exponential(luck) / team.resignations_per_day
            k += 1
            if day <= -w.contagion_days:
                break
            note_resignation(w, team, day)


# -- vacancies ------------------------------------------------------------------------------------


def count_target(post: Post) -> None:
    """A post that the council said it must fill."""
    if post.role.number < REGISTERED_COUNT:
        post.is_target = True
        post.market.targets += 1.0


def vacant_on_day_0(w: World, post: Post) -> None:
    """A vacant post: how long it has been open, its hiring, its cover."""
    market = post.market
    waited = exponential(uniform(w, Purpose.START_STAGE, post.key, 2)) * market.vacancy_age_days
    vacancy = new_vacancy(w, post, None, -(market.notice_days + waited))
    count_target(post)
    begin_where_it_stands(w, vacancy, market.notice_days + waited)
    luck = uniform(w, Purpose.START_ASSIGNMENT, post.key, 0)
    vacancy.cover_state = post.state
    vacancy.cover_asked = post.state == UNCOVERED and luck >= post.team.agency.request_pending
    begin(w, Story.COVER, vacancy)


def begin_where_it_stands(w: World, vacancy: Vacancy, elapsed: float) -> None:
    """Start a vacancy's story where it stands, `elapsed` days after it opened."""
    post, market = vacancy.post, vacancy.post.market
    since = elapsed - market.approval_days
    if since < 0.0:
        vacancy.elapsed = elapsed
        begin(w, Story.APPROVAL, vacancy)
        return
    vacancy.advertised_day = -since
    held = post.holder is not None
    if held and uniform(w, Purpose.START_STAGE, post.key, 3) < post.role.inside_chance:
        vacancy.elapsed = since
        begin(w, Story.INSIDE, vacancy)
        return
    already_advertised(w, vacancy, since)


def already_advertised(w: World, vacancy: Vacancy, since: float) -> None:
    """Advertised, in selection, or awaiting a start, as a steady flow would have it."""
    post, market = vacancy.post, vacancy.post.market
    # Candidates a day for this post when the market is at its reference.
    hazard = market.candidates_per_day * (post.choice_weight * post.fte) / market.reference_fte
    longest_selecting = min(since, market.selection_days)
    longest_awaiting = min(max(0.0, since - market.selection_days), market.ready_days)
    selecting = hazard * longest_selecting
    awaiting = hazard * market.acceptance * longest_awaiting
    if is_vacant(post):
        selecting *= market.carried_selecting
        awaiting *= market.carried_awaiting
    luck = uniform(w, Purpose.START_STAGE, post.key, 0) * (1.0 + selecting + awaiting)
    part = uniform(w, Purpose.START_STAGE, post.key, 1)
    if luck >= selecting + awaiting:
        begin(w, Story.MARKET, vacancy)
        return
    key = join(post.key, IN_HAND_CANDIDATE)
    drops_out = uniform(w, Purpose.DROP_OUT, key, 0) < market.drop_out
    accepts = True
    if luck < selecting:
        accepts = uniform(w, Purpose.OFFER_ACCEPTED, key, 0) < market.acceptance
        vacancy.selection_days = market.selection_days - part * longest_selecting
    else:
        vacancy.selection_days = 0.0
        vacancy.awaiting_days = market.ready_days - part * longest_awaiting
    person = new_person(w)
    take_in_hand(vacancy, key, person, EXPERIENCED, accepts, drops_out, math.nan, None)
    begin(w, Story.OFFER, vacancy)
