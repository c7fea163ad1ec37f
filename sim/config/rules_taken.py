"""Which dated rules a run takes in. Imports nothing heavy: the command line reads it."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum


class RulesTaken(StrEnum):
    """Which dated rules a run takes in: those announced by day 0, all, or none."""

    KNOWN = "known"
    ON = "on"
    OFF = "off"

    def takes(self, known_from: dt.date, day_0: dt.date) -> bool:
        """Whether a run takes in a rule.

        Args:
            known_from: the day by which the rule was published.
            day_0: the first day of the run.
        """
        return self is RulesTaken.ON or (self is RulesTaken.KNOWN and known_from <= day_0)
