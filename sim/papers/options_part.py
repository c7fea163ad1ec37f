"""The options side by side: what each is, what it costs, what it changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.papers.document import Block, Bullets, Heading, Paragraph, Table
from sim.papers.measures import PEOPLE, POSTS, effects
from sim.papers.phrases import NOTHING, change, date, fte, level, pounds
from sim.papers.rows import LEVEL, MONEY
from sim.papers.study import Option, PaperStudy
from sim.papers.summary_part import planned_until
from sim.presentation.words import listed

REJECTED = "Rejected"


def standing(study: PaperStudy, option: Option, rejected: Sequence[str]) -> str:
    """Doing nothing, the package, an alternative, or one that was rejected."""
    if option == study.nothing:
        return "Do nothing"
    if option.key in rejected:
        return REJECTED
    return "Package" if option == study.chosen[0] else "Alternative"


def options(study: PaperStudy, rejected: Sequence[str]) -> Iterator[Block]:
    """The section of the options.

    Args:
        study: the study.
        rejected: keys of the options that the author rejects.
    """
    yield Heading("Options")
    order = in_order(study, rejected)
    yield Bullets(tuple(_what(study, option, rejected) for option in order))
    if not study.chosen:
        yield Paragraph("No alternative was run: this study has one option alone.")
    if study.compares:
        yield _costs(study, [o for o in order if o != study.nothing])
        yield from _effects(study, order)
    else:
        yield levels(study)


def in_order(study: PaperStudy, rejected: Sequence[str]) -> list[Option]:
    """Doing nothing, the package, alternatives, and rejected ones last."""
    ranks = ("Do nothing", "Package", "Alternative", REJECTED)
    return sorted(study.options, key=lambda o: ranks.index(standing(study, o, rejected)))


def _what(study: PaperStudy, option: Option, rejected: Sequence[str]) -> str:
    text = f"{standing(study, option, rejected)}: {option.name}"
    if option == study.nothing:
        return "Do nothing: the council goes on as it is."
    if option.posts_fte:
        size = abs(option.posts_fte)
        verb = "funds" if option.posts_fte > 0 else "cuts"
        text += f"; {verb} {fte(size)(size)} FTE of posts"
    elif option.posts_fte == 0:
        text += "; funds no posts"
    if not option.states_money:
        text += "; states no planned money"
    return f"{text}."


def _costs(study: PaperStudy, order: Sequence[Option]) -> Table:
    """Posts funded and filled, and the cost of what is gained."""
    until = date(study.headline)
    columns = (
        "Option", "Planned money to that date", "Net cost to that date", "Posts funded, FTE",
        "Posts open on that date, FTE (average)", "Extra people in post, FTE",
        "Net cost of an extra FTE-year",
    )  # fmt: skip
    return Table(
        f"Cost, and posts funded and filled, to {until}, against doing nothing ({study.spread})",
        columns,
        tuple((option.label, *_cost_cells(study, option)) for option in order),
        "Net cost is the change in all staffing money: what the option's lines spend, less what"
        " the council then spends less on its own staff and agency workers. Extra people count all"
        " simulated roles. A cost of an extra FTE-year without an upper end has none: in more"
        " than 1 run in 10 nobody is gained.",
        widths=(3, 2.5, 4, 2, 2.4, 3.6, 3.6),
    )


def _cost_cells(study: PaperStudy, option: Option) -> tuple[str, ...]:
    rows, planned = study.rows, planned_until(study, option)
    net = rows.find(MONEY, option.key, "net_cost_gbp", study.headline)
    posts = rows.find(LEVEL, option.key, POSTS.indicator, study.headline)
    return (
        pounds(planned)(planned) if option.states_money else "none stated",
        change(net, pounds, "more", "saved"),
        NOTHING if option.posts_fte is None else fte(option.posts_fte)(option.posts_fte),
        NOTHING if posts is None else fte(posts.mean)(posts.mean),
        PEOPLE.change(study, option),
        per_year(study, option),
    )


def per_year(study: PaperStudy, option: Option) -> str:
    """Net cost of an extra FTE-year in post, in words."""
    row = study.rows.find(MONEY, option.key, "cost_per_extra_fte_year_gbp", study.headline)
    if row is None or row.centre != row.centre:
        return "nobody gained" if row is not None else NOTHING
    write = pounds(row.centre)
    if row.has_range:
        return level(row, pounds)
    if row.low == row.low:
        return f"{write(row.low)} or more (middle {write(row.centre)})"
    return write(row.centre)


def _effects(study: PaperStudy, order: Sequence[Option]) -> Iterator[Table]:
    """What each option changes, a table for every three measures."""
    told = effects(study)
    for start in range(0, len(told), 3):
        part = told[start : start + 3]
        rows = [
            (
                o.label,
                *(m.level(study, o) if o == study.nothing else m.change(study, o) for m in part),
            )
            for o in order
        ]
        names = listed([measure.words.split(",")[0].lower() for measure in part])
        yield Table(
            f"What each option changes, {date(study.headline)} ({study.spread}): {names}",
            ("Option", *(measure.words for measure in part)),
            tuple(rows),
            "Doing nothing: the level that is reached. Options: the change against it.",
        )


def levels(study: PaperStudy) -> Table:
    """What one option alone comes to."""
    option = study.options[0]
    told = effects(study)
    return Table(
        f"{option.label}: {date(study.headline)} ({study.spread})",
        ("Measure", "Level"),
        tuple((measure.words, measure.level(study, option)) for measure in told),
    )
