"""The indicators that are reported: name, meaning, unit, direction. One table, read by all."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum


class Direction(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"
    NONE = "none"


class Measured(StrEnum):
    """Unit in which an indicator is shown."""

    FTE = "FTE"
    RATE = "rate"
    DAYS = "days"
    GBP = "GBP"
    PEOPLE = "people"
    FTE_PER_FTE = "FTE per funded FTE"
    CHILDREN = "children"
    COUNT = "number"
    CASES = "cases"
    CASES_PER_FTE = "cases per FTE"
    LOAD = "load"
    CHANGES_PER_CHILD = "changes of worker per child"


@dataclass(frozen=True)
class Indicator:
    """One indicator.

    Attributes:
        name: identifier; the Department for Education's column name where it has one.
        label: name in charts and tables.
        unit: what it is counted in.
        direction: which way is better; NONE where arithmetic moves it (a rate whose base moves).
        definition: how it is computed.
        official: whether the Department for Education publishes it under this name.
    """

    name: str
    label: str
    unit: Measured
    direction: Direction
    definition: str
    official: bool = False

    @property
    def bounds(self) -> tuple[float, float]:
        """The lowest and the highest value that it can have in one council."""
        if self.name in _SIGNED or self.unit is Measured.GBP:
            return -math.inf, math.inf
        is_share = self.unit is Measured.RATE and self.name not in _MAY_PASS_ONE
        return 0.0, 1.0 if is_share else math.inf


_SIGNED = {"other_net_change_fte"}
_MAY_PASS_ONE = {"turnover_rate_fte"}
"""More people can leave in a year than are there at its end."""
_UP, _DOWN, _NONE = Direction.UP, Direction.DOWN, Direction.NONE
_FTE, _RATE, _DAYS, _GBP = Measured.FTE, Measured.RATE, Measured.DAYS, Measured.GBP

WORKFORCE_INDICATORS: tuple[Indicator, ...] = (
    Indicator("inpost_fte", "Social workers in post", _FTE, _UP,
              "Registered social workers and their managers employed by the council, FTE", True),
    Indicator("starters_fte", "Starters in 12 months", _FTE, _NONE,
              "FTE that joined in the 12 months to the date", True),
    Indicator("leavers_fte", "Leavers in 12 months", _FTE, _DOWN,
              "FTE that left in the 12 months to the date", True),
    Indicator("turnover_rate_fte", "Turnover", _RATE, _DOWN,
              "Leavers in 12 months / in post at the end of them", True),
    Indicator("vacancy_fte", "Vacancies", _FTE, _NONE,
              "Posts without permanent holder, covered by agency or not, FTE", True),
    Indicator("vacancy_rate_fte", "Vacancy rate", _RATE, _NONE,
              "Vacant / (in post + vacant)", True),
    Indicator("agency_fte", "Agency workers", _FTE, _DOWN,
              "Agency workers, covering a vacancy or above establishment, FTE", True),
    Indicator("agency_rate_fte", "Agency rate", _RATE, _DOWN,
              "Agency / (in post + agency)", True),
    Indicator("agency_cover_fte", "Agency covering vacancies", _FTE, _NONE,
              "Agency workers covering a vacancy, FTE", True),
    Indicator("agency_cover_rate_fte", "Share of agency covering vacancies", _RATE, _NONE,
              "Agency covering vacancies / all agency", True),
    Indicator("vacancy_agency_cover_rate_fte", "Share of vacancies covered", _RATE, _NONE,
              "Agency covering vacancies / vacant", True),
    Indicator("case_holders_fte", "Case holders", _FTE, _NONE,
              "Social workers in case-holding posts and agency workers with cases, FTE", True),
    Indicator("establishment_fte", "Establishment", _FTE, _NONE, "In post + vacant"),
    Indicator("uncovered_vacancy_fte", "Empty posts without agency cover, new posts included",
              _FTE, _NONE,
              "Vacant posts without agency cover, those that the scenario created included, FTE"),
    Indicator("uncovered_existing_posts_fte", "Empty posts without agency cover (posts that"
              " exist today)", _FTE, _DOWN,
              "Vacant posts without agency cover among those the scenario did not create, FTE"),
    Indicator("agency_above_establishment_fte", "Agency above establishment", _FTE, _DOWN,
              "Agency workers who cover no vacancy, FTE"),
    Indicator("existing_posts_inpost_fte", "In post on existing posts", _FTE, _UP,
              "In post on posts that the scenario did not create, FTE"),
    Indicator("funded_posts_fte", "Social work posts funded", _FTE, _NONE,
              "Registered posts that the scenario created, open on the date, FTE"),
    Indicator("funded_posts_all_roles_fte", "Posts funded, all roles", _FTE, _NONE,
              "Posts of any role that the scenario created, open on the date, FTE"),
    Indicator("inpost_all_roles_fte", "In post, all simulated roles", _FTE, _UP,
              "In post in registered posts and in the scenario's other posts, FTE"),
    Indicator("internal_moves_fte", "Internal moves in, in 12 months", _FTE, _NONE,
              "FTE of the posts that somebody from inside took in the 12 months to the date, by"
              " receiving team"),
    Indicator("internal_moves_out_fte", "Internal moves out in 12 months", _FTE, _NONE,
              "FTE of the posts that these people left, by the team that they left; it differs from"
              " what they took where hours change with the post"),
    Indicator("other_net_change_fte", "Other net change in 12 months", _FTE, _NONE,
              "Hours, re-coding and transfers: neither starters nor leavers, FTE"),
    Indicator("starters_since_start_fte", "Permanent starters since the start", _FTE, _UP,
              "FTE that joined since the first day"),
    Indicator("time_to_hire_days", "Time to hire", _DAYS, _DOWN,
              "Mean days from a vacancy's opening to the accepted offer, starts of 12 months"),
    Indicator("time_to_fill_days", "Time to fill", _DAYS, _DOWN,
              "Mean days from a vacancy's opening to the first day, starts of 12 months"),
    Indicator("staffing_budget_without_package_gbp", "Staffing budget of the month, without the"
              " scenario's lines", _GBP, _NONE,
              "Establishment without the scenario's posts x unit cost x (1 - vacancy factor)"),
    Indicator("staffing_spend_without_package_gbp", "Staffing spend of the month, without the"
              " scenario's lines", _GBP, _NONE,
              "Permanent staff and agency cover on the council's own posts, supernumerary staff and"
              " agency above establishment; nothing that the scenario's lines spend"),
    Indicator("agency_spend_gbp", "Agency spend of the month, the scenario's posts included", _GBP,
              _DOWN, "All agency cover and agency above establishment, new posts included"),
    Indicator("target_social_worker", "Target: social workers", Measured.PEOPLE, _UP,
              "Of the social worker posts vacant or under notice on the first day, scaled to the"
              " council's own number, those with a permanent holder"),
    Indicator("target_team_manager", "Target: team managers", Measured.PEOPLE, _UP,
              "Of the team manager posts vacant or under notice on the first day, scaled to the"
              " council's own number, those with a permanent holder"),
    Indicator("target_all_social_worker", "Chance that all social worker targets are filled",
              _RATE, _UP, "Share of runs in which every one has a permanent holder"),
    Indicator("target_all_team_manager", "Chance that all team manager targets are filled",
              _RATE, _UP, "Share of runs in which every one has a permanent holder"),
)  # fmt: skip

_CHILDREN, _COUNT = Measured.CHILDREN, Measured.COUNT


def _band(name: str, words: str, direction: Direction = _NONE) -> Indicator:
    """Share of case holders in one of the bands that England's caseloads are published in."""
    return Indicator(f"caseload_{name}_share", f"Caseload {words}", _RATE, direction,
                     f"Of the FTE of social workers who hold cases, the share with {words} cases"
                     " per FTE")  # fmt: skip


CASE_INDICATORS: tuple[Indicator, ...] = (
    Indicator("cases", "Cases", Measured.CASES, _NONE,
              "Open children held by social workers x the council's recorded cases per open child",
              True),
    Indicator("caseload_fte", "Caseload", Measured.CASES_PER_FTE, _DOWN,
              "Cases / case holders, agency included", True),
    _band("under_5", "under 5"),
    _band("5_to_10", "5 to under 10"),
    _band("10_to_15", "10 to under 15"),
    _band("15_to_20", "15 to under 20"),
    _band("20_to_25", "20 to under 25"),
    _band("25_or_more", "25 or more", _DOWN),
    Indicator("load", "Workload, share of a full caseload", Measured.LOAD, _DOWN,
              "Points of all children, those without a worker included / points that those present"
              " can carry, mean of the month; 1 is a full caseload each"),
    Indicator("over_full_load_share", "Workers over a full caseload", _RATE, _DOWN,
              "Of the FTE of case holders present, the share that carries more points than a full"
              " caseload"),
    Indicator("absence_rate_fte", "Absence rate", _RATE, _DOWN,
              "Working days lost to sickness in 12 months / working days of those in post", True),
    Indicator("open_children", "Open children", _CHILDREN, _NONE,
              "Children referred or with an open case, care leavers apart"),
    Indicator("children_on_plans", "Children on protection plans", _CHILDREN, _NONE,
              "Children on a child protection plan, in pre-proceedings or not"),
    Indicator("children_in_care", "Children in care", _CHILDREN, _NONE,
              "Children in care, in court or after it"),
    Indicator("care_leavers", "Care leavers", _CHILDREN, _NONE,
              "Young people who left care and have a personal adviser"),
    Indicator("referrals", "Referrals in 12 months", _COUNT, _NONE,
              "Referrals in the 12 months to the date, re-referrals included"),
    Indicator("re_referral_share", "Re-referrals", _RATE, _NONE,
              "Of the referrals of 12 months, the share of children referred before"),
    Indicator("episodes_started", "Episodes of need started in 12 months", _COUNT, _NONE,
              "Children found to be in need by an assessment that ended in the 12 months"),
    Indicator("episodes_ended", "Episodes of need ended in 12 months", _COUNT, _NONE,
              "Cases of children in need closed, or passed to leaving care, in the 12 months"),
    Indicator("cases_ended", "Cases ended in 12 months", _COUNT, _NONE,
              "Open cases closed, or passed to leaving care, in the 12 months, whether or not need"
              " was found"),
    Indicator("plans_started", "Protection plans started in 12 months", _COUNT, _NONE,
              "Child protection plans that began in the 12 months to the date"),
    Indicator("plans_ended", "Protection plans ended in 12 months", _COUNT, _NONE,
              "Child protection plans that ended in the 12 months to the date"),
    Indicator("care_started", "Children who entered care in 12 months", _COUNT, _NONE,
              "Children who entered care in the 12 months to the date"),
    Indicator("care_ended", "Children who left care in 12 months", _COUNT, _NONE,
              "Children who left care in the 12 months to the date"),
    Indicator("care_leavers_started", "Care leavers begun in 12 months", _COUNT, _NONE,
              "Young people who passed from care to leaving care in the 12 months to the date"),
    Indicator("care_leavers_ended", "Care leavers ended in 12 months", _COUNT, _NONE,
              "Care leavers whose case closed in the 12 months to the date"),
    Indicator("unallocated", "Children without a worker", _CHILDREN, _DOWN,
              "Open cases that wait for a worker with room for them"),
    Indicator("unallocated_days", "Days without a worker", _DAYS, _DOWN,
              "Mean days that the children without a worker have waited so far; 0 where none"
              " waits"),
    Indicator("workers_lent_fte", "Workers lent by other teams", _FTE, _NONE,
              "Social workers who take new children in another team, because children wait there,"
              " FTE, by receiving team"),
    Indicator("limits_lifted", "Teams with a lifted limit", _COUNT, _NONE,
              "Teams whose workers take more children than usual, because children wait"),
    Indicator("agency_bought_fte", "Agency bought because children wait", _FTE, _NONE,
              "Agency workers above establishment bought because children wait, FTE; part of agency"
              " above establishment"),
    Indicator("turned_away", "Referrals turned away since the start", _COUNT, _DOWN,
              "Referrals that raised thresholds left without an assessment, since the first day"),
    Indicator("assessments_in_time_share", "Assessments within 45 working days", _RATE, _UP,
              "Of the assessments that ended in 12 months, the share that ended within 45 working"
              " days of the referral"),
    Indicator("conferences_in_time_share", "Conferences within 15 working days", _RATE, _UP,
              "Of the first child protection conferences of 12 months, the share held within 15"
              " working days of the enquiry's start"),
    Indicator("changes_of_worker_per_child", "Changes of worker per child in 12 months",
              Measured.CHANGES_PER_CHILD, _DOWN,
              "Times that a child got another worker in 12 months / mean number of children over"
              " them, care leavers included"),
    Indicator("changed_worker_share", "Children with a change of worker in 12 months", _RATE,
              _DOWN, "Of the children whose case has been open for 12 months, care leavers apart,"
              " the share that got another worker once or more in them"),
    Indicator("changed_worker_twice_share", "Children with two or more changes of worker in 12"
              " months", _RATE,
              _DOWN, "Of the children whose case has been open for 12 months, care leavers apart,"
              " the share that got another worker twice or more in them"),
    Indicator("in_care_changed_twice_share", "Children in care with two or more changes of worker"
              " in 12 months", _RATE, _DOWN,
              "Of the children in care on the date, the share that got another worker twice or more"
              " in the 12 months to it (the measure of the Stability Index); changes before a child"
              " entered care are counted"),
    Indicator("handovers_leaver", "Changes of worker: leavers", _COUNT, _DOWN,
              "Changes of worker in 12 months because the worker left the council"),
    Indicator("handovers_absence", "Changes of worker: absence", _COUNT, _DOWN,
              "Changes of worker in 12 months because the worker was away for long"),
    Indicator("handovers_transfer", "Changes of worker: transfers", _COUNT, _NONE,
              "Changes of worker in 12 months because others hold the child's next stage"),
    Indicator("handovers_agency_end", "Changes of worker: agency", _COUNT, _DOWN,
              "Changes of worker in 12 months because an agency worker's assignment ended"),
    Indicator("handovers_internal_move", "Changes of worker: internal moves", _COUNT, _DOWN,
              "Changes of worker in 12 months because the worker moved to another post"),
)  # fmt: skip
"""Indicators of children's cases; without a value in a run of staffing alone."""

INDICATORS: tuple[Indicator, ...] = WORKFORCE_INDICATORS + CASE_INDICATORS

DIFFERENCE_INDICATORS: tuple[Indicator, ...] = (
    Indicator("post_yield", "People gained per post open that day, all roles",
              Measured.FTE_PER_FTE, _NONE, "Extra FTE in post, all roles, council-wide / mean FTE"
              " of the scenario's posts open that day (funded_posts_all_roles_fte)"),
    Indicator("post_yield_social_work", "People gained per social work post open that day",
              Measured.FTE_PER_FTE, _NONE, "Extra social workers in post, council-wide / mean FTE"
              " of the scenario's social work posts open that day (funded_posts_fte)"),
    Indicator("displacement_fte", "Fewer in teams that get no post", _FTE, _NONE,
              "FTE in post by which teams without a new social work post have fewer"),
)  # fmt: skip

INDEX: dict[str, int] = {indicator.name: i for i, indicator in enumerate(INDICATORS)}
