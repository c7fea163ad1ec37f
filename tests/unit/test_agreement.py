"""`check` and `compare` agree on every scenario file: what the one accepts, the other does."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.config.errors import InputError
from sim.engine.engines import Engine
from sim.experiment.executors import Means
from sim.inputs.checks import check_council_fits
from sim.presentation.answer import Question, prepare
from sim.scenario.check import check_config

HEREFORDSHIRE = "herefordshire_2019"
NAME = 'name = "Mine"\ncouncil = "herefordshire_2019"\n'
MOVE = """
[[measures]]
kind = "move_stage"
key = "move"
name = "Care leavers to assessment"
start = 2020-01-01
stage = "care_leaver"
shares = { assessment = 1.0 }
"""


def refusal(file: Path, command: str) -> str:
    """What a command says against a file; empty where it accepts it."""
    try:
        if command == "check":
            check_config(str(file), None, check_council_fits)
        else:
            means = Means(Engine.SIMPY)
            prepare(Question(HEREFORDSHIRE, (str(file),), 2, 0, 1, means, None))
    except InputError as error:
        return error.line()
    return ""


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("mine.toml", NAME, ""),
        ("S.TOML", NAME, ""),
        ("mine.Toml", NAME + MOVE, "team 'assessment' has nobody who may hold care_leaver"),
        ("baseline.toml", NAME, "is the second scenario called baseline"),
        ("mine.toml", NAME + 'short_name = "Do nothing"\n', "is also how baseline is called"),
        ("mine.toml", NAME.replace("Mine", "Do nothing"), "is also how baseline is called"),
        ("mine.txt", NAME, ""),
        ("mine", NAME, ""),
        ("mine.toml", NAME + MOVE.replace('"care_leaver"', '"nowhere"'), "'nowhere'"),
        ("mine.toml", 'extends = "herefordshire_six_posts"\nname = "More"\n', ""),
        ("mine.toml", 'council = "herefordshire_2019"\nmeasures = []\n', "name: is missing"),
    ],
)
def test_check_and_compare_agree(tmp_path: Path, name: str, text: str, said: str) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    for command in ("check", "compare"):
        line = refusal(file, command)
        assert said in line
        assert bool(line) == bool(said), (command, line)
