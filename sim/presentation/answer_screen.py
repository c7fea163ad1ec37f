"""The answer on one screen: at most 24 lines of 80 columns for up to four options."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sim.presentation.answer_numbers import (
    NOTHING,
    change_cells,
    level_cells,
    pounds_of,
    span_of,
    unit_of,
)
from sim.presentation.answer_rows import Answer, AnswerRow, MoneyYear, Promise
from sim.presentation.words import day, spread_of

WIDTH, HEIGHT = 80, 24
MOST_DEPENDENCIES = 3
MOST_PROMISES = 2
MOST_NOTES = 3
FEWEST_BY_ROW = 4
"""From so many options on, each has a row."""
_INDENT = "  "
_LONGEST_NAME = 24
"""Columns that the name of an option may take where it stands before its row."""


@dataclass(frozen=True)
class _Grid:
    """Rows of words and cells under headings; `gap` is the space before each column."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    gap: int = 2
    breaks: bool = False

    @property
    def widths(self) -> list[int]:
        """Columns of each cell, its gap included."""
        found = []
        for place, heading in enumerate(self.headings):
            cells = [len(cells[place]) for _, cells in self.rows]
            parts = heading.split() if self.breaks else [heading]
            found.append(self.gap + max([*(len(part) for part in parts), *cells]))
        return found

    @property
    def fits(self) -> bool:
        """Whether words and cells stand beside each other."""
        return WIDTH - sum(self.widths) >= max(len(words) for words, _ in self.rows)

    def lines(self) -> list[str]:
        """The lines; a title that is longer than its room is broken over the headings' lines."""
        widths = self.widths
        room = WIDTH - sum(widths)
        heads = [
            textwrap.wrap(heading, width - self.gap) or [""]
            for heading, width in zip(self.headings, widths, strict=True)
        ]
        title = textwrap.wrap(self.title, room - 1) or [""]
        deep = max(len(title), *(len(head) for head in heads))
        top = [
            _line(
                (title + [""] * deep)[i], [([""] * (deep - len(h)) + h)[i] for h in heads], widths
            )
            for i in range(deep)
        ]
        return [*top, *(_line(shortened(words, room), cells, widths) for words, cells in self.rows)]


def _line(words: str, cells: Sequence[str], widths: Sequence[int]) -> str:
    right = "".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))
    return f"{words:<{WIDTH - sum(widths)}}{right}".rstrip()


def shortened(words: str, room: int) -> str:
    """Words that fit, cut where they are too many."""
    return words if len(words) <= room else f"{words[: room - 1].rstrip()}…"


def answer_text(answer: Answer, more: str) -> str:
    """The answer, as it stands on the screen and at the head of headline.txt.

    Args:
        answer: what is told.
        more: a last line: where the files are, and how to see more.
    """
    return "\n".join(answer_lines(answer, more)) + "\n"


def answer_lines(answer: Answer, more: str) -> list[str]:
    """The same, line by line."""
    last = textwrap.wrap(more, WIDTH, break_long_words=False)
    blocks = [textwrap.wrap(answer.question, WIDTH), *_tables(answer), _depends(answer)]
    room = HEIGHT - sum(len(block) for block in blocks) - len(last) - 1
    blocks.append([_ranges(answer), *_notes(answer)[: min(MOST_NOTES, max(0, room))], *last])
    blocks = [block for block in blocks if block]
    spare = HEIGHT - sum(len(block) for block in blocks)
    lines: list[str] = []
    for place, block in enumerate(blocks):
        lines += ["", *block] if 0 < place <= spare else block
    return lines


# Tables -----------------------------------------------------------------------------------


def _tables(answer: Answer) -> list[list[str]]:
    """Columns while they fit; else one row an option, with its change alone."""
    title = f"On {day(answer.date)}, {spread_of(answer.pairs)}"
    if len(answer.options) < FEWEST_BY_ROW:
        several = len(answer.options) > 1
        grid = _Grid(title, _headings(answer), tuple(_rows(answer)), breaks=several)
        if grid.fits:
            return [grid.lines()]
    promises = [_promise_line(promise) for promise in answer.promises[:MOST_PROMISES]]
    first, *others = (part.lines() for part in _by_option(answer))
    return [[title, *first], *others, promises]


def _headings(answer: Answer) -> tuple[str, ...]:
    if answer.alone:
        return ("middle run", spread_of(answer.pairs))
    if len(answer.options) == 1:
        return ("do nothing", "with it", "change")
    return ("do nothing", *answer.options)


def _rows(answer: Answer) -> list[tuple[str, tuple[str, ...]]]:
    found = [(_label(row), _row_cells(answer, row)) for row in answer.rows]
    for year in answer.money:
        found += _money_rows(answer, year)
    if answer.per_worker_year is not None:
        row = answer.per_worker_year
        found.append((_label(row), _under_options(answer, change_cells(row))))
    found += [_promise_row(answer, promise) for promise in answer.promises[:MOST_PROMISES]]
    return found


def _label(row: AnswerRow) -> str:
    unit = unit_of(row)
    return f"{row.label}, {unit}" if unit else row.label


def _row_cells(answer: Answer, row: AnswerRow) -> tuple[str, ...]:
    if answer.alone:
        return (_middle(row), *level_cells(row, [row.nothing]))
    levels = level_cells(row, [row.nothing, *row.options])
    if len(answer.options) == 1:
        return (*levels, *change_cells(row))
    return (levels[0], *change_cells(row))


def _under_options(answer: Answer, cells: Sequence[str]) -> tuple[str, ...]:
    """Cells of changes under the columns of the options."""
    return (NOTHING, NOTHING, *cells) if len(answer.options) == 1 else (NOTHING, *cells)


def _middle(row: AnswerRow) -> str:
    """The middle run of the one scenario that was run, written as the row's range is."""
    if row.nothing is None:
        return NOTHING
    middle = row.nothing.middle
    return level_cells(row, [replace(row.nothing, low=middle, high=middle)])[0]


# Money and promises -----------------------------------------------------------------------


def _money_rows(answer: Answer, year: MoneyYear) -> list[tuple[str, tuple[str, ...]]]:
    """Spent and net cost of a year: in one row for one option, else in a row each."""
    when, voted = _when(year), _voted(year)
    if answer.alone:
        of = f"Spent of {voted} budgeted" if voted else "Spent"
        return [
            (_label(replace(year.spent, label=f"{of}, {when}")), _row_cells(answer, year.spent))
        ]
    if len(answer.options) == 1:
        both = replace(year.spent, changes=year.net.changes)
        label = _label(replace(both, label=f"{when}: spent; net"))
        first = f"voted {voted}" if voted else NOTHING
        return [(label, (first, *level_cells(both, both.options), *change_cells(both)))]
    net = replace(year.net, label=f"Net cost, {when}")
    rows = [(_label(net), (NOTHING, *change_cells(net)))]
    if year.first is None:
        of = f"Spent of {voted}" if voted else "Spent"
        spent = replace(year.spent, label=f"{of}, {when}")
        rows.insert(0, (_label(spent), (NOTHING, *level_cells(spent, spent.options))))
    return rows


def _when(year: MoneyYear) -> str:
    return year.year if year.first is None else f"{year.year} from {year.first.day} {year.first:%b}"


def _voted(year: MoneyYear) -> str:
    """What was voted, where all options have the same; else nothing."""
    voted = {None if gbp is None else pounds_of(gbp) for gbp in year.voted}
    return (voted.pop() or "") if len(voted) == 1 else ""


def _promise_row(answer: Answer, promise: Promise) -> tuple[str, tuple[str, ...]]:
    """In how many runs of 100 a promise is kept, and how far it gets."""
    reached, label = promise.reached, f"{promise.label}, runs in 100"
    if len(answer.options) > 1:
        return label, tuple(_kept(share, "") for share in (promise.nothing, *promise.kept))
    nothing = _kept(promise.nothing, level_cells(reached, [reached.nothing])[0])
    if answer.alone:
        return label, (NOTHING, nothing)
    reach = (level_cells(reached, reached.options) or [""])[0]
    return label, (nothing, _kept(promise.kept[0], reach), *change_cells(reached))


def _kept(share: float | None, reached: str) -> str:
    """Runs in 100, and what is reached where that is told."""
    if share is None:
        return NOTHING
    text = f"{100 * share:.0f}"
    return f"{text} ({reached})" if reached not in ("", NOTHING) else text


# One row an option ------------------------------------------------------------------------

_SHORT = {
    "inpost_fte": "Workers FTE",
    "uncovered_existing_posts_fte": "Empty posts FTE",
    "agency_fte": "Agency FTE",
    "load": "Workload %",
    "unallocated": "No worker children",
    "in_care_changed_twice_share": "In care, 2+ %",
}
"""Headings of columns, where rows are options."""


def _by_option(answer: Answer) -> list[_Grid]:
    """Grids with a row for doing nothing, and one for what each option changes."""
    columns = [(_SHORT[row.name], _down(row)) for row in answer.rows]
    columns += [
        (f"Net {year.year} {unit_of(year.net)}", [NOTHING, *change_cells(year.net)])
        for year in answer.money
    ]
    if answer.per_worker_year is not None:
        row = answer.per_worker_year
        columns.append((f"Worker-year {unit_of(row)}", [NOTHING, *change_cells(row)]))
    names = [shortened(name, _LONGEST_NAME) for name in ("Do nothing", *answer.options)]
    grids: list[_Grid] = []
    while columns:
        count = next(
            n for n in range(len(columns), 0, -1) if n == 1 or _grid(names, columns[:n]).fits
        )
        grids.append(_grid(names, columns[:count]))
        columns = columns[count:]
    return grids


def _down(row: AnswerRow) -> list[str]:
    return [level_cells(row, [row.nothing])[0], *change_cells(row)]


def _promise_line(promise: Promise) -> str:
    """How often a promise is kept, one number an option."""
    kept = "; ".join(_kept(share, "") for share in promise.kept)
    nothing = "" if promise.nothing is None else f" (doing nothing {_kept(promise.nothing, '')})"
    return shortened(f"{promise.label}, runs in 100 in this order: {kept}{nothing}", WIDTH)


def _grid(names: Sequence[str], columns: Sequence[tuple[str, list[str]]]) -> _Grid:
    rows = tuple(
        (name, tuple(cells[place] for _, cells in columns)) for place, name in enumerate(names)
    )
    return _Grid("", tuple(heading for heading, _ in columns), rows, gap=1, breaks=True)


# What it depends on, and what stands below ------------------------------------------------


def _depends(answer: Answer) -> list[str]:
    """The two or three things that move the answer most; or that none can be told."""
    if not answer.depends_on:
        return [_nothing_told(answer)]
    which = f": {answer.options[0]}" if len(answer.options) > 1 else ""
    rows = tuple(
        (
            f"{_INDENT}{one.label}, {one.low} to {one.high}",
            (
                span_of(one.people[0], signed=not answer.alone, is_money=False),
                span_of(one.cost[0], signed=False, is_money=True),
            ),
        )
        for one in answer.depends_on[:MOST_DEPENDENCIES]
    )
    cost = f"{'spent' if answer.alone else 'net cost'} {answer.money[-1].year}"
    return _Grid(f"What it depends on, averages{which}", ("social workers", cost), rows).lines()


def _nothing_told(answer: Answer) -> str:
    if not answer.can_be_told:
        return "What it depends on can't be told from so few runs: use more --replications."
    return "No judged number moves it more than chance would."


def _ranges(answer: Answer) -> str:
    """What ranges are, and how well averages are known."""
    text = "Ranges are what may happen: more runs don't narrow them."
    if math.isnan(answer.precision_fte):
        return text
    return f"{text} Averages: ±{answer.precision_fte:.1f} FTE."


def _notes(answer: Answer) -> list[str]:
    """The notes that matter most, each cut to one line."""
    found = []
    for number, short in answer.notes:
        end = f" (note {number})"
        found.append(f"{shortened(short, WIDTH - len(end))}{end}")
    return found
