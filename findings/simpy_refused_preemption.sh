#!/usr/bin/env bash
# SimPy: a pre-emption that raises an error takes a slot away for good.
#
# Guess: a request that raises an error has changed nothing.
# What happens: SimPy takes the slot from the holder, then interrupts the holder. Where that is
#   refused (a process may not interrupt itself: it asked twice, the second time more urgently),
#   the holder has lost the slot without being told, and the request that raised stays in the queue.
#   It is given the next free slot, and nobody holds it, so that nobody can release it.
# Why here: with a team as such a resource, a worker who takes an urgent case beside one in hand would
#   ask twice, and the team would lose her place for the rest of the run.
# Source: PreemptiveResource._do_put in SimPy's src/simpy/resources/resource.py, Put in
#   src/simpy/resources/base.py, Interruption in src/simpy/events.py.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check simpy==4.1.2
"$folder/venv/bin/python" - <<'END'
from importlib.metadata import version

import simpy

env = simpy.Environment()
desk = simpy.PreemptiveResource(env, capacity=1)
seen = {}


def worker():
    with desk.request(priority=2) as first:
        yield first
        try:
            desk.request(priority=1)
        except RuntimeError as error:
            seen["error"] = str(error)
        seen["holders while she works"] = desk.count
        yield env.timeout(5)


def colleague():
    yield env.timeout(6)
    with desk.request(priority=2) as request:
        got = yield request | env.timeout(1000)
        seen["colleague is served"] = request in got


env.process(worker())
env.process(colleague())
env.run()
seen["holders when all have left"] = desk.count

print("simpy", version("simpy"))
for what, value in seen.items():
    print(f"{what}: {value}")
assert "interrupt itself" in seen["error"]
assert seen["holders while she works"] == 0, "the holder keeps the slot"
assert seen["colleague is served"] is False, "the slot is free again"
assert seen["holders when all have left"] == 1, "no slot is lost"
END
