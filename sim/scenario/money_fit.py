"""Planned money against what the posts of a line cost: warnings, no failures."""

from __future__ import annotations

from collections.abc import Iterator

from sim.config.council import Council
from sim.dates import add_years, financial_year_start
from sim.scenario.posts import ExtraPosts
from sim.scenario.scenario import Scenario

MONEY_APART = 0.25
"""Share by which a year's money may miss the cost of the posts that it is planned for."""


def money_gaps(scenario: Scenario, council: Council) -> Iterator[str]:
    """Lines of posts whose money of a whole financial year does not pay for them, or pays more.

    The last year that a line names is taken, if the line is there from its first to its last day.
    """
    for measure in scenario.measures:
        if not isinstance(measure, ExtraPosts) or not measure.planned_gbp or measure.costs:
            continue
        year = max(measure.planned_gbp)
        opens = financial_year_start(year)
        ends_within = measure.until is not None and measure.until < add_years(opens, 1)
        if max(phase.start for phase in measure.phases) > opens or ends_within:
            continue
        prices = council.money.unit_cost
        cost = sum(post.fte * prices[post.role].central for post in measure.posts)
        planned = measure.planned_gbp[year]
        if cost and abs(planned / cost - 1) > MONEY_APART:
            yield (
                f"{measure.key}: £{planned:,.0f} is planned for {year}, its {measure.funded_fte:g}"
                f" FTE cost about £{cost:,.0f}: {planned / cost - 1:+.0%}"
            )
