"""Councils to measure on: Devon with its package, at several sizes and horizons."""

from __future__ import annotations

from dataclasses import replace

from sim.config.casework import Casework
from sim.config.council import Council
from sim.config.shipped import load_council, load_evidence
from sim.engine.engines import Engine
from sim.experiment.backtest import scaled
from sim.experiment.replicate import Study, make_study
from sim.inputs.run_options import RunOptions
from sim.scenario.scenario import baseline, load_scenario


def study(
    years: int | None = None,
    factor: int = 1,
    casework: bool = True,
    engine: Engine = Engine.COMPILED,
) -> Study:
    """Devon's study with its package, at another horizon or size, or of staffing alone."""
    evidence = load_evidence()
    council = load_council("devon_2021", evidence.sources)
    package = load_scenario("devon_package_48_fte", council, evidence.sources)
    if years is not None:
        council = council.model_copy(update={"horizon_years": years})
    if factor > 1:
        council = enlarged(council, factor)
    found = make_study(
        council, evidence.behaviour, (baseline(), package), 1, RunOptions(casework=casework)
    )
    return replace(found, engine=engine)


def enlarged(council: Council, factor: int) -> Council:
    """The council with all its totals and flows multiplied."""
    totals = council.totals
    sizes = {
        name: getattr(totals, name) * factor
        for name in type(totals).model_fields
        if name.endswith("_fte") and name != "part_time_fte"
    }
    starters = council.staffing.starters_fte_per_year
    more = starters.model_copy(
        update={n: getattr(starters, n) * factor for n in ("low", "central", "high")}
    )
    return council.model_copy(
        update={
            "totals": totals.model_copy(update=sizes),
            "staffing": council.staffing.model_copy(update={"starters_fte_per_year": more}),
            "frontline": None,
            "casework": enlarged_casework(council.casework, factor),
            "support_posts": tuple(
                item.model_copy(
                    update={"fte": item.fte * factor, "vacancy_fte": item.vacancy_fte * factor}
                )
                for item in council.support_posts
            ),
        }
    )


def enlarged_casework(casework: Casework | None, factor: int) -> Casework | None:
    """Children and flows multiplied."""
    if casework is None:
        return None
    stocks = casework.stocks
    more_stocks = {
        name: getattr(stocks, name) * factor
        for name in type(stocks).model_fields
        if name not in ("source", "note")
    }
    return casework.model_copy(
        update={
            "stocks": stocks.model_copy(update=more_stocks),
            "demand": casework.demand.model_copy(
                update={
                    "referrals_per_year": scaled(casework.demand.referrals_per_year, factor),
                    "published": {
                        year: factor * count for year, count in casework.demand.published.items()
                    },
                }
            ),
            "flows": casework.flows.model_copy(
                update={
                    "care_entries_per_year": scaled(casework.flows.care_entries_per_year, factor)
                }
            ),
        }
    )
