#!/usr/bin/env bash
# SimPy: the type of one delay becomes the type of the clock.
#
# Guess: the clock is a float, whatever kind of number a delay is; a shorter type can lose digits of
#   that one delay.
# What happens: the clock is now + delay and nothing else. One float32 delay makes the clock a
#   float32, and it stays one for the process that goes on from there: a delay of 0 can move the
#   clock back, and short delays after it vanish. Whole-number delays of int16 overflow within a
#   clock that began as SimPy's own whole 0.
# Why here: plans come out of numpy arrays, a run lasts thousands of days, and the compiled engine,
#   whose clock is a double, must agree with SimPy's to the last bit.
# Source: Environment.schedule and Timeout in SimPy's src/simpy/core.py and src/simpy/events.py; the
#   guide on environments says only that time is a number.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check simpy==4.1.2 numpy==2.2.6
"$folder/venv/bin/python" - <<'END'
import warnings
from importlib.metadata import version

import numpy as np
import simpy


def clock_after(delays, start=0):
    """The clock after each delay of one process."""
    env = simpy.Environment(start)
    seen = []

    def process():
        for delay in delays:
            yield env.timeout(delay)
            seen.append(env.now)

    env.process(process())
    env.run()
    return seen


print("simpy", version("simpy"), "numpy", version("numpy"))
back = clock_after([1000.3, np.float32(0.0), 0.00001, 0.00001], start=0.0)
print("delays 1000.3, float32 0, 0.00001, 0.00001:", [float(now) for now in back])
assert back[0] == 1000.3
print("type of the clock at the end:", type(back[-1]).__name__)
assert type(back[-1]) is np.float32, "the clock keeps its own type"
assert float(back[1]) < back[0], "the clock no longer runs back"
assert back[3] == back[1], "short delays no longer vanish"

with warnings.catch_warnings(record=True) as warned:
    warnings.simplefilter("always")
    whole = clock_after(np.array([20_000, 20_000], dtype=np.int16))
print("int16 delays 20000, 20000 from SimPy's whole 0:", whole, f"({len(warned)} warning)")
assert whole == [20_000, -25_536], "int16 delays no longer overflow"
assert clock_after(np.array([20_000, 20_000], dtype=np.int16), start=0.0) == [20_000, 40_000]
END
