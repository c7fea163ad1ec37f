"""Quality log in the Aqua Book's words, and what was verified and validated.

Roles and words are those of the Aqua Book: guidance on producing quality analysis (HM Treasury).
"""

from __future__ import annotations

from collections.abc import Iterator

from sim.papers.document import Block, Bullets, Heading, Paragraph, Table
from sim.papers.phrases import date
from sim.papers.study import PaperStudy

_BLANK = "to be completed"
_ROLES = (
    ("Commissioner", "asks for the analysis, and says what it is for and how sure it must be"),
    ("Analyst", "carries it out, checks it, and says how uncertain it is"),
    ("Analytical assurer", "did not carry it out; says whether it was assured in proportion"),
    ("Approver", "signs that it is fit for its purpose"),
)
_CHECKS = (
    ("Verification", "Both engines, event by event, bit for bit", "tests/twin"),
    ("Verification", "Known results of queueing theory", "tests/theory"),
    ("Verification", "Books that add up: people, posts, children, money", "tests/unit"),
    ("Verification", "A change of an input moves outcomes as it should", "tests/behaviour"),
    ("Verification", "Known numbers found again from simulated tables", "tests/recovery"),
    ("Verification", "Extreme councils and hostile files", "tests/edges"),
    ("Verification", "Runs killed in their midst, and gone on with", "tests/kill"),
    ("Validation", "Published tables read as published", "tests/published"),
    ("Validation", "Past years simulated, held against what came", "tests/backtest"),
)


def quality_log(study: PaperStudy) -> Iterator[Block]:
    """Who answers for the analysis, left to sign, and what assurance there is to go on."""
    yield Heading("Quality log")
    yield Paragraph(
        "In the words of the Aqua Book. Roles and judgements are left to those who hold them: the"
        " program can't assure its own analysis."
    )
    yield Table(
        "Roles", ("Role", "What they do", "Name", "Signed, date"),
        tuple((role, does, _BLANK, _BLANK) for role, does in _ROLES),
        widths=(2, 5, 2, 2), is_simulated=False,
    )  # fmt: skip
    yield Bullets(
        (
            "Scope: what decision does it serve, and what is left out?",
            "Proportion: how much analytical assurance does a decision of this size need?",
            "Verification: who has checked inputs and files of this study, and how?",
            "Validation: is the back-test below enough for this council and question?",
            "Uncertainty: which assumptions of grade J or C move the answer, and who has judged"
            " them?",
            "Limits: for what must the figures not be used?",
        ),
        prompt=True,
    )
    yield Table(
        "What this study brings to it", ("What", "State"), tuple(_state(study)),
        is_simulated=False,
    )  # fmt: skip
    if study.missing:
        yield Bullets(study.missing)


def _state(study: PaperStudy) -> Iterator[tuple[str, str]]:
    judged = sum(cells["grade"] == "J" for cells in study.assumptions)
    yield "Analysis", f"{study.council}, decision of {date(study.date.isoformat())}"
    yield "Version control", f"caseholder {study.version}, run {study.run_id}"
    yield "Runs of each option", str(study.runs)
    yield "Numbers that are judgement", f"{judged} of {len(study.assumptions)}"
    yield "Options", str(len(study.options))
    yield "What is missing", f"{len(study.missing)}, listed below" if study.missing else "nothing"
    yield "To reproduce it", "caseholder rerun manifest.json"


def verification_log() -> Iterator[Block]:
    """What the program's own checks cover; they are not run for this pack."""
    yield Heading("Verification and validation log")
    yield Paragraph(
        "These checks belong to the program and run before a change of it is taken in; one that"
        " fails stops the change. This pack runs none of them. The results of back-tests that were"
        " recorded at release follow."
    )
    yield Table(
        "Checks of the program", ("Kind", "What is checked", "Where"), _CHECKS,
        widths=(2, 5, 2), is_simulated=False,
    )  # fmt: skip
