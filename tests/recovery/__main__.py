"""All councils simulated with known numbers, written in the published layout, and read back.

python -m tests.recovery --recipe 30 --engine 3
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence

import numpy as np

from sim.config.shipped import load_evidence
from sim.published.record import load_record
from tests.recovery.by_engine import by_engine, councils_then
from tests.recovery.read_back import HIGHEST, LOWEST, holds, levels, sizes
from tests.recovery.simulated import Simulated, Truth, by_recipe


def main(arguments: Sequence[str] | None = None) -> None:
    """Simulate, read back, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipe", type=int, default=30, help="tables by the yearly recipe")
    parser.add_argument("--engine", type=int, default=3, help="tables by the engine")
    parser.add_argument("--councils", type=int, help="councils of a table by the engine; all")
    asked = parser.parse_args(arguments)
    published, truth = load_record(), Truth()
    print(f"In the 80 % range; marks {LOWEST:.0%} to {HIGHEST:.0%}")
    made = [by_recipe(published, truth, seed) for seed in range(asked.recipe)]
    print_levels("yearly recipe", made)
    print_sizes(made, truth)
    councils = councils_then(published, asked.councils) if asked.engine else {}
    print_levels("engine", [by_engine(published, councils, s) for s in range(asked.engine)])


def print_levels(model: str, tables: Iterable[Simulated]) -> None:
    """By quantity of a council: how many of all councils, and of one table's."""
    found = [levels(table) for table in tables]
    for key in found[0] if found else ():
        shares = [float(np.mean(table[key])) for table in found]
        every = [each for table in found for each in table[key]]
        least, most = min(shares), max(shares)
        print(f"{model}, {key}: {np.mean(every):.1%} of {len(every)}; {least:.1%} to {most:.1%}")


def print_sizes(tables: Sequence[Simulated], truth: Truth) -> None:
    """By quantity of all councils: what is read back, and how often its range holds the truth."""
    found = [sizes(table, truth) for table in tables]
    priors = load_evidence().behaviour
    for key in found[0] if found else ():
        read = [each[key][0].central for each in found]
        held = np.mean([holds(*each[key]) for each in found])
        true = found[0][key][1]
        print(f"{key}: {true:.4f} is read as {np.mean(read):.4f} ({np.std(read):.4f}); {held:.0%}")
    elasticity = priors.labour_market.vacancy_elasticity
    print(f"vacancy elasticity: in no table; {elasticity.low:g} to {elasticity.high:g} as before")


if __name__ == "__main__":
    main()
