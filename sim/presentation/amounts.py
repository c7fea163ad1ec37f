"""Amounts in the cells of the headline tables, in a councillor's words."""

from __future__ import annotations

import math


def fte(value: float, signed: bool = False) -> str:
    """An FTE with one decimal."""
    return _signed(value, f"{abs(value):.1f}", signed)


def signed_fte(value: float) -> str:
    """A change in FTE, with its sign."""
    return fte(value, signed=True)


def pounds(value: float, signed: bool = False) -> str:
    """Pounds: millions with two decimals from a million, whole thousands, or whole pounds."""
    size = abs(value)
    if size >= 999_500:
        return _signed(value, f"£{size / 1e6:.2f}m", signed)
    return _signed(value, f"£{size / 1e3:.0f}k" if size >= 999.5 else f"£{size:.0f}", signed)


def thousands(value: float, signed: bool = False) -> str:
    """Thousands of pounds for a table that adds up: whole ones, one decimal below the first."""
    size = abs(value) / 1e3
    small = 0.05 <= size < 0.95
    return _signed(value, f"{size:.1f}" if small else f"{size:,.0f}", signed)


def signed_thousands(value: float) -> str:
    """The same with its sign: under (-) or over (+)."""
    return thousands(value, signed=True)


def percent(value: float) -> str:
    """A share as whole per cent."""
    return "" if math.isnan(value) else f"{value * 100:.0f} %"


def points(value: float) -> str:
    """A change in a share as whole percentage points, with its sign."""
    text = _signed(value, f"{abs(value) * 100:.0f}", signed=True)
    return f"{text} pts" if text else ""


def days(value: float) -> str:
    """Whole days."""
    return _signed(value, f"{abs(value):.0f}", signed=False)


def signed_days(value: float) -> str:
    """A change in whole days, with its sign."""
    return _signed(value, f"{abs(value):.0f}", signed=True)


def decimals(value: float) -> str:
    """A number with two decimals."""
    return _signed(value, f"{abs(value):.2f}", signed=False)


def signed_decimals(value: float) -> str:
    """A change in a number with two decimals, with its sign."""
    return _signed(value, f"{abs(value):.2f}", signed=True)


def _signed(value: float, text: str, signed: bool) -> str:
    if math.isnan(value):
        return ""
    zero = not any(character in "123456789" for character in text)
    if value < 0 and not zero:
        return f"−{text}"
    return f"+{text}" if signed and not zero else text
