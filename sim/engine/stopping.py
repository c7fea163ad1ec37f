"""A flag that compiled runs look at now and then, so that an order to end need not wait for them.

It says nothing of what a run gives: a run that sees it set gives nothing.
"""

from __future__ import annotations

from array import array

_flag = array("q", [0])
FLAG_ADDRESS = _flag.buffer_info()[0]
"""Where the flag lies in memory: 64 bits, all 0 as long as runs may go on."""


class Stopped(BaseException):
    """Raised by a run that was broken off, or not begun: no fault, as Ctrl-C is none."""


def ask_to_stop() -> None:
    """Have all compiled runs of this program end with `Stopped`."""
    _flag[0] = 1


def go_on() -> None:
    """Let runs go on from here."""
    _flag[0] = 0
