"""Posts that open and close, and people who join or leave the count without being hired."""

from __future__ import annotations

from sim.engine.actions.careers import post_falls_empty
from sim.engine.actions.hiring import close_vacancy
from sim.engine.actions.market import give_candidate, open_vacancy
from sim.engine.actions.posts import close_post, is_baseline, is_vacant, set_state, vacate
from sim.engine.actions.recording import (
    flow,
    new_person,
    record_event,
    record_hours_cut,
    record_post_event,
    shift,
)
from sim.engine.actions.redeployment import redeploy
from sim.engine.codes import (
    ADVERTISED,
    CLOSED,
    COVER_ENDS,
    COVERED,
    IN_APPROVAL,
    OTHER_NET_CHANGE,
    RECODED,
    SENIOR_PRACTITIONER,
    SOCIAL_WORKER,
    UNCOVERED,
)
from sim.engine.events import Event, Person, Story
from sim.engine.layout import Cell, Cut, Post, Worker, World
from sim.engine.rows import Heap, Maybe
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
from sim.inputs.fates import Purpose
from sim.inputs.plan import HUNDREDTHS, hundredths

SMALLEST_FTE = 0.05
"""What is less than this of an FTE waits for more, of what joins or leaves the count."""
SMALLEST_CUT = hundredths(SMALLEST_FTE)
"""The same of what is to be closed, in hundredths."""

# -- dated posts ----------------------------------------------------------------------------------


def open_post(w: World, post: Post) -> None:
    """A post is funded: vacant from now on."""
    set_state(w, post, UNCOVERED)
    record_post_event(w, Event.POST_OPENS, post)
    open_vacancy(w, post, None)
    post_falls_empty(w, post)


def lapse(w: World, post: Post) -> None:
    """Nobody pays for a post any more: if it is held, it goes with its holder.

    Who was to follow a leaver under notice does not come.
    """
    record_post_event(w, Event.NOT_FUNDED, post)
    if post.holder is None:
        close_vacant_post(w, post)
    elif post.vacancy is not None:
        close_vacancy(post.vacancy)


def end_term(w: World, post: Post) -> bool:
    """A post's term is over; whether its holder stays in it for her notice, supernumerary.

    She goes to another post if there is one. Who is under notice already serves that.
    """
    holder = post.holder
    if post.state == CLOSED:
        return False
    post.has_ended = True
    if holder is None:
        close_vacant_post(w, post)
        return False
    if post.vacancy is not None:
        close_vacancy(post.vacancy)
    record_event(w, Event.POST_ENDS, post, Person.WORKER, holder.person, 0)
    return not holder.under_notice and not redeploy(w, holder)


def close_vacant_post(w: World, post: Post) -> None:
    """A vacant post closes."""
    if post.state == CLOSED:
        return
    if post.state == COVERED:
        flow(COVER_ENDS, post.account, post.hundredths)
    if post.vacancy is not None:
        close_vacancy(post.vacancy)
    close_post(w, post)


# -- the council's own establishment --------------------------------------------------------------


def review_establishment(w: World) -> None:
    """The monthly review: close what is to be closed, recode what is to be recoded."""
    w.to_close += w.month.closures
    w.to_recode += w.month.other_net_change
    w.to_close = close_vacant(w, w.to_close, None)
    for cut in w.cuts:
        if cut.start_day <= w.now:
            take_out(w, cut)
    recode(w)


def is_counted(post: Post) -> bool:
    """Whether the establishment's growth and other net change act on posts of a role."""
    role = post.role.number
    return role in (SOCIAL_WORKER, SENIOR_PRACTITIONER)


def take_out(w: World, cut: Cut) -> None:
    """Posts that a line takes out of a team and role go, as far as they can now."""
    if cut.with_notice:
        end_held(w, cut)
    cut.to_close = close_vacant(w, cut.to_close, cut.cell)


def end_held(w: World, cut: Cut) -> None:
    """Held posts end today, in random order; who is under notice goes anyway."""
    held = empty(w)
    for post in w.posts:
        if post.cell is not cut.cell or not is_baseline(post) or post.has_ended:
            continue
        if post.holder is not None and not post.holder.under_notice:
            luck = uniform(w, Purpose.POST_CLOSURE, post.key, 0)
            held = pushed(w, held, 0, luck, post.number, 0, None)
    while not is_empty(held):
        post = w.posts[first_number(held)]
        held = popped(w, held)
        if post.hundredths <= cut.to_close:
            cut.to_close -= post.hundredths
            post.end_day = w.now
            begin(w, Story.DATED_POST, post)


def close_vacant(w: World, owed: int, cell: Maybe[Cell]) -> int:
    """Close vacant posts in random order; how many of the hundredths owed are left.

    Whether a post is covered plays no part: else the share covered would pass the year's level.
    What can't be closed now waits until posts fall vacant: nobody is dismissed.

    Args:
        w: the run.
        owed: hundredths of an FTE that are to be closed.
        cell: the team and role that they are taken from; None for the council's own closures.
    """
    if owed < SMALLEST_CUT:
        return owed
    vacant = empty(w)
    for post in w.posts:
        if may_close(post, cell):
            luck = uniform(w, Purpose.POST_CLOSURE, post.key, 0)
            vacant = pushed(w, vacant, 0, luck, post.number, 0, None)
    while not is_empty(vacant):
        post = w.posts[first_number(vacant)]
        vacant = popped(w, vacant)
        if owed < SMALLEST_CUT:
            continue
        if post.hundredths <= owed + SMALLEST_CUT:
            owed -= post.hundredths
            close_vacant_post(w, post)
        elif post.state == UNCOVERED:
            cut_hours(w, post, owed)
            owed = 0
    return owed


def may_close(post: Post, cell: Maybe[Cell]) -> bool:
    """Whether a post, of a team and role if any is named, stands vacant with nobody in hand."""
    if not is_vacant(post) or not is_baseline(post):
        return False
    in_scope = is_counted(post) if cell is None else post.cell is cell
    if not in_scope:
        return False
    if post.vacancy is None:
        return False
    return post.vacancy.stage == IN_APPROVAL or post.vacancy.stage == ADVERTISED


def cut_hours(w: World, post: Post, cut: int) -> None:
    """Close some hundredths of a post."""
    shift(w, post.account, cut, post.state, CLOSED)
    post.hundredths -= cut
    post.fte = post.hundredths / HUNDREDTHS
    record_hours_cut(w, post, cut / HUNDREDTHS)


# -- other net change -----------------------------------------------------------------------------


def recode(w: World) -> None:
    """People who join or leave the count through hours, re-coding or transfer."""
    if w.to_recode > SMALLEST_FTE:
        posts = recodable_posts(w)
        while not is_empty(posts):
            post = w.posts[first_number(posts)]
            posts = popped(w, posts)
            if post.fte <= w.to_recode + SMALLEST_FTE:
                w.to_recode -= post.fte
                join_count(w, post)
    elif w.to_recode < -SMALLEST_FTE:
        posts = posts_to_leave(w)
        while not is_empty(posts):
            post = w.posts[first_number(posts)]
            posts = popped(w, posts)
            # A post that falls empty may have drawn this one's supernumerary holder away.
            if post.holder is not None and post.fte <= -w.to_recode + SMALLEST_FTE:
                w.to_recode += post.fte
                leave_count(w, post, post.holder)


def recodable_posts(w: World) -> Heap:
    """Advertised posts that somebody may be recoded into, in random order."""
    found = empty(w)
    for post in w.posts:
        if (
            is_counted(post)
            and is_vacant(post)
            and post.vacancy is not None
            and post.vacancy.stage == ADVERTISED
            and post.fte <= w.to_recode + SMALLEST_FTE
        ):
            luck = uniform(w, Purpose.RECODING, post.key, post.vacancies)
            found = pushed(w, found, 0, luck, post.number, 0, None)
    return found


def posts_to_leave(w: World) -> Heap:
    """Posts whose holders may be recoded out of the count, in random order."""
    found = empty(w)
    for post in w.posts:
        if (
            is_counted(post)
            and post.holder is not None
            and not post.holder.under_notice
            and post.fte <= -w.to_recode + SMALLEST_FTE
        ):
            luck = uniform(w, Purpose.RECODING, post.holder.key, 0)
            found = pushed(w, found, 0, luck, post.number, 0, None)
    return found


def join_count(w: World, post: Post) -> None:
    """Somebody joins the count in an advertised post."""
    key = join(join(post.key, post.vacancies), Purpose.RECODING)
    give_candidate(w, post.vacancy, key, new_person(w), RECODED, False, w.now, None)


def leave_count(w: World, post: Post, worker: Worker) -> None:
    """Somebody leaves the count; the post is open to others."""
    worker.gone = True
    flow(OTHER_NET_CHANGE, post.account, -post.hundredths)
    vacate(w, post, worker, False)
    record_event(w, Event.LEAVES_THE_COUNT, post, Person.WORKER, worker.person, 0)
    open_vacancy(w, post, None)
    post_falls_empty(w, post)
