"""Luck in compiled code: the same bits as sim.inputs.fates, in arithmetic modulo 2**64.

Written again because Python's integers have no end and the machine's have: the tests hold the two
together.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engine.compiled.jit import compiled
from sim.engine.compiled.layout import World

Key = Any
"""A key of random numbers: 64 bits without a sign."""
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_TWICE_GOLDEN = np.uint64(2 * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_ONE = np.uint64(1)
_BY_30, _BY_27, _BY_31, _BY_12 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(12)
_TO_UNIT = 2.0**-52


@compiled
def mix(word: Key) -> Key:
    """SplitMix64 finaliser (sim.inputs.fates.mix)."""
    word = (word ^ (word >> _BY_30)) * _FIRST
    word = (word ^ (word >> _BY_27)) * _SECOND
    return word ^ (word >> _BY_31)


@compiled
def join(first: Key, second: Key) -> Key:
    """Key of an entity that is told apart by two keys (sim.inputs.fates.join)."""
    return mix((first + _GOLDEN) ^ mix(second + _TWICE_GOLDEN))


@compiled
def key_plus(key: Key, number: int) -> Key:
    """As in sim.engine.simpy.kernel, but that the sum starts anew beyond 64 bits."""
    return key + np.uint64(number)


@compiled
def nth_key(first: Key, number: int) -> Key:
    """Key of the n-th of many entities (sim.inputs.fates.nth_key)."""
    return first + np.uint64(number) * _GOLDEN


@compiled
def luck_at(stream: Key, index: Key) -> float:
    """The uniform number of an index in a stream (sim.inputs.fates.luck_at)."""
    word = mix(stream + (index + _ONE) * _GOLDEN)
    return (float(word >> _BY_12) + 0.5) * _TO_UNIT


@compiled
def stream(w: World, purpose: int, entity: Key) -> Key:
    """Seed of an entity's stream of luck (sim.inputs.fates.Fates.stream)."""
    return mix(w.bases[purpose] ^ entity)


@compiled
def uniform(w: World, purpose: int, entity: Key, index: Key) -> float:
    """As sim.inputs.fates.Fates.uniform."""
    return luck_at(stream(w, purpose, entity), index)
