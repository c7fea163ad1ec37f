"""The assumptions book: every number of a study, how sure it is, and who may know better."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from sim.papers.assumptions_part import GRADES, hidden_keys, told_of
from sim.papers.document import Block, Heading, Paragraph, Table
from sim.papers.small_numbers import MARK
from sim.papers.study import Cells, PaperStudy
from sim.presentation.study_files import ASSUMPTION_COLUMNS, COUNCIL, EVIDENCE
from sim.presentation.words import listed

COLUMNS = (*ASSUMPTION_COLUMNS, "who_may_know_better")
"""Columns of assumptions_book.csv."""
_NUMBERS = ("low", "central", "high")
_PEOPLE = (
    (r".*(gbp|price|premium|bill|discount|inflation|finance|money|fees).*", "finance"),
    (r".*agency.*", "the manager of the agency contract"),
    (r"(casework|year_before|case|referral|demand).*", "performance team of children's services"),
    (r".*(training|apprentice|asye|newly_qualified|pipeline|overseas|academy).*",
     "workforce development"),
    (r".*(pay|labour_market|market|hiring|candidate|notice|leav|exit|absence|attraction).*",
     "human resources"),
    (r"(totals|teams|staffing|posts|support_posts|history).*", "human resources; budget holders"),
)  # fmt: skip
"""By a key, who of a council may have a better number; the first that fits."""
_ELSE = "principal social worker"


def who_knows(key: str) -> str:
    """Who in a council may know a number better than its source."""
    return next((who for pattern, who in _PEOPLE if re.fullmatch(pattern, key)), _ELSE)


def assumptions_book(study: PaperStudy) -> Iterator[Block]:
    """Every number of the study, in a table for each that it is of."""
    yield Heading("Assumptions book")
    if not study.assumptions:
        yield Paragraph("assumptions.csv is missing from this study: there is nothing to list.")
        return
    grades = Counter(cells["grade"] for cells in study.assumptions if cells["grade"])
    counted = [f"{grades[g.value]} {words} ({g.value})" for g, words in GRADES.items()
               if grades[g.value]]  # fmt: skip
    yield Paragraph(
        f"{len(study.assumptions)} numbers; by grade {listed(counted) if counted else 'none'}."
        " Low and high are the 5th and 95th percentiles. The last column says which officers may"
        " know a number better than its source: it is this program's suggestion, by what the"
        " number is about."
    )
    labels = {COUNCIL: study.council, EVIDENCE: "Shared evidence"}
    labels |= {option.key: option.label for option in study.options}
    kept = hidden_keys(study.assumptions)
    for of in dict.fromkeys(cells["of"] for cells in study.assumptions):
        own = [cells for cells in study.assumptions if cells["of"] == of]
        yield _table(labels.get(of, of), own, kept if of == COUNCIL else frozenset())


def _table(label: str, own: list[Cells], kept: frozenset[str]) -> Table:
    rows = tuple((*told_of(c, c["key"] in kept), who_knows(c["key"])) for c in own)
    note = f"{MARK}: a count of 1 to 5 of the council's own, or one that would give it away."
    return Table(
        f"Assumptions: {label}",
        ("What", "Central (low to high)", "Grade", "Source", "Who may know better"),
        rows,
        note if kept else "",
        widths=(4, 3.2, 1.8, 4.6, 3),
        is_simulated=False,
    )


def book_rows(study: PaperStudy) -> Iterator[list[str]]:
    """The rows of assumptions_book.csv; small counts of the council's own are hidden."""
    kept = hidden_keys(study.assumptions)
    for cells in study.assumptions:
        is_hidden = cells["of"] == COUNCIL and cells["key"] in kept
        told = [MARK if is_hidden and n in _NUMBERS else cells[n] for n in ASSUMPTION_COLUMNS]
        yield [*told, who_knows(cells["key"])]
