"""How functions that only compiled code calls are compiled: put into their callers, no more.

Numba optimises each function and makes machine code of it, with all that it calls, although nobody
runs it by itself: in a program of some three hundred functions that call each other ten deep, the
same code is worked over dozens of times. Here it is only put into the code of its callers, and the
whole is optimised once, as part of the function that Python calls: a half of the time, and the same
arithmetic.
"""

from __future__ import annotations

from typing import Any

from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder


class _NoCodegen:
    """In place of what makes machine code: there is none to tell of its environment."""

    def set_env(self, *_: object) -> None:
        """Nothing to set."""


class _Library(JITCodeLibrary):  # type: ignore[misc]
    """The code of a function, for linking alone."""

    @property
    def codegen(self) -> _NoCodegen:
        return _NoCodegen()

    def _optimize_final_module(self) -> None:
        """Left to the caller's."""

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._verify_declare_only_symbols()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        self._ensure_finalized()
        return 0


class LinkedOnly(CompilerBase):  # type: ignore[misc]
    """Numba's usual steps, with a library that is only linked."""

    def define_pipelines(self) -> list[Any]:
        """The steps."""
        state = self.state
        state.library = _Library(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        return [DefaultPassBuilder.define_nopython_pipeline(state)]
