"""The formulas of the model, each written once, as plain functions of numbers.

Inside a run only `math` is used: compiled and interpreted engines then agree to the last bit.
"""

from __future__ import annotations

import math


def exponential(uniform: float) -> float:
    """Unit exponential time from a uniform number."""
    return -math.log(uniform)


def candidate_rate_ratio(
    advertised_fte: float,
    reference_fte: float,
    elasticity: float,
    attractiveness: float,
    year_multiplier: float,
) -> float:
    """Rate of suitable candidates over its reference: (V / V_ref)^gamma x m x year (model.md 5).

    No adverts, no candidates, whatever the elasticity.
    """
    if advertised_fte <= 0.0:
        return 0.0
    response: float = (advertised_fte / reference_fte) ** elasticity
    return response * attractiveness * year_multiplier


def capped_ratio(ratio: float, candidates_per_day: float, cap_per_post: float, posts: int) -> float:
    """The ratio, held to at most `cap_per_post` candidates a day for each advertised post."""
    return min(ratio, cap_per_post * posts / candidates_per_day)


def race_time(uniform: float, weight: float) -> float:
    """Arrival time in an exponential race: the smallest wins, in proportion to weight."""
    return -math.log(uniform) / weight if weight > 0.0 else math.inf


def manager_gap_effect(strength: float, vacant_share: float) -> float:
    """Multiplier of exits in a team, a share of whose manager posts has no permanent holder."""
    return 1.0 + (strength - 1.0) * vacant_share


def contagion_effect(strength: float, recent: float, headcount: float, span: float) -> float:
    """Multiplier of exits after colleagues resigned.

    A worker feels it when at least one of the `span` colleagues of the group resigned lately; with
    `recent` resignations among `headcount`, that share is 1 - exp(-span x recent / headcount).
    """
    if headcount <= 0.0:
        return 1.0
    return 1.0 + (strength - 1.0) * (1.0 - math.exp(-span * recent / headcount))


def above_establishment_kept(release: float, over_trigger: float, start: float) -> int:
    """Agency staff above establishment that a manager keeps at a quarterly review (model.md 5).

    `over_trigger` is the FTE by which the team's load, without these staff, passes the trigger.
    """
    return math.floor(release * max(0.0, over_trigger) + (1.0 - release) * start + 0.5)


def recovered_share(days_since_payment: float, tie_in_days: float, recovery_share: float) -> float:
    """Share of a retention payment that comes back from one who leaves within the tie-in."""
    if days_since_payment >= tie_in_days:
        return 0.0
    return recovery_share * (1.0 - days_since_payment / tie_in_days)
