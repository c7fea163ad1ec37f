"""Checking one config file, whatever it is."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sim.config.behaviour import Behaviour, quantities_in
from sim.config.council import Council
from sim.config.counted import counted
from sim.config.england import load_england
from sim.config.errors import InputError
from sim.config.load import parse, read_toml
from sim.config.quantity import Frozen, Grade
from sim.config.rounded import scaled_in
from sim.config.shipped import (
    check_sources,
    faults_in_totals,
    is_file_name,
    load_evidence,
    named_at,
    read_council,
    remedy_for,
    shipped,
    with_own_sources,
)
from sim.config.sources import Sources
from sim.published.council_file.audit import audit
from sim.published.council_file.called import CalledCouncil, council_called
from sim.published.council_file.fit import gaps
from sim.published.council_file.later_tables import later_changes
from sim.scenario.chosen import consistent, refuse_twin
from sim.scenario.cuts import CutPosts
from sim.scenario.extends import taken_over
from sim.scenario.measure import Measure
from sim.scenario.money_fit import money_gaps
from sim.scenario.scenario import Scenario, baseline, parse_scenario, read_scenario


def check_config(
    name: str,
    council: str | None = None,
    fits: Callable[[Council, Behaviour, Scenario], None] = lambda *_: None,
    sweep: Callable[[Path], list[str]] = lambda _: [],
    tables: Path | None = None,
) -> list[str]:
    """Validate a config and say what it holds, one line a fact.

    Args:
        name: a file, or a shipped council or scenario.
        council: for a scenario: the council to check it against, where it names none itself.
        fits: a further check of a council under the shared evidence, and of a scenario in it;
            raises InputError.
        sweep: checks a file that holds a sweep and says what is in it; raises InputError.
        tables: for a council: downloads whose figures are set beside those of its file.

    Raises:
        InputError: for the first fault.
    """
    path = _find(name)
    data = read_toml(path)
    if "labour_market" in data or "exits" in data:
        return _check_behaviour(data, path)
    if "teams" in data and "years" in data and "totals" not in data:
        load_england(load_evidence().sources, path)
        return [f"{path}: what councils take over from England: {WELL_WRITTEN}"]
    if "teams" in data or "totals" in data:
        return _check_council(path, fits, tables)
    if "grid" in data or "sample" in data:
        return sweep(path)
    if _is_scenario(data):
        return _check_scenario(path, council, fits)
    if any(isinstance(item, dict) and "title" in item for item in data.values()):
        sources = counted(len(parse(Sources, data, path).root), "source")
        return [f"{path}: {sources}: {WELL_WRITTEN}"]
    raise InputError(
        path,
        "is neither a council, a scenario, a sweep, behaviour nor sources",
        "Give it [[teams]], [[measures]], [[grid]], [labour_market] or titled sources",
    )


def _find(name: str) -> Path:
    if is_file_name(name):
        return Path(name)
    known = {stem: path for kind in _KINDS for stem, path in shipped(kind).items()}
    if name in known:
        return known[name]
    if os.path.isfile(name):
        return Path(name)
    raise InputError(
        name or "(empty name)",
        "is neither a file nor a shipped name",
        remedy_for(name, known),
    )


_KINDS = ("councils", "scenarios", "sweeps", "")
"""Folders of shipped configs; the evidence and its sources stand beside them."""
WELL_WRITTEN = "no mistake in how it is written; its figures are yours to check"
"""What is said of a file without a fault."""


def _check_behaviour(data: dict[str, Any], path: Path) -> list[str]:
    behaviour = parse(Behaviour, data, path)
    check_sources(behaviour, load_evidence().sources, path)
    return [f"{path}: behaviour: {WELL_WRITTEN}", _grades(behaviour), *_high_rates(behaviour)]


def _check_council(
    path: Path, fits: Callable[[Council, Behaviour, Scenario], None], tables: Path | None
) -> list[str]:
    evidence = load_evidence()
    council = read_council(path, evidence.sources)
    with faults_in_totals(path):
        fits(council, evidence.behaviour, baseline())
    totals = council.totals.central
    establishment = totals.inpost_fte + totals.vacancy_fte
    return [
        f"{path}: council {council.name} on {council.start_date}: {WELL_WRITTEN}",
        f"{counted(len(council.teams), 'team')}, establishment {establishment:g} FTE,"
        f" {totals.inpost_fte:g} in post, {totals.vacancy_fte:g} vacant",
        *_started_since(council),
        _grades(council),
        *audit(council, with_own_sources(evidence.sources, council, path)).lines(),
        *(f"warning: {gap}" for gap in gaps(council, load_england(evidence.sources))),
        *(f"note: {text}" for text in (later_changes(council, tables) if tables else ())),
        *(f"note: {text}" for text in scaled_in(council)),
        *_high_rates(council),
    ]


def _high_rates(model: Frozen) -> list[str]:
    """Leaving rates of more than 1 a year: most likely a percentage, or a slip of the point."""
    return [
        f"warning: {key}: up to {quantity.high:g} a year, more leavers than people in post; write"
        " 15 % as 0.15"
        for key, quantity in quantities_in(model)
        if key.rsplit(".", 1)[-1] in _LEAVING_RATES and quantity.high > 1.0
    ]


_LEAVING_RATES = ("leaving_rate", "support_leaving_rate", "newly_qualified_first_year_rate")


def _started_since(council: Council) -> list[str]:
    """The newly qualified workers who started between the count and day 0."""
    return [
        f"note: newly qualified workers who started on {date}, after the totals were counted, start"
        f" on {council.start_date}"
        for date in council.newly_qualified_starts
        if date < council.start_date
    ]


def check_together(names: Sequence[str], council: str | None = None) -> None:
    """Refuse scenarios that no comparison could tell apart; other configs are passed over.

    Args:
        names: files, or shipped names, each of which has passed its own check.
        council: as for one scenario.

    Raises:
        InputError: for the first fault.
    """
    chosen = [baseline()]
    for name in names:
        path = _find(name)
        if _is_scenario(read_toml(path)):
            scenario, _ = _with_council(path, council)
            refuse_twin(str(path), scenario, chosen)
            chosen.append(scenario)
    consistent(chosen)


def _is_scenario(data: dict[str, Any]) -> bool:
    """Whether a file holds a scenario; one that decides nothing has no more than a name."""
    return ("name" in data and not {"teams", "totals", "grid", "sample"} & set(data)) or bool(
        {"measures", "package", "extends"} & set(data)
    )


def _with_council(path: Path, council_name: str | None) -> tuple[Scenario, CalledCouncil]:
    """A scenario, and the council that it was checked against."""
    sources = load_evidence().sources
    name = council_name or _named_in(path)
    if not name:
        parse_scenario(path)
        raise InputError(
            f"{path}: council", "is missing", "Name the council in the file, or with --council"
        )
    with named_at("--council" if council_name else f"{path}: council", name):
        called = council_called(name, sources)
    return read_scenario(path, called.council, called.sources), called


def _named_in(path: Path) -> str:
    """The council that a scenario's file names; empty where it names none."""
    named = taken_over(path)[-1][1].get("council", "")
    return named if isinstance(named, str) else ""


def _check_scenario(
    path: Path,
    council_name: str | None,
    fits: Callable[[Council, Behaviour, Scenario], None],
) -> list[str]:
    scenario, called = _with_council(path, council_name)
    council = called.council
    refuse_twin(str(path), scenario, [baseline()])
    try:
        with faults_in_totals(called.path):
            fits(council, load_evidence().behaviour, scenario)
    except InputError as error:
        if not error.where.startswith("measures."):
            raise
        raise InputError(f"{path}: {error.where}", error.problem, error.remedy) from None
    lines = [
        f"{path}: scenario '{scenario.name}' fits {council.name}: {WELL_WRITTEN}",
        f"{counted(len(scenario.measures), 'line')}, {scenario.funded_fte:g} FTE",
    ]
    if scenario.package is not None:
        funding = ", ".join(
            f"£{item.gbp:,.0f} from {item.source_of_funds} in {item.financial_year}"
            for item in scenario.package.funding
        )
        lines.append(f"adds up to the package: {scenario.package.fte:g} FTE; {funding}")
        lines += _decision(scenario)
    lines += [_line(measure) for measure in scenario.measures]
    lines += [f"note: {text}" for text in (*scenario.cut_off(council), *scaled_in(scenario))]
    warnings = (*scenario.warnings(council), *money_gaps(scenario, council))
    return lines + [f"warning: {warning}" for warning in warnings]


def _decision(scenario: Scenario) -> list[str]:
    """What is agreed of the later years' money, where it is less than all."""
    cut = scenario.cut
    if cut is None:
        return []
    return [f"of the money from {cut.financial_year} on, {cut.agreed_share:.0%} is agreed"]


def _line(measure: Measure) -> str:
    """One line of a decision: its letter in the council's paper, name, FTE and money."""
    money = ", ".join(f"£{gbp:,.0f} in {year}" for year, gbp in sorted(measure.planned_gbp.items()))
    parts = [
        f"{measure.letter or '-'}: {measure.name}",
        f"{measure.funded_fte:g} FTE" if measure.funded_fte else "",
        f"cuts {measure.cut_fte:g} FTE" if isinstance(measure, CutPosts) else "",
        money,
        f"last day {measure.end}" if measure.end else "",
        "" if measure.has_effect else _WITHOUT_EFFECT[measure.saves],
    ]
    return "  " + "; ".join(part for part in parts if part)


_WITHOUT_EFFECT = {False: "cost only, no effect simulated", True: "saving, as planned"}


def _grades(model: Frozen) -> str:
    counts = Counter(quantity.grade for _, quantity in quantities_in(model))
    graded = ", ".join(f"{counts[grade]} {_GRADES[grade]}" for grade in Grade if counts[grade])
    return f"{counted(counts.total(), 'uncertain number')}: {graded}"


_GRADES = {
    Grade.OFFICIAL: "official",
    Grade.STUDY: "from studies",
    Grade.COUNCIL: "from councils' papers",
    Grade.FITTED: "fitted",
    Grade.RECALLED: "recalled",
    Grade.JUDGEMENT: "judgement",
}
"""Grades of the evidence in words."""
