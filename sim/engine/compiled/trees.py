"""Heaps of cases: those who wait for a worker, and the work on a worker's clock.

Skew heaps (Sleator and Tarjan 1986, doi 10.1137/0215004): there are thousands of small heaps, which
share one table of nodes, so that none needs room of its own. The order is by rank, key, case and
stamp, which no two nodes share, so the first is the first whatever the shape.
"""

from __future__ import annotations

from sim.engine.compiled.jit import World, compiled
from sim.engine.compiled.layout import NONE, case_, node_


@compiled
def pushed(w: World, root: int, rank: int, key: float, case: int, stamp: int) -> int:
    """The root of a heap after something is pushed on it."""
    place = w.free_node
    if place >= 0:
        w.free_node = node_(w, place).left
    else:
        if w.nodes_count >= w.nodes_room:
            raise OverflowError("nodes")
        place = w.nodes_count
        w.nodes_count += 1
    node = node_(w, place)
    node.rank, node.key, node.case, node.stamp = rank, key, case, stamp
    node.number = case_(w, case).number
    node.left = node.right = NONE
    return _merged(w, root, place)


@compiled
def popped(w: World, root: int) -> int:
    """The root of a heap after its first is taken off."""
    node = node_(w, root)
    rest = _merged(w, node.left, node.right)
    node.left = w.free_node
    w.free_node = root
    return rest


@compiled
def _merged(w: World, first: int, second: int) -> int:
    """The root of two heaps made one: down both right edges, the sides of each node exchanged."""
    if first < 0:
        return second
    if second < 0:
        return first
    if is_ahead(w, second, first):
        first, second = second, first
    root = first
    while True:
        # `first` comes before `second`: what was on its left goes to the right's place.
        node = node_(w, first)
        right, node.right = node.right, node.left
        if right < 0:
            node.left = second
            return root
        if is_ahead(w, second, right):
            right, second = second, right
        node.left = right
        first = right


@compiled
def is_ahead(w: World, first: int, second: int) -> bool:
    """Whether one node comes before another."""
    one, other = node_(w, first), node_(w, second)
    if one.rank != other.rank:
        return bool(one.rank < other.rank)
    if one.key != other.key:
        return bool(one.key < other.key)
    if one.number != other.number:
        return bool(one.number < other.number)
    return bool(one.stamp < other.stamp)
