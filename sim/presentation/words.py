"""Words that charts share: numbers, dates, scenario labels, sources."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence

from sim.config.counted import counted
from sim.dates import DAYS_PER_YEAR, financial_year_start
from sim.experiment import financial_years
from sim.experiment.compare import Comparison
from sim.experiment.money import plain_lines
from sim.experiment.statistics import FEWEST_RUNS
from sim.presentation.amounts import pounds

MOST_PANELS = 4


# Numbers and dates ------------------------------------------------------------------------


def number(value: float, places: int = 0) -> str:
    """A number with a proper minus sign; "no value" for nan."""
    if math.isnan(value):
        return "no value"
    text = f"{value:,.{places}f}"
    return text.lstrip("-") if float(text.replace(",", "")) == 0 else text.replace("-", "−")


def between(low: float, high: float, places: int = 0) -> str:
    """A range in words: "12 to 20", or one number if both ends look alike."""
    first, last = number(low, places), number(high, places)
    return first if first == last else f"{first} to {last}"


def day(date: dt.date) -> str:
    """A date in words: "31 March 2024"."""
    return f"{date.day} {date:%B %Y}"


def month(date: dt.date) -> str:
    """A month in words: "March 2024"."""
    return f"{date:%B %Y}"


def listed(items: Sequence[str]) -> str:
    """Items joined as a sentence joins them."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


# The comparison ---------------------------------------------------------------------------


def complete_years(comparison: Comparison) -> list[int]:
    """Indexes of the financial years that end within the run; the first may begin late."""
    years = comparison.ledgers[0].years
    whole = financial_years.complete_years(comparison.plans[0])
    return [i for i, year in enumerate(years) if year in whole]


def spread_of(pairs: int) -> str:
    """What the range of so many runs is called: a tenth of a few runs can't be told."""
    return "8 runs in 10" if pairs >= FEWEST_RUNS else f"all {pairs} runs"


def middle_of(pairs: int) -> str:
    """What stands over a number that is told with its range."""
    return f"middle run ({spread_of(pairs)})"


def one_run(pairs: int) -> str:
    """How many runs lie at or above the high end of that range."""
    return "1 run in 10" if pairs >= FEWEST_RUNS else f"1 run of {pairs}"


def part_year(comparison: Comparison) -> str:
    """A note on a first financial year that the run joins late; empty if it doesn't."""
    start = comparison.plans[0].start_date
    first = comparison.ledgers[0].years[0]
    if start == financial_year_start(first):
        return ""
    return f"{first} is a part-year, from {day(start)}."


def full_names(comparison: Comparison) -> list[str]:
    """Names of the scenarios as their authors wrote them."""
    return [scenario.name for scenario in comparison.scenarios]


def short_names(comparison: Comparison) -> list[str]:
    """Names short enough to stand at the end of a line."""
    return [scenario.label for scenario in comparison.scenarios]


def drawn(comparison: Comparison) -> int:
    """How many scenarios get a panel."""
    return min(MOST_PANELS, len(comparison.scenarios))


def first_only(comparison: Comparison) -> str:
    """A note that some scenarios get no panel; empty if all do."""
    among = len(comparison.scenarios)
    return f"First {MOST_PANELS} of {among} scenarios." if among > MOST_PANELS else ""


def not_drawn(comparison: Comparison, limit: int = MOST_PANELS) -> str:
    """Which scenarios the chart leaves out; empty if none."""
    left_out = full_names(comparison)[limit:]
    if not left_out:
        return ""
    verb = "is" if len(left_out) == 1 else "are"
    return f"Only the first {limit} scenarios are drawn; {listed(left_out)} {verb} left out."


def doing_nothing(comparison: Comparison) -> str:
    """What the scenarios are compared with."""
    return "the first scenario" if comparison.scenarios[0].measures else "doing nothing"


# The caption ------------------------------------------------------------------------------


def period(comparison: Comparison) -> str:
    """Place and months that the tables cover."""
    first, last = comparison.plans[0].start_date, comparison.dates[-1]
    return f"{comparison.study.council.name}, {month(first)} to {month(last)}"


def caption(comparison: Comparison) -> str:
    """Source, start position and warnings."""
    council = comparison.study.council
    years = comparison.plans[0].horizon / DAYS_PER_YEAR
    parts = [
        f"Source: caseholder simulation, {counted(comparison.pairs, 'paired run')}, seed"
        f" {comparison.study.seed}, {counted(round(years), 'year')}; start position:"
        f" {council.name}, {day(council.start_date)}, totals of {day(council.totals_date)}.",
        "How hiring responds to vacancies is judgement.",
        no_effect(comparison),
    ]
    return " ".join(part for part in parts if part)


def no_effect(comparison: Comparison) -> str:
    """How much of the packages' planned money buys nothing that is simulated."""
    scenarios = range(len(comparison.scenarios))
    plain = [found for s in scenarios if (found := plain_lines(comparison, s)).count]
    if not plain:
        return ""
    counts = [lines.count for lines in plain]
    count = between(min(counts), max(counts))
    amount = _money_range([lines.planned for lines in plain])
    of = _money_range([lines.of for lines in plain])
    spans = financial_years.year_spans(comparison.plans[0])
    return (
        f"{amount} of the package ({of} planned, {day(spans[0].first)} to {day(spans[-1].last)})"
        f" has no simulated effect ({counted(count, 'cost line')})."
    )


def _money_range(gbp: Sequence[float]) -> str:
    low, high = pounds(min(gbp)), pounds(max(gbp))
    return low if low == high else f"{low} to {high}"
