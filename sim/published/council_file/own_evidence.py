"""The section of shared evidence of which a council has its own."""

from __future__ import annotations

from collections.abc import Iterator

from sim.config.quantity import Grade, Unit
from sim.config.sources import Mark
from sim.published.council_file.known import Known
from sim.published.council_file.lines import Line, Section
from sim.published.council_file.quantities import a_range, as_table

_LEAST_ABSENCE = 0.005
_MOST_ABSENCE = 0.12


def own_evidence(known: Known) -> Section:
    """How much years vary up to the census, and sickness absence where it is published.

    For what is left out the shared figure serves.
    """
    return Section("evidence", (*_sizes(known), *_absence(known)))


def _sizes(known: Known) -> Iterator[Line]:
    """Estimated on all councils up to the year, so the same in every council of it."""
    for key, quantity in known.fitted.evidence.items():
        words = f"fitted to all councils up to {known.year}"
        yield Line(key, as_table(quantity), Mark.NATIONAL, words)


def _absence(known: Known) -> Iterator[Line]:
    rate = known.figure("absence_rate_fte")
    if rate.value is None:
        return
    share = min(max(rate.value / 100, _LEAST_ABSENCE), _MOST_ABSENCE)
    table = a_range(0.6 * share, share, 1.6 * share, Unit.SHARE, Grade.OFFICIAL, "csww")
    words = f"absence_rate_fte {rate.value:g} % in the year to the census; range judgement"
    yield Line("casework.absence.sickness_share", table, Mark.PUBLISHED, words)
