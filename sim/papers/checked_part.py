"""How the model was checked: the back-test on all councils, and on this one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sim.papers.document import Block, Heading, Paragraph, Table
from sim.papers.pages import Section, all_councils, of_council

_SCORED = "80 % range"
_INSIDE = "Inside"


def checked(council: str) -> Iterator[Block]:
    """The section of how the model was checked, on all councils and on one of them."""
    yield Heading("How the model was checked")
    yield Paragraph(
        "The model was run from past years, with later years unseen, and held against what the"
        " Department for Education then published. What follows was recorded when this version was"
        " released; this paper runs no test."
    )
    yield Heading("All councils", 2)
    found = [s for s in all_councils() if any(_is_of_scores(table) for table in s.tables)]
    if not found:
        yield Paragraph("No back-test of all councils is recorded with this version.")
    for section in found:
        yield from _whole(section, section.heading)
    yield Heading(f"This council: {council}", 2)
    yield from _own(council)


def _is_of_scores(table: Table) -> bool:
    return any(_SCORED in column for column in table.columns)


def _own(council: str) -> Iterator[Block]:
    pages = of_council(council)
    for title, sections in pages:
        found = [s for s in sections if any(_INSIDE in t.columns for t in s.tables)]
        for place, section in enumerate(found):
            heading = f"{title}: {section.heading}"
            if place == 0:
                yield from _whole(section, heading)
            else:
                yield Paragraph(f"{heading}. {' '.join(_after_table(section.blocks))}")
    if not pages:
        yield Paragraph(
            f"No back-test of {council} alone is recorded: only that of all councils together says"
            " how far to trust these figures."
        )


def _whole(section: Section, caption: str) -> Iterator[Block]:
    for block in section.blocks:
        yield replace(block, caption=caption) if isinstance(block, Table) else block


def _after_table(blocks: Sequence[Paragraph | Table]) -> list[str]:
    """What a section says below its table: how many figures lie inside, and marks missed."""
    last = max(i for i, block in enumerate(blocks) if isinstance(block, Table))
    return [block.text for block in blocks[last + 1 :] if isinstance(block, Paragraph)]
