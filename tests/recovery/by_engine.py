"""All councils simulated by the engine, written in the published layout and read back."""

from __future__ import annotations

from contextlib import suppress

import numpy as np

from sim.config.council import Council
from sim.config.errors import InputError
from sim.config.shipped import load_evidence
from sim.dates import is_census_day
from sim.experiment.council_then import maker_of
from sim.experiment.forecast_runs import Asked, jobs_of
from sim.experiment.replicate import make_study
from sim.inputs.fates import Fates, key_of
from sim.outcomes.indicators import INDEX
from sim.outcomes.workforce import measure_workforce
from sim.published.fitted import LEAVING, STARTERS
from sim.published.record import Record
from sim.scenario.scenario import baseline
from tests.recovery.simulated import COLUMNS, Array, Codes, Simulated, written

FIRST = 2018
_ROWS = [INDEX[name] for name in COLUMNS]


def councils_then(published: Record, most: int | None) -> dict[Codes, Council]:
    """Councils as their files would have been made in 2018: all, or so many of all sizes."""
    make = maker_of(published.up_to(FIRST), FIRST)
    years = published.years()[-1] - FIRST
    found: dict[Codes, Council] = {}
    for job in jobs_of(published, Asked(FIRST, FIRST + 1, most=most)):
        with suppress(InputError):  # Two councils are too small to have a file.
            made = make(job.council)
            found[job.council.codes] = made.model_copy(update={"horizon_years": years})
    return found


def by_engine(published: Record, councils: dict[Codes, Council], seed: int) -> Simulated:
    """One run of each council that does nothing; figures of its first year are the published ones.

    Each has a draw of its own, so a table's councils share no year and no growth.
    """
    behaviour, years = load_evidence().behaviour, len(published.years())
    tables: dict[Codes, Array] = {}
    leaving: dict[Codes, float] = {}
    joining: dict[Codes, float] = {}
    for codes, council in councils.items():
        own = key_of(f"{seed} {council.name}")
        study = make_study(council, behaviour, (baseline(),), own, record=published)
        values, plan = study.values(1), study.plan(baseline(), 1)
        records = study.simulate(plan, Fates(own, 0))
        table = measure_workforce(plan, records, study.targets)[_ROWS, 0]
        found = table[:, [is_census_day(date) for date in plan.period_dates]]
        unseen = np.full((len(COLUMNS), years - found.shape[1]), np.nan)
        tables[codes] = np.concatenate([unseen, found], axis=1)
        leaving[codes] = values[f"council.staffing.{LEAVING}"]
        starters = values[f"council.staffing.{STARTERS}"]
        joining[codes] = starters / council.totals.of_draw(values).inpost_fte
    return Simulated(written(published, tables), leaving, joining)
