"""Routes: how a worker came to the council."""

from __future__ import annotations

from enum import IntEnum


class Route(IntEnum):
    """How a worker came to the council. Values are columns of Records: only add."""

    AT_START = 0
    EXPERIENCED = 1
    NEWLY_QUALIFIED = 2
    AGENCY_CONVERSION = 3
    RECODED = 4
    OVERSEAS = 5
    BURSARY = 6
    APPRENTICE = 7


NEWLY_QUALIFIED_ROUTES = (Route.NEWLY_QUALIFIED, Route.BURSARY, Route.APPRENTICE)
"""Routes whose people begin as newly qualified workers, by whatever way they qualified."""
