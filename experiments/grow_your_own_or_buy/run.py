"""Twelve places a year by each route: abroad, bursaries, apprenticeships, or agency as it is."""

from sim.cli import run_file
from sim.presentation.charts.routes import workforce, workforce_by_route
from sim.presentation.experiment import Bench
from sim.presentation.routes_answer import say_agency, say_arrivals, say_by_year

PAIRS = 400
COUNCIL = "devon_2021"
ROUTES = ("overseas", "bursaries", "apprenticeships")


def run(bench: Bench) -> None:
    bench.say("Staffing alone (caseloads act on nobody), twelve places a year by each route.")
    done = bench.compare(bench.study(COUNCIL, ROUTES, cases=False))
    say_by_year(bench, done)
    say_arrivals(bench, done)
    say_agency(bench, done)
    layers = [workforce(done, s) for s in range(len(done.scenarios))]
    bench.chart(workforce_by_route(done, layers))


if __name__ == "__main__":
    run_file(__file__)
