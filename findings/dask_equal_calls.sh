#!/usr/bin/env bash
# dask.distributed: equal calls are one call, and cancelling one cancels the other.
#
# Guess: get_executor gives an executor as concurrent.futures has it: five calls are five runs of the
#   function, and cancel ends one of them.
# What happens: a call's name is a hash of function and arguments, and calls of one name are one task.
#   Five draws of a random number with equal arguments are one number, five times. cancel of one
#   future cancels its equals of the same client. Another client's equal call lives on, but shares
#   the value. pure=False gives each call a task of its own.
# Why here: replications are such calls. Unless each carries its own number, a study of a hundred
#   replications on a cluster would be one replication, with an interval of width 0.
# Source: Client.submit (key, pure) in distributed/client.py, Client.get_executor, which passes pure
#   on; dask/distributed#1408 on clients that share a task.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check distributed==2026.8.0
"$folder/venv/bin/python" - <<'END'
import random
import time
from concurrent.futures import CancelledError

import distributed


def replication(luck):
    """A run that takes a moment and draws by chance."""
    time.sleep(0.5)
    return random.random()


def outcome(future):
    """What becomes of a call."""
    try:
        return "a value" if future.result(timeout=20) is not None else "nothing"
    except CancelledError:
        return "cancelled"


with (
    distributed.LocalCluster(
        n_workers=1, threads_per_worker=8, processes=False, dashboard_address=None
    ) as cluster,
    distributed.Client(cluster) as client,
    distributed.Client(cluster) as other,
):
    executor, others = client.get_executor(), other.get_executor()
    equal = {future.result() for future in [executor.submit(replication, 1) for _ in range(5)]}
    apart = client.get_executor(pure=False)
    own = {future.result() for future in [apart.submit(replication, 1) for _ in range(5)]}

    here, there = executor.submit(replication, 3), others.submit(replication, 3)
    one_value = here.result() == there.result()

    first, second = executor.submit(replication, 2), executor.submit(replication, 2)
    elsewhere = others.submit(replication, 2)
    first.cancel()
    fates = outcome(second), outcome(elsewhere)

print("distributed", distributed.__version__)
print(f"five equal calls: {len(equal)} value; with pure=False: {len(own)} values")
print("equal calls of two clients:", "one value" if one_value else "two values")
print(f"one of two equal calls cancelled: the other {fates[0]}; another client's {fates[1]}")
assert (len(equal), len(own)) == (1, 5), "equal calls are no longer one"
assert one_value, "clients no longer share a task"
assert fates == ("cancelled", "a value"), "equal calls no longer share a fate"
END
