"""Compiling: one decorator for all functions, which says what their annotations mean.

Compiled functions are handed rows, the world above all: one pointer each, where a dozen arrays
would be nearly a hundred words at every call, and take minutes to compile.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import config, njit, types

from sim.engine.compiled.disk import code_folder
from sim.engine.compiled.linking import PartCompiler, WholeCompiler
from sim.engine.compiled.rows import RowType

F = TypeVar("F", bound=Callable[..., Any])

_TYPES: dict[str, Any] = {
    "int": types.int64,
    "Long": types.int64,
    "float": types.float64,
    "bool": types.boolean,
    "Key": types.uint64,
    "Heap": RowType("Node"),
}


def type_named(annotation: str) -> Any:
    """What an annotation is to the compiler: a number, or a row, which may be None."""
    name = annotation.removeprefix("Maybe[").removesuffix("]")
    return _TYPES.get(name) or RowType(name)


def part(function: F) -> F:
    """Compile a function for use by other compiled functions, for whatever types they hand over."""
    return cast(
        F,
        njit(
            nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, pipeline_class=PartCompiler
        )(function),
    )


def compiled(function: F) -> F:
    """Compile a function for use by other compiled functions, for the types it is annotated with.

    Left to itself, Numba compiles it once for every mixture of widths of whole numbers that callers
    happen to hand over: three times as many functions.
    """
    dispatcher: Any = part(function)
    names = [name for key, name in function.__annotations__.items() if key != "return"]
    for_types = dispatcher.get_call_template

    def for_annotations(arguments: Any, keywords: Any) -> Any:
        template, signature, _, _ = for_types(tuple(map(type_named, names)), {})
        return template, signature, arguments, keywords

    dispatcher.get_call_template = for_annotations
    return cast(F, dispatcher)


def entry(function: F) -> F:
    """Compile a function that Python calls; its machine code, all callees in it, is kept."""
    folder = code_folder()
    config.CACHE_DIR = str(folder.path)
    keep = not folder.fault
    return cast(F, njit(nogil=True, cache=keep, pipeline_class=WholeCompiler)(function))
