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


def pull_over(pull: float, other: float) -> float:
    """Attractiveness of a post over that of another, or over a mean.

    Where the other draws nobody, what draws anybody draws without limit, and what does not is no
    better.
    """
    if other > 0.0:
        return pull / other
    return math.inf if pull > 0.0 else 0.0


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
    release: float, over_trigger: float, start: float, level: float, most: float = math.inf
) -> int:
    """Agency staff above establishment that a manager keeps at a quarterly review (model.md 5).

    The year's level, and what the load of the team asks for beyond the start: `over_trigger` is the
    FTE by which the load, without these staff, passes the trigger, which on day 0 is `start`;
    `most` is the most that a manager could take on for it.
    """
    kept = level + release * (max(0.0, min(over_trigger, most)) - start)
    return max(0, math.floor(kept + 0.5))


def keeps_cover(uniform: float, before: float, level: float) -> bool:
    """Whether a covered vacancy stays so when the share covered is to fall to a level."""
    return uniform * before < level


def gains_cover(uniform: float, before: float, level: float) -> bool:
    """Whether an uncovered vacancy is covered when the share covered is to rise to a level."""
    return uniform * (1.0 - before) < level - before


def share_covered_at(share: float, pending: float, arrivals: float) -> float:
    """Share of vacancies covered where cover comes at a multiple of the rate that `share` needs.

    Args:
        share: covered at the rate itself.
        pending: of the uncovered, the share that waits for the request.
        arrivals: the multiple.
    """
    if arrivals <= 0.0:
        return 0.0
    uncovered = 1.0 - share
    return share / (share + uncovered * (pending + (1.0 - pending) / arrivals))


def share_pending_at(pending: float, arrivals: float) -> float:
    """Of the uncovered, the share that waits for the request, likewise."""
    if arrivals <= 0.0 or pending <= 0.0:
        return 0.0
    return pending / (pending + (1.0 - pending) / arrivals)


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


def has_room(load: float, points: float, capacity: float, limit: float) -> bool:
    """Whether a worker may take a case: the load with it must not pass the limit."""
    return load + points / capacity <= limit if capacity > 0.0 else False


def room_of(load: float, capacity: float, limit: float) -> float:
    """Points that a worker can take before the load passes the limit."""
    return max(0.0, limit - load) * capacity if capacity > 0.0 else 0.0


def bought_wanted(points: float, capacity_each: float, share: float) -> int:
    """Agency staff to buy for waiting children: a share of those whom they would load fully."""
    if capacity_each <= 0.0:
        return 0
    return math.ceil(share * points / capacity_each)


def may_turn_away(turned_away: float, referrals: float) -> bool:
    """Whether one more referral of a month may be turned away: never more than one in twenty.

    What holds for every month holds for every year.
    """
    return (turned_away + 1.0) * MOST_TURNED_AWAY <= referrals


MOST_TURNED_AWAY = 20.0
"""Of so many referrals at most one is turned away (J): thresholds follow the law."""


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
    """Points that a worker may carry: FTE x share of a full caseload x time freed and lost.

    Nobody carries less than nothing, however much time supervision takes.
    """
    return full_points * fte * share * max(0.0, 1.0 + freed) * (1.0 - lost)


def lognormal_days(uniform_score: float, mean: float, sigma: float) -> float:
    """Lognormal length from a standard normal score, its mean kept."""
    return mean * math.exp(sigma * uniform_score - sigma * sigma / 2.0)


def luck_place(visit: int, place: int) -> int:
    """Index, in a case's stream of luck, of one place within one visit to a stage.

    No two share an index, however many reviews a visit holds: the first 256 places of a visit stand
    together, and further ones on pages beyond all visits (visits and places below 2^31).
    """
    return (place >> 8 << 40) + (visit << 8) + (place & 255)


def puts_off_review(has_worker: bool, held_days: float, window_days: float) -> bool:
    """Whether a review is put off: no worker, or one newer than the window (evidence C4)."""
    return window_days > 0.0 and (not has_worker or held_days < window_days)


_CENTRE = (
    (2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4,
     4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3,
     1.3314166789178437745e2, 3.3871328727963666080e0),
    (5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4,
     2.1213794301586595867e4, 5.3941960214247511077e3, 6.8718700749205790830e2,
     4.2313330701600911252e1, 1.0),
)  # fmt: skip
_TAIL = (
    (7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
     1.27045825245236838258e0, 3.64784832476320460504e0, 5.76949722146069140550e0,
     4.63033784615654529590e0, 1.42343711074968357734e0),
    (1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2,
     1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940e0,
     2.05319162663775882187e0, 1.0),
)  # fmt: skip
_FAR_TAIL = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
     2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580e0,
     5.46378491116411436990e0, 6.65790464350110377720e0),
    (2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5,
     7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1,
     5.99832206555887937690e-1, 1.0),
)  # fmt: skip
"""Coefficients of the numerator and denominator of AS 241, the highest power first."""


def normal_score(uniform: float) -> float:
    """Standard normal score of a uniform number strictly between 0 and 1.

    Wichura's algorithm AS 241 (1988, doi 10.2307/2347330), in the order of operations of Python's
    statistics.NormalDist, whose bits it gives: a compiled engine can't call that.
    """
    q = uniform - 0.5
    factor = 1.0
    if abs(q) <= 0.425:
        above, below = _CENTRE
        r, factor = 0.180625 - q * q, q
    else:
        if q < 0.0:
            factor = -1.0
        r = math.sqrt(-math.log(uniform if q <= 0.0 else 1.0 - uniform))
        if r <= 5.0:
            above, below = _TAIL
            r -= 1.6
        else:
            above, below = _FAR_TAIL
            r -= 5.0
    numerator = denominator = 0.0
    for coefficient in above:
        numerator = numerator * r + coefficient
    for coefficient in below:
        denominator = denominator * r + coefficient
    return numerator * factor / denominator


BEYOND_ROUNDING = 1.0 + 1e-9
"""By how much a race must be lost so that no rounding can turn it."""


def is_lost(uniform: float, weight: float, best: float) -> bool:
    """Whether a race is lost for certain: a time is never below 1 - uniform over the weight.

    Most are, and the logarithm is what takes time.
    """
    return (1.0 - uniform) > best * weight * BEYOND_ROUNDING
