"""Who stays and who leaves: rates reviewed monthly, thresholds that never change, resignation."""

from __future__ import annotations

import math

from sim.dates import DAYS_PER_YEAR
from sim.engine.actions.agency import seek_cover
from sim.engine.actions.market import open_vacancy
from sim.engine.actions.posts import close_post, count_leaver, is_baseline, is_vacant, vacate
from sim.engine.actions.recording import count_line, flow, pay, record_event, recover
from sim.engine.actions.redeployment import fill_from_inside
from sim.engine.codes import (
    APPLICATIONS,
    CONTRACT_END,
    OVERSEAS,
    REDUNDANCIES,
    RESIGNATIONS,
    STARTS,
    TEAM_MANAGER,
)
from sim.engine.events import Event, Person, Story
from sim.engine.formulas import contagion_effect, manager_gap_effect, recovered_share
from sim.engine.layout import (
    REGISTERED_COUNT,
    ROLE_COUNT,
    Cell,
    Group,
    Payment,
    Post,
    Settlement,
    Team,
    Worker,
    World,
)
from sim.engine.simpy.kernel import add, begin, fire, uniform
from sim.inputs.fates import Purpose
from sim.inputs.plan import FIVE_YEARS_BAND, NEWLY_QUALIFIED_BAND, UNDER_FIVE_YEARS_BAND

FIVE_YEARS = 5 * DAYS_PER_YEAR

# -- rates ----------------------------------------------------------------------------------------


def review_careers(w: World) -> None:
    """The monthly review: effects of the team on its workers' rates."""
    w.careers_in_force = 0
    for career in w.careers:
        if career.start_day <= w.now < career.end_day:
            w.careers_in_force += 1
    for team in w.teams:
        team.manager_fte = team.manager_gap_fte = 0.0
        team.heads = 0
    for post in w.posts:
        held = post.holder is not None
        if post.role.number == TEAM_MANAGER and (held or is_vacant(post)):
            post.team.manager_fte += post.fte
            post.team.manager_gap_fte += 0.0 if held else post.fte
        if held and post.role.number < REGISTERED_COUNT:
            post.team.heads += 1
    for team in w.teams:
        forget_resignations(w, team)
        vacant = team.manager_gap_fte / team.manager_fte if team.manager_fte != 0.0 else 0.0
        gap = manager_gap_effect(w.manager_gap, vacant)
        felt = contagion_effect(w.contagion, float(team.resignations), float(team.heads), w.span)
        team.effect = gap * felt / team.start_effect * team.load_effect
    for cell in w.cells:
        cell.known[0] = cell.known[1] = cell.known[2] = 0.0
    w.reviewed_day = w.now


def note_resignation(w: World, team: Team, day: float) -> None:
    """Colleagues feel a resignation for a while."""
    felt = add(w, w.resignations)
    felt.day, felt.next = day, team.first_resignation
    team.first_resignation = felt
    team.resignations += 1


def forget_resignations(w: World, team: Team) -> None:
    """Keep those resignations that are still felt."""
    felt = team.first_resignation
    team.first_resignation, team.resignations = None, 0
    while felt is not None:
        following = felt.next
        if felt.day > w.now - w.contagion_days:
            felt.next = team.first_resignation
            team.first_resignation = felt
            team.resignations += 1
        felt = following


def first_exit(w: World, worker: Worker) -> tuple[float, int]:
    """Days until the worker resigns and by which exit, if within the month; else infinity."""
    thresholds, days = worker.thresholds, w.period_end - w.now
    tenure = w.now - worker.joined_day
    band = band_of(worker, tenure)
    cell = worker.post.cell
    if cell.known[band] == 0.0:
        set_rates(worker.post, cell, band, w.month.rates.exits)
    first = 3 * band
    a, b, c = cell.rates[first], cell.rates[first + 1], cell.rates[first + 2]
    if w.careers_in_force > 0 or worker.bonds > 0:
        effect = own_effect(w, worker, tenure)
        a, b, c = a * effect, b * effect, c * effect
    # No loop over exits here: every worker passes this in every month.
    out, agency, council = a * days, b * days, c * days
    best, exit_ = math.inf, 0
    if out > thresholds[0] or agency > thresholds[1] or council > thresholds[2]:
        if a > 0.0 and thresholds[0] / a < best:
            best, exit_ = thresholds[0] / a, 0
        if b > 0.0 and thresholds[1] / b < best:
            best, exit_ = thresholds[1] / b, 1
        if c > 0.0 and thresholds[2] / c < best:
            best, exit_ = thresholds[2] / c, 2
        return best, exit_
    thresholds[0] -= out
    thresholds[1] -= agency
    thresholds[2] -= council
    return best, exit_


def band_of(worker: Worker, tenure: float) -> int:
    """Band of tenure, which the rates of leaving depend on."""
    if worker.newly_qualified and tenure < DAYS_PER_YEAR:
        return NEWLY_QUALIFIED_BAND
    if tenure < FIVE_YEARS:
        return UNDER_FIVE_YEARS_BAND
    return FIVE_YEARS_BAND


def set_rates(post: Post, cell: Cell, band: int, year: float) -> None:
    """Work out the rates of a team's posts of a role in a band of tenure, once a month."""
    base, first = post.role.rates, 3 * band
    common = year * post.team.effect
    for exit_ in range(3):
        rate = base[first + exit_]
        if post.role.number < REGISTERED_COUNT:
            rate = rate * common * cell.month.pay[exit_]
        cell.rates[first + exit_] = rate * cell.month.effects[exit_]
    cell.known[band] = 1.0


def own_effect(w: World, worker: Worker, tenure: float) -> float:
    """What multiplies leaving of a worker by route, time since joining and time owed."""
    product = 1.0
    cells, mine = len(w.teams) * ROLE_COUNT, worker.post.cell.number
    for career in w.careers:
        if (
            career.start_day <= w.reviewed_day < career.end_day
            and career.from_days <= tenure < career.until_days
            and w.career_cells[career.number * cells + mine].on
            and (career.routes == 0 or career.routes >> worker.route & 1)
        ):
            product *= career.multiplier
    tie = worker.first_tie
    while tie is not None:
        if tie.exits != 1.0 and w.now < tie.paid_day + tie.tie_in_days:
            product *= tie.exits
        tie = tie.next
    return product


# -- leaving --------------------------------------------------------------------------------------


def resign(w: World, worker: Worker, exit_: int) -> None:
    """Give notice: the vacancy opens now, so that notice overlaps hiring."""
    post = worker.post
    worker.under_notice, worker.exit = True, exit_
    flow(RESIGNATIONS, post.account, post.hundredths)
    if post.role.number < REGISTERED_COUNT:
        note_resignation(w, post.team, w.now)
    record_event(w, Event.RESIGNS, post, Person.WORKER, worker.person, exit_)
    open_vacancy(w, post, worker)


def leave_council(w: World, worker: Worker) -> None:
    """The last day."""
    if worker.gone:
        return
    post = worker.post
    worker.gone = True
    count_leaver(worker)
    repay(w, worker)
    vacate(w, post, worker, False)
    fire(w, worker.left)
    record_event(w, Event.LEAVES, post, Person.WORKER, worker.person, worker.exit)
    post_falls_empty(w, post)


def end_contract(w: World, worker: Worker) -> None:
    """The last day of a holder whose fixed-term or supernumerary post has ended."""
    if not worker.under_notice:
        worker.exit = CONTRACT_END
        count_redundancy(w, worker.post)
    leave_council(w, worker)


def count_redundancy(w: World, post: Post) -> None:
    """A line that has ended one of the council's own posts is charged for the holder's leaving."""
    if not is_baseline(post):
        return
    for cut in w.cuts:
        if cut.with_notice and cut.cell is post.cell:
            count_line(w, REDUNDANCIES, cut.line, 1.0)
            return


def post_falls_empty(w: World, post: Post) -> None:
    """Close an empty post without a vacancy; fill one from inside, or ask for cover for it."""
    if post.vacancy is None:
        close_post(w, post)
    elif not fill_from_inside(w, post.vacancy):
        seek_cover(w, post.vacancy)


# -- payments and ties ----------------------------------------------------------------------------


def pay_retention(w: World, payment: Payment) -> None:
    """Pay all holders in scope who are not under notice."""
    first = payment.number * len(w.teams) * ROLE_COUNT
    for post in w.posts:
        if post.holder is None or post.holder.under_notice:
            continue
        if not w.payment_cells[first + post.cell.number].on:
            continue
        gbp = payment.gbp_per_fte * post.fte
        pay(w, payment.line, gbp)
        if payment.tie_in_days > 0.0:
            tie_in(
                w, post.holder, payment.line, gbp, payment.tie_in_days, payment.recovery_share, 1.0
            )
    record_event(w, Event.RETENTION_PAYMENT, None, Person.NOBODY, 0, payment.line)


def tie_in(
    w: World, worker: Worker, line: int, gbp: float, days: float, recovery_share: float,
    exits: float,
) -> None:  # fmt: skip
    """Somebody is to serve a time for money that was paid."""
    tie = add(w, w.ties)
    tie.line, tie.gbp, tie.paid_day, tie.tie_in_days = line, gbp, w.now, days
    tie.recovery_share, tie.exits, tie.next = recovery_share, exits, None
    if worker.first_tie is None:
        worker.first_tie = tie
    else:
        worker.last_tie.next = tie
    worker.last_tie = tie
    if exits != 1.0:
        worker.bonds += 1


def repay(w: World, worker: Worker) -> None:
    """What a leaver pays back; nothing at the end of a contract."""
    if worker.exit == CONTRACT_END:
        return
    tie = worker.first_tie
    while tie is not None:
        share = recovered_share(w.now - tie.paid_day, tie.tie_in_days, tie.recovery_share)
        recover(w, tie.line, tie.gbp * share)
        tie = tie.next


# -- people who came by a pipeline ----------------------------------------------------------------


def joins_by(w: World, worker: Worker, group: Group) -> None:
    """The first day of somebody whom a pipeline brings: the line is charged, a tie begins."""
    if group.line < 0:
        return
    count_line(w, STARTS, group.line, 1.0)
    if group.route == OVERSEAS:
        worker.settles_day = w.now + w.settlement_days
        await_settlement(w, worker)
    if group.tie_in_days > 0.0:
        tie_in(
            w, worker, group.line, group.repayable_gbp, group.tie_in_days, group.recovery_share,
            group.tie_in_exits,
        )  # fmt: skip


def await_settlement(w: World, worker: Worker) -> None:
    """See to the fee of somebody hired abroad, where a line pays it."""
    if len(w.settlements) > 0 and worker.settles_day < w.horizon:
        begin(w, Story.SETTLEMENT, worker)


def pay_settlement_fees(w: World, worker: Worker) -> None:
    """The council may pay the fee of somebody who may settle now, and is owed time for it."""
    for plan in w.settlements:
        if pays_fee(w, plan, worker):
            count_line(w, APPLICATIONS, plan.line, 1.0)
            record_event(w, Event.LEAVE_TO_REMAIN, worker.post, Person.WORKER, worker.person, 0)
            if plan.tie_in_days > 0.0:
                tie_in(w, worker, plan.line, 0.0, plan.tie_in_days, 0.0, plan.exits)


def pays_fee(w: World, plan: Settlement, worker: Worker) -> bool:
    """Whether a line pays somebody's fee."""
    cells = len(w.teams) * ROLE_COUNT
    luck = uniform(w, Purpose.SETTLEMENT_FEE, worker.key, 0)
    return (
        plan.start_day <= w.now < plan.end_day
        and w.settlement_cells[plan.number * cells + worker.post.cell.number].on
        and luck < plan.take_up
    )
