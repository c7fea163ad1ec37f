"""Ctrl-C, and an order to end, put off while something must not be broken off."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker


@contextmanager
def endings_held_back() -> Iterator[None]:
    """Ctrl-C and an order to end wait until a write is over.

    DuckDB would break off in its midst and raise errors of its own kind.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    held = {
        number: signal.signal(number, lambda number, _: came.append(number))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, before in held.items():
            signal.signal(number, before)
    if came:
        signal.raise_signal(came[0])


@contextmanager
def interrupts_ignored() -> Iterator[None]:
    """Ctrl-C is ignored: while processes are ended, which a second press must not break off."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def interrupts_held_back() -> Iterator[None]:
    """Ctrl-C waits until the end: while processes start, none of which may be forgotten.

    A terminal sends Ctrl-C to the processes too: where the system has signal masks they inherit
    one that keeps it from them until they ignore it themselves.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed meanwhile.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    pressed: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: pressed.append(number))
    try:
        _mask_interrupts("SIG_BLOCK")
        yield
    finally:
        _mask_interrupts("SIG_UNBLOCK")
        signal.signal(signal.SIGINT, before)
    if pressed:
        raise KeyboardInterrupt


def _mask_interrupts(how: str) -> None:
    set_mask = getattr(signal, "pthread_sigmask", None)
    if set_mask is None:
        return
    # Its own start, with the first process, would lift the mask again.
    resource_tracker.ensure_running()
    set_mask(getattr(signal, how), {signal.SIGINT})
