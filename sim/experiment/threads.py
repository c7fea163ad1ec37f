"""Threads to run replications in, that stop in the midst of a run where it is compiled."""

from __future__ import annotations

import sys
import threading
import time

from sim.engine.stopping import Stopped, ask_to_stop, go_on
from sim.experiment.pool import SECONDS_TO_END, LocalPool

SECONDS_OF_THE_LOCK = 1e-4
"""How long a thread keeps Python's lock while another waits for it."""


_here = threading.local()


def stop_if_asked() -> None:
    """To be called between runs: a thread can't be ended from outside.

    Raises:
        Stopped: this is a thread of a pool that is being ended.
    """
    ending: threading.Event | None = getattr(_here, "ending", None)
    if ending is not None and ending.is_set():
        raise Stopped


class ThreadPool(LocalPool):
    """Threads of this process, for an engine that runs without Python's global lock.

    In place of ThreadPoolExecutor because Python waits for its threads when it leaves: after
    Ctrl-C, for as long as a whole block takes.
    """

    def __init__(self) -> None:
        super().__init__()
        self._ending = threading.Event()

    def start(self, workers: int) -> None:
        """Start so many threads."""
        # A run that ends waits for the lock no longer than this: the usual 5 ms are a tenth of one.
        sys.setswitchinterval(SECONDS_OF_THE_LOCK)
        for _ in range(workers):
            self._begin(self._work)

    def end(self) -> None:
        """Have the threads leave the run they are at."""
        self._ending.set()
        ask_to_stop()
        self.shutdown(wait=False, cancel_futures=True)
        latest = time.monotonic() + SECONDS_TO_END
        for thread in self._threads:
            thread.join(max(0.0, latest - time.monotonic()))
        go_on()

    def _work(self) -> None:
        _here.ending = self._ending
        for job in self._jobs_to_do():
            try:
                result = job.function(*job.args, **job.kwargs)
            except BaseException as error:
                job.future.set_exception(error)
            else:
                job.future.set_result(result)
