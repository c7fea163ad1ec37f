"""A sweep put together: cells that share what is known for certain, and the blocks to run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sim.config.council import Council
from sim.config.errors import InputError
from sim.config.sweep import SweepConfig
from sim.experiment.cells import Cell, Job, make_cell
from sim.experiment.design import Point, points_of
from sim.experiment.replicate import AS_ASKED, Study, check_fixed, make_tasks, whole_draws
from sim.experiment.runner import in_blocks
from sim.experiment.sizes import PREFIX, is_size, resized
from sim.inputs.draws import quantities
from sim.scenario.scenario import Scenario


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
        for block in in_blocks(make_tasks(self.pairs)):
            yield from (cell.job(block) for cell in self.cells)


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
        first = sum(len(cell.points) for cell in cells)
        pairs = {AS_ASKED: whole_draws(config.pairs)}
        where = tuple(point for point, _ in own)
        cells.append(make_cell(study, pairs, number, first, where, drawn_as=1))
    return Sweep(config, points, tuple(cells))
