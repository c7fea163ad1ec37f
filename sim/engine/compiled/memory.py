"""Memory for a run: one piece that holds the world and all its tables, sized from the plan."""

from __future__ import annotations

import mmap
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.dates import DAYS_PER_YEAR
from sim.engine.compiled.layout import dtype_of, fields_of, layout_of
from sim.engine.encode import EncodedPlan
from sim.engine.stopping import FLAG_ADDRESS
from sim.engine.tables import Columns, Ref
from sim.inputs.fates import Fates, Purpose
from sim.inputs.plan import Plan

Bytes = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
_LINES = 128
"""Bytes of two lines of memory, which machines fetch together."""
_PRIVATE = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if hasattr(mmap, "MAP_PRIVATE") else {}
"""Memory of this program alone, where the system asks: it comes a little faster."""
_ROWS = {field.name: field.of for field in fields_of("World") if field.kind == "table"}
"""By table of the world: its rows."""
_LISTS = {field.name: field.of for field in fields_of("World") if field.kind == "list"}
_LISTS_OF_ROWS = {("markets", "adverts"): "adverts", ("pools", "holders"): "present"}
"""Lists that rows have: by table and field, the name by which their room goes."""
_LATER_PER_SLICE = 2
"""Events to come for which there is room, for each slice of time: some are then due in each."""
_LARGEST = 1 << 28
"""Rows of a table beyond which a run is taken to be out of hand."""


def first_rooms(plan: Plan) -> dict[str, int]:
    """By table or list that grows with the run: rows that most runs need."""
    years = plan.horizon / DAYS_PER_YEAR
    posts = len(plan.posts) + 64
    people = int(posts * (2 + years))
    cases = 64 + int(1.4 * _expected_cases(plan))
    at_once = 1024 + cases // 2
    return {
        "queue": 2 * posts + 1024,
        "later": posts * 4 + plan.periods + cases // 2 + 256,
        "processes": posts * 6 + plan.periods + cases + 256,
        "signals": 6 * people,
        "nodes": posts + cases // 2 + 256,
        "posts": posts + int(8 * years),
        "workers": people,
        "ties": 64 + posts * (len(plan.payments) + 1),
        "vacancies": people,
        "layers": 512,
        "resignations": people,
        "overlaps": people,
        "placements": 64 + int(8 * _most_above(plan) * (1 + years)),
        "purchases": 64,
        "filling": 64,
        "returns": cases,
        "cases": at_once,
        "holders": 4 * people,
        "filled": people,
        "plans_ended": cases,
        "told": 4 * people + 12 * cases,
        "staff": 2 * people,
        "open": at_once,
        "done": 1024,
        "in_hand": 1024,
        "supernumerary": 256,
        "adverts": posts,
        "present": posts // 2,
    }


def _most_above(plan: Plan) -> int:
    return max(map(sum, (plan.agency.above_start, *plan.agency.above_by_year)))


def _expected_cases(plan: Plan) -> float:
    case = plan.casework
    if case is None:
        return 0.0
    lengths = np.diff(plan.boundaries)
    referred = float(np.dot(case.referrals_per_day[: plan.periods], lengths))
    return referred + sum(map(sum, case.start_children)) + case.pending_re_referrals


@dataclass(frozen=True)
class Image:
    """How a run's memory begins: the part that is not blank, with addresses counted from its start.

    Attributes:
        start: the bytes of that part; the world comes first.
        addresses: which of its words are addresses.
        blank: bytes from the start to the end of those that a run takes to be blank on day 0.
        size: bytes of the whole.
        rooms: rows for which tables and lists that grow have room.
    """

    start: Bytes
    addresses: np.ndarray[tuple[int, ...], np.dtype[np.int64]]
    blank: int
    size: int
    rooms: dict[str, int]


class _Builder:
    """Lays a run's memory out, and notes which of its words are addresses."""

    def __init__(self, encoded: EncodedPlan, rooms: dict[str, int]) -> None:
        self._encoded, self._rooms = encoded, rooms
        self._end = self._blank = 0
        self._places: dict[str, int] = {}
        self._addresses: list[Any] = []
        self._place(layout_of("World").size)
        self._lay_out_what_is_filled()
        self._start: Bytes = np.zeros(self._end, np.uint8)
        self._world = self._start[: layout_of("World").size].view(dtype_of("World"))
        self._lay_out_what_is_blank()

    def image(self) -> Image:
        """The memory with all that is known of day 0 in it."""
        self._set_headers()
        self._set_numbers()
        for name, table in self._encoded.tables.items():
            if table.fields:
                self._addresses.extend(_fill(self._start, name, table, self._places))
        for (name, field), kind in _LISTS_OF_ROWS.items():
            if name in self._places:
                self._give_lists(name, field, self._rooms[kind])
        words = np.concatenate([np.atleast_1d(word) for word in self._addresses])
        return Image(self._start, words, self._blank, self._end, self._rooms)

    def _place(self, size: int) -> int:
        """Where something of a size begins."""
        begin = self._end
        self._end = -(-(begin + size) // _LINES) * _LINES
        return begin

    def _used(self, table: str) -> int:
        """Rows that a table has on day 0."""
        if table == "slices":
            return 1 + self._rooms["later"] // _LATER_PER_SLICE
        found = self._encoded.tables.get(table)
        return 0 if found is None else found.count

    def _room(self, table: str) -> int:
        """Rows that a table has room for."""
        return max(self._used(table), self._rooms.get(table, 0))

    def _lay_out_what_is_filled(self) -> None:
        """Tables and lists with something in them; each run has a copy."""
        for name, table in self._encoded.tables.items():
            if table.fields:
                self._places[name] = self._place(self._room(name) * _size(name))
        for name, references in self._encoded.lists.items():
            self._places[name] = self._place(8 * len(references.rows))

    def _lay_out_what_is_blank(self) -> None:
        """All others: first those with rows on day 0. A row that is added later is blanked then."""
        for name in sorted(_ROWS, key=lambda name: self._used(name) == 0):
            if name not in self._places:
                if self._used(name) > 0:
                    self._blank = self._end + self._room(name) * _size(name)
                if name == "queue":
                    # The four that stand below another in the queue then share lines of their own.
                    self._end += _LINES - _size(name)
                self._places[name] = self._place(self._room(name) * _size(name))
        for name in _LISTS:
            if name not in self._places:
                self._places[name] = self._place(8 * self._rooms.get(name, 0))

    def _set_headers(self) -> None:
        """Where each table and list begins, how many rows it has, and its room."""
        for name in _ROWS:
            self._world[name][0] = self._places[name], self._used(name), self._room(name)
        for name in _LISTS:
            references = self._encoded.lists.get(name)
            count = 0 if references is None else len(references.rows)
            self._world[name][0] = self._places[name], count, self._rooms.get(name, count)
            if references is not None:
                begin = self._places[name]
                words = self._start[begin : begin + 8 * count].view(np.int64)
                words[:] = self._address_of(references)
                self._addresses.append(begin // 8 + np.arange(count))
        offsets = layout_of("World").offsets
        self._addresses.extend(offsets[name] // 8 for name in (*_ROWS, *_LISTS))

    def _set_numbers(self) -> None:
        """The world's numbers and references."""
        for name, value in self._encoded.numbers.items():
            if isinstance(value, Ref):
                self._world[name] = self._address_of(value)[0]
                self._addresses.append(layout_of("World").offsets[name] // 8)
            else:
                self._world[name] = value
        self._world["slices_per_day"] = self._used("slices") / self._encoded.numbers["horizon"]

    def _address_of(self, references: Ref) -> Any:
        """Addresses, counted from the start, of the rows that are referred to."""
        return self._places[references.table] + references.rows * _size(references.table)

    def _give_lists(self, name: str, field: str, room: int) -> None:
        """Give each row of a table room for its list."""
        lay, place, count = layout_of(_ROWS[name]), self._places[name], self._used(name)
        rows = _view(self._start, name, place, count)
        for number in range(count):
            rows[field][number] = self._place(8 * room), 0, room
        self._addresses.append((place + np.arange(count) * lay.size + lay.offsets[field]) // 8)


def image_of(encoded: EncodedPlan, rooms: dict[str, int]) -> Image:
    """How the memory of a plan's runs begins.

    Args:
        encoded: the plan as tables.
        rooms: rows of the tables and lists that grow (first_rooms).
    """
    return _Builder(encoded, rooms).image()


def _size(table: str) -> int:
    return layout_of(_ROWS[table]).size


def _view(start: Bytes, name: str, place: int, count: int) -> Any:
    """A table as records."""
    return start[place : place + count * _size(name)].view(dtype_of(_ROWS[name]))


def _fill(start: Bytes, name: str, table: Columns, places: dict[str, int]) -> Iterator[Any]:
    """Put a table's columns into its rows; which words are addresses."""
    rows, lay = _view(start, name, places[name], table.count), layout_of(_ROWS[name])
    for field, values in table.fields.items():
        if isinstance(values, Ref):
            some = np.flatnonzero(values.rows >= 0)
            rows[field][some] = places[values.table] + values.rows[some] * _size(values.table)
            yield (places[name] + some * lay.size + lay.offsets[field]) // 8
        else:
            rows[field] = values


class _Spare(threading.local):
    """What a thread's last run has left, for its next one: the system gives new memory slowly."""

    whole: Bytes | None = None


_spare = _Spare()


class Memory:
    """The memory of one run."""

    def __init__(self, image: Image, fates: Fates, is_traced: bool) -> None:
        self._image = image
        self._whole = self._take(image)
        self.address = self._whole.ctypes.data
        start = self._whole[: len(image.start)]
        start[:] = image.start
        start.view(np.int64)[image.addresses] += self.address
        self.world = start[: layout_of("World").size].view(dtype_of("World"))[0]
        for purpose, base in fates.bases.items():
            self.world["bases"][purpose] = base
        if self.world["casework"]:
            key = int(self.world["referrals_key"])
            self.world["referral_gaps"] = fates.stream(Purpose.REFERRAL_GAP, key)
        self.world["is_traced"] = is_traced
        self.world["stop_flag"] = FLAG_ADDRESS

    def _take(self, image: Image) -> Bytes:
        """Memory for a run, blank where the run takes it to be so."""
        spare, _spare.whole = _spare.whole, None
        if spare is None or len(spare) < image.size:
            return np.frombuffer(mmap.mmap(-1, image.size, **_PRIVATE), np.uint8)
        spare[len(image.start) : image.blank] = 0
        return spare

    def leave(self) -> None:
        """The run is told: its memory may serve the next run of this thread."""
        _spare.whole = self._whole

    def table(self, name: str) -> Any:
        """A table as an array of records."""
        begin, count, _ = (int(word) for word in self.world[name])
        place = begin - self.address
        return _view(self._whole, name, place, count)

    def __getattr__(self, name: str) -> Any:
        """A table, as an array of records, or a number of the world."""
        return self.table(name) if name in _ROWS else self.world[name]

    def full(self) -> list[str]:
        """Tables and lists that have no room left, by the names of `first_rooms`."""
        names = [name for name in (*_ROWS, *_LISTS) if name in self._image.rooms]
        found = [name for name in names if self.world[name][1] >= self.world[name][2]]
        for (table, field), kind in _LISTS_OF_ROWS.items():
            headers = self.table(table)[field]
            if (headers[:, 1] >= headers[:, 2]).any():
                found.append(kind)
        return found


def larger(rooms: dict[str, int], full: list[str]) -> dict[str, int]:
    """More room for what is full.

    Raises:
        MemoryError: the run needs more than a machine has.
    """
    for name in full:
        if 2 * rooms[name] > _LARGEST:
            raise MemoryError(f"a run needs more than {_LARGEST} rows of {name}")
    return rooms | {name: max(16, 2 * rooms[name]) for name in full}
