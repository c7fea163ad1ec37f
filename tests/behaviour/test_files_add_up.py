"""What a fresh study of every shipped council and scenario writes: every sum of it, done again.

Only the files are read, as a finance officer would: no number comes from the program itself.
"""

from __future__ import annotations

import datetime as dt
import re
import signal
import sys
from collections import defaultdict
from functools import cached_property
from pathlib import Path

import pytest

from sim.cli import main
from sim.config.shipped import configs_folder
from sim.outcomes.indicators import INDICATORS, Measured
from sim.presentation.headline import MOST_COLUMNS
from sim.presentation.tables import NOTHING
from tests.printed import Printed, rows_of, tables_of, value
from tests.unit.test_cli import draw_a_blank

pytestmark = pytest.mark.slow

PAIRS, PAIRS_AT_GAMMA = 4, 2
PENNY, FINE = 0.006, 1e-9
"""What rounding to pennies, or to the files' decimals, may leave of each number that is added."""
COUNCILS = ("devon_2017", "devon_2021", "herefordshire_2017", "herefordshire_2019")
BASE = "baseline"
OWN_LINES = (
    "permanent_staff", "agency_cover", "agency_above_establishment",
    "supernumerary_newly_qualified",
)  # fmt: skip
KINDS = ("pay", "agency_cover", "agency_above_establishment", "other")
PRINTED_LINES = ("permanent staff", "agency cover", "agency above", "supernumerary staff")
MAY_BE_NEGATIVE = {"other_net_change_fte"}
MAY_PASS_ONE = {"turnover_rate_fte"}
"""A small team may lose more people in a year than it has at the end."""

Series = dict[str, float]
"""Values by date."""


def scenarios_of(council: str) -> list[str]:
    """The shipped scenarios that a council has."""
    folder, place = configs_folder() / "scenarios", council.partition("_")[0]
    every = sorted(path.stem for path in folder.glob(f"{place}_*.toml"))
    return every if council in ("devon_2021", "herefordshire_2019") else []


class Study:
    """A folder of files that the program wrote."""

    def __init__(self, folder: Path, scenarios: list[str]) -> None:
        self.folder, self.scenarios = folder, scenarios

    @cached_property
    def rows(self) -> list[dict[str, str]]:
        """summary.csv."""
        return rows_of(self.folder / "summary.csv")

    @cached_property
    def summary(self) -> dict[tuple[str, str, str], Series]:
        """Means by scenario, team and indicator."""
        found: dict[tuple[str, str, str], Series] = defaultdict(dict)
        for row in self.rows:
            if row["mean"]:
                key = (row["scenario"], row["team"], row["indicator"])
                found[key][row["date"]] = float(row["mean"])
        return found

    @cached_property
    def differences(self) -> list[dict[str, str]]:
        """differences.csv."""
        return rows_of(self.folder / "differences.csv")

    @cached_property
    def ledger(self) -> dict[tuple[str, str, str, str], dict[str, str]]:
        """ledger.csv by scenario, financial year, line and kind."""
        rows = rows_of(self.folder / "ledger.csv")
        found = {
            (row["scenario"], row["financial_year"], row["line"], row["kind"]): row for row in rows
        }
        assert len(found) == len(rows), "a row stands twice"
        return found

    @cached_property
    def years(self) -> list[str]:
        """Financial years as ledger.csv names them."""
        return list(dict.fromkeys(year for _, year, _, _ in self.ledger))

    def lines(self, scenario: str) -> list[str]:
        """Lines of a scenario's own, as ledger.csv lists them; totals apart."""
        every = dict.fromkeys(line for s, _, line, _ in self.ledger if s == scenario)
        return [line for line in every if line not in OWN_LINES and " " not in line]

    def gbp(self, scenario: str, year: str, line: str, column: str, kind: str = "all") -> float:
        """A cell of ledger.csv; 0 for a kind that the line never has."""
        row = self.ledger.get((scenario, year, line, kind))
        assert row is not None or kind != "all"
        return float(row[column]) if row is not None else 0.0

    @cached_property
    def money(self) -> dict[tuple[str, str, str, str], dict[str, str]]:
        """money.csv by scenario, line, quantity and discount rate."""
        rows = rows_of(self.folder / "money.csv")
        return {
            (row["scenario"], row["line"], row["quantity"], row["discount_rate"]): row
            for row in rows
        }

    @cached_property
    def tables(self) -> list[Printed]:
        """Tables of headline.txt."""
        return tables_of((self.folder / "headline.txt").read_text(encoding="utf-8"))

    def groups(self, start: str) -> list[tuple[list[str], Printed]]:
        """The tables whose title starts so, with the options that stand in each."""
        found = [table for table in self.tables if table.title.startswith(start)]
        firsts = range(0, len(self.scenarios), MOST_COLUMNS)
        groups = [list(self.scenarios)[first : first + MOST_COLUMNS] for first in firsts]
        return list(zip(groups, found, strict=True))

    def money_tables(self, start: str) -> list[tuple[str, Printed]]:
        """The tables whose title starts so, one for each scenario."""
        found = [table for table in self.tables if table.title.startswith(start)]
        return list(zip(self.scenarios, found, strict=True))


@pytest.fixture(scope="module", params=COUNCILS)
def study(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Every scenario of a council beside doing nothing; doing nothing alone where it has none."""
    scenarios, folder = scenarios_of(request.param), tmp_path_factory.mktemp(request.param)
    asked = ["run", request.param]
    if scenarios:
        asked = ["compare", request.param, *scenarios, "--hiring-pairs", str(PAIRS_AT_GAMMA)]
        asked += ["--demand-pairs", "0"]
    asked += ["--replications", str(PAIRS), "--out", str(folder / "out")]
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.presentation.answer.draw_charts", draw_a_blank)
        patch.setattr(sys, "argv", ["caseholder", *asked])
        with pytest.raises(SystemExit) as left:
            main()
    for number, handler in handlers.items():
        signal.signal(number, handler)
    assert left.value.code == 0
    return Study(folder / "out", scenarios)


@pytest.fixture
def compared(study: Study) -> Study:
    """A study that compares; the others have no such files."""
    if not study.scenarios:
        pytest.skip("this council has no scenario")
    return study


# summary.csv and differences.csv ----------------------------------------------------------


def test_every_rate_is_in_its_range_and_no_count_is_negative(study: Study) -> None:
    indicators = {indicator.name: indicator for indicator in INDICATORS}
    assert len(study.rows) > 5_000
    for row in study.rows:
        indicator, pairs = indicators[row["indicator"]], int(row["pairs"])
        assert 0 <= pairs <= PAIRS
        assert bool(row["mean"]) == (pairs > 0), row
        for cell in (row["mean"], row["p50"]):
            if not cell:
                continue
            assert float(cell) >= 0.0 or indicator.name in MAY_BE_NEGATIVE, row
            if indicator.unit is Measured.RATE and indicator.name not in MAY_PASS_ONE:
                assert float(cell) <= 1.0, row


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        ("establishment_fte", {"inpost_fte": 1, "vacancy_fte": 1}),
        ("vacancy_fte", {"agency_cover_fte": 1, "uncovered_vacancy_fte": 1}),
        ("agency_fte", {"agency_cover_fte": 1, "agency_above_establishment_fte": 1}),
    ],
)
def test_stocks_are_the_sums_of_their_parts(
    study: Study, whole: str, parts: dict[str, int]
) -> None:
    checked = 0
    for (scenario, team, name), series in study.summary.items():
        if name == whole:
            for date, total in series.items():
                found = sum(
                    sign * study.summary[scenario, team, part][date] for part, sign in parts.items()
                )
                assert found == pytest.approx(total, abs=FINE), (scenario, team, date)
                checked += 1
    assert checked > 100


def test_teams_sum_to_the_council(study: Study) -> None:
    fte = {i.name for i in INDICATORS if i.unit in (Measured.FTE, Measured.GBP)}
    teams = {team for _, team, _ in study.summary} - {"all"}
    checked = 0
    for (scenario, team, name), series in study.summary.items():
        if team != "all" or name not in fte:
            continue
        for date, total in series.items():
            found = sum(study.summary[scenario, one, name][date] for one in teams)
            assert found == pytest.approx(total, abs=1e-3 if name.endswith("gbp") else FINE)
            checked += 1
    assert checked > 400


def test_a_difference_is_that_of_the_two_means_or_says_of_how_many_pairs(compared: Study) -> None:
    pairs = {
        (row["scenario"], row["team"], row["indicator"], row["date"]): int(row["pairs"])
        for row in compared.rows
    }
    whole, fewer, alone = 0, 0, {"post_yield", "post_yield_social_work", "displacement_fte"}
    for row in compared.differences:
        key, own = (row["team"], row["indicator"]), row["scenario"]
        count = int(row["pairs"])
        assert bool(row["difference"]) == (count > 0), row
        if 2 * count < PAIRS:
            assert not row["probability_better"], row
        if row["indicator"] in alone:
            continue
        of = [pairs.get((s, *key, row["date"]), 0) for s in (own, BASE)]
        if count < PAIRS:
            assert count <= min(of) < PAIRS, row
            fewer += 1
            continue
        assert of == [PAIRS, PAIRS]
        means = [compared.summary[s, *key][row["date"]] for s in (own, BASE)]
        fine = 1e-3 if row["indicator"].endswith("gbp") else FINE
        assert float(row["difference"]) == pytest.approx(means[0] - means[1], abs=fine), row
        whole += 1
    assert whole > fewer > 0


def test_a_yield_is_people_gained_over_posts_open(compared: Study) -> None:
    changes = {
        (row["scenario"], row["indicator"], row["date"]): float(row["difference"])
        for row in compared.differences
        if row["team"] == "all" and row["difference"]
    }
    checked = 0
    for name, gained, funded in (
        ("post_yield", "inpost_all_roles_fte", "funded_posts_all_roles_fte"),
        ("post_yield_social_work", "inpost_fte", "funded_posts_fte"),
    ):
        for (scenario, indicator, date), found in changes.items():
            if indicator == name:
                posts = compared.summary[scenario, "all", funded][date]
                gain = changes[scenario, gained, date]
                assert found == pytest.approx(gain / posts, abs=1e-8), (scenario, date)
                checked += 1
    assert checked > 100


# Stocks and flows -------------------------------------------------------------------------

STOCKS_AND_FLOWS = {
    "inpost_fte": {
        "starters_fte": 1, "leavers_fte": -1, "other_net_change_fte": 1,
        "internal_moves_fte": 1, "internal_moves_out_fte": -1,
    },
    "open_children": {"referrals": 1, "cases_ended": -1},
    "children_on_plans": {"plans_started": 1, "plans_ended": -1},
    "children_in_care": {"care_started": 1, "care_ended": -1},
    "care_leavers": {"care_leavers_started": 1, "care_leavers_ended": -1},
}  # fmt: skip
"""What comes in (+1) and goes out (-1) in the 12 months to a date."""
BY_TEAM = {"inpost_fte"}
"""Children pass from team to team, which no file counts: they are looked at council-wide."""


@pytest.mark.parametrize("stock", STOCKS_AND_FLOWS)
def test_a_stock_is_that_of_a_year_ago_and_what_came_and_went(study: Study, stock: str) -> None:
    checked = 0
    for (scenario, team, name), series in study.summary.items():
        if name != stock or (team != "all" and stock not in BY_TEAM):
            continue
        flows = [
            (study.summary[scenario, team, flow], sign)
            for flow, sign in STOCKS_AND_FLOWS[stock].items()
        ]
        dates = list(series)
        for before, date in zip(dates, dates[12:], strict=False):
            change = sum(sign * flow[date] for flow, sign in flows)
            wanted = series[date] - series[before]
            assert change == pytest.approx(wanted, abs=FINE), (scenario, team, date)
            checked += 1
    assert checked >= 12


# ledger.csv -------------------------------------------------------------------------------


def test_the_financial_years_follow_each_other_and_parts_are_marked(study: Study) -> None:
    spans = {year: study.ledger[BASE, year, "all lines", "all"] for year in study.years}
    before = None
    for year, row in spans.items():
        first, last = (dt.date.fromisoformat(row[end]) for end in ("from", "to"))
        whole = (first.month, first.day, last.month, last.day) == (4, 1, 3, 31)
        assert year.endswith(" part") != whole, year
        assert before is None or first == before + dt.timedelta(days=1)
        before = last
    assert len(spans) >= 3


def test_every_line_is_the_sum_of_its_kinds_and_every_total_of_its_lines(study: Study) -> None:
    for (scenario, year, line, kind), row in study.ledger.items():
        if kind != "all":
            assert kind in KINDS
            assert not row["planned_gbp"], "money is planned by line"
            continue
        spent = study.gbp(scenario, year, line, "spent_gbp_mean")
        kinds = (study.gbp(scenario, year, line, "spent_gbp_mean", kind) for kind in KINDS)
        assert sum(kinds) == pytest.approx(spent, abs=5 * PENNY), row
        if row["spent_minus_planned_gbp_mean"]:
            over = spent - float(row["planned_gbp"])
            assert float(row["spent_minus_planned_gbp_mean"]) == pytest.approx(over, abs=3 * PENNY)
            assert 0.0 <= float(row["chance_underspend"]) <= 1.0
        else:
            assert line in OWN_LINES
    sums = (
        "planned_gbp", "spent_gbp_mean", "unfunded_gbp_mean", "planned_real_gbp",
        "spent_real_gbp_mean", "spent_present_gbp_mean",
    )  # fmt: skip
    for scenario in (BASE, *study.scenarios):
        own = study.lines(scenario)
        assert bool(own) == (scenario != BASE)
        for year in study.years:
            for column in sums:
                totals = {"staffing lines": OWN_LINES, "all lines": (*OWN_LINES, *own)}
                totals |= {"package lines": tuple(own)} if own else {}
                for total, lines in totals.items():
                    found = sum(study.gbp(scenario, year, line, column) for line in lines)
                    wanted = study.gbp(scenario, year, total, column)
                    near = (1 + len(lines)) * PENNY
                    assert found == pytest.approx(wanted, abs=near), (scenario, year, column)


def test_planned_money_by_source_is_all_that_is_planned(compared: Study) -> None:
    for scenario in compared.scenarios:
        for year in compared.years:
            by_source: dict[str, float] = defaultdict(float)
            for line in compared.lines(scenario):
                row = compared.ledger[scenario, year, line, "all"]
                assert row["source"] in ("reserves", "base", "grant")
                by_source[row["source"]] += float(row["planned_gbp"])
            planned = compared.gbp(scenario, year, "package lines", "planned_gbp")
            near = (1 + len(compared.lines(scenario))) * PENNY
            assert sum(by_source.values()) == pytest.approx(planned, abs=near)


def test_monthly_money_sums_to_the_ledger(study: Study) -> None:
    """The run's last, cut-off month stands in no monthly file: its year is left out."""
    checked = 0
    for (scenario, year, line, kind), row in study.ledger.items():
        if kind != "all" or line != "all lines" or not row["to"].endswith("-03-31"):
            continue
        for name, of in (
            ("staffing_budget_without_package_gbp", [("staffing lines", "planned_gbp", "all")]),
            ("staffing_spend_without_package_gbp", [("staffing lines", "spent_gbp_mean", "all")]),
            ("agency_spend_gbp", [("all lines", "spent_gbp_mean", kind) for kind in KINDS[1:3]]),
        ):
            series = study.summary[scenario, "all", name]
            months = sum(gbp for date, gbp in series.items() if row["from"] <= date <= row["to"])
            found = sum(study.gbp(scenario, year, *place) for place in of)
            assert months == pytest.approx(found, abs=3 * PENNY), (scenario, year, name)
            checked += 1
    assert checked >= 3 * 2


# money.csv --------------------------------------------------------------------------------


def test_money_agrees_with_the_ledger(compared: Study) -> None:
    for scenario in compared.scenarios:
        of_run = _found(compared, scenario, "all", "net_present_cost_gbp", "0.035")
        present = sum(_changes(compared, scenario, "spent_present_gbp_mean"))
        assert of_run == pytest.approx(present, abs=2 * len(compared.years) * PENNY)
        to = compared.money[scenario, "all", "net_cost_gbp", ""]["to"]
        opens = [compared.ledger[BASE, y, "all lines", "all"]["from"] for y in compared.years]
        begun = [year for year, first in zip(compared.years, opens, strict=True) if first <= to]
        cost = sum(_changes(compared, scenario, "spent_gbp_mean")[: len(begun)])
        near = 2 * len(begun) * PENNY
        assert _found(compared, scenario, "all", "net_cost_gbp") == pytest.approx(cost, abs=near)
        extra = sum(
            float(row["difference"])
            for row in compared.differences
            if (row["scenario"], row["team"], row["indicator"])
            == (scenario, "all", "inpost_all_roles_fte")
            and row["date"] <= to
        )
        years = _found(compared, scenario, "all", "extra_fte_years")
        assert years == pytest.approx(extra / 12, abs=1e-6)
        avoided = _found(compared, scenario, "all", "changes_of_worker_avoided")
        for name, gain in (
            ("cost_per_extra_fte_year_gbp", years),
            ("cost_per_change_avoided_gbp", avoided),
        ):
            cell = compared.money[scenario, "all", name, ""]["mean"]
            assert bool(cell) == (gain > 0.0)
            assert not cell or float(cell) == pytest.approx(cost / gain, rel=1e-4, abs=PENNY)


def test_what_staff_are_paid_is_what_their_line_spends(compared: Study) -> None:
    checked = 0
    for scenario, line, quantity, _ in compared.money:
        if quantity != "paid_to_staff_gbp":
            continue
        paid, back, anyway = (
            _found(compared, scenario, line, f"{name}_gbp")
            for name in ("paid_to_staff", "recovered", "paid_anyway")
        )
        spent = sum(compared.gbp(scenario, y, line, "spent_gbp_mean") for y in compared.years)
        near = (2 + len(compared.years)) * PENNY
        assert paid - back == pytest.approx(spent, abs=near), (scenario, line)
        assert 0.0 <= anyway <= paid + PENNY
        share = compared.money[scenario, line, "paid_anyway_share", ""]["mean"]
        assert float(share) == pytest.approx(anyway / paid, abs=1e-6)
        checked += 1
    assert checked >= 1


def _found(
    study: Study, scenario: str, line: str, quantity: str, rate: str = "", column: str = "mean"
) -> float:
    return float(study.money[scenario, line, quantity, rate][column])


def _changes(
    study: Study, scenario: str, column: str, line: str = "all lines", *kinds: str
) -> list[float]:
    """By year: a scenario's cells of the ledger less doing nothing's."""
    return [
        sum(
            sign * study.gbp(of, year, line, column, kind)
            for of, sign in ((scenario, 1), (BASE, -1))
            for kind in kinds or ("all",)
        )
        for year in study.years
    ]


# headline.txt -----------------------------------------------------------------------------


def near(printed: list[float], wanted: list[float], numbers: int = 1, unit: float = 1.0) -> bool:
    """Whether a printed row is what it should be, but for the rounding of so many numbers."""
    assert len(printed) == len(wanted)
    limit = 0.5 * unit * numbers + 1e-6
    return all(abs(p - w) <= limit for p, w in zip(printed, wanted, strict=True))


def added(*rows: list[float]) -> list[float]:
    """Rows added up column by column."""
    return [sum(column) for column in zip(*rows, strict=True)]


def less(row: list[float], other: list[float]) -> list[float]:
    """One row less another."""
    return [a - b for a, b in zip(row, other, strict=True)]


def whole_run(by_year: list[float]) -> list[float]:
    """Years in thousands, and their sum."""
    return [gbp / 1e3 for gbp in (*by_year, sum(by_year))]


def test_the_table_of_money_adds_up_and_is_the_ledgers(compared: Study) -> None:
    for scenario, table in compared.money_tables("Money, £k cash, mean"):
        voted, spent = table.row("Voted"), table.row("Spent on its lines")
        over, own = table.row("Under"), table.row("Change in the council's own")
        net, net_over = table.row("Net change: its"), table.row("Net change under")
        lines, kinds = table.parts("Spent on its lines"), table.parts("Net change: its")
        own_lines = table.parts("Change in the council's own")
        assert [len(rows) for rows in (lines, own_lines, kinds)] == [3, 4, 3]
        assert near(spent, added(*lines), 4)
        assert near(over, less(spent, voted), 3)
        assert near(own, added(*own_lines), 5)
        assert near(net, added(spent, own), 3)
        assert near(net, added(*kinds), 4)
        assert near(net_over, less(net, voted), 3)
        discounted = table.row("Net change in prices")
        for start in ("Spent on", "Under", "Net change: its"):
            low, high = table.ends(start)
            means = zip(low, table.row(start), high, strict=True)
            assert all(first <= mean <= last for first, mean, last in means)
        for row in (voted, spent, over, own, net, net_over, discounted, *lines, *own_lines, *kinds):
            assert near([row[-1]], [sum(row[:-1])], len(row))

        def package(column: str, kind: str = "all", of: str = scenario) -> list[float]:
            years = [compared.gbp(of, y, "package lines", column, kind) for y in compared.years]
            return whole_run(years)

        assert near(voted, package("planned_gbp"))
        assert near(spent, package("spent_gbp_mean"))
        assert near(over, package("spent_minus_planned_gbp_mean"))
        for row, kind in zip(lines, ("pay", "agency_cover", "other"), strict=True):
            assert near(row, package("spent_gbp_mean", kind))
        for row, line in zip(own_lines, OWN_LINES, strict=True):
            assert near(row, whole_run(_changes(compared, scenario, "spent_gbp_mean", line)))
        for row, of in zip(kinds, (KINDS[:1], KINDS[1:3], KINDS[3:]), strict=True):
            changes = _changes(compared, scenario, "spent_gbp_mean", "all lines", *of)
            assert near(row, whole_run(changes))
        assert near(discounted, whole_run(_changes(compared, scenario, "spent_present_gbp_mean")))


@pytest.mark.parametrize(
    ("title", "column"),
    [("Planned by line", "planned_gbp"), ("Under", "spent_minus_planned_gbp_mean")],
)
def test_the_tables_by_line_add_up_and_are_the_ledgers(
    compared: Study, title: str, column: str
) -> None:
    for scenario, table in compared.money_tables(title):
        *lines, (last, _) = table.rows
        assert last == "All lines"
        rows = [[value(cell) for cell in cells] for _, cells in lines]
        whole = table.row("All lines")
        assert near(whole, added(*rows), 1 + len(rows))
        for row in (*rows, whole):
            assert near([row[-1]], [sum(row[:-1])], len(row))
        for row, line in zip(rows, compared.lines(scenario), strict=True):
            found = [compared.gbp(scenario, year, line, column) for year in compared.years]
            assert near(row, whole_run(found)), (scenario, line)


def test_what_the_money_buys_adds_up_and_is_the_files(compared: Study) -> None:
    for scenarios, table in compared.groups("What the money"):
        _check_what_is_bought(compared, scenarios, table)


def _check_what_is_bought(compared: Study, scenarios: list[str], table: Printed) -> None:
    funded, (*others, is_open) = table.row("Posts funded"), table.parts("Posts funded")
    assert near(is_open, added(funded, *others), 2 + len(others), 0.1)
    extra = table.row("Extra people")
    assert any(is_open)
    for cells in (cells for label, cells in table.rows if label.startswith("People gained")):
        for people, posts, cell in zip(extra, is_open, cells, strict=True):
            if cell != NOTHING:  # told where posts are all that acts
                each = value(cell)
                assert each == pytest.approx(people / posts, abs=0.005 + 0.1 * each)
    cost, per_year = table.row("Net cost to that date"), table.row("Net cost per extra")
    years = table.row("Extra FTE-years")
    for i, scenario in enumerate(scenarios):
        for row, name in ((cost, "net_cost_gbp"), (years, "extra_fte_years")):
            found = _found(compared, scenario, "all", name)
            small = 500.0 if name == "net_cost_gbp" else 0.05
            assert row[i] == pytest.approx(found, rel=0.006, abs=small), (scenario, name)
        if years[i] > 0.0:
            cost_each = "cost_per_extra_fte_year_gbp"
            middle = _found(compared, scenario, "all", cost_each, column="p50")
            assert per_year[i] == pytest.approx(middle, rel=0.006, abs=500.0)
            net = _found(compared, scenario, "all", "net_cost_gbp")
            gain = _found(compared, scenario, "all", "extra_fte_years")
            whole = _found(compared, scenario, "all", cost_each)
            assert whole == pytest.approx(net / gain, rel=1e-4)
    for i, scenario in enumerate(scenarios):
        for rate in ("0.035", "0.015"):
            (cells,) = (cells for label, cells in table.rows if _is_discounted(label, rate))
            found = _found(compared, scenario, "all", "net_present_cost_gbp", rate)
            assert value(cells[i]) == pytest.approx(found, rel=0.006, abs=500.0)


def _is_discounted(label: str, rate: str) -> bool:
    return f"discounted at {100 * float(rate):g} %" in label


def test_people_gained_at_each_elasticity_are_extra_people_over_posts(compared: Study) -> None:
    (table,) = (table for table in compared.tables if table.title.startswith("Extra social"))
    rows = {label: [value(cell) for cell in cells] for label, cells in table.rows}
    options = [label.removesuffix(": FTE") for label in rows if label.endswith(": FTE")]
    assert len(options) == len(compared.scenarios)
    for option in options:
        extra, held = rows[f"{option}: FTE"], rows[f"{option}: social work posts open that day"]
        gained = rows.get(f"{option}: people gained per post open that day")
        assert len(extra) == len(held) == 5
        if gained is None:  # told where posts are all that acts
            continue
        for people, posts, each in zip(extra, held, gained, strict=True):
            found = people / posts if posts else 0.0
            rounded = (0.06 + 0.05 * found) / posts if posts else 0.0
            assert each == pytest.approx(found, abs=0.005 + rounded)


def test_the_effects_are_those_of_the_files(compared: Study) -> None:
    tables = [table for _, table in compared.groups(compared.tables[0].title)]
    found = re.search(r", (\d+ \w+ \d{4}):", tables[0].title)
    assert found is not None
    date = dt.datetime.strptime(found[1], "%d %B %Y").date().isoformat()
    for label, indicator, unit in (
        ("Social workers in post", "inpost_fte", 0.1),
        ("Agency staff", "agency_fte", 0.1),
        ("Vacancy rate", "vacancy_rate_fte", 0.01),
    ):
        base, changes = tables[0].row(label)[0], [x for t in tables for x in t.row(label)[1:]]
        (middle,) = (
            float(row["p50"])
            for row in compared.rows
            if (row["scenario"], row["team"], row["indicator"], row["date"])
            == (BASE, "all", indicator, date)
        )
        assert near([base], [middle], unit=unit)
        wanted = [
            float(row["p50"])
            for row in compared.differences
            if (row["team"], row["indicator"], row["date"]) == ("all", indicator, date)
        ]
        # Percentage points are printed as whole numbers.
        scale = 0.01 if unit == 0.01 else 1.0
        assert near([scale * change for change in changes], wanted, unit=unit)
