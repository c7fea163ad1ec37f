"""What a results store is asked to hold: cells, and the blocks of runs to compute for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sim.experiment.design import Point
from sim.experiment.keys import block_key, study_digest
from sim.experiment.replicate import AS_ASKED, Condition, Study, Task, make_tasks
from sim.experiment.results_layout import Frame, frame_of, lines_of
from sim.experiment.runner import Block, in_blocks
from sim.inputs.draws import CENTRAL_DRAW
from sim.inputs.plan import Plan


@dataclass(frozen=True)
class Cell:
    """Scenarios for which the same numbers are known for certain: they share doing nothing.

    Attributes:
        number: in the store, from 1.
        study: doing nothing, then the others.
        points: the point of a sweep that each of the study's scenarios is of; None for none.
        plans: a central plan of each scenario: names, dates and lines.
        digest: hash of the study.
        first: number in the store of its first scenario.
        pairs: by condition, how many pairs are run under it, from the first on.
        drawn_as: number of a cell that draws the same numbers; its own where there is none.
    """

    number: int
    study: Study
    points: tuple[Point | None, ...]
    plans: tuple[Plan, ...]
    digest: str
    first: int
    pairs: Mapping[Condition, int]
    drawn_as: int

    @cached_property
    def frame(self) -> Frame:
        """Names along the axes of its series."""
        return frame_of(self.plans[0])

    @cached_property
    def lines(self) -> tuple[tuple[str, ...], ...]:
        """By scenario: the lines of its ledger."""
        return tuple(lines_of(plan) for plan in self.plans)

    def jobs(self) -> list[Job]:
        """Every block, in the order of the draws."""
        asked = {condition: n for condition, n in self.pairs.items() if condition != AS_ASKED}
        return [self.job(block) for block in in_blocks(make_tasks(self.pairs[AS_ASKED], asked))]

    def job(self, block: Block) -> Job:
        """One block of it."""
        return Job(self, block, block_key(self.digest, block))


@dataclass(frozen=True)
class Job:
    """A block to run, for the store to keep under its key."""

    cell: Cell
    block: Sequence[Task]
    key: str

    @property
    def draw(self) -> int:
        """Its draw."""
        return self.block[0].draw


def make_cell(
    study: Study,
    pairs: Mapping[Condition, int],
    number: int = 1,
    first: int = 0,
    points: Sequence[Point | None] = (),
    drawn_as: int | None = None,
) -> Cell:
    """A cell of a study.

    Args:
        study: doing nothing, then the others.
        pairs: by condition, how many pairs are run under it.
        number: in the store.
        first: number in the store of its first scenario.
        points: the point of each scenario, in a sweep.
        drawn_as: number of a cell that draws the same numbers; None for none.
    """
    plans = tuple(study.plan(scenario, CENTRAL_DRAW) for scenario in study.scenarios)
    where = tuple(points) or (None,) * len(plans)
    digest = study_digest(study)
    return Cell(number, study, where, plans, digest, first, pairs, drawn_as or number)
