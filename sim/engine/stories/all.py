"""All stories, by number (sim.engine.events.Story)."""

from __future__ import annotations

from collections.abc import Callable

from sim.engine.events import Story
from sim.engine.simpy.kernel import Waits
from sim.engine.stories.agency import cover, overlap, placement
from sim.engine.stories.children import (
    assessment,
    care_leaver,
    child_in_need,
    child_returns,
    children,
    court,
    dated_rules,
    decision,
    looked_after_first_year,
    looked_after_settled,
    next_stage,
    pre_proceedings,
    protection_plan,
    referrals,
    section_47,
)
from sim.engine.stories.council import (
    cohort,
    dated_post,
    group,
    month_end,
    payment_day,
)
from sim.engine.stories.managers import manager_review, purchase
from sim.engine.stories.people import attendance, remaining_notice, settlement, worker_life
from sim.engine.stories.vacancies import (
    appointment_inside,
    approval,
    candidates,
    next_step,
    offer,
    on_the_market,
)

STAGES_OF_A_CASE = (
    decision,
    assessment,
    section_47,
    child_in_need,
    protection_plan,
    pre_proceedings,
    court,
    looked_after_first_year,
    looked_after_settled,
    care_leaver,
)
STEPS_OF_A_VACANCY = (approval, appointment_inside, on_the_market, offer)
STORIES: dict[int, Callable[..., Waits]] = {
    **dict(zip(Story, STAGES_OF_A_CASE + STEPS_OF_A_VACANCY, strict=False)),
    Story.WORKER: worker_life,
    Story.ATTENDANCE: attendance,
    Story.NOTICE: remaining_notice,
    Story.COVER: cover,
    Story.RETURN: child_returns,
    Story.REFERRALS: referrals,
    Story.CANDIDATES: candidates,
    Story.OVERLAP: overlap,
    Story.PLACEMENT: placement,
    Story.SETTLEMENT: settlement,
    Story.MONTH_END: month_end,
    Story.DATED_POST: dated_post,
    Story.PAYMENT: payment_day,
    Story.COHORT: cohort,
    Story.GROUP: group,
    Story.CHILDREN: children,
    Story.DATED_RULES: dated_rules,
    Story.MANAGER_REVIEW: manager_review,
    Story.PURCHASE: purchase,
}
FOLLOWING: dict[Callable[..., Waits], Callable[..., int]] = {
    **dict.fromkeys(STAGES_OF_A_CASE, next_stage),
    **dict.fromkeys(STEPS_OF_A_VACANCY, next_step),
}
"""By story that others follow in the same process: what names the next."""
