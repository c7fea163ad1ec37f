"""What a back-test of all councils says: scores by year and horizon, marks, councils."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from sim.engine.records import Array
from sim.experiment.forecasts import RIVALS, Forecast
from sim.experiment.scored import SCORED, Scored
from sim.experiment.scores import COVERAGES, is_covered, skill
from sim.published.lookup import SIZE_GROUPS

Key = TypeVar("Key", int, tuple[int, str], tuple[int, int])

MOST_BEHIND = 0.03
"""By what share the CRPS may be above that of the shrinkage rival."""
POOLED = (0.72, 0.90)
"""Between which shares the 80 % ranges should hold figures of all years and councils."""
EACH_GROUP = (0.65, 0.93)
"""The same in each target year and group of size."""
FEWEST_OF_A_GROUP = 20
"""Figures below which a year and group of size is too small to be held to it."""
STANDARD_ERRORS = 2.0


@dataclass(frozen=True)
class ScoreRow:
    """Scores of an indicator over some figures.

    Attributes:
        indicator: the published column.
        ahead: years ahead; None for all.
        year: of the figures; None for all.
        figures: how many.
        councils: of how many councils.
        coverage: share of the figures inside each of COVERAGES.
        width: mean width of the 80 % range, on the scale on which the indicator is scored.
        crps: mean, on that scale.
        rivals: mean CRPS by rival.
        skill: by what share the CRPS is below that of last year's figure.
        skill_se: its standard error, clustered by council.
    """

    indicator: str
    ahead: int | None
    year: int | None
    figures: int
    councils: int
    coverage: tuple[float, ...]
    width: float
    crps: float
    rivals: dict[str, float]
    skill: float
    skill_se: float


def score_rows(forecasts: Sequence[Forecast]) -> list[ScoreRow]:
    """Scores by indicator: each year and horizon, all years of a horizon and the reverse, all."""
    found = []
    for scored in SCORED:
        own = [each for each in forecasts if each.indicator == scored.name]
        aheads, years = sorted({f.ahead for f in own}), sorted({f.year for f in own})
        pairs: list[tuple[int | None, int | None]] = [(a, y) for a in aheads for y in years]
        pairs += [(a, None) for a in aheads] + [(None, y) for y in years] + [(None, None)]
        for ahead, year in pairs:
            kept = [f for f in own if ahead in (None, f.ahead) and year in (None, f.year)]
            if kept:
                found.append(_row(scored, ahead, year, kept))
    return found


def _row(scored: Scored, ahead: int | None, year: int | None, own: list[Forecast]) -> ScoreRow:
    places = np.array([f.place for f in own])
    gain, error = gain_over("persistence", own)
    return ScoreRow(
        scored.name,
        ahead,
        year,
        len(own),
        len({f.council.code for f in own}),
        tuple(float(is_covered(places, coverage).mean()) for coverage in COVERAGES),
        _mean(f.width for f in own),
        _mean(f.crps for f in own),
        {name: _mean(f.rivals[name] for f in own) for name in RIVALS},
        gain,
        error,
    )


def gain_over(rival: str, own: Sequence[Forecast]) -> tuple[float, float]:
    """Skill against a rival, and its standard error."""
    ours, theirs = np.array([f.crps for f in own]), np.array([f.rivals[rival] for f in own])
    return skill(ours, theirs, [f.council.code for f in own])


def _mean(values: Iterable[float]) -> float:
    found: Array = np.array(list(values))
    return float(found.mean())


# Marks ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Verdict:
    """One mark of an indicator.

    Attributes:
        indicator: the published column.
        what: the mark, in words.
        found: the figure, in words.
        is_met: whether it is met.
    """

    indicator: str
    what: str
    found: str
    is_met: bool


def verdicts(forecasts: Sequence[Forecast]) -> list[Verdict]:
    """Every mark that was set before the runs, met or missed."""
    found: list[Verdict] = []
    for scored in SCORED:
        own = [each for each in forecasts if each.indicator == scored.name]
        if own:
            found += (mark(scored, own) for mark in (_gain, _signs, _behind, _pooled, _groups))
    return found


def _gain(scored: Scored, own: list[Forecast]) -> Verdict:
    gain, error = gain_over("persistence", own)
    what = f"CRPS at least {scored.mark:.0%} below last year's figure, and by two standard errors"
    met = gain >= scored.mark and gain >= STANDARD_ERRORS * error
    return Verdict(scored.name, what, f"{gain:.1%} (standard error {error:.1%})", met)


def _signs(scored: Scored, own: list[Forecast]) -> Verdict:
    gains = {y: gain_over("persistence", kept)[0] for y, kept in _by(own, lambda f: f.year)}
    told = ", ".join(f"{year} {gain:+.1%}" for year, gain in gains.items())
    what = "better than last year's figure in every year"
    return Verdict(scored.name, what, told, all(gain > 0 for gain in gains.values()))


def _behind(scored: Scored, own: list[Forecast]) -> Verdict:
    gain, error = gain_over("shrinkage", own)
    what = f"CRPS at most {MOST_BEHIND:.0%} above shrinkage, or within two standard errors"
    met = gain >= -MOST_BEHIND or gain >= -STANDARD_ERRORS * error
    return Verdict(scored.name, what, f"{-gain:+.1%} (standard error {error:.1%})", met)


def _pooled(scored: Scored, own: list[Forecast]) -> Verdict:
    low, high = POOLED
    share = covered(own)
    what = f"80 % ranges hold {low:.0%} to {high:.0%}"
    return Verdict(scored.name, what, f"{share:.1%}", low <= share <= high)


def _groups(scored: Scored, own: list[Forecast]) -> Verdict:
    low, high = EACH_GROUP
    shares = {
        f"{group} FTE in {year}": covered(kept)
        for (year, group), kept in _by(own, lambda f: (f.year, f.group))
        if len(kept) >= FEWEST_OF_A_GROUP
    }
    out = {where: share for where, share in shares.items() if not low <= share <= high}
    told = ", ".join(f"{where} {share:.1%}" for where, share in out.items())
    if shares and not out:
        told = f"{min(shares.values()):.1%} to {max(shares.values()):.1%}"
    what = (
        f"80 % ranges hold {low:.0%} to {high:.0%} in each year and group of size with"
        f" {FEWEST_OF_A_GROUP} figures or more"
    )
    return Verdict(scored.name, what, told, not out)


def covered(own: Sequence[Forecast], coverage: float = 0.80) -> float:
    """Share of figures inside the central range."""
    return float(is_covered(np.array([f.place for f in own]), coverage).mean())


def _by(
    own: Sequence[Forecast], key: Callable[[Forecast], Key]
) -> Iterator[tuple[Key, list[Forecast]]]:
    for value in sorted({key(f) for f in own}):
        yield value, [f for f in own if key(f) == value]


# Groups and councils ----------------------------------------------------------------------


@dataclass(frozen=True)
class GroupRow:
    """How often the 80 % ranges of an indicator hold figures of a year and group of size."""

    indicator: str
    year: int
    group: str
    figures: int
    coverage: float


def group_rows(forecasts: Sequence[Forecast]) -> list[GroupRow]:
    """Coverage by indicator, target year and group of size."""
    names = [name for _, name in SIZE_GROUPS]
    found = []
    for scored in SCORED:
        own = [each for each in forecasts if each.indicator == scored.name]
        parts = _by(own, lambda f: (f.year, names.index(f.group)))
        found += [
            GroupRow(scored.name, year, names[place], len(kept), covered(kept))
            for (year, place), kept in parts
        ]
    return found


@dataclass(frozen=True)
class CouncilRow:
    """How one council was forecast.

    Attributes:
        code: of the council.
        name: of the council, as in its last start year.
        region: of the council.
        figures: how many were scored.
        outside_80: how many lay outside the 80 % range.
        outside_95: how many lay outside the 95 % range.
        relative_crps: mean CRPS over the mean of all councils, each indicator counting alike;
            above 1 is worse than most.
        skill: gain over last year's figure, likewise.
        worst: the figure that was forecast worst for its indicator.
    """

    code: str
    name: str
    region: str
    figures: int
    outside_80: int
    outside_95: int
    relative_crps: float
    skill: float
    worst: Forecast


def council_rows(forecasts: Sequence[Forecast]) -> list[CouncilRow]:
    """Every council that was scored, by code."""
    usual = {
        scored.name: _mean(f.crps for f in own)
        for scored in SCORED
        if (own := [f for f in forecasts if f.indicator == scored.name])
    }
    by_code: dict[str, list[Forecast]] = {}
    for forecast in forecasts:
        by_code.setdefault(forecast.council.code, []).append(forecast)
    return [_council(code, own, usual) for code, own in sorted(by_code.items())]


def _council(code: str, own: list[Forecast], usual: dict[str, float]) -> CouncilRow:
    last = max(own, key=lambda f: f.start).council
    ours = [f.crps / usual[f.indicator] for f in own]
    theirs = [f.rivals["persistence"] / usual[f.indicator] for f in own]
    return CouncilRow(
        code,
        last.name,
        last.region,
        len(own),
        round(len(own) * (1 - covered(own))),
        round(len(own) * (1 - covered(own, 0.95))),
        _mean(ours),
        1 - sum(ours) / sum(theirs),
        max(own, key=lambda f: f.crps / usual[f.indicator]),
    )
