"""Stories, actions and formulas read a second time, and compiled.

Each function is compiled as it stands, with the kernel's names replaced by the compiled ones. Two
things that Numba does not know are put in words that it knows: `yield from part` becomes a loop
that yields what the part yields, and a member of an enumeration its number.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import sys
from enum import IntEnum
from types import FunctionType, ModuleType
from typing import Any

from sim.engine.compiled.jit import compiled
from sim.engine.compiled.kernel import KERNEL
from sim.engine.simpy import kernel as with_simpy
from sim.inputs.casework_plan import on_grid

_MODULES = (
    "formulas",
    "actions.recording",
    "actions.sums",
    "actions.clock",
    "actions.allocation",
    "actions.capacity",
    "actions.attendance",
    "actions.posts",
    "actions.support",
    "actions.market",
    "actions.agency",
    "actions.agency_levels",
    "actions.redeployment",
    "actions.careers",
    "actions.hiring",
    "actions.establishment",
    "actions.arrivals",
    "actions.casework",
    "actions.load",
    "actions.lending",
    "actions.reaction",
    "actions.case_start",
    "actions.start",
    "actions.months",
    "stories.people",
    "stories.vacancies",
    "stories.agency",
    "stories.council",
    "stories.managers",
    "stories.children",
)
"""In an order in which each uses only those before it."""


class _Words(ast.NodeTransformer):
    """Puts what Numba does not know in words that it knows."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        """`yield from part` becomes a loop."""
        if not isinstance(node.value, ast.YieldFrom):
            return self.generic_visit(node)  # type: ignore[return-value]
        loop = ast.parse("for _days in x:\n    yield _days").body[0]
        assert isinstance(loop, ast.For)
        loop.iter = node.value.value
        return ast.copy_location(loop, node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """A member of an enumeration becomes its number."""
        if isinstance(node.value, ast.Name):
            kind = getattr(self._module, node.value.id, None)
            if isinstance(kind, type) and issubclass(kind, IntEnum):
                return ast.copy_location(ast.Constant(int(kind[node.attr])), node)
        return self.generic_visit(node)  # type: ignore[return-value]


_compiled: dict[Any, Any] = {
    getattr(with_simpy, name): function for name, function in KERNEL.items()
}
"""By function of the shared modules and of the kernel: the same, compiled."""
_compiled[on_grid] = compiled(on_grid)


def _read(name: str) -> None:
    """Read a module a second time, and have its functions compiled when they are used."""
    module = importlib.import_module(f"sim.engine.{name}")
    tree = _Words(module).visit(ast.parse(inspect.getsource(module)))
    # Machine code that is kept names the module that its functions are in: it must be importable.
    copy = ModuleType(f"{__package__}.copy_of_{name.replace('.', '_')}")
    sys.modules[copy.__name__] = copy
    space = vars(copy)
    exec(compile(ast.fix_missing_locations(tree), str(module.__file__), "exec"), space)
    for key, value in list(space.items()):
        if isinstance(value, FunctionType) and value in _compiled:
            space[key] = _compiled[value]
        elif isinstance(value, FunctionType) and value.__module__ == copy.__name__:
            space[key] = _compiled[getattr(module, key)] = compiled(value)


for _name in _MODULES:
    _read(_name)


def compiled_of(function: Any) -> Any:
    """The compiled form of a function of the shared modules."""
    return _compiled[function]
