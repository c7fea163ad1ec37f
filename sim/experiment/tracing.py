"""One run, told event by event."""

from __future__ import annotations

from dataclasses import replace

from sim.config.behaviour import Behaviour
from sim.config.council import Council
from sim.engine.engines import Engine
from sim.engine.trace import TraceEvent
from sim.experiment.replicate import make_study
from sim.inputs.case_settings import CaseSettings
from sim.inputs.fates import Fates
from sim.scenario.scenario import Scenario


def trace_events(
    council: Council,
    behaviour: Behaviour,
    scenario: Scenario,
    seed: int,
    draw: int,
    replication: int,
    days: int,
    case_settings: CaseSettings | None = None,
    agency_rules: bool = True,
    engine: Engine = Engine.COMPILED,
) -> list[TraceEvent]:
    """Every event of the first `days` days of one run, in order.

    Args:
        council: the council.
        behaviour: the shared evidence.
        scenario: what the council decides.
        seed: seed of draws and fates.
        draw: which draw; 0 is central.
        replication: whose luck.
        days: days to tell.
        case_settings: what to choose about casework; None leaves children's cases out.
        agency_rules: whether the rules on agency staff come into force on their dates.
        engine: which engine simulates.
    """
    years = max(council.horizon_years, -(-days // 365))
    if council.rerun is None:
        council = council.model_copy(update={"horizon_years": years})
    study = make_study(
        council, behaviour, (scenario,), seed, case_settings, agency_rules, engine=engine
    )
    plan = study.plan(scenario, draw)
    cut = replace(plan, horizon=min(plan.horizon, float(days)))
    events: list[TraceEvent] = []
    study.simulate(cut, Fates(seed, replication), events.append)
    return events
