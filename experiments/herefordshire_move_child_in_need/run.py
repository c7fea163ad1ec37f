"""Child in need stays in assessment: alone, with the six posts, with a third team, or with none."""

import datetime as dt

from sim.cli import run_file
from sim.experiment.parts import both
from sim.experiment.replicate import NO_INTERNAL_MOVES
from sim.presentation.charts.load import load_by_team
from sim.presentation.experiment import Bench
from sim.presentation.posts_answer import say_changes, say_later

PAIRS = 200
COUNCIL = "herefordshire_2019"
LATER = dt.date(2022, 3, 31)


def run(bench: Bench) -> None:
    posts = bench.scenario("herefordshire_six_posts", COUNCIL)
    moved = bench.scenario("herefordshire_move_child_in_need", COUNCIL)
    third = bench.scenario("herefordshire_third_team", COUNCIL)
    options = (moved, posts, both(posts, moved), third)
    runs = [
        ("on", bench.compare(bench.study(COUNCIL, options))),
        ("off", bench.compare(bench.study(COUNCIL, options, fixed=NO_INTERNAL_MOVES))),
    ]
    say_later(bench, runs, LATER)
    say_changes(bench, runs, LATER)
    chart = load_by_team(runs[0][1])
    if chart is not None:
        bench.chart(chart)


if __name__ == "__main__":
    run_file(__file__)
