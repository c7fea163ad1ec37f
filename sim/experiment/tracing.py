"""One run, told event by event."""

from __future__ import annotations

from dataclasses import replace

from sim.engine.trace import TraceEvent
from sim.experiment.replicate import Study
from sim.inputs.fates import Fates


def trace_events(study: Study, draw: int, replication: int, days: int) -> list[TraceEvent]:
    """Every event of the first `days` days of one run of a study's first scenario, in order.

    Args:
        study: what is run, with all that was chosen about it.
        draw: which draw; 0 is central.
        replication: whose luck.
        days: days to tell; a council runs on beyond its horizon where they are more.
    """
    council = study.council
    if council.rerun is None:
        years = max(council.horizon_years, -(-days // 365))
        study = replace(study, council=council.model_copy(update={"horizon_years": years}))
    plan = study.plan(study.scenarios[0], draw)
    cut = replace(plan, horizon=min(plan.horizon, float(days)))
    events: list[TraceEvent] = []
    study.simulate(cut, Fates(study.seed, replication), events.append)
    return events
