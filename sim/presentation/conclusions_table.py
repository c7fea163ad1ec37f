"""The table of conclusions: in how many draws each holds, and where it is weakest."""

from __future__ import annotations

from collections.abc import Sequence

from sim.experiment.conclusions import Robustness
from sim.presentation.cells import Cell, Cells, Number
from sim.presentation.number_words import called

COLUMNS = (
    "Conclusion", "Holds in % of sets", "Sets", "Weakest where", "There, %", "Rank link",
    "Lowest third, %",
)  # fmt: skip


def conclusion_rows(found: Sequence[Robustness]) -> list[Cells]:
    """A row for each conclusion."""
    return [
        (
            one.claim.text,
            Number(100 * one.share),
            Number(one.draws),
            *_weakest(one),
            "" if one.lowest is None else Number(100 * one.lowest.share),
        )
        for one in found
    ]


THIRDS = ("conclusion", "judged_number", "third", "holds_share", "draws", "rank_correlation")


def third_rows(found: Sequence[Robustness]) -> list[tuple[str, ...]]:
    """A row for each conclusion and third of a judged number."""
    return [
        (
            one.claim.text,
            region.key,
            region.end,
            f"{region.share:.3f}",
            str(region.draws),
            f"{region.correlation:.3f}",
        )
        for one in found
        for region in one.regions
    ]


def how_to_read(judged: int) -> str:
    """What the last columns mean."""
    return (
        "A set of assumptions is one value for each number that is not known. 'Weakest where' names"
        f" the third of a judged number ({judged} are judgement) in which the conclusion holds"
        " least, among those whose rank correlation with it, the rank link, is more than the best"
        " of so many would show by chance; 'nowhere' means that none is. The last column is the"
        " lowest share in any"
        " third of any judged number: with so many thirds it is below the whole by chance alone."
    )


def _weakest(one: Robustness) -> tuple[Cell, Cell, Cell]:
    """The third in which a conclusion holds least, how often it does there, and its correlation."""
    if one.lowest is None:
        return "too few sets", "", ""
    if one.weakest is None:
        return "nowhere beyond chance", "", ""
    region = one.weakest
    share, correlation = Number(100 * region.share), Number(region.correlation, 2)
    return f"{called(region.key)}: {region.end}", share, correlation
