"""A sweep put together: cells that share what is known for certain, and the blocks to run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sim.config.council import Council
from sim.config.errors import InputError
from sim.config.sweep import SweepConfig
from sim.experiment.design import Point, points_of
from sim.experiment.keys import block_key, study_digest
from sim.experiment.replicate import (
    FATES_PER_DRAW,
    Study,
    Task,
    check_fixed,
    whole_draws,
)
from sim.experiment.runner import Block
from sim.experiment.sizes import PREFIX, is_size, resized
from sim.inputs.draws import CENTRAL_DRAW, quantities
from sim.inputs.plan import Plan
from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Cell:
    """Points at which the same numbers are known for certain: they share doing nothing.

    Attributes:
        number: from 1.
        study: doing nothing, then each point's scenarios.
        points: the point of each of the study's scenarios; None for doing nothing.
        plans: a central plan of each scenario: names, dates and lines.
        digest: hash of the study.
        first: number in the store of its first scenario.
    """

    number: int
    study: Study
    points: tuple[Point | None, ...]
    plans: tuple[Plan, ...]
    digest: str
    first: int


@dataclass(frozen=True)
class Job:
    """A block to run, for the store to keep under its key."""

    cell: Cell
    block: Block
    key: str

    @property
    def draw(self) -> int:
        """Its draw."""
        return self.block[0].draw


@dataclass(frozen=True)
class Sweep:
    """What is to be run.

    Attributes:
        config: what was asked.
        points: all points.
        cells: all cells.
    """

    config: SweepConfig
    points: tuple[Point, ...]
    cells: tuple[Cell, ...]

    @property
    def pairs(self) -> int:
        """Pairs of runs at each point."""
        return whole_draws(self.config.pairs)

    @property
    def runs(self) -> int:
        """All single runs."""
        return self.pairs * sum(len(cell.points) for cell in self.cells)

    def jobs(self) -> Iterator[Job]:
        """Every block, draw by draw, so that all points have as many runs at any time."""
        for first in range(0, self.pairs, FATES_PER_DRAW):
            block = tuple(Task(first + fate) for fate in range(FATES_PER_DRAW))
            for cell in self.cells:
                yield Job(cell, block, block_key(cell.digest, block))


def make_sweep(
    config: SweepConfig, base: Study, council: Council, scenarios: Sequence[Scenario]
) -> Sweep:
    """Work out points and cells, and check each.

    Args:
        config: what is asked.
        base: a study of doing nothing, from which all take council, evidence and seed.
        council: the council.
        scenarios: what is set beside doing nothing.

    Raises:
        InputError: a key is none, a value is beyond its bounds, or a measure can't be of a size.
    """
    with _placed(config):
        return _put_together(config, base, council, scenarios)


@contextmanager
def _placed(config: SweepConfig) -> Iterator[None]:
    """Give a fault in a number that is varied its place in the file."""
    try:
        yield
    except InputError as error:
        places = config.places
        if error.where in places:
            raise InputError(places[error.where], error.problem, error.remedy) from None
        for key in filter(is_size, places):
            if key.removeprefix(PREFIX) in error.where:
                where = f"{places[key]}: {error.where}"
                raise InputError(where, error.problem, error.remedy) from None
        raise


def _put_together(
    config: SweepConfig, base: Study, council: Council, scenarios: Sequence[Scenario]
) -> Sweep:
    known = quantities(base.behaviour, council, scenarios)
    points = points_of(config, known)
    at: dict[tuple[tuple[str, float], ...], list[Point]] = {}
    for point in points:
        for key, value in point.fixed:
            check_fixed(known, key, value)
        at.setdefault(point.fixed, []).append(point)
    shared = replace(base, known=known)
    cells: list[Cell] = []
    for number, (fixed, together) in enumerate(at.items(), 1):
        own: list[tuple[Point | None, Scenario]] = [(None, base.scenarios[0])]
        own += [(p, resized(s, p.sizes, council)) for p in together for s in scenarios]
        study = replace(shared, scenarios=tuple(s for _, s in own), fixed=fixed)
        cells.append(
            Cell(
                number,
                study,
                points=tuple(point for point, _ in own),
                plans=tuple(study.plan(scenario, CENTRAL_DRAW) for scenario in study.scenarios),
                digest=study_digest(study),
                first=sum(len(cell.points) for cell in cells),
            )
        )
    return Sweep(config, points, tuple(cells))
