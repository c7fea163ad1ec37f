"""A worker's life: rates reviewed monthly, luck that never changes (sim.engine.careers)."""

from __future__ import annotations

import math

from sim.config.roles import ROLES, Role
from sim.config.routes import Route
from sim.dates import DAYS_PER_YEAR
from sim.engine.careers import CONTRACT_END, FIVE_YEARS
from sim.engine.compiled.agency import post_is_empty
from sim.engine.compiled.codes import (
    A_WORKER,
    APPLICATIONS,
    D_EXIT,
    D_LINE,
    D_NONE,
    EXIT_DUE,
    LIFE_BEGINS,
    NOBODY,
    NOTICE_ENDS,
    RESIGNATIONS,
    SETTLE_BEGINS,
    SETTLE_DUE,
    STARTS,
    T_LEAVE_TO_REMAIN,
    T_LEAVES,
    T_RESIGNS,
    T_RETENTION_PAYMENT,
    VACANCY_GOES_ON,
)
from sim.engine.compiled.facts import REGISTERED_COUNT, count_line, flow, pay, recover, tell
from sim.engine.compiled.formulas import contagion_effect, manager_gap_effect, recovered_share
from sim.engine.compiled.jit import World, compiled
from sim.engine.compiled.layout import (
    NONE,
    ROLE_COUNT,
    Worker,
    career,
    career_cell,
    group_,
    life_,
    market_,
    month_,
    payment_,
    payment_cell,
    post_,
    resigned,
    role_,
    settlement,
    settlement_cell,
    team_,
    tie_,
    worker_,
    year_,
)
from sim.engine.compiled.luck import uniform
from sim.engine.compiled.queue import after, begin
from sim.engine.compiled.redeployment import fill_from_inside
from sim.engine.compiled.vacancies import open_vacancy
from sim.engine.compiled.world import cell, close_post, count_leaver, is_vacant, month_of, unseat
from sim.inputs.fates import Purpose
from sim.inputs.plan import FIVE_YEARS_BAND, NEWLY_QUALIFIED_BAND, UNDER_FIVE_YEARS_BAND

_MANAGER = ROLES.index(Role.TEAM_MANAGER)
_OVERSEAS = int(Route.OVERSEAS)
_FEE = int(Purpose.SETTLEMENT_FEE)

# -- rates ----------------------------------------------------------------------------------------


@compiled
def refresh_careers(w: World) -> None:
    """The monthly review: effects of the team on its workers' rates."""
    w.careers_in_force, w.reviewed_day = 0, w.now
    for number in range(w.careers_count):
        if career(w, number).start_day <= w.now < career(w, number).end_day:
            w.careers_in_force += 1
    for number in range(w.teams_count):
        team = team_(w, number)
        team.manager_fte = team.manager_gap_fte = 0.0
        team.heads = 0
    for number in range(w.posts_count):
        post = post_(w, number)
        team = team_(w, post.team)
        if post.role == _MANAGER and (post.holder != NONE or is_vacant(post)):
            team.manager_fte += post.fte
            team.manager_gap_fte += 0.0 if post.holder != NONE else post.fte
        if post.holder != NONE and post.role < REGISTERED_COUNT:
            team.heads += 1
    for number in range(w.teams_count):
        team = team_(w, number)
        _forget_resignations(w, number)
        vacant = team.manager_gap_fte / team.manager_fte if team.manager_fte != 0.0 else 0.0
        gap = manager_gap_effect(w.manager_gap, vacant)
        felt = contagion_effect(w.contagion, float(team.resignations), float(team.heads), w.span)
        team.effect = gap * felt / team.start_effect * team.load_effect


@compiled
def _forget_resignations(w: World, number: int) -> None:
    """Keep the days of those resignations that are still felt."""
    team, first, kept = team_(w, number), number * w.resigned_per_team, 0
    for place in range(first, first + team.resignations):
        if resigned(w, place).value > w.now - w.contagion_days:
            resigned(w, first + kept).value = resigned(w, place).value
            kept += 1
    team.resignations = kept


@compiled
def note_resignation(w: World, number: int, day: float) -> None:
    """Colleagues feel a resignation for a while."""
    team = team_(w, number)
    if team.resignations >= w.resigned_per_team:
        raise OverflowError("resigned")
    resigned(w, number * w.resigned_per_team + team.resignations).value = day
    team.resignations += 1


@compiled
def _rates(w: World, worker: Worker) -> tuple[float, float, float]:
    """Rates a day of the three exits, in force until the next review."""
    post = post_(w, worker.post)
    tenure = w.now - worker.joined_day
    if worker.newly_qualified and tenure < DAYS_PER_YEAR:
        band = NEWLY_QUALIFIED_BAND
    elif tenure < FIVE_YEARS:
        band = UNDER_FIVE_YEARS_BAND
    else:
        band = FIVE_YEARS_BAND
    rates, month = role_(w, post.role).rates, month_of(w, post.team, post.role)
    out, agency, council = rates[band, 0], rates[band, 1], rates[band, 2]
    if post.role < REGISTERED_COUNT:
        common = year_(w, month_(w, w.period).year).exits * team_(w, post.team).effect
        out = out * common * month.pay[0]
        agency = agency * common * month.pay[1]
        council = council * common * month.pay[2]
    out, agency, council = (
        out * month.effects[0], agency * month.effects[1], council * month.effects[2]
    )  # fmt: skip
    if w.careers_in_force > 0 or worker.bonds > 0:
        effect = _own_effect(w, worker, tenure)
        return out * effect, agency * effect, council * effect
    return out, agency, council


@compiled
def _own_effect(w: World, worker: Worker, tenure: float) -> float:
    """What multiplies leaving of a worker by route, time since joining and time owed."""
    product = 1.0
    cells, mine = w.teams_count * ROLE_COUNT, cell(w, post_(w, worker.post))
    reviewed = w.reviewed_day
    for number in range(w.careers_count):
        effect = career(w, number)
        if (
            effect.start_day <= reviewed < effect.end_day
            and effect.from_days <= tenure < effect.until_days
            and career_cell(w, number * cells + mine).on
            and (effect.routes == 0 or effect.routes >> worker.route & 1)
        ):
            product *= effect.multiplier
    number = worker.first_tie
    while number != NONE:
        tie = tie_(w, number)
        if tie.exits != 1.0 and w.now < tie.paid_day + tie.tie_in_days:
            product *= tie.exits
        number = tie.next_tie
    return product


# -- a life ---------------------------------------------------------------------------------------


@compiled
def life(w: World, number: int) -> None:
    """From one review to the next: resign in between, or go on."""
    worker = worker_(w, number)
    luck, wait = worker.luck, w.period_end - w.now
    rates = _rates(w, worker)
    out, agency, council = rates[0] * wait, rates[1] * wait, rates[2] * wait
    if out > luck[0] or agency > luck[1] or council > luck[2]:
        best, exit_ = math.inf, 0
        for index in range(3):
            rate = rates[0] if index == 0 else rates[1] if index == 1 else rates[2]
            if rate > 0.0 and luck[index] / rate < best:
                best, exit_ = luck[index] / rate, index
        worker.due_exit = exit_
        after(w, best, EXIT_DUE, number)
        return
    luck[0] -= out
    luck[1] -= agency
    luck[2] -= council
    if w.lives_count >= w.lives_room // 2:
        raise OverflowError("lives")
    life_(w, w.lives_page * (w.lives_room // 2) + w.lives_count).value = number
    w.lives_count += 1


@compiled
def review_lives(w: World, page: int, count: int) -> None:
    """A review: all who waited for it go on, in the order in which they began to wait."""
    for place in range(count):
        number = life_(w, page * (w.lives_room // 2) + place).value
        if not worker_(w, number).gone:
            life(w, number)


@compiled
def exit_due(w: World, number: int) -> None:
    """A threshold is reached: notice is given, unless the worker has gone."""
    worker = worker_(w, number)
    if worker.gone:
        return
    _resign(w, number, worker.due_exit)
    after(w, market_(w, post_(w, worker.post).market).notice_days, NOTICE_ENDS, number)


@compiled
def _resign(w: World, number: int, exit_: int) -> None:
    """Give notice: the vacancy opens now, so that notice overlaps hiring."""
    worker = worker_(w, number)
    post = post_(w, worker.post)
    worker.under_notice, worker.exit = 1, exit_
    flow(w, RESIGNATIONS, post.account, post.hundredths)
    if post.role < REGISTERED_COUNT:
        note_resignation(w, post.team, w.now)
    tell(w, T_RESIGNS, post.team, worker.post, A_WORKER, number, D_EXIT, exit_)
    open_vacancy(w, worker.post, number)


@compiled
def leave(w: World, number: int) -> None:
    """The last day."""
    worker = worker_(w, number)
    if worker.gone:
        return
    post = worker.post
    worker.gone = 1
    count_leaver(w, number)
    _repay(w, worker)
    unseat(w, post, number, False)
    if worker.waited_for_by != NONE:
        after(w, 0.0, VACANCY_GOES_ON, worker.waited_for_by)
    tell(w, T_LEAVES, post_(w, post).team, post, A_WORKER, number, D_EXIT, worker.exit)
    post_falls_empty(w, post)


@compiled
def end_contract(w: World, number: int) -> None:
    """The last day of a holder whose fixed-term or supernumerary post has ended."""
    if not worker_(w, number).under_notice:
        worker_(w, number).exit = CONTRACT_END
    leave(w, number)


@compiled
def post_falls_empty(w: World, number: int) -> None:
    """Close an empty post without a vacancy; fill one from inside, or ask for cover for it."""
    vacancy = post_(w, number).vacancy
    if vacancy == NONE:
        close_post(w, number)
    elif not fill_from_inside(w, vacancy):
        post_is_empty(w, vacancy)


# -- payments and ties ----------------------------------------------------------------------------


@compiled
def pay_retention(w: World, number: int) -> None:
    """Pay all holders in scope who are not under notice."""
    payment, cells = payment_(w, number), w.teams_count * ROLE_COUNT
    for place in range(w.posts_count):
        post = post_(w, place)
        if post.holder == NONE or worker_(w, post.holder).under_notice:
            continue
        if not payment_cell(w, number * cells + cell(w, post)).on:
            continue
        gbp = payment.gbp_per_fte * post.fte
        pay(w, payment.line, gbp)
        if payment.tie_in_days > 0:
            _tie(w, post.holder, payment.line, gbp, payment.tie_in_days,
                 payment.recovery_share, 1.0)  # fmt: skip
    tell(w, T_RETENTION_PAYMENT, NONE, NONE, NOBODY, 0, D_LINE, payment.line)


@compiled
def _tie(
    w: World, number: int, line: int, gbp: float, days: float, recovery_share: float, exits: float
) -> None:
    """Somebody is to serve a time for money that was paid."""
    place = w.ties_count
    if place >= w.ties_room:
        raise OverflowError("ties")
    w.ties_count += 1
    tie, worker = tie_(w, place), worker_(w, number)
    tie.line, tie.gbp, tie.paid_day, tie.tie_in_days = line, gbp, w.now, days
    tie.recovery_share, tie.exits, tie.next_tie = recovery_share, exits, NONE
    if worker.first_tie == NONE:
        worker.first_tie = place
    else:
        tie_(w, worker.last_tie).next_tie = place
    worker.last_tie = place
    if exits != 1.0:
        worker.bonds += 1


@compiled
def joins(w: World, number: int, group_number: int) -> None:
    """The first day of somebody whom a pipeline brings: the line is charged, a tie begins."""
    group = group_(w, group_number)
    if group.line == NONE:
        return
    count_line(w, STARTS, group.line, 1.0)
    if group.route == _OVERSEAS:
        worker_(w, number).settles_day = w.now + w.settlement_days
        await_settlement(w, number)
    if group.tie_in_days > 0.0:
        _tie(w, number, group.line, group.repayable_gbp, group.tie_in_days,
             group.recovery_share, group.tie_in_exits)  # fmt: skip


@compiled
def await_settlement(w: World, number: int) -> None:
    """See to the fee of somebody hired abroad, where a line pays it."""
    if w.settlements_count > 0 and worker_(w, number).settles_day < w.horizon:
        begin(w, SETTLE_BEGINS, number)


@compiled
def settle(w: World, number: int, event: int) -> None:
    """On the day of settlement the council may pay the fee, and is owed time for it."""
    worker = worker_(w, number)
    if event == SETTLE_BEGINS:
        after(w, max(0.0, worker.settles_day - w.now), SETTLE_DUE, number)
        return
    if worker.gone or worker.under_notice:
        return
    for place in range(w.settlements_count):
        plan = settlement(w, place)
        if _pays_fee(w, place, worker):
            count_line(w, APPLICATIONS, plan.line, 1.0)
            team = post_(w, worker.post).team
            tell(w, T_LEAVE_TO_REMAIN, team, worker.post, A_WORKER, number, D_NONE, 0)
            if plan.tie_in_days > 0.0:
                _tie(w, number, plan.line, 0.0, plan.tie_in_days, 0.0, plan.exits)


@compiled
def _pays_fee(w: World, number: int, worker: Worker) -> bool:
    plan, cells = settlement(w, number), w.teams_count * ROLE_COUNT
    luck = uniform(w, _FEE, worker.key, 0)
    return bool(
        plan.start_day <= w.now < plan.end_day
        and settlement_cell(w, number * cells + cell(w, post_(w, worker.post))).on
        and luck < plan.take_up
    )


@compiled
def _repay(w: World, worker: Worker) -> None:
    if worker.exit == CONTRACT_END:
        return
    number = worker.first_tie
    while number != NONE:
        tie = tie_(w, number)
        share = recovered_share(w.now - tie.paid_day, tie.tie_in_days, tie.recovery_share)
        recover(w, tie.line, tie.gbp * share)
        number = tie.next_tie


@compiled
def begin_life(w: World, number: int) -> None:
    """A worker is here: reviews, notice and leaving follow."""
    begin(w, LIFE_BEGINS, number)
