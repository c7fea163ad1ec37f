"""The question, and the answer in three sentences."""

from __future__ import annotations

from sim.papers.measures import SOCIAL_WORKERS
from sim.papers.phrases import NO_CHANGE, change_parts, date, fte, in_100, pounds, year
from sim.papers.rows import CHANGE, MONEY, OVER, PACKAGE, PLANNED, Row
from sim.papers.study import ENOUGH_RUNS, Option, PaperStudy


def question(study: PaperStudy) -> str:
    """What was asked."""
    if not study.chosen:
        return f"What if {study.council} did nothing?"
    return f"What if {study.council} chose this: {study.chosen[0].name}?"


def answer(study: PaperStudy) -> tuple[str, ...]:
    """The answer: people, money, and how it may fail; a level where nothing is compared."""
    if study.nothing is None or not study.chosen:
        option = study.options[0]
        return (
            f"On {date(study.headline)} {study.council} has"
            f" {SOCIAL_WORKERS.level(study, option)} FTE of social workers in post"
            f"{how(study)}.",
            "This study compares nothing: it has one option, so it can't tell what a decision"
            " would change.",
        )
    option = study.chosen[0]
    return people(study, option), cost(study, option), failure(study, option)


def how(study: PaperStudy) -> str:
    """What a range means, behind the sentence that has one; nothing of few runs."""
    return " in 8 runs of 10" if study.runs >= ENOUGH_RUNS else ""


def people(study: PaperStudy, option: Option) -> str:
    """What an option changes in social workers in post."""
    row = SOCIAL_WORKERS.row(study, option, CHANGE)
    if row is None:
        return "How many social workers more or fewer it brings is missing from this study."
    told, middle = change_parts(row, fte, "more", "fewer")
    if told == NO_CHANGE:
        told = "neither more nor fewer"
    behind = f" ({middle})" if middle else ""
    return (
        f"On {date(study.headline)} {study.council} has {told} social workers in post, in FTE, than"
        f" after doing nothing{how(study)}{behind}."
    )


def cost(study: PaperStudy, option: Option) -> str:
    """Its net cost to the headline's date, beside what is planned."""
    row = study.rows.find(MONEY, option.key, "net_cost_gbp", study.headline)
    if row is None:
        return "What it costs is missing from this study."
    return f"To that date it {net_cost(row)}{how(study)}{planned(study, option)}."


def planned(study: PaperStudy, option: Option) -> str:
    """Planned money to the headline's date, as a sentence on cost ends; empty if there is none."""
    total = planned_until(study, option)
    if not total:
        return ""
    told = pounds(total)(total)
    if not option.states_money:
        return f"; no money is stated, and all its posts would cost {told}"
    return f"; {told} is planned"


def net_cost(row: Row) -> str:
    """Net cost as a verb: "costs between", "saves between", or both."""
    write = pounds(max(abs(x) for x in (row.low, row.centre, row.high) if x == x))
    middle = f"(middle {write(abs(row.centre))} {_spent(row.centre)})"
    if not row.has_range:
        return f"{_verb(row.centre)} {write(abs(row.centre))}, net"
    if (row.low >= 0) == (row.high >= 0):
        low, high = sorted((abs(row.low), abs(row.high)))
        return (
            f"{_verb(row.high)} the council between {write(low)} and {write(high)}, net"
            f" (middle {write(abs(row.centre))})"
        )
    return f"lies between {write(-row.low)} saved and {write(row.high)} spent, net {middle}"


def _verb(gbp: float) -> str:
    return "costs" if gbp >= 0 else "saves"


def _spent(gbp: float) -> str:
    return "spent" if gbp >= 0 else "saved"


def planned_until(study: PaperStudy, option: Option) -> float:
    """Planned money of the financial years that end by the headline's date."""
    rows = [r for r in study.rows.of(PLANNED, option.key, line=PACKAGE) if r.last <= study.headline]
    return sum(row.mean for row in rows if row.mean == row.mean)


def failure(study: PaperStudy, option: Option) -> str:
    """How often money of the first year is left, and how often nothing is gained."""
    parts = []
    first = next(iter(study.rows.of(OVER, option.key, line=PACKAGE)), None)
    if first is not None and first.chance == first.chance and option.states_money:
        parts.append(f"money planned for {year(first.when)} is left in {in_100(first.chance)}")
    row = SOCIAL_WORKERS.row(study, option, CHANGE)
    if row is not None and row.chance == row.chance:
        worse = in_100(1 - row.chance)
        parts.append(f"the package brings fewer social workers than doing nothing in {worse}")
    if not parts:
        return "How often it fails is missing from this study."
    text = ", and ".join(parts)
    return f"{text[0].upper()}{text[1:]}."
