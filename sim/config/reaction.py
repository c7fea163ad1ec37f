"""What managers do when many children wait: the shared evidence (configs/behaviour.toml)."""

from __future__ import annotations

from sim.config.quantity import Frozen, Quantity


class Reaction(Frozen):
    """When managers react, and how far each of their four steps goes."""

    trigger: Quantity
    patience: Quantity
    lent_share: Quantity
    limit_lift: Quantity
    limit_lift_time: Quantity
    lifted_slower: Quantity
    agency_share: Quantity
    agency_most: Quantity
    agency_lead: Quantity
    turned_away: Quantity
