"""The answer as data: people, money, promises kept, and what the answer depends on.

The screen, the report and the page write these rows; none of them works a number out anew.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from enum import StrEnum

from sim.engine.records import Array
from sim.experiment.compare import ALL_INDICATORS, Comparison, headline_column
from sim.experiment.financial_years import YearSpan, year_spans
from sim.experiment.ledger import PACKAGE
from sim.experiment.money import CostPer, cost_per_extra_fte_year
from sim.experiment.readings import change, full_year, reading
from sim.experiment.statistics import range_shares, summarise
from sim.outcomes.indicators import Direction
from sim.presentation.answer_depends import Dependency, can_be_told, dependencies
from sim.presentation.headline_notes import conditions, every_note
from sim.presentation.ranges import Runs, runs_of
from sim.scenario.scenario import Scenario

_DIRECTION = {indicator.name: indicator.direction for indicator in ALL_INDICATORS}
HALF_A_HUNDREDTH = 0.005
"""FTE are whole hundredths: sums of them differ by less than this from what they add up to."""


class Unit(StrEnum):
    """What the numbers of a row count; shares and pounds are scaled when they are written."""

    FTE = "FTE"
    CHILDREN = "children"
    SHARE = "%"
    GBP = "£"


@dataclass(frozen=True)
class AnswerRow:
    """One quantity: doing nothing, with each option, and the change that each option makes.

    Attributes:
        name: the indicator, or what the money is, as a key.
        label: in words, without its unit.
        unit: what its numbers count; shares are fractions and money is pounds.
        better: which way is better; NONE where it depends.
        nothing: runs of doing nothing, or of the one scenario that was run; None without a value.
        options: runs with each option, in the order of the options.
        changes: each option less doing nothing, run by run.
    """

    name: str
    label: str
    unit: Unit
    better: Direction
    nothing: Runs | None
    options: tuple[Runs | None, ...] = ()
    changes: tuple[Runs | None, ...] = ()

    @property
    def has_values(self) -> bool:
        """Whether anything is known of it."""
        return any(runs is not None for runs in (self.nothing, *self.options, *self.changes))


@dataclass(frozen=True)
class MoneyYear:
    """Money of one financial year, GBP cash.

    Attributes:
        year: the financial year, such as 2023/24.
        first: its first day in the run where that is after 1 April; else None.
        voted: by option: planned money; None where the option states none.
        spent: what each option's own lines spend, range over runs.
        net: change in all of the council's spending, range over runs.
    """

    year: str
    first: dt.date | None
    voted: tuple[float | None, ...]
    spent: AnswerRow
    net: AnswerRow


@dataclass(frozen=True)
class Promise:
    """Something that the council set out to reach.

    Attributes:
        label: in words: "48 people more".
        nothing: share of runs in which doing nothing keeps it; None where it can't.
        kept: share of runs in which each option keeps it.
        reached: how much of it is reached: FTE or people.
    """

    label: str
    nothing: float | None
    kept: tuple[float, ...]
    reached: AnswerRow


@dataclass(frozen=True)
class Answer:
    """All that the answer says.

    Attributes:
        question: in words.
        council: its name.
        date: of people and children.
        pairs: how many paired runs there are.
        options: labels of the scenarios other than doing nothing; none of a single run.
        alone: label of the one scenario that was run on its own; empty for a comparison.
        rows: people, posts and children on the date.
        money: the financial year of day 0, and a full one.
        per_worker_year: net cost of a worker-year gained, to the date; None of a single run. A run
            that gains nothing counts as infinite.
        promises: what was set out to be reached.
        depends_on: what moves the answer beyond chance, the strongest first.
        can_be_told: whether there are draws enough to tell a number that moves it.
        precision_fte: how well the averages of people are known; nan with too few draws.
        notes: those that matter most, one line each, with their numbers among all notes.
    """

    question: str
    council: str
    date: dt.date
    pairs: int
    options: tuple[str, ...]
    alone: str
    rows: tuple[AnswerRow, ...]
    money: tuple[MoneyYear, ...]
    per_worker_year: AnswerRow | None
    promises: tuple[Promise, ...]
    depends_on: tuple[Dependency, ...]
    can_be_told: bool
    precision_fte: float
    notes: tuple[tuple[int, str], ...]


_ROWS: tuple[tuple[str, str, Unit], ...] = (
    ("inpost_fte", "Social workers in post", Unit.FTE),
    ("uncovered_existing_posts_fte", "Empty posts without cover", Unit.FTE),
    ("agency_fte", "Agency staff", Unit.FTE),
    ("load", "Workload of a full caseload", Unit.SHARE),
    ("unallocated", "Children without a worker", Unit.CHILDREN),
    ("in_care_changed_twice_share", "In care, 2+ changes a year", Unit.SHARE),
)
"""Indicator, words and unit of the rows of people, posts and children."""


# The rows, read off a comparison ----------------------------------------------------------


def answer_of(comparison: Comparison) -> Answer:
    """The answer to a comparison, or to a run of one scenario on its own."""
    options, first = comparison.scenarios[1:], comparison.scenarios[0]
    column, chosen = headline_column(comparison), conditions(comparison)
    return Answer(
        question=_question(comparison) + (f" ({chosen})" if chosen else ""),
        council=comparison.study.council.name,
        date=comparison.dates[column],
        pairs=comparison.pairs,
        options=tuple(scenario.label for scenario in options),
        alone="" if options else first.label,
        rows=_rows(comparison, column),
        money=_money(comparison, column),
        per_worker_year=_per_worker_year(comparison, column) if options else None,
        promises=_promises(comparison, column),
        depends_on=dependencies(comparison, column, full_year(comparison, column)),
        can_be_told=can_be_told(comparison),
        precision_fte=_precision(comparison, column),
        notes=tuple(
            (number, note.short)
            for number, note in enumerate(every_note(comparison), start=1)
            if note.short
        ),
    )


def _question(comparison: Comparison) -> str:
    council, options = comparison.study.council.name, comparison.scenarios[1:]
    if len(options) > 1:
        return f"What if {council} chose one of {len(options)} options?"
    if options:
        return f"What if {council} chose this: {options[0].name}?"
    alone = comparison.scenarios[0]
    return f"What may happen in {council}{f': {alone.name}' if alone.measures else ''}?"


def _rows(comparison: Comparison, column: int) -> tuple[AnswerRow, ...]:
    rows = (_row(comparison, *row, column) for row in _ROWS)
    return tuple(row for row in rows if row.has_values)


def _row(comparison: Comparison, name: str, label: str, unit: Unit, column: int) -> AnswerRow:
    """An indicator on a date."""
    variant = comparison.variants[0]

    def level(scenario: int) -> Runs | None:
        return _runs(comparison, reading(variant, scenario, name, column))

    options = range(1, len(comparison.scenarios))
    return AnswerRow(
        name,
        label,
        unit,
        _DIRECTION[name],
        level(0),
        tuple(level(s) for s in options),
        tuple(_runs(comparison, change(variant, s, name, column)) for s in options),
    )


def _runs(comparison: Comparison, values: Array) -> Runs | None:
    """What the runs give of one number; None where none has a value."""
    runs = runs_of(summarise(values, comparison.variants[0].draws))
    return runs if runs.pairs else None


def _money(comparison: Comparison, column: int) -> tuple[MoneyYear, ...]:
    """The financial year of day 0, and the last that is over on the date, where it is another."""
    spans = year_spans(comparison.plans[0])
    years = sorted({0, full_year(comparison, column)})
    return tuple(_money_year(comparison, spans[i], i) for i in years)


def _money_year(comparison: Comparison, span: YearSpan, year: int) -> MoneyYear:
    """One financial year: each option beside doing nothing; of a single run its own spending."""
    options = range(1, len(comparison.scenarios))
    ledgers = comparison.ledgers
    lines = PACKAGE if options else slice(None)

    def spent(scenario: int, lines: slice) -> Array:
        return total_of_year(ledgers[scenario].spent_gbp, year, lines)

    def planned(scenario: int) -> float | None:
        if options and not comparison.scenarios[scenario].states_money:
            return None
        return float(total_of_year(ledgers[scenario].planned_gbp, year, lines).mean())

    every = slice(None)
    own = tuple(_runs(comparison, spent(s, lines)) for s in options)
    net = tuple(_runs(comparison, spent(s, every) - spent(0, every)) for s in options)
    base = _runs(comparison, spent(0, every))
    return MoneyYear(
        span.year,
        span.first if span.starts_late else None,
        tuple(planned(s) for s in (options or (0,))),
        AnswerRow("spent_gbp", "spent", Unit.GBP, Direction.NONE, None if options else base, own),
        AnswerRow("net_cost_gbp", "net cost to the council", Unit.GBP, Direction.DOWN, None, (),
                  net),
    )  # fmt: skip


def total_of_year(table: Array, year: int, lines: slice) -> Array:
    """Pounds of a ledger's lines in one financial year, by pair."""
    total: Array = table[:, year, lines].sum(axis=1)
    return total


def _per_worker_year(comparison: Comparison, column: int) -> AnswerRow:
    """What one more worker costs for a year; a run that gains nobody has no limit."""
    costs = tuple(
        _runs_of_ratio(cost_per_extra_fte_year(comparison, s, column))
        for s in range(1, len(comparison.scenarios))
    )
    label = "Net cost of a worker-year"
    return AnswerRow(
        "cost_per_extra_fte_year_gbp", label, Unit.GBP, Direction.DOWN, None, (), costs
    )


def _runs_of_ratio(found: CostPer) -> Runs | None:
    """The runs of a ratio; None where nothing is gained on average."""
    if math.isnan(found.ratio.value):
        return None
    low, high = range_shares(len(found.by_run))
    middle, least, most = found.at(0.5, low, high)
    return Runs(middle, least, most, found.ratio.value, len(found.by_run))


# Promises ---------------------------------------------------------------------------------


def _promises(comparison: Comparison, column: int) -> tuple[Promise, ...]:
    """People for the posts that are funded, and the posts that the council set out to fill."""
    options = range(1, len(comparison.scenarios))
    found = [_people_promised(comparison, column)] if options else []
    found += [
        _target(comparison, family, people, column)
        for family, people in comparison.study.targets.items()
    ]
    return tuple(promise for promise in found if promise is not None)


def _people_promised(comparison: Comparison, column: int) -> Promise | None:
    """As many people more as simulated posts are funded; None where an option funds none."""
    options = range(1, len(comparison.scenarios))
    wanted = [_simulated_fte(comparison.scenarios[s]) for s in options]
    if not all(fte > 0 for fte in wanted):
        return None
    gained = [change(comparison.variants[0], s, "inpost_all_roles_fte", column) for s in options]
    are_equal = len(set(wanted)) == 1
    return Promise(
        f"{wanted[0]:g} people more" if are_equal else "As many people as posts",
        None,
        tuple(
            float((gain >= fte - HALF_A_HUNDREDTH).mean())
            for gain, fte in zip(gained, wanted, strict=True)
        ),
        AnswerRow(
            "inpost_all_roles_fte", "People in post, all roles", Unit.FTE, Direction.UP, None, (),
            tuple(_runs(comparison, gain) for gain in gained),
        ),
    )  # fmt: skip


def _simulated_fte(scenario: Scenario) -> float:
    return sum(measure.funded_fte for measure in scenario.measures if measure.has_effect)


def _target(comparison: Comparison, family: str, people: int, column: int) -> Promise | None:
    """That every post which was empty on day 0 is filled; None where the model has none."""
    who = "" if family == "social_worker" else f"{family.replace('_', ' ')} "
    label = f"{people} {who}posts filled"
    row = _row(comparison, f"target_{family}", label, Unit.FTE, column)
    if not row.has_values:
        return None
    kept = [
        float(reading(comparison.variants[0], s, f"target_all_{family}", column).mean())
        for s in range(len(comparison.scenarios))
    ]
    return Promise(label, kept[0], tuple(kept[1:]), row)


def _precision(comparison: Comparison, column: int) -> float:
    """Half of the 95 % interval of the mean of people in post, or of what is added to them."""
    options, average = range(1, len(comparison.scenarios)), comparison.average
    found = [average.series(s, "inpost_fte", against=0) for s in options]
    found = found or [average.series(0, "inpost_fte")]
    return max(float(one.mean_high_95[column] - one.mean[column]) for one in found)
