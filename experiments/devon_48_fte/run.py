"""The package of 48 FTE in its three splits, and what of the answer survives what is not known."""

from sim.cli import run_file
from sim.experiment.compare import GAMMAS, demands_beside, headline_column
from sim.presentation.charts.extra import extra_in_post
from sim.presentation.experiment import Bench
from sim.presentation.package_answer import (
    case_claims,
    say_by_condition,
    say_conclusions,
    staffing_claims,
)

PAIRS = 400
COUNCIL = "devon_2021"
SPLITS = (
    "devon_package_48_fte",
    "devon_package_mostly_support",
    "devon_package_mostly_social_workers",
)
STAFFING = (("inpost_fte", 1), ("uncovered_existing_posts_fte", 1), ("agency_fte", 1))
CASES = (("load", 3), ("changes_of_worker_per_child", 3), ("unallocated", 0))


def run(bench: Bench) -> None:
    staffing = bench.compare(bench.study(COUNCIL, SPLITS, cases=False), gammas=GAMMAS)
    asked = bench.study(COUNCIL, SPLITS)
    fewer = bench.pairs // 4
    cases = bench.compare(
        asked, fewer, gammas=GAMMAS, gamma_pairs=fewer // 3,
        demands=demands_beside(asked), demand_pairs=fewer // 3,
    )  # fmt: skip
    bench.say("Staffing alone (caseloads act on nobody):")
    say_by_condition(bench, "staffing", staffing, STAFFING, headline_column(staffing))
    bench.say("With children's cases, the load loop on:")
    say_by_condition(bench, "cases", cases, CASES, headline_column(cases))
    say_conclusions(bench, "conclusions", staffing, staffing_claims)
    say_conclusions(bench, "conclusions_cases", cases, case_claims)
    bench.chart(extra_in_post(staffing))


if __name__ == "__main__":
    run_file(__file__)
