"""Ctrl-C and orders to end: heard in the midst of compiled code, and of a write."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from sim.engine.engines import Engine, simulator
from sim.engine.stopping import Stopped, ask_to_stop, go_on
from sim.experiment.replicate import make_study
from sim.experiment.signals import endings_heard
from sim.inputs.fates import Fates
from sim.inputs.plan import Plan
from sim.inputs.run_options import AS_USUAL
from sim.scenario.scenario import baseline
from tests.helpers import devon, evidence

TOP = Path(__file__).resolve().parents[2]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
SECONDS = 2.0

LONG_RUN = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from dataclasses import replace
from sim import cli
from sim.engine.compiled import engine
from sim.inputs.fates import Fates
from tests.unit.test_endings import long_plan

def run() -> None:
    plan = long_plan()
    engine.simulate(replace(plan, horizon=1.0), Fates(1, 0))
    print("begins", flush=True)
    engine.simulate(plan, Fates(1, 0))
    print("ends", flush=True)

cli.app = lambda **_: run()
try:
    cli.main()
except KeyboardInterrupt:
    cli._leave_interrupted(Exception("stopped"))
"""


def long_plan() -> Plan:
    """A plan whose one run takes many seconds: twenty years of thirty times the referrals."""
    council = devon().model_copy(update={"horizon_years": 20})
    study = make_study(council, evidence().behaviour, (baseline(),), 1, AS_USUAL)
    plan = study.plan(study.scenarios[0], 1)
    assert plan.casework is not None
    referrals = tuple(30 * rate for rate in plan.casework.referrals_per_day)
    return replace(plan, casework=replace(plan.casework, referrals_per_day=referrals))


@pytest.fixture
def compiled_engine() -> None:
    pytest.importorskip("numba")


@POSIX
@pytest.mark.slow
@pytest.mark.usefixtures("compiled_engine")
@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_program_inside_one_long_compiled_run_ends(name: str, code: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", LONG_RUN],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", cwd=TOP,
        env=os.environ | {"PYTHONPATH": str(TOP)},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "begins\n", process.communicate()
        time.sleep(1)
        begun = time.monotonic()
        process.send_signal(getattr(signal, name))
        said, _ = process.communicate(timeout=30)
        assert (process.returncode, said) == (code, "")
        assert time.monotonic() - begun < SECONDS
    finally:
        process.kill()
        process.communicate()


@pytest.mark.usefixtures("compiled_engine")
def test_a_run_that_is_asked_to_stop_gives_nothing_and_the_next_is_as_ever() -> None:
    study = make_study(devon(), evidence().behaviour, (baseline(),), 1)
    plan, simulate = study.plan(study.scenarios[0], 1), simulator(Engine.COMPILED)
    before = simulate(plan, Fates(1, 0)).inpost_by_route
    ask_to_stop()
    try:
        with pytest.raises(Stopped):
            simulate(plan, Fates(1, 0))
    finally:
        go_on()
    assert (simulate(plan, Fates(1, 0)).inpost_by_route == before).all()


@POSIX
@pytest.mark.usefixtures("compiled_engine")
def test_a_signal_to_the_main_thread_stops_compiled_runs_of_others() -> None:
    study = make_study(devon(), evidence().behaviour, (baseline(),), 1)
    plan, simulate = study.plan(study.scenarios[0], 1), simulator(Engine.COMPILED)
    stopped = threading.Event()

    def run_on() -> None:
        try:
            while True:
                simulate(plan, Fates(1, 0))
        except Stopped:
            stopped.set()

    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        with endings_heard():
            threading.Thread(target=run_on, daemon=True).start()
            time.sleep(0.1)
            assert not stopped.is_set()
            signal.raise_signal(signal.SIGTERM)
            assert stopped.wait(30)
    finally:
        signal.signal(signal.SIGTERM, before)
