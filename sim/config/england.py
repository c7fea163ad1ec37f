"""What a council made from published tables takes over where nothing of its own is published."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from sim.config.casework import CaseStage, RoutedShare, TransferRule
from sim.config.council import Money, Team
from sim.config.load import parse, read_toml
from sim.config.quantity import Finite, Frozen, Share, ShareQuantity, Whole
from sim.config.shipped import check_sources, configs_folder
from sim.config.sources import Sources

Counted = Annotated[Finite, Field(gt=0, le=10_000_000)]


class EnglandStaff(Frozen):
    """Parts of a council's staff that no table holds."""

    team_manager_share_of_posts: Share
    team_manager_share_of_vacancies: Share
    senior_practitioner_vacancy_share: Share
    part_time_share: Share
    part_time_fte: Annotated[Finite, Field(ge=0.1, le=0.9)]
    children_in_care_per_personal_adviser: Annotated[Finite, Field(gt=0, le=1000)]


class EnglandCasework(Frozen):
    """Children's cases: months, teams and the rising scenario."""

    transfer_rule: TransferRule
    seasonality: tuple[Annotated[Finite, Field(ge=0, le=10)], ...]
    rising: Annotated[Finite, Field(gt=0, le=10)]
    rising_over_years: Annotated[Finite, Field(ge=0, le=20)]
    routing: dict[CaseStage, dict[str, RoutedShare]]


class EnglandYear(Frozen):
    """England's children of a year to 31 March; care is not published for the first years."""

    referrals: Counted
    section_47: Counted
    conferences: Counted
    plans_started: Counted
    open_children: Counted
    in_care: Counted | None = None
    entered_care: Counted | None = None

    @property
    def section_47_per_referral(self) -> float:
        """Enquiries for each referral."""
        return self.section_47 / self.referrals

    @property
    def plans_per_conference(self) -> float:
        """Plans that begin for each initial conference."""
        return self.plans_started / self.conferences


class England(Frozen):
    """The file configs/england.toml."""

    teams: tuple[Team, ...]
    horizon_years: Whole
    newly_qualified_start: str
    newly_qualified_share_of_starters: ShareQuantity
    team_manager_share_of_starters: ShareQuantity
    staff: EnglandStaff
    money: Money
    casework: EnglandCasework
    years: dict[str, EnglandYear]

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not any(year.in_care and year.entered_care for year in self.years.values()):
            raise ValueError("years: none has children in care|Give one year in_care, entered_care")
        return self

    def year(self, year: int) -> EnglandYear:
        """The figures of a year; those of the nearest where there are none."""
        return self.years[min(self.years, key=lambda label: (abs(int(label) - year), label))]

    def year_of_care(self, year: int) -> EnglandYear:
        """The nearest year that has children in care."""
        known = {label: each for label, each in self.years.items() if each.in_care}
        return known[min(known, key=lambda label: (abs(int(label) - year), label))]


def load_england(sources: Sources, path: Path | None = None) -> England:
    """What councils take over from England.

    Args:
        sources: the shipped sources.
        path: the file; the shipped england.toml if None.

    Raises:
        InputError: it is faulty, or names a source that doesn't exist.
    """
    path = path or configs_folder() / "england.toml"
    england = parse(England, read_toml(path), path)
    check_sources(england, sources, path)
    return england
