"""The sections of children's cases: stocks, referrals, what becomes of them, and which team."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import takewhile
from statistics import fmean
from typing import Any

from sim.config.quantity import Grade, Scale, Unit
from sim.config.sources import Mark
from sim.published.council_file.known import Found, Known
from sim.published.council_file.lines import Line, Section
from sim.published.council_file.money import DEFAULT
from sim.published.council_file.quantities import Z95, a_range, share_range
from sim.published.council_file.standard_teams import standard_routing

SOURCE, DERIVED = "children_in_need", "children_in_need_derived"
OWN_YEARS = 3
"""Years of a council's own mean of referrals."""
_NOISE_SD = 0.09
"""Log standard deviation of what is of one year's referrals alone (casework.demand.year_noise). How
far referrals have gone since the last of them is the walk's, and not in the range of day 0."""
_YEARS_OF_SHARES = 4
_LEAST_OTHERS = 0.05
"""Least share of open children who are neither in care nor on a plan."""


def children(known: Known) -> tuple[Section, ...]:
    """All sections of children's cases."""
    referrals = known.find("referral_count", "referrals")
    in_care = children_in_care(known)
    return (
        _casework(known),
        _stocks(known, in_care),
        _demand(known, referrals),
        _flows(known, referrals, in_care),
        Section(
            "casework.routing",
            tuple(Line(stage.value, teams) for stage, teams in standard_routing(known).items()),
            "judgement: which team holds which stage, and what share of it",
        ),
    )


def _casework(known: Known) -> Section:
    cases = known.find("cases", "cases")
    holders = known.find("case_holders_fte", "case holders")
    caseload = cases.value / holders.value if holders.value else 0.0
    weaker = cases if holders.is_certain else holders
    words = f"cases over case_holders_fte; {weaker.words}"
    return Section(
        "casework",
        (
            Line("caseload_fte", round(max(caseload, 0.1), 2), weaker.mark, words),
            Line("transfer_rule", known.england.casework.transfer_rule.value),
            Line("source", "csww"),
        ),
    )


def children_in_care(known: Known) -> Found:
    """Children in care: in no table that ships, so England's share where no download has them."""
    own = known.figure("in_care").value
    if own is not None:
        return known.find("in_care", "children in care")
    stock, year = (
        known.find("At31_episodes", "children in need"),
        known.england.year_of_care(known.year),
    )
    share = (year.in_care or 0.0) / year.open_children
    number = round(share * stock.value)
    words = f"not in the tables that are read; {share:.3f} of open children, England's"
    return Found(number, Mark.NATIONAL, number, number, words)


def _stocks(known: Known, in_care: Found) -> Section:
    open_now = known.find("At31_episodes", "children in need")
    plans = known.find("CPP_At31", "child protection plans")
    others = open_now.value - plans.value - in_care.value
    others = max(others, _LEAST_OTHERS * open_now.value)
    return Section(
        "casework.stocks",
        (
            Line("children_on_plans", float(plans.value), plans.mark, plans.words),
            Line("children_in_care", float(in_care.value), in_care.mark, in_care.words),
            Line(
                "other_children_in_need",
                float(round(others)),
                open_now.mark if in_care.mark is Mark.PUBLISHED else in_care.mark,
                f"open children less those on plans and in care; {open_now.words}",
            ),
            Line("source", SOURCE),
        ),
        "Children on the last 31 March, taken as those of the first day",
    )


def _demand(known: Known, referrals: Found) -> Section:
    years = _last_years(known)
    level = _level(years, referrals)
    again = known.find("rereferral_count", "re-referrals")
    share = _share(known, "rereferral_count", again, referrals)
    rule = known.england.casework
    lines = [
        Line("seasonality", list(rule.seasonality), comment="judgement: england.toml"),
        Line(
            "referrals_per_year",
            a_range(*level, Unit.PEOPLE_PER_YEAR, Grade.OFFICIAL, SOURCE, Scale.LOG, 0),
            Mark.FITTED if referrals.mark is Mark.PUBLISHED else referrals.mark,
            f"half the last year, half the mean of {OWN_YEARS} (logarithms); {referrals.words}",
        ),
        *_published(years),
        Line("re_referral_share", share, again.mark, again.words),
        *_back_to_2019(known),
        Line(
            "rising",
            {
                "referrals_per_year": float(round(rule.rising * level[1])),
                "over_years": rule.rising_over_years,
                "source": DEFAULT,
            },
            Mark.NATIONAL,
            "as much above as councils' referrals move in two years, one standard deviation",
        ),
        Line("source", SOURCE),
    ]
    return Section("casework.demand", tuple(lines))


def _last_years(known: Known) -> dict[int, float]:
    """Referrals of the last years with a figure, at most three, one after another, oldest first."""
    figures = known.record.series(known.council, "referral_count")
    own = {figure.end.year: figure.value for figure in figures if figure.value}
    newest = max(own, default=0)
    back = takewhile(own.__contains__, range(newest, newest - OWN_YEARS, -1))
    return {year: own[year] for year in sorted(back)}


def _level(years: Mapping[int, float], last: Found) -> tuple[float, float, float]:
    """Referrals on day 0: low, central, high; half the last year, half the mean of the years."""
    logs = [math.log(each) for each in years.values()] or [math.log(max(last.value, 1.0))]
    central = 0.5 * logs[-1] + 0.5 * fmean(logs)
    weights = [0.5 / len(logs)] * (len(logs) - 1) + [0.5 + 0.5 / len(logs)]
    sd = _NOISE_SD * math.hypot(*weights)
    low, middle, high = (math.exp(central + score * sd) for score in (-Z95, 0.0, Z95))
    return low, middle, high


def _published(years: Mapping[int, float]) -> list[Line]:
    """The years from which referrals walk on; none where none is published."""
    if not years:
        return []
    named = {f"{year - 1}/{year % 100:02d}": referrals for year, referrals in years.items()}
    return [Line("published", named, Mark.PUBLISHED, "referral_count; referrals go on from them")]


def _back_to_2019(known: Known) -> list[Line]:
    """The demand scenario of a return to 2019, where that year is published and past."""
    then = known.figure("referral_count", 2019) if known.year > 2019 else None
    if then is None or not then.value:
        return []
    target: dict[str, Any] = {"referrals_per_year": then.value, "over_years": 1.0, "source": SOURCE}
    return [Line("back_to_2019", target, Mark.PUBLISHED, "referral_count, year to 31 March 2019")]


def _share(known: Known, column: str, part: Found, whole: Found) -> dict[str, Any]:
    """A count over referrals: of the year, from the least to the greatest of the last years."""
    years = range(known.year - _YEARS_OF_SHARES + 1, known.year + 1)
    pairs = [
        (known.figure(column, year).value, known.figure("referral_count", year).value)
        for year in years
    ]
    own = [top / all_ for top, all_ in pairs if top is not None and all_]
    central = part.value / whole.value if whole.value else 0.0
    if own and not part.is_certain:
        central = own[-1]  # both counts of one year, the newest that has both
    return share_range(own, min(1.0, central), SOURCE)


def _flows(known: Known, referrals: Found, in_care: Found) -> Section:
    nothing = known.find("no_further_action_count", "referrals without further action")
    unneeded = known.find("not_in_need_count", "children assessed as not in need")
    england = known.england.year(known.year)
    enquiries, plans = england.section_47_per_referral, england.plans_per_conference
    words = "not in the tables that ship; England's, with a range for a council"
    return Section(
        "casework.flows",
        (
            Line(
                "no_further_action_share",
                _share(known, "no_further_action_count", nothing, referrals),
                nothing.mark,
                nothing.words,
            ),
            Line(
                "not_in_need_share",
                _share(known, "not_in_need_count", unneeded, referrals),
                unneeded.mark,
                unneeded.words,
            ),
            Line(
                "section_47_per_referral",
                _wide(0.6 * enquiries, enquiries, 1.4 * enquiries),
                Mark.NATIONAL,
                words,
            ),
            Line(
                "plans_per_conference",
                _wide(plans - 0.06, plans, plans + 0.06),
                Mark.NATIONAL,
                words,
            ),
            _care_entries(known, in_care),
        ),
    )


def _wide(low: float, central: float, high: float) -> dict[str, Any]:
    return a_range(low, central, high, Unit.SHARE, Grade.JUDGEMENT, DEFAULT, digits=3)


def _care_entries(known: Known, in_care: Found) -> Line:
    own = known.figure("entered_care")
    unit = Unit.PEOPLE_PER_YEAR
    if own.value is not None:
        found = known.find("entered_care", "children who entered care")
        span = (0.9 * found.value, found.value, 1.1 * found.value)
        table = a_range(*span, unit, Grade.OFFICIAL, SOURCE, digits=0)
        return Line("care_entries_per_year", table, found.mark, found.words)
    year = known.england.year_of_care(known.year)
    entries = in_care.value * (year.entered_care or 0.0) / (year.in_care or 1.0)
    table = a_range(
        0.75 * entries, entries, 1.25 * entries, unit, Grade.JUDGEMENT, DEFAULT, digits=1
    )
    words = "not in the tables that are read; England's entries for each child in care"
    return Line("care_entries_per_year", table, Mark.NATIONAL, words)
