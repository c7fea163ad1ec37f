"""The shared evidence: how people and the labour market respond (configs/behaviour.toml)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import Field, model_validator

from sim.config.casework import CaseworkEvidence
from sim.config.market import DatedRules, MarketMeasures
from sim.config.pipelines import EarlyCareer, Overseas, Training
from sim.config.quantity import Finite, Frozen, Quantity
from sim.config.reaction import Reaction


class LabourMarket(Frozen):
    """How candidates answer to vacancies, pay and place."""

    vacancy_elasticity: Quantity
    hard_to_recruit_weight: Quantity
    candidate_cap_per_post: Quantity
    pass_through: Quantity
    support_fill_time: Quantity


class Hiring(Frozen):
    """Steps from approval to the first day."""

    approval: Quantity
    selection: Quantity
    checks: Quantity
    notice_social_worker: Quantity
    notice_team_manager: Quantity
    notice_support: Quantity
    offer_acceptance: Quantity
    drop_out: Quantity
    newly_qualified_offer_lead: Quantity


class InternalMoves(Frozen):
    """Posts offered inside first."""

    chance_social_worker: Quantity
    chance_senior: Quantity
    appointment_days: Quantity
    minimum_tenure: Quantity


class Exits(Frozen):
    """Who leaves, where to, and what moves the rates."""

    under_five_years_ratio: Quantity
    under_five_years_share: Quantity
    newly_qualified_first_year_rate: Quantity
    to_agency_share: Quantity
    to_council_share: Quantity
    team_manager_multiplier: Quantity
    support_leaving_rate: Quantity
    pay_elasticity_out: Quantity
    pay_elasticity_moves: Quantity
    pay_effect_persistence: Quantity
    retention_rebound: Quantity
    retention_rebound_months: Quantity
    retention_recovery_share: Quantity
    manager_gap_multiplier: Quantity
    contagion_multiplier: Quantity
    contagion_window: Quantity
    span_of_control: Quantity
    load_multiplier_per_case: Quantity


class Agency(Frozen):
    """How agency cover is asked for, comes, stays, converts and goes."""

    request_delay: Quantity
    assignment: Quantity
    conversion_rate: Quantity
    notice: Quantity
    release: Quantity


class Finance(Frozen):
    """Budgets and prices.

    Attributes:
        agency_price: of a full-time year of an agency worker, for a council that states none.
        agency_drift: by which agency prices are multiplied each year beside pay awards.
    """

    oncost_multiplier: Quantity
    pay_award: Quantity
    inflation: Quantity
    vacancy_factor: Quantity
    discount_rate: Quantity
    agency_price: Quantity
    agency_drift: Quantity


class BetweenYears(Frozen):
    """Size of the variation from one year to the next that rates alone don't explain."""

    exits: Quantity
    hires: Quantity
    agency_cover: Quantity
    establishment_change: Quantity
    national: Quantity


class Growth(Frozen):
    """How posts grow, how vacancies pull on posts and staff, and how new posts are filled."""

    posts: Quantity
    new_posts_filled: Quantity
    filled_by_starters: Quantity
    pull_on_staff: Quantity
    pull_on_posts: Quantity
    usual_vacancy_rate: Quantity


class Correlation(Frozen):
    """Two quantities drawn together: the second leans on the first."""

    first: str
    second: str
    value: Annotated[Finite, Field(ge=-1, le=1)]


class Behaviour(Frozen):
    """All shared evidence."""

    labour_market: LabourMarket
    hiring: Hiring
    internal_moves: InternalMoves
    exits: Exits
    agency: Agency
    finance: Finance
    between_years: BetweenYears
    reaction: Reaction
    growth: Growth
    casework: CaseworkEvidence
    market_measures: MarketMeasures
    dated_rules: DatedRules
    overseas: Overseas
    training: Training
    early_career: EarlyCareer
    correlations: tuple[Correlation, ...] = ()

    @model_validator(mode="after")
    def _check(self) -> Self:
        known = {key for key, _ in quantities_in(self)}
        firsts = {pair.first for pair in self.correlations}
        seconds: set[str] = set()
        for pair in self.correlations:
            for name in (pair.first, pair.second):
                if name not in known:
                    raise ValueError(f"correlation names '{name}'|Name a quantity of this file")
            if pair.second in seconds | firsts:
                raise ValueError(
                    f"'{pair.second}' and '{pair.first}' make a chain of correlations"
                    "|Let each quantity lean on one that leans on none"
                )
            seconds.add(pair.second)
        return self


def at_discount_rate(behaviour: Behaviour, rate: float | None) -> Behaviour:
    """The evidence with another discount rate, for those who must use their own; None keeps it."""
    if rate is None:
        return behaviour
    known = behaviour.finance.discount_rate
    chosen = known.model_copy(update={"low": rate, "central": rate, "high": rate})
    finance = behaviour.finance.model_copy(update={"discount_rate": chosen})
    return behaviour.model_copy(update={"finance": finance})


def quantities_in(model: Frozen, prefix: str = "") -> Iterator[tuple[str, Quantity]]:
    """Every Quantity inside a model, with its dotted key."""
    for name in type(model).model_fields:
        for key, value in _parts(f"{prefix}{name}", getattr(model, name)):
            if isinstance(value, Quantity):
                yield key, value
            elif isinstance(value, Frozen):
                yield from quantities_in(value, f"{key}.")


def _parts(key: str, value: object) -> list[tuple[str, object]]:
    """A field's values with their keys: itself, a table's entries, or keyed models of a list."""
    if isinstance(value, dict):
        return [(f"{key}.{inner}", item) for inner, item in value.items()]
    if isinstance(value, tuple):
        return [(f"{key}.{item.key}", item) for item in value if hasattr(item, "key")]
    return [(key, value)]
