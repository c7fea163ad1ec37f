"""The sections of money: unit costs and the price of agency staff."""

from __future__ import annotations

from sim.config.sources import Mark
from sim.published.council_file.known import Known
from sim.published.council_file.lines import Line, Section
from sim.published.council_file.quantities import as_table

DEFAULT = "england_default"


def money(known: Known) -> tuple[Section, Section]:
    """No council's pay is in the tables: England's defaults, to be replaced by its own."""
    prices = known.england.money
    return (
        Section(
            "money",
            (
                Line("price_year", prices.price_year),
                _line("agency_premium", as_table(prices.agency_premium)),
            ),
            "No pay is published by council: national defaults, but for what is called judgement."
            " Put your own in: cost to the employer of a full-time year",
        ),
        Section(
            "money.unit_cost",
            tuple(_line(role.value, as_table(cost)) for role, cost in prices.unit_cost.items()),
        ),
    )  # fmt: skip


def _line(key: str, table: dict[str, object]) -> Line:
    is_default = table["source"] == DEFAULT
    return Line(
        key, table, Mark.NATIONAL if is_default else None, "" if is_default else "judgement"
    )
