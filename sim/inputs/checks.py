"""Checks of a council that need more than its file: its totals in posts, its children in stages."""

from __future__ import annotations

from sim.config.behaviour import Behaviour
from sim.config.council import Council
from sim.inputs.build import make_plan
from sim.inputs.case_settings import case_settings
from sim.inputs.draws import CENTRAL_DRAW, draw_values, make_draw, quantities
from sim.inputs.position import start_position
from sim.scenario.scenario import Scenario, baseline


def check_council_fits(
    council: Council, behaviour: Behaviour, scenario: Scenario | None = None
) -> None:
    """Make the central plan of a council, doing nothing unless a scenario is given; throw it away.

    Raises:
        InputError: its totals can't be divided into posts, a stage has nobody who may hold it, or
            a stock of children is larger than its stage can hold.
    """
    chosen = scenario or baseline()
    values = draw_values(quantities(behaviour, council, [chosen]), (), 0, CENTRAL_DRAW)
    position = start_position(council)
    draw = make_draw(council, values, 0, CENTRAL_DRAW)
    settings = case_settings(behaviour, council.start_date)
    make_plan(council, position, chosen, draw, settings)
