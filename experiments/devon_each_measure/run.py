"""Each measure of Devon's package alone, all but each, and the whole."""

from sim.cli import run_file
from sim.experiment.compare import headline_column
from sim.experiment.contributions import taken_apart
from sim.presentation.experiment import Bench
from sim.presentation.measures_answer import say_contributions, say_cost_only, say_each

PAIRS = 200
COUNCIL = "devon_2021"
CASE_PAIRS = 48


def run(bench: Bench) -> None:
    package = bench.scenario("devon_package_48_fte", COUNCIL)
    apart = taken_apart(package)
    staffing = bench.compare(bench.study(COUNCIL, apart, cases=False))
    column = headline_column(staffing)
    bench.say("Staffing alone (caseloads act on nobody):")
    say_contributions(bench, staffing, column)
    say_cost_only(bench, package)
    # Doing nothing, the whole and each alone: what children notice, at fewer pairs.
    alone = apart[: 1 + len(apart) // 2]
    cases = bench.compare(bench.study(COUNCIL, alone), min(CASE_PAIRS, bench.pairs))
    say_each(bench, "cases", cases, headline_column(cases))


if __name__ == "__main__":
    run_file(__file__)
