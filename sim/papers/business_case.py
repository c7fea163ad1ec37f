"""The business case and the summary for members, each described once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.papers.assumptions_part import assumptions
from sim.papers.author_part import prompts, recommendation
from sim.papers.charts import by_option, money_by_year, over_time
from sim.papers.checked_part import checked
from sim.papers.document import Block, Bullets, Document, Heading, Paragraph, Table
from sim.papers.measures import AGENCY, SOCIAL_WORKERS, WORKLOAD, effects
from sim.papers.money_part import money, year_effect
from sim.papers.options_part import levels, options, per_year
from sim.papers.phrases import change, date, pounds
from sim.papers.risk_part import depends, risks
from sim.papers.rows import MONEY
from sim.papers.study import PaperStudy
from sim.papers.summary_part import answer, question

_SIMULATED = (
    "Figures of this paper are simulated, unless a source is named: they say what may happen, not"
    " what will. A range holds 8 runs in 10; more runs don't narrow it."
)


def business_case(study: PaperStudy, rejected: Sequence[str] = ()) -> Document:
    """The business case of a study, in the order of a council's paper.

    Args:
        study: the study.
        rejected: keys of the options that the author rejects.
    """
    return _document(study, "business_case", "Business case", _case(study, rejected))


def members_summary(study: PaperStudy) -> Document:
    """One page for members: question, answer, and what to ask."""
    return _document(study, "members_summary", "Summary for members", _summary(study), True)


def _document(
    study: PaperStudy, name: str, kind: str, blocks: Iterator[Block], one_page: bool = False
) -> Document:
    chosen = study.chosen[0].name if study.chosen else study.options[0].name
    return Document(
        name=name,
        title=f"{kind}: children's social work in {study.council}",
        subject=f"{chosen}. {study.council}, decision of {date(study.date.isoformat())}.",
        date=study.date,
        run_id=study.run_id,
        version=study.version,
        blocks=tuple(blocks),
        one_page=one_page,
    )


def _case(study: PaperStudy, rejected: Sequence[str]) -> Iterator[Block]:
    yield from recommendation()
    yield Heading("Question and answer")
    yield Paragraph(question(study))
    yield from (Paragraph(sentence) for sentence in answer(study))
    yield Paragraph(_SIMULATED)
    yield from _missing(study)
    yield from options(study, rejected)
    for told in (SOCIAL_WORKERS, AGENCY, WORKLOAD):
        yield from filter(None, (over_time(study, told),))
    if len(study.chosen) > 1:
        yield from filter(None, (by_option(study, SOCIAL_WORKERS),))
    yield from money(study)
    yield from filter(None, (money_by_year(study),))
    yield from year_effect(study)
    yield from risks(study)
    yield from depends(study)
    yield from assumptions(study)
    yield from checked(study.council)
    yield from prompts()
    yield from about(study)


def _missing(study: PaperStudy) -> Iterator[Block]:
    if study.missing:
        yield Heading("What this study lacks", 2)
        yield Bullets(study.missing)


def about(study: PaperStudy) -> Iterator[Block]:
    """Version, seed, runs and run: what leads back to the figures."""
    manifest = study.manifest
    yield Heading("About these figures")
    rows = [
        ("Run", study.run_id),
        ("Version of caseholder", study.version),
        ("Seed", str(manifest["seed"])),
        ("Runs of each option", str(study.runs)),
        ("Sets of assumptions", str(manifest.get("draws", "not known"))),
        ("Council, day of the decision", f"{study.council}, {date(study.date.isoformat())}"),
        ("Date of the headlines", date(study.headline)),
        ("Last month simulated", date(study.rows.dates()[-1])),
    ]
    rows += [
        (f"Input {i['file']}", f"SHA-256 {i['sha256'][:12]}") for i in manifest.get("inputs", ())
    ]
    yield Table(
        "What made the figures",
        ("What", "Value"),
        tuple(rows),
        "The run is a hash of inputs and version: the same inputs and version give the same run."
        " manifest.json of the study holds all.",
        is_simulated=False,
    )


# One page for members ---------------------------------------------------------------------


def _summary(study: PaperStudy) -> Iterator[Block]:
    yield Heading("Question")
    yield Paragraph(question(study))
    yield Heading("Answer")
    yield Bullets(answer(study))
    yield Heading("Options")
    yield _few_numbers(study)
    yield Heading("How far to trust this")
    yield Bullets(_trust(study))
    yield Heading("Recommendation")
    yield Paragraph("To be written by the author.", prompt=True)


_MOST_OPTIONS = 4
"""As many fit a page."""


def _few_numbers(study: PaperStudy) -> Table:
    if not study.compares:
        return levels(study)
    told = effects(study)[:1] + tuple(t for t in effects(study) if t in (AGENCY, WORKLOAD))
    rows = []
    for option in study.chosen[:_MOST_OPTIONS]:
        net = study.rows.find(MONEY, option.key, "net_cost_gbp", study.headline)
        cells = [change(net, pounds, "more", "saved"), *(m.change(study, option) for m in told)]
        rows.append((option.label, *cells))
    left_out = len(study.chosen) - len(rows)
    note = f"{left_out} more options are in the business case." if left_out else ""
    return Table(
        f"Against doing nothing, {date(study.headline)} ({study.spread})",
        ("Option", "Net cost to that date", *(measure.words for measure in told)),
        tuple(rows),
        note,
    )


def _trust(study: PaperStudy) -> tuple[str, ...]:
    lines = [
        "These figures are simulated: ranges say what may happen in 8 runs of 10, not what will.",
        "Much about how people respond is judgement; the business case lists it with its sources.",
    ]
    if study.chosen:
        told = per_year(study, study.chosen[0])
        lines.append(f"Net cost of an extra worker-year of {study.chosen[0].label}: {told}.")
    if study.missing:
        lines.append("This study is not whole: the business case says what it lacks.")
    return tuple(lines)
