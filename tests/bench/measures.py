"""What is measured, each as rows of (case, SimPy model, compiled twin, ratio or mark)."""

from __future__ import annotations

import math
import os
import shlex
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sim.engine.engines import Engine, simulator
from sim.experiment.executors import Means, executor_for
from sim.experiment.replicate import Study, make_tasks, run_once
from sim.experiment.runner import in_blocks, run_blocks
from sim.inputs.draws import CENTRAL_DRAW
from sim.inputs.fates import Fates
from tests.bench.councils import study
from tests.bench.timing import Timing, by_turns, fresh_process

PEAK = """
try:
    status = open("/proc/self/status", encoding="ascii").read()
    print(int(status.split("VmHWM:")[1].split()[0]) / 1024)
except OSError:
    print("nan")
"""
"""Peak memory as Linux keeps it for the new program, unknown elsewhere; `getrusage` counts that of
the program which it came from too."""
MEMORY = """
from sim.engine.engines import Engine
from sim.experiment.replicate import run_once
from sim.inputs.fates import Fates
from tests.bench.councils import study
chosen = study(engine=Engine({engine!r}))
for run in range({runs}):
    run_once(chosen, chosen.scenarios[1], 1 + run // 2, Fates(1, run))
"""
COMMAND = """
import sys
from sim.cli import main
sys.argv = ["caseholder", *{words!r}]
try:
    main()
except SystemExit as end:
    if end.code:
        raise
"""
FIRST_RESULT = """
from sim.experiment.replicate import run_once
from sim.inputs.draws import CENTRAL_DRAW
from sim.inputs.fates import Fates
from tests.bench.councils import study
chosen = study()
run_once(chosen, chosen.scenarios[1], 1, Fates(1, 0))
"""


@dataclass(frozen=True)
class Row:
    """One row of the table.

    Attributes:
        case: what was measured.
        simpy, twin: figures of the two engines, empty where one was not measured.
        ratio: of the two, or to another row.
        mark: what it is to reach, and whether it does; empty where nothing was set.
    """

    case: str
    simpy: str = ""
    twin: str = ""
    ratio: str = ""
    mark: str = ""


def met(is_met: bool, mark: str) -> str:
    """A mark, and whether it is met."""
    return f"{mark}: {'met' if is_met else 'MISSED'}"


def _simulate(chosen: Study, engine: Engine) -> Callable[[int], int]:
    """Simulating alone: the plan reused, fates included."""
    plan, simulate = chosen.plan(chosen.scenarios[1], CENTRAL_DRAW), simulator(engine)
    return lambda run: simulate(plan, Fates(chosen.seed, run)).events


def _end_to_end(chosen: Study) -> Callable[[int], int]:
    """Plan, simulation and indicators."""

    def once(run: int) -> int:
        run_once(chosen, chosen.scenarios[1], 1 + run, Fates(chosen.seed, run))
        return 1

    return once


def _mb(peak: float) -> str:
    return "n/a" if math.isnan(peak) else f"{peak:.0f} MB"


def _memory_met(peak: float, most: float, mark: str) -> str:
    return "" if math.isnan(peak) else met(peak <= most, mark)


def _ms(timing: Timing) -> str:
    return f"{timing.median * 1e3:.0f} ms (least {timing.least * 1e3:.0f})"


def one_replication(runs: int) -> list[Row]:
    """One 5-year Devon replication, engine beside engine."""
    chosen = study()
    simpy, twin, whole_simpy, whole = by_turns(
        [
            _simulate(chosen, Engine.SIMPY),
            _simulate(chosen, Engine.COMPILED),
            _end_to_end(study(engine=Engine.SIMPY)),
            _end_to_end(chosen),
        ],
        [runs, 5 * runs, runs, 5 * runs],
    )
    ratio = simpy.median / twin.median
    return [
        Row("Simulate, plan reused, fates included", _ms(simpy), _ms(twin), f"{ratio:.0f} times",
            met(twin.median <= 0.060 and ratio >= 12, "60 ms, 12 times")),
        Row("Logical events a second", f"{simpy.events / simpy.median:,.0f}",
            f"{twin.events / twin.median:,.0f}"),
        Row("Time a logical event", f"{simpy.us_per_event:.2f} µs", f"{twin.us_per_event:.3f} µs",
            "", met(twin.us_per_event <= 0.4, "0.4 µs")),
        Row("Plan and indicators included", _ms(whole_simpy), _ms(whole),
            f"{whole_simpy.median / whole.median:.0f} times",
            met(whole_simpy.median <= 1.5, "SimPy 1.5 s")),
    ]  # fmt: skip


def sizes_and_horizons(runs: int) -> list[Row]:
    """How the time of an event grows with the council and with the horizon."""
    cases = {
        "1 year": study(years=1),
        "5 years": study(),
        "10 years": study(years=10),
        "5 years, council x4": study(factor=4),
        "5 years, council x16": study(factor=16),
        "5 years, staffing alone": study(casework=False),
    }
    found = dict(
        zip(
            cases,
            by_turns(
                [_simulate(chosen, Engine.COMPILED) for chosen in cases.values()],
                [runs] * len(cases),
            ),
            strict=True,
        )
    )
    simpy_cases = ("1 year", "5 years", "5 years, council x4", "5 years, staffing alone")
    simpy = dict(
        zip(
            simpy_cases,
            by_turns(
                [_simulate(cases[name], Engine.SIMPY) for name in simpy_cases],
                [max(1, runs // 3)] * len(simpy_cases),
            ),
            strict=True,
        )
    )
    marks = {
        "5 years, council x16": ("5 years", 2.0),
        "10 years": ("5 years", 1.2),
    }
    rows = []
    for name, timing in found.items():
        ratio = mark = ""
        if name in marks:
            base, most = marks[name]
            growth = timing.us_per_event / found[base].us_per_event
            ratio, mark = f"{growth:.2f} of {base}", met(growth < most, f"under {most}")
        slow = simpy.get(name)
        rows.append(
            Row(
                f"{name}: time, and a logical event",
                f"{slow.median * 1e3:.0f} ms, {slow.us_per_event:.2f} µs" if slow else "",
                f"{timing.median * 1e3:.0f} ms, {timing.us_per_event:.3f} µs",
                ratio,
                mark,
            )
        )
    return rows


def memory_and_start() -> list[Row]:
    """Peak memory, and time to a first result, of fresh processes."""
    peaks = {}
    for engine, runs in ((Engine.SIMPY, 1), (Engine.COMPILED, 1), (Engine.COMPILED, 100)):
        source = MEMORY.format(engine=engine.value, runs=runs) + PEAK
        peaks[engine, runs] = float(fresh_process(source, dict(os.environ))[1])
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"CASEHOLDER_CACHE": folder}
        cold, _ = fresh_process(FIRST_RESULT, environment)
        warm = min(fresh_process(FIRST_RESULT, environment)[0] for _ in range(3))
    slow, one = peaks[Engine.SIMPY, 1], peaks[Engine.COMPILED, 1]
    many = peaks[Engine.COMPILED, 100]
    return [
        Row("Peak memory, one replication", _mb(slow), _mb(one), "",
            _memory_met(slow, 300, "SimPy 300 MB")),
        Row("Peak memory, 100 replications", "", _mb(many), f"{many / one:.2f} of one",
            _memory_met(many, 400, "400 MB")),
        Row("New process to first result, nothing compiled yet", "", f"{cold:.1f} s"),
        Row("New process to first result, compiled before", "", f"{warm:.2f} s", "",
            met(warm < 2, "2 s")),
    ]  # fmt: skip


def _seconds(chosen: Study, pairs: int, workers: int) -> float:
    """Seconds that some pairs take on some workers, once these are there and warm."""
    blocks = [(chosen, block) for block in in_blocks(make_tasks(pairs))]
    with executor_for(Means(workers=workers), len(blocks)) as executor:
        list(run_blocks(blocks[: 2 * workers], executor))
        begin = time.perf_counter()
        for _ in run_blocks(blocks, executor):
            pass
        return time.perf_counter() - begin


def workers(pairs: int) -> list[Row]:
    """Two workers beside one, on pairs of two scenarios, by turns."""
    chosen = study()
    found = [(_seconds(chosen, pairs, 1), _seconds(chosen, pairs, 2)) for _ in range(3)]
    one, two = (min(column) for column in zip(*found, strict=True))
    ratio = one / two
    return [
        Row(f"{pairs} pairs of two scenarios, 1 and 2 workers", "", f"{one:.1f} s, {two:.1f} s",
            f"{ratio:.2f} times", met(ratio >= 1.7, "1.7 times")),
    ]  # fmt: skip


def _command(words: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Seconds and peak memory in MB of a command, as users start it."""
    took, peak = fresh_process(COMMAND.format(words=words) + PEAK, environment)
    return took, float(peak)


def _devon(out: str) -> list[str]:
    """The words of `make devon`, after the program's name."""
    asked = ["make", "--dry-run", "--no-print-directory", "devon", f"OUT={out}"]
    printed = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    words = shlex.split(printed.replace("\\\n", " "))
    [place] = [i for i, word in enumerate(words) if Path(word).stem == "caseholder"]
    return words[place + 1 :]


def studies() -> list[Row]:
    """Whole studies, as users start them, from the command line on 2 workers, files and charts."""
    thousand = "compare devon_2021 devon_package_48_fte --replications 1000 --hiring-pairs 0"
    two = ["--demand-pairs", "0", "--workers", "2", "--out"]
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        fresh = os.environ | {"CASEHOLDER_CACHE": f"{folder}/cache"}
        each = ["experiment", "devon_each_measure", "--pairs", "200", "--workers", "2", "--out"]
        for case, words, most in (
            ("make devon, nothing compiled yet", _devon(f"{folder}/1"), 45),
            ("make devon, compiled before", _devon(f"{folder}/2"), None),
            ("1,000 pairs of two scenarios", [*thousand.split(), *two, f"{folder}/3"], 90),
            ("experiment devon_each_measure, 200 pairs", [*each, f"{folder}/4"], 300),
        ):
            took, peak = _command(words, fresh)
            marks = [] if most is None else [met(took < most, f"{most} s")]
            marks += [_memory_met(peak, 400, "400 MB")]
            rows.append(Row(case, "", f"{took:.0f} s, {_mb(peak)}", "", "; ".join(marks)))
    return rows
