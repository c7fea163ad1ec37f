"""Options and arguments that several commands share. Imports nothing heavy."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import fields
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.config.errors import InputError
from sim.inputs.run_options import RunOptions

RENAMED = {"--gamma-pairs": "--hiring-pairs"}
"""Options of old, with what each is called now."""

CouncilName = Annotated[
    str,
    typer.Argument(metavar="COUNCIL", help="Shipped name, .toml file, or a council of England."),
]
ScenarioNames = Annotated[
    list[str], typer.Argument(metavar="SCENARIO...", help="Shipped names or .toml files.")
]
CouncilOrWorkbook = Annotated[
    str | None,
    typer.Argument(metavar="COUNCIL", help="Shipped name, .toml file, or a council of England."),
]
ScenariosOrWorkbook = Annotated[
    list[str] | None, typer.Argument(metavar="SCENARIO...", help="Shipped names or .toml files.")
]
Replications = Annotated[
    int,
    typer.Option(
        min=2, max=100_000, help="Paired runs (with and without), two for each set of assumptions."
    ),
]
HiringPairs = Annotated[
    int,
    typer.Option(
        min=0,
        help="Paired runs also made with hiring that responds to vacancies by 0.1, 0.4 and 0.8.",
    ),
]
DemandPairs = Annotated[
    int,
    typer.Option(min=0, help="Paired runs that are also made under the other demand scenarios."),
]
LoopPairs = Annotated[
    int, typer.Option(min=0, help="Paired runs that are also made with --loop off.")
]
Details = Annotated[
    bool, typer.Option("--details", help="Print every table and note after the answer.")
]
Seed = Annotated[int, typer.Option(min=0, help="Same seed, same results.")]
Workers = Annotated[int, typer.Option(min=1, max=256, help="How many share the runs.")]
EngineName = Annotated[
    str,
    typer.Option(metavar="NAME", help="compiled, or simpy: slower, the same results."),
]
Cluster = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Scheduler of a dask cluster that runs them instead."),
]

Resume = Annotated[
    bool, typer.Option("--resume", help="Go on with a study that was broken off in --out.")
]


def place(option: str) -> Callable[[str], Path]:
    """What reads the path of an option: no name at all would be the folder that one is in."""

    def path(typed: str) -> Path:
        if not typed.strip():
            raise InputError(option, "is empty", "Name a file or folder, or leave the option out")
        return Path(typed)

    return path


FromWorkbook = Annotated[
    Path | None,
    typer.Option(
        parser=place("--workbook"), metavar="FILE",
        help="An .xlsx file that `workbook` wrote, in place of council and scenarios.",
    ),
]  # fmt: skip
Out = Annotated[
    Path | None,
    typer.Option(parser=place("--out"), metavar="FOLDER", help="Folder for tables and charts."),
]


# The options of a run ---------------------------------------------------------------------

_ON_OFF = "on|off"
_KNOWN_ON_OFF = "known|on|off"
_OF_A_RUN: Mapping[str, Any] = {
    "demand": Annotated[
        str,
        typer.Option(
            metavar="NAME", help="Referrals: uncertain, flat, back_to_2019, rising or series."
        ),
    ],
    "loop": Annotated[
        str,
        typer.Option(
            metavar=_ON_OFF,
            help="Whether overload makes people leave, and managers buy agency staff.",
        ),
    ],
    "agency_rules": Annotated[
        str,
        typer.Option(
            metavar=_KNOWN_ON_OFF,
            help="Rules on agency staff of 2024 and 2025: if announced by the first day, always,"
            " never.",
        ),
    ],
    "lead_practitioners": Annotated[
        str,
        typer.Option(
            metavar=_KNOWN_ON_OFF,
            help="Family practitioners hold child-in-need work from December 2023: if announced by"
            " the first day, always, never.",
        ),
    ],
    "discount_rate": Annotated[
        float | None,
        typer.Option(
            min=0.0, max=0.2, metavar="RATE",
            help="Real rate a year for present values, as a share; 0.035 where none is given.",
        ),
    ],
    "reaction": Annotated[
        str,
        typer.Option(
            metavar=_ON_OFF,
            help="Whether managers lend workers, lift limits, buy agency staff and raise thresholds"
            " when many children wait.",
        ),
    ],
}  # fmt: skip
"""Fields of RunOptions that a user may choose, as the command line takes them."""


def takes_run_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a run in place of its parameter `options`."""
    signature = inspect.signature(command, eval_str=True)
    usual = {field.name: field.default for field in fields(RunOptions)}
    of_a_run = [
        inspect.Parameter(
            name, inspect.Parameter.KEYWORD_ONLY, default=_as_typed(usual[name]), annotation=kind
        )
        for name, kind in _OF_A_RUN.items()
    ]
    own = [p for name, p in signature.parameters.items() if name != "options"]
    every = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own] + of_a_run

    @functools.wraps(command)
    def with_options(**given: Any) -> None:
        chosen = {name: _meant(name, given.pop(name), usual[name]) for name in _OF_A_RUN}
        command(**given, options=RunOptions(**chosen))

    # Typer reads both: the parameters, and what they are annotated with.
    with_options.__signature__ = signature.replace(parameters=every)  # type: ignore[attr-defined]
    with_options.__annotations__ = {p.name: p.annotation for p in every}
    return with_options


def _as_typed(value: object) -> object:
    """A value as a user would type it."""
    return ("on" if value else "off") if isinstance(value, bool) else value


def _meant(name: str, typed: Any, usual: object) -> Any:
    """The value that was typed for an option, of the kind that is usual there."""
    option = f"--{name.replace('_', '-')}"
    if isinstance(usual, bool):
        return is_on(option, typed)
    if isinstance(usual, StrEnum):
        return _one_of(type(usual), option, typed)
    return typed


def is_on(option: str, typed: str) -> bool:
    """Whether on was typed.

    Raises:
        InputError: neither on nor off was.
    """
    if typed not in ("on", "off"):
        raise InputError(option, f"'{typed}' is neither on nor off", "Use: on, off")
    return typed == "on"


def _one_of(kind: type[StrEnum], option: str, typed: str) -> StrEnum:
    try:
        return kind(typed)
    except ValueError:
        known = ", ".join(kind)
        raise InputError(option, f"'{typed}' is no value of it", f"Use: {known}") from None
