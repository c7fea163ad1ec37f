"""Ctrl-C, and an order to end, put off while something must not be broken off."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker

from sim.engine.stopping import ask_to_stop, go_on

ENDINGS = tuple(
    number
    for name in ("SIGINT", "SIGTERM", "SIGHUP")
    if (number := getattr(signal, name, None)) is not None
)
"""Ctrl-C, an order to end, and, where there is one, the end of the terminal."""


@contextmanager
def endings_heard() -> Iterator[None]:
    """Within it, compiled runs end at Ctrl-C and at an order to end, wherever they are.

    Python hands a signal to the main thread between two of its own steps, and compiled code has
    none; but the system tells a socket at once, and a thread of ours reads it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard, told = socket.socketpair()
    told.setblocking(False)
    before = signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    listener = threading.Thread(target=_listen, args=(heard,), daemon=True)
    listener.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        told.close()
        listener.join()
        heard.close()
        go_on()


def _listen(heard: socket.socket) -> None:
    """In a thread, until the other end is closed."""
    while numbers := heard.recv(64):
        if set(numbers) & set(ENDINGS):
            ask_to_stop()


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
        for number in ENDINGS
        if signal.getsignal(number) is not signal.SIG_IGN
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
    """Ctrl-C and orders to end are ignored: a second one must not break off what tidies up."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in ENDINGS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


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
