"""The options of `what-if`: one for each lever, and `--or` between alternatives."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from sim.config.errors import InputError
from sim.presentation.options import place
from sim.scenario.levers.table import LEVERS, Lever

OR = "--or"
_OTHERS = "caseholder.alternatives"
"""Where the alternatives after the first are kept while a command line is read."""
_NAMES = {lever.name for lever in LEVERS}
MOST_ALTERNATIVES = 12
Save = Annotated[
    Path | None,
    typer.Option(
        parser=place("--save"),
        metavar="FILE",
        help="Keep the scenario in this new .toml file; several alternatives: one file each.",
    ),
]


class Alternatives(TyperCommand):
    """A command whose line holds several alternatives with `--or` between them.

    Options that are no levers may stand in any part: they are for the whole question.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Keep the levers of all parts but the first, and read the rest as one command line."""
        first, *others = _parts(args)
        ctx.meta[_OTHERS] = found = []
        for part in others:
            levers, rest = self._levers_of(ctx, part)
            found.append(levers)
            first += rest
        return super().parse_args(ctx, first)

    def _levers_of(self, ctx: Any, part: list[str]) -> tuple[dict[str, object], list[str]]:
        """The levers of a part, and what else stands in it."""
        typed, stray, order = self.make_parser(ctx).parse_args(list(part))
        levers = {name: value for name, value in typed.items() if name in _NAMES}
        rest = list(stray)
        for param in dict.fromkeys(order):
            value = typed.get(param.name)
            if param.name in _NAMES or value is None:
                continue
            rest += [] if param.param_type_name == "argument" else [param.opts[0]]
            rest += [] if value is True else [str(value)]
        return levers, rest


def _parts(args: Sequence[str]) -> list[list[str]]:
    """What stands before, between and after each `--or`."""
    parts: list[list[str]] = [[]]
    for arg in args:
        if arg == OR:
            parts.append([])
        else:
            parts[-1].append(arg)
    if len(parts) > MOST_ALTERNATIVES:
        raise InputError(
            OR, f"{len(parts)} alternatives are asked", f"Ask at most {MOST_ALTERNATIVES}"
        )
    for part in parts[1:]:
        if not part:
            raise InputError(OR, "has nothing after it", "Write levers after it, or leave it out")
    return parts


def _option(lever: Lever) -> Any:
    if lever.is_switch:
        return Annotated[bool, typer.Option(lever.option, help=lever.help)]
    metavar = lever.unit.split(" ")[0].upper() if lever.low is not None else "TEXT"
    return Annotated[str | None, typer.Option(lever.option, metavar=metavar, help=lever.help)]


def takes_levers(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the levers in place of its parameter `alternatives`."""
    signature = inspect.signature(command, eval_str=True)
    of_levers = [
        inspect.Parameter(
            lever.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=False if lever.is_switch else None,
            annotation=_option(lever),
        )
        for lever in LEVERS
    ]
    own = [p for name, p in signature.parameters.items() if name != "alternatives"]
    first = next(i for i, p in enumerate(own) if p.default is not inspect.Parameter.empty)
    every = [*own[:first], *of_levers, *own[first:]]
    every = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in every]

    @functools.wraps(command)
    def with_levers(ctx: typer.Context, **given: Any) -> None:
        first = {name: given.pop(name) for name in _NAMES}
        command(**given, alternatives=(first, *ctx.meta[_OTHERS]))

    context = inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
    # Typer reads both: the parameters, and what they are annotated with.
    with_levers.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[context, *every]
    )
    with_levers.__annotations__ = {p.name: p.annotation for p in (context, *every)}
    return with_levers
