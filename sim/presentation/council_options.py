"""Options of the commands on councils. Imports nothing heavy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.presentation.options import place

Year = Annotated[
    int | None,
    typer.Option(
        min=2000, max=2100, metavar="YEAR", help="Of the workforce census; the newest if none."
    ),
]
FromDfe = Annotated[
    Path | None,
    typer.Option(
        "--from-dfe",
        parser=place("--from-dfe"),
        metavar="FOLDER",
        help="The Department's tables as downloaded.",
    ),
]
Region = Annotated[str | None, typer.Option(metavar="NAME", help="Only councils of this region.")]
NewCouncil = Annotated[
    str, typer.Argument(metavar="NAME", help="Name or code of a council of England.")
]
CouncilOut = Annotated[
    Path,
    typer.Option("--out", parser=place("--out"), metavar="FILE", help="The file to write, .toml."),
]
Fill = Annotated[
    str | None,
    typer.Option(metavar="national", help="Let national figures stand in for hidden ones."),
]
