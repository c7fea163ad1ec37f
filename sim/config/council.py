"""A council: its teams, its totals on the start date, and its own quantities."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Self

from pydantic import AfterValidator, Field, PrivateAttr, model_validator

from sim.config.casework import Casework
from sim.config.counted import counted
from sim.config.made import Made, YearBefore
from sim.config.quantity import (
    LARGEST_FTE,
    Date,
    Finite,
    Flag,
    Frozen,
    Fte,
    FteQuantity,
    GbpPerYear,
    PeopleQuantity,
    Quantity,
    RatePerYear,
    Scale,
    Share,
    ShareQuantity,
    Text,
    Whole,
)
from sim.config.roles import REGISTERED_ROLES, Role, RoleFamily
from sim.config.rounded import Rounded
from sim.config.sources import Sources
from sim.config.totals import Totals
from sim.dates import DAYS_PER_YEAR, add_years, financial_year, is_financial_year

MOST_VACANT = 0.6
"""The largest share of a team's posts of a role that stands vacant, unless the whole council's is
larger (J)."""
MOST_TEAMS = 60
"""Teams of a council, and the most of any other thing that it lists."""


def _real_year(label: str) -> str:
    if not is_financial_year(label):
        raise ValueError(f"'{label}' is no financial year|Write it as 2021/22")
    return label


def _is_whole_hundredths(fte: float) -> float:
    """Posts are whole hundredths of an FTE: a run counts in them, so that sums are exact."""
    nearest = round(fte, 2)
    if abs(fte - nearest) > 1e-9:
        raise ValueError(
            f"{fte:g} FTE is finer than a hundredth, in which posts are counted|Write {nearest:g}"
        )
    return nearest


def _stays_above_zero(cost: Quantity) -> Quantity:
    if (cost.scale is Scale.LINEAR and 3 * cost.low < 2 * cost.central) or cost.low <= 0:
        raise ValueError(
            f"a unit cost of {cost.low:g} to {cost.high:g} could be drawn as 0 or less"
            "|Raise low above 0, and use scale = 'log' where it is under two thirds of central"
        )
    return cost


PostsFte = Annotated[Fte, AfterValidator(_is_whole_hundredths)]
Change = Annotated[Finite, Field(ge=-LARGEST_FTE, le=LARGEST_FTE)]
AtMost = Field(max_length=MOST_TEAMS)
Name = Annotated[Text, Field(min_length=1, max_length=80)]
Code = Annotated[str, Field(pattern=r"^[0-9]{3}( / [0-9]{3})*$")]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
FinancialYear = Annotated[str, AfterValidator(_real_year)]
UnitCost = Annotated[GbpPerYear, AfterValidator(_stays_above_zero)]


class Located(Frozen):
    """What is known of one team's vacancies: from the press, a reply, or its own adverts."""

    vacancy_share: Annotated[Finite, Field(ge=0, le=MOST_VACANT)]
    source: str
    note: Text = ""


class Team(Frozen):
    """One team.

    Attributes:
        work_share: its share of the council's weighted open work, and of its posts.
        located: the share of its social worker posts that stand vacant, where that is known.
    """

    key: Key
    name: Name
    work_share: Share
    hard_to_recruit: Flag = False
    court_work: Flag = False
    frontline: Flag = False
    disabled_children: Flag = False
    located: Located | None = None


class Frontline(Rounded):
    """A press description of the frontline teams' social worker posts.

    It locates their vacancies, as far as the council's totals allow.

    Attributes:
        weight: how far it is believed: at 1 the vacancies it names are in frontline teams, at 0
            they are where the work is, and in between part of the way.
    """

    posts_fte: Annotated[Fte, Field(ge=0.05)]
    permanent_share: Share
    agency_share: Share
    unfilled_share: Share
    weight: Annotated[Finite, Field(ge=0, le=1)]
    source: str
    note: str = ""

    @model_validator(mode="after")
    def _check(self) -> Self:
        names = ("permanent_share", "agency_share", "unfilled_share")
        scaled = self._scaled(
            [getattr(self, name) for name in names], "frontline: the three shares sum"
        )
        self.__dict__.update(zip(names, scaled, strict=True))
        return self


class OverseasInPost(Frozen):
    """Social workers hired abroad who are in post on day 0, by the days on which they joined.

    They are marked, as many as can be, among workers who joined between the two dates: it changes
    nobody's leaving, and tells who reaches settlement when.
    """

    people: PeopleQuantity
    first_joined: Date
    last_joined: Date

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.last_joined < self.first_joined:
            raise ValueError(
                f"last_joined {self.last_joined} is before first_joined {self.first_joined}"
                "|Swap the two dates"
            )
        return self


class Staffing(Frozen):
    """How many leave and join this council in a year, at the start position."""

    leaving_rate: RatePerYear
    starters_fte_per_year: FteQuantity
    newly_qualified_share_of_starters: ShareQuantity
    team_manager_share_of_starters: ShareQuantity
    newly_qualified_start: Annotated[str, Field(pattern=r"^\d\d-\d\d$")]
    overseas_in_post: OverseasInPost | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        try:
            dt.date.fromisoformat(f"2023-{self.newly_qualified_start}")
        except ValueError:
            raise ValueError(
                f"newly_qualified_start '{self.newly_qualified_start}' is no day of the year"
                "|Write month-day, such as 09-20"
            ) from None
        return self


PRICE_OF_AN_AGENCY_YEAR = (20_000, 300_000)
"""Beyond it bill and staff are not of the same workers, or not of a year."""


class AgencyBill(Frozen):
    """What a council paid for agency social workers in a year, and how many it had on average."""

    financial_year: FinancialYear
    gbp: Annotated[Finite, Field(gt=0)]
    fte: Annotated[Fte, Field(gt=0)]
    source: str
    note: str = ""

    @model_validator(mode="after")
    def _check(self) -> Self:
        low, high = PRICE_OF_AN_AGENCY_YEAR
        each = self.gbp / self.fte
        if not low <= each <= high:
            raise ValueError(
                f"agency_bill: {self.gbp:,.0f} GBP over {self.fte:g} FTE is {each:,.0f} GBP a year"
                f" each, not within {low:,} to {high:,}"
                "|Give bill and staff of the same workers, for a whole year"
            )
        return self


class Money(Frozen):
    """Unit costs: employer's cost of a full-time year, in the prices of `price_year`.

    Attributes:
        agency_premium: by which an agency year is dearer; None for England's price of one.
        agency_bill: the council's own bill, from which the price of an agency year then follows.
    """

    price_year: FinancialYear
    unit_cost: dict[Role, UnitCost]
    agency_premium: GbpPerYear | None = None
    agency_bill: AgencyBill | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        missing = [role.value for role in Role if role not in self.unit_cost]
        if missing:
            raise ValueError(f"unit_cost has no {missing[0]}|Give every role a unit cost")
        return self


class Target(Frozen):
    """What the council itself said it needs: permanent people still to recruit."""

    role_family: RoleFamily
    people: Annotated[Whole, Field(gt=0, le=LARGEST_FTE)]
    name: Name
    source: str


class BaselineSupplement(Frozen):
    """A pay rise agreed before day 0: its effect on relative pay is fading; its cost is in pay."""

    key: Key
    teams: Annotated[tuple[Key, ...], AtMost]
    roles: Annotated[tuple[Role, ...], AtMost]
    start: Date
    gbp_per_year: GbpPerYear


class Rerun(Frozen):
    """Published yearly facts imposed on a conditional rerun, one value a year from day 0.

    `agency_above_establishment_fte` holds one value more: its first is day 0's.
    """

    establishment_change_fte: tuple[Change, ...]
    other_net_change_fte: tuple[Change, ...]
    agency_above_establishment_fte: tuple[Fte, ...]
    source: str

    @model_validator(mode="after")
    def _check(self) -> Self:
        years = len(self.establishment_change_fte)
        if len(self.other_net_change_fte) != years:
            raise ValueError("the yearly lists differ in length|Give each list one value a year")
        if len(self.agency_above_establishment_fte) != years + 1:
            raise ValueError(
                "agency_above_establishment_fte needs one value more than there are years"
                "|Start it with the value on the first day"
            )
        return self


class Judgement(StrEnum):
    """What Ofsted made of a council, as far as leaving and hiring go."""

    INADEQUATE = "inadequate"
    OTHER = "other"


class OfstedRegime(Frozen):
    """Ofsted's judgement in force from a date, until the next one."""

    start: Date
    judgement: Judgement
    source: str
    note: str = ""


class SupportPosts(Frozen):
    """Posts outside social work that the council has on day 0."""

    team: Key
    role: Role
    fte: Annotated[PostsFte, Field(gt=0)]
    vacancy_fte: PostsFte = 0.0
    source: str
    note: str = ""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.role in REGISTERED_ROLES:
            raise ValueError(
                f"{self.role.value} is a social work role|Registered posts belong in totals"
            )
        if self.vacancy_fte > self.fte:
            raise ValueError(
                f"vacancy_fte {self.vacancy_fte:g} is more than fte {self.fte:g}"
                "|fte counts filled and vacant posts: correct one of the two"
            )
        return self


class Council(Rounded):
    """One council at one start date.

    Attributes:
        code: its three-digit code in the Department's tables, or codes as they write them; None
            for a council that is in none.
        evidence: shared quantities of which this council has its own, by their key in
            behaviour.toml ("between_years.exits").
        sources: a file beside this one with sources of the council's own; empty for none.
        year_before: published figures that no run reads.
        made: what the file was when it was made from published tables; None for another.
    """

    name: Name
    code: Code | None = None
    start_date: Date
    totals_date: Date
    horizon_years: Annotated[Whole, Field(ge=1, le=20)]
    evidence: dict[str, Quantity] = Field(default_factory=dict)
    teams: Annotated[tuple[Team, ...], Field(min_length=1, max_length=MOST_TEAMS)]
    totals: Totals
    frontline: Frontline | None = None
    staffing: Staffing
    money: Money
    targets: Annotated[tuple[Target, ...], AtMost] = ()
    baseline_supplements: Annotated[tuple[BaselineSupplement, ...], AtMost] = ()
    staffing_budget: StaffingBudget | None = None
    overspend_forecast: OverspendForecast | None = None
    rerun: Rerun | None = None
    support_posts: Annotated[tuple[SupportPosts, ...], AtMost] = ()
    ofsted: Annotated[tuple[OfstedRegime, ...], AtMost] = ()
    casework: Casework | None = None
    sources: Text = ""
    year_before: YearBefore | None = None
    made: Made | None = None
    _known_sources: Sources | None = PrivateAttr(None)

    @property
    def known_sources(self) -> Sources | None:
        """The sources that its numbers and its scenarios' may name; None for the shipped alone."""
        return self._known_sources

    def knowing(self, sources: Sources) -> Self:
        """The same council, whose scenarios may name these sources too."""
        found = self.model_copy()
        found._known_sources = sources
        return found

    @property
    def last_date(self) -> dt.date:
        """The last day of a run."""
        return add_years(self.start_date, self.horizon_years) - dt.timedelta(days=1)

    @property
    def newly_qualified_starts(self) -> tuple[dt.date, ...]:
        """Days on which cohorts start that the totals don't hold, to the run's last day.

        At most one is before day 0: who started within the year before it, after the count.
        """
        counted = max(self.totals_date, add_years(self.start_date, -1))
        month, day = (int(part) for part in self.staffing.newly_qualified_start.split("-"))
        return tuple(
            date
            for year in range(counted.year, self.last_date.year + 1)
            for date in [dt.date(year, month, min(day, 28) if month == 2 else day)]
            if counted < date <= self.last_date
        )

    @model_validator(mode="after")
    def _check(self) -> Self:
        keys = [team.key for team in self.teams]
        twice = {key for key in keys if keys.count(key) > 1} | ({"all"} & set(keys))
        if twice:
            raise ValueError(f"team key '{min(twice)}' is taken|Give each team a key of its own")
        given = [team.work_share for team in self.teams]
        scaled = self._scaled(given, "work_share sums")
        if scaled != given:
            self.__dict__["teams"] = tuple(
                team.model_copy(update={"work_share": share})
                for team, share in zip(self.teams, scaled, strict=True)
            )
        if any(team.work_share == 0 for team in self.teams):
            raise ValueError("a team has work_share 0|Give it a share or remove the team")
        if all(team.court_work for team in self.teams):
            raise ValueError(
                "every team does court work|Newly qualified workers need a team without it"
            )
        if not -2 <= (self.totals_date - self.start_date).days / DAYS_PER_YEAR <= 2:
            raise ValueError(
                f"totals_date {self.totals_date} is over two years from start_date"
                f" {self.start_date}|Use totals counted nearer to that, or correct one of the two"
            )
        if self.frontline and not any(team.frontline for team in self.teams):
            raise ValueError("no team is marked frontline|Mark the teams that frontline describes")
        for supplement in self.baseline_supplements:
            unknown = sorted(set(supplement.teams) - set(keys))
            if unknown:
                raise ValueError(f"team '{unknown[0]}' is not in this council|Name its own teams")
        if self.rerun and len(self.rerun.establishment_change_fte) != self.horizon_years:
            years = counted(len(self.rerun.establishment_change_fte), "year")
            raise ValueError(
                f"rerun covers {years}, the horizon is"
                f" {self.horizon_years}|Give one value a year of the horizon"
            )
        return self

    @model_validator(mode="after")
    def _casework_fits(self) -> Self:
        keys = {team.key for team in self.teams}
        support = sum(posts.fte for posts in self.support_posts)
        if support > LARGEST_FTE:
            raise ValueError(
                f"support_posts: their FTE sum to {support:g}, more than {LARGEST_FTE:,}"
                "|No council has as many: correct a fte"
            )
        for posts in self.support_posts:
            if posts.team not in keys:
                raise ValueError(
                    f"support_posts: team '{posts.team}' is not in this council|Name its own teams"
                )
        if self.casework is None:
            return self
        known = list(self.casework.demand.published)
        if known and known[-1] >= financial_year(self.start_date):
            raise ValueError(
                f"casework.demand.published: {known[-1]} is not over on {self.start_date}"
                "|End with a financial year that is"
            )
        routed = {team for shares in self.casework.routing.values() for team in shares}
        if routed - keys:
            raise ValueError(
                f"casework.routing: team '{min(routed - keys)}' is not in this council"
                "|Name its own teams"
            )
        held = {
            team
            for shares in self.casework.routing.values()
            for team, share in shares.items()
            if share > 0
        }
        idle = [team.key for team in self.teams if team.key not in held]
        if idle:
            raise ValueError(
                f"casework.routing: no stage routes to team '{idle[0]}'"
                "|Give it a share of a stage, or remove the team"
            )
        return self

    @model_validator(mode="after")
    def _ofsted_ascends(self) -> Self:
        for earlier, later in pairwise(self.ofsted):
            if later.start <= earlier.start:
                raise ValueError(
                    f"ofsted names {later.start} after {earlier.start}|List them in their order"
                )
        if self.ofsted and self.ofsted[0].start > self.start_date:
            raise ValueError(
                f"ofsted begins on {self.ofsted[0].start}, after {self.start_date}"
                "|Begin with the judgement in force on that day"
            )
        return self

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        families = [target.role_family for target in self.targets]
        supplements = [supplement.key for supplement in self.baseline_supplements]
        for what, names in (("targets", families), ("baseline_supplements", supplements)):
            if len(set(names)) < len(names):
                raise ValueError(f"{what} names one thing twice|Keep one of the two")
        return self


class StaffingBudget(Frozen):
    """The council's own staffing budget of a financial year, held against what is simulated."""

    financial_year: FinancialYear
    gbp: Annotated[Finite, Field(gt=0)]
    name: Name
    source: str


class OverspendForecast(Frozen):
    """A forecast overspend the council reported itself, printed beside the simulated variance."""

    financial_year: FinancialYear
    gbp: Finite
    name: Name
    source: str


Council.model_rebuild()
