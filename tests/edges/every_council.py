"""Every council of a year: made from the tables, checked and run, with and without more posts.

`make councils` says how long it takes, which councils needed a national figure, which lose or gain
more than half of their staff when they do nothing, and in which children wait for long. It ends
with 1 where there are such councils, or where one is refused that has its staff published and is
large enough.
"""

from __future__ import annotations

import argparse
import csv
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path

import numpy as np

from sim.config.council import Council
from sim.config.england import load_england
from sim.config.errors import InputError
from sim.config.load import parse
from sim.config.shipped import Evidence, check_sources, load_evidence
from sim.experiment.compare import Comparison, compare
from sim.experiment.pool import worker_pool
from sim.experiment.replicate import make_study
from sim.inputs.checks import check_council_fits
from sim.inputs.fates import key_of
from sim.inputs.run_options import AS_USUAL, STAFFING_ALONE
from sim.outcomes.runaway import MONTHS, SHARE, runs_away
from sim.published.council_file.fit import gaps
from sim.published.council_file.known import Everybody
from sim.published.council_file.make import MadeFile, make_file
from sim.published.record import shipped_record
from sim.scenario.scenario import baseline, load_scenario

NO_FAULT = ("too few for yearly rates to describe", "are not published")
"""Said of councils that are rightly refused."""
HALF = 0.5
"""Share of staff that no council loses or gains in the median of runs that do nothing."""


@dataclass(frozen=True)
class Outcome:
    """What became of one council.

    Attributes:
        refused: why there is no file, or why it was not accepted; empty where it ran.
        filled: whether a national figure stands in for one of its own.
        falls_back: whether its agency levels rest on less than its own and others' years.
        warnings: what does not fit together in its file.
        seconds: processor time.
        least, most: staff in post over those of day 0, median of runs that do nothing.
        waiting: children waiting over open ones, median at the month ends of doing nothing; the
            largest share that is reached or passed at six month ends on end.
        run_away: share of runs that do nothing in which children wait for too long.
        gained: FTE in post more with the posts at the end, mean.
    """

    council: str
    refused: str = ""
    filled: bool = False
    falls_back: bool = False
    warnings: int = 0
    seconds: float = 0.0
    least: float = 1.0
    most: float = 1.0
    waiting: float = 0.0
    run_away: float = 0.0
    gained: float = 0.0


@cache
def _evidence() -> Evidence:
    return load_evidence()


@cache
def everybody(year: int) -> Everybody:
    """The councils of a year."""
    return Everybody(shipped_record(), year, load_england(_evidence().sources))


def tried(year: int, code: str, pairs: int, staff_alone: bool) -> Outcome:
    """Make, check and run one council.

    Args:
        year: of the census.
        code: its code or codes.
        pairs: of runs.
        staff_alone: whether it does nothing, with no children: for more runs in the same time.
    """
    begun = time.process_time()
    every = everybody(year)
    council = next(each for each in every.councils if each.code == code)
    try:
        made, filled = _made(every, council.code)
        found = parse(Council, made.data, Path(council.name))
        check_sources(found, _evidence().sources, Path(council.name))
        tenth = load_scenario("posts_tenth", found, _evidence().sources)
        check_council_fits(found, _evidence().behaviour, tenth)
    except InputError as error:
        return Outcome(council.name, error.line())
    scenarios = [baseline()] if staff_alone else [baseline(), tenth]
    options = STAFFING_ALONE if staff_alone else AS_USUAL
    # No two councils have the same draws: what chance does to all would look like the model's.
    study = make_study(found, _evidence().behaviour, scenarios, key_of(council.name), options)
    outcome = measured(council.name, compare(study, pairs))
    told = {
        "filled": filled,
        "falls_back": study.agency_record.falls_back,
        "warnings": len(list(gaps(found, every.england))),
        "seconds": time.process_time() - begun,
    }
    return Outcome(**{**asdict(outcome), **told})


def _made(every: Everybody, code: str) -> tuple[MadeFile, bool]:
    """A council's file, and whether national figures had to stand in."""
    council = next(each for each in every.councils if each.code == code)
    try:
        return make_file(every, council), False
    except InputError:
        return make_file(every, council, fill=True), True


def measured(name: str, comparison: Comparison) -> Outcome:
    """What the outcome says of finished runs."""
    values, last = comparison.average.values, len(comparison.scenarios) - 1
    staff, waiting, children = (
        values(0, each) for each in ("inpost_fte", "unallocated", "open_children")
    )
    start = comparison.study.council.totals.central.inpost_fte
    path = np.median(staff, axis=0) / start
    share = np.nan_to_num(np.median(waiting / np.maximum(children, 1.0), axis=0))
    windows = np.lib.stride_tricks.sliding_window_view(share, MONTHS)
    return Outcome(
        name,
        least=float(path.min()),
        most=float(path.max()),
        waiting=float(windows.min(axis=1).max()),
        run_away=float(runs_away(waiting, children).mean()),
        gained=float((values(last, "inpost_fte")[:, -1] - staff[:, -1]).mean()),
    )


def said(outcomes: list[Outcome], year: int, taken: float) -> Iterator[str]:
    """What was found, a line a fact."""
    ran = [each for each in outcomes if not each.refused]
    yield f"{len(ran)} of {len(outcomes)} councils of {year} made, checked and run in {taken:.0f} s"
    seconds = [each.seconds for each in ran]
    yield (
        f"processor time {sum(seconds):.0f} s; of a council {statistics.median(seconds):.1f} s in"
        f" the median, {max(seconds):.1f} s at most"
    )
    yield from (f"refused: {each.refused}" for each in outcomes if each.refused)
    for words, chosen in (
        ("with a national figure in place of its own", [e for e in ran if e.filled]),
        ("with agency levels that fall back", [e for e in ran if e.falls_back]),
        ("with warnings", [e for e in ran if e.warnings]),
        ("that lose more than half of their staff", [e for e in ran if e.least < 1 - HALF]),
        ("that gain more than half of their staff", [e for e in ran if e.most > 1 + HALF]),
        (f"where over {SHARE:.0%} wait for {MONTHS} months", [e for e in ran if e.waiting > SHARE]),
    ):
        names = ", ".join(each.council for each in chosen)
        yield f"{len(chosen)} {words}{': ' if names and len(chosen) <= 30 else ''}" + (
            names if len(chosen) <= 30 else ""
        )
    yield (
        f"staff in post over those of day 0: {min(e.least for e in ran):.2f} to"
        f" {max(e.most for e in ran):.2f}; runs that run away:"
        f" {statistics.fmean(e.run_away for e in ran):.1%}"
    )


def faults(outcomes: list[Outcome]) -> list[Outcome]:
    """Councils that should not be as they were found."""
    return [
        each
        for each in outcomes
        if (each.refused and not any(reason in each.refused for reason in NO_FAULT))
        or each.least < 1 - HALF
        or each.most > 1 + HALF
        or each.waiting > SHARE
    ]


def main() -> None:
    """Try every council."""
    parser = argparse.ArgumentParser(prog="make councils", description=__doc__)
    parser.add_argument("--year", type=int, default=2021)
    parser.add_argument("--pairs", type=int, default=12)
    parser.add_argument(
        "--staff-alone", action="store_true", help="do nothing, with no children: for many runs"
    )
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, help="a CSV file with a row a council")
    options = parser.parse_args()
    begun = time.monotonic()
    calls = [
        (options.year, each.code, options.pairs, options.staff_alone)
        for each in everybody(options.year).councils
    ]
    with worker_pool(options.workers) as pool:
        if pool is None:
            outcomes = [tried(*call) for call in calls]
        else:
            waited = [pool.submit(tried, *call) for call in calls]
            outcomes = [each.result() for each in waited]
    for line in said(outcomes, options.year, time.monotonic() - begun):
        print(line)
    if options.out is not None:
        with options.out.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [each.name for each in fields(Outcome)])
            writer.writeheader()
            writer.writerows(map(asdict, outcomes))
    sys.exit(1 if faults(outcomes) else 0)


if __name__ == "__main__":
    main()
