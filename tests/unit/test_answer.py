"""The answer on one screen: its size, its ranges, its notes, and the budget of doing nothing."""

import csv
import dataclasses
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from sim.config.council import StaffingBudget
from sim.config.errors import InputError
from sim.config.shipped import configs_folder, load_evidence, read_council
from sim.engine.engines import Engine
from sim.experiment.budget_gap import budget_gap
from sim.experiment.compare import Comparison
from sim.experiment.executors import Means
from sim.inputs.run_options import AS_USUAL
from sim.outcomes.indicators import INDEX
from sim.presentation.answer import carry_out, write_answer
from sim.presentation.answer_numbers import change_cells, level_cells, unit_of
from sim.presentation.answer_rows import Answer, AnswerRow, answer_of
from sim.presentation.answer_screen import HEIGHT, WIDTH, answer_lines
from sim.presentation.asked import asked_study
from sim.presentation.budget_notes import budget_notes
from sim.presentation.comparison_files import write_comparison
from sim.presentation.draw_notes import draw_notes
from sim.presentation.headline import headline_text
from tests.held import tables, with_tables
from tests.unit.test_charts import made_up

MEANS = Means(Engine.COMPILED)
MORE = "Files: results/answer. Every table and note: --details."
DEVON = (
    "devon_package_48_fte", "devon_package_mostly_support", "devon_package_mostly_social_workers",
    "posts_48",
)  # fmt: skip
HEREFORDSHIRE = (
    "herefordshire_six_posts", "herefordshire_earlier_offer", "herefordshire_move_child_in_need",
    "posts_tenth",
)  # fmt: skip


@cache
def compared(council: str, *scenarios: str, pairs: int = 2) -> Comparison:
    """Scenarios run beside doing nothing, few times, with hiring, demand and overload beside."""
    study = asked_study(council, ["baseline", *scenarios], 1, MEANS, AS_USUAL)
    return carry_out(study, MEANS, pairs, 2, 2, 2)


def of(comparison: Comparison, options: int) -> Comparison:
    """The same with its first options alone, or none of them."""
    kept = slice(0, 1 + options)
    study = dataclasses.replace(comparison.study, scenarios=comparison.scenarios[kept])
    few = dataclasses.replace(
        comparison, study=study, plans=comparison.plans[kept], ledgers=comparison.ledgers[kept]
    )
    if options:
        return few
    return dataclasses.replace(few, variants=few.variants[:1], demand_variants=(), loop_off=None)


def with_options(answer: Answer, count: int) -> Answer:
    """An answer of one option as if there were several like it."""

    def more(row: AnswerRow) -> AnswerRow:
        return dataclasses.replace(row, options=row.options * count, changes=row.changes * count)

    assert answer.per_worker_year is not None
    return dataclasses.replace(
        answer,
        options=tuple(f"Option {number} of them all" for number in range(1, count + 1)),
        rows=tuple(map(more, answer.rows)),
        money=tuple(
            dataclasses.replace(
                year, voted=year.voted * count, spent=more(year.spent), net=more(year.net)
            )
            for year in answer.money
        ),
        per_worker_year=more(answer.per_worker_year),
        promises=tuple(
            dataclasses.replace(one, kept=one.kept * count, reached=more(one.reached))
            for one in answer.promises
        ),
    )


def lines_of(comparison: Comparison) -> list[str]:
    return answer_lines(answer_of(comparison), MORE)


def test_the_answer_is_one_screen_for_any_number_of_options() -> None:
    _fits("herefordshire_2019", HEREFORDSHIRE)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("council", "scenarios"), [("devon_2021", DEVON), ("Kent", ("posts_48", "posts_tenth"))]
)
def test_the_answer_is_one_screen_for_large_councils(
    council: str, scenarios: tuple[str, ...]
) -> None:
    _fits(council, scenarios)


def _fits(council: str, scenarios: tuple[str, ...]) -> None:
    whole = compared(council, *scenarios)
    for options in {0, 1, 2, 3, 4} & set(range(len(scenarios) + 1)):
        lines = lines_of(of(whole, options))
        assert len(lines) <= HEIGHT, "\n".join(lines)
        assert max(map(len, lines)) <= WIDTH, "\n".join(lines)
        text = "\n".join(lines)
        assert text.endswith(MORE)
        for scenario in whole.scenarios[1 : 1 + options]:
            assert options == 1 or scenario.label.split()[0] in text


def test_twelve_options_have_a_row_each_and_keep_to_the_width() -> None:
    one = answer_of(compared("herefordshire_2019", "herefordshire_six_posts", pairs=10))
    lines = answer_lines(with_options(one, 12), MORE)
    assert max(map(len, lines)) <= WIDTH
    for number in range(1, 13):
        rows = [line for line in lines if line.startswith(f"Option {number} of them all")]
        assert len(rows) == 2


def test_the_printed_ranges_are_those_of_the_files(tmp_path: Path) -> None:
    comparison = compared("herefordshire_2019", "herefordshire_six_posts", pairs=10)
    write_comparison(comparison, tmp_path)
    answer = answer_of(comparison)
    date, text = answer.date.isoformat(), "\n".join(lines_of(comparison))
    checked = 0
    for row in answer.rows:
        for file, runs, cells in (
            ("summary", row.nothing, level_cells(row, [row.nothing, *row.options])),
            ("differences", row.changes[0], change_cells(row)),
        ):
            found = _cell(tmp_path, file, row.name, date)
            assert runs is not None
            assert (runs.low, runs.high) == pytest.approx((found["p10"], found["p90"]), abs=1e-9)
            scale = 100.0 if unit_of(row) == "%" else 1.0
            ends = [float(end.replace("−", "-")) for end in re.findall(r"[−+]?[\d.]+", cells[0])]
            assert ends[0] == pytest.approx(scale * found["p10"], abs=0.51)
            assert ends[-1] == pytest.approx(scale * found["p90"], abs=0.51)
            assert cells[0] in text
            checked += 1
    assert checked == 2 * len(answer.rows) >= 12


def _cell(folder: Path, file: str, indicator: str, date: str) -> dict[str, float]:
    with (folder / f"{file}.csv").open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            chosen = row["scenario"] == "baseline" or file == "differences"
            if chosen and (row["team"], row["indicator"], row["date"]) == ("all", indicator, date):
                return {name: float(row[name]) for name in ("p10", "p90")}
    raise AssertionError(f"{indicator} is not in {file}.csv")


def test_the_headline_file_holds_the_answer_first_then_every_table() -> None:
    comparison = compared("herefordshire_2019", "herefordshire_six_posts", pairs=10)
    written = headline_text(comparison).splitlines()
    first = lines_of(comparison)
    assert written[: len(first) - 1] == first[:-1]
    assert any(line.startswith("1. ") for line in written)
    assert max(map(len, written)) <= WIDTH


@pytest.mark.slow
def test_the_stage_at_work_is_told_until_the_last_file(tmp_path: Path) -> None:
    comparison = compared("herefordshire_2019", "herefordshire_six_posts", pairs=10)
    told: list[str] = []
    write_answer(comparison, [], {}, tmp_path, load_evidence().sources, told.append)
    assert told[0] == "writing tables"
    charts = {path.stem for path in tmp_path.glob("*.svg")}
    assert {stage.removeprefix("writing charts: ") for stage in told} >= charts
    assert told[-1].startswith("writing charts: ")


# -- notes -----------------------------------------------------------------------------------------


def test_a_draw_that_makes_an_average_is_named_with_its_far_numbers() -> None:
    """In draw 3 of 20 hundreds of children wait, in the others none."""
    comparison = made_up(2, pairs=40)
    variant = comparison.average
    assert draw_notes(comparison) == []
    wild = [table.copy() for table in tables(variant)]
    for table in wild:
        table[variant.draws == 3, INDEX["unallocated"]] = 400.0
    changed = with_tables(variant, wild)
    (note,) = draw_notes(dataclasses.replace(comparison, variants=(changed,)))
    assert "Set of assumptions 3 alone moves averages" in note.text
    assert "children without a worker (Do nothing) from 0 to 20" in note.text
    assert "outer tenth of their range" in note.text
    assert note.short == ("Children without a worker: average 20, 0 without one set of assumptions")


def test_the_overspend_of_doing_nothing_is_the_sum_of_its_parts() -> None:
    comparison = compared("herefordshire_2019", "herefordshire_six_posts", pairs=10)
    found = budget_gap(comparison)
    parts = found.above + found.factor + found.cover + found.other
    assert parts == pytest.approx(found.variance.simulated.mean, abs=1.0)
    assert found.own_overspend is found.forecast is found.gap is None
    assert len(budget_notes(comparison)) == 3


def test_a_councils_own_budget_takes_the_place_of_the_models() -> None:
    comparison = compared("herefordshire_2019", "herefordshire_six_posts", pairs=10)
    found = budget_gap(comparison)
    budget = StaffingBudget(
        financial_year=found.variance.year, gbp=found.whole_spend - 250_000.0,
        name="Staffing budget", source="x",
    )  # fmt: skip
    council = comparison.study.council.model_copy(update={"staffing_budget": budget})
    own = dataclasses.replace(
        comparison, study=dataclasses.replace(comparison.study, council=council)
    )
    assert budget_gap(own).own_overspend == pytest.approx(250_000.0)
    first, _, last = budget_notes(own)
    assert "Against Staffing budget" in first
    assert "+£250k" in first
    assert "the file gives none" not in last


def test_whole_years_spending_is_the_budget_and_what_is_over_it() -> None:
    comparison = compared("herefordshire_2019", "herefordshire_six_posts", pairs=10)
    found = budget_gap(comparison)
    simulated = comparison.ledgers[0].spent_gbp[:, 0].sum(axis=1)
    assert found.whole_spend > float(np.mean(simulated))


OWN = """
[staffing_budget]
financial_year = "2019/20"
gbp = {gbp}
name = "Staffing budget"
source = "{source}"
"""


def test_a_council_file_may_give_its_own_budget(tmp_path: Path) -> None:
    shipped = (configs_folder() / "councils" / "herefordshire_2019.toml").read_text("utf-8")
    file, known = tmp_path / "own.toml", load_evidence().sources
    file.write_text(shipped + OWN.format(gbp=5000000, source="judgement"), "utf-8")
    budget = read_council(file, known).staffing_budget
    assert budget is not None
    assert budget.gbp == 5_000_000
    for fault in (OWN.format(gbp=0, source="judgement"), OWN.format(gbp=5, source="nowhere")):
        file.write_text(shipped + fault, "utf-8")
        with pytest.raises(InputError, match="staffing_budget"):
            read_council(file, known)
