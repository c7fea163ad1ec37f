"""A worker's life: rates reviewed monthly, luck that never changes, resignation, leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.config.roles import REGISTERED_ROLES, Role
from sim.dates import DAYS_PER_YEAR
from sim.engine.entities import Post, Process, Route, Tie, Worker
from sim.engine.rules import contagion_effect, manager_gap_effect, recovered_share
from sim.engine.world import World
from sim.inputs.fates import Purpose
from sim.inputs.pipelines_plan import ArrivalGroup, CareerPlan, SettlementPlan
from sim.inputs.plan import (
    EXITS,
    FIVE_YEARS_BAND,
    NEWLY_QUALIFIED_BAND,
    UNDER_FIVE_YEARS_BAND,
    Payment,
)

if TYPE_CHECKING:
    from sim.engine.agency import AgencyDesk
    from sim.engine.hiring import Hiring
    from sim.engine.load import Load

FIVE_YEARS = 5 * DAYS_PER_YEAR
CONTRACT_END = EXITS.index("contract_end")
Rates = tuple[float, float, float]
_NO_EFFECT: Rates = (1.0, 1.0, 1.0)


class Careers:
    """Who stays and who leaves."""

    def __init__(self, world: World, load: Load) -> None:
        self._world = world
        self._load = load
        self._hiring: Hiring
        self._agency: AgencyDesk
        self._rates: dict[tuple[int, Role, int], Rates] = {}
        self._effects: list[CareerPlan] = []
        self._team_effects: list[float] = [1.0] * len(world.plan.team_keys)
        self.resignation_days: list[list[float]] = [[] for _ in world.plan.team_keys]

    def connect(self, hiring: Hiring, agency: AgencyDesk) -> None:
        """Tell it who deals with the posts that people leave."""
        self._hiring, self._agency = hiring, agency

    # -- rates ---------------------------------------------------------------------------------

    def refresh(self) -> None:
        """The monthly review: effects of the team on its workers' rates."""
        self._rates.clear()
        plan, now = self._world.plan, self._world.now
        self._effects = [e for e in plan.careers if e.start_day <= now < e.end_day]
        managers = [[0.0, 0.0] for _ in plan.team_keys]
        heads = [0] * len(plan.team_keys)
        for post in self._world.posts:
            if post.role is Role.TEAM_MANAGER and (post.holder is not None or post.is_vacant):
                managers[post.team][0] += post.fte
                managers[post.team][1] += 0.0 if post.holder is not None else post.fte
            if post.holder is not None and post.role in REGISTERED_ROLES:
                heads[post.team] += 1
        for team, (posts, vacant) in enumerate(managers):
            days = self.resignation_days[team]
            days[:] = [day for day in days if day > now - plan.exits.contagion_days]
            gap = manager_gap_effect(plan.exits.manager_gap, vacant / posts if posts else 0.0)
            felt = contagion_effect(plan.exits.contagion, len(days), heads[team], plan.exits.span)
            effect = gap * felt / plan.exits.start_effects[team]
            self._team_effects[team] = effect * self._load.effect_on_exits(team)

    def rates(self, worker: Worker) -> Rates:
        """Rates a day of the three exits, in force until the next review."""
        post = worker.post
        tenure = self._world.now - worker.joined_day
        if worker.newly_qualified and tenure < DAYS_PER_YEAR:
            band = NEWLY_QUALIFIED_BAND
        else:
            band = UNDER_FIVE_YEARS_BAND if tenure < FIVE_YEARS else FIVE_YEARS_BAND
        cell = (post.team, post.role, band)
        found = self._rates.get(cell)
        if found is None:
            found = self._rates[cell] = self._cell_rates(cell)
        if self._effects or worker.bonds:
            effect = self._own_effect(worker, tenure)
            return found[0] * effect, found[1] * effect, found[2] * effect
        return found

    def _own_effect(self, worker: Worker, tenure: float) -> float:
        """What multiplies leaving of a worker by route, time since joining and time owed."""
        product = 1.0
        cell = (worker.post.team, worker.post.role)
        for effect in self._effects:
            if (
                effect.from_days <= tenure < effect.until_days
                and cell in effect.cells
                and (not effect.routes or worker.route in effect.routes)
            ):
                product *= effect.multiplier
        for bond in worker.bonds:
            if self._world.now < bond.paid_day + bond.tie_in_days:
                product *= bond.exits
        return product

    def _cell_rates(self, cell: tuple[int, Role, int]) -> Rates:
        team, role, band = cell
        plan, world = self._world.plan, self._world
        out, agency, council = plan.exits.rates[role][band]
        if role in REGISTERED_ROLES:
            common = plan.exits.year_multipliers[world.year] * self._team_effects[team]
            pay = plan.pay_exits[world.period].get((team, role), _NO_EFFECT)
            out, agency, council = (
                out * common * pay[0], agency * common * pay[1], council * common * pay[2]
            )  # fmt: skip
        if not plan.exit_effects:
            return out, agency, council
        more = plan.exit_effects[world.period].get((team, role), _NO_EFFECT)
        return out * more[0], agency * more[1], council * more[2]

    # -- a life --------------------------------------------------------------------------------

    def life(self, worker: Worker) -> Process:
        """From the first day to the last: reviews, then notice, then leaving."""
        world, env, luck = self._world, self._world.env, worker.luck
        while True:
            rates = self.rates(worker)
            wait = world.next_boundary - env.now
            # No loop over exits here: every worker passes this in every month.
            out, agency, council = rates[0] * wait, rates[1] * wait, rates[2] * wait
            if out > luck[0] or agency > luck[1] or council > luck[2]:
                due, exit_ = _first_exit(luck, rates)
                yield env.timeout(due)
                break
            luck[0] -= out
            luck[1] -= agency
            luck[2] -= council
            yield world.review
            if worker.gone:
                return
        if worker.gone:
            return
        self.resign(worker, exit_)
        yield env.timeout(world.plan.markets[worker.post.plan.market].notice_days)
        self.leave(worker)

    def remaining_notice(self, worker: Worker, days: float) -> Process:
        """A worker who was already under notice on day 0."""
        yield self._world.env.timeout(days)
        self.leave(worker)

    def resign(self, worker: Worker, exit_: int) -> None:
        """Give notice: the vacancy opens now, so that notice overlaps hiring."""
        world, post = self._world, worker.post
        worker.under_notice = True
        worker.exit = exit_
        world.recorder.flow("resignations", post.plan.account, post.hundredths)
        if post.role in REGISTERED_ROLES:
            self.resignation_days[post.team].append(world.now)
        world.tell("resigns", post, worker.name, f"exit: {EXITS[exit_]}")
        self._hiring.open_vacancy(post, worker)

    def leave(self, worker: Worker) -> None:
        """The last day."""
        if worker.gone:
            return
        world, post = self._world, worker.post
        worker.gone = True
        world.count_leaver(worker)
        self._repay(worker)
        world.unseat(post, worker)
        worker.left.succeed()
        world.tell("leaves", post, worker.name, f"exit: {EXITS[worker.exit]}")
        self.post_falls_empty(post)

    def end_contract(self, worker: Worker) -> None:
        """The last day of a holder whose fixed-term or supernumerary post has ended."""
        if not worker.under_notice:
            worker.exit = CONTRACT_END
        self.leave(worker)

    def post_falls_empty(self, post: Post) -> None:
        """Close an empty post without a vacancy; fill one from inside, or ask for cover for it."""
        if post.vacancy is None:
            self._world.close_post(post)
        elif not self._hiring.redeployment.fill(post.vacancy):
            self._agency.post_is_empty(post.vacancy)

    # -- retention payments --------------------------------------------------------------------

    def pay_retention(self, payment: Payment) -> None:
        """Pay all holders in scope who are not under notice."""
        for post in self._world.posts:
            holder = post.holder
            if holder is None or holder.under_notice or (post.team, post.role) not in payment.cells:
                continue
            gbp = payment.gbp_per_fte * post.fte
            self._world.recorder.pay(payment.line, gbp)
            if payment.tie_in_days > 0:
                tie = Tie(
                    payment.line, gbp, self._world.now, payment.tie_in_days, payment.recovery_share
                )
                holder.ties.append(tie)
        self._world.tell("retention payment", detail=f"line {payment.line}")

    # -- people who came by a pipeline ---------------------------------------------------------

    def joins(self, worker: Worker, group: ArrivalGroup) -> None:
        """The first day of somebody whom a pipeline brings: the line is charged, a tie begins."""
        world = self._world
        if group.line is None:
            return
        world.recorder.count_line("starts", group.line)
        if group.route is Route.OVERSEAS:
            worker.settles_day = world.now + world.plan.pipelines.settlement_days
            self.await_settlement(worker)
        if group.tie_in_days > 0.0:
            self._bind(
                worker,
                Tie(
                    group.line, group.repayable_gbp, world.now, group.tie_in_days,
                    group.recovery_share, group.tie_in_exits,
                ),
            )  # fmt: skip

    def _bind(self, worker: Worker, tie: Tie) -> None:
        worker.ties.append(tie)
        if tie.exits != 1.0:
            worker.bonds.append(tie)

    def await_settlement(self, worker: Worker) -> None:
        """See to the fee of somebody hired abroad, where a line pays it."""
        world = self._world
        if world.plan.pipelines.settlements and worker.settles_day < world.plan.horizon:
            world.env.process(self._settle(worker))

    def _settle(self, worker: Worker) -> Process:
        """On the day of settlement the council may pay the fee, and is owed time for it."""
        world = self._world
        yield world.env.timeout(max(0.0, worker.settles_day - world.now))
        if worker.gone or worker.under_notice:
            return
        for plan in world.plan.pipelines.settlements:
            if self._pays_fee(plan, worker):
                world.recorder.count_line("applications", plan.line)
                world.tell("leave to remain", worker.post, worker.name)
                if plan.tie_in_days > 0.0:
                    tie = Tie(plan.line, 0.0, world.now, plan.tie_in_days, 0.0, plan.exits)
                    self._bind(worker, tie)

    def _pays_fee(self, plan: SettlementPlan, worker: Worker) -> bool:
        now, post = self._world.now, worker.post
        luck = self._world.fates.uniform(Purpose.SETTLEMENT_FEE, worker.key)
        return (
            plan.start_day <= now < plan.end_day
            and (post.team, post.role) in plan.cells
            and luck < plan.take_up
        )

    def _repay(self, worker: Worker) -> None:
        if worker.exit == CONTRACT_END:
            return
        for tie in worker.ties:
            share = recovered_share(
                self._world.now - tie.paid_day, tie.tie_in_days, tie.recovery_share
            )
            self._world.recorder.recover(tie.line, tie.gbp * share)


def _first_exit(luck: list[float], rates: Rates) -> tuple[float, int]:
    """Days until the first threshold is reached at these rates, and which exit it is."""
    best, exit_ = float("inf"), 0
    for index, rate in enumerate(rates):
        if rate > 0.0:
            due = luck[index] / rate
            if due < best:
                best, exit_ = due, index
    return best, exit_
