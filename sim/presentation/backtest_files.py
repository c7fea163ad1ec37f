"""The files of a back-test of all councils: scores, forecasts, councils, marks, places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from sim.experiment.forecast_runs import Job
from sim.experiment.forecasts import RIVALS, Forecast
from sim.experiment.score_rows import CouncilRow, GroupRow, ScoreRow, Verdict, group_rows
from sim.experiment.scored import SCORED
from sim.experiment.scores import COVERAGES, WIDTH_OF, histogram
from sim.presentation.dictionary import write_dictionary
from sim.presentation.files import number, write_csv

ALL = "all"
BINS = 10
_CRPS = ("crps", *(f"crps_{rival}" for rival in RIVALS))
SCORES = (
    "indicator", "horizon", "year", "councils",
    *(f"coverage_{100 * coverage:.0f}" for coverage in COVERAGES),
    f"width_{100 * WIDTH_OF:.0f}", *_CRPS, "skill", "skill_se",
)  # fmt: skip


def write_tables(
    folder: Path,
    forecasts: Sequence[Forecast],
    rows: Sequence[ScoreRow],
    marks: Sequence[Verdict],
    councils: Sequence[CouncilRow],
    refused: Mapping[Job, str],
) -> None:
    """Write every table, and the dictionary of their columns."""
    write_csv(folder / "scores.csv", SCORES, map(_scores, rows))
    write_csv(folder / "forecasts.csv", _FORECAST, map(_forecast, forecasts))
    write_csv(folder / "councils.csv", _COUNCIL, _councils(councils, refused))
    write_csv(folder / "marks.csv", ("indicator", "mark", "found", "met"), map(_mark, marks))
    groups = ("indicator", "year", "group", "figures", "coverage_80")
    write_csv(folder / "groups.csv", groups, map(_group, group_rows(forecasts)))
    write_csv(folder / "places.csv", ("indicator", "from", "to", "share"), _places(forecasts))
    write_dictionary(folder)


def _scores(row: ScoreRow) -> list[object]:
    """A line of scores.csv."""
    return [
        row.indicator,
        ALL if row.ahead is None else row.ahead,
        ALL if row.year is None else row.year,
        row.councils,
        *map(number, row.coverage),
        number(row.width),
        number(row.crps),
        *(number(row.rivals[rival]) for rival in RIVALS),
        number(row.skill),
        number(row.skill_se),
    ]


def _mark(mark: Verdict) -> list[object]:
    return [mark.indicator, mark.what, mark.found, "yes" if mark.is_met else "no"]


def _group(row: GroupRow) -> list[object]:
    return [row.indicator, row.year, row.group, row.figures, number(row.coverage)]


_FORECAST = (
    "code", "council", "group", "indicator", "start", "year", "published", "p10", "p50", "p90",
    "place", *_CRPS,
)  # fmt: skip


def _forecast(each: Forecast) -> list[object]:
    numbers = (each.published, each.low, each.median, each.high, each.place, each.crps,
               *(each.rivals[rival] for rival in RIVALS))  # fmt: skip
    own = each.council
    return [own.code, own.name, each.group, each.indicator, each.start, each.year,
            *map(number, numbers)]  # fmt: skip


_COUNCIL = (
    "code", "council", "region", "figures", "outside_80", "outside_95", "relative_crps", "skill",
    "worst_indicator", "worst_start", "worst_year", "worst_published", "worst_p10", "worst_p90",
    "not_run",
)  # fmt: skip


def _councils(rows: Sequence[CouncilRow], refused: Mapping[Job, str]) -> list[list[object]]:
    """A line for each council, by code: those without a score say why."""
    why: dict[str, list[str]] = {}
    names = {job.council.code: job.council for job in refused}
    for job, reason in refused.items():
        why.setdefault(job.council.code, []).append(f"{job.start}: {reason}")
    found = []
    for row in rows:
        worst = row.worst
        numbers = (worst.published, worst.low, worst.high)
        found.append(
            [row.code, row.name, row.region, row.figures, row.outside_80, row.outside_95,
             number(row.relative_crps, 3), number(row.skill, 3), worst.indicator, worst.start,
             worst.year, *map(number, numbers), " ".join(why.pop(row.code, []))]
        )  # fmt: skip
    gap = [""] * (len(_COUNCIL) - 5)
    for code, reasons in why.items():
        council = names[code]
        found.append([code, council.name, council.region, 0, *gap, " ".join(reasons)])
    return sorted(found, key=lambda line: str(line[0]))


def _places(forecasts: Sequence[Forecast]) -> list[list[object]]:
    """Shares of figures by their place among the draws."""
    edges = np.linspace(0.0, 1.0, BINS + 1)
    found: list[list[object]] = []
    for scored in SCORED:
        places = np.array([f.place for f in forecasts if f.indicator == scored.name])
        shares = histogram(places, BINS).tolist() if len(places) else []
        found += [
            [scored.name, number(float(low)), number(float(high)), number(float(share))]
            for low, high, share in zip(edges[:-1], edges[1:], shares, strict=False)
        ]
    return found
