"""Who came, moved and left, month by month: the flows of a run by team."""

from __future__ import annotations

import numpy as np

from sim.config.roles import REGISTERED_ROLES
from sim.engine.records import FLOWS, Array, Records
from sim.inputs.plan import SUPERNUMERARY_LINE, Plan
from sim.outcomes.workforce import team_fte, whole_hundredths

STARTERS = tuple(name for name in FLOWS if name.startswith("starters_"))
"""Flows of people who joined, one for each route by which they came."""
LEAVERS = tuple(name for name in FLOWS if name.startswith("leavers_"))
"""Flows of people who left, one for each way out."""
FLOW_INDEX: dict[str, int] = {name: i for i, name in enumerate(FLOWS)}


def people_flows(plan: Plan, records: Records) -> Array:
    """Flows of registered social workers.

    Returns:
        FTE, shape (flows, 1 + teams, periods): the council first, then its teams.
    """
    registered = np.array([account.role in REGISTERED_ROLES for account in plan.accounts])
    return np.stack([team_fte(plan, records.flows[name], registered) for name in FLOWS])


def new_post_flows(plan: Plan, records: Records) -> Array:
    """Flows on the posts that the scenario created, whatever their role.

    Returns:
        FTE, shape (flows, periods).
    """
    new = np.array([account.line > SUPERNUMERARY_LINE for account in plan.accounts])
    return whole_hundredths(np.stack([records.flows[name][:, new].sum(axis=1) for name in FLOWS]))
