"""The notes under the headline's tables: what they leave out, and what they rest on."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence

import numpy as np
from rich.text import Text

from sim.config.counted import counted
from sim.config.rules_taken import RulesTaken
from sim.experiment.compare import Comparison, headline_column
from sim.experiment.money import plain_lines
from sim.inputs.run_options import DemandScenario
from sim.outcomes.flows import FLOW_INDEX
from sim.presentation.amounts import pounds
from sim.presentation.budget_notes import budget_in_short, budget_notes
from sim.presentation.draw_notes import draw_notes, judged_note
from sim.presentation.headline_variants import DEMAND_WORDS
from sim.presentation.market_notes import agency_notes, fee_notes, rule_notes
from sim.presentation.note import Note
from sim.presentation.reaction_notes import reaction_notes
from sim.presentation.words import day, spread_of
from sim.scenario.scenario import Scenario


def conditions(comparison: Comparison) -> str:
    """Demand, loop and rules in a few words, for a title; empty where they are as usual."""
    options = comparison.study.options
    words = []
    if comparison.has_casework:
        if options.demand is not DemandScenario.UNCERTAIN:
            words.append(f"demand {DEMAND_WORDS[options.demand].lower()}")
        if not options.loop:
            words.append("overload without effect")
        if options.lead_practitioners is not RulesTaken.KNOWN:
            words.append(f"lead practitioners {options.lead_practitioners}")
        if not options.reaction:
            words.append("managers' reactions off")
    if options.agency_rules is not RulesTaken.KNOWN:
        words.append(f"agency rules {options.agency_rules}")
    return ", ".join(words)


def notes(comparison: Comparison) -> Text:
    """All notes, numbered, one a line."""
    found = every_note(comparison)
    return Text("\n".join(f"{number}. {note.text}" for number, note in enumerate(found, start=1)))


def every_note(comparison: Comparison) -> list[Note]:
    """All notes, those that matter most first."""
    budget = budget_notes(comparison)
    plain = [
        *_effect_notes(comparison),
        *_condition_notes(comparison),
        *rule_notes(comparison.study),
        *agency_notes(comparison.study),
        _luck_note(comparison),
        _precision_note(comparison),
    ]
    reactions = reaction_notes(comparison)
    return [
        *draw_notes(comparison),
        *(Note(text, budget_in_short(comparison) if text == budget[0] else "") for text in budget),
        judged_note(comparison),
        *(Note(text) for text in [*reactions, *plain] if text),
    ]


def _effect_notes(comparison: Comparison) -> list[str]:
    if not any(scenario.measures for scenario in comparison.scenarios):
        return []
    lines = [
        f"{scenario.label}: {plain.count} of {counted(len(scenario.measures), 'line')}"
        f" ({pounds(plain.planned)} of {pounds(plain.of)} planned over the run"
        f"{', savings left out' if plain.leaves_out_savings else ''})"
        f" {'is' if plain.count == 1 else 'are'} cost only: no effect is simulated."
        for s, scenario in enumerate(comparison.scenarios)
        if (plain := plain_lines(comparison, s)).count
    ]
    cut_off = dict.fromkeys(
        text
        for scenario in comparison.scenarios
        for text in scenario.cut_off(comparison.study.council)
    )
    return [
        *lines,
        *fee_notes(comparison.study),
        *cut_off,
        *end_notes(comparison.scenarios, comparison.dates[headline_column(comparison)]),
        _support_note(comparison),
        "People per post are told where posts are all that acts: elsewhere pay, training and hiring"
        " abroad bring some of those who are gained.",
        *_arrival_notes(comparison),
        *_money_notes(comparison),
        "Changes in permanent pay and agency spend save or cost cash, on the staffing budget."
        " Extra people in post and fewer empty posts save none.",
    ]


def end_notes(scenarios: Sequence[Scenario], date: dt.date) -> list[str]:
    """Lines whose last day is the headline's date, or is before it."""
    lines = []
    for scenario in scenarios:
        for measure in scenario.measures:
            if measure.end is None or measure.end > date:
                continue
            last = f"{scenario.label}: the last day of '{measure.name}' is {day(measure.end)}"
            if measure.end == date:
                lines.append(
                    f"{last}. Its posts and staff are counted on it; it is over the day after."
                )
            else:
                lines.append(f"{last}: it is over by {day(date)}.")
    return lines


def _arrival_notes(comparison: Comparison) -> list[str]:
    """How many a package has brought by ways of its own, by the headline's date."""
    column = headline_column(comparison)
    lines = []
    for s, scenario in enumerate(comparison.scenarios):
        flows, parts = comparison.average.table(s, "flows"), []
        for flow, words in _OWN_WAYS.items():
            started = float(flows[:, FLOW_INDEX[flow], 0, : column + 1].sum(axis=1).mean())
            if started > 0.0:
                parts.append(f"{started:.1f} FTE {words}")
        if parts:
            lines.append(
                f"{scenario.label}: {', '.join(parts)} have started by"
                f" {comparison.dates[column]:%d %B %Y}; how many are sought is judgement."
            )
    return lines


_OWN_WAYS = {
    "starters_overseas": "from abroad",
    "starters_bursary": "with a bursary",
    "starters_apprentice": "as apprentices who have qualified",
}


def _money_notes(comparison: Comparison) -> list[str]:
    """What becomes of money that is not spent, or not agreed."""
    lines = []
    if any(_reserves_first(scenario) for scenario in comparison.scenarios):
        lines.append("One-off money that is not spent stays in reserves: nothing is carried over.")
    if any(scenario.cut is not None for scenario in comparison.scenarios):
        lines.append(
            "Where the base budget is not all agreed, vacant posts without money close on 1 April."
            " Held ones stay until their holder leaves: their cost has no budget, and"
            " people gained per post counts them as funded while they are held."
        )
    return lines


def _reserves_first(scenario: Scenario) -> bool:
    package = scenario.package
    return package is not None and package.funding[0].source_of_funds == "reserves"


def _support_note(comparison: Comparison) -> str:
    if comparison.has_casework:
        return (
            "Business support and family practitioners free social workers' time. Academy posts are"
            " filled and paid, but free none themselves."
        )
    return (
        "Support posts (business support, family practitioners, academy, recruitment) are filled"
        " and paid, but free no social work time: the council's file describes no children's cases."
    )


def _condition_notes(comparison: Comparison) -> list[str]:
    options = comparison.study.options
    if not comparison.has_casework:
        return []
    lines = []
    if options.demand is not DemandScenario.UNCERTAIN:
        lines.append(
            f"Referrals follow the demand scenario {options.demand.value}: ranges leave out that"
            " nobody knows how they will go."
        )
    if not options.loop:
        lines.append(
            "Overload has no effect (--loop off): it makes nobody leave, and managers buy no agency"
            " staff for it."
        )
    return lines


def _precision_note(comparison: Comparison) -> str:
    """How well averages are known, told of social workers in post or of what is added to them."""
    column, average = headline_column(comparison), comparison.average
    options = range(1, len(comparison.scenarios))
    found = [average.series(s, "inpost_fte", against=0) for s in options]
    found = found or [average.series(0, "inpost_fte")]
    half = max(float(one.mean_high_95[column] - one.mean[column]) for one in found)
    ranges = f"Ranges are what may happen: {spread_of(comparison.pairs)}."
    if math.isnan(half):
        return f"{ranges} Too few sets of assumptions to tell how well averages are known."
    what = "extra social workers" if options else "social workers"
    return (
        f"{ranges} Averages ({what} in post) are known to within {half:.1f} FTE; more runs sharpen"
        " the average, not the range."
    )


def _luck_note(comparison: Comparison) -> str:
    draws = len(np.unique(comparison.variants[0].draws))
    sets = counted(draws, "set of assumptions", "sets of assumptions")
    text = f"{counted(comparison.pairs, 'paired run')}: {sets}, two runs of chance each."
    if len(comparison.scenarios) < 2 or draws < 2:
        return text
    column = headline_column(comparison)
    difference = comparison.average.series(1, "inpost_fte", against=0)
    luck = math.sqrt(max(0.0, float(difference.luck_variance[column])))
    ignorance = math.sqrt(max(0.0, float(difference.ignorance_variance[column])))
    return (
        f"{text} Spread of the extra social workers in post ({comparison.scenarios[1].name}):"
        f" ±{luck:.1f} FTE from chance, ±{ignorance:.1f} from assumptions"
        " (standard deviations)."
    )
