"""What a back-test is held against: forecasts made of published figures alone.

Each gives draws of a council's figure some years on, on the scale on which it is scored. All see
the record up to the start year and nothing after it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.engine.records import Array
from sim.experiment.scored import IN_POST, Panel, Scored, ScoredOn

LIKE = 40
"""How many councils, nearest in staff in post, are of like size."""
MEAN_OF = 3
STEPS_DRAWN = 400
"""Draws of a regression that is iterated; else every error of the past is one draw."""
_SEED = 20180930


@dataclass(frozen=True)
class Rivals:
    """The draws of the rivals of one indicator, by council, from one start year so many years on.

    Attributes:
        persistence: last year's figure, with the changes of councils of like size.
        mean3: the mean of the last three years, with what came of it in councils of like size.
        shrinkage: a regression on the last figure; for staff in post, of growth on last growth.
    """

    persistence: list[Array]
    mean3: list[Array]
    shrinkage: list[Array]


def rivals_of(scored: Scored, panel: Panel, ahead: int) -> Rivals:
    """The rivals of an indicator.

    Changes are those to the start year, over as many years as are ahead. Where the record is
    shorter, those over all of it are taken: for staff in post stretched by the root of the years,
    for other figures, which return, as they are. Where the council's own last figure is not
    published its draws are nan.

    Args:
        scored: the indicator.
        panel: the record up to the start year, its last; two years or more.
        ahead: years from the start year to the outcome, 1 or more.
    """
    table = np.stack([panel.scaled(scored, year) for year in panel.years])
    spell = min(ahead, len(table) - 1)
    walks = scored.scale is ScoredOn.LOG
    stretch = math.sqrt(ahead / spell) if walks else 1.0
    before = table[: len(table) - spell]
    like = _of_like_size(panel)
    rivals = Rivals(
        _with_like(table[-1], stretch * (table[-1] - before[-1]), like),
        _with_like(_last_mean(table), stretch * (table[-1] - _last_mean(before)), like),
        _by_growth(table, ahead) if walks else _by_level(table, ahead),
    )
    return Rivals(
        *([scored.within_bounds(draws) for draws in each] for each in vars(rivals).values())
    )


# Last year's figure, and the mean of three ------------------------------------------------


def _of_like_size(panel: Panel) -> list[list[int]]:
    """By council: the places of all councils of known size, nearest in staff in post first."""
    size = np.log(panel.at(IN_POST.name, panel.years[-1]))
    known = np.flatnonzero(~np.isnan(size))
    return [
        known[np.argsort(np.abs(size[known] - own), kind="stable")].tolist() if own == own else []
        for own in size
    ]


def _last_mean(table: Array) -> Array:
    """By council: the mean of its last three years, of those that are published."""
    last = table[-MEAN_OF:]
    known = ~np.isnan(last)
    total, count = np.where(known, last, 0.0).sum(axis=0), known.sum(axis=0)
    found: Array = np.divide(total, count, out=np.full(len(total), np.nan), where=count > 0)
    return found


def _with_like(centre: Array, changes: Array, like: Sequence[Sequence[int]]) -> list[Array]:
    """By council: its centre with the changes of councils of like size."""
    found = []
    for value, nearest in zip(centre, like, strict=True):
        known = [changes[place] for place in nearest if changes[place] == changes[place]]
        found.append(value + np.array(known[:LIKE]))
    return found


# Regression -------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Line:
    """A straight line through pairs, and what it misses them by."""

    level: float
    slope: float
    errors: Array

    def on(self, x: Array | float) -> Array | float:
        return self.level + self.slope * x


def _line(x: Array, y: Array) -> _Line:
    """Least squares over the pairs that are known; the mean of y where x is nowhere known."""
    known = ~np.isnan(y)
    both = known & ~np.isnan(x)
    if not both.any():
        mean = float(y[known].mean()) if known.any() else math.nan
        return _Line(mean, 0.0, y[known] - mean)
    from_mean = x[both] - x[both].mean()
    square = float(from_mean @ from_mean)
    slope = float(from_mean @ y[both]) / square if square > 0 else 0.0
    level = float(y[both].mean() - slope * x[both].mean())
    return _Line(level, slope, y[both] - level - slope * x[both])


def _by_level(table: Array, ahead: int) -> list[Array]:
    """The figure so many years on, regressed on the last: in one step, or a year at a time."""
    is_direct = ahead < len(table)
    length = ahead if is_direct else 1
    line = _line(table[:-length].ravel(), table[length:].ravel())
    steps = line.errors[None, :] if is_direct else _drawn(line, ahead, len(table))
    return [_iterated(line, float(value), steps)[-1] for value in table[-1]]


def _by_growth(table: Array, ahead: int) -> list[Array]:
    """Yearly growth regressed on the last year's, a year at a time.

    One year of growth tells no slope: then growth has England's mean and its spread.
    """
    growth = np.diff(table, axis=0)
    earlier, later = growth[:-1], growth[1:]
    if not len(later):
        earlier, later = np.full_like(growth, np.nan), growth
    line = _line(earlier.ravel(), later.ravel())
    steps = line.errors[None, :] if ahead == 1 else _drawn(line, ahead, len(table))
    usual = float(np.nanmean(growth))
    last = np.where(np.isnan(growth[-1]), usual, growth[-1])
    return [
        value + np.sum(_iterated(line, float(start), steps), axis=0)
        for value, start in zip(table[-1], last, strict=True)
    ]


def _drawn(line: _Line, ahead: int, years: int) -> Array:
    """Errors of the past for each year ahead, (years ahead, draws), independent of each other."""
    luck = np.random.Generator(np.random.PCG64(np.random.SeedSequence([_SEED, years, ahead])))
    drawn: Array = line.errors[luck.integers(len(line.errors), size=(ahead, STEPS_DRAWN))]
    return drawn


def _iterated(line: _Line, start: float, steps: Array) -> list[Array]:
    """The values of each year ahead, from a start and the errors of each year."""
    found: list[Array] = []
    value: Array | float = start
    for errors in steps:
        step: Array = line.on(value) + errors
        found.append(step)
        value = step
    return found
