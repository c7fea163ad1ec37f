"""`caseholder backtest`: all councils forecast from earlier years, beside what was published."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Group
from rich.table import Table
from rich.text import Text

import sim
from sim.config.behaviour import quantities_in
from sim.config.counted import counted
from sim.config.errors import InputError
from sim.config.shipped import configs_folder, file_hash, load_evidence
from sim.engine.records import Array
from sim.experiment.council_then import maker_of
from sim.experiment.draws_folder import DrawsFolder
from sim.experiment.executors import Means
from sim.experiment.forecast_runs import (
    Asked,
    Forecaster,
    Job,
    Model,
    check_years,
    jobs_of,
    record_hash,
)
from sim.experiment.forecasts import Forecast, forecasts_from
from sim.experiment.provenance import fingerprint, package_versions, source_hash
from sim.experiment.score_rows import (
    CouncilRow,
    ScoreRow,
    Verdict,
    council_rows,
    covered,
    gain_over,
    score_rows,
    verdicts,
)
from sim.experiment.scored import SCORED, panel_of
from sim.presentation.backtest_files import write_tables
from sim.presentation.charts.backtest import scores_of
from sim.presentation.charts.chart import save_chart
from sim.presentation.charts.style import chart_style
from sim.presentation.files import staged_folder
from sim.presentation.running import Interrupted, running
from sim.presentation.screen import screen
from sim.presentation.tables import NOTHING, new_table
from sim.presentation.words import listed
from sim.published.fitted import hindsight_of_start
from sim.published.record import Record, load_record

DRAWS = "draws"
WORST = 10
"""How many of the councils that were forecast worst are named."""
MARKS_ARE_FOR = 200
"""Runs of each council for which the marks were set."""
_KEPT = "they are kept: go on with --resume"


@dataclass(frozen=True)
class BacktestQuestion:
    """What the user asked for.

    Attributes:
        asked: years, runs, seed, model.
        out: folder for draws, tables and charts.
        means: engine and workers.
        folder: downloads of the Department's tables; None for those that ship.
        resume: go on with a back-test that is there.
    """

    asked: Asked
    out: Path
    means: Means
    folder: Path | None = None
    resume: bool = False


def asked_for(
    start: int, until: int, runs: int, seed: int, model: str, cases: bool, councils: int | None
) -> Asked:
    """What is asked by the options of the command.

    Raises:
        InputError: there is no such model.
    """
    if model not in tuple(Model):
        raise InputError("--model", f"'{model}' is no model", f"Use: {', '.join(Model)}")
    return Asked(start, until, runs, seed, Model(model), cases, councils)


@dataclass(frozen=True)
class Scores:
    """A back-test that was scored."""

    forecasts: list[Forecast]
    rows: list[ScoreRow]
    marks: list[Verdict]
    councils: list[CouncilRow]
    refused: Mapping[Job, str]


def run_backtests(question: BacktestQuestion) -> None:
    """Run what is not finished, score it, write the tables and charts and print the result.

    Raises:
        InputError: something is faulty, can't be written, or a run failed.
        Interrupted: the user stopped it; finished forecasts are kept.
    """
    whole = load_record(folder=question.folder)
    check_years(whole, question.asked)
    record = whole.up_to(question.asked.until)
    try:
        draws, refused = _drawn(question, record)
        scores = _scored(question.asked, record, draws, refused)
        text = _words(question.asked, scores)
        with staged_folder(question.out) as folder:
            _write(question, record, scores, text, folder)
    except KeyboardInterrupt:
        raise Interrupted(f"stopped; finished forecasts: {_KEPT}") from None
    screen().print(text)
    screen().print(f"Scores, forecasts, councils, marks and charts are in {question.out}")


def _drawn(question: BacktestQuestion, record: Record) -> tuple[dict[Job, Array], dict[Job, str]]:
    """Every job's draws, those not finished run now; and who can't be forecast, and why."""
    jobs, refused = jobs_of(record, question.asked), dict[Job, str]()
    store = DrawsFolder(question.out / DRAWS, _manifest(question, record), question.resume)
    finished = store.names()
    missing = [job for job in jobs if job.name not in finished]
    found = {job: store.read(job.name) for job in jobs if job.name in finished}
    forecaster = Forecaster(
        question.asked, record, maker_of, load_evidence().behaviour, question.means.engine
    )
    if missing:
        what = "forecasts of councils"
        with running(len(missing), question.means, what, _KEPT, "forecasts") as (pool, advance):
            for job, draws in forecaster.run(missing, pool, refused):
                store.write(job.name, draws)
                found[job] = draws
                advance(job)
    return {job: found[job] for job in jobs if job in found}, refused


def _scored(
    asked: Asked, record: Record, draws: Mapping[Job, Array], refused: Mapping[Job, str]
) -> Scores:
    forecasts: list[Forecast] = []
    for start in asked.starts:
        panel = panel_of(record, record.councils(start), asked.until)
        own = {job.council: values for job, values in draws.items() if job.start == start}
        forecasts += forecasts_from(own, panel, start, asked.seed)
    if not forecasts:
        reasons = "; ".join(refused.values())
        raise InputError("backtest", f"there is nothing to score: {reasons}", "Name other years")
    return Scores(
        forecasts, score_rows(forecasts), verdicts(forecasts), council_rows(forecasts), refused
    )


# Files ------------------------------------------------------------------------------------


def _manifest(question: BacktestQuestion, record: Record) -> dict[str, object]:
    """What makes the draws; the number of workers and folders stay out."""
    return {
        "caseholder_version": sim.__version__,
        "program": fingerprint(),
        "engine": question.means.engine.value,
        "published figures": record_hash(record),
        "inputs": {p.name: file_hash(p) for p in sorted(configs_folder().glob("*.toml"))},
        **asdict(question.asked),
    }


def _hindsight(asked: Asked, record: Record) -> dict[str, list[str]]:
    """By start year: what its forecasts take from the record of later years."""
    known = dict(quantities_in(load_evidence().behaviour))
    return {str(start): hindsight_of_start(record, start, known) for start in asked.starts}


def _write(
    question: BacktestQuestion, record: Record, scores: Scores, text: Group, folder: Path
) -> None:
    write_tables(
        folder, scores.forecasts, scores.rows, scores.marks, scores.councils, scores.refused
    )
    stated = _manifest(question, record) | {
        "hindsight": _hindsight(question.asked, record),
        "tables": sorted({edition.where for edition in record.editions if edition.rows}),
        "python": platform.python_version(),
        "packages": package_versions(),
        "source_sha256": source_hash(),
    }
    told = json.dumps(stated, indent=2, sort_keys=True) + "\n"
    (folder / "manifest.json").write_text(told, encoding="utf-8", newline="\n")
    with (folder / "backtest.txt").open("w", encoding="utf-8", newline="\n") as file:
        screen(file, 120).print(text)
    with chart_style():
        for scored in SCORED:
            own = [each for each in scores.forecasts if each.indicator == scored.name]
            rows = [row for row in scores.rows if row.indicator == scored.name]
            if own:
                save_chart(scores_of(scored, own, rows), folder)


# Words ------------------------------------------------------------------------------------


def _words(asked: Asked, scores: Scores) -> Group:
    """What is printed: pooled scores, marks that are missed, councils that were forecast worst."""
    notes = [*_missed(scores.marks), *_smaller(asked), ""]
    refused = map(Text, _refused(scores.refused))
    return Group(_pooled(asked, scores), *map(Text, notes), _worst(scores.councils), *refused)


def _pooled(asked: Asked, scores: Scores) -> Table:
    table = new_table(
        f"Forecasts from 30 September {asked.starts[0]} to {asked.starts[-1]}, all years to"
        f" {asked.until}: {counted(asked.runs, 'run')} each, {asked.model}. CRPS against rivals,"
        " standard error in brackets: below 0 is better",
        "Indicator", "In 80%", "Width of 80%", "Against last year", "Against shrinkage",
    )  # fmt: skip
    for scored in SCORED:
        own = [f for f in scores.forecasts if f.indicator == scored.name]
        if own:
            gains = [_gain(*gain_over(rival, own)) for rival in ("persistence", "shrinkage")]
            wide = sum(f.width for f in own) / len(own)
            table.add_row(scored.label, f"{covered(own):.1%}", f"{wide:.3f}", *gains)
    return table


def _gain(gain: float, error: float) -> str:
    """Change of the CRPS, its standard error in brackets."""
    return f"{-100 * gain:+.1f}% (±{100 * error:.1f})" if error == error else NOTHING


def _missed(marks: Sequence[Verdict]) -> list[str]:
    missed = [mark for mark in marks if not mark.is_met]
    head = f"Marks set before the runs: {len(marks) - len(missed)} of {len(marks)} met."
    return [head, *(f"MISSED {m.indicator}: {m.what}: {m.found}." for m in missed)]


def _smaller(asked: Asked) -> list[str]:
    """A note where fewer councils or runs were asked for than the marks were set for."""
    if asked.most is None and asked.runs >= MARKS_ARE_FOR:
        return []
    runs = counted(MARKS_ARE_FOR, "run")
    return [f"The marks are for all councils and {runs}: with fewer, chance decides."]


def _worst(councils: Sequence[CouncilRow]) -> Table:
    table = new_table(
        "Forecast worst: mean CRPS over that of all councils", "Council", "CRPS", "Outside 80%",
        "Worst figure",
    )  # fmt: skip
    labels = {scored.name: scored.label for scored in SCORED}
    table.columns[-1].justify = "left"
    worst = sorted(councils, key=lambda row: (-row.relative_crps, row.code))[:WORST]
    for row in worst:
        of = row.worst
        table.add_row(
            row.name,
            f"{row.relative_crps:.2f}",
            f"{row.outside_80} of {row.figures}",
            f"{labels[of.indicator]} {of.year}: {of.published:.3g}, from {of.start}"
            f" {of.low:.3g} to {of.high:.3g}",
        )
    return table


def _refused(refused: Mapping[Job, str]) -> list[str]:
    """Who was not forecast, a line for each reason with its start years."""
    years: dict[str, list[str]] = {}
    for job, reason in refused.items():
        years.setdefault(reason, []).append(str(job.start))
    return [f"Not forecast from {listed(starts)}: {why}" for why, starts in years.items()]
