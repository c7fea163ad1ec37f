"""0, 24, 48, 72 and 96 extra social work posts, from no response of hiring to a full one."""

from sim.cli import run_file
from sim.experiment.compare import headline_column
from sim.experiment.parts import times
from sim.presentation.charts.flows import people_in_and_out
from sim.presentation.charts.routes import workforce, workforce_by_route
from sim.presentation.experiment import Bench
from sim.presentation.filling_answer import chart_filling, say_filling

PAIRS = 200
COUNCIL = "devon_2021"
GAMMAS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
MULTIPLES = (1, 2, 3, 4)


def run(bench: Bench) -> None:
    unit = bench.scenario("extra_24_posts", COUNCIL)
    posts = [times(unit, number) for number in MULTIPLES]
    bench.say("Staffing alone (caseloads act on nobody): the question is of hiring.")
    done = bench.compare(bench.study(COUNCIL, posts, cases=False), gammas=GAMMAS)
    column = headline_column(done)
    say_filling(bench, done, column)
    bench.chart(chart_filling(done, column))
    bench.chart(people_in_and_out(done, (0, len(MULTIPLES)), column))
    layers = [workforce(done, s) for s in range(len(done.scenarios))]
    bench.chart(workforce_by_route(done, layers))


if __name__ == "__main__":
    run_file(__file__)
