"""Rows in compiled code: a row is an address, its fields are loads and stores at fixed offsets.

All that leans on Numba's inner interfaces stands here and in generators.py, and in jit.py and
linking.py: the versions are pinned, and tests/twin/test_kept_stories.py tries what is used.
"""

from __future__ import annotations

import operator
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.datamodel import models
from numba.core.imputils import RefType, iternext_impl, lower_cast
from numba.core.typeconv import Conversion
from numba.core.typing.templates import (
    AbstractTemplate,
    AttributeTemplate,
    infer_getattr,
    infer_global,
    signature,
)
from numba.extending import (
    intrinsic,
    lower_builtin,
    lower_getattr_generic,
    lower_setattr_generic,
    register_model,
)

from sim.engine.compiled.layout import layout_of
from sim.engine.rows import Field

_BYTE, _HALF, _WORD, _FLOAT = ir.IntType(8), ir.IntType(32), ir.IntType(64), ir.DoubleType()
_POINTER = _BYTE.as_pointer()
_LINE = 64

# -- types ----------------------------------------------------------------------------------------


class RowType(types.Type):
    """A row, or None."""

    mutable = True

    def __init__(self, row: str) -> None:
        self.row = row
        super().__init__(f"Row({row})")

    def can_convert_from(self, context: Any, other: Any) -> Any:
        """None is a row too: the null address."""
        return Conversion.safe if isinstance(other, types.NoneType) else None

    def unify(self, context: Any, other: Any) -> Any:
        """A variable that is a row here and None there is a row."""
        return self if isinstance(other, types.NoneType) else None


class FewType(types.Type):
    """Some numbers inside a row."""

    mutable = True

    def __init__(self, of: Any) -> None:
        self.of = of
        super().__init__(f"Few({of})")


class TableType(types.IterableType):
    """All rows of one kind, one after the other in memory."""

    mutable = True

    def __init__(self, of: str) -> None:
        self.of = of
        super().__init__(f"Table({of})")

    @property
    def iterator_type(self) -> Any:
        """What walks through it."""
        return TableIterator(self.of)


class ListType(types.IterableType):
    """Addresses of rows, one after the other."""

    mutable = True

    def __init__(self, of: str) -> None:
        self.of = of
        super().__init__(f"List({of})")

    @property
    def iterator_type(self) -> Any:
        """What walks through it."""
        return ListIterator(self.of)


class TableIterator(types.SimpleIteratorType):
    """A walk through a table."""

    def __init__(self, of: str) -> None:
        self.of = of
        super().__init__(f"TableIterator({of})", RowType(of))


class ListIterator(types.SimpleIteratorType):
    """A walk through a list."""

    def __init__(self, of: str) -> None:
        self.of = of
        super().__init__(f"ListIterator({of})", RowType(of))


# Numba would make a variable that is None first and a row later "optional", with a flag beside it;
# a row has a null of its own.
_unify = types.NoneType.unify
types.NoneType.unify = lambda self, context, other: (
    other if isinstance(other, RowType) else _unify(self, context, other)
)

for _kind in (RowType, FewType, TableType, ListType):
    register_model(_kind)(models.OpaqueModel)


@register_model(TableIterator)
@register_model(ListIterator)
class _IteratorModel(models.StructModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        fields = [("at", types.EphemeralPointer(types.intp)), ("end", types.intp)]
        super().__init__(manager, kind, fields)


def type_of(field: Field) -> Any:
    """What a field is to the compiler."""
    if field.kind in ("int", "long"):
        return types.int64
    if field.kind in ("ref", "heap"):
        return RowType(field.of)
    if field.kind == "table":
        return TableType(field.of)
    if field.kind == "list":
        return ListType(field.of)
    if field.kind == "few":
        return FewType(types.uint64 if field.of == "key" else types.float64)
    return {"float": types.float64, "bool": types.boolean, "key": types.uint64}[field.kind]


# -- fields ---------------------------------------------------------------------------------------

_IN_MEMORY = {
    "float": _FLOAT, "int": _HALF, "long": _WORD, "key": _WORD, "bool": _BYTE, "ref": _POINTER,
    "heap": _POINTER,
}  # fmt: skip


@infer_getattr
class _FieldTemplate(AttributeTemplate):
    key = RowType

    def generic_resolve(self, kind: RowType, name: str) -> Any:
        field = layout_of(kind.row).fields.get(name)
        return type_of(field) if field else None


def _place(builder: Any, row: Any, kind: RowType, name: str) -> Any:
    return builder.gep(row, [_WORD(layout_of(kind.row).offsets[name])])


@lower_getattr_generic(RowType)
def _get_field(context: Any, builder: Any, kind: RowType, row: Any, name: str) -> Any:
    field, place = layout_of(kind.row).fields[name], _place(builder, row, kind, name)
    if field.kind in ("few", "table", "list"):
        return place
    value = builder.load(builder.bitcast(place, _IN_MEMORY[field.kind].as_pointer()))
    if field.kind == "int":
        return builder.sext(value, _WORD)
    return builder.icmp_unsigned("!=", value, _BYTE(0)) if field.kind == "bool" else value


@lower_setattr_generic(RowType)
def _set_field(context: Any, builder: Any, sig: Any, arguments: Any, name: str) -> None:
    kind = sig.args[0]
    field, place = layout_of(kind.row).fields[name], _place(builder, arguments[0], kind, name)
    value = context.cast(builder, arguments[1], sig.args[1], type_of(field))
    if field.kind == "int":
        value = builder.trunc(value, _HALF)
    elif field.kind == "bool":
        value = builder.zext(value, _BYTE)
    builder.store(value, builder.bitcast(place, _IN_MEMORY[field.kind].as_pointer()))


# -- None, and the same row -----------------------------------------------------------------------


@lower_cast(types.NoneType, RowType)
def _none(context: Any, builder: Any, source: Any, target: Any, value: Any) -> Any:
    return ir.Constant(_POINTER, None)


@lower_builtin(operator.is_, RowType, types.NoneType)
def _is_none(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
    return builder.icmp_unsigned("==", builder.ptrtoint(arguments[0], _WORD), _WORD(0))


@lower_builtin(operator.is_, RowType, RowType)
def _is_same(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
    one, other = (builder.ptrtoint(argument, _WORD) for argument in arguments)
    return builder.icmp_unsigned("==", one, other)


# -- tables, lists, and numbers inside a row ------------------------------------------------------


@infer_global(operator.getitem)
class _GetItem(AbstractTemplate):
    def generic(self, arguments: Any, keywords: Any) -> Any:
        if len(arguments) == 2 and isinstance(arguments[1], types.Integer):
            if isinstance(arguments[0], FewType):
                return signature(arguments[0].of, arguments[0], types.intp)
            if isinstance(arguments[0], TableType | ListType):
                return signature(RowType(arguments[0].of), arguments[0], types.intp)
        return None


@infer_global(operator.setitem)
class _SetItem(AbstractTemplate):
    def generic(self, arguments: Any, keywords: Any) -> Any:
        if isinstance(arguments[0], FewType):
            return signature(types.void, arguments[0], types.intp, arguments[0].of)
        return None


@infer_global(len)
class _Len(AbstractTemplate):
    def generic(self, arguments: Any, keywords: Any) -> Any:
        if isinstance(arguments[0], TableType | ListType):
            return signature(types.intp, arguments[0])
        return None


def _number(builder: Any, sig: Any, arguments: Any) -> Any:
    """Place of a number inside a row."""
    kind = _FLOAT if sig.args[0].of == types.float64 else _WORD
    return builder.gep(builder.bitcast(arguments[0], kind.as_pointer()), [arguments[1]])


@lower_builtin(operator.getitem, FewType, types.intp)
def _get_number(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
    return builder.load(_number(builder, sig, arguments))


@lower_builtin(operator.setitem, FewType, types.intp, types.Any)
def _set_number(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
    builder.store(arguments[2], _number(builder, sig, arguments))
    return context.get_dummy_value()


def _header(builder: Any, table: Any, word: int) -> Any:
    return builder.gep(builder.bitcast(table, _WORD.as_pointer()), [_WORD(word)])


def _begin(builder: Any, table: Any) -> Any:
    """Where a table or list begins: none moves while a run lasts."""
    begin = builder.load(_header(builder, table, 0))
    begin.set_metadata("invariant.load", builder.module.add_metadata([]))
    return begin


def _row(builder: Any, begin: Any, index: Any, row: str) -> Any:
    size = _WORD(layout_of(row).size)
    return builder.inttoptr(builder.add(begin, builder.mul(index, size)), _POINTER)


@lower_builtin(operator.getitem, TableType, types.intp)
def _get_row(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
    return _row(builder, _begin(builder, arguments[0]), arguments[1], sig.args[0].of)


@lower_builtin(operator.getitem, ListType, types.intp)
def _get_listed(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
    return builder.load(_listed(builder, arguments[0], arguments[1]))


def _listed(builder: Any, rows: Any, index: Any) -> Any:
    begin = builder.inttoptr(_begin(builder, rows), _POINTER.as_pointer())
    return builder.gep(begin, [index])


@lower_builtin(len, TableType)
@lower_builtin(len, ListType)
def _count(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
    return builder.load(_header(builder, arguments[0], 1))


@lower_builtin("getiter", TableType)
@lower_builtin("getiter", ListType)
def _walk(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
    of = sig.args[0]
    size = layout_of(of.of).size if isinstance(of, TableType) else 8
    walk = context.make_helper(builder, sig.return_type)
    begin = _begin(builder, arguments[0])
    walk.at = cgutils.alloca_once_value(builder, begin)
    count = builder.load(_header(builder, arguments[0], 1))
    walk.end = builder.add(begin, builder.mul(count, _WORD(size)))
    return walk._getvalue()


def _step(context: Any, builder: Any, sig: Any, arguments: Any, result: Any) -> Any:
    """Whether a walk goes on; where it stands, as a context in which it does."""
    walk = context.make_helper(builder, sig.args[0], arguments[0])
    at = builder.load(walk.at)
    valid = builder.icmp_unsigned("<", at, walk.end)
    result.set_valid(valid)
    return walk, at, valid


@lower_builtin("iternext", TableIterator)
@iternext_impl(RefType.BORROWED)
def _next_row(context: Any, builder: Any, sig: Any, arguments: Any, result: Any) -> None:
    walk, at, valid = _step(context, builder, sig, arguments, result)
    with builder.if_then(valid):
        result.yield_(builder.inttoptr(at, _POINTER))
        builder.store(builder.add(at, _WORD(layout_of(sig.args[0].of).size)), walk.at)


@lower_builtin("iternext", ListIterator)
@iternext_impl(RefType.BORROWED)
def _next_listed(context: Any, builder: Any, sig: Any, arguments: Any, result: Any) -> None:
    walk, at, valid = _step(context, builder, sig, arguments, result)
    with builder.if_then(valid):
        result.yield_(builder.load(builder.inttoptr(at, _POINTER.as_pointer())))
        builder.store(builder.add(at, _WORD(8)), walk.at)


# -- what the kernel does to memory ---------------------------------------------------------------


@intrinsic
def is_full(context: Any, rows: Any) -> Any:
    """Whether a table or list has no room for one more."""

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        count, room = (builder.load(_header(builder, arguments[0], word)) for word in (1, 2))
        return builder.icmp_signed(">=", count, room)

    return types.boolean(rows), generate


@intrinsic
def set_count(context: Any, rows: Any, count: Any) -> Any:
    """A table or list has this many rows now."""

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        builder.store(arguments[1], _header(builder, arguments[0], 1))
        return context.get_dummy_value()

    return types.void(rows, types.intp), generate


@intrinsic
def clear(context: Any, row: Any) -> Any:
    """Make a row blank, but for its lists."""

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        blank = layout_of(sig.args[0].row).blank
        cgutils.memset(builder, arguments[0], _WORD(blank), 0)
        return context.get_dummy_value()

    return types.void(row), generate


@intrinsic
def put_listed(context: Any, rows: Any, place: Any, row: Any) -> Any:
    """A row stands at a place of a list."""

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        builder.store(arguments[2], _listed(builder, arguments[0], arguments[1]))
        return context.get_dummy_value()

    return types.void(rows, types.intp, RowType(rows.of)), generate


@intrinsic
def address(context: Any, row: Any) -> Any:
    """A row's address as a whole number."""

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        return builder.ptrtoint(arguments[0], _WORD)

    return types.int64(row), generate


def row_at(name: str) -> Any:
    """What makes a row of this name of an address."""

    @intrinsic
    def at(context: Any, place: Any) -> Any:
        def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
            return builder.inttoptr(arguments[0], _POINTER)

        return RowType(name)(types.int64), generate

    return at


@intrinsic
def value_at(context: Any, place: Any) -> Any:
    """The whole number at an address, read anew each time: another thread may have changed it."""

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        return builder.load_atomic(
            builder.inttoptr(arguments[0], _WORD.as_pointer()), "monotonic", 8
        )

    return types.int64(types.int64), generate


@intrinsic
def fetch_ahead(context: Any, place: Any) -> Any:
    """Ask the machine to bring two lines at an address near, as they are likely to be wanted next.

    It changes nothing but speed: in a large council the rows are more than a core keeps near, and
    waiting for each takes longer than what is done with it.
    """

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        kind = ir.FunctionType(ir.VoidType(), [_POINTER, _HALF, _HALF, _HALF])
        prefetch = builder.module.declare_intrinsic("llvm.prefetch", [_POINTER], kind)
        for offset in range(0, 4 * _LINE, _LINE):
            at = builder.inttoptr(builder.add(arguments[0], _WORD(offset)), _POINTER)
            builder.call(prefetch, [at, _HALF(0), _HALF(3), _HALF(1)])
        return context.get_dummy_value()

    return types.void(types.int64), generate
