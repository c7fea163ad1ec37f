"""Compiling: one decorator for all functions, and how they reach the state of a run.

The state of a run is a set of tables, one record an entity, whose addresses are kept in one record,
the world. Compiled functions are handed the world alone: one pointer, where a dozen arrays would be
nearly a hundred words at every call, would be counted at every call, and take minutes to compile.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from llvmlite import ir
from numba import config, njit, types
from numba.extending import intrinsic
from numba.np.numpy_support import from_dtype

from sim.engine.compiled.disk import code_folder
from sim.engine.compiled.linking import PartCompiler, WholeCompiler

F = TypeVar("F", bound=Callable[..., Any])

World = Any
"""The world's record (layout.WORLD); Any, as the compiler knows it by its dtype alone."""
Record = Any
"""A record of one of the tables, by reference."""
Key = Any
"""A key of luck: 64 bits without a sign."""
_WORD = ir.IntType(64)
_WORD_BYTES = 8
_LINE = 64
_TYPES: dict[str, Any] = {
    "int": types.int64,
    "float": types.float64,
    "bool": types.boolean,
    "Key": types.uint64,
}
"""What the names in annotations are to the compiler."""


def known(name: str, dtype: np.dtype[np.void]) -> None:
    """Make a kind of record known by the name that annotations use.

    Raises:
        ValueError: the name is taken.
    """
    if name in _TYPES:
        raise ValueError(f"{name} is a type already")
    _TYPES[name] = from_dtype(dtype)


def compiled(function: F) -> F:
    """Compile a function for use by other compiled functions, for the types it is annotated with.

    Left to itself, Numba compiles it once for every mixture of widths of whole numbers that callers
    happen to hand over: three times as many functions.
    """
    dispatcher = njit(
        nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, pipeline_class=PartCompiler
    )(function)
    names = [name for key, name in function.__annotations__.items() if key != "return"]
    for_types = dispatcher.get_call_template

    def for_annotations(arguments: Any, keywords: Any) -> Any:
        template, signature, _, _ = for_types(tuple(_TYPES[name] for name in names), {})
        return template, signature, arguments, keywords

    dispatcher.get_call_template = for_annotations
    return cast(F, dispatcher)


def entry(function: F) -> F:
    """Compile a function that Python calls; its machine code, all callees in it, is kept."""
    folder = code_folder()
    config.CACHE_DIR = str(folder.path)
    keep = not folder.fault
    return cast(F, njit(nogil=True, cache=keep, pipeline_class=WholeCompiler)(function))


def table(
    world: np.dtype[np.void], field: str, dtype: np.dtype[np.void]
) -> Callable[[World, int], Record]:
    """What gives compiled functions the records of one table: `post_(w, 3)` is the fourth post.

    Args:
        world: dtype of the world.
        field: its field that holds the table's address.
        dtype: dtype of the table's records.
    """
    record = from_dtype(dtype)
    assert world.fields is not None
    offset = world.fields[field][1]

    @intrinsic  # type: ignore[untyped-decorator]
    def at(context: Any, w: Any, index: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            place, number = arguments
            where = builder.add(builder.ptrtoint(place, _WORD), _WORD(offset))
            address = builder.load(builder.inttoptr(where, _WORD.as_pointer()))
            # No table moves while a run lasts.
            address.set_metadata("invariant.load", builder.module.add_metadata([]))
            start = builder.add(address, builder.mul(number, _WORD(dtype.itemsize)))
            return builder.inttoptr(start, context.get_value_type(record))

        return record(w, types.intp), generate

    return cast(Callable[[World, int], Record], at)


@intrinsic  # type: ignore[untyped-decorator]
def value_at(context: Any, address: Any) -> Any:
    """The whole number at an address, read anew each time: another thread may have changed it."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = builder.inttoptr(arguments[0], _WORD.as_pointer())
        return builder.load_atomic(place, "monotonic", _WORD_BYTES)

    return types.int64(types.int64), generate


@intrinsic  # type: ignore[untyped-decorator]
def fetch_ahead(context: Any, record: Any) -> Any:
    """Ask the machine to bring a record near, as it is likely to be wanted next.

    It changes nothing but speed: in a large council the records of cases are more than a core keeps
    near, and waiting for each takes longer than what is done with it.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        byte, flag = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, flag, flag, flag])
        prefetch = builder.module.declare_intrinsic("llvm.prefetch", [byte], kind)
        start = builder.ptrtoint(arguments[0], _WORD)
        for offset in range(0, record.size, _LINE):
            place = builder.inttoptr(builder.add(start, _WORD(offset)), byte)
            builder.call(prefetch, [place, flag(0), flag(3), flag(1)])
        return context.get_dummy_value()

    return types.void(record), generate
