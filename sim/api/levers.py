"""Scenarios from levers: what `caseholder what-if` asks, as values for `compare` and `sweep`."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from pathlib import Path

from sim.api.sources import Source, council_of, fitting
from sim.config.council import Council
from sim.config.errors import InputError
from sim.config.load import parse
from sim.scenario.levers.table import LEVERS
from sim.scenario.levers.text import as_lever, made_scenario
from sim.scenario.of_council import seen_by_validators
from sim.scenario.scenario import Scenario


def what_if(
    council: Council | Source,
    *,
    posts: float | str | Mapping[str, float] | None = None,
    team: str | None = None,
    cut: str | None = None,
    supplement: float | str | None = None,
    retention: float | str | None = None,
    overseas: int | str | None = None,
    bursaries: int | str | None = None,
    apprenticeships: int | str | None = None,
    relocation: bool = False,
    academy: bool = False,
    start: dt.date | str | None = None,
    money: str | Mapping[str, float | str] | None = None,
) -> Scenario:
    """A scenario made from levers, as `caseholder what-if` makes it. What is left out is nothing.

    Args:
        council: loaded or made in code, or where it is to be read from.
        posts: FTE of social workers, or by role: {"social_worker": 24, "business_support": 10};
            less than none is a cut.
        team: the one team that posts, pay, relocation and the Academy are for; all if None.
        cut: how posts are cut: "leave" as people leave (if None), or "notice" at once.
        supplement: pounds a year for each FTE, before on-costs.
        retention: pounds for each FTE who stays twelve months.
        overseas: offers a year that are paid for.
        bursaries: places a year.
        apprenticeships: places a year.
        relocation: whether there is an allowance for experienced starters who move house.
        academy: whether newly qualified social workers learn in an academy.
        start: the first day; day 0 if None.
        money: what is voted: "reserves=1.1m@2021/22,base=3.4m", or a mapping of
            "reserves@2021/22" and "base" to pounds. Costs are an answer if None.

    Raises:
        InputError: a lever can't be read, or the council can't do it: the lever, value, remedy.
    """
    loaded = council_of(council)
    given: dict[str, object] = {
        "posts": posts, "team": team, "cut": cut, "supplement": supplement,
        "retention": retention, "overseas": overseas, "bursaries": bursaries,
        "apprenticeships": apprenticeships, "relocation": relocation, "academy": academy,
        "start": start, "money": money,
    }  # fmt: skip
    try:
        made = made_scenario(given, loaded, loaded.name)
    except InputError as error:
        raise _named_as_python_does(error) from None
    where, context = Path(made.key), seen_by_validators(loaded)
    try:
        found = parse(Scenario, tomllib.loads(made.text), where, context)
        return fitting(found.model_copy(update={"key": made.key}), loaded)
    except InputError as error:
        raise _named_as_python_does(as_lever(error, made)) from None


def _named_as_python_does(error: InputError) -> InputError:
    """The error with the lever's name in place of its option."""
    names = {lever.option: lever.name for lever in LEVERS}
    where = ", ".join(names.get(part, part) for part in error.where.split(", "))
    return InputError(where, error.problem, error.remedy)
