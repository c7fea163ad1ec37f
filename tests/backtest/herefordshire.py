"""Herefordshire's back-test from 30 September 2017.

`python -m tests.backtest.herefordshire` writes docs/backtest_herefordshire.md anew.
"""

from __future__ import annotations

from pathlib import Path

from tests.backtest.council import DOCS, CouncilBacktest, Marks

HEREFORDSHIRE = CouncilBacktest(
    area="Herefordshire",
    config="herefordshire_2017",
    published_file=Path(__file__).with_name("herefordshire_published_2017_2019.csv"),
    page_file=DOCS / "backtest_herefordshire.md",
    marks=Marks(
        fewest_inside=10,
        widest={"turnover_rate_fte": 0.30, "vacancy_rate_fte": 0.25},
        largest_error={},
    ),
    notes=(
        "Start: 30 September 2017. Rates of leaving and joining are 2017's, shrunk half-way to"
        " England's, as Devon's. No earlier stock is published, so the first year's rate uses"
        " year-end stock. Sizes of between-year variation come from English councils with 60 to"
        " 130 FTE in post, Herefordshire left out, 2017 to 2019: Herefordshire has no earlier"
        " table. docs/calibration.md has the arithmetic, and what other seeds give."
    ),
)

if __name__ == "__main__":
    HEREFORDSHIRE.write_page()
