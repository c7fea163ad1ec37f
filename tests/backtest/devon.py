"""Devon's back-test from 30 September 2017.

`python -m tests.backtest.devon` writes docs/backtest_devon.md anew.
"""

from __future__ import annotations

from pathlib import Path

from tests.backtest.council import DOCS, CouncilBacktest, Marks

DEVON = CouncilBacktest(
    area="Devon",
    config="devon_2017",
    published_file=Path(__file__).with_name("devon_published_2017_2021.csv"),
    page_file=DOCS / "backtest_devon.md",
    marks=Marks(
        fewest_inside=20,
        widest={"turnover_rate_fte": 0.22, "vacancy_rate_fte": 0.22},
        largest_error={"turnover_rate_fte": 0.040, "vacancy_rate_fte": 0.025},
    ),
    notes=(
        "Start: 30 September 2017. Rates of leaving and joining are 2017's, shrunk half-way to"
        " England's (docs/calibration.md says why a half). No earlier stock is published, so the"
        " first year's rate uses year-end stock. Sizes of between-year variation come from English"
        " councils with 250 to 450 FTE in post, Devon left out, 2017 to 2021: Devon has no earlier"
        " table."
    ),
)

if __name__ == "__main__":
    DEVON.write_page()
