"""The model described after STRESS-DES, with what a study chose filled in.

Items are those of Monks and others (2019), Strengthening the reporting of empirical simulation
studies, Journal of Simulation 13(1), 55 to 67.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sim.papers.document import Block, Heading, Paragraph, Table
from sim.papers.phrases import date
from sim.papers.study import PaperStudy
from sim.presentation.words import listed

_CODE = "docs/model.md of the program says it in full"


def stress(study: PaperStudy) -> Iterator[Block]:
    """The items of STRESS-DES in their order, as one table for each of its six parts."""
    yield Heading("The model, after STRESS-DES")
    yield Paragraph(f"What holds for every study stands beside what this one chose; {_CODE}.")
    parts = {
        "1 Objectives": _objectives(study),
        "2 Logic": _logic(study),
        "3 Data": _data(study),
        "4 Experimentation": _experimentation(study),
        "5 Implementation": _implementation(study.manifest),
        "6 Code access": [("6.1 Statement of sharing", "The program is open source under its"
                           " licence file; this study's files and the version below rerun it.")],
    }  # fmt: skip
    for caption, rows in parts.items():
        yield Table(
            caption, ("Item", "Description"), tuple(rows), widths=(2, 7), is_simulated=False
        )


def _objectives(study: PaperStudy) -> list[tuple[str, str]]:
    options = listed([option.name for option in study.options])
    compared = "compared with each other" if study.compares else "simulated on its own"
    indicators = len({row.what for row in study.rows if row.kind == "level"})
    return [
        ("1.1 Purpose", "What happens to people in post, vacancies, agency staff, caseloads,"
         f" changes of worker and money of {study.council} if it funds measures."),
        ("1.2 Outputs", f"{indicators} indicators at each month end, and the ledger by financial"
         f" year; headlines of {date(study.headline)}."),
        ("1.3 Aims of experimentation", f"{options}: {compared}."),
    ]  # fmt: skip


def _logic(study: PaperStudy) -> list[tuple[str, str]]:
    chosen = _settings(study.manifest)
    rules = [
        f"{rule['rule']} from {date(rule['start'])}: {'taken' if rule['taken'] else 'left out'}"
        for rule in study.manifest.get("dated_rules") or ()
    ]
    own = [str(one.get("kind")) for one in study.manifest.get("own_measures") or ()]
    return [
        ("2.1 Overview", "Posts fall empty, are covered, advertised and filled; children are"
         " referred, allocated, worked with and handed over; money follows both."),
        ("2.2 Base model", "Doing nothing: the council's own levels, growth and rules go on."
         f" National rules by date: {listed(rules) if rules else 'none stated'}."),
        ("2.3 Scenarios", "Each acts through named mechanisms (posts, pay, hiring, agency,"
         " training) and nothing else."
         + (f" Kinds of the author's own: {listed(own)}." if own else "")),
        ("2.4 Algorithms", "Competing exits with rates refreshed at month ends; candidates from"
         " thinned Poisson streams; stages in balance on day 0. Choices of this study:"
         f" {chosen}."),
        ("2.5 Components", "Entities: workers, posts, vacancies, candidates, agency workers,"
         " children and their episodes. Queues: vacancies in the steps of hiring, children who"
         " wait for a worker. Resources: workers' capacity. Entry and exit: starters and leavers,"
         " referrals and closures."),
    ]  # fmt: skip


def _settings(manifest: Mapping[str, Any]) -> str:
    settings = manifest.get("settings") or {}
    words = {True: "on", False: "off", None: "as in the evidence"}
    told = [
        f"{name.replace('_', ' ')} {words.get(value, value) if _is_plain(value) else value}"
        for name, value in sorted(settings.items())
    ]
    return "; ".join(told) if told else "not stated in its manifest"


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, bool)


def _data(study: PaperStudy) -> list[tuple[str, str]]:
    sources = {c["source_title"] or c["source"] for c in study.assumptions} - {""}
    later = [str(one) for one in study.manifest.get("hindsight") or ()]
    totals = study.manifest.get("totals_date")
    return [
        ("3.1 Sources", f"{len(sources)} sources, each named in the assumptions book."
         if sources else "The study's list of assumptions is missing."),
        ("3.2 Pre-processing", "Levels, years and growth are fitted to the published tables of all"
         f" councils. Read with hindsight: {listed(later) if later else 'nothing stated'}."),
        ("3.3 Inputs", f"{len(study.assumptions)} numbers, with low, central and high where they"
         f" are uncertain. Agency levels: {study.manifest.get('agency_levels') or 'not stated'}."),
        ("3.4 Assumptions", "The assumptions book, with grade and who may know better."
         + (f" Totals are of {date(str(totals))}." if totals else "")),
    ]  # fmt: skip


def _experimentation(study: PaperStudy) -> list[tuple[str, str]]:
    manifest = study.manifest
    last = str(manifest.get("last_date") or study.rows.dates()[-1])
    draws = manifest.get("draws", "an unknown number of")
    beside = [
        f"{len(manifest.get(name) or ())} {words}"
        for name, words in (
            ("vacancy_elasticities", "strengths of hiring's response"),
            ("demand_scenarios", "other courses of demand"),
        )
    ]
    return [
        ("4.1 Initialisation", f"Day 0 is {date(study.date.isoformat())}, in the council's state of"
         " that day; there is no warm-up."),
        ("4.2 Run length", f"To {date(last)}."),
        ("4.3 Estimation", f"{study.runs} runs of each option; sets of assumptions: {draws};"
         " common random numbers; ranges of 8 runs in 10 and 19 in 20 come from the runs."
         f" Conditions beside: {listed(beside)}."),
    ]  # fmt: skip


def _implementation(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    packages = manifest.get("packages") or {}
    told = [f"{name} {found}" for name, found in sorted(packages.items())]
    return [
        ("5.1 Software", f"caseholder {manifest['caseholder_version']}, Python"
         f" {manifest.get('python', 'not stated')}; {', '.join(told) or 'packages not stated'}."),
        ("5.2 Random sampling", f"Seed {manifest['seed']}; a counter-based hash of seed, run,"
         " purpose, entity and index gives each number, so that options share their luck."),
        ("5.3 Execution", f"Engine: {manifest.get('engine', 'not stated')}; events in order of"
         " time; two engines, SimPy and compiled, give the same results bit for bit."),
        ("5.4 System", "The number of workers does not change a number; it is not recorded."),
    ]  # fmt: skip
