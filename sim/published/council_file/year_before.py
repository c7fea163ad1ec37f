"""The section that no run reads: what is published of the year before, for `check`."""

from __future__ import annotations

from sim.config.sources import Mark
from sim.published.council_file.known import Known
from sim.published.council_file.lines import Line, Section
from sim.published.derived import plans_by_length
from sim.published.estimates import growth_of, posts_of_england

_FIGURES = {
    "starters_fte": "starters_fte",
    "leavers_fte": "leavers_fte",
    "cases": "cases",
    "episodes_started": "Started_episodes",
    "episodes_ended": "Ended_episodes",
    "plans_started": "CPP_start",
}


def year_before(known: Known) -> Section:
    """Published flows and the plans by length; what is not printed is left out."""
    lines = [_line("inpost_fte_a_year_before", "inpost_fte", known, known.year - 1)]
    lines += [_line(key, column, known, known.year) for key, column in _FIGURES.items()]
    return Section(
        "year_before",
        (
            *(line for line in lines if line is not None),
            *_growth(known),
            *_plans(known),
            Line("source", "csww"),
        ),
        "Published, and read by no run: caseholder check holds the rest against it",
    )


def _line(key: str, column: str, known: Known, year: int) -> Line | None:
    figure = known.figure(column, year)
    if figure.value is None:
        return None
    return Line(key, figure.value, Mark.PUBLISHED)


def _growth(known: Known) -> list[Line]:
    posts = posts_of_england(known.record, known.year)
    if len(posts) < 2:
        return []
    comment = "mean yearly growth of England's posts"
    return [Line("posts_growth", round(growth_of(posts), 4), Mark.NATIONAL, comment)]


def _plans(known: Known) -> list[Line]:
    """Plans by length: hidden ones as the sum that the bands together hold."""
    plans = plans_by_length(known.record, known.council, known.year)
    if not plans.shown:
        return []
    lines = [Line("plans_by_length", dict(plans.shown), Mark.PUBLISHED)]
    if plans.hidden and plans.in_hidden is not None:
        together = "follow each other" if plans.are_neighbours else "do not follow each other"
        comment = f"hidden lengths {together}; only their sum is known, and they are not parted"
        lines += [
            Line("plans_of_hidden_lengths", plans.in_hidden, Mark.PUBLISHED, comment),
            Line("hidden_lengths", list(plans.hidden)),
        ]
    return lines
