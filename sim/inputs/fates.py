"""Luck, keyed by entity: the same person, post or candidate has the same luck in every scenario.

A fate is a uniform number from a counter-based hash of (seed, replication, purpose, entity, index),
so it never depends on the order of events. The mixer is the finaliser of SplitMix64 (Steele, Lea
and Flood 2014, doi 10.1145/2714064.2660195), applied once per word of the key; integer arithmetic
modulo 2**64 only, so that a compiled engine can compute the same bits.
"""

from __future__ import annotations

import hashlib
from enum import IntEnum
from functools import cache

_MASK = 0xFFFFFFFFFFFFFFFF
_GOLDEN = 0x9E3779B97F4A7C15
_FIRST, _SECOND = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_TO_UNIT = 2.0**-52


class Purpose(IntEnum):
    """What a fate is for. Values are part of the key: never renumber, only add."""

    EXIT_THRESHOLD = 1
    START_TENURE = 2
    START_NOTICE = 3
    START_STAGE = 4
    START_ROUTE = 5
    START_ASSIGNMENT = 6
    START_RECENT_RESIGNATION = 7
    START_OVERSEAS = 8
    CANDIDATE_GAP = 10
    CANDIDATE_THERE = 11
    CANDIDATE_CHOICE = 12
    OFFER_ACCEPTED = 13
    DROP_OUT = 14
    INTERNAL_OFFER = 20
    INTERNAL_CHOICE = 21
    COVER_REQUEST = 30
    COVER_SEARCH = 31
    COVER_ASSIGNMENT = 32
    COVER_CONVERSION = 33
    ABOVE_ASSIGNMENT = 34
    COVER_LEVEL = 35
    COVER_AT_FIRST = 36
    COHORT_SIZE = 40
    ARRIVAL_COMES = 41
    TRAINING_ENDS = 42
    SETTLEMENT_FEE = 43
    POST_CLOSURE = 50
    RECODING = 51
    REFERRAL_GAP = 60
    CASE = 61
    START_CASE = 70
    ABSENCE_GAP = 80
    ABSENCE_KIND = 81
    ABSENCE_LENGTH = 82


def mix(word: int) -> int:
    """SplitMix64 finaliser: 64 bits in, 64 well-mixed bits out."""
    word = ((word ^ (word >> 30)) * _FIRST) & _MASK
    word = ((word ^ (word >> 27)) * _SECOND) & _MASK
    return word ^ (word >> 31)


def unit(word: int) -> float:
    """A number strictly between 0 and 1 from 64 mixed bits.

    It takes 52 of them: half a step above the largest of 53 would be rounded to 1.
    """
    return ((word >> 12) + 0.5) * _TO_UNIT


@cache
def key_of(name: str) -> int:
    """64-bit key of an entity's name, the same on every machine and run."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")


def join(first: int, second: int) -> int:
    """Key of an entity that is told apart by two keys, such as (candidate, post)."""
    return mix(((first + _GOLDEN) & _MASK) ^ mix((second + 2 * _GOLDEN) & _MASK))


def nth_key(first: int, number: int) -> int:
    """Key of the n-th of many entities that are told apart by a number."""
    return (first + number * _GOLDEN) & _MASK


class Fates:
    """All the luck of one replication."""

    __slots__ = ("_bases",)

    def __init__(self, seed: int, replication: int) -> None:
        base = join(key_of(f"seed {seed}"), key_of(f"replication {replication}"))
        self._bases = {
            int(purpose): mix(base ^ ((purpose * _GOLDEN) & _MASK)) for purpose in Purpose
        }

    def uniform(self, purpose: int, entity: int, index: int = 0) -> float:
        """A uniform number strictly between 0 and 1.

        Args:
            purpose: what it is for.
            entity: key of the person, post or stream it belongs to.
            index: tells apart several for one entity; may itself be the key of a second entity.
        """
        # mix() twice, written out: a run asks some fifty thousand times.
        word = self._bases[purpose] ^ entity
        word = ((word ^ (word >> 30)) * _FIRST) & _MASK
        word = ((word ^ (word >> 27)) * _SECOND) & _MASK
        word = ((word ^ (word >> 31)) + (index + 1) * _GOLDEN) & _MASK
        word = ((word ^ (word >> 30)) * _FIRST) & _MASK
        word = ((word ^ (word >> 27)) * _SECOND) & _MASK
        return (((word ^ (word >> 31)) >> 12) + 0.5) * _TO_UNIT

    @property
    def bases(self) -> dict[int, int]:
        """By purpose: what an entity's key is mixed with."""
        return dict(self._bases)

    def stream(self, purpose: int, entity: int) -> int:
        """Seed of an entity's stream of luck: `luck_at(stream, index)` is `uniform` of the three.

        For entities that ask often, as children's cases do: half the mixing is done once.
        """
        return mix(self._bases[purpose] ^ entity)


def luck_at(stream: int, index: int) -> float:
    """The uniform number of an index in a stream, strictly between 0 and 1."""
    word = (stream + (index + 1) * _GOLDEN) & _MASK
    word = ((word ^ (word >> 30)) * _FIRST) & _MASK
    word = ((word ^ (word >> 27)) * _SECOND) & _MASK
    return unit(word ^ (word >> 31))
