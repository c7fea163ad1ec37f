"""Which vacancy elasticity gives the record's pull of vacancies on the growth of staff?

    python -m tests.recovery.elasticity --councils 36 --tables 30

The engine simulates tables of councils that do nothing from 2018, at known elasticities and with
the same random numbers at each. They are rounded, and vacancies miscounted, as the published ones
may be, and the same estimator reads both.

Marks, set before the first run. The pull tells elasticities apart if that at 0.8 and that at 0.1
lie further apart than two standard errors of the record's own. If so, the range of the elasticity
narrows to those whose pull is within two standard errors of the record's, whatever the pull is that
runs follow through what is expected of a year; if not, it stays as it is.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

import numpy as np

from sim.config.council import Council
from sim.config.shipped import load_evidence
from sim.dates import is_census_day
from sim.experiment.council_then import maker_of
from sim.experiment.forecast_runs import Asked, jobs_of
from sim.experiment.replicate import GAMMA, Condition, Study, make_study
from sim.inputs.fates import Fates, key_of
from sim.outcomes.indicators import INDEX
from sim.outcomes.workforce import measure_workforce
from sim.published.estimates import posts_histories
from sim.published.record import Record, load_record
from sim.scenario.scenario import baseline
from tests.recovery.pull import Array, pull_of

START, YEARS = 2018, 4
IMPOSED = "growth.pull_on_staff"
CONDITIONS: tuple[tuple[str, dict[str, float]], ...] = (
    ("elasticity 0.1", {GAMMA: 0.1}),
    ("elasticity 0.4", {GAMMA: 0.4}),
    ("elasticity 0.8", {GAMMA: 0.8}),
    ("elasticity 0.4, pull expected of a year 0.10", {GAMMA: 0.4, IMPOSED: 0.10}),
    ("elasticity 0.4, pull expected of a year 0.30", {GAMMA: 0.4, IMPOSED: 0.30}),
)
"""What is known for certain in each set of tables; all else is drawn."""
MISCOUNTS = (0.0, 0.03)
"""Standard deviations of errors in the vacancy rate of one census: none, and the largest that the
record allows, as if all of the fall of vacancies after a year of many were miscounting."""
_ROWS = [INDEX["inpost_fte"], INDEX["vacancy_fte"]]


def published(record: Record) -> tuple[Array, Array]:
    """Staff in post and vacancies of all councils, each (councils, years)."""
    years = record.years()
    histories = posts_histories(record, years[-1]).values()
    found = np.full((2, len(histories), len(years)), np.nan)
    for place, own in enumerate(histories):
        for year, posts in own.items():
            found[:, place, years.index(year)] = posts.staff, posts.vacancies
    return found[0], found[1]


def councils_of(record: Record, most: int) -> list[Council]:
    """Councils of the start year, evenly spread by size, as their files would have been made."""
    make = maker_of(record.up_to(START), START)
    jobs = jobs_of(record, Asked(START, START + 1, most=most))
    made = [make(job.council) for job in jobs]
    return [council.model_copy(update={"horizon_years": YEARS}) for council in made]


def tables_of(study: Study, known: dict[str, float], tables: int) -> Array:
    """A council's staff in post and vacancies at its censuses: (tables, 2, 1 + years)."""
    condition = Condition(fixed=tuple(known.items()))
    totals = study.council.totals.central
    found = np.empty((tables, 2, 1 + YEARS))
    found[:, :, 0] = totals.inpost_fte, totals.vacancy_fte
    for number in range(tables):
        plan = study.plan(baseline(), number + 1, condition)
        records = study.simulate(plan, Fates(study.seed, number))
        table = measure_workforce(plan, records, study.targets)[_ROWS, 0]
        found[number, :, 1:] = table[:, [is_census_day(date) for date in plan.period_dates]]
    return found


def as_printed(tables: Array, miscount: float) -> Array:
    """Tables with vacancies miscounted, to a tenth of an FTE: (councils, tables, 2, years)."""
    random = np.random.default_rng(1)
    staff, vacant = tables[:, :, 0], tables[:, :, 1]
    error = miscount * (staff + vacant) * random.standard_normal(staff.shape)
    return np.round(np.stack([staff, np.maximum(0.0, vacant + error)], axis=2), 1)


def slopes_of(tables: Array, miscount: float) -> Array:
    """The pull that each table of all councils has, (tables,)."""
    printed = as_printed(tables, miscount)
    return np.array([pull_of(*printed[:, number].swapaxes(0, 1)).slope
                     for number in range(printed.shape[1])])  # fmt: skip


def told(slopes: Array) -> str:
    """The mean of the tables, how well it is known, and how far one table may be off."""
    spread = slopes.std(ddof=1)
    error = spread / np.sqrt(len(slopes))
    return f"{slopes.mean():+.3f} ({error:.3f}), one table {spread:.3f}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Simulate, read back, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--councils", type=int, default=36)
    parser.add_argument("--tables", type=int, default=30)
    asked = parser.parse_args(arguments)
    record, behaviour = load_record(), load_evidence().behaviour
    own = pull_of(*published(record))
    print(f"record: {own.slope:.3f} ({own.error:.3f})", flush=True)
    began = time.monotonic()
    studies = [
        make_study(council, behaviour, (baseline(),), key_of(council.name), record=record)
        for council in councils_of(record, asked.councils)
    ]
    found: dict[tuple[str, float], Array] = {}
    for name, known in CONDITIONS:
        tables = np.stack([tables_of(study, known, asked.tables) for study in studies])
        for miscount in MISCOUNTS:
            found[name, miscount] = slopes_of(tables, miscount)
            print(f"{name}; miscount {miscount:.2f}: {told(found[name, miscount])}", flush=True)
    low, _, high = (name for name, _ in CONDITIONS[:3])
    for miscount in MISCOUNTS:
        apart = found[high, miscount] - found[low, miscount]
        print(f"{high} less {low}; miscount {miscount:.2f}: {told(apart)}")
    print(f"{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
