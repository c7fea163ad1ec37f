"""Running the forecasts of a back-test: a council from a start year, and the draws it gives."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from sim.config.behaviour import Behaviour
from sim.config.council import Council
from sim.config.errors import InputError
from sim.dates import is_census_day
from sim.engine.engines import Engine
from sim.engine.records import Array
from sim.experiment.replicate import AS_ASKED, FATES_PER_DRAW, Task, make_study
from sim.experiment.runner import in_order, run_block
from sim.experiment.scored import SCORED
from sim.inputs.draws import CENTRAL_DRAW
from sim.inputs.fates import key_of
from sim.inputs.run_options import RunOptions
from sim.outcomes.indicators import INDEX
from sim.published.recipe import Recipe
from sim.published.recipe_fit import recipe_of
from sim.published.record import Council as PublishedCouncil
from sim.published.record import Record
from sim.scenario.scenario import baseline

FEWEST_YEARS = 2
"""Years of the record that a start year needs: without a change nothing can be learnt of any."""
Call = tuple[Callable[..., Array], tuple[object, ...]]
MakerOf = Callable[[Record, int], Callable[[PublishedCouncil], Council]]
"""From the record up to a year: what makes the config of each of its councils."""


class Model(StrEnum):
    """What forecasts: the engine, or the yearly recipe that it is to agree with."""

    ENGINE = "engine"
    RECIPE = "recipe"


@dataclass(frozen=True)
class Asked:
    """What a back-test is asked to forecast.

    Attributes:
        start: first year from which is forecast.
        until: last year of the figures that are forecast.
        runs: of each council from each start year.
        seed: same seed, same numbers.
        model: what forecasts.
        cases: whether the engine simulates children's cases; without them no caseload.
        most: how many councils, spread evenly by size; all where None.
    """

    start: int
    until: int
    runs: int = 200
    seed: int = 1
    model: Model = Model.ENGINE
    cases: bool = True
    most: int | None = None

    @property
    def starts(self) -> range:
        """Every year from which is forecast: each but the last."""
        return range(self.start, self.until)

    @property
    def options(self) -> RunOptions:
        """What is chosen about the engine's runs."""
        return RunOptions(casework=self.cases)


@dataclass(frozen=True)
class Job:
    """One council from one start year."""

    start: int
    council: PublishedCouncil

    @property
    def name(self) -> str:
        """What tells it apart, for a file's name."""
        return f"{self.start}_{'-'.join(self.council.codes)}"


def check_years(record: Record, asked: Asked) -> None:
    """Refuse years that the record does not reach.

    Raises:
        InputError: naming the option.
    """
    years = record.years()
    first, last = years[0] + FEWEST_YEARS - 1, years[-1]
    told = f"Tables are from {years[0]} to {last}"
    if not first <= asked.start < last:
        problem = f"is not from {first} to {last - 1}"
        needed = "A forecast needs its own year, the one before and one after"
        raise InputError(f"--start {asked.start}", problem, f"{told}. {needed}")
    if not asked.start < asked.until <= last:
        problem = f"is not from {asked.start + 1} to {last}"
        raise InputError(f"--until {asked.until}", problem, told)


def jobs_of(record: Record, asked: Asked) -> list[Job]:
    """Every council with staff in post from every start year, in order.

    Where only so many councils are asked for, they are those of the last start year, evenly spread
    by staff in post, from each year in which they have the same codes.
    """
    found = []
    codes = None if asked.most is None else _spread(_by_size(record, asked.starts[-1]), asked.most)
    for start in asked.starts:
        sized = _by_size(record, start)
        kept = [council for council in sized if codes is None or council.codes in codes]
        found += [Job(start, council) for council in sorted(kept, key=lambda c: c.code)]
    return found


def _by_size(record: Record, year: int) -> list[PublishedCouncil]:
    """Councils with staff in post, the smallest first."""
    sized = [(record.figure(c, "inpost_fte", year).value, c) for c in record.councils(year)]
    known = [(staff, council.code, council) for staff, council in sized if staff is not None]
    return [council for _, _, council in sorted(known, key=lambda row: row[:2])]


def _spread(councils: list[PublishedCouncil], most: int) -> set[tuple[str, ...]]:
    """The codes of so many of a list, evenly spread over it, its ends left out."""
    step = len(councils) / min(most, len(councils))
    places = range(min(most, len(councils)))
    return {councils[int((place + 0.5) * step)].codes for place in places}


def record_hash(record: Record) -> str:
    """SHA-256 of every cell of the record."""
    digest = hashlib.sha256()
    for edition in record.editions:
        for row in edition.rows:
            told = (row.table.name, row.level, row.codes, row.name, row.year, *row.cells.values())
            digest.update(repr(told).encode("utf-8", "backslashreplace"))
    return digest.hexdigest()


# Running ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Forecaster:
    """What runs jobs.

    Attributes:
        asked: what is asked.
        record: up to the last year; each job sees it up to its own start.
        maker_of: what makes councils for the engine.
        behaviour: the shared evidence.
        engine: which engine simulates.
    """

    asked: Asked
    record: Record
    maker_of: MakerOf
    behaviour: Behaviour
    engine: Engine

    def run(
        self, jobs: Iterable[Job], executor: Executor | None, refused: dict[Job, str]
    ) -> Iterator[tuple[Job, Array]]:
        """The draws of each job, shape (indicators as in SCORED, years ahead, draws), in order.

        Args:
            jobs: what to run.
            executor: where; None runs here.
            refused: filled with the jobs whose council can't be forecast, and why.
        """
        accepted: list[Job] = []
        calls = self._calls(jobs, accepted, refused)
        for number, draws in enumerate(in_order(calls, executor)):
            yield accepted[number], draws

    def _calls(
        self, jobs: Iterable[Job], accepted: list[Job], refused: dict[Job, str]
    ) -> Iterator[Call]:
        """What to call for each job, made when it is asked for."""
        calls: dict[int, Callable[[PublishedCouncil], Call]] = {}
        for job in jobs:
            if job.start not in calls:
                calls[job.start] = self._caller(job.start)
            try:
                call = calls[job.start](job.council)
            except InputError as error:
                refused[job] = error.line()
                continue
            accepted.append(job)
            yield call

    def _caller(self, start: int) -> Callable[[PublishedCouncil], Call]:
        """What gives the call that forecasts a council from a start year."""
        asked, years = self.asked, self.asked.until - start
        record = self.record.up_to(start)
        if asked.model is Model.RECIPE:
            recipe = recipe_of(record, start)
            return lambda council: _of_recipe(recipe, council, years, asked)
        make = self.maker_of(record, start)
        return lambda council: (
            engine_draws,
            (make(council), self.behaviour, years, asked, self.engine),
        )


def _of_recipe(recipe: Recipe, council: PublishedCouncil, years: int, asked: Asked) -> Call:
    if council not in recipe.starts:
        problem = "vacancies or staff in post are not published, or are too few"
        raise InputError(f"council '{council.name}'", problem, "Name another start year")
    return recipe_draws, (recipe, council, years, asked)


def recipe_draws(recipe: Recipe, council: PublishedCouncil, years: int, asked: Asked) -> Array:
    """What the yearly recipe forecasts of a council, (indicators, years ahead, draws)."""
    found = recipe.run(council, years, asked.runs, asked.seed)
    return np.stack([found[scored.name].T for scored in SCORED])


def engine_draws(
    council: Council, behaviour: Behaviour, years: int, asked: Asked, engine: Engine
) -> Array:
    """What the engine forecasts of a council that does nothing, (indicators, years ahead, draws).

    Each run has a set of assumptions of its own: the runs are draws of what is not known. No two
    councils have the same: what chance does to all draws would else look like the model's fault.
    """
    short = council.model_copy(update={"horizon_years": years})
    seed = key_of(f"{asked.seed} {council.name}")
    study = make_study(short, behaviour, (baseline(),), seed, asked.options, engine=engine)
    dates = study.plan(study.scenarios[0], CENTRAL_DRAW).period_dates
    censuses = [place for place, date in enumerate(dates) if is_census_day(date)]
    rows = [INDEX[scored.name] for scored in SCORED]
    tables = []
    for run in range(asked.runs):
        (result,) = run_block(study, (Task(FATES_PER_DRAW * run),))
        tables.append(result.outcomes[AS_ASKED][0].table[rows, 0][:, censuses])
    return np.stack(tables, axis=-1)
