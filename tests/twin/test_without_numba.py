"""Every plan runs with SimPy where Numba can't be had, and gives the same facts and events."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from sim.engine.simpy.engine import simulate
from sim.inputs.fates import Fates
from tests.helpers import Trace
from tests.twin.difference import first_difference, first_difference_of_traces
from tests.twin.plans import FAST, choice_at, plan_of

MONTHS = 2
RUN = """
import pickle
import sys

REFUSED = ("numba", "llvmlite")


class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in REFUSED:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


sys.meta_path.insert(0, Refuse())

from sim.engine.engines import Engine, available
from sim.engine.simpy.engine import simulate
from sim.inputs.fates import Fates
from tests.helpers import Trace
from tests.twin.plans import choice_at, plan_of

assert available(Engine.COMPILED) is Engine.SIMPY, "the compiled engine was found"
told = []
for number in range(int(sys.argv[1])):
    trace = Trace()
    records = simulate(plan_of(choice_at(number, int(sys.argv[2]))), Fates(number, 3), trace)
    told.append((records, trace.events))
assert not [name for name in sys.modules if name.split(".")[0] in REFUSED]
sys.stdout.buffer.write(pickle.dumps(told))
"""


@pytest.mark.slow
def test_every_plan_runs_without_numba_and_gives_the_same(root: Path) -> None:
    command = [sys.executable, "-c", RUN, str(FAST), str(MONTHS)]
    done = subprocess.run(command, cwd=root, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    told = pickle.loads(done.stdout)
    assert len(told) == FAST
    for number, (records, events) in enumerate(told):
        trace = Trace()
        expected = simulate(plan_of(choice_at(number, MONTHS)), Fates(number, 3), trace)
        assert first_difference(expected, records) is None
        assert first_difference_of_traces(trace.events, events) is None
        assert len(events) > 100
