"""The shared evidence on pipelines: overseas staff, trainees, workers early in their career."""

from __future__ import annotations

from sim.config.quantity import Frozen, Quantity, ShareBelowOne


class Overseas(Frozen):
    """Social workers hired abroad, from the offer to settlement."""

    lead_weeks: Quantity
    share_who_start: Quantity
    two_year_exits: ShareBelowOne
    ramp_start: Quantity
    ramp_weeks: Quantity
    settlement_years: Quantity
    freed_exits: Quantity
    freed_months: Quantity
    fee_tie_in_exits: Quantity


class Training(Frozen):
    """Students on a bursary and apprentices."""

    completion: Quantity
    tie_in_exits: Quantity


class EarlyCareer(Frozen):
    """What an academy, or a supported first year, does for newly qualified workers."""

    academy_leaving_odds: Quantity
    academy_ramp: Quantity
    supported_first_year_exits: Quantity
