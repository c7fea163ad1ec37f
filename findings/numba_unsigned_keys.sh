#!/usr/bin/env bash
# Numba: a key of 64 bits without sign becomes a signed number as soon as it meets a plain 1.
#
# Guess: what numpy 2 does. uint64 with a whole number of Python's stays uint64, so that a hash in
#   compiled code gives the bits that it gives in Python.
# What happens: a whole number in the source is an int64, and uint64 with int64 is int64. For keys of
#   2**63 and more, // and % then see a negative number. Where only one branch does such a sum, the
#   branches are joined as float64, and the key loses its last eleven bits. Nothing warns.
# Why here: the luck of each person and child is a hash of 64-bit keys, and both engines must draw
#   the same bits. Half of all keys are 2**63 or more.
# Source: NBEP 1 (docs/source/proposals/integer-typing.rst in numba/numba); issues numba/numba#4124
#   and #10151.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --no-compile --disable-pip-version-check numba==0.68.1 numpy==2.4.6
"$folder/venv/bin/python" - <<'END'
from importlib.metadata import version

import numpy as np
from numba import njit


def share(key):
    """A key among three, and half a key."""
    return key % 3, key // 2


def lower_if_large(key):
    """A key, changed in one branch only."""
    if key > 10:
        key = key - 3
    return key


def typed_share(key):
    """The same as share, with every number typed."""
    return key % np.uint64(3), key // np.uint64(2)


print("numba", version("numba"), "numpy", version("numpy"))
key = np.uint64(2**63 + 5)
for function in (share, lower_if_large, typed_share):
    python, compiled = function(key), njit(function)(key)
    print(f"{function.__name__}: numpy {python}, compiled {compiled}")

exact = (int(key) % 3, int(key) // 2)
assert tuple(map(int, share(key))) == exact
assert njit(share)(key) == (0, exact[1] - 2**63), "keys keep their sign"
assert njit(lower_if_large)(key) == -(2.0**63), "branches are no longer joined as float64"
assert njit(typed_share)(key) == exact
END
