"""What uncertain numbers are called where a person meets one, and how their values are written."""

from __future__ import annotations

from sim.config.quantity import Quantity, Unit

_CALLED = {
    "labour_market.vacancy_elasticity": "How hiring responds to vacancies",
    "labour_market.pass_through": "Rises that neighbours match",
    "labour_market.candidate_cap_per_post": "Most candidates a post, a month",
    "hiring.approval": "Weeks to approve a post",
    "hiring.selection": "Weeks to select",
    "hiring.checks": "Weeks of checks",
    "hiring.offer_acceptance": "Offers accepted",
    "hiring.drop_out": "Drop out before starting",
    "exits.load_multiplier_per_case": "Leaving, for each case too many",
    "exits.manager_gap_multiplier": "Leaving, where no manager is",
    "exits.retention_rebound": "Leaving after a tie-in ends",
    "agency.assignment": "Months that agency staff stay",
    "agency.release": "Agency released as posts fill",
    "agency.conversion_rate": "Agency staff who join, a year",
    "agency.request_delay": "Weeks to ask for agency cover",
    "finance.oncost_multiplier": "On-costs over pay",
    "finance.pay_award": "Pay award a year",
    "finance.inflation": "Inflation a year",
    "finance.agency_drift": "Price of agency staff, a year",
    "casework.capacity.hard_limit": "Points above which nobody takes more",
    "casework.capacity.load_slows_work": "How far overload slows work",
    "casework.capacity.handover_hours": "Hours that a hand-over takes",
    "casework.capacity.freed_by_family_practitioner": "Time a family practitioner frees",
    "casework.capacity.experienced_start": "Pace of new starters at first",
    "casework.demand.stay": "How long children stay in need",
}
_IN_A_MEASURE = {"found_per_year": "found a year", "gbp_per_year": "£ a year", "gbp": "£"}
_SHARES = (Unit.SHARE, Unit.RATE_PER_YEAR, Unit.RATE_PER_MONTH)


def called(key: str) -> str:
    """What a number is called: its own words, or its key written out.

    Args:
        key: as in a draw: "hiring.approval", "measure.overseas_recruitment.found_per_year".
    """
    if key in _CALLED:
        return _CALLED[key]
    group, *rest = key.split(".")
    if group in ("measure", "council", "casework") and len(rest) > 1:
        group, *rest = rest
    words = (_IN_A_MEASURE.get(part, part.replace("_", " ")) for part in rest)
    text = f"{group.replace('_', ' ')}: {', '.join(words)}" if rest else group.replace("_", " ")
    return text[:1].upper() + text[1:]


def value_of(quantity: Quantity, value: float) -> str:
    """A value in its unit, short: a share in per cent, whole pounds."""
    if quantity.unit in _SHARES:
        return f"{100 * value:.3g} %"
    if quantity.unit in (Unit.GBP, Unit.GBP_PER_YEAR):
        return f"£{value:,.0f}"
    return f"{value:.3g}"
