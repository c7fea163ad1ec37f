"""The choice of an engine, and what happens where the compiled one can't be loaded."""

import pickle
from collections.abc import Iterator

import pytest

from sim.cli import main
from sim.config.errors import InputError
from sim.engine import engines
from sim.engine.engines import Engine, available, simulator
from sim.engine.simpy.engine import simulate
from sim.experiment.executors import Means
from sim.experiment.replicate import make_study
from sim.presentation.running import say_engine
from sim.scenario.scenario import baseline
from tests.helpers import devon, evidence


@pytest.fixture
def without_numba(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The compiled engine can't be imported."""
    monkeypatch.setitem(engines._MODULES, Engine.COMPILED, "sim.engine.no_such_module")
    available.cache_clear()
    say_engine.cache_clear()
    yield
    available.cache_clear()
    say_engine.cache_clear()


def test_the_simpy_model_is_an_engine() -> None:
    assert simulator(Engine.SIMPY) is simulate
    assert available(Engine.SIMPY) is Engine.SIMPY


@pytest.mark.usefixtures("without_numba")
def test_without_numba_the_simpy_model_runs_and_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert available(Engine.COMPILED) is Engine.SIMPY
    with pytest.raises(InputError, match="engine compiled: can't be loaded"):
        simulator(Engine.COMPILED)
    monkeypatch.setattr("sys.argv", ["caseholder", "trace", "devon_2021", "--days", "2"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 0
    told = capsys.readouterr().err
    assert told == "The compiled engine can't be loaded; simpy runs instead\n"


def test_an_unknown_engine_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["caseholder", "run", "devon_2021", "--engine", "steam"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    assert capsys.readouterr().err == "--engine: 'steam' is no engine. Use: compiled, simpy\n"


def test_the_engine_that_was_asked_for_is_not_mentioned(
    capsys: pytest.CaptureFixture[str],
) -> None:
    say_engine(Means(Engine.SIMPY, asked=Engine.SIMPY))
    say_engine(Means(Engine.SIMPY))
    assert capsys.readouterr().err == ""


def test_a_study_takes_its_engine_along() -> None:

    study = make_study(devon(), evidence().behaviour, (baseline(),), 1, engine=Engine.SIMPY)
    assert pickle.loads(pickle.dumps(study)).simulate is simulate
