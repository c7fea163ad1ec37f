"""Pipelines in a plan: who is to arrive, from abroad, from training or by an extra place."""

from __future__ import annotations

from collections.abc import Iterator

from sim.config.routes import NEWLY_QUALIFIED_ROUTES, Route
from sim.dates import DAYS_PER_MONTH, DAYS_PER_WEEK, DAYS_PER_YEAR, day_of, months_later
from sim.inputs.context import Context, cells, first_day_without
from sim.inputs.fates import join, key_of
from sim.inputs.pipelines_plan import (
    ArrivalGroup,
    InductionPlan,
    OverseasStaff,
    PipelinePlan,
    RampPlan,
    SettlementPlan,
)
from sim.inputs.plan import SUPERNUMERARY_LINE, Cohort
from sim.scenario.effects import Campaign, Effects, ExtraPlaces, TrainingIntake
from sim.scenario.measure import Measure


def pipelines(ctx: Context, cohorts: tuple[Cohort, ...]) -> PipelinePlan:
    """All pipelines of a plan."""
    v = ctx.values
    return PipelinePlan(
        arrivals=tuple(arrivals(ctx, cohorts)),
        ramps=tuple(ramps(ctx)),
        settlements=tuple(settlements(ctx)),
        inductions=tuple(inductions(ctx)),
        overseas_staff=overseas_staff(ctx),
        settlement_days=v["overseas.settlement_years"] * DAYS_PER_YEAR,
        overseas_start=v["overseas.ramp_start"],
        overseas_ramp_days=v["overseas.ramp_weeks"] * DAYS_PER_WEEK,
    )


def _by_line(ctx: Context) -> Iterator[tuple[int, Measure, Effects]]:
    """Each measure with its budget line and its mechanisms."""
    for index, (measure, effects) in enumerate(ctx.effects):
        yield SUPERNUMERARY_LINE + 1 + index, measure, effects


def arrivals(ctx: Context, cohorts: tuple[Cohort, ...]) -> Iterator[ArrivalGroup]:
    """Every group whose offers are made, or whose training begins, before the horizon."""
    for line, measure, effects in _by_line(ctx):
        groups = [overseas(ctx, line, measure.key, item) for item in effects.campaigns]
        groups += [trained(ctx, line, measure.key, item) for item in effects.intakes]
        for places in effects.extra_places:
            groups += extra_places(ctx, measure.key, places, cohorts)
        yield from (group for group in groups if group.begin_day < ctx.calendar.boundaries[-1])


def overseas(ctx: Context, line: int, key: str, campaign: Campaign) -> ArrivalGroup:
    """A campaign: offers on a day, and after the lead time all who come start."""
    offered = float(day_of(ctx.calendar.start, campaign.start))
    people = round(campaign.people)
    return ArrivalGroup(
        key=key_of(f"campaign {key} {campaign.number}"),
        route=Route.OVERSEAS,
        line=line,
        people=people,
        found=round(min(campaign.found, people)),
        begin_day=offered,
        offer_day=offered,
        start_day=offered + ctx.values["overseas.lead_weeks"] * DAYS_PER_WEEK,
        share_who_come=ctx.values["overseas.share_who_start"],
    )


def trained(ctx: Context, line: int, key: str, intake: TrainingIntake) -> ArrivalGroup:
    """An intake: offered a post before they qualify, as newly qualified workers are."""
    v, first = ctx.values, ctx.calendar.start
    begins = float(day_of(first, intake.start))
    qualifies = float(day_of(first, months_later(intake.start, intake.months)))
    lead = v["hiring.newly_qualified_offer_lead"] * DAYS_PER_WEEK
    return ArrivalGroup(
        key=key_of(f"intake {key} {intake.number}"),
        route=intake.route,
        line=line,
        people=round(intake.people),
        found=round(intake.people),
        begin_day=begins,
        offer_day=max(begins, qualifies - lead),
        start_day=qualifies,
        share_who_come=v["training.completion"],
        trains=True,
        tie_in_days=intake.tie_in_months * DAYS_PER_MONTH,
        repayable_gbp=intake.repayable_gbp,
        recovery_share=v["exits.retention_recovery_share"],
        tie_in_exits=v["training.tie_in_exits"],
    )


def extra_places(
    ctx: Context, key: str, places: ExtraPlaces, cohorts: tuple[Cohort, ...]
) -> list[ArrivalGroup]:
    """A group beside each cohort that starts while the line is in force, and after day 0."""
    first = float(day_of(ctx.calendar.start, places.start))
    after = first_day_without(ctx, places.until)
    return [
        ArrivalGroup(
            key=join(cohort.key, key_of(f"extra places {key}")),
            route=Route.NEWLY_QUALIFIED,
            line=None,
            people=round(places.people),
            found=round(places.people),
            begin_day=max(first, cohort.offer_day),
            offer_day=max(first, cohort.offer_day),
            start_day=cohort.start_day,
            share_who_come=1.0 - ctx.values["hiring.drop_out"],
        )
        for cohort in cohorts
        if max(first, 1.0) <= cohort.start_day < after
    ]


def ramps(ctx: Context) -> Iterator[RampPlan]:
    """Shorter first years; those of full length are left out."""
    for _, _, effects in _by_line(ctx):
        for ramp in effects.ramps:
            share = 1.0 + ramp.strength * (ctx.values["early_career.academy_ramp"] - 1.0)
            if share != 1.0:
                yield RampPlan(
                    teams=frozenset(ctx.team_index[team] for team in ramp.teams),
                    start_day=float(day_of(ctx.calendar.start, ramp.start)),
                    end_day=first_day_without(ctx, ramp.until),
                    days=share * DAYS_PER_YEAR,
                )


def inductions(ctx: Context) -> Iterator[InductionPlan]:
    """Lines that take on newly qualified starters."""
    for line, _, effects in _by_line(ctx):
        for item in effects.inductions:
            yield InductionPlan(
                line=line,
                cells=frozenset(cells(ctx, item.teams, item.roles)),
                routes=frozenset(NEWLY_QUALIFIED_ROUTES),
                start_day=float(day_of(ctx.calendar.start, item.start)),
                end_day=first_day_without(ctx, item.until),
                share=item.share,
            )


def settlements(ctx: Context) -> Iterator[SettlementPlan]:
    """Lines that pay for leave to remain."""
    for line, _, effects in _by_line(ctx):
        for item in effects.settlements:
            yield SettlementPlan(
                line=line,
                cells=frozenset(cells(ctx, item.teams, item.roles)),
                start_day=float(day_of(ctx.calendar.start, item.start)),
                end_day=first_day_without(ctx, item.until),
                take_up=item.take_up,
                tie_in_days=item.tie_in_months * DAYS_PER_MONTH,
                exits=ctx.values["overseas.fee_tie_in_exits"],
            )


def overseas_staff(ctx: Context) -> OverseasStaff | None:
    """Those hired abroad who are in post on day 0, where the council's file has them."""
    given = ctx.council.staffing.overseas_in_post
    if given is None:
        return None
    return OverseasStaff(
        people=round(ctx.values["council.staffing.overseas_in_post.people"]),
        first_joined_day=float(day_of(ctx.calendar.start, given.first_joined)),
        last_joined_day=float(day_of(ctx.calendar.start, given.last_joined)) + 1.0,
    )
