"""Children's cases: what a council states of them, and the shared evidence about casework."""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, model_validator

from sim.config.counted import counted
from sim.config.dated import DatedRule
from sim.config.quantity import (
    LARGEST_COUNT,
    Finite,
    Flag,
    Frozen,
    Grade,
    PeoplePerYear,
    Quantity,
    ShareBelowOne,
    ShareQuantity,
    Text,
    Whole,
)
from sim.config.roles import Role
from sim.config.rounded import Rounded
from sim.dates import is_financial_year

Children = Annotated[Finite, Field(ge=0, le=LARGEST_COUNT)]
FARTHEST_FROM_LEVEL = 2.0
"""Times the level of day 0, or one part of so many: what last year's referrals may be."""
RoutedShare = Annotated[Finite, Field(ge=0, le=1)]


class CaseStage(StrEnum):
    """Stages of a child's case, as in the children in need census; a case is in exactly one."""

    DECISION = "decision"
    ASSESSMENT = "assessment"
    SECTION_47 = "section_47"
    CHILD_IN_NEED = "child_in_need"
    PROTECTION_PLAN = "protection_plan"
    PRE_PROCEEDINGS = "pre_proceedings"
    COURT = "court"
    LOOKED_AFTER_FIRST_YEAR = "looked_after_first_year"
    LOOKED_AFTER_SETTLED = "looked_after_settled"
    CARE_LEAVER = "care_leaver"


STAGES: tuple[CaseStage, ...] = tuple(CaseStage)


class TransferRule(StrEnum):
    """What happens to a case whose next stage another team holds."""

    PUSH = "push"
    """It goes at once, and waits with the receiving team where nobody there has room."""
    HOLD = "hold"
    """It stays with its worker until somebody in the receiving team has room."""


class Stocks(Frozen):
    """Children on day 0. Those awaiting or in assessment are among the other children in need."""

    children_on_plans: Children
    children_in_care: Children
    other_children_in_need: Children
    source: str
    note: str = ""


class DemandTarget(Frozen):
    """A demand scenario: referrals a year that the level moves to, in a straight line."""

    referrals_per_year: Annotated[Finite, Field(gt=0, le=LARGEST_COUNT)]
    over_years: Annotated[Finite, Field(ge=0, le=20)]
    source: str
    note: str = ""


class SinceLastTable(Frozen):
    """What was known on day 0 of referrals since the last published year.

    It narrows the change from that year to the year of day 0: that change lies between two chances
    of its distribution (0.5 to 1: its upper half).

    Attributes:
        months: months since the end of the last published year of which this is known.
        low, high: the two chances.
        grade: strength of the evidence.
    """

    months: Annotated[Finite, Field(gt=0, le=36)]
    low: Annotated[Finite, Field(ge=0, le=1)]
    high: Annotated[Finite, Field(ge=0, le=1)]
    grade: Grade
    source: str
    note: str = ""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.low >= self.high:
            raise ValueError(
                f"low {self.low:g} is not below high {self.high:g}"
                "|Give the lower chance first: 0.5 and 1 for the upper half"
            )
        return self


class Demand(Frozen):
    """Referrals: level, months, scenarios.

    Attributes:
        referrals_per_year: level on day 0, re-referrals included.
        re_referral_share: share of them that come within 12 months of an earlier one.
        seasonality: twelve multipliers, January first, with mean 1.
        published: referrals of the last one to three published years, from which `uncertain`
            starts; none for the level of day 0 as that of the year before.
        since_last_table: what was known of referrals since the last of those years.
        back_to_2019, rising: two further demand scenarios.
        series: referrals by financial year, for the scenario `series`.
    """

    referrals_per_year: PeoplePerYear
    re_referral_share: ShareQuantity
    seasonality: tuple[Annotated[Finite, Field(ge=0, le=10)], ...]
    published: Annotated[
        dict[str, Annotated[Finite, Field(gt=0, le=LARGEST_COUNT)]], Field(max_length=3)
    ] = Field(default_factory=dict)
    since_last_table: SinceLastTable | None = None
    back_to_2019: DemandTarget | None = None
    rising: DemandTarget | None = None
    series: dict[str, Annotated[Finite, Field(ge=0, le=LARGEST_COUNT)]] = Field(
        default_factory=dict
    )
    source: str
    note: str = ""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if len(self.seasonality) != 12:
            raise ValueError(
                f"seasonality has {counted(len(self.seasonality), 'number')}, not 12"
                "|Give one multiplier a month, January first"
            )
        mean = sum(self.seasonality) / 12
        if abs(mean - 1) > 0.005:
            raise ValueError(
                f"seasonality has mean {mean:.3f}, not 1|Divide each month by the mean of all"
            )
        for name, years in (("series", self.series), ("published", self.published)):
            for year in years:
                if not is_financial_year(year):
                    raise ValueError(f"{name}: '{year}' is no financial year|Write it as 2021/22")
        for year, after in pairwise(self.published):
            if int(after[:4]) != int(year[:4]) + 1:
                raise ValueError(
                    f"published: {after} follows {year}|Give years one after another, oldest first"
                )
        level = self.referrals_per_year.central
        for year, referrals in list(self.published.items())[-1:]:
            if not level / FARTHEST_FROM_LEVEL <= referrals <= level * FARTHEST_FROM_LEVEL:
                raise ValueError(
                    f"published: {referrals:g} in {year} is far from referrals_per_year, {level:g}"
                    "|Give years of this council, counted as its level is, or none"
                )
        return self


class Flows(Frozen):
    """Published yearly flows and shares of this council."""

    no_further_action_share: ShareQuantity
    not_in_need_share: ShareQuantity
    section_47_per_referral: ShareQuantity
    plans_per_conference: ShareQuantity
    care_entries_per_year: PeoplePerYear


class Casework(Rounded):
    """A council's children's cases.

    Attributes:
        caseload_fte: published cases per case holder on day 0; the recording ratio meets it.
        routing: by stage: the share of its children that each team holds.
        transfer_rule: whether transfers are pushed at once or held until there is room.
    """

    stocks: Stocks
    caseload_fte: Annotated[Finite, Field(gt=0, le=1000)]
    demand: Demand
    flows: Flows
    routing: dict[CaseStage, dict[str, RoutedShare]]
    transfer_rule: TransferRule = TransferRule.PUSH
    source: str

    @model_validator(mode="after")
    def _check(self) -> Self:
        for stage in STAGES:
            shares = self.routing.get(stage)
            if not shares:
                raise ValueError(
                    f"routing: no team holds {stage.value}|Route every stage to a team"
                )
            scaled = self._scaled(list(shares.values()), f"routing.{stage.value}: the shares sum")
            self.routing[stage] = dict(zip(shares, scaled, strict=True))
        return self


# -- shared evidence -------------------------------------------------------------------------------


class Weights(Frozen):
    """Points of a child by stage; only their ratios count."""

    decision: Quantity
    assessment: Quantity
    section_47: Quantity
    child_in_need: Quantity
    child_in_need_disabled: Quantity
    protection_plan: Quantity
    pre_proceedings: Quantity
    court: Quantity
    looked_after_first_year: Quantity
    looked_after_settled: Quantity
    care_leaver: Quantity


class Capacity(Frozen):
    """What a worker may carry, and what takes time away or gives it back."""

    newly_qualified: Quantity
    experienced_start: Quantity
    experienced_ramp: Quantity
    agency: Quantity
    hard_limit: Quantity
    load_slows_work: Quantity
    handover_hours: Quantity
    hours_per_month: Quantity
    personal_adviser_caseload: Quantity
    practitioner_caseload: Quantity
    practitioner_supervision: Quantity
    freed_by_business_support: Quantity
    freed_by_family_practitioner: Quantity
    administration_share: Quantity
    direct_work_share: Quantity
    recoverable_share: Quantity


class Lengths(Frozen):
    """How long the stages last, at the load of the start."""

    decision: Quantity
    assessment_in_time_share: Quantity
    assessment_variation: Quantity
    section_47: Quantity
    section_47_variation: Quantity
    pre_proceedings: Quantity
    court: Quantity
    court_variation: Quantity
    care_leaver: Quantity
    re_referral_delay: Quantity
    review_delay: Quantity


class Reviews(Frozen):
    """When reviews come and how often something ends at them."""

    first_earliest: Quantity
    first_latest: Quantity
    next_earliest: Quantity
    next_latest: Quantity
    off_review_rate: Quantity


class PlanReviews(Reviews):
    """Child protection plans: chances of ending at the first, second and later reviews."""

    ends_at_first: Quantity
    ends_at_second: Quantity
    ends_at_later: Quantity
    to_pre_proceedings: Quantity


class Outcomes(Frozen):
    """Where cases go next."""

    section_47_from_child_in_need: Quantity
    plan_to_child_in_need: Quantity
    plan_to_care: Quantity
    pre_proceedings_to_court: Quantity
    court_to_looked_after: Quantity
    leave_care_in_first_year: ShareBelowOne
    become_care_leaver: Quantity


class DemandEvidence(Frozen):
    """How referrals wander, and what becomes of more or fewer of them.

    Attributes:
        yearly_step: scale of a year's change of their logarithm, Student's t with 4 degrees of
            freedom.
        year_noise: standard deviation of what is of one year alone.
        episodes, plans: percent that episodes and plans started move with each percent of
            referrals.
        stay: percent that the mean stay of open children shortens with each percent of episodes.
    """

    yearly_step: Quantity
    year_noise: Quantity
    episodes: Quantity
    plans: Quantity
    stay: Quantity


class Absence(Frozen):
    """Sickness and long leave."""

    sickness_share: Quantity
    long_sickness_share: Quantity
    short_spell: Quantity
    long_spell: Quantity
    long_leave_share: Quantity
    long_leave_spell: Quantity


class LawRule(DatedRule):
    """From a date on, workers of these roles may hold a stage."""

    stage: CaseStage
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    enforced: Flag = True
    note: Text = ""

    @property
    def lets_lead_practitioners(self) -> bool:
        """Whether it lets family practitioners hold child-in-need work."""
        return self.stage is CaseStage.CHILD_IN_NEED and Role.FAMILY_PRACTITIONER in self.roles


class StatutoryLimits(Frozen):
    """Limits in working days."""

    assessment_days: Annotated[Whole, Field(gt=0, le=400)]
    conference_days: Annotated[Whole, Field(gt=0, le=400)]
    source: str


class Reference(Frozen):
    """England's open children by stage: the mix with which a full load is defined."""

    children: dict[CaseStage, Annotated[Finite, Field(ge=0, le=1_000_000)]]
    source: str


class CaseworkEvidence(Frozen):
    """All shared evidence about casework."""

    weights: Weights
    capacity: Capacity
    demand: DemandEvidence
    lengths: Lengths
    plan_reviews: PlanReviews
    child_in_need_reviews: Reviews
    outcomes: Outcomes
    absence: Absence
    recording_noise: Quantity
    limits: StatutoryLimits
    reference: Reference
    law: tuple[LawRule, ...]
