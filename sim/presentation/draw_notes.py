"""Notes on what the numbers rest on: few draws that make an average, and how much is judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sim.config.quantity import Grade
from sim.engine.records import Array
from sim.experiment.compare import Comparison, headline_column
from sim.experiment.influence import Influence, far_out, influences
from sim.experiment.readings import change, net_cost, reading
from sim.presentation.amounts import pounds
from sim.presentation.note import Note
from sim.presentation.number_words import called, value_of
from sim.presentation.words import listed, number

MOST_DRAWS, MOST_NUMBERS = 3, 5
"""Draws that are named at most, and numbers of each."""
_WATCHED = (
    ("inpost_fte", "social workers in post", 1),
    ("uncovered_existing_posts_fte", "empty posts without cover", 1),
    ("agency_fte", "agency staff", 1),
    ("unallocated", "children without a worker", 0),
)
"""Averages that are looked at: indicator, words and decimals."""


class _Moved(NamedTuple):
    """An average that one draw makes, in full and in few words, and that draw."""

    words: str
    short: str
    influence: Influence


def draw_notes(comparison: Comparison) -> list[Note]:
    """The draws without which an average would be another, and what is special in each."""
    moved: dict[int, list[_Moved]] = {}
    for one in _moved(comparison):
        moved.setdefault(one.influence.draw, []).append(one)
    return [_draw_note(comparison, draw, moved[draw]) for draw in list(moved)[:MOST_DRAWS]]


def _draw_note(comparison: Comparison, draw: int, moved: Sequence[_Moved]) -> Note:
    study = comparison.study
    values = study.values(draw)
    out = far_out(study.known, values)
    named = [f"{called(key)} ({value_of(study.known[key], values[key])})" for key in out]
    more = f" and {len(out) - MOST_NUMBERS} more" if len(out) > MOST_NUMBERS else ""
    special = (
        f"of its numbers these lie in the outer tenth of their range, the farthest first:"
        f" {'; '.join(named[:MOST_NUMBERS])}{more}"
        if out
        else "none of its numbers lies in the outer tenth of its range: its years or its runs of"
        " chance do it"
    )
    averages = listed([one.words for one in moved])
    text = f"Set of assumptions {draw} alone moves averages: {averages}; {special}."
    return Note(text, moved[0].short[:1].upper() + moved[0].short[1:])


def _moved(comparison: Comparison) -> Iterator[_Moved]:
    """Averages that one draw makes: of doing nothing, of what options change, of their cost."""
    column, variant = headline_column(comparison), comparison.variants[0]
    labels = [scenario.label for scenario in comparison.scenarios]

    def found(values: Array, what: str, whose: str, write: str | int) -> Iterator[_Moved]:
        for one in influences(values, variant.draws):
            with_it, without = (
                pounds(value) if write == "gbp" else number(value, int(write))
                for value in (one.mean, one.without)
            )
            if with_it != without:
                move = f"{without} to {with_it}"
                short = f"{what}: average {with_it}, {without} without one set of assumptions"
                yield _Moved(f"{what} ({whose}) from {move}", short, one)

    for name, words, places in _WATCHED:
        yield from found(reading(variant, 0, name, column), words, labels[0], places)
        for s in range(1, len(labels)):
            values = change(variant, s, name, column)
            yield from found(values, f"change in {words}", labels[s], places)
    for s in range(1, len(labels)):
        yield from found(net_cost(comparison, s, column), "net cost", labels[s], "gbp")


def judged_note(comparison: Comparison) -> Note:
    """How many of the uncertain numbers are judgement, in all and in the options' own lines."""
    known = {key: q for key, q in comparison.study.known.items() if not q.is_certain}
    judged = {key for key, q in known.items() if q.grade is Grade.JUDGEMENT}
    own = [key for key in known if key.startswith("measure.")]
    short = f"Judged, not known: {len(judged)} of {len(known)} numbers"
    if own:
        count = len(judged.intersection(own))
        short += f", of the option's own {count} of {len(own)}"
    return Note(f"{short}; `caseholder check` names them.", short)
