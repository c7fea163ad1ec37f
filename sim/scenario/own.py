"""Kinds of measure that a user defines in a file of her own, beside those that ship.

A kind is registered by name. From then on scenario files may use it, it is checked as the shipped
ones are, and manifests name it with a hash of its source.
"""

from __future__ import annotations

import hashlib
import inspect
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import Field, TypeAdapter, ValidationInfo
from pydantic_core import to_json

from sim.config.errors import InputError
from sim.scenario.measure import Measure

M = TypeVar("M", bound=Measure)


class Kinds:
    """Every kind of measure: those that ship, and those registered since.

    Args:
        shipped: the classes that ship.
    """

    def __init__(self, shipped: Iterable[type[Measure]]) -> None:
        self._shipped = {kind_of(cls): cls for cls in shipped}
        self._own: dict[str, type[Measure]] = {}
        self._checked = self._union()

    @property
    def names(self) -> tuple[str, ...]:
        """Every kind that a scenario may use, by name."""
        return (*self._shipped, *self._own)

    def register(self, measure: type[M]) -> type[M]:
        """Let scenarios use a further kind. To be put above a class as `@register`.

        A class of the same name that is registered again takes the place of the first, as it
        does when a notebook's cell is run anew.

        Args:
            measure: a class with a field `kind: Literal["its_name"] = "its_name"`.

        Raises:
            InputError: it states no kind, or one that another class has.
        """
        kind = kind_of(measure)
        taken = self._shipped.get(kind) or self._own.get(kind)
        if taken is not None and (kind in self._shipped or _name(taken) != _name(measure)):
            raise InputError(
                _name(measure), f"has the kind '{kind}' of {_name(taken)}", "Choose another kind"
            )
        self._own[kind] = measure
        self._checked = self._union()
        return measure

    def checked(self, value: object, info: ValidationInfo) -> Measure:
        """A measure made from a file's table by its `kind`; one made in code is let through.

        Raises:
            ValueError: a field is faulty, or the kind is none.
        """
        if not isinstance(value, Measure):
            if info.mode == "json":
                return self._checked.validate_json(to_json(value), context=info.context)
            return self._checked.validate_python(value, context=info.context)
        if type(value) not in {*self._shipped.values(), *self._own.values()}:
            raise ValueError(
                f"{_name(type(value))} is no registered kind of measure"
                "|Put @sim.register above its class, and make the measure after that"
            )
        return value

    def own_among(self, measures: Iterable[Measure]) -> tuple[type[Measure], ...]:
        """The registered classes, none of them shipped, that some measures are of."""
        shipped = set(self._shipped.values())
        return tuple(dict.fromkeys(type(m) for m in measures if type(m) not in shipped))

    def _union(self) -> TypeAdapter[Measure]:
        every = (*self._shipped.values(), *self._own.values())
        made: Any = Annotated[Union[every], Field(discriminator="kind")]  # noqa: UP007
        return TypeAdapter(made)


def kind_of(measure: type[Measure]) -> str:
    """The kind that a class states, as scenario files name it.

    Raises:
        InputError: it states none.
    """
    field = measure.model_fields.get("kind")
    stated = get_args(field.annotation) if field and get_origin(field.annotation) is Literal else ()
    if len(stated) != 1:
        raise InputError(
            _name(measure), "states no kind", 'Give it a field kind: Literal["a_name"] = "a_name"'
        )
    return str(stated[0])


def source_of(measure: type[Measure]) -> tuple[str, str]:
    """The name of the file in which a class stands, and the SHA-256 of its text.

    In a notebook there is no file: then it is the text of the class alone, and no name.

    Raises:
        InputError: its text can't be read back.
    """
    file = getattr(sys.modules.get(measure.__module__), "__file__", None)
    try:
        text = Path(file).read_text("utf-8") if file else inspect.getsource(measure)
    except (OSError, TypeError):
        raise InputError(
            _name(measure), "has a source that can't be read back", "Define it in a .py file"
        ) from None
    return Path(file or "").name, hashlib.sha256(text.encode()).hexdigest()


def _name(measure: type[Measure]) -> str:
    return f"{measure.__module__}.{measure.__qualname__}"
