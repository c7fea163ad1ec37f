"""Rates solved so that a run starts in balance with the published position."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np

FloatArray = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def relative_pay_effect(rise: float, elasticity: float) -> float:
    """Multiplier of a rate when pay rises by the share `rise`: (1 + rise)^elasticity."""
    effect: float = (1.0 + rise) ** elasticity
    return effect


@dataclass(frozen=True, slots=True)
class SteadyCover:
    """How cover comes to a team so that a steady share of its vacancies has some.

    Attributes:
        share: of vacancies covered in the long run.
        request_days: mean time from an empty post to the request.
        search_days: mean time from the request to the first day; infinite for no cover.
        request_pending: share of uncovered vacancies whose request is still to be made.
    """

    share: float
    request_days: float
    search_days: float
    request_pending: float


MOST_WAITING = 0.5
"""Most of the uncovered vacancies that wait for their request (J). Where more would have to, the
request is made sooner: a council that covers every vacancy has the next worker ready."""


def steady_cover(
    share: float, request_days: float, end_rate: float, conversion_rate: float
) -> SteadyCover:
    """How fast cover must come for a steady share of vacancies to be covered, any from 0 to 1.

    Vacancies come as they are: so many of them covered, waiting and searching. A vacancy waits for
    the request (mean `request_days`), then searches, is covered, and waits again when the
    assignment ends (`end_rate`); while covered it may be filled by conversion. With shares
    w + s + c = 1, w / request_days = c end + w c conversion and
    s / search_days = c (end + (1 - c) conversion). How fast vacancies come and are filled by others
    is in neither: the share holds whether they grow or shrink.
    """
    if share <= 0.0:
        return SteadyCover(0.0, request_days, math.inf, 1.0)
    uncovered, converted = 1.0 - share, share * conversion_rate
    waiting = MOST_WAITING * uncovered
    longest = waiting / (share * end_rate + waiting * converted)
    if request_days < longest:
        waiting = share * end_rate / (1.0 / request_days - converted)
    search_days = (uncovered - waiting) / (share * (end_rate + uncovered * conversion_rate))
    pending = waiting / uncovered if uncovered > 0.0 else 0.0
    return SteadyCover(share, min(request_days, longest), search_days, pending)


@dataclass(frozen=True)
class OpenPosts:
    """Posts of one market that may be open on day 0, as parallel arrays.

    Attributes:
        fte, weight: FTE and base weight of each post.
        vacant: 1 where the post is vacant on day 0; 0 where it is held.
        notice_probability: chance that the holder is under notice.
        internal_chance: chance that it is filled inside when first advertised.
    """

    fte: FloatArray
    weight: FloatArray
    vacant: FloatArray
    notice_probability: FloatArray
    internal_chance: FloatArray


@dataclass(frozen=True)
class Carried:
    """Candidates that vacant posts have from their leavers' notice, when they were advertised too.

    Each is a number in hand over the number that vacant posts alone would have drawn.
    """

    selecting: float = 1.0
    awaiting: float = 1.0
    started: float = 1.0


@dataclass(frozen=True)
class Reference:
    """A market's reference: what makes starters equal their published mean on day 0."""

    candidates_per_day: float
    reference_fte: float
    advertised_share: float
    """Share of vacant posts that are advertised, rather than in selection or awaiting a start."""
    carried: Carried = Carried()


_STEPS = 16
_MOST_ITERATIONS, _TOLERANCE = 60, 1e-12


def solve_reference(
    posts: OpenPosts,
    starters_fte_per_day: float,
    hired_share: float,
    approval_days: float,
    selection_days: float,
    acceptance: float,
    ready_days: float,
    notice_days: float,
    cap_per_post_per_day: float,
) -> Reference:
    """A and V_ref of a market (model.md section 5): candidates a day, weighted FTE advertised.

    A post that is open beyond approval is advertised, in selection or awaiting a start, in the
    proportions of a steady flow of candidates. Posts whose holder is under notice have been open
    for a time uniform between 0 and the notice; those who apply to them are still in hand when the
    post falls vacant (`Carried`). The unknowns are found by fixed-point iteration, which contracts
    because time in selection is short beside time advertised.

    No vacancy on day 0 is not no vacancy ever: V_ref is what is advertised on average over a year,
    so it is never less than the posts from which the published starters can come, each of which
    draws at most `cap_per_post_per_day` candidates.

    Args:
        posts: the market's posts.
        starters_fte_per_day: hires through this market that start, FTE a day.
        hired_share: share of candidates who start: accepted and not dropped out.
        approval_days: from resignation to advert.
        selection_days: from candidate to offer.
        acceptance: share of offers accepted.
        ready_days: from acceptance to start.
        notice_days: notice that holders give.
        cap_per_post_per_day: most suitable candidates a day for each advertised post.
    """
    if not posts.fte.size:
        candidates = starters_fte_per_day / hired_share
        return Reference(candidates, _least_posts(candidates, cap_per_post_per_day), 1.0)
    value = posts.weight * posts.fte
    vacant_posts = float(posts.vacant.sum())
    ages = (np.arange(_STEPS) + 0.5) / _STEPS * notice_days
    since = (ages - approval_days)[ages > approval_days, np.newaxis]
    days_selecting = np.minimum(since, selection_days)
    days_awaiting = np.minimum(np.maximum(0.0, since - selection_days), ready_days)
    held = (1 - posts.vacant) * posts.notice_probability
    advertised = np.clip(posts.vacant * 0.9 + held, 0, 1)
    vacant_share, carried = 1.0, Carried()
    candidates = reference = 0.0
    for _ in range(_MOST_ITERATIONS):
        # Where nothing is advertised on day 0, what is advertised later is like all posts.
        shown = advertised if advertised.any() else np.ones(len(value))
        shown_value = float((value * shown).sum())
        hire_fte = float((value * shown * posts.fte).sum()) / shown_value
        needed = starters_fte_per_day / hire_fte / hired_share
        least = _least_posts(needed, cap_per_post_per_day) * shown_value / float(shown.sum())
        before, reference = reference, max(float((value * advertised).sum()), least)
        if abs(reference - before) <= _TOLERANCE * reference:
            break
        candidates = needed
        hazard = candidates * value / reference
        in_selection = hazard * days_selecting
        in_waiting = hazard * acceptance * days_awaiting
        outside = (1.0 - posts.internal_chance) / (1.0 + in_selection + in_waiting) / _STEPS
        by_age = np.stack([outside, outside * in_selection, outside * in_waiting], axis=1)
        young, selecting, awaiting = functools.reduce(np.add, by_age, np.zeros(by_age.shape[1:]))
        vacant_part = float((value * advertised * posts.vacant).sum()) / shown_value
        carried = _carried(
            vacant_part,
            candidates * selection_days,
            float((held * selecting).sum()),
            candidates * acceptance * ready_days,
            float((held * awaiting).sum()),
        )
        settled = 1.0 / (
            1.0
            + hazard
            * (selection_days * carried.selecting + acceptance * ready_days * carried.awaiting)
        )
        settled = np.maximum(settled, LEAST_ADVERTISED)
        if vacant_posts:
            vacant_share = float((settled * posts.vacant).sum()) / vacant_posts
        advertised = posts.vacant * settled + held * young
    return Reference(candidates, reference, vacant_share, carried)


LEAST_ADVERTISED = 0.05
"""Least part of a post that counts as advertised (J): of a market, a post for 18 days of a year; of
a vacant post, where the candidates in hand of leavers' posts outnumber the few vacancies there are.
"""


def _least_posts(candidates_per_day: float, cap_per_post_per_day: float) -> float:
    """Posts advertised on average, at least, that draw so many candidates."""
    return max(LEAST_ADVERTISED, candidates_per_day / cap_per_post_per_day)


def _carried(
    vacant_part: float,
    selecting: float,
    selecting_held: float,
    awaiting: float,
    awaiting_held: float,
) -> Carried:
    """Candidates in hand of vacant posts, over what these draw themselves.

    All in hand (Little: flow x time), less those whose post is still held, fall to the vacant
    posts, which draw only `vacant_part` of the candidates.
    """
    if vacant_part <= 0.0:
        return Carried()
    return Carried(
        _vacant_share_of(selecting, selecting_held) / vacant_part,
        _vacant_share_of(awaiting, awaiting_held) / vacant_part,
        1.0 / vacant_part,
    )


def _vacant_share_of(total: float, held: float) -> float:
    """Share of those in hand whose post is vacant; 1 where the step takes no time."""
    return max(0.0, 1.0 - held / total) if total > 0.0 else 1.0


def lognormal_multiplier(score: float, log_sd: float) -> float:
    """A multiplier with mean 1: exp(sd z - sd^2 / 2)."""
    return math.exp(log_sd * score - 0.5 * log_sd**2)
