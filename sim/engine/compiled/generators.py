"""Stories under way: a compiled generator is a small flat record, kept in a process's row."""

from __future__ import annotations

from typing import Any

from numba import types
from numba.extending import intrinsic

from sim.engine.compiled.layout import CLOSURE_WORDS
from sim.engine.compiled.rows import ListIterator, TableIterator

SIZES: dict[str, int] = {}
"""By story: bytes of its record, as far as it has been compiled."""


def _refuse_loops(generator: Any, story: str) -> None:
    """Refuse what must not be held across a wait: a walk over rows points into the stack.

    Raises:
        TypeError: the story waits inside a loop over rows.
    """
    for state in generator.state_types:
        if isinstance(state, types.Generator):
            _refuse_loops(state, story)
        elif isinstance(state, TableIterator | ListIterator):
            raise TypeError(f"story {story} waits inside a loop over rows")


@intrinsic
def keep(context: Any, generator: Any, closure: Any) -> Any:
    """Keep a story that has not begun in a process's row."""
    story = generator.gen_func.__name__
    _refuse_loops(generator, story)

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        kind = context.data_model_manager[generator].get_data_type()
        size = SIZES[story] = context.get_abi_sizeof(kind)
        if size > 8 * CLOSURE_WORDS:
            room = 8 * CLOSURE_WORDS
            raise TypeError(f"story {story} keeps {size} bytes, a process has room for {room}")
        place = builder.bitcast(arguments[1], kind.as_pointer())
        builder.store(builder.load(arguments[0]), place)
        return context.get_dummy_value()

    return types.void(generator, closure), generate


def kept_as(story: Any, argument_types: tuple[Any, ...]) -> Any:
    """What goes on with a story kept in a process's row.

    Args:
        story: the compiled story.
        argument_types: what it is called with.
    """

    @intrinsic
    def kept(context: Any, closure: Any) -> Any:
        generator = types.Dispatcher(story).get_call_type(context, argument_types, {}).return_type

        def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
            kind = context.data_model_manager[generator].get_data_type()
            return builder.bitcast(arguments[0], kind.as_pointer())

        return generator(closure), generate

    return kept
