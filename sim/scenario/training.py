"""Training measures: bursaries and apprenticeships, whose people arrive years later."""

from __future__ import annotations

import datetime as dt
from abc import ABC
from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from sim.config.council import Council
from sim.config.quantity import Date, Frozen, GbpQuantity, Whole
from sim.config.routes import Route
from sim.dates import months_later
from sim.scenario.effects import Effects, TrainingIntake
from sim.scenario.intakes import WholePeople, check_dates, phasing_fault
from sim.scenario.measure import Measure


class Intake(Frozen):
    """People who begin to train together."""

    starts_on: Date
    places: WholePeople


class _Training(Measure, ABC):
    """Intakes of people who train for `months` and arrive as newly qualified workers.

    Completion and what the tie-in does to leaving are shared evidence (training in behaviour.toml).
    Those who leave within `tie_in_months` repay a share of `repayable_gbp`
    (exits.retention_recovery_share), less the time served.
    """

    ROUTE: ClassVar[Route]

    intakes: Annotated[tuple[Intake, ...], Field(min_length=1, max_length=60)]
    months: Annotated[Whole, Field(ge=3, le=60)]
    tie_in_months: Annotated[Whole, Field(ge=0, le=60)] = 0
    repayable_gbp: GbpQuantity | None = None

    @model_validator(mode="after")
    def _intakes_fit(self) -> Self:
        check_dates("intakes", [item.starts_on for item in self.intakes], self.start, self.end)
        if self.repayable_gbp is not None and self.tie_in_months == 0:
            raise ValueError(
                "repayable_gbp is given without a tie-in|Add tie_in_months, or leave it out"
            )
        return self

    def effects(self, values: Mapping[str, float]) -> Effects:
        """One intake after another."""
        return Effects(
            intakes=tuple(
                TrainingIntake(
                    start=item.starts_on,
                    number=number,
                    route=self.ROUTE,
                    people=item.places,
                    months=self.months,
                    tie_in_months=self.tie_in_months,
                    repayable_gbp=values.get("repayable_gbp", 0.0),
                )
                for number, item in enumerate(self.intakes)
                if item.places > 0
            )
        )

    @property
    def pays_later(self) -> bool:
        """For those who are in training when the line ends."""
        return True

    def outside(self, last: dt.date) -> list[str]:
        """Intakes that begin after the run."""
        return [
            f"the intake of {item.starts_on} begins after the run's last day, {last};"
            " it will do nothing"
            for item in self.intakes
            if item.starts_on > last
        ]

    def cut_off(self, last: dt.date) -> str:
        """Intakes that begin in the run and qualify after it."""
        late = [
            item
            for item in self.intakes
            if item.starts_on <= last < months_later(item.starts_on, self.months)
        ]
        if not late:
            return ""
        places = sum(item.places for item in late)
        return (
            f"{self.name}: {len(late)} of {len(self.intakes)} intakes ({places} places) qualify"
            f" after the run's last day, {last}: they cost, and bring nobody."
        )

    def faults(self, council: Council) -> str | None:
        """Intakes have dates of their own."""
        return phasing_fault(self.phasing, "intakes") or super().faults(council)


class Bursaries(_Training):
    """Students paid a bursary, who come once qualified.

    What it does not do: students do no work for the council; whether they would have come without a
    bursary is not asked; nobody is turned away for want of a place at a university.
    """

    ROUTE = Route.BURSARY

    kind: Literal["bursaries"]


class Apprenticeships(_Training):
    """Apprentices, who come once qualified.

    What it does not do: apprentices hold no post and no cases while they train, so the salary and
    supervision of an apprentice belong in its costs; posts that they leave are not emptied.
    """

    ROUTE = Route.APPRENTICE

    kind: Literal["apprenticeships"]
