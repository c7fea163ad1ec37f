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


def above_establishment_kept(
    release: float, over_trigger: float, start: float, most: float = math.inf
) -> int:
    """Agency staff above establishment that a manager keeps at a quarterly review (model.md 5).

    `over_trigger` is the FTE by which the team's load, without these staff, passes the trigger;
    `most` is the most that a manager could take on for it.
    """
    kept = release * max(0.0, min(over_trigger, most)) + (1.0 - release) * start
    return math.floor(kept + 0.5)


def helped_multiplier(full: float, strength: float) -> float:
    """A multiplier in part: 1 at strength 0, `full` at strength 1."""
    return 1.0 + strength * (full - 1.0)


def recovered_share(days_since_payment: float, tie_in_days: float, recovery_share: float) -> float:
    """Share of a retention payment that comes back from one who leaves within the tie-in."""
    if days_since_payment >= tie_in_days:
        return 0.0
    return recovery_share * (1.0 - days_since_payment / tie_in_days)


def load_of(points: float, capacity: float) -> float:
    """Points held over capacity; infinite for one who can carry nothing."""
    return points / capacity if capacity > 0.0 else math.inf


def progress_speed(load: float, start_load: float, slowing: float) -> float:
    """Speed of work under a load, 1 at the load of the start (model.md 3).

    (min(1, 1/load) / min(1, 1/L0))^theta: nobody works faster for having less than a full load.
    """
    if slowing == 0.0 or (load <= 1.0 and start_load <= 1.0):
        return 1.0
    speed: float = (max(1.0, start_load) / max(1.0, load)) ** slowing
    return speed


def load_effect(
    per_case: float, load: float, start_load: float, cases_at_full_load: float
) -> float:
    """Multiplier of exits in a team whose load has moved since the start.

    `per_case` for each case by which the caseload differs, on the scale on which a full load is
    `cases_at_full_load` cases.
    """
    effect: float = per_case ** (cases_at_full_load * (load - start_load))
    return effect


def fte_over_trigger(
    points: float, trigger: float, capacity_without: float, capacity_each: float
) -> float:
    """FTE that bring a team's load down to the trigger, beside its other staff (model.md 5)."""
    if trigger <= 0.0 or capacity_each <= 0.0:
        return 0.0
    return (points / trigger - capacity_without) / capacity_each


def least_loaded(loads: list[float]) -> int:
    """Place of the smallest load; the first of equals, so that ties go by worker number."""
    return loads.index(min(loads))


def has_room(load: float, points: float, capacity: float, limit: float) -> bool:
    """Whether a worker may take a case: the load with it must not pass the limit."""
    return load + points / capacity <= limit if capacity > 0.0 else False


def ramped_share(start_share: float, days: float, ramp_days: float) -> float:
    """Share of a full caseload that a starter carries, a straight line over the ramp."""
    if ramp_days <= 0.0 or days >= ramp_days:
        return 1.0
    return start_share + (1.0 - start_share) * days / ramp_days


def freed_share(support_fte: float, freed_each: float, workers_fte: float, ceiling: float) -> float:
    """Share of social workers' time that support staff take over, up to a ceiling.

    Less than none, by no more than the ceiling, where a team has fewer support staff than on day 0.
    """
    if workers_fte <= 0.0:
        return 0.0
    return max(-ceiling, min(ceiling, support_fte * freed_each / workers_fte))


def capacity_of(full_points: float, fte: float, share: float, freed: float, lost: float) -> float:
    """Points that a worker may carry: FTE x share of a full caseload x time freed and lost."""
    return full_points * fte * share * (1.0 + freed) * (1.0 - lost)


def lognormal_days(uniform_score: float, mean: float, sigma: float) -> float:
    """Lognormal length from a standard normal score, its mean kept."""
    return mean * math.exp(sigma * uniform_score - sigma * sigma / 2.0)


def puts_off_review(has_worker: bool, held_days: float, window_days: float) -> bool:
    """Whether a review is put off: no worker, or one newer than the window (evidence C4)."""
    return window_days > 0.0 and (not has_worker or held_days < window_days)
