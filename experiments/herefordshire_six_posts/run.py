"""Herefordshire's six posts beside the posts it rejected, its earlier offer, and doing nothing."""

import datetime as dt

from sim.cli import run_file
from sim.experiment.readings import column_of
from sim.experiment.replicate import NO_INTERNAL_MOVES
from sim.presentation.charts.flows import people_in_and_out
from sim.presentation.experiment import Bench
from sim.presentation.posts_answer import say_filled, say_later

PAIRS = 400
COUNCIL = "herefordshire_2019"
OPTIONS = (
    "herefordshire_six_posts",
    "herefordshire_unqualified_posts",
    "herefordshire_earlier_offer",
)
END_OF_YEAR, LATER = dt.date(2020, 3, 31), dt.date(2022, 3, 31)


def run(bench: Bench) -> None:
    runs = [
        ("on", bench.compare(bench.study(COUNCIL, OPTIONS))),
        ("off", bench.compare(bench.study(COUNCIL, OPTIONS, fixed=NO_INTERNAL_MOVES))),
    ]
    say_filled(bench, runs, END_OF_YEAR)
    say_later(bench, runs, LATER)
    done = runs[0][1]
    bench.chart(people_in_and_out(done, (0, 1), column_of(done, dt.date(2020, 11, 30))))


if __name__ == "__main__":
    run_file(__file__)
