"""Levels, spreads and growth of a council's staff, estimated on the record up to a year.

The rates of leaving and starting are counts over the staff in post of the same census. A council's
own level persists in part: it is drawn towards England's by as much as its own few years are noise.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from statistics import median

from sim.published.record import Council, Record

OWN_YEARS = 3
"""How many of its last years a council's own level is taken from."""
GROWTH_SD = 0.015
"""Of England's yearly growth of posts, which is one number for a run."""
NATIONAL_PERSISTENCE = 0.5
"""How much of a national year is left in the next."""
FEWEST_STAFF = 11.0
"""Full-time equivalents in post below which a council is too small to count."""
_POSTS = ("inpost_fte", "vacancy_fte")
_CLIP = 3.0
_SD_OF_NORMAL = 1 / 0.6744897501960817
SCALE_OF_T4 = 1 / 0.7406970841016823
"""Scale of a t distribution with four degrees of freedom over its median absolute deviation."""


@dataclass(frozen=True)
class Flow:
    """People who left or started in the year to a census, and the staff in post on its day."""

    count: float
    staff: float

    @property
    def log_rate(self) -> float:
        """Natural logarithm of the yearly rate."""
        return math.log(self.count / self.staff)


History = Mapping[int, Flow]
"""A council's flows by year; years without a figure, or with nobody, are left out."""


@dataclass(frozen=True)
class Spread:
    """How the logarithms of councils' rates differ.

    Attributes:
        medians: England's median by year.
        between: variance between councils that lasts from year to year.
        within: variance from year to year inside a council, counting noise left out.
    """

    medians: Mapping[int, float]
    between: float
    within: float


@dataclass(frozen=True)
class Level:
    """A council's level of a log rate: normal, with this mean and standard deviation.

    Attributes:
        mean: of the level.
        sd: of what is not known of it.
        weight: how much of its mean is the council's own, from 0 to 1.
    """

    mean: float
    sd: float
    weight: float


def spread_of(histories: Sequence[History]) -> Spread:
    """Variances of log rates between councils and within them.

    What lasts shows in the products of a council's deviations in different years; what is left of
    the variance, less that of counting people, is a year's own. Deviations are from England's
    median of the year, and none counts for more than three robust standard deviations.

    Args:
        histories: of all councils.

    Raises:
        ValueError: no council has two years, so that what lasts can't be told from what does not.
    """
    medians = medians_of(histories)
    raw = [[flow.log_rate - medians[year] for year, flow in sorted(h.items())] for h in histories]
    limit = _CLIP * _SD_OF_NORMAL * median(abs(each) for own in raw for each in own)
    own_deviations = [[max(-limit, min(limit, each)) for each in own] for own in raw]
    products = [a * b for own in own_deviations for a, b in combinations(own, 2)]
    if not products:
        raise ValueError("no council has figures of two years")
    between = max(0.0, _mean(products))
    whole = _mean([each * each for own in own_deviations for each in own])
    counting = _mean([1 / flow.count for history in histories for flow in history.values()])
    return Spread(medians, between, max(0.0, whole - between - counting))


def medians_of(histories: Sequence[History]) -> dict[int, float]:
    """England's median log rate by year: of all councils with a figure."""
    years = sorted({year for history in histories for year in history})
    return {
        year: median(history[year].log_rate for history in histories if year in history)
        for year in years
    }


def own_weight(spread: Spread, years: int, people: float) -> float:
    """How far a council's own mean is trusted against England's median, from 0 to 1.

    Args:
        spread: of all councils.
        years: how many years the council's mean is of.
        people: how many left or started in them together.
    """
    if years == 0 or spread.between == 0.0:
        return 0.0
    return spread.between / (spread.between + spread.within / years + 1 / people)


def level_of(spread: Spread, history: History) -> Level:
    """A council's level from its last three years and England's.

    Args:
        spread: of all councils; its last years are the record's.
        history: of the council.
    """
    last = sorted(spread.medians)[-OWN_YEARS:]
    own = {year: history[year] for year in last if year in history}
    weight = own_weight(spread, len(own), math.fsum(flow.count for flow in own.values()))
    deviations = [flow.log_rate - spread.medians[year] for year, flow in own.items()]
    above = weight * _mean(deviations) if deviations else 0.0
    usual = _mean([spread.medians[year] for year in last])
    return Level(usual + above, math.sqrt(spread.between * (1 - weight)), weight)


def growth_of(posts: Sequence[float]) -> float:
    """Mean yearly growth of posts, as a share.

    Args:
        posts: staff in post and vacancies together, year by year; two or more.
    """
    return _mean([later / earlier - 1 for earlier, later in pairwise(posts)])


@dataclass(frozen=True)
class Posts:
    """A council's staff in post and vacancies at a census, full-time equivalents."""

    staff: float
    vacancies: float

    @property
    def all(self) -> float:
        """Posts, filled or not."""
        return self.staff + self.vacancies

    @property
    def vacancy_rate(self) -> float:
        """Vacancies as a share of posts."""
        return self.vacancies / self.all


def usual_vacancy_rate(councils: Sequence[Mapping[int, Posts]]) -> float:
    """The median vacancy rate of all councils and years, as a share of posts."""
    return median(each.vacancy_rate for council in councils for each in council.values())


def posts_noise(councils: Sequence[Mapping[int, Posts]], pull: float) -> float:
    """Scale of the yearly disturbance of a council's posts: that of a t with four degrees.

    Args:
        councils: posts by year.
        pull: posts lost for each vacancy above the usual.

    Raises:
        ValueError: no council has two years in a row.
    """
    usual = usual_vacancy_rate(councils)
    changes: dict[int, list[float]] = {}
    for council in councils:
        for year, now in council.items():
            before = council.get(year - 1)
            if before is not None:
                pulled = pull * (before.vacancy_rate - usual)
                changes.setdefault(year, []).append(now.all / before.all - 1 + pulled)
    if not changes:
        raise ValueError("no council has figures of two years in a row")
    from_median = [abs(each - median(year)) for year in changes.values() for each in year]
    return SCALE_OF_T4 * median(from_median)


def flow_histories(record: Record, column: str, year: int) -> dict[Council, History]:
    """Leavers or starters of every council of a year, up to that year.

    Args:
        record: the record.
        column: "leavers_fte" or "starters_fte".
        year: the census year.
    """
    return {council: _flows(record, council, column) for council in record.councils(year)}


def _flows(record: Record, council: Council, column: str) -> History:
    pairs = zip(record.series(council, column), record.series(council, "inpost_fte"), strict=True)
    return {
        staff.end.year: Flow(flow.value, staff.value)
        for flow, staff in pairs
        if flow.value and staff.value and staff.value >= FEWEST_STAFF
    }


def posts_histories(record: Record, year: int) -> dict[Council, dict[int, Posts]]:
    """Staff in post and vacancies of every council of a year, up to that year."""
    return {council: _posts(record, council) for council in record.councils(year)}


def _posts(record: Record, council: Council) -> dict[int, Posts]:
    columns = [record.series(council, column) for column in _POSTS]
    return {
        staff.end.year: Posts(staff.value, vacant.value)
        for staff, vacant in zip(*columns, strict=True)
        if staff.value and vacant.value is not None and staff.value >= FEWEST_STAFF
    }


def posts_of_england(record: Record, year: int) -> list[float]:
    """England's posts as printed, in every year up to a year in which both parts are."""
    years = [each for each in record.years() if each <= year]
    printed = [[_of_england(record, column, each) for column in _POSTS] for each in years]
    parts = [[part for part in row if part is not None] for row in printed]
    return [math.fsum(row) for row in parts if len(row) == len(_POSTS)]


def _of_england(record: Record, column: str, year: int) -> float | None:
    figure = record.comparator("England", column, year)
    return None if figure is None else figure.value


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)
