"""Measures for the posts of some roles in some teams, all of them or a share."""

from __future__ import annotations

from abc import ABC

from sim.config.roles import Role
from sim.scenario.measure import Measure, Roles, TakeUp, Teams


class ScopedMeasure(Measure, ABC):
    """A line that acts on the posts of some roles in some teams."""

    teams: Teams
    roles: Roles

    @property
    def teams_in_scope(self) -> tuple[str, ...]:
        """The teams."""
        return self.teams

    @property
    def roles_in_scope(self) -> tuple[Role, ...]:
        """The roles."""
        return self.roles


class OfferedMeasure(ScopedMeasure, ABC):
    """A line that is offered to the posts in its scope.

    Attributes:
        take_up: share of them that take it up.
    """

    take_up: TakeUp = 1.0

    @property
    def reaches_somebody(self) -> bool:
        """Whether anybody takes it up."""
        return self.take_up > 0
