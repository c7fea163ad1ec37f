"""`caseholder what-if`: levers in, the answer of `compare` out, by way of a scenario's file."""

from __future__ import annotations

import os
import tempfile
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sim.config.errors import InputError
from sim.config.shipped import faults_in_totals, is_file_name, load_evidence, shipped
from sim.inputs.checks import check_council_fits
from sim.presentation.answer import Question, answer
from sim.presentation.council_new import write_new
from sim.presentation.screen import screen
from sim.presentation.words import day
from sim.published.council_file.called import CalledCouncil, council_called
from sim.scenario.levers.text import MadeScenario, as_lever, made_scenario
from sim.scenario.scenario import read_scenario

Levers = Mapping[str, object]
"""By the name of a lever what was typed for it."""


@dataclass(frozen=True)
class WhatIf:
    """What the user asked for.

    Attributes:
        alternatives: the levers of each.
        question: how it is run, and for which council; its scenarios are those of the alternatives.
        save: the file to keep the scenario in, or several of like name; None for none.
    """

    alternatives: tuple[Levers, ...]
    question: Question
    save: Path | None = None


def ask(asked: WhatIf) -> None:
    """Make a scenario of each alternative, say what it is, and compare it with doing nothing.

    Raises:
        InputError: a lever, the council, or a file to be written is faulty.
        Interrupted: the user stopped it.
    """
    called = council_called(asked.question.council, load_evidence().sources)
    made = made_scenarios(asked.alternatives, called)
    with _files(made, asked.save) as files:
        for file, scenario in zip(files, made, strict=True):
            _check(file, scenario, called)
        _say(called, made, files if asked.save else ())
        answer(replace(asked.question, scenarios=tuple(map(str, files)), made=tuple(files)))


def made_scenarios(alternatives: Sequence[Levers], called: CalledCouncil) -> list[MadeScenario]:
    """The scenario of each alternative, numbered where two would have one name.

    Raises:
        InputError: a lever is faulty, or two alternatives are the same.
    """
    council, stated = called.council, _as_stated(called)
    found = [made_scenario(levers, council, stated) for levers in alternatives]
    for number, one in enumerate(found):
        if any(one.body == other.body for other in found[:number]):
            raise InputError(
                f"--or: alternative {number + 1}", "asks the same as one before", "Leave one out"
            )
    taken = Counter(name for one in found for name in {one.short_name.casefold(), one.key})
    clash = any(taken[one.short_name.casefold()] > 1 or taken[one.key] > 1 for one in found)
    if not clash and len({one.name for one in found}) == len(found):
        return found
    return [
        made_scenario(levers, council, stated, number)
        for number, levers in enumerate(alternatives, start=1)
    ]


def _as_stated(called: CalledCouncil) -> str:
    """What a scenario's file calls the council, so that `check` finds it."""
    if called.made is not None:
        return called.council.name
    ships = called.path == shipped("councils").get(called.path.stem)
    return called.path.stem if ships else str(called.path)


@contextmanager
def _files(made: Sequence[MadeScenario], save: Path | None) -> Iterator[list[Path]]:
    """The scenarios' files: where they are to be kept, or in a folder that goes when all is done.

    Raises:
        InputError: one is there already, or can't be written.
    """
    if save is not None:
        files = _kept(save, len(made))
        _write(made, files)
        yield files
        return
    with tempfile.TemporaryDirectory(prefix="caseholder-", ignore_cleanup_errors=True) as folder:
        files = [Path(folder) / f"{one.key}.toml" for one in made]
        _write(made, files)
        yield files


def _kept(save: Path, count: int) -> list[Path]:
    """The file of each alternative: the one that was named, or several with their numbers."""
    if not is_file_name(save.name):
        raise InputError(f"--save {save}", "is no .toml file", "Give it a name that ends in .toml")
    files = [save.with_name(f"{save.stem}_{n}.toml") for n in range(1, count + 1)]
    files = files if count > 1 else [save]
    for file in files:
        if os.path.lexists(file):
            raise InputError(f"--save {file}", "is there already", "Choose another name")
    return files


def _write(made: Sequence[MadeScenario], files: Sequence[Path]) -> None:
    for one, file in zip(made, files, strict=True):
        write_new(file, one.text)


def _check(file: Path, made: MadeScenario, called: CalledCouncil) -> None:
    """Read a scenario as `compare` will, and give what is wrong with a line its lever.

    Raises:
        InputError: the council can't do what is asked.
    """
    try:
        scenario = read_scenario(file, called.council, called.sources)
        with faults_in_totals(called.path):
            check_council_fits(called.council, load_evidence().behaviour, scenario)
    except InputError as error:
        raise as_lever(error, made) from None


def _say(called: CalledCouncil, made: Sequence[MadeScenario], kept: Sequence[Path]) -> None:
    """What is asked, of which council, and what was taken for granted: of all at the end."""
    council = called.council
    shared = [note for note in made[0].notes if all(note in one.notes for one in made)]
    _print(
        f"What if {council.name} did this? Runs from {day(council.start_date)}: {_source(called)}."
    )
    for number, one in enumerate(made, start=1):
        _print(f"{number}. {one.name.removeprefix(f'{number}: ')}" if len(made) > 1 else one.name)
        for note in one.notes:
            if len(made) == 1 or note not in shared:
                _print(note, indent=3)
    for note in shared if len(made) > 1 else ():
        _print(note)
    for file in kept:
        _print(f"The scenario is in {file}: change it, check it, compare it.")


def _source(called: CalledCouncil) -> str:
    """Where the council's numbers are from."""
    if called.made is not None:
        return "made from the published tables"
    if called.path == shipped("councils").get(called.path.stem):
        return f"{called.path.stem}, which ships"
    return f"the file {called.path}"


def _print(text: str, indent: int = 0) -> None:
    """A paragraph as wide as the screen; a long word, such as a file's name, stays whole."""
    page, start = screen(), " " * indent
    lines = textwrap.wrap(
        text, page.width, initial_indent=start, subsequent_indent=start,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    page.print("\n".join(lines), soft_wrap=True)
