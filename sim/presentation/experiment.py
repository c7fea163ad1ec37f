"""What an experiment is run with: studies, comparisons in sight of the user, a place for findings.

A run.py holds run(bench), which asks, compares and says; this module does the rest once for all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

import sim
from sim.config.council import Council
from sim.config.shipped import (
    Evidence,
    configs_folder,
    faults_in_totals,
    file_hash,
    load_council,
    load_evidence,
    locate,
)
from sim.experiment.compare import Comparison, asked_conditions
from sim.experiment.executors import Means
from sim.experiment.kept import GO_ON, finish, kept_study, stated_of
from sim.experiment.provenance import source_hash
from sim.experiment.replicate import Study, make_study, whole_draws
from sim.experiment.results import Results
from sim.experiment.shelf import Entry, find_experiment, load_run
from sim.inputs.run_options import DemandScenario, RunOptions
from sim.presentation.cells import Cells, in_file, on_screen
from sim.presentation.charts.chart import Chart, save_chart
from sim.presentation.charts.style import chart_style, lacking, lacking_note
from sim.presentation.files import staged_folder, write_csv
from sim.presentation.market_notes import rule_notes
from sim.presentation.running import Interrupted, rounded_up, run_into
from sim.presentation.screen import screen
from sim.presentation.tables import keep_words_whole, new_table
from sim.scenario.scenario import Scenario, baseline, load_scenario

WIDTH = 110
"""Columns of the tables in findings.txt."""


@dataclass
class Bench:
    """Where one experiment is carried out.

    Attributes:
        name: the experiment.
        pairs: pairs of runs, two a draw.
        seed: seed of draws and fates.
        means: engine, workers and cluster.
        years: a shorter horizon than the council's; None for its own.
        folder: where its files go.
        home: the experiment's own folder, with scenarios of its own.
        results: the store of its runs; one that is gone with the program if none is given.
        said: what it has said so far.
    """

    name: str
    pairs: int
    seed: int
    means: Means
    years: int | None
    folder: Path
    home: Path
    results: Results = field(default_factory=Results)
    said: list[Table | Text] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.evidence: Evidence = load_evidence()

    def council(self, name: str) -> Council:
        """A council, its horizon cut where a shorter one was asked for."""
        council = load_council(name, self.evidence.sources)
        years = min(council.horizon_years, self.years or council.horizon_years)
        return council.model_copy(update={"horizon_years": years})

    def scenario(self, name: str, council: str) -> Scenario:
        """A scenario: a file of the experiment's own, or a shipped one."""
        own = self.home / f"{name}.toml"
        place = str(own) if own.is_file() else name
        return load_scenario(place, self.council(council), self.evidence.sources)

    def study(
        self,
        council: str,
        scenarios: Sequence[Scenario | str],
        *,
        cases: bool = True,
        demand: DemandScenario = DemandScenario.UNCERTAIN,
        fixed: Mapping[str, float] | None = None,
    ) -> Study:
        """A study of scenarios beside doing nothing, which comes first.

        Args:
            council: shipped name.
            scenarios: scenarios, or their names; doing nothing is put before them if missing.
            cases: whether children's cases are simulated; without them load acts on nobody.
            demand: how referrals move.
            fixed: quantities to take as known for certain.
        """
        found = [s if isinstance(s, Scenario) else self.scenario(s, council) for s in scenarios]
        if not found or found[0].measures:
            found.insert(0, baseline())
        self._warn(found, council)
        with faults_in_totals(locate(council, "councils")):
            study = make_study(
                self.council(council),
                self.evidence.behaviour,
                found,
                self.seed,
                RunOptions(demand=demand, casework=cases),
                fixed=fixed,
                engine=self.means.engine,
            )
        self._note(rule_notes(study))
        return study

    def compare(
        self,
        study: Study,
        pairs: int | None = None,
        *,
        gammas: Sequence[float] = (),
        gamma_pairs: int | None = None,
        demands: Sequence[DemandScenario] = (),
        demand_pairs: int = 0,
    ) -> Comparison:
        """Run a study with progress shown.

        Args:
            study: what is compared.
            pairs: pairs of runs; the experiment's where None.
            gammas: vacancy elasticities to show side by side.
            gamma_pairs: how many of the pairs are run at each; all where None.
            demands: demand scenarios to show beside the study's own.
            demand_pairs: how many of the pairs are run under each.
        """
        count = whole_draws(self.pairs if pairs is None else max(2, pairs))
        at_each = count if gamma_pairs is None else min(max(2, gamma_pairs), count)
        under_each = min(max(2, demand_pairs), count)
        conditions = asked_conditions(count, gammas, at_each, demands, under_each)
        return run_into(self.results, study, conditions, self.means, f"{self.name}: pairs")

    def _warn(self, scenarios: Sequence[Scenario], council: str) -> None:
        """Say once what falls outside the run, or else needs to be known of a scenario."""
        for scenario in scenarios:
            self._note(scenario.warnings(self.council(council)))
            self._note(scenario.cut_off(self.council(council)))

    def _note(self, texts: Sequence[str]) -> None:
        """Say each once, however many studies it is true of."""
        heard = {text.plain for text in self.said if isinstance(text, Text)}
        for text in texts:
            if f"Note: {text}\n" not in heard:
                self.say(f"Note: {text}")

    def say(self, text: str) -> None:
        """A sentence for the screen and findings.txt."""
        self.said.append(Text(text + "\n"))

    def table(self, file: str, title: str, columns: Sequence[str], rows: Sequence[Cells]) -> None:
        """A table for the screen and findings.txt, and as a CSV file.

        Args:
            file: stem of the CSV file.
            title: its heading.
            columns: heading of each column, with its unit.
            rows: cells.
        """
        table = new_table(title, *columns)
        for row in rows:
            table.add_row(*(on_screen(cell) for cell in row))
        keep_words_whole(table)
        self.said.append(table)
        self.file(file, columns, rows)

    def file(self, name: str, columns: Sequence[str], rows: Sequence[Cells]) -> None:
        """A table as a CSV file alone."""
        write_csv(self.folder / f"{name}.csv", *in_file(columns, rows))

    def chart(self, chart: Chart) -> None:
        """A chart, saved as picture and text, with a note on characters that it can't show."""
        with chart_style():
            save_chart(chart, self.folder)
            if unknown := lacking(chart.figure):
                self.say(f"{chart.name}: {lacking_note(unknown)}")


def run_experiment(
    name: str,
    pairs: int | None,
    seed: int,
    means: Means,
    out: Path | None,
    years: int | None,
    resume: bool = False,
) -> None:
    """Carry out one experiment; files are written once all of it went well.

    Args:
        name: the experiment.
        pairs: pairs of runs; the experiment's own number where None.
        seed: seed.
        means: engine, workers and cluster.
        out: folder for its files; results/<name> where None.
        years: a shorter horizon; None for the council's.
        resume: go on with runs that were broken off in its folder.

    Raises:
        InputError: there is no such experiment, or something in it is faulty.
        Interrupted: the user stopped it; finished runs are kept.
    """
    entry = find_experiment(name)
    run, usual = load_run(entry)
    target = out or Path("results") / name
    count = rounded_up(pairs or usual)
    stated = stated_of(means.engine, seed) | _stated(entry, count, years)
    try:
        with (
            staged_folder(target) as folder,
            kept_study(target, stated, resume=resume) as results,
            chart_style(),
        ):
            bench = Bench(name, count, seed, means, years, folder, entry.folder, results)
            run(bench)
            _write(bench, entry)
    except KeyboardInterrupt:
        raise Interrupted(f"stopped; what was finished is kept: {GO_ON}") from None
    finish(results, target)
    screen().print(Group(*bench.said))
    screen().print(f"Findings, tables and charts are in {target}")


def _write(bench: Bench, entry: Entry) -> None:
    path = bench.folder / "findings.txt"
    with path.open("w", encoding="utf-8", newline="\n") as file:
        console = screen(file, WIDTH)
        console.print(Text(f"{entry.name}: {entry.question}\n"))
        console.print(Group(*bench.said))
    manifest: dict[str, Any] = {
        "caseholder_version": sim.__version__,
        "engine": bench.means.engine.value,
        "seed": bench.seed,
        "engine_sha256": source_hash(),
        **_stated(entry, bench.pairs, bench.years),
    }
    text = json.dumps(manifest, indent=2, sort_keys=True) + "\n"
    (bench.folder / "manifest.json").write_text(text, encoding="utf-8", newline="\n")


def _stated(entry: Entry, pairs: int, years: int | None) -> dict[str, Any]:
    """What makes an experiment, beside the program, its engine and the seed."""
    inputs = sorted([*configs_folder().rglob("*.toml"), *entry.folder.glob("*.toml")])
    return {
        "experiment": entry.name,
        "pairs": pairs,
        "years": years,
        "inputs": {path.name: file_hash(path) for path in inputs},
        "run_sha256": file_hash(entry.folder / "run.py"),
    }
