"""Commands carried out in processes of their own, with what each took.

A process that has loaded the program forks for each command, so that two hundred take seconds, and
what a command takes is its own and not that of loading. Read from standard input and written to
standard output as JSON.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from sim.cli import main

_MOST_SECONDS = 10
_LOADED = ("sim.presentation.answer", "sim.presentation.sweep", "sim.engine.compiled")


@dataclass(frozen=True)
class Taken:
    """What a command did and took: processor seconds, and the most memory of its process."""

    code: int
    out: str
    err: str
    seconds: float
    megabytes: float


def carry_out(commands: Sequence[Sequence[str]], folder: Path) -> list[Taken]:
    """Carry out commands of the program one after another in a folder."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.edges.forked", str(folder)],
        input=json.dumps(list(map(list, commands))),
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    return [Taken(**taken) for taken in json.loads(done.stdout)]


def _serve(folder: str) -> None:
    commands = json.load(sys.stdin)
    os.chdir(folder)
    # Loaded before the first fork: none of it is counted.
    for module in _LOADED:
        import_module(module)
    gc.freeze()  # so that no child copies what is loaded, only to look for garbage
    found = []
    for command in commands:
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            child = os.fork()
            if child == 0:
                # One that would never end is ended, and found to have taken too much.
                resource.setrlimit(resource.RLIMIT_CPU, (_MOST_SECONDS, _MOST_SECONDS))
                os.dup2(out.fileno(), 1)
                os.dup2(err.fileno(), 2)
                sys.argv = ["caseholder", *command]
                code = 1
                try:
                    main()
                except SystemExit as left:
                    code = left.code if isinstance(left.code, int) else 1
                except BaseException as error:  # told to the test, which holds it to be a fault
                    sys.stderr.write(f"Traceback: {error!r}")
                finally:
                    sys.stdout.flush()
                    sys.stderr.flush()
                    os._exit(code)
            _, status, usage = os.wait4(child, 0)
            out.seek(0)
            err.seek(0)
            found.append(
                {
                    "code": os.waitstatus_to_exitcode(status),
                    "out": out.read().decode("utf-8", "replace"),
                    "err": err.read().decode("utf-8", "replace"),
                    "seconds": usage.ru_utime + usage.ru_stime,
                    "megabytes": usage.ru_maxrss / 1024,
                }
            )
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    _serve(sys.argv[1])
