"""Small counts of a council's own returns: hidden, and not to be worked out from what is shown."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.papers.assumptions_part import hidden_keys
from sim.papers.business_case import business_case
from sim.papers.html import as_html
from sim.papers.small_numbers import MARK, hidden, is_small
from sim.papers.study import read_study
from tests.papers_study import ASSUMPTIONS, Made, write_study


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"a": 3, "b": 20, "c": 30}, {"a", "b"}),
        ({"a": 3, "b": 2, "c": 30}, {"a", "b", "c"}),
        ({"a": 5, "b": 6, "c": 0}, {"a", "b"}),
        ({"a": 6, "b": 20, "c": 0}, set()),
        ({"a": 1}, {"a"}),
        ({"a": 5, "b": 5, "c": 5, "d": 40}, {"a", "b", "c"}),
    ],
)
def test_in_one_sum_enough_others_are_hidden(counts: dict[str, float], expected: set[str]) -> None:
    assert hidden(counts, [set(counts)]) == expected


def test_without_a_sum_only_the_small_ones_are_hidden() -> None:
    assert hidden({"a": 3, "b": 20}, []) == {"a"}


def possible(
    key: str, counts: Mapping[str, int], found: Collection[str], sums: list[set[str]]
) -> set[int]:
    """Every value that a hidden count can have, by trying all whole numbers to 12."""
    unknown = sorted(found)
    values = set()
    for guess in itertools.product(range(13), repeat=len(unknown)):
        tried = dict(counts) | dict(zip(unknown, guess, strict=True))
        if all(sum(tried[k] for k in s) == sum(counts[k] for k in s) for s in sums):
            values.add(tried[key])
    return values


CELLS = ("a1", "a2", "b1", "b2")
SUMS = [{"a1", "a2"}, {"b1", "b2"}, {"a1", "b1"}, {"a2", "b2"}]


@pytest.mark.slow
@settings(deadline=None, max_examples=25)
@given(st.tuples(*(st.integers(0, 12) for _ in CELLS)))
def test_in_rows_and_columns_no_small_count_can_be_worked_out(found: tuple[int, ...]) -> None:
    counts = dict(zip(CELLS, found, strict=True))
    chosen = hidden(counts, SUMS)
    assert {k for k, v in counts.items() if is_small(v)} <= chosen
    everything = all(k in chosen or not v for k, v in counts.items())
    for key in (k for k in chosen if is_small(counts[k])):
        assert len(possible(key, counts, chosen, SUMS)) > 1 or everything


OWN = (
    ("council", "casework.stocks.in_court", 4, "children", "", "from another source", "own"),
    ("council", "casework.stocks.in_care", 11, "children", "", "from another source", "own"),
    ("council", "casework.stocks.on_plans", 97, "children", "", "from another source", "own"),
    ("council", "totals.agency_fte", 3, "fte", "A", "published", "csww"),
    ("council", "money.unit", 2, "gbp", "C", "from another source", "own"),
)


def test_a_small_count_of_own_returns_is_hidden_and_a_published_one_is_not(tmp_path: Path) -> None:
    study = read_study(write_study(tmp_path / "study", Made(assumptions=(*ASSUMPTIONS, *OWN))))
    assert hidden_keys(study.assumptions) == {"casework.stocks.in_court", "casework.stocks.in_care"}
    text = as_html(business_case(study))
    assert f'<th scope="row">Casework, stocks, in court</th><td>{MARK} children</td>' in text
    assert f'<th scope="row">Casework, stocks, in care</th><td>{MARK} children</td>' in text
    assert "<td>97 children</td>" in text
    assert "<td>3 FTE</td>" in text
    assert "a count of 1 to 5 of the council" in text
