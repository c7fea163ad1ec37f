"""Files of councils made from the published tables: whole, true to the tables, or refused."""

import dataclasses
import math
import sys
from pathlib import Path

import pytest

from sim.cli import main
from sim.config.council import Council
from sim.config.england import England, load_england
from sim.config.errors import InputError
from sim.config.load import parse
from sim.config.quantity import Quantity
from sim.config.shipped import check_sources
from sim.config.sources import Mark
from sim.inputs.agency_levels import published_agency
from sim.inputs.checks import check_council_fits
from sim.inputs.draws import quantities
from sim.inputs.position import start_position
from sim.inputs.referral_walk import Walk, walked_ratios
from sim.published.council_file.called import council_called
from sim.published.council_file.fit import gaps
from sim.published.council_file.known import Everybody
from sim.published.council_file.make import MadeFile, make_file
from sim.published.fitted import fitted, hindsight
from sim.published.lookup import find_council
from sim.published.record import Record, load_record
from tests.helpers import evidence
from tests.published.invented import council, editions, england

TOO_SMALL = {"City of London", "Isles of Scilly"}
WITHOUT_ROW = {"Herefordshire, County of"}
WITHOUT_PAIRS = {"Waltham Forest"}
"""It printed no vacancies in 2019 and 2020: nothing to cover, so no pair of either year."""
PUBLISHED_TOTALS = {
    "inpost_fte": "inpost_fte",
    "vacancy_fte": "vacancy_fte",
    "agency_cover_fte": "agency_cover_fte",
    "case_holders_fte": "case_holders_fte",
}


@pytest.fixture(scope="module")
def defaults() -> England:
    return load_england(evidence().sources)


@pytest.fixture(scope="module")
def everybody(defaults: England) -> Everybody:
    return Everybody(load_record(), 2021, defaults)


@pytest.fixture(scope="module")
def files(everybody: Everybody) -> dict[str, MadeFile]:
    """Every council of 2021 that can be made, without any national figure in place of its own."""
    found = {}
    for each in everybody.councils:
        try:
            found[each.name] = make_file(everybody, each)
        except InputError:
            assert each.name in TOO_SMALL | WITHOUT_ROW
    return found


def read(made: MadeFile) -> Council:
    path = Path(f"{made.council.name}.toml")
    found = parse(Council, made.data, path)
    check_sources(found, evidence().sources, path)
    return found


@pytest.fixture(scope="module")
def councils(files: dict[str, MadeFile]) -> dict[str, Council]:
    return {name: read(made) for name, made in files.items()}


def test_every_council_of_2021_but_the_smallest_is_made_whole(files: dict[str, MadeFile]) -> None:
    assert len(files) == 147


def test_every_file_is_a_council_that_runs_can_begin_with(councils: dict[str, Council]) -> None:
    # The plans of all take ten seconds: here a tenth of them and those that are odd.
    odd = {"Rutland", "Kent", "Hackney", "Portsmouth", "Kensington and Chelsea"}
    odd |= {name for name in councils if "/" in name}
    for name in sorted(odd | set(sorted(councils)[::12])):
        check_council_fits(councils[name], evidence().behaviour)


def test_totals_are_those_of_the_published_row(
    everybody: Everybody, councils: dict[str, Council]
) -> None:
    for each in everybody.councils:
        if each.name not in councils:
            continue
        totals = councils[each.name].totals
        for name, column in PUBLISHED_TOTALS.items():
            value = everybody.record.figure(each, column, 2021).value
            if value is not None:
                assert getattr(totals, name) == value, (each.name, name)


def test_posts_of_day_0_are_those_in_post_and_the_vacancies(councils: dict[str, Council]) -> None:
    for name in sorted(councils)[::10]:
        position, totals = start_position(councils[name]), councils[name].totals.central
        assert position.establishment_fte == pytest.approx(totals.inpost_fte + totals.vacancy_fte)
        filled = math.fsum(post.fte for post in position.filled)
        assert filled == pytest.approx(totals.inpost_fte)


def test_children_add_up_to_those_open(everybody: Everybody, councils: dict[str, Council]) -> None:
    for each in everybody.councils:
        casework = councils[each.name].casework if each.name in councils else None
        open_now = everybody.record.figure(each, "At31_episodes", 2021).value
        if casework is None or open_now is None:
            continue
        stocks = casework.stocks
        plans = everybody.record.figure(each, "CPP_At31", 2021).value
        assert plans is None or stocks.children_on_plans == plans
        together = stocks.children_on_plans + stocks.children_in_care
        assert together + stocks.other_children_in_need == pytest.approx(open_now, abs=1)


def test_each_number_has_a_mark_and_a_source(councils: dict[str, Council]) -> None:
    for found in councils.values():
        made = found.made
        assert made is not None
        assert made.published["totals.inpost_fte"] == found.totals.central.inpost_fte
        assert "staffing.leaving_rate" in made.fitted
        assert "money.unit_cost.social_worker" in made.national
        marked = [set(made.of(mark)) for mark in Mark]
        assert sum(map(len, marked)) == len(set().union(*marked))


def test_the_smallest_council_has_only_teams_with_people(councils: dict[str, Council]) -> None:
    teams = [len(each.teams) for each in councils.values()]
    assert sorted(teams)[:2] == [3, 5]
    rutland = councils["Rutland"]
    assert [team.key for team in rutland.teams] == [
        "front_door_assessment", "child_protection_court", "children_in_care",
    ]  # fmt: skip
    assert sum(team.work_share for team in rutland.teams) == pytest.approx(1)


def test_a_level_lies_between_the_councils_own_and_englands(councils: dict[str, Council]) -> None:
    kent = councils["Kent"].staffing.leaving_rate
    # Kent's last three years: 9.6, 9.0 and 14.6 %; England's medians 14.9, 14.0 and 15.5 %.
    assert 0.108 < kent.central < 0.148
    assert kent.low < kent.central < kent.high


def test_levels_and_sizes_are_those_fitted_to_the_record(
    everybody: Everybody, councils: dict[str, Council]
) -> None:
    kent = councils["Kent"]
    of_record = fitted(
        everybody.record,
        find_council(everybody.record, "Kent", 2021),
        kent.totals.central.inpost_fte,
    )
    for key, quantity in of_record.staffing.items():
        assert getattr(kent.staffing, key) == quantity.model_copy(update={"note": ""})
    assert of_record.evidence
    assert {key: kent.evidence[key] for key in of_record.evidence} == of_record.evidence
    made = kent.made
    assert made is not None
    # One size for every council of the year: none of them is Kent's own.
    assert {f"evidence.{key}" for key in of_record.evidence} <= set(made.national)


def test_a_council_goes_on_from_2017_with_hindsight(defaults: England) -> None:
    every = Everybody(load_record(), 2017, defaults)
    kent = read(make_file(every, find_council(every.record, "Kent", 2017)))
    check_council_fits(kent, evidence().behaviour)
    known = quantities(evidence().behaviour, kent)
    assert {"council.staffing.leaving_rate", "between_years.exits"} <= set(hindsight(2017, known))
    assert not list(gaps(kent, defaults))


def test_referrals_go_on_from_the_last_years_of_them(councils: dict[str, Council]) -> None:
    def years(name: str) -> list[str]:
        casework = councils[name].casework
        assert casework is not None
        return list(casework.demand.published)

    assert years("Kent") == ["2018/19", "2019/20", "2020/21"]
    assert years("Hackney") == ["2017/18", "2018/19", "2019/20"]  # 2021 is not published
    for each in councils.values():
        demand = each.casework.demand if each.casework else None
        assert demand is not None
        # The walk starts at the level: half the last year, half the mean of the years.
        walk = Walk(1, 1, 0.0, 0.0)
        (start,) = walked_ratios(demand, walk, ["2021/22"]).values()
        assert start == pytest.approx(1.0, abs=0.001 + 1 / demand.referrals_per_year.central)


def test_years_of_referrals_are_marked_as_published(councils: dict[str, Council]) -> None:
    made = councils["Kent"].made
    assert made is not None
    assert made.published["casework.demand.published.2020/21"] == 18942
    assert "casework.demand.back_to_2019.over_years" not in made.published


@pytest.mark.slow
def test_each_council_has_agency_pairs_of_its_own_and_of_others(
    everybody: Everybody, councils: dict[str, Council]
) -> None:
    alone = {
        name for name, each in councils.items()
        if published_agency(each, everybody.record).falls_back
    }  # fmt: skip
    assert alone == WITHOUT_PAIRS


def test_figures_of_an_earlier_year_stand_in_for_hidden_ones(
    everybody: Everybody, councils: dict[str, Council]
) -> None:
    kensington = find_council(everybody.record, "Kensington and Chelsea", 2021)
    printed = everybody.record.figure(kensington, "agency_cover_fte", 2020).value
    cover = councils[kensington.name].totals.agency_cover_fte
    assert isinstance(cover, Quantity)
    assert printed is not None
    assert cover.low < cover.central == printed < cover.high
    hackney = councils["Hackney"].casework
    assert hackney is not None
    of_2020 = everybody.record.figure(find_council(everybody.record, "204", 2021), "CPP_At31", 2020)
    assert hackney.stocks.children_on_plans == of_2020.value


def test_hidden_plans_are_one_sum(councils: dict[str, Council]) -> None:
    hidden = [
        c.year_before for c in councils.values() if c.year_before and c.year_before.hidden_lengths
    ]
    assert len(hidden) == 61
    for before in hidden:
        assert len(before.hidden_lengths) == 2
        assert before.plans_of_hidden_lengths is not None
        assert set(before.hidden_lengths).isdisjoint(before.plans_by_length)


# Refusals ---------------------------------------------------------------------------------

SEPTEMBER = {
    "inpost_fte": "100", "starters_fte": "20", "leavers_fte": "15", "agency_fte": "10",
    "agency_cover_fte": "5", "vacancy_fte": "12", "case_holders_fte": "70", "cases": "1000",
}  # fmt: skip
MARCH = {
    "Anypoint_episodes": "1500", "Started_episodes": "700", "Ended_episodes": "650",
    "At31_episodes": "850", "awaiting_assessment": "10",
}  # fmt: skip
REFERRALS = {
    "referral_count": "1000", "rereferral_count": "200", "no_further_action_count": "50",
    "not_in_need_count": "300",
}  # fmt: skip
PLANS = {
    "CPP_At31": "120", "3_months_or_less": "40", "more_than_3_months_6_months": "30",
    "more_than_6_months_less_than_1_year": "30", "1_year_less_than_2_years": "15",
    "2_years_or_more": "5",
}  # fmt: skip
STARTED = {"CPP_start": "150", "CPP_subsequent": "30"}


def a_record(**changed: str) -> Record:
    """Three councils; what is changed is Smallbrook's, in both years."""
    found = []
    for cells in (SEPTEMBER, MARCH, REFERRALS, PLANS, STARTED):
        lines = [england(year, **cells) for year in (2020, 2021)]
        for year in (2020, 2021):
            own = {key: changed.get(key, value) for key, value in cells.items()}
            lines.append(council(year, **own))
            lines.append(council(year, code="898", name="Otherford", long_code="E1", **cells))
            more = {k: str(int(v) + 2) if k != "CPP_At31" else v for k, v in cells.items()}
            more |= {"CPP_At31": "130"} if "CPP_At31" in cells else {}
            lines.append(council(year, code="897", name="Thirdham", long_code="E2", **more))
        found += editions(*lines, release=2021)
    return Record(found, 2021)


def make(
    record: Record, defaults: England, fill: bool = False, name: str = "Smallbrook"
) -> Council:
    found = find_council(record, name, 2021)
    return read(make_file(Everybody(record, 2021, defaults), found, fill))


def test_a_hidden_cell_is_named_with_its_reason(defaults: England) -> None:
    with pytest.raises(InputError) as refused:
        make(a_record(agency_fte="x", vacancy_fte="u"), defaults)
    line = refused.value.line()
    assert "agency staff (agency_fte: not available)" in line
    assert "vacancies (vacancy_fte: not reliable enough to be printed)" in line
    assert "--fill national" in line


def test_national_figures_stand_in_only_when_asked(defaults: England) -> None:
    found = make(a_record(vacancy_fte="x"), defaults, fill=True)
    vacancies = found.totals.vacancy_fte
    assert isinstance(vacancies, Quantity)
    # As the other two councils of that size, 12 and 14 for 100 and 102 in post.
    assert 12.0 <= vacancies.low <= vacancies.central <= vacancies.high <= 13.8
    assert found.made is not None
    assert "totals.vacancy_fte" in found.made.national


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Isles of Scilly", "0 FTE in post are under 11, too few"),
        ("City of London", "10 FTE in post are under 11, too few"),
        ("Herefordshire", "Use --year 2019"),
    ],
)
def test_a_council_that_cant_be_made_says_why(name: str, words: str, everybody: Everybody) -> None:
    with pytest.raises(InputError, match=words):
        make_file(everybody, find_council(everybody.record, name, 2021), fill=True)


def test_children_in_care_are_published_where_the_tables_have_them(defaults: England) -> None:
    care = {"population_type": "31 March", "children_count": "300", "rate_per_10000": "60",
            "population_estimate": "50000"}  # fmt: skip
    record = a_record()
    lines = [england(2021, **care), council(2021, **care)]
    found = make(Record([*record.editions, *editions(*lines, release=2021)], 2021), defaults)
    assert found.casework is not None
    assert found.casework.stocks.children_in_care == 300
    assert found.made is not None
    assert found.made.published["casework.stocks.children_in_care"] == 300
    other = make(record, defaults)
    assert other.made is not None
    assert "casework.stocks.children_in_care" in other.made.national


# Commands ---------------------------------------------------------------------------------


def command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *given: str
) -> str:
    """What a command prints, or its one line of error."""
    monkeypatch.setattr(sys, "argv", ["caseholder", *given])
    with pytest.raises(SystemExit) as left:
        main()
    said = capsys.readouterr()
    assert left.value.code == (2 if said.err else 0)
    return said.err or said.out


def test_new_writes_a_file_that_check_accepts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "rutland.toml")
    said = command(monkeypatch, capsys, "council", "new", "Rutland", "--out", file)
    assert "council Rutland on 2021-10-01: no mistake in how it is written" in said
    assert "council Rutland" in command(monkeypatch, capsys, "check", file)
    again = command(monkeypatch, capsys, "council", "new", "Rutland", "--out", file)
    assert "is there already" in again


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("Kemt", "--out", "k.toml"), "Nearest: Kent. See all with"),
        (("Kent", "--out", "kent"), "is no .toml file"),
        (("Kent", "--out", "k.toml", "--fill", "all"), "Use: national"),
        (("Kent", "--out", "k.toml", "--year", "2030"), "no workforce table has that year"),
        (("Isles of Scilly", "--out", "k.toml"), "too few for yearly rates"),
    ],
)
def test_new_refuses_in_one_line(
    given: tuple[str, ...],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    said = command(monkeypatch, capsys, "council", "new", *given)
    assert words in said
    assert said.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_council_is_called_by_file_shipped_name_or_name() -> None:
    sources = evidence().sources
    assert council_called("devon_2021", sources).made is None
    kent = council_called("kent", sources)
    assert kent.council.name == "Kent"
    assert kent.inputs[0]["file"] == "Kent 2021 (made from published tables)"
    assert council_called("886", sources).council == kent.council
    assert council_called("Herefordshire", sources).council.start_date.year == 2019
    with pytest.raises(InputError, match=r"no council of England\. Nearest: Kent"):
        council_called("Kemt", sources)


# Scenarios that fit any council -----------------------------------------------------------


def test_posts_of_a_tenth_are_a_tenth_and_follow_the_teams() -> None:
    from sim.scenario.scenario import load_scenario

    kent = council_called("Kent", evidence().sources).council
    tenth = load_scenario("posts_tenth", kent, evidence().sources)
    totals = kent.totals.central
    assert tenth.funded_fte == pytest.approx((totals.inpost_fte + totals.vacancy_fte) / 10, abs=0.5)
    assert tenth.measures[0].start == kent.start_date
    placed = dict.fromkeys((t.key for t in kent.teams), 0.0)
    placed |= {post.team: post.fte for post in tenth.measures[0].effects({}).posts}
    for team in kent.teams:
        assert placed[team.key] == pytest.approx(team.work_share * tenth.funded_fte, abs=0.5)
    assert load_scenario("posts_48", kent, evidence().sources).funded_fte == 48


@pytest.mark.parametrize(
    ("posts", "words"),
    [
        ('{ team = "all", role = "social_worker", fte = 0.0 }', "can't be divided among teams"),
        ('{ team = "all", role = "social_worker", fte = "4" }', "can't be divided among teams"),
        (
            '{ team = "all", role = "social_worker", fte = 4.0, share_of_establishment = 0.1 }',
            "both fte and share_of_establishment",
        ),
        ('{ team = "all", role = "social_worker", share_of_establishment = 2 }', "is no share"),
    ],
)
def test_posts_that_cant_be_placed_are_refused(posts: str, words: str, tmp_path: Path) -> None:
    from sim.scenario.scenario import parse_scenario

    file = tmp_path / "mine.toml"
    file.write_text(
        'name = "Mine"\n[[measures]]\nkind = "extra_posts"\nkey = "a"\nname = "A"\n'
        f'start = "day 0"\nposts = [{posts}]\n',
        encoding="utf-8",
    )
    devon = council_called("devon_2021", evidence().sources).council
    with pytest.raises(InputError, match=words):
        parse_scenario(file, devon)
    with pytest.raises(InputError, match="needs a council"):
        parse_scenario(file)


def test_own_sources_stand_beside_a_councils_file(tmp_path: Path) -> None:
    sources = evidence().sources
    text = make_text("Kent").replace(
        'source = "csww"\n\n[staffing]', 'source = "mine"\n\n[staffing]'
    )
    file = tmp_path / "kent.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"source .mine. is not in sources\.toml"):
        council_called(str(file), sources)
    file.write_text(f'sources = "mine.toml"\n{text}', encoding="utf-8")
    with pytest.raises(InputError, match=r"mine\.toml"):
        council_called(str(file), sources)
    (tmp_path / "mine.toml").write_text('[mine]\ntitle = "Our own count"\n', encoding="utf-8")
    called = council_called(str(file), sources)
    assert called.council.totals.source == "mine"
    assert "mine" in called.sources
    assert [item["file"] for item in called.inputs] == ["kent.toml", "mine.toml"]
    (tmp_path / "mine.toml").write_text('[csww]\ntitle = "Ours"\n', encoding="utf-8")
    with pytest.raises(InputError, match="csww: is the key of a shipped source"):
        council_called(str(file), sources)


def make_text(name: str) -> str:
    made = council_called(name, evidence().sources).made
    assert made is not None
    return made.text


def test_the_file_says_what_it_was_made_of(files: dict[str, MadeFile]) -> None:
    made = files["Kent"]
    assert "release of 2025" in made.text
    assert "middle of councils with over 200 FTE in post" in made.text
    assert dataclasses.replace(made, text=made.text).data["made"]["code"] == "886"
