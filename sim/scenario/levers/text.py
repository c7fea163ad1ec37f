"""The scenario that levers ask for, as the text of a file: what runs is what the file says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.config.apportion import largest_remainder
from sim.config.council import Council
from sim.config.errors import InputError
from sim.dates import financial_year, financial_year_start
from sim.published.council_file.lines import Line, Section, file_text
from sim.scenario.levers.asked import Asked, read_levers
from sim.scenario.levers.lines import LeverLine, Table, lever_lines
from sim.scenario.levers.table import BY_NAME, LEVERS, MONEY, OVERSEAS, RETENTION, SUPPLEMENT
from sim.scenario.levers.values import BASE, WITH_NOTICE, Money
from sim.scenario.levers.words import posts_in_words

_LONGEST_NAME, _LONGEST_SHORT_NAME, _LONGEST_KEY = 80, 24, 80


@dataclass(frozen=True)
class MadeScenario:
    """A scenario made from levers.

    Attributes:
        key: what its file is called, without the ending.
        name, short_name: as tables and charts have them.
        text: the file.
        body: the same without names: what two that are the same have in common.
        notes: what a reader should know of it, one sentence each.
        options: the lever behind each line, by the line's key; as it would be typed.
    """

    key: str
    name: str
    short_name: str
    text: str
    body: str
    notes: tuple[str, ...]
    options: Mapping[str, str]


def made_scenario(
    given: Mapping[str, object], council: Council, stated_council: str, number: int = 0
) -> MadeScenario:
    """The scenario that levers ask for.

    Args:
        given: a value for each lever that is used, by its name.
        council: the council that it is for.
        stated_council: what the file calls it.
        number: which of several alternatives it is, where its names are to say so; else 0.

    Raises:
        InputError: naming the lever, the value and the remedy.
    """
    asked = read_levers(given, council)
    lines = lever_lines(asked, council)
    name, short_name = _name(asked, number), _short_name(asked, number)
    head = Section("", _head(name, short_name, stated_council), _comment(asked))
    body = [
        *_package(asked),
        *(
            Section("measures", _measure(line.table, money), _said_of(line), listed=True)
            for line, money in zip(lines, _planned(asked.money, lines), strict=True)
        ),
    ]
    return MadeScenario(
        key=_key(asked) + (f"_{number}" if number else ""),
        name=name,
        short_name=short_name,
        text=file_text([head, *body]),
        body=file_text(body),
        notes=tuple(_notes(asked, lines)),
        options={line.table["key"]: line.lever.option for line in lines},
    )


def as_lever(error: InputError, made: MadeScenario) -> InputError:
    """A fault in a line of a made scenario, with the lever in place of the file."""
    for key, option in made.options.items():
        if f"({key})" in error.where or error.where.startswith(f"measures.{key}"):
            return InputError(option, error.problem, error.remedy)
    return error


def _head(name: str, short_name: str, council: str) -> tuple[Line, ...]:
    return (Line("name", name), Line("short_name", short_name), Line("council", council))


def _comment(asked: Asked) -> str:
    typed = " ".join(_as_typed(asked))
    return (
        f"Made by `caseholder what-if` from: {typed}\n"
        "Change a number here and run it with `caseholder compare`; `caseholder check` says what it"
        " holds. What is not typed is as in the shipped devon_package_48_fte, and judgement."
    )


def _as_typed(asked: Asked) -> list[str]:
    """The levers as the command line has them."""
    typed = []
    for lever in LEVERS:
        value = asked.given.get(lever.name)
        if value is None:
            continue
        said = _typed_value(value)
        typed.append(lever.option if lever.is_switch else f"{lever.option} {said}")
    return typed


def _typed_value(value: object) -> str:
    if isinstance(value, Mapping):
        return ",".join(f"{name}={part}" for name, part in value.items())
    said = " ".join(str(value).split())
    return f'"{said}"' if " " in said else said


# Names ------------------------------------------------------------------------------------


def _parts(asked: Asked) -> list[str]:
    """What is asked, part by part, in words."""
    parts = []
    if asked.funded:
        parts.append(f"posts for {posts_in_words(asked.funded)}")
    if asked.taken_out:
        how = "with notice" if asked.cut == WITH_NOTICE else "as people leave"
        parts.append(f"posts of {posts_in_words(asked.taken_out)} cut {how}")
    words = {
        SUPPLEMENT.name: "supplement £{:,.0f}",
        RETENTION.name: "retention payment £{:,.0f}",
        OVERSEAS.name: "{:.0f} overseas offers a year",
    }
    for name, size in asked.sizes.items():
        parts.append(words.get(name, f"{{:.0f}} {name} a year").format(size))
    return parts + [BY_NAME[name].label for name in asked.switches]


def _name(asked: Asked, number: int) -> str:
    """The whole in words, cut short where it is long; numbered where it is to be."""
    tail = f", {asked.team.name}" if asked.team else ""
    tail += "" if asked.is_day_0 else f", from {asked.start.day} {asked.start:%b %Y}"
    tail += f", £{asked.money[-1].gbp / 1e6:.2f}m voted" if asked.money else ""
    whole = f"{'; '.join(_parts(asked)) or 'nothing'}{tail}"
    whole = f"{number}: {whole}" if number else whole[0].upper() + whole[1:]
    return whole if len(whole) <= _LONGEST_NAME else f"{whole[: _LONGEST_NAME - 1].rstrip()}…"


def _short_name(asked: Asked, number: int) -> str:
    text = " + ".join(_pieces(asked)) or "Nothing"
    if number:
        return f"Option {number}"
    longest = _LONGEST_SHORT_NAME
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _pieces(asked: Asked) -> list[str]:
    """Each part in two words or so."""
    pieces = []
    if asked.funded:
        pieces.append(f"{sum(asked.funded.values()):g} posts")
    if asked.taken_out:
        how = " with notice" if asked.cut == WITH_NOTICE else ""
        pieces.append(f"cut {sum(asked.taken_out.values()):g}{how}")
    pieces += [f"{name} {size:.0f}" for name, size in asked.sizes.items()]
    return [*pieces, *asked.switches]


def _key(asked: Asked) -> str:
    """A file's name: what is asked, the team and the date."""
    more = [asked.team.key] if asked.team else []
    more += [] if asked.is_day_0 else [f"from {asked.start}"]
    text = "_".join(["what if", *(_pieces(asked) or ["nothing"]), *more])
    plain = "".join(c if c.isascii() and c.isalnum() else "_" for c in text.casefold())
    return plain[:_LONGEST_KEY].rstrip("_")


# Money ------------------------------------------------------------------------------------


def _years(money: Sequence[Money]) -> list[Money]:
    """What is voted, with an end to what is for one year alone."""
    last = money[-1]
    if last.source_of_funds == BASE or not last.gbp:
        return list(money)
    return [*money, Money(_following(last.financial_year), last.source_of_funds, 0.0)]


def _following(year: str) -> str:
    return financial_year(financial_year_start(year).replace(year=int(year[:4]) + 1))


def _planned(money: Sequence[Money], lines: Sequence[LeverLine]) -> list[dict[str, float]]:
    """By line: the money of each year, divided as full years of the lines cost."""
    found: list[dict[str, float]] = [{} for _ in lines]
    if not money:
        return found
    weights = np.array([line.gbp for line in lines])
    for one in _years(money):
        for line, gbp in zip(found, largest_remainder(weights, int(one.gbp)), strict=True):
            line[one.financial_year] = int(gbp)
    return found


def _said_of(line: LeverLine) -> str:
    evidence = line.lever.evidence
    return f"{line.says}\nEvidence: {evidence}"


def _package(asked: Asked) -> list[Section]:
    if not asked.money:
        return []
    fte = float(sum(asked.funded.values()))
    funding = [
        {
            "financial_year": one.financial_year, "source_of_funds": one.source_of_funds,
            "gbp": int(one.gbp),
        }
        for one in _years(asked.money)
    ]  # fmt: skip
    lines = (Line("fte", fte), Line("source", "judgement"), Line("funding", funding))
    return [Section("package", lines, "What is voted; the last year's sum goes on")]


def _measure(table: Table, planned: Mapping[str, float]) -> tuple[Line, ...]:
    money = {"planned_gbp": dict(planned)} if planned else {}
    comment = "This line's part of what is voted, by what the lines cost about: judgement"
    return tuple(
        Line(key, value, comment=comment if key == "planned_gbp" else "")
        for key, value in (table | money).items()
    )


# Notes ------------------------------------------------------------------------------------


def _notes(asked: Asked, lines: Sequence[LeverLine]) -> list[str]:
    """What was taken for granted, in sentences."""
    notes = [f"{line.says}." for line in lines]
    if not lines:
        notes.append("Nothing is changed: every size is 0.")
    if asked.money:
        notes.append(f"Voted: {', '.join(map(_sum_in_words, asked.money))}.")
    elif any(line.table["kind"] != "cut_posts" for line in lines):
        planned = "posts are planned at the council's own unit costs, and " if asked.funded else ""
        notes.append(f"No money is named ({MONEY.option}): {planned}what it costs is an answer.")
    return notes


def _sum_in_words(one: Money) -> str:
    goes_on = " and each later year" if one.source_of_funds == BASE else " alone"
    return f"£{one.gbp:,.0f} from {one.source_of_funds} in {one.financial_year}{goes_on}"
