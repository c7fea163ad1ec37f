"""Posts that open and close, and people who join or leave the count (sim.engine.establishment)."""

from __future__ import annotations

from sim.config.roles import ROLES, Role
from sim.config.routes import Route
from sim.engine.compiled.careers import end_contract, post_falls_empty
from sim.engine.compiled.codes import (
    A_WORKER,
    COVER_ENDS,
    D_CUT,
    D_NONE,
    DATED,
    OTHER_NET_CHANGE,
    T_HOURS_CUT,
    T_LEAVES_THE_COUNT,
    T_NOT_FUNDED,
    T_POST_ENDS,
    T_POST_OPENS,
)
from sim.engine.compiled.facts import flow, shift, tell
from sim.engine.compiled.jit import World, compiled
from sim.engine.compiled.layout import (
    NONE,
    Post,
    market_,
    month_,
    post_,
    told,
    vacancy_,
    worker_,
)
from sim.engine.compiled.listing import list_, take_listed
from sim.engine.compiled.luck import join, uniform
from sim.engine.compiled.queue import after
from sim.engine.compiled.redeployment import redeploy
from sim.engine.compiled.vacancies import (
    STAGE_ADVERTISED,
    STAGE_APPROVAL,
    close,
    open_vacancy,
    take,
)
from sim.engine.compiled.world import (
    CLOSED,
    COVERED,
    NOT_OPEN,
    UNCOVERED,
    close_post,
    is_baseline,
    is_vacant,
    set_state,
    tell_post,
    unseat,
)
from sim.engine.establishment import SMALLEST_CUT, SMALLEST_FTE
from sim.inputs.fates import Purpose
from sim.inputs.plan import HUNDREDTHS

_CLOSURE, _RECODING = int(Purpose.POST_CLOSURE), int(Purpose.RECODING)
_RECODED = int(Route.RECODED)
_SOCIAL_WORKER = ROLES.index(Role.SOCIAL_WORKER)
_SENIOR = ROLES.index(Role.SENIOR_PRACTITIONER)
_OPENS, _LAPSES, _ENDS, _NOTICE_ENDS = range(4)

# -- dated posts ----------------------------------------------------------------------------------


@compiled
def dated_begins(w: World, number: int) -> None:
    """A post that opens, or closes, on a date of its own."""
    post = post_(w, number)
    if post.state == NOT_OPEN:
        post.step = _OPENS
        after(w, post.start_day - w.now, DATED, number)
    else:
        _await_lapse(w, number)


@compiled
def dated_goes_on(w: World, number: int) -> None:
    """A date of a post has come."""
    step = post_(w, number).step
    if step == _OPENS:
        _open(w, number)
        _await_lapse(w, number)
    elif step == _LAPSES:
        _lapse(w, number)
        _await_end(w, number)
    elif step == _ENDS:
        _end(w, number)
    elif post_(w, number).holder != NONE:
        end_contract(w, post_(w, number).holder)


@compiled
def _await_lapse(w: World, number: int) -> None:
    post = post_(w, number)
    if post.lapse_day < w.horizon:
        post.step = _LAPSES
        after(w, post.lapse_day - w.now, DATED, number)
    else:
        _await_end(w, number)


@compiled
def _await_end(w: World, number: int) -> None:
    post = post_(w, number)
    if post.end_day < w.horizon:
        post.step = _ENDS
        after(w, post.end_day - w.now, DATED, number)


@compiled
def _open(w: World, number: int) -> None:
    """A post is funded: vacant from now on."""
    set_state(w, number, UNCOVERED)
    tell_post(w, T_POST_OPENS, number, D_NONE, 0)
    open_vacancy(w, number, NONE)
    post_falls_empty(w, number)


@compiled
def _lapse(w: World, number: int) -> None:
    """Nobody pays for a post any more: if it is held, it goes with its holder."""
    tell_post(w, T_NOT_FUNDED, number, D_NONE, 0)
    post = post_(w, number)
    if post.holder == NONE:
        close_dated(w, number)
    elif post.vacancy != NONE:
        close(w, post.vacancy)


@compiled
def _end(w: World, number: int) -> None:
    """A post's term is over. Its holder goes to another post, or leaves after notice."""
    post = post_(w, number)
    if post.state == CLOSED:
        return
    post.has_ended = 1
    holder = post.holder
    if holder == NONE:
        close_dated(w, number)
        return
    if post.vacancy != NONE:
        close(w, post.vacancy)
    tell(w, T_POST_ENDS, post.team, number, A_WORKER, holder, D_NONE, 0)
    if worker_(w, holder).under_notice or redeploy(w, holder):
        return
    post.step = _NOTICE_ENDS
    after(w, market_(w, post.market).notice_days, DATED, number)


@compiled
def close_dated(w: World, number: int) -> None:
    """A vacant post closes."""
    post = post_(w, number)
    if post.state == CLOSED:
        return
    if post.state == COVERED:
        flow(w, COVER_ENDS, post.account, post.hundredths)
    if post.vacancy != NONE:
        close(w, post.vacancy)
    close_post(w, number)


# -- the council's own establishment --------------------------------------------------------------


@compiled
def review_establishment(w: World) -> None:
    """The monthly review: close what is to be closed, recode what is to be recoded."""
    w.to_close += month_(w, w.period).closures
    w.to_recode += month_(w, w.period).other_net_change
    _close_vacant(w)
    _recode(w)


@compiled
def _counted(role: int) -> bool:
    return role in (_SOCIAL_WORKER, _SENIOR)


@compiled
def _close_vacant(w: World) -> None:
    """Close vacant posts, uncovered ones first, until the hundredths owed are closed."""
    if w.to_close < SMALLEST_CUT:
        return
    count = 0
    for number in range(w.posts_count):
        post = post_(w, number)
        if is_vacant(post) and _may_close(w, post):
            luck = uniform(w, _CLOSURE, post.key, 0)
            count = list_(w, count, post.state == COVERED, luck, number)
    while count > 0 and w.to_close >= SMALLEST_CUT:
        number = take_listed(w, count)
        count -= 1
        post = post_(w, number)
        if post.hundredths <= w.to_close + SMALLEST_CUT:
            w.to_close -= post.hundredths
            close_dated(w, number)
        elif post.state == UNCOVERED:
            _cut_hours(w, number, w.to_close)
            w.to_close = 0


@compiled
def _may_close(w: World, post: Post) -> bool:
    if not _counted(post.role) or not is_baseline(post) or post.vacancy == NONE:
        return False
    stage = vacancy_(w, post.vacancy).stage
    return bool(stage in (STAGE_APPROVAL, STAGE_ADVERTISED))


@compiled
def _cut_hours(w: World, number: int, cut: int) -> None:
    post = post_(w, number)
    shift(w, post.account, cut, post.state, CLOSED)
    post.hundredths -= cut
    post.fte = post.hundredths / HUNDREDTHS
    tell_post(w, T_HOURS_CUT, number, D_CUT, 0)
    if w.is_traced:
        told(w, w.told_count - 1).amount = cut / HUNDREDTHS


# -- other net change -----------------------------------------------------------------------------


@compiled
def _recode(w: World) -> None:
    """People who join or leave the count through hours, re-coding or transfer."""
    if w.to_recode > SMALLEST_FTE:
        for left in range(_recodable_posts(w), 0, -1):
            number = take_listed(w, left)
            post = post_(w, number)
            if post.fte <= w.to_recode + SMALLEST_FTE:
                w.to_recode -= post.fte
                _join_count(w, post)
    elif w.to_recode < -SMALLEST_FTE:
        for left in range(_recodable_workers(w), 0, -1):
            number = take_listed(w, left)
            fte = post_(w, worker_(w, number).post).fte
            if fte <= -w.to_recode + SMALLEST_FTE:
                w.to_recode += fte
                _leave_count(w, number)


@compiled
def _recodable_posts(w: World) -> int:
    count = 0
    for number in range(w.posts_count):
        post = post_(w, number)
        if (
            _counted(post.role)
            and is_vacant(post)
            and post.vacancy != NONE
            and vacancy_(w, post.vacancy).stage == STAGE_ADVERTISED
            and post.fte <= w.to_recode + SMALLEST_FTE
        ):
            luck = uniform(w, _RECODING, post.key, post.vacancies)
            count = list_(w, count, 0, luck, number)
    return count


@compiled
def _recodable_workers(w: World) -> int:
    count = 0
    for number in range(w.posts_count):
        post = post_(w, number)
        if (
            _counted(post.role)
            and post.holder != NONE
            and not worker_(w, post.holder).under_notice
            and post.fte <= -w.to_recode + SMALLEST_FTE
        ):
            luck = uniform(w, _RECODING, worker_(w, post.holder).key, 0)
            count = list_(w, count, 0, luck, post.holder)
    return count


@compiled
def _join_count(w: World, post: Post) -> None:
    key = join(join(post.key, post.vacancies), _RECODING)
    take(w, post.vacancy, key, _RECODED, False, w.now, NONE)


@compiled
def _leave_count(w: World, number: int) -> None:
    worker = worker_(w, number)
    post = worker.post
    worker.gone = 1
    flow(w, OTHER_NET_CHANGE, post_(w, post).account, -post_(w, post).hundredths)
    unseat(w, post, number, False)
    tell(w, T_LEAVES_THE_COUNT, post_(w, post).team, post, A_WORKER, number, D_NONE, 0)
    open_vacancy(w, post, NONE)
    post_falls_empty(w, post)
