"""Self-checks of what is published: notes on what does not fit together, never failures."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from sim.published.figure import Figure
from sim.published.record import Council, Record
from sim.published.tables import PLAN_BANDS

WORKING_DAYS = 253
"""Days by which absence is divided; one more in a census year that has a 29 February."""
_APART = 0.10
"""Share of staff by which stock and flows may disagree before a note is made."""
Range = tuple[Fraction, Fraction]
"""Least and greatest value."""
_HALF = Fraction(1, 20)
"""Half of the last decimal of a rate."""


@dataclass(frozen=True)
class Note:
    """What does not fit together in the figures of a council and year.

    Attributes:
        council: its name.
        year: the label of the figures.
        kind: what kind of thing it is; notes of one kind can be listed together.
        detail: the figures, in words.
    """

    council: str
    year: int
    kind: str
    detail: str


@dataclass(frozen=True)
class RateRule:
    """How a published rate follows from counts: `top / (base + others)`, times a factor."""

    rate: str
    top: str
    base: str
    besides: str = ""
    factor: Callable[[int], Fraction] = lambda _: Fraction(100)


def absence_divisor(year: int) -> int:
    """Working days by which the Department divides absence in the census year to a September."""
    return WORKING_DAYS + calendar.isleap(year)


RATES = (
    RateRule("turnover_rate_fte", "leavers_fte", "inpost_fte"),
    RateRule("turnover_rate_headcount", "leavers_headcount", "inpost_headcount"),
    RateRule("agency_rate_fte", "agency_fte", "inpost_fte", "agency_fte"),
    RateRule("agency_rate_headcount", "agency_headcount", "inpost_headcount", "agency_headcount"),
    RateRule("vacancy_rate_fte", "vacancy_fte", "inpost_fte", "vacancy_fte"),
    RateRule("agency_cover_rate_fte", "agency_cover_fte", "agency_fte"),
    RateRule("vacancy_agency_cover_rate_fte", "agency_cover_fte", "vacancy_fte"),
    RateRule("caseload_fte", "cases", "case_holders_fte", factor=lambda _: Fraction(1)),
    RateRule(
        "absence_rate_fte",
        "working_days_lost_fte",
        "inpost_fte",
        factor=lambda year: Fraction(100, absence_divisor(year)),
    ),
    RateRule("rereferral_percent", "rereferral_count", "referral_count"),
    RateRule("no_further_action_percent", "no_further_action_count", "referral_count"),
    RateRule("not_in_need_percent", "not_in_need_count", "referral_count"),
    RateRule("rereferral_child_percent", "rereferral_child_count", "referral_child_count"),
    RateRule("CPP_subsequent_percent", "CPP_subsequent", "CPP_start"),
    *(RateRule(f"{band}_percent", band, "CPP_At31") for band in PLAN_BANDS),
)
"""Every rate that can be checked against counts, as measured on all rows of councils."""


@cache
def _exactly(number: float) -> Fraction:
    """A printed number, or half a step beside one, as the decimal fraction that it is."""
    return Fraction(str(round(number, 6)))


def _range(figure: Figure) -> Range | None:
    """What a printed figure can be; nothing where it has no value."""
    if figure.value is None or figure.bounds is None:
        return None
    return _exactly(figure.bounds[0]), _exactly(figure.bounds[1])


def rate_is_reachable(
    rate: float, top: Range, base: Range, besides: Range | None, factor: Fraction
) -> bool:
    """Whether a rate follows from counts within what rounding allows.

    The Department works rates out from counts before they are rounded, and rounds half up.

    Args:
        rate: as printed, to one decimal.
        top: what the count above the line can be.
        base: what the count below the line can be.
        besides: what is added below the line; None for nothing. When it is the count above the
            line itself, give the same range.
        factor: 100 for per cent.
    """
    low, high = _quotients(top, base, besides)
    printed = _exactly(rate)
    return (low is None or low * factor < printed + _HALF) and (
        high is None or high * factor >= printed - _HALF
    )


def _quotients(
    top: Range, base: Range, besides: Range | None
) -> tuple[Fraction | None, Fraction | None]:
    """Least and greatest of top / (base + besides); None where there is no bound."""
    added_low, added_high = besides or (Fraction(0), Fraction(0))
    if besides == top:
        # The same count on both sides moves both: the quotient rises with it.
        added_low, added_high = top[1], top[0]
    below_most, below_least = base[1] + added_high, base[0] + added_low
    low = top[0] / below_most if below_most > 0 else None
    return low, top[1] / below_least if below_least > 0 else None


def notes_on(record: Record, council: Council, year: int) -> Iterator[Note]:
    """What does not fit together in the figures of a council with the label of one year."""

    def figure(column: str, label: int = year) -> Figure:
        return record.figure(council, column, label)

    for kind, details in (
        ("printed rate out of reach of its counts", _rates(figure, year)),
        ("more agency staff covering vacancies than agency staff", _cover(figure)),
        ("more full-time equivalents than people", _heads(figure)),
        ("staff, starters and leavers over a tenth apart", _flows(figure, year)),
        ("episodes ended and open are not those at any point", _episodes(figure)),
        ("plans by length do not add up", _bands(figure)),
    ):
        yield from (Note(council.name, year, kind, detail) for detail in details)


def _rates(figure: Callable[[str], Figure], year: int) -> Iterator[str]:
    for rule in RATES:
        rate, top, base = figure(rule.rate), _range(figure(rule.top)), _range(figure(rule.base))
        besides = _range(figure(rule.besides)) if rule.besides else None
        if rate.value is None or not top or not base or (rule.besides and not besides):
            continue
        if not rate_is_reachable(rate.value, top, base, besides, rule.factor(year)):
            yield f"{rule.rate} {rate.value:g}"


def _cover(figure: Callable[[str], Figure]) -> Iterator[str]:
    covering, agency = figure("agency_cover_fte"), figure("agency_fte")
    if covering.value is not None and agency.value is not None and covering.value > agency.value:
        yield f"{covering.value:g} of {agency.value:g}"


def _heads(figure: Callable[[str], Figure]) -> Iterator[str]:
    for name in ("inpost", "starters", "leavers"):
        fte, people = figure(f"{name}_fte"), figure(f"{name}_headcount")
        if fte.value is None or fte.bounds is None or people.value is None:
            continue
        if fte.bounds[0] > people.value:
            yield f"{name} {fte.value:g} of {people.value:g}"


def _flows(figure: Callable[..., Figure], year: int) -> Iterator[str]:
    names = ("inpost_fte", "starters_fte", "leavers_fte")
    now, starters, leavers = (figure(name).value for name in names)
    before = figure("inpost_fte", year - 1).value
    if now is None or starters is None or leavers is None or not before:
        return
    gap = now - (before + starters - leavers)
    if abs(gap) > _APART * before:
        yield f"{gap:+.1f} of {before:g}"


def _episodes(figure: Callable[[str], Figure]) -> Iterator[str]:
    names = ("Anypoint_episodes", "Ended_episodes", "At31_episodes")
    anypoint, ended, still_open = (figure(name).value for name in names)
    if anypoint is None or ended is None or still_open is None:
        return
    if abs(anypoint - ended - still_open) > 1:
        yield f"{ended:g} and {still_open:g} of {anypoint:g}"


def _bands(figure: Callable[[str], Figure]) -> Iterator[str]:
    whole, bands = figure("CPP_At31").value, [figure(band).value for band in PLAN_BANDS]
    numbers = [number for number in bands if number is not None]
    if whole is not None and len(numbers) == len(bands) and sum(numbers) != whole:
        yield f"{sum(numbers):g} of {whole:g}"
