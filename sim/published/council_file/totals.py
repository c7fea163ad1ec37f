"""The section of totals: people in post, vacancies, agency staff, case holders, managers."""

from __future__ import annotations

from sim.config.quantity import Grade, Unit
from sim.published.council_file.known import Found, Known
from sim.published.council_file.lines import Line, Section
from sim.published.council_file.quantities import a_range

SOURCE = "csww"


def totals(known: Known) -> Section:
    """The totals of the census: what is published binds in every run."""
    inpost = known.find("inpost_fte", "staff in post")
    vacancies = known.find("vacancy_fte", "vacancies")
    agency = known.find("agency_fte", "agency staff")
    cover = known.find("agency_cover_fte", "agency staff covering vacancies")
    holders = known.find("case_holders_fte", "case holders")
    return Section(
        "totals",
        (
            _line("inpost_fte", inpost),
            _line("vacancy_fte", vacancies),
            _line("agency_cover_fte", cover),
            _line("agency_above_establishment_fte", _above(agency, cover)),
            _line("case_holders_fte", holders),
            *_managers(known, inpost, vacancies, agency, cover, holders),
            *(
                Line(name, getattr(known.england.staff, name), comment="judgement: england.toml")
                for name in (
                    "senior_practitioner_vacancy_share", "part_time_share", "part_time_fte"
                )
            ),
            Line("source", SOURCE),
        ),
        "Full-time equivalents of registered social workers and their managers at the census",
    )  # fmt: skip


def _line(key: str, found: Found) -> Line:
    value: object = round(found.value, 1)
    if not found.is_certain:
        points = (found.low, found.value, found.high)
        value = a_range(*points, Unit.FTE, Grade.JUDGEMENT, SOURCE, digits=1)
    return Line(key, value, found.mark, found.words)


def _above(agency: Found, cover: Found) -> Found:
    """All agency staff less those who cover vacancies; never less than none."""
    weaker = next((each for each in (agency, cover) if not each.is_certain), agency)
    low, value, high = (
        max(0.0, whole - part)
        for whole, part in (
            (agency.low, cover.low),
            (agency.value, cover.value),
            (agency.high, cover.high),
        )
    )
    low, high = min(low, value), max(high, value)
    words = f"agency_fte less agency_cover_fte; {weaker.words}"
    return Found(value, weaker.mark, low, high, words)


def _managers(
    known: Known, inpost: Found, vacancies: Found, agency: Found, cover: Found, holders: Found
) -> tuple[Line, Line]:
    """Team managers in the usual proportion, but no more than case holders leave room for."""
    shares = known.england.staff
    gaps = round(shares.team_manager_share_of_vacancies * vacancies.value, 1)
    people = inpost.value + min(agency.value, cover.value)
    most = max(0.0, people - holders.value - 2.0)
    usual = shares.team_manager_share_of_posts * (inpost.value + vacancies.value) - gaps
    filled = round(min(usual, most), 1)
    comment = "judgement: in proportion to posts and vacancies, england.toml"
    return (
        Line("team_manager_posts_fte", round(filled + gaps, 1), comment=comment),
        Line("team_manager_vacancy_fte", gaps, comment=comment),
    )
