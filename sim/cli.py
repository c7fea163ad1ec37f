"""The command line: parse, call, print. Heavy imports happen inside the commands."""

from __future__ import annotations

import codecs
import errno
import gc
import io
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from sim import __version__
from sim.config.counted import counted
from sim.config.errors import InputError
from sim.experiment.signals import ENDINGS, endings_heard
from sim.inputs.run_options import RunOptions
from sim.presentation.council_options import CouncilOut, Fill, FromDfe, NewCouncil, Region, Year
from sim.presentation.lever_options import Alternatives, Save, takes_levers
from sim.presentation.options import (
    RENAMED,
    Cluster,
    CouncilName,
    CouncilOrWorkbook,
    DemandPairs,
    Details,
    EngineName,
    FromWorkbook,
    HiringPairs,
    LoopPairs,
    Out,
    Replications,
    Resume,
    ScenarioNames,
    ScenariosOrWorkbook,
    Seed,
    Workers,
    is_on,
    place,
    takes_run_options,
)

if TYPE_CHECKING:
    from sim.experiment.executors import Means

app = typer.Typer(
    name="caseholder",
    help="What would it do to fund more posts, pay or people in children's social work?",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

INTERRUPTED, REFUSED = 130, 2
DIFFERS = 1
"""Exit code of a rerun that gives another number."""
SIGNALLED = 128
"""Exit code of a program that was told to end, less the number of the signal."""
_NEW_OBJECTS = 20_000
"""After how many the garbage is looked for: most of what is made is kept, and looking often takes
a twentieth of the time and finds little."""
_NO_ROOM = (errno.ENOSPC, errno.EIO, errno.EFBIG)
"""Why what is printed can't go where it is sent."""
SPELT_PLAINLY = "caseholder.plain"
UsageError: Any = typer.BadParameter.__mro__[1]
"""What arguments raise that can't be understood. Some versions of typer bring the click that it is
from with them, others import it: the base of what all of them name is right for each."""


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"caseholder {__version__}")
        raise typer.Exit


@app.callback()
def _any_command(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Options that come before a command."""


@app.command()
@takes_run_options
def compare(
    context: typer.Context,
    options: RunOptions,
    council: CouncilOrWorkbook = None,
    scenarios: ScenariosOrWorkbook = None,
    workbook: FromWorkbook = None,
    replications: Replications = 100,
    hiring_pairs: HiringPairs = 12,
    demand_pairs: DemandPairs = 6,
    loop_pairs: LoopPairs = 8,
    seed: Seed = 1,
    workers: Workers = 1,
    engine: EngineName = "compiled",
    cluster: Cluster = None,
    out: Out = None,
    details: Details = False,
    resume: Resume = False,
) -> None:
    """Compare scenarios with doing nothing: the answer on one screen, CSV files and charts."""
    with _asked_for(context, council, scenarios, workbook) as (name, names, files):
        _answer(
            name, names, replications, seed, (engine, workers, cluster), out, options,
            hiring_pairs=hiring_pairs, demand_pairs=demand_pairs, loop_pairs=loop_pairs,
            details=details, resume=resume, made=files,
        )  # fmt: skip


@app.command("what-if", cls=Alternatives)
@takes_run_options
@takes_levers
def what_if(
    council: CouncilName,
    options: RunOptions,
    alternatives: tuple[dict[str, object], ...],
    save: Save = None,
    replications: Replications = 40,
    hiring_pairs: HiringPairs = 0,
    demand_pairs: DemandPairs = 0,
    loop_pairs: LoopPairs = 8,
    seed: Seed = 1,
    workers: Workers = 2,
    engine: EngineName = "compiled",
    cluster: Cluster = None,
    out: Out = None,
    details: Details = False,
    resume: Resume = False,
) -> None:
    """Ask what posts, pay or people would do, without a file; --or begins an alternative."""
    before = signal.signal(signal.SIGINT, _stop_while_importing)
    from sim.presentation.answer import Question
    from sim.presentation.running import Interrupted
    from sim.presentation.what_if import WhatIf, ask

    signal.signal(signal.SIGINT, before)
    question = Question(
        council, (), replications, hiring_pairs, seed, _means(engine, workers, cluster), out,
        demand_pairs=demand_pairs, options=options, loop_pairs=loop_pairs, details=details,
        resume=resume,
    )  # fmt: skip
    try:
        ask(WhatIf(alternatives, question, save))
    except Interrupted as stop:
        _leave_interrupted(stop)


@app.command()
@takes_run_options
def run(
    council: CouncilName,
    options: RunOptions,
    scenario: Annotated[str, typer.Argument(help="Shipped name or .toml file.")] = "baseline",
    replications: Replications = 100,
    seed: Seed = 1,
    workers: Workers = 1,
    engine: EngineName = "compiled",
    cluster: Cluster = None,
    out: Out = None,
    details: Details = False,
    resume: Resume = False,
) -> None:
    """Simulate one scenario on its own."""
    _answer(
        council, [scenario], replications, seed, (engine, workers, cluster), out, options,
        alone=True, details=details, resume=resume,
    )  # fmt: skip


@app.command()
def check(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Config files, or shipped names.")
    ],
    council: Annotated[
        str | None, typer.Option(help="Council that a scenario is for, if it names none.")
    ] = None,
    from_dfe: FromDfe = None,
) -> None:
    """Check configs: councils, scenarios, sweeps, behaviour or sources."""
    from sim.inputs.checks import check_council_fits
    from sim.presentation.sweep_file import check_sweep
    from sim.scenario.check import check_config, check_together

    for file in files:
        for line in _checked_workbook(file) or check_config(
            file, council, check_council_fits, check_sweep, from_dfe
        ):
            typer.echo(line)
    together = [file for file in files if not file.lower().endswith(".xlsx")]
    if len(together) > 1:
        check_together(together, council)


@app.command()
@takes_run_options
def trace(
    council: CouncilName,
    options: RunOptions,
    scenario: Annotated[str, typer.Argument(help="Shipped name or .toml file.")] = "baseline",
    days: Annotated[int, typer.Option(min=1, max=7305, help="Days to show.")] = 60,
    draw: Annotated[int, typer.Option(min=0, help="Set of assumptions; 0 is central.")] = 0,
    seed: Seed = 1,
    replication: Annotated[int, typer.Option(min=0, help="Which run of chance.")] = 0,
    engine: EngineName = "compiled",
    whole: Annotated[
        bool, typer.Option("--all", help="Every event, not the first 200 lines alone.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(parser=place("--out"), metavar="FILE", help="CSV file instead of the screen."),
    ] = None,
) -> None:
    """Tell one run event by event, or write its events to a file."""
    from sim.experiment.tracing import trace_events
    from sim.presentation.asked import asked_study
    from sim.presentation.running import say_engine
    from sim.presentation.trace import TracedRun, print_trace, write_trace

    means = _means(engine)
    say_engine(means)
    study = asked_study(council, [scenario], seed, means, options)
    events = trace_events(study, draw, replication, days)
    start = study.council.start_date
    if out is None:
        told = study.scenarios[0].name
        traced = TracedRun(study.council.name, start, told, days, draw, replication, seed)
        print_trace(events, traced, whole)
    else:
        write_trace(events, start, out)
        typer.echo(f"{counted(len(events), 'event')} in {out}")


@app.command()
def experiments() -> None:
    """List the experiments and what each asks."""
    from sim.experiment.shelf import experiments as every

    for entry in every():
        typer.echo(f"{entry.name}\n    {entry.question}")


council_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.add_typer(council_app, name="council", help="The councils of England, from published tables.")


@council_app.command("list")
def council_list(year: Year = None, from_dfe: FromDfe = None, region: Region = None) -> None:
    """List the councils: name, code, region, size, and what is missing."""
    from sim.presentation.council_list import list_councils

    list_councils(year, from_dfe, region)


@council_app.command("new")
def council_new(
    name: NewCouncil,
    out: CouncilOut,
    year: Year = None,
    from_dfe: FromDfe = None,
    fill: Fill = None,
) -> None:
    """Make a council's file from published tables: every number with its source."""
    from sim.presentation.council_new import new_council

    for line in new_council(name, year, from_dfe, fill, out):
        typer.echo(line)


@app.command()
def experiment(
    name: Annotated[str, typer.Argument(help="One of those that `experiments` lists.")],
    pairs: Annotated[
        int | None, typer.Option(min=2, max=100_000, help="Paired runs; its own number if none.")
    ] = None,
    seed: Seed = 1,
    workers: Workers = 1,
    engine: EngineName = "compiled",
    cluster: Cluster = None,
    out: Annotated[
        Path | None,
        typer.Option(parser=place("--out"), metavar="FOLDER", help="Folder; results/NAME if none."),
    ] = None,
    years: Annotated[
        int | None, typer.Option(min=1, max=20, help="A shorter horizon, to try it out.")
    ] = None,
    resume: Resume = False,
) -> None:
    """Carry out one experiment."""
    before = signal.signal(signal.SIGINT, _stop_while_importing)
    from sim.presentation.experiment import run_experiment
    from sim.presentation.running import Interrupted

    signal.signal(signal.SIGINT, before)
    try:
        run_experiment(name, pairs, seed, _means(engine, workers, cluster), out, years, resume)
    except Interrupted as stop:
        _leave_interrupted(stop)


@app.command()
def sweep(
    file: Annotated[str, typer.Argument(metavar="SWEEP", help="Shipped name or .toml file.")],
    out: Annotated[
        Path,
        typer.Option(
            parser=place("--out"), metavar="FOLDER", help="Folder for the study and its tables."
        ),
    ],
    seed: Annotated[int | None, typer.Option(min=0, help="In place of the sweep's own.")] = None,
    workers: Workers = 1,
    engine: EngineName = "compiled",
    cluster: Cluster = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a study there.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell runs, time and room on the disk.")
    ] = False,
) -> None:
    """Run scenarios over a grid or a sample of numbers, into a study that can be resumed."""
    before = signal.signal(signal.SIGINT, _stop_while_importing)
    from sim.presentation.running import Interrupted
    from sim.presentation.sweep import SweepQuestion, run_sweep, tell_sweep

    signal.signal(signal.SIGINT, before)
    means = _means(engine, workers, cluster)
    try:
        if dry_run:
            tell_sweep(file, means, seed)
        else:
            run_sweep(SweepQuestion(file, out, means, seed, resume))
    except Interrupted as stop:
        _leave_interrupted(stop)


@app.command()
def backtest(
    start: Annotated[
        int, typer.Option(metavar="YEAR", help="First year from which councils are forecast.")
    ],
    until: Annotated[
        int, typer.Option(metavar="YEAR", help="Last year; each before it is started from too.")
    ],
    out: Annotated[
        Path, typer.Option(parser=place("--out"), metavar="FOLDER", help="Folder for the scores.")
    ],
    from_dfe: FromDfe = None,
    runs: Annotated[
        int, typer.Option(min=2, max=10_000, help="Of each council from each year.")
    ] = 200,
    councils: Annotated[
        int | None, typer.Option(min=1, help="Only so many, spread evenly by size; all if none.")
    ] = None,
    cases: Annotated[
        str, typer.Option(metavar="on|off", help="Whether children's cases are simulated.")
    ] = "on",
    model: Annotated[
        str,
        typer.Option(metavar="NAME", help="engine, or recipe: the yearly reference, in a minute."),
    ] = "engine",
    seed: Seed = 1,
    workers: Workers = 1,
    engine: EngineName = "compiled",
    resume: Annotated[bool, typer.Option("--resume", help="Go on with one there.")] = False,
) -> None:
    """Forecast every council from earlier years, and score it on what was published."""
    before = signal.signal(signal.SIGINT, _stop_while_importing)
    from sim.presentation.backtest import BacktestQuestion, asked_for, run_backtests
    from sim.presentation.running import Interrupted

    signal.signal(signal.SIGINT, before)
    asked = asked_for(start, until, runs, seed, model, is_on("--cases", cases), councils)
    try:
        run_backtests(BacktestQuestion(asked, out, _means(engine, workers), from_dfe, resume))
    except Interrupted as stop:
        _leave_interrupted(stop)


@app.command()
def export(
    study: Annotated[Path, typer.Argument(help="A study.sqlite, of a sweep or a comparison.")],
    out: Annotated[
        Path, typer.Option(parser=place("--out"), metavar="FOLDER", help="Folder for the files.")
    ],
    kind: Annotated[str, typer.Option("--format", metavar="csv|parquet|duckdb")] = "csv",
) -> None:
    """Write every run of a study as CSV, Parquet or DuckDB, for Power BI, R or pandas."""
    from sim.presentation.export import export_study
    from sim.presentation.running import Interrupted

    try:
        names = export_study(study, kind, out)
    except Interrupted as stop:
        _leave_interrupted(stop)
    typer.echo(f"{', '.join(names)} are in {out}")


@app.command()
def report(
    study: Annotated[
        Path, typer.Argument(metavar="STUDY", help="The folder that `compare --out` wrote.")
    ],
    out: Annotated[
        Path, typer.Option(parser=place("--out"), metavar="FOLDER", help="Folder for the papers.")
    ],
    kind: Annotated[str, typer.Option("--format", metavar="all|html|docx")] = "all",
    rejected: Annotated[
        list[str] | None,
        typer.Option(metavar="SCENARIO", help="An option that the paper rejects; may be repeated."),
    ] = None,
) -> None:
    """Write a study's business case and a page for members, as HTML and Word."""
    from sim.papers.report import write_report

    names = write_report(study, out, kind, rejected or ())
    typer.echo(f"{', '.join(names)} are in {out}")


@app.command()
def audit(
    study: Annotated[
        Path, typer.Argument(metavar="STUDY", help="The folder that `compare --out` wrote.")
    ],
    out: Annotated[
        Path, typer.Option(parser=place("--out"), metavar="FOLDER", help="Folder for the pack.")
    ],
) -> None:
    """Write a study's audit pack: assumptions, method, checks, changes, quality log."""
    from sim.papers.audit_pack import write_audit

    names = write_audit(study, out)
    typer.echo(f"{', '.join(names)} are in {out}")


@app.command()
def track(
    study: Annotated[
        Path, typer.Argument(metavar="STUDY", help="The folder that `compare --out` wrote.")
    ],
    actuals: Annotated[
        Path,
        typer.Option(
            parser=place("--actuals"),
            metavar="FILE",
            help="CSV file of real figures: date, indicator, value, and team if need be.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(parser=place("--out"), metavar="FOLDER", help="Folder for table and page."),
    ] = None,
) -> None:
    """Set a year's real figures beside the ranges of a finished study."""
    from sim.papers.track import track as set_beside

    set_beside(study, actuals, out)


@app.command()
def rerun(
    manifest: Annotated[
        Path, typer.Argument(metavar="MANIFEST", help="manifest.json of a study, or its folder.")
    ],
    inputs: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FOLDER",
            help="Where its council's and scenarios' files lie, if neither beside it nor here; may"
            " be repeated.",
        ),
    ] = None,
    workers: Workers = 1,
    out: Annotated[
        Path | None,
        typer.Option(parser=place("--out"), metavar="FOLDER", help="Keep the rerun's tables."),
    ] = None,
) -> None:
    """Run a study again: every number is the same, or the first that differs and why."""
    before = signal.signal(signal.SIGINT, _stop_while_importing)
    from sim.presentation import rerun as again
    from sim.presentation.running import Interrupted

    signal.signal(signal.SIGINT, before)
    try:
        found = again.rerun(manifest, inputs or (), out, workers)
    except Interrupted as stop:
        _leave_interrupted(stop)
    if not again.tell(found, out):
        raise typer.Exit(DIFFERS)


@app.command()
def workbook(
    council: CouncilName,
    scenarios: ScenarioNames,
    out: Annotated[
        Path, typer.Option(parser=place("--out"), metavar="FILE", help="An .xlsx file.")
    ],
    study: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="What `compare --out` wrote, for a sheet of results."),
    ] = None,
) -> None:
    """Write a council and its scenarios as an Excel workbook, to be changed and run again."""
    from sim.papers.workbook import write_workbook

    write_workbook(council, scenarios, out, study)
    typer.echo(f"The workbook is {out}; run it with: caseholder compare --workbook {out}")


@contextmanager
def _asked_for(
    context: typer.Context, council: str | None, scenarios: list[str] | None, workbook: Path | None
) -> Iterator[tuple[str, list[str], tuple[Path, ...]]]:
    """Names of council and scenarios, and files made of a workbook; one way of asking or other."""
    if workbook is None:
        if council is None or not scenarios:
            lacking = "COUNCIL" if council is None else "SCENARIO..."
            raise UsageError(f"Missing argument '{lacking}'.", context)
        yield council, scenarios, ()
        return
    if council is not None:
        raise InputError(
            "--workbook", f"is given beside {council}", "Name a workbook, or council and scenarios"
        )
    from sim.papers.workbook import unpacked

    with unpacked(workbook) as found:
        yield str(found.council), list(map(str, found.scenarios)), found.files


def _checked_workbook(name: str) -> list[str]:
    if not name.lower().endswith(".xlsx"):
        return []
    from sim.papers.workbook import check_workbook

    return check_workbook(Path(name))


def _means(engine: str, workers: int = 1, cluster: str | None = None) -> Means:
    from sim.experiment.executors import means_for

    return means_for("--engine", engine, workers, cluster)


def _answer(
    council: str,
    scenarios: list[str],
    replications: int,
    seed: int,
    means: tuple[str, int, str | None],
    out: Path | None,
    options: RunOptions,
    *,
    hiring_pairs: int = 0,
    demand_pairs: int = 0,
    loop_pairs: int = 0,
    alone: bool = False,
    details: bool = False,
    resume: bool = False,
    made: tuple[Path, ...] = (),
) -> None:
    before = signal.signal(signal.SIGINT, _stop_while_importing)
    from sim.presentation.answer import Question, answer
    from sim.presentation.running import Interrupted

    signal.signal(signal.SIGINT, before)
    question = Question(
        council,
        tuple(scenarios),
        replications,
        hiring_pairs,
        seed,
        _means(*means),
        out,
        alone,
        demand_pairs,
        options,
        resume,
        made,
        loop_pairs=loop_pairs,
        details=details,
    )
    try:
        answer(question)
    except Interrupted as stop:
        _leave_interrupted(stop)


def _leave_interrupted(stop: Exception) -> NoReturn:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _leave_quickly()
    sys.stderr.write(f"{stop}\n")
    raise SystemExit(INTERRUPTED) from None


def _stop_while_importing(*_: object) -> NoReturn:
    """Leave at once: an exception could be swallowed by a library that is being imported."""
    sys.stderr.write("stopped before the first pair; nothing was written\n")
    sys.stderr.flush()
    os._exit(INTERRUPTED)


def _plain(error: UnicodeError) -> tuple[str, int]:
    """Characters that a console's encoding lacks: above all, no minus sign may be lost."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join({"−": "-", "–": "-", "─": "-"}.get(c, "?") for c in lacking), error.end


def _ended(number: int, _: object) -> NoReturn:
    """Leave through every clean-up: workers are ended, nothing is left half-written."""
    _leave_quickly()
    raise SystemExit(SIGNALLED + number)


def _leave_quickly() -> None:
    """Have Python look for no garbage as it leaves: among a large study's plans, for seconds."""
    gc.freeze()


def main() -> NoReturn:
    """Entry point: what the user can mend becomes one line and exit code 2."""
    codecs.register_error(SPELT_PLAINLY, _plain)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=SPELT_PLAINLY)
    for number in set(ENDINGS) - {signal.SIGINT}:
        # Who has started it with nohup wants it to outlive the terminal.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _ended)
    gc.set_threshold(_NEW_OBJECTS)
    try:
        with endings_heard():
            left = app(prog_name="caseholder", standalone_mode=False)
            sys.stdout.flush()
    except InputError as error:
        sys.stderr.write(error.line() + "\n")
        raise SystemExit(REFUSED) from None
    except UsageError as error:
        _refuse_arguments(error)
    except typer.Abort:
        raise SystemExit(INTERRUPTED) from None
    except OSError as error:
        _refuse_output(error)
    raise SystemExit(left or 0)


def _refuse_output(error: OSError) -> NoReturn:
    """One line on a disk that takes nothing more of what is printed; none where nobody reads on."""
    is_over = isinstance(error, BrokenPipeError)  # `head`, say, has seen enough
    if not is_over and (error.errno not in _NO_ROOM or error.filename is not None):
        raise error
    # What is still to be written is dropped: Python would try again, and fail, as it leaves.
    sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    if is_over:
        raise SystemExit(0) from None
    reason = error.strerror or str(error)
    line = InputError("output", f"can't be written ({reason})", "Make room, or write it elsewhere")
    sys.stderr.write(f"{line.line()}\n")
    raise SystemExit(REFUSED) from None


def _refuse_arguments(error: Any) -> NoReturn:
    """One line on arguments that can't be understood; the help where none was given."""
    context, said = error.ctx, error.format_message()
    if context and said == context.get_help():
        error.show()
    else:
        where = context.command_path if context else "caseholder"
        now = RENAMED.get(getattr(error, "option_name", ""))
        remedy = f"It is called {now} now" if now else f"See {where} --help"
        line = InputError(where, said.rstrip("."), remedy).line()
        sys.stderr.write(f"{line}\n")
    raise SystemExit(REFUSED) from None


def run_file(file: str) -> NoReturn:
    """What a run.py does when it is started itself: the same as `caseholder experiment NAME`."""
    sys.argv[1:1] = ["experiment", Path(file).resolve().parent.name]
    main()


if __name__ == "__main__":
    main()
