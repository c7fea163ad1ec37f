"""A council's published workforce totals: numbers, or ranges where a figure is suppressed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Self

from pydantic import Discriminator, Field, Tag, model_validator

from sim.config.quantity import Finite, Frozen, Fte, FteQuantity, Quantity, Share

SMALLEST_INPOST_FTE = 11.0
"""Below it one person is a tenth of the staff, and yearly rates describe nobody: two councils of
England, the City of London and the Isles of Scilly."""


def _is_range(value: object) -> str:
    return "[range]" if isinstance(value, dict | Quantity) else "[number]"


Total = Annotated[
    Annotated[Fte, Tag("[number]")] | Annotated[FteQuantity, Tag("[range]")],
    Discriminator(_is_range),
]
"""A published figure, or low, central and high of one that is suppressed."""


@dataclass(frozen=True)
class DayTotals:
    """The totals of one draw, FTE; the fields are those of `Totals`."""

    inpost_fte: float
    vacancy_fte: float
    agency_cover_fte: float
    agency_above_establishment_fte: float
    case_holders_fte: float
    team_manager_posts_fte: float
    team_manager_vacancy_fte: float
    senior_practitioner_vacancy_share: float

    @property
    def covered_fte(self) -> float:
        """Vacancies that agency staff cover: no more than there are."""
        return min(self.agency_cover_fte, self.vacancy_fte)

    @property
    def cover_rate(self) -> float:
        """Share of vacancies covered; none of none."""
        return self.covered_fte / self.vacancy_fte if self.vacancy_fte else 0.0

    @property
    def above_fte(self) -> float:
        """Agency staff above establishment: those stated, and cover beyond the vacancies."""
        return self.agency_above_establishment_fte + self.agency_cover_fte - self.covered_fte

    @property
    def covered_holders_fte(self) -> float:
        """Covered posts of case holders, managers and practitioners without cases apart."""
        others = self.team_manager_vacancy_fte
        others += self.senior_practitioner_vacancy_share * (self.vacancy_fte - others)
        return self.covered_fte - others * self.cover_rate

    @property
    def agency_with_cases(self) -> float:
        """Share of agency staff in social worker posts and above who hold cases.

        All, as far as the case holders allow; else the share of case holders among all who are no
        managers (Tower Hamlets 2017: 118 case holders, 195 agency staff).
        """
        if self.covered_holders_fte + round(self.above_fte) < self.case_holders_fte:
            return 1.0
        managers = self.team_manager_posts_fte - self.team_manager_vacancy_fte
        others = self.inpost_fte - managers + self.covered_fte + self.above_fte
        return self.case_holders_fte / others

    @property
    def above_establishment_people(self) -> int:
        """Agency staff above establishment who hold cases: whole people, as they have no posts."""
        return round(self.agency_with_cases * self.above_fte)

    @property
    def held_fte(self) -> float:
        """Posts of case holders that somebody holds or covers."""
        return self.case_holders_fte - self.above_establishment_people

    @property
    def most_held_fte(self) -> float:
        """The same, were every permanent worker but the managers to hold cases."""
        managers = self.team_manager_posts_fte - self.team_manager_vacancy_fte
        return self.inpost_fte - managers + self.agency_with_cases * self.covered_holders_fte

    def fault(self) -> str | None:
        """What can't be true of them together, as "problem|remedy"; None if nothing."""
        if self.inpost_fte < SMALLEST_INPOST_FTE:
            return (
                f"inpost_fte {self.inpost_fte:g} is under {SMALLEST_INPOST_FTE:g}, too few for"
                " yearly rates to describe|Take the council together with a neighbour"
            )
        if self.team_manager_vacancy_fte > min(self.team_manager_posts_fte, self.vacancy_fte):
            return (
                f"team_manager_vacancy_fte {self.team_manager_vacancy_fte:g} is more than the"
                " posts or the vacancies there are|Correct the team managers"
            )
        if not 0 < self.held_fte < self.most_held_fte:
            return (
                f"case_holders_fte {self.case_holders_fte:g} doesn't fit the people there are"
                "|Case holders include agency staff and exclude managers: correct the totals"
            )
        return None


class Totals(Frozen):
    """Published workforce totals, FTE, that the start position meets exactly.

    Registered social workers and their managers only, as the Department for Education counts them.
    A figure that is suppressed is given as low, central and high, and drawn once per draw.

    Attributes:
        agency_cover_fte: agency staff who cover vacancies; what goes beyond the vacancies is taken
            as staff above establishment.
        agency_above_establishment_fte: agency staff beside those.
    """

    inpost_fte: Total
    vacancy_fte: Total
    agency_cover_fte: Total
    agency_above_establishment_fte: Total
    case_holders_fte: Total
    team_manager_posts_fte: Total
    team_manager_vacancy_fte: Total
    senior_practitioner_vacancy_share: Share
    part_time_share: Share
    part_time_fte: Annotated[Finite, Field(ge=0.1, le=0.9)]
    source: str
    note: str = ""

    @model_validator(mode="after")
    def _check(self) -> Self:
        fault = self.central.fault()
        if fault:
            raise ValueError(fault)
        return self

    @property
    def central(self) -> DayTotals:
        """The totals as stated, the central value of each range."""
        return self._with({})

    @property
    def are_certain(self) -> bool:
        """Whether every draw has the same totals."""
        return not any(isinstance(getattr(self, name), Quantity) for name in _DRAWN)

    def of_draw(self, values: Mapping[str, float]) -> DayTotals:
        """The totals of one draw, held to what can be true of them together.

        Args:
            values: the draw, with keys "council.totals.<field>" for what is a range.
        """
        drawn = self._with(values)
        return drawn if self.are_certain else _held_together(drawn)

    def _with(self, values: Mapping[str, float]) -> DayTotals:
        found = {}
        for name in _DRAWN:
            stated = getattr(self, name)
            if isinstance(stated, Quantity):
                # Published to a tenth of an FTE: posts are made of tenths.
                stated = round(values.get(f"council.totals.{name}", stated.central), 1)
            found[name] = stated
        return DayTotals(
            **found, senior_practitioner_vacancy_share=self.senior_practitioner_vacancy_share
        )


_DRAWN = tuple(DayTotals.__dataclass_fields__)[:-1]
_FEWEST_CASE_HOLDERS_FTE = 1.0
"""Fewest case holders, and fewest in post beside them and the managers, that a draw is left."""


def _held_together(drawn: DayTotals) -> DayTotals:
    """The nearest totals that can be true together: people in post and vacancies bind first."""
    inpost = max(drawn.inpost_fte, SMALLEST_INPOST_FTE)
    gaps = min(drawn.team_manager_vacancy_fte, drawn.vacancy_fte)
    managers = max(gaps, min(drawn.team_manager_posts_fte, gaps + inpost / 2))
    held = replace(
        drawn,
        inpost_fte=inpost,
        team_manager_posts_fte=managers,
        team_manager_vacancy_fte=gaps,
        case_holders_fte=max(drawn.case_holders_fte, _FEWEST_CASE_HOLDERS_FTE),
    )
    most = held.above_establishment_people + held.most_held_fte - _FEWEST_CASE_HOLDERS_FTE
    return replace(held, case_holders_fte=min(held.case_holders_fte, most))
