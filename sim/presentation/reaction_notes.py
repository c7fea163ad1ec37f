"""Notes on managers who react when many children wait, and on runs that run away all the same."""

from __future__ import annotations

import numpy as np

from sim.config.counted import counted
from sim.experiment.compare import Comparison, headline_column
from sim.outcomes.runaway import MONTHS, SHARE, runs_away
from sim.presentation.words import listed

MOST_NAMED = 5
"""Runs that are named at most; the others are counted."""
_ACTS = ("workers_lent_fte", "limits_lifted", "agency_bought_fte")


def reaction_notes(comparison: Comparison) -> list[str]:
    """What managers did, referrals turned away counted, and which runs run away."""
    if not comparison.has_casework:
        return []
    reacts = comparison.study.options.reaction
    told = [_turned_away(comparison, s) for s in range(len(comparison.scenarios))] if reacts else [
        "Managers do not react when many children wait (--reaction off)."
    ]  # fmt: skip
    return told + [_runaway(comparison, s) for s in range(len(comparison.scenarios))]


def _turned_away(comparison: Comparison, scenario: int) -> str:
    """How often managers reacted by the headline's date, and how many were turned away."""
    column = headline_column(comparison)
    values = comparison.average.values
    turned_away = values(scenario, "turned_away")[:, column]
    acts = [values(scenario, name)[:, : column + 1].max(axis=1) for name in _ACTS]
    reacted = (np.max(acts, axis=0) > 0.0) | (turned_away > 0.0)
    date = f"{comparison.dates[column]:%d %B %Y}"
    label = comparison.scenarios[scenario].label
    if not reacted.any():
        return f"{label}: in no run do so many children wait by {date} that managers react."
    bought = values(scenario, "agency_bought_fte")[:, column].mean()
    return (
        f"{label}: by {date} managers have reacted to children who wait in"
        f" {reacted.sum()} of {counted(len(reacted), 'run')}; agency bought for it stands at"
        f" {bought:.1f} FTE, and raised thresholds have"
        f" turned away {turned_away.mean():.1f} referrals (means; most in a run:"
        f" {turned_away.max():.0f})."
    )


def _runaway(comparison: Comparison, scenario: int) -> str:
    """Runs in which very many children wait for long, whatever managers do; empty without any."""
    variant = comparison.variants[0]
    waiting = variant.values(scenario, "unallocated")
    away = np.flatnonzero(runs_away(waiting, variant.values(scenario, "open_children")))
    if not len(away):
        return ""
    names = [f"--draw {variant.draws[run]:.0f} --replication {run}" for run in away[:MOST_NAMED]]
    others = f", and {len(away) - MOST_NAMED} more" if len(away) > MOST_NAMED else ""
    return (
        f"{comparison.scenarios[scenario].label}: {len(away)} of {counted(len(waiting), 'run')}"
        f" {'gets' if len(away) == 1 else 'get'} out of hand, more than {100 * SHARE:.0f} % of open"
        f" children waiting for {counted(MONTHS, 'month')} on end: {listed(names)}{others}. No"
        " council would let it come to this: read means with care."
    )
