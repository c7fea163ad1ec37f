"""The trace on the screen or in a file."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.config.counted import counted
from sim.config.errors import InputError
from sim.dates import date_of
from sim.engine.trace import TraceEvent
from sim.inputs.draws import CENTRAL_DRAW
from sim.presentation.files import staged_folder, write_csv
from sim.presentation.screen import screen
from sim.presentation.words import day

COLUMNS = ("day", "date", "what", "team", "post", "person", "child", "detail")
MOST_LINES = 200
"""Lines on the screen unless all are asked for."""

_SENTENCES = {
    "absent": "{person} is away: {detail}",
    "returns": "{person} is back",
    "post closes": "a post closes",
    "resigns": "{person} resigns, {exit}",
    "leaves": "{person} leaves, {exit}",
    "leaves the count": "{person} is no longer counted as a social worker",
    "retention payment": "retention payments are made, budget {detail}",
    "leave to remain": "{person} has a fee for leave to remain paid",
    "advertised": "a post is advertised",
    "candidate": "{person} is found for a post",
    "offer": "{person} is offered the post",
    "offer declined": "{person} declines the post",
    "offer withdrawn": "the offer to {person} is withdrawn",
    "drops out": "{person} drops out before the first day",
    "starts": "{person} starts, {detail}",
    "moves inside": "{person} moves here {detail}",
    "agency cover begins": "{person} begins to cover an empty post",
    "agency cover ends": "{person} no longer covers the post",
    "agency above establishment": "{person} works above establishment",
    "agency above establishment ends": "{person}, above establishment, leaves",
    "post opens": "a new post opens",
    "post no longer funded": "a post is no longer funded",
    "post's hours cut": "a post's hours are cut {detail}",
    "post ends": "the post of {person} ends",
    "review": "{child} is reviewed",
    "review deferred": "the review of {child} is deferred",
    "referral": "{child} is referred",
    "referral referred again": "{child} is referred again",
    "case closes": "the case of {child} closes",
    "allocated": "{person} gets {child}{cause}",
    "waits for a worker": "{child} waits for a worker{cause}",
    "turned away": "{child} is turned away: thresholds are raised",
    "managers take a step": "managers take a step: {detail}",
    "managers withdraw a step": "managers withdraw a step: {detail}",
    "lent to the team": "{person} is lent to this team",
    "back from a loan": "{person} is back from another team",
    "limit lifted": "limits of load are lifted",
    "limit restored": "limits of load are as usual again",
    "bought agency staff come": "{detail} agency workers come, bought because children wait",
}
"""What each kind of event says in words; some differ by the event's detail."""
_EXITS = {
    "out": "leaving the profession or the area",
    "to_agency": "to agency work",
    "to_council": "to another council",
    "contract_end": "at the end of a contract",
}


@dataclass(frozen=True)
class TracedRun:
    """Which run is told, for the lines at the top.

    Attributes:
        council: its name.
        start: its first day.
        scenario: name of what it decides.
        days: how many are told.
        draw: which set of assumptions; 0 is central.
        replication: which run of chance.
        seed: the seed.
    """

    council: str
    start: dt.date
    scenario: str
    days: int
    draw: int
    replication: int
    seed: int


def print_trace(events: Sequence[TraceEvent], run: TracedRun, whole: bool = False) -> None:
    """Print a run's events as sentences, below a few lines on which run it is.

    Args:
        events: what happened, in order.
        run: which run it is.
        whole: whether all of it is printed; else how things stand at the start is counted, and
            MOST_LINES lines are printed in all.
    """
    console = screen()
    lines = [line for text in _header(run) for line in _wrapped(text, console.width)]
    later = [event for event in events if whole or event.day > 0]
    if len(later) < len(events):
        at_start = _counts(events[: len(events) - len(later)])
        lines += _wrapped(f"At the start: {at_start} (--all names them).", console.width)
    lines.append("")
    told = 0
    for event in later:
        more = _event_lines(event, run.start, console.width)
        # One line is kept for the last.
        if not whole and len(lines) + len(more) >= MOST_LINES:
            break
        lines += more
        told += 1
    if told < len(later):
        rest = counted(len(later) - told, "event")
        lines.append(f"{rest} left out: --all shows them, --out FILE.csv writes a table.")
    for line in lines:
        console.print(line, soft_wrap=True, highlight=False)


def write_trace(events: Sequence[TraceEvent], start: dt.date, path: Path) -> None:
    """A CSV file.

    Raises:
        InputError: it can't be written.
    """
    if path.is_dir():
        raise InputError(path, "is a folder", "Name a CSV file with --out")
    with staged_folder(path.parent) as folder:
        write_csv(folder / path.name, COLUMNS, event_rows(events, start))


def event_rows(events: Sequence[TraceEvent], start: dt.date) -> list[list[str]]:
    """A row of cells for each event, as COLUMNS name them."""
    return [
        [
            f"{event.day:.2f}",
            date_of(start, event.day).isoformat(),
            event.what,
            event.team,
            event.post,
            event.person,
            event.child,
            event.detail,
        ]
        for event in events
    ]


def sentence(event: TraceEvent) -> str:
    """An event in people's words, team first, post last."""
    said = _clause(event)
    where = f"{event.team}: " if event.team else ""
    post = f" (post {event.post.replace('_', ' ')})" if event.post else ""
    return f"{where}{said}{post}"


def _clause(event: TraceEvent) -> str:
    if event.what.endswith(" offer"):
        return f"{event.person} is offered a post, {event.what.removesuffix(' offer')}"
    template = _SENTENCES.get(f"{event.what} {event.detail}") or _SENTENCES.get(event.what)
    if template is None:  # a stage of a case
        return f"{event.child}: {event.what}"
    return template.format(
        person=event.person,
        child=event.child,
        detail=event.detail.replace("_", " "),
        exit=_EXITS.get(event.detail.removeprefix("exit: "), ""),
        cause=f" ({event.detail})" if event.detail else "",
    )


def _header(run: TracedRun) -> Iterator[str]:
    last = date_of(run.start, run.days - 1)
    yield f"{run.council}, {run.scenario}: one run, {day(run.start)} to {day(last)}."
    assumed = "central assumptions" if run.draw == CENTRAL_DRAW else "one set of assumptions"
    yield (
        f"Seed {run.seed}, {assumed} (--draw {run.draw}), one run of chance (--replication"
        f" {run.replication}). Days are counted from {day(run.start)}."
    )
    yield (
        "A person and a child keep their number from first day to last: worker 90 may have been"
        " candidate 90 before. A post is named by team, role, how it stood at the start (filled,"
        " covered by agency, uncovered), and number."
    )


def _counts(events: Sequence[TraceEvent]) -> str:
    """How many events of each kind there are, the most frequent first."""
    kinds = Counter(event.what for event in events)
    return ", ".join(f"{count:,} {what}" for what, count in kinds.most_common())


def _event_lines(event: TraceEvent, start: dt.date, width: int) -> list[str]:
    when = f"{event.day:>8.2f}  {date_of(start, event.day).isoformat()}  "
    return _wrapped(sentence(event), width, when)


def _wrapped(text: str, width: int, before: str = "") -> list[str]:
    """Lines that break at spaces; those after the first stand in where the text begins."""
    return textwrap.wrap(
        text, width, initial_indent=before, subsequent_indent=" " * len(before),
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
