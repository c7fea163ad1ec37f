#!/usr/bin/env bash
# SimPy: run(until=t) after a stop within a day does not always stop at t.
#
# Guess: run(until=t) leaves the clock at t, and no event of time t has happened yet. So says the
#   guide, which calls run in a loop to move a progress bar.
# What happens: the stop is put into the queue at now + (t - now). After a stop at a fraction this
#   may be one bit more than t, and the events of t happen before the stop; or one bit less.
# Why here: rates and stocks belong to months. A run that is cut at month ends must count each event
#   in its own month.
# Source: SimPy's guide on environments, docs/topical_guides/environments.rst, and run and schedule
#   in src/simpy/core.py.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check simpy==4.1.2
"$folder/venv/bin/python" - <<'END'
from importlib.metadata import version

import simpy


def run_in_two(first, last):
    """Where a run that stops on its way stops in the end, and whether the last event happened."""
    env = simpy.Environment()
    happened = []
    env.timeout(last).callbacks.append(lambda event: happened.append(env.now))
    env.run(until=first)
    env.run(until=last)
    return env.now, bool(happened)


print("simpy", version("simpy"))
for first, last in ((0.1, 0.9), (0.3, 0.9), (0.2, 0.9), (0.3, 9.0)):
    now, happened = run_in_two(first, last)
    event = "happened" if happened else "has not happened"
    print(f"stopped at {first}, then run until {last}: now {now!r}, its event {event}")

assert run_in_two(0.1, 0.9) == (0.9, False)
assert run_in_two(0.3, 0.9) == (0.9000000000000001, True), "events of t no longer come early"
assert run_in_two(0.2, 0.9) == (0.8999999999999999, False), "the clock no longer stops short"
# Whole days are safe, whatever the stop before.
assert all(run_in_two(k / 97, 57.0) == (57.0, False) for k in range(1, 5000))
END
