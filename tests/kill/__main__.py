"""Kill each shipped sweep at random moments, resume it, and count how often it ends in the values
of a run that nothing disturbed.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.kill.killing import (
    Moment,
    Program,
    kill_and_resume,
    shipped_sweeps,
    size_of,
    values_of,
    with_pairs,
)

MOST_SECONDS_AFTER = 0.5


@dataclass
class Counts:
    """What became of one sweep's kills."""

    sizes: list[int] = field(default_factory=list)
    resumed: int = 0
    equal: int = 0


def parser() -> argparse.ArgumentParser:
    """The options."""
    made = argparse.ArgumentParser(prog="make kill", description=__doc__)
    made.add_argument("sweeps", nargs="*", default=shipped_sweeps(), help="all that are shipped")
    made.add_argument("--times", type=int, default=20, help="kills of each sweep")
    made.add_argument("--in-a-row", type=int, default=1, help="kills of one study before its end")
    made.add_argument("--pairs", type=int, help="pairs at each point, in place of the sweep's own")
    made.add_argument("--workers", type=int, default=2)
    made.add_argument("--seed", type=int, default=1, help="of the moments")
    return made


def moments(luck: random.Random, count: int) -> list[Moment]:
    """Moments of kills that follow one another."""
    shares = sorted(luck.random() for _ in range(count))
    return [(share, luck.uniform(0.0, MOST_SECONDS_AFTER)) for share in shares]


def killed(sweep: str, options: argparse.Namespace, folder: Path) -> Counts:
    """Kill one sweep as often as asked for."""
    program = Program(with_pairs(sweep, options.pairs, folder), options.workers)
    luck, counts = random.Random(f"{options.seed} {sweep}"), Counts()
    whole = folder / "whole"
    program.finish(whole)
    size, expected = size_of(whole), values_of(whole)
    print(f"{sweep}: {size / 1e6:.0f} MB undisturbed", flush=True)
    while len(counts.sizes) < options.times:
        out = folder / f"study_{counts.resumed}"
        number = min(options.in_a_row, options.times - len(counts.sizes))
        at = moments(luck, number)
        begun = time.monotonic()
        sizes = kill_and_resume(program, out, at, size)
        is_equal = values_of(out) == expected
        counts.sizes += sizes
        counts.resumed += 1
        counts.equal += is_equal
        told = ", ".join(f"{found / 1e6:.1f}" for found in sizes)
        print(f"  killed at {told} MB; {'equal' if is_equal else 'NOT EQUAL'};"
              f" {time.monotonic() - begun:.0f} s", flush=True)  # fmt: skip
        for file in out.iterdir():
            file.unlink()
    return counts


def main() -> None:
    """Kill, resume, count."""
    options = parser().parse_args()
    print(f"Seed {options.seed}, {options.times} kills of each sweep, {options.in_a_row} before"
          f" each end; pairs: {options.pairs or 'as shipped'}", flush=True)  # fmt: skip
    is_sound = True
    for sweep in options.sweeps:
        with tempfile.TemporaryDirectory(prefix="caseholder-kill-") as folder:
            counts = killed(sweep, options, Path(folder))
        print(f"{sweep}: {len(counts.sizes)} kills, {counts.resumed} resumed to the end,"
              f" {counts.equal} in equal values", flush=True)  # fmt: skip
        is_sound = is_sound and counts.equal == counts.resumed
    sys.exit(0 if is_sound else 1)


if __name__ == "__main__":
    main()
