#!/usr/bin/env bash
# SimPy: who waits behind a withdrawn request to a Container is not served.
#
# Guess: when the first in the queue gives up, the next in the queue, for whom there is enough, is
#   served at once. The guide asks only that a request that is given up be cancelled.
# What happens: cancel takes the request out of the queue and looks at nobody else. The next is
#   served only when somebody happens to put or get something, or never.
# Why here: people give up waiting all the time (candidates, posts that close). A pool of starters or
#   of hours as a Container would leave people idle beside work, without an error.
# Source: cancel in SimPy's src/simpy/resources/base.py; "Resources and interrupts" in
#   docs/topical_guides/resources.rst.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check simpy==4.1.2
"$folder/venv/bin/python" - <<'END'
from importlib.metadata import version

import simpy


def day_served(something_else_happens):
    """When two units are served out of three, behind a request for five that gives up on day 2."""
    env = simpy.Environment()
    hours = simpy.Container(env, capacity=10, init=3)
    served = []

    def impatient():
        with hours.get(5) as request:
            yield request | env.timeout(2)

    def modest():
        yield env.timeout(1)
        yield hours.get(2)
        served.append(env.now)

    def passer_by():
        yield env.timeout(7)
        if something_else_happens:
            yield hours.put(1)

    for process in (impatient, modest, passer_by):
        env.process(process())
    env.run()
    return served


print("simpy", version("simpy"))
alone, helped = day_served(False), day_served(True)
print("given up on day 2; two of three units served on day:", alone or "never")
print("the same, and somebody puts one more on day 7:", helped)
assert alone == [], "the next in the queue is served"
assert helped == [7], "the next in the queue is served before"
END
