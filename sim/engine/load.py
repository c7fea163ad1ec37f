"""Load: points of work over capacity, by team.

Until casework is simulated, load stays at its start value: the work that is there on day 0 and the
people who are there on day 0 to do it. Nothing else stands in for casework.
"""

from __future__ import annotations

from sim.inputs.plan import Plan


class Load:
    """What the rest of the model asks about load."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def fte_over_trigger(self, team: int) -> float:
        """FTE by which a team's load, without its staff above establishment, passes the trigger.

        The trigger is the load of the start, which those staff were there to hold: so the start
        value is their number.
        """
        return float(self._plan.agency.above_start[team])
