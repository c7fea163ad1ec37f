"""A scenario: a named set of measures on a council. The empty set is the baseline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Self, get_args

from pydantic import Field, PlainValidator, SerializeAsAny, model_validator

from sim.config.behaviour import quantities_in
from sim.config.council import Council, FinancialYear, Name
from sim.config.errors import InputError
from sim.config.load import parse
from sim.config.quantity import LARGEST_FTE, Frozen, Fte, Share, Text
from sim.config.shipped import check_sources, locate
from sim.config.sources import Sources
from sim.dates import financial_year, financial_year_start
from sim.scenario.agency_scheme import AgencyScheme
from sim.scenario.attraction import FindAFriend, RelocationAllowance
from sim.scenario.benefits import AdviserProgression, LearningAccounts, RegistrationFees
from sim.scenario.cost_line import CostLine
from sim.scenario.cuts import CutPosts
from sim.scenario.early_career import SocialWorkAcademy, SupportedFirstYear
from sim.scenario.effects import Effects, Phase
from sim.scenario.extends import taken_over
from sim.scenario.measure import Gbp, Measure, SourceOfFunds
from sim.scenario.move_stage import MoveStage
from sim.scenario.of_council import seen_by_validators
from sim.scenario.overseas import LeaveToRemainFees, OverseasRecruitment
from sim.scenario.own import Kinds
from sim.scenario.pay import RetentionPayment, SalarySupplement
from sim.scenario.posts import ExtraPosts
from sim.scenario.recruitment import ExternalRecruiter, RecruitmentTeam
from sim.scenario.saving import Saving
from sim.scenario.together import fault_between
from sim.scenario.training import Apprenticeships, Bursaries

AnyMeasure = Annotated[
    ExtraPosts
    | SalarySupplement
    | RetentionPayment
    | RelocationAllowance
    | FindAFriend
    | RecruitmentTeam
    | ExternalRecruiter
    | RegistrationFees
    | LearningAccounts
    | AdviserProgression
    | AgencyScheme
    | OverseasRecruitment
    | LeaveToRemainFees
    | Bursaries
    | Apprenticeships
    | SocialWorkAcademy
    | SupportedFirstYear
    | MoveStage
    | CutPosts
    | CostLine
    | Saving,
    Field(discriminator="kind"),
]
"""Every kind of measure that ships. A new one is added here and in a module of its own."""

KINDS = Kinds(get_args(get_args(AnyMeasure)[0]))
"""These, and what users register in files of their own (sim.scenario.own)."""
_OneOfThem = Annotated[SerializeAsAny[Measure], PlainValidator(KINDS.checked)]

BASELINE_NAME = "baseline"
MOST_LINES = 60
"""Lines of a decision: more than any council has put to one vote."""


class Funding(Frozen):
    """Money agreed for one financial year and where it comes from; the last year's goes on."""

    financial_year: FinancialYear
    source_of_funds: SourceOfFunds
    gbp: Gbp


class Decision(Frozen):
    """How much of the money proposed from a financial year on is agreed when its budget is set.

    Attributes:
        financial_year: the first year that is decided on; it opens on 1 April.
        agreed_share: 1 for all of it, 0 for none.
    """

    financial_year: FinancialYear
    agreed_share: Share

    @property
    def date(self) -> dt.date:
        """1 April, from which only the agreed share is there."""
        return financial_year_start(self.financial_year)


class Package(Frozen):
    """What the council voted: the lines must add up to it.

    Attributes:
        decision: what becomes of the later years; all of it is agreed where there is none.
    """

    fte: Fte
    funding: Annotated[tuple[Funding, ...], Field(min_length=1)]
    source: str
    decision: Decision | None = None

    @model_validator(mode="after")
    def _decision_follows(self) -> Self:
        first = self.funding[0].financial_year
        if self.decision is not None and self.decision.financial_year <= first:
            raise ValueError(
                f"decision on {self.decision.financial_year} is not after {first}, the first year"
                " that is funded|Decide on a later year; the first is voted"
            )
        return self

    @model_validator(mode="after")
    def _years_ascend(self) -> Self:
        years = [item.financial_year for item in self.funding]
        for earlier, later in pairwise(years):
            if later <= earlier:
                raise ValueError(
                    f"funding names {later} after {earlier}|List each year once, in their order"
                )
        return self


class Scenario(Frozen):
    """A named set of measures, with the package they must add up to where there is one."""

    key: Text = ""
    name: Name
    short_name: Annotated[Text, Field(max_length=24)] = ""
    council: Text = ""
    package: Package | None = None
    measures: Annotated[tuple[_OneOfThem, ...], Field(max_length=MOST_LINES)] = ()

    @model_validator(mode="after")
    def _check(self) -> Self:
        keys = [measure.key for measure in self.measures]
        twice = [key for key in keys if keys.count(key) > 1]
        if twice:
            raise ValueError(f"two measures have the key '{twice[0]}'|Give each its own key")
        if self.funded_fte > LARGEST_FTE:
            raise ValueError(
                f"the lines' FTE sum to {self.funded_fte:g}, more than {LARGEST_FTE:,}"
                "|No council has as many posts: correct a line's fte"
            )
        if self.package is not None:
            _check_adds_up(self.package, self.measures)
        return self

    @property
    def label(self) -> str:
        """A name short enough for a column or a chart."""
        return self.short_name or self.name

    @property
    def funded_fte(self) -> float:
        """FTE of all lines."""
        return sum(measure.funded_fte for measure in self.measures)

    def effects(self, values: Mapping[str, float]) -> list[tuple[Measure, Effects]]:
        """Each measure with its mechanisms.

        Args:
            values: the draw, with keys "measure.<key>.<field>".
        """
        result: list[tuple[Measure, Effects]] = []
        for measure in self.measures:
            # Its own fields alone: the draw also holds what other scenarios give the same key.
            own = {
                field: values[f"measure.{measure.key}.{field}"]
                for field, _ in quantities_in(measure)
            }
            effects = measure.effects(own)
            effects = effects.phased(measure.phases) if measure.phasing else effects
            if self.cut is not None:
                effects = effects.cut(self.cut.agreed_share, self.cut.date)
            result.append((measure, effects))
        return result

    @property
    def cut(self) -> Decision | None:
        """The decision that leaves part of the money out; None where all is agreed."""
        decision = self.package.decision if self.package is not None else None
        return decision if decision is not None and decision.agreed_share < 1 else None

    def agreed_share(self, year: str) -> float:
        """Share of a financial year's planned money that is agreed."""
        cut = self.cut
        return cut.agreed_share if cut is not None and year >= cut.financial_year else 1.0

    def phases(self, measure: Measure) -> tuple[Phase, ...]:
        """The parts in which a measure's costs are in force, as far as its money is agreed."""
        cut = self.cut
        if cut is None:
            return measure.phases
        return tuple(
            part for phase in measure.phases for part in phase.cut(cut.agreed_share, cut.date)
        )

    @property
    def states_money(self) -> bool:
        """Whether a package or a line says what money is planned."""
        return self.package is not None or any(measure.planned_gbp for measure in self.measures)

    def source_of_funds(self, year: str, line: str) -> str:
        """Where a line's money of a financial year comes from: "reserves", "base" or "grant"."""
        own = next((m.source_of_funds for m in self.measures if m.key == line), {})
        past = [own[first] for first in sorted(own) if first <= year]
        if past:
            return past[-1]
        if self.package is None:
            return "base"
        agreed = [item for item in self.package.funding if item.financial_year <= year]
        return (agreed or [self.package.funding[0]])[-1].source_of_funds

    def cut_off(self, council: Council) -> list[str]:
        """What costs in the run and acts only after it, in words."""
        last = council.last_date
        return [text for measure in self.measures if (text := measure.cut_off(last))]

    def warnings(self, council: Council) -> list[str]:
        """Lines that are allowed but that the reader should know of."""
        last = council.last_date
        late = [
            f"{measure.key}: starts on {measure.start}, after the run's last day, {last};"
            " it will do nothing"
            for measure in self.measures
            if measure.start > last
        ] + [
            f"{measure.key}: money is planned for part of {max(measure.planned_gbp)} alone; the"
            " same sum will be planned for each whole year after it"
            for measure in self.measures
            if measure.plans_part_year_on(last)
        ]
        parts = [
            f"{measure.key}: {part}"
            for measure in self.measures
            if measure.start <= last
            for part in measure.outside(last)
        ]
        return late + parts


def _check_adds_up(package: Package, measures: tuple[Measure, ...]) -> None:
    fte = sum(measure.funded_fte for measure in measures)
    if abs(fte - package.fte) > 1e-6:
        raise ValueError(
            f"the lines' FTE sum to {fte:g}, the package is {package.fte:g}"
            "|Change a line's fte, or package.fte"
        )
    agreed = {item.financial_year: item.gbp for item in package.funding}
    for measure in measures:
        stray = sorted(set(measure.planned_gbp) - set(agreed))
        if stray:
            raise ValueError(
                f"line '{measure.key}' plans money in {stray[0]}, which the package doesn't fund"
                "|Add the year to package.funding, or move the money"
            )
    for year, gbp in agreed.items():
        planned = sum(measure.planned_gbp.get(year, 0.0) for measure in measures)
        if abs(planned - gbp) > 0.5:
            raise ValueError(
                f"the lines' money in {year} sums to £{planned:,.0f}, the package is £{gbp:,.0f}"
                "|Change a line's planned_gbp, or package.funding"
            )


def baseline() -> Scenario:
    """Doing nothing."""
    return Scenario(key=BASELINE_NAME, name="Do nothing")


def load_scenario(name: str, council: Council, sources: Sources) -> Scenario:
    """A scenario by shipped name or file, checked against its council.

    Raises:
        InputError: the file is faulty, names an unknown source, or doesn't fit the council.
    """
    if name == BASELINE_NAME:
        return baseline()
    return read_scenario(locate(name, "scenarios"), council, sources)


def read_scenario(path: Path, council: Council, sources: Sources) -> Scenario:
    """A scenario from a file, checked against its council; the file's name is its key.

    Raises:
        InputError: the file is faulty, names an unknown source, or doesn't fit the council.
    """
    if not path.stem.isprintable():
        raise InputError(path, "has a name that can't be printed", "Rename the file")
    scenario = parse_scenario(path, council)
    check_sources(scenario, sources, path)
    check_fits(scenario, council, path)
    return scenario.model_copy(update={"key": path.stem})


def parse_scenario(path: Path, council: Council | None = None) -> Scenario:
    """A scenario from a file, with what it takes over from another; whether it fits apart.

    Args:
        path: the file.
        council: gives "day 0" a date and a share of the establishment a size; a file with either
            is refused without it.

    Raises:
        InputError: the file, or one that it extends, is faulty.
    """
    files, context = taken_over(path), seen_by_validators(council)
    # What is wrong with a file that is taken over is told with that file's name.
    return [parse(Scenario, data, file, context) for file, data in files][-1]


def check_fits(scenario: Scenario, council: Council, path: Path | str) -> None:
    """Refuse a scenario that is impossible in its council.

    Raises:
        InputError: naming the measure.
    """
    for index, measure in enumerate(scenario.measures):
        fault = measure.faults(council) or fault_between(scenario.measures, index, council)
        if fault:
            problem, _, remedy = fault.partition("|")
            raise InputError(f"{path}: measures.{index} ({measure.key})", problem, remedy)
        if measure.start < council.start_date:
            raise InputError(
                f"{path}: measures.{index}.start ({measure.key})",
                f"{measure.start} is before the first day, {council.start_date}",
                "Start the measure on or after the decision",
            )
    if scenario.package is not None:
        first = scenario.package.funding[0].financial_year
        if first < financial_year(council.start_date):
            raise InputError(
                f"{path}: package.funding",
                f"{first} is over on the first day, {council.start_date}",
                f"Fund from {financial_year(council.start_date)} onwards",
            )
