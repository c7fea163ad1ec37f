"""Options and arguments that several commands share. Imports nothing heavy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

CouncilName = Annotated[str, typer.Argument(metavar="COUNCIL", help="Shipped name or .toml file.")]
ScenarioNames = Annotated[
    list[str], typer.Argument(metavar="SCENARIO...", help="Shipped names or .toml files.")
]
Replications = Annotated[
    int, typer.Option(min=2, max=100_000, help="Pairs of runs, two for each draw.")
]
GammaPairs = Annotated[
    int, typer.Option(min=0, help="Pairs that are also run at gamma 0.1, 0.4 and 0.8.")
]
DemandPairs = Annotated[
    int, typer.Option(min=0, help="Pairs that are also run under the other demand scenarios.")
]
Demand = Annotated[
    str,
    typer.Option(metavar="NAME", help="Referrals: flat, back_to_2019, rising or series."),
]
Loop = Annotated[
    str,
    typer.Option(metavar="on|off", help="Whether load acts on leaving and on agency use."),
]
DiscountRate = Annotated[
    float | None,
    typer.Option(
        min=0.0, max=0.2, metavar="RATE",
        help="Real rate a year for present values, as a share; 0.035 where none is given.",
    ),
]  # fmt: skip
AgencyRules = Annotated[
    str,
    typer.Option(
        metavar="on|off", help="Whether the rules on agency staff of 2024 and 2025 come into force."
    ),
]
LeadPractitioners = Annotated[
    str,
    typer.Option(
        metavar="on|off",
        help="Whether family practitioners may hold child-in-need work from December 2023.",
    ),
]
Seed = Annotated[int, typer.Option(min=0, help="Same seed, same results.")]
Workers = Annotated[int, typer.Option(min=1, max=256, help="How many share the runs.")]
EngineName = Annotated[
    str,
    typer.Option(metavar="NAME", help="compiled, or simpy: slower, the same results."),
]
Cluster = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Scheduler of a dask cluster that runs them instead."),
]
Out = Annotated[Path | None, typer.Option(help="Folder for tables and charts.")]
