"""What the paper's author has to write: the program can't know it."""

from __future__ import annotations

from collections.abc import Iterator

from sim.papers.document import Block, Bullets, Heading, Paragraph


def recommendation() -> Iterator[Block]:
    """Left open: the figures recommend nothing."""
    yield Heading("Recommendation")
    yield Paragraph(
        "To be written by the author. The figures below recommend nothing: they say what each"
        " option may bring and cost.",
        prompt=True,
    )


def prompts() -> Iterator[Block]:
    """Equality duty, community impact, legal implications, risks and consultees."""
    yield Heading("Equality duty")
    yield Paragraph(
        "Under section 149 of the Equality Act 2010 the council must have due regard to the need to"
        " eliminate discrimination, advance equality of opportunity and foster good relations. The"
        " model knows nobody's protected characteristics: it can't tell who gains and who loses."
    )
    yield Bullets(
        (
            "Which staff are in the teams and roles that the options reach, by protected"
            " characteristic? Who is left out of pay and payments?",
            "Which children and families have the most changes of worker or wait longest, by age,"
            " ethnicity, disability and place?",
            "Does recruitment abroad or outside the area raise duties of its own?",
            "Is an equality impact assessment attached?",
        ),
        prompt=True,
    )
    yield Heading("Community impact")
    yield Bullets(
        (
            "Which aims of the corporate plan and of the children and young people's plan does"
            " this serve?",
            "What does it mean for children in care and care leavers, for whom the council is"
            " corporate parent?",
            "What changes for schools, health and police who work with the same families?",
            "What happens to neighbouring councils whose staff may be drawn away?",
        ),
        prompt=True,
    )
    yield Heading("Legal implications, consultees and background papers")
    yield Bullets(
        (
            "Legal implications, and who advised.",
            "Who was consulted: staff, trade unions, children and young people, members.",
            "Background papers and appendices.",
        ),
        prompt=True,
    )
