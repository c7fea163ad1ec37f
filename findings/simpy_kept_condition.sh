#!/usr/bin/env bash
# SimPy: "both" that was waited for with a time limit never comes after the limit.
#
# Guess: `both = a & b` is an event. When `yield both | env.timeout(3)` ends by the limit, one waits
#   again, and both comes when a and b have come.
# What happens: the condition that ends takes its checks off all that it was made of, and off what
#   these are made of in turn. `both` no longer hears of a and b and never comes, though both come.
#   The same wait without `&`, or with a new `a & b` after each limit, works.
# Why here: somebody starts when the checks are done and the leaver has gone. As one kept condition,
#   looked at again at each month's end, that start would never come: a post that stays empty.
# Source: Condition._build_value and _remove_check_callbacks in SimPy's src/simpy/events.py, of which
#   the second goes into conditions within; docs/topical_guides/events.rst says nothing of it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check simpy==4.1.2
"$folder/venv/bin/python" - <<'END'
from importlib.metadata import version

import simpy


def days_looked_at(kept):
    """The days on which a process looks whether both have come, and whether it sees them come."""
    env = simpy.Environment()
    left, checked = env.timeout(4), env.timeout(5)
    both = left & checked
    days = []

    def start():
        condition = both
        while not condition.triggered and env.now < 30:
            condition = both if kept else left & checked
            yield condition | env.timeout(3)
            days.append(env.now)
        return condition.triggered

    return env.run(until=env.process(start())), days


print("simpy", version("simpy"))
print("events on days 4 and 5; waited for with a limit of 3 days, again and again")
for kept in (False, True):
    came, days = days_looked_at(kept)
    print("kept condition:" if kept else "new condition: ", "comes" if came else "never comes", days)
assert days_looked_at(kept=False) == (True, [3, 5])
assert days_looked_at(kept=True) == (False, [3, 6, 9, 12, 15, 18, 21, 24, 27, 30])
END
