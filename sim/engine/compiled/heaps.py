"""Heaps: the work on a worker's clock, children who wait, posts in random order.

Skew heaps (Sleator and Tarjan 1986, doi 10.1137/0215004): there are thousands of small heaps, which
share one table of nodes, so that none needs room of its own. The order is by rank, key, number and
stamp, which no two nodes share, so the first is the first whatever the shape.
"""

from __future__ import annotations

from sim.engine.compiled.jit import compiled
from sim.engine.compiled.layout import World
from sim.engine.compiled.rows import is_full, set_count
from sim.engine.layout import Case
from sim.engine.rows import Heap, Maybe


@compiled
def empty(w: World) -> Heap:
    """No node."""
    return None


@compiled
def pushed(
    w: World, heap: Heap, rank: int, key: float, number: int, stamp: int, case: Maybe[Case]
) -> Heap:
    """A heap merged with a node of its own."""
    node = w.free_node
    if node is None:
        count = len(w.nodes)
        if is_full(w.nodes):
            raise OverflowError("no room")
        set_count(w.nodes, count + 1)
        node = w.nodes[count]
    else:
        w.free_node = node.left
    node.rank, node.key, node.number, node.stamp, node.case = rank, key, number, stamp, case
    node.left = node.right = None
    return merged(heap, node)


@compiled
def popped(w: World, heap: Heap) -> Heap:
    """The two sides of the first merged; the first is free."""
    rest = merged(heap.left, heap.right)
    heap.left = w.free_node
    w.free_node = heap
    return rest


@compiled
def merged(first: Heap, second: Heap) -> Heap:
    """Two heaps made one: down both right edges, the sides of each node exchanged."""
    if first is None:
        return second
    if second is None:
        return first
    if is_ahead(second, first):
        first, second = second, first
    root = first
    while True:
        # `first` comes before `second`: what was on its left goes to the right's place.
        right = first.right
        first.right = first.left
        if right is None:
            first.left = second
            return root
        if is_ahead(second, right):
            right, second = second, right
        first.left = right
        first = right


@compiled
def is_ahead(heap: Heap, other: Heap) -> bool:
    """Whether a node belongs above another."""
    if heap.rank != other.rank:
        return heap.rank < other.rank
    if heap.key != other.key:
        return heap.key < other.key
    if heap.number != other.number:
        return heap.number < other.number
    return heap.stamp < other.stamp


@compiled
def is_empty(heap: Heap) -> bool:
    """Whether there is no node."""
    return heap is None


@compiled
def first_rank(heap: Heap) -> int:
    """Rank of the node on top."""
    return heap.rank


@compiled
def first_key(heap: Heap) -> float:
    """Key of the node on top."""
    return heap.key


@compiled
def first_number(heap: Heap) -> int:
    """Number of the node on top."""
    return heap.number


@compiled
def first_stamp(heap: Heap) -> int:
    """Stamp of the node on top."""
    return heap.stamp


@compiled
def first_case(heap: Heap) -> Maybe[Case]:
    """Case of the node on top."""
    return heap.case
