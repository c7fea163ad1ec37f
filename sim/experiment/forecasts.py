"""A back-test of all councils: each published figure beside what was forecast of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from sim.engine.records import Array
from sim.experiment.rivals import Rivals, rivals_of
from sim.experiment.scored import IN_POST, SCORED, Panel, Scored
from sim.experiment.scores import WIDTH_OF, crps, place_of, width
from sim.inputs.fates import join, key_of, mix, unit
from sim.published.lookup import size_group
from sim.published.record import Council

FEWEST_DRAWS = 2
RIVALS = ("persistence", "mean3", "shrinkage")


@dataclass(frozen=True)
class Forecast:
    """One published figure and the scores of what was forecast of it.

    Attributes:
        indicator: the published column.
        council: as it stood in the start year.
        start: year from which the forecast was made.
        year: of the figure.
        group: the council's group of size in the start year.
        published: the figure; rates as shares.
        low: what nine draws in ten are above.
        median: the middle of the draws.
        high: what nine draws in ten are below.
        place: of the figure among the draws, from 0 to 1.
        width: of the 80 % range, on the scale on which the indicator is scored.
        crps: of the draws, on that scale.
        rivals: CRPS by rival, on that scale.
    """

    indicator: str
    council: Council
    start: int
    year: int
    group: str
    published: float
    low: float
    median: float
    high: float
    place: float
    width: float
    crps: float
    rivals: Mapping[str, float]

    @property
    def ahead(self) -> int:
        """Years from the start to the figure."""
        return self.year - self.start


def forecasts_from(
    draws: Mapping[Council, Array], panel: Panel, start: int, seed: int
) -> Iterator[Forecast]:
    """What draws from a start year are worth, indicator by indicator.

    A figure counts where it is published, the council's own last figure is, and so is what each
    rival needs of it: all are scored on the same figures.

    Args:
        draws: by council, shape (indicators as in SCORED, years ahead, draws); nan where a draw
            has no value.
        panel: what is published, of those councils and perhaps more.
        start: the year from which was forecast.
        seed: of the luck that splits ties.
    """
    past = panel.up_to(start)
    for number, scored in enumerate(SCORED):
        for year in (each for each in panel.years if each > start):
            rivals = rivals_of(scored, past, year - start)
            outcomes = panel.scaled(scored, year)
            for place, council in enumerate(panel.councils):
                if council not in draws or math.isnan(outcomes[place]):
                    continue
                against = _against(rivals, place, float(outcomes[place]))
                values = draws[council][:, year - start - 1]
                if against is not None:
                    yield from _forecast(
                        scored,
                        values[number],
                        values[0],
                        panel,
                        place,
                        (start, year),
                        against,
                        seed,
                    )


def _against(rivals: Rivals, place: int, outcome: float) -> dict[str, float] | None:
    """The CRPS of each rival; nothing where one has no forecast for the council."""
    each = {name: getattr(rivals, name)[place] for name in RIVALS}
    if any(not len(draws) or np.isnan(draws).any() for draws in each.values()):
        return None
    return {name: crps(draws, outcome) for name, draws in each.items()}


def _forecast(
    scored: Scored,
    values: Array,
    staff: Array,
    panel: Panel,
    place: int,
    years: tuple[int, int],
    against: dict[str, float],
    seed: int,
) -> Iterator[Forecast]:
    """The forecast of a figure from its draws; none where too few have a value."""
    known = ~np.isnan(values)
    if known.sum() < FEWEST_DRAWS:
        return
    (start, year), council = years, panel.councils[place]
    printed = scored.printed(values[known])
    scaled = scored.scaled(printed, IN_POST.printed(staff[known]))
    outcome = float(panel.scaled(scored, year)[place])
    low, median, high = np.quantile(printed, ((1 - WIDTH_OF) / 2, 0.5, (1 + WIDTH_OF) / 2))
    yield Forecast(
        indicator=scored.name,
        council=council,
        start=start,
        year=year,
        group=size_group(float(panel.at(IN_POST.name, start)[place])),
        published=float(panel.at(scored.name, year)[place]),
        low=float(low),
        median=float(median),
        high=float(high),
        place=place_of(scaled, outcome, _luck(seed, council, scored.name, start, year)),
        width=width(scaled),
        crps=crps(scaled, outcome),
        rivals=against,
    )


def _luck(seed: int, council: Council, indicator: str, start: int, year: int) -> float:
    """A uniform number that belongs to one figure, whatever else is scored."""
    of = key_of(f"{council.code} {indicator} {start} {year}")
    return unit(mix(join(key_of(f"ties {seed}"), of)))
