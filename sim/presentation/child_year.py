"""A child's year: one simulated child's case told in short sentences, from one run's events."""

from __future__ import annotations

import datetime as dt
import math
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from sim.config.counted import counted
from sim.dates import date_of
from sim.engine.trace import TraceEvent
from sim.experiment.replicate import Study
from sim.experiment.tracing import trace_events
from sim.inputs.draws import CENTRAL_DRAW
from sim.presentation.child_case import (
    AFTER,
    REFERRED_WITHIN_DAYS,
    CaseYear,
    Moment,
    Taken,
    case_years,
)
from sim.presentation.words import day, listed, number

FILE_NAME = "childs_year.txt"
TRACE_DAYS = 487
"""Sixteen months: the three in which the child is referred, the 12 after, and one to spare."""
WIDTH = 92
AGAIN = "referred again"

ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
)  # fmt: skip
LEFT_BY = {
    "out": "left the council",
    "to_agency": "left the council for agency work",
    "to_council": "left for another council",
    "contract_end": "left at the end of a contract",
}
AWAY = {"long-term sick": "went on long-term sick leave", "on long leave": "went on long leave"}
BEGUN = {
    "assessment": "an assessment of the child’s needs began",
    "section 47": "an enquiry began into whether the child was being harmed",
    "child in need": "a child in need plan began",
    "protection plan": "a conference put the child on a child protection plan",
    "pre proceedings": "pre-proceedings began, the last step before court",
    "looked after first year": "the child came into care",
    "court": "the case went to court and the child came into care",
    "looked after settled": "the child stayed in care",
    "care leaver": "the child left care as a care leaver",
}
BEGUN_AFTER = {
    ("assessment", "child in need"): "the assessment ended and a child in need plan began",
    ("section 47", "child in need"): (
        "the enquiry ended without a protection plan; a child in need plan began"
    ),
    ("protection plan", "child in need"): (
        "the protection plan ended and a child in need plan took its place"
    ),
    ("pre proceedings", "protection plan"): (
        "pre-proceedings ended without going to court; the protection plan went on"
    ),
    ("court", "looked after settled"): "court proceedings ended and the child stayed in care",
    ("looked after first year", "looked after settled"): "a first year in care ended",
}
CLOSED_AFTER = {
    "decision": "the referral went no further",
    "assessment": "the assessment found no need and the case closed",
}
STANDING = {
    "decision": "referred, awaiting a decision",
    "assessment": "in assessment",
    "section 47": "under an enquiry",
    "child in need": "on a child in need plan",
    "protection plan": "on a child protection plan",
    "pre proceedings": "on a child protection plan, in pre-proceedings",
    "looked after first year": "in care",
    "court": "in care, in court",
    "looked after settled": "in care",
    "care leaver": "a care leaver",
}

_Reasons = dict[tuple[str, float], str]
"""How somebody left, or why they were away, by name and day."""


def write_child_year(study: Study, folder: Path) -> Path | None:
    """Write a child's year under the study's first scenario, the central draw, into a folder.

    Args:
        study: what was asked.
        folder: where; it must exist.

    Returns:
        The file; None where the study has no children's cases.
    """
    events = trace_events(study, CENTRAL_DRAW, 0, TRACE_DAYS)
    council = study.council
    text = child_year_text(events, council.start_date, council.name, study.scenarios[0].name)
    if not text:
        return None
    path = folder / FILE_NAME
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def child_year_text(
    events: Sequence[TraceEvent],
    start: dt.date,
    council_name: str,
    scenario_name: str = "Do nothing",
) -> str:
    """A page on one child's case in the 12 months after its referral.

    Args:
        events: of one run, in order, to 12 months after the last referral that counts.
        start: date of day 0.
        council_name: the council.
        scenario_name: what it decides.

    Returns:
        The page; empty if no child was referred in the first three months.
    """
    years = case_years(events)
    if not years:
        return ""
    chosen = max(years, key=lambda year: (year.furthest, year.changes, -year.number))
    lines = [
        f"A child’s year: {council_name} ({scenario_name})",
        "",
        *_wrapped(_rule(years, start)),
        "",
        *_story(chosen, _reasons(events), start),
        "",
        *_wrapped(_counts(chosen)),
    ]
    return "\n".join(lines) + "\n"


def _reasons(events: Sequence[TraceEvent]) -> _Reasons:
    words = {"leaves": LEFT_BY, "absent": AWAY}
    return {
        (event.person, event.day): words[event.what][event.detail.removeprefix("exit: ")]
        for event in events
        if event.what in words and event.detail.removeprefix("exit: ") in words[event.what]
    }


# The page ---------------------------------------------------------------------------------


def _rule(years: list[CaseYear], start: dt.date) -> str:
    """How the child was chosen, and what is usual."""
    last = date_of(start, REFERRED_WITHIN_DAYS - 1)
    counts = sorted(year.workers for year in years)
    whole = sorted(year.workers for year in years if not year.closed)
    usual = (
        f"In the 12 months after referral the median child of these {number(len(years))} had"
        f" {_people(_quantile(counts, 0.5))}, the 90th percentile {_quantile(counts, 0.9)}"
    )
    if whole:
        usual += (
            f"; of the {number(len(whole))} whose case was still open after 12 months"
            f" {_quantile(whole, 0.5)} and {_quantile(whole, 0.9)}"
        )
    return (
        "A simulated child in one run, no real one, and not a typical one: of the"
        f" {counted(len(years), 'child', 'children')} referred from {day(start)} to {day(last)},"
        " the one whose case went furthest into protection or care in 12 months, of equals the one"
        f" with most changes of worker, then the lowest number. {usual}. Someone who only"
        " decides on a referral is not counted."
    )


def _quantile(ordered: Sequence[int], share: float) -> int:
    """The smallest value that this share of all does not exceed."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _people(count: int) -> str:
    return counted(count, "worker")


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, break_on_hyphens=False)


def _story(year: CaseYear, reasons: _Reasons, start: dt.date) -> Iterator[str]:
    """The case's moments as sentences with dates, then how it stands at the end."""
    uneventful: list[str] = []
    for moment in year.moments:
        if [event.what for event in moment.events] == ["review"]:
            uneventful.append(day(date_of(start, moment.day)))
            continue
        said = "; ".join(_said(moment, reasons))
        if said:
            yield from _reviews(uneventful)
            uneventful = []
            yield from _wrapped(f"On {day(date_of(start, moment.day))} {said}.")
    yield from _reviews(uneventful)
    yield from _wrapped(_standing(year, start))


def _reviews(dates: list[str]) -> list[str]:
    """Reviews that changed nothing."""
    if not dates:
        return []
    noun = "A review" if len(dates) == 1 else "Reviews"
    return _wrapped(f"{noun} on {listed(dates)} changed nothing.")


def _standing(year: CaseYear, start: dt.date) -> str:
    if year.closed:
        return "The case stayed closed."
    who = f"with {_name(year.holder)}" if year.holder else "without a worker"
    where = STANDING.get(year.stage, year.stage)
    return f"On {day(date_of(start, year.end))}, 12 months on, the child was {where}, {who}."


def _said(moment: Moment, reasons: _Reasons) -> Iterator[str]:
    """The clauses of one moment."""
    referral = moment.event("referral")
    if referral is not None:
        again = ", not for the first time" if referral.detail == AGAIN else ""
        yield f"the child was referred{again}"
    if moment.event("review deferred"):
        why = "the worker was new" if moment.holder else "the child had no worker"
        yield f"a review was deferred, because {why}"
    if moment.event("review"):
        yield "a review was held"
    if moment.begins and moment.stage != "decision":
        said = BEGUN_AFTER.get((moment.before, moment.stage)) or BEGUN.get(moment.stage)
        yield said or f"{moment.stage} began"
    for taken in moment.taken:
        yield from _taken(taken, moment, reasons)
    wait = moment.event("waits for a worker")
    if wait is not None:
        yield from _waits(wait, moment, reasons)
    if moment.event("turned away"):
        yield "the referral was turned away, as thresholds had been raised"
    elif moment.event("case closes"):
        yield CLOSED_AFTER.get(moment.before, "the case closed")


def _taken(taken: Taken, moment: Moment, reasons: _Reasons) -> Iterator[str]:
    person, team = _name(taken.event.person), taken.event.team
    after = f"after {_days(taken.waited)} without a worker " if taken.waited else ""
    if not taken.before:
        yield f"{after}{person} in {team} became the child’s worker"
        return
    order = "again" if taken.again else f"the {_ordinal(taken.order)}"
    if taken.cause == "transfer":
        yield f"{after}the case passed to {person} in {team}, {order}"
        return
    if not taken.waited:
        yield _lost(taken.cause, taken.before, reasons.get((taken.before, moment.day)))
    yield f"{after}{person} took the case, {order}"


def _waits(event: TraceEvent, moment: Moment, reasons: _Reasons) -> Iterator[str]:
    if moment.waiting:
        yield "the child still waited for a worker"
        return
    cause = event.detail.removeprefix(AFTER)
    if cause not in ("", "transfer"):
        yield _lost(cause, moment.holder, reasons.get((moment.holder, moment.day)))
    if cause == "transfer":
        where = f"the case passed to {event.team}, where nobody had room for it"
    else:
        where = f"nobody in {event.team} had room for the case"
    yield f"{where}, and the child waited for a worker"


def _lost(cause: str, person: str, reason: str | None) -> str:
    """Why a worker no longer has a case."""
    said = {
        "leaver": "left the council",
        "absence": "was away for long",
        "agency end": "left at the end of the assignment",
        "internal move": "moved to another post in the council",
    }.get(cause, "lost the case")
    return f"{_name(person, the=True)} {reason or said}"


def _name(person: str, the: bool = False) -> str:
    """Somebody as the page names them."""
    if person.startswith("agency"):
        return "the agency worker" if the else "an agency worker"
    return person or "the worker"


def _ordinal(order: int) -> str:
    return ORDINALS[order - 1] if order <= len(ORDINALS) else f"worker number {order}"


def _days(days: float) -> str:
    count = round(days)
    return counted(count, "day") if count else "less than a day"


def _counts(year: CaseYear) -> str:
    """The sums at the foot of the page."""
    found = [
        f"{year.causes.count(cause)} {words}"
        for cause, words in (
            ("transfer", "between teams"),
            ("agency end", "as agency assignments ended"),
            ("leaver", "as workers left"),
            ("absence", "through long absence"),
            ("internal move", "through moves to another post"),
        )
        if cause in year.causes
    ]
    why = f" ({', '.join(found)})" if found else ""
    return (
        f"In 12 months: {_people(year.workers)}, {counted(year.changes, 'change')} of worker{why};"
        f" {_days(year.days_without) if year.days_without else '0 days'} without a worker;"
        f" {counted(year.deferred, 'review')} deferred."
    )
