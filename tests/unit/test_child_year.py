"""A child's year, told from a hand-made list of events."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from sim.config.shipped import load_council, load_evidence
from sim.engine.trace import TraceEvent
from sim.experiment.replicate import Study, make_study
from sim.inputs.run_options import RunOptions
from sim.presentation.child_case import CaseYear, case_years
from sim.presentation.child_year import FILE_NAME, WIDTH, child_year_text, write_child_year
from sim.scenario.scenario import baseline

START = dt.date(2021, 9, 8)
PROTECTION, CARE = "Child protection", "Children in care"


def told(
    day: float, what: str, team: str = "Assessment", person: str = "", detail: str = ""
) -> TraceEvent:
    return TraceEvent(day, what, team, "", person, detail, "child 7")


def referred(day: float, worker: str = "worker 3", detail: str = "") -> list[TraceEvent]:
    """A referral, decided by the front door in a day, and an assessment by a worker."""
    return [
        told(day, "referral", "Front door", detail=detail),
        told(day, "allocated", "Front door", "worker 1"),
        told(day, "decision begins", "Front door"),
        told(day + 1, "allocated", person=worker),
        told(day + 1, "assessment begins"),
    ]


STORY = [
    *referred(26.5),
    TraceEvent(50.0, "leaves", "Assessment", "post 3", "worker 3", "exit: to_agency"),
    told(50.0, "allocated", person="agency worker 12", detail="after: leaver"),
    told(60.0, "section 47 begins"),
    told(70.0, "allocated", PROTECTION, "worker 20", "after: transfer"),
    told(70.0, "protection plan begins", PROTECTION),
    told(130.0, "review deferred", PROTECTION),
    told(144.0, "review", PROTECTION),
    told(180.0, "review", PROTECTION),
    TraceEvent(200.0, "absent", PROTECTION, "post 20", "worker 20", "long-term sick"),
    told(200.0, "waits for a worker", PROTECTION, detail="after: absence"),
    told(210.0, "review deferred", PROTECTION),
    told(212.25, "allocated", PROTECTION, "worker 21", "after: absence"),
    told(260.0, "allocated", PROTECTION, "worker 20", "after: internal move"),
    told(300.0, "review", PROTECTION),
    told(300.0, "allocated", CARE, "agency worker 15", "after: transfer"),
    told(300.0, "looked after first year begins", CARE),
    told(320.0, "allocated", CARE, "agency worker 16", "after: agency end"),
    told(395.0, "allocated", CARE, "worker 99", "after: leaver"),
]


def of_child(number: int, events: list[TraceEvent]) -> list[TraceEvent]:
    return [replace(event, child=f"child {number}") for event in events]


def year_of(events: list[TraceEvent]) -> CaseYear:
    (year,) = case_years(events)
    return year


def page(events: list[TraceEvent]) -> str:
    """The page as one line."""
    return " ".join(child_year_text(events, START, "Testshire").split())


# The story --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sentence",
    [
        "A child’s year: Testshire (Do nothing)",
        "On 4 October 2021 the child was referred.",
        "On 5 October 2021 an assessment of the child’s needs began; worker 3 in Assessment became"
        " the child’s worker.",
        "On 28 October 2021 worker 3 left the council for agency work; an agency worker took the"
        " case, the second.",
        "On 7 November 2021 an enquiry began into whether the child was being harmed.",
        "On 17 November 2021 a conference put the child on a child protection plan; the case"
        " passed to worker 20 in Child protection, the third.",
        "On 16 January 2022 a review was deferred, because the worker was new.",
        "Reviews on 30 January 2022 and 7 March 2022 changed nothing.",
        "On 27 March 2022 worker 20 went on long-term sick leave; nobody in Child protection had"
        " room for the case, and the child waited for a worker.",
        "On 6 April 2022 a review was deferred, because the child had no worker.",
        "On 8 April 2022 after 12 days without a worker worker 21 took the case, the fourth.",
        "On 26 May 2022 worker 21 moved to another post in the council; worker 20 took the case,"
        " again.",
        "On 5 July 2022 a review was held; the child came into care; the case passed to an agency"
        " worker in Children in care, the fifth.",
        "On 25 July 2022 the agency worker left at the end of the assignment; an agency worker"
        " took the case, the sixth.",
        "On 4 October 2022, 12 months on, the child was in care, with an agency worker.",
        "In 12 months: 6 workers, 6 changes of worker (2 between teams, 1 as agency assignments"
        " ended, 1 as workers left, 1 through long absence, 1 through moves to another post); 12"
        " days without a worker; 2 reviews deferred.",
    ],
)
def test_the_story_is_told_in_sentences_with_dates(sentence: str) -> None:
    assert sentence in page(STORY)


def test_what_comes_after_12_months_is_not_told() -> None:
    assert "worker 99" not in page(STORY)


def test_the_page_is_short_and_narrow() -> None:
    lines = child_year_text(STORY, START, "Testshire").splitlines()
    assert len(lines) <= 45
    assert max(len(line) for line in lines) <= WIDTH


def test_a_second_referral_and_a_closed_case_are_said() -> None:
    events = [*referred(10.0, detail="referred again"), told(40.0, "case closes")]
    text = page(events)
    assert "On 18 September 2021 the child was referred, not for the first time." in text
    assert "On 18 October 2021 the assessment found no need and the case closed." in text
    assert "The case stayed closed. In 12 months: 1 worker, 0 changes of worker; 0 days" in text


def test_a_reason_that_is_not_told_is_not_made_up() -> None:
    events = [
        *referred(10.0),
        told(20.0, "waits for a worker"),
        told(30.0, "child in need begins"),
        told(30.0, "waits for a worker"),
        told(20.0 + 20.0, "allocated", person="worker 4", detail="after: leaver"),
    ]
    text = page(events)
    assert "On 28 September 2021 nobody in Assessment had room for the case, and the" in text
    assert "a child in need plan began; the child still waited for a worker." in text
    assert "after 20 days without a worker worker 4 took the case, the second" in text


def test_a_transfer_that_waits_says_where() -> None:
    events = [
        *referred(10.0),
        told(40.0, "waits for a worker", PROTECTION, detail="after: transfer"),
        told(40.0, "child in need begins", PROTECTION),
    ]
    assert "the case passed to Child protection, where nobody had room for it, and the" in page(
        events
    )
    assert "on a child in need plan, without a worker." in page(events)


def test_a_stage_without_words_is_still_told() -> None:
    assert "a new stage began." in page([*referred(10.0), told(40.0, "a new stage begins")])


# The counts -------------------------------------------------------------------------------


def test_who_only_decides_is_no_worker() -> None:
    year = year_of([*referred(10.0)[:3], told(11.0, "case closes", "Front door")])
    assert (year.workers, year.changes) == (0, 0)


def test_who_keeps_the_case_after_deciding_is_a_worker() -> None:
    events = [*referred(10.0)[:3], told(11.0, "assessment begins", "Front door")]
    events.append(told(20.0, "allocated", "Front door", "worker 2", "after: leaver"))
    year = year_of(events)
    assert (year.workers, year.changes) == (2, 1)


def test_days_without_a_worker_end_with_the_case_or_the_year() -> None:
    wait = told(30.0, "waits for a worker")
    assert year_of([*referred(10.0), wait, told(36.0, "case closes")]).days_without == 6.0
    assert year_of([*referred(10.0), wait]).days_without == 10.0 + 365.0 - 30.0


# The choice -------------------------------------------------------------------------------


def test_the_child_that_goes_furthest_is_chosen() -> None:
    busy = [*referred(5.0), *(told(d, "allocated", person=f"worker {d}", detail="after: leaver")
                              for d in (50, 60, 70, 80, 90, 95, 97))]  # fmt: skip
    events = of_child(1, busy) + of_child(2, STORY)
    assert "On 4 October 2021 the child was referred." in page(events)


def test_ties_go_to_most_changes_then_to_the_lowest_number() -> None:
    once = [*referred(5.0), told(50.0, "allocated", person="worker 4", detail="after: leaver")]
    events = of_child(1, referred(3.0)) + of_child(9, once) + of_child(8, [
        replace(event, day=event.day + 2.0) for event in once
    ])  # fmt: skip
    assert "On 15 September 2021 the child was referred." in page(events)


def test_children_referred_later_are_not_chosen_nor_counted() -> None:
    late = [replace(event, day=event.day + 91.0) for event in STORY]
    text = page(of_child(1, referred(3.0)) + of_child(2, late))
    assert "of the 1 child" in text
    assert "from 8 September 2021 to 7 December 2021" in text
    assert child_year_text(of_child(2, late), START, "Testshire") == ""


def test_the_usual_child_stands_beside_the_chosen_one() -> None:
    closed = [*referred(3.0), told(30.0, "case closes")]
    events = of_child(1, STORY)
    for number in range(2, 11):
        events += of_child(number, closed)
    text = page(events)
    assert "the median child of these 10 had 1 worker, the 90th percentile 1" in text
    assert "of the 1 whose case was still open after 12 months 6 and 6" in text
    assert "not a typical one" in text


# The file ---------------------------------------------------------------------------------


def devon(with_cases: bool) -> Study:
    evidence = load_evidence()
    council = load_council("devon_2021", evidence.sources)
    return make_study(
        council, evidence.behaviour, (baseline(),), 2021, RunOptions(casework=with_cases)
    )


@pytest.mark.slow
def test_a_run_is_told_the_same_twice(tmp_path: Path) -> None:
    study = devon(with_cases=True)
    path = write_child_year(study, tmp_path)
    assert path == tmp_path / FILE_NAME
    words = path.read_bytes()
    assert b"\r" not in words
    lines = words.decode("utf-8").splitlines()
    assert lines[0] == "A child’s year: Devon (Do nothing)"
    assert 15 <= len(lines) <= 45
    write_child_year(study, tmp_path)
    assert path.read_bytes() == words


def test_staffing_alone_has_no_child(tmp_path: Path) -> None:
    assert write_child_year(devon(with_cases=False), tmp_path) is None
    assert not list(tmp_path.iterdir())
