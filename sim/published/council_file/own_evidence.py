"""The section of shared evidence of which a council has its own."""

from __future__ import annotations

from sim.config.quantity import Grade, Unit
from sim.config.sources import Mark
from sim.published.council_file.known import Known
from sim.published.council_file.lines import Line, Section
from sim.published.council_file.quantities import a_range

_LEAST_ABSENCE = 0.005
_MOST_ABSENCE = 0.12


def own_evidence(known: Known) -> Section:
    """Sickness absence, where it is published; else the shared figure serves."""
    rate = known.figure("absence_rate_fte")
    if rate.value is None:
        return Section("evidence", ())
    share = min(max(rate.value / 100, _LEAST_ABSENCE), _MOST_ABSENCE)
    table = a_range(0.6 * share, share, 1.6 * share, Unit.SHARE, Grade.OFFICIAL, "csww")
    words = f"absence_rate_fte {rate.value:g} % in the year to the census; range judgement"
    return Section(
        "evidence", (Line("casework.absence.sickness_share", table, Mark.PUBLISHED, words),)
    )
