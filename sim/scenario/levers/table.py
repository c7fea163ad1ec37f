"""The levers, once: name, unit, typical size, range, and the kinds of measure that each makes.

The command line's help, the checks of what is typed and every other face read this table.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.config.errors import InputError
from sim.config.nearest import did_you_mean

MOST_POSTS = 1_000
"""More than any council of England has."""


@dataclass(frozen=True)
class Lever:
    """One thing that a planner may ask for.

    Attributes:
        name: as Python names it; the command line's option follows from it.
        label: as a heading.
        meaning: what it does, in a sentence.
        unit: what a size is counted in.
        typical: a size that a council might choose, as it would be typed.
        evidence: what its effect, or its cost, rests on.
        kinds: kinds of measure that it makes; none for what only says more about the others.
        low, high: the range of its size; None for what has none.
        whole: whether its size is a whole number.
        is_switch: whether it is on or off, without a size.
        by_team: whether it can be for one team; the others are the whole council's.
        typed: its option where that is not its name.
    """

    name: str
    label: str
    meaning: str
    unit: str
    typical: str
    evidence: str
    kinds: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    whole: bool = False
    is_switch: bool = False
    by_team: bool = False
    typed: str = ""

    @property
    def option(self) -> str:
        """How it is typed on the command line."""
        return f"--{self.typed or self.name}"

    @property
    def help(self) -> str:
        """What it does, its unit and a typical size."""
        return f"{self.meaning} Unit: {self.unit}. Typical: {self.typical}."

    def refuse(self, value: object, problem: str, remedy: str) -> InputError:
        """The error that a value is refused with: lever, value, remedy."""
        return InputError(self.option, f"'{value}' {problem}", remedy)


POSTS, TEAM, CUT, SUPPLEMENT, RETENTION, OVERSEAS, BURSARIES, APPRENTICESHIPS = (
    Lever(
        "posts",
        "Posts",
        "Posts funded; less than none cuts posts. A number alone is social workers; or name roles:"
        " social_worker=24,business_support=10.",
        "FTE",
        "48",
        "how hiring responds to vacancies is judged; pay of a post is the council's unit cost",
        ("extra_posts", "cut_posts"),
        -MOST_POSTS,
        MOST_POSTS,
        by_team=True,
    ),
    Lever(
        "team",
        "Team",
        "The one team that posts, pay, relocation and the Academy are for; all if none is named.",
        "a team's name",
        "child protection",
        "posts for all teams are divided by their shares of the work",
    ),
    Lever(
        "cut",
        "How posts are cut",
        "leave: empty posts go first, the rest as people leave. notice: held posts end at once;"
        " their holders move to empty posts, or leave with notice and redundancy pay.",
        "leave or notice",
        "leave",
        "notice is as long as that of the workers; redundancy pay is judged",
    ),
    Lever(
        "supplement",
        "Salary supplement",
        "Extra pay for social workers, senior practitioners and team managers.",
        "pounds a year for each FTE, before on-costs",
        "3000",
        "how far pay keeps and draws people is borrowed from nurses and teachers",
        ("salary_supplement",),
        0,
        50_000,
        whole=True,
        by_team=True,
    ),
    Lever(
        "retention",
        "Retention payment",
        "A payment to social workers, senior practitioners and team managers for each twelve months"
        " that they stay.",
        "pounds for each FTE",
        "5000",
        "how far pay keeps people is borrowed from nurses and teachers",
        ("retention_payment",),
        0,
        100_000,
        whole=True,
        by_team=True,
    ),
    Lever(
        "overseas",
        "Overseas recruitment",
        "Offers to social workers abroad that are paid for; how many find somebody is judged.",
        "offers a year",
        "14",
        "none to all of the offers find somebody; Devon found 12 in its one campaign",
        ("overseas_recruitment",),
        0,
        500,
        whole=True,
    ),
    Lever(
        "bursaries",
        "Bursaries",
        "Students paid a bursary, who come once they are qualified.",
        "places a year",
        "6",
        "places, length and tie-in are judged, as in Devon's package",
        ("bursaries",),
        0,
        500,
        whole=True,
    ),
    Lever(
        "apprenticeships",
        "Apprenticeships",
        "Apprentices, who come once they are qualified, three years later.",
        "places a year",
        "4",
        "lost working time and supervision are judged, as in Devon's package",
        ("apprenticeships",),
        0,
        500,
        whole=True,
    ),
)
RELOCATION, ACADEMY, START, MONEY = (
    Lever(
        "relocation",
        "Relocation allowance",
        "An allowance for experienced starters who move house.",
        "on or off",
        "on, about £8,000 for one who moves",
        "how many it draws is judged",
        ("relocation_allowance",),
        is_switch=True,
        by_team=True,
    ),
    Lever(
        "academy",
        "Social Work Academy",
        "Learning and support for newly qualified social workers; its staff are --posts academy=4.",
        "on or off",
        "on, about £1,700 for each newly qualified starter",
        "fewer leave early: from a study of one academy",
        ("social_work_academy",),
        is_switch=True,
        by_team=True,
    ),
    Lever(
        "start",
        "First day",
        "The day on which it all begins; the first day of the runs if none is named.",
        "a date",
        "2022-04-01",
        "the decision's own",
        typed="from",
    ),
    Lever(
        "money",
        "Money voted",
        "What is voted, by source of funds. Reserves and grants are for the one year after @, base"
        " is for that year and all later ones; without @ reserves and grants are for the year of"
        " the first day, base from the first full year. Without --money, what it costs is an"
        " answer.",
        "pounds a financial year",
        "reserves=1.1m@2021/22,base=3.4m",
        "the vote's own",
        low=0,
        high=1_000_000_000,
    ),
)
LEVERS = (
    POSTS, TEAM, CUT, SUPPLEMENT, RETENTION, OVERSEAS, BURSARIES, APPRENTICESHIPS, RELOCATION,
    ACADEMY, START, MONEY,
)  # fmt: skip
"""All levers, in the order in which help and files list them."""
BY_NAME = {lever.name: lever for lever in LEVERS}


def lever_called(name: str) -> Lever:
    """A lever by its name in Python.

    Raises:
        InputError: there is none; the nearest is offered.
    """
    if name not in BY_NAME:
        near = did_you_mean(name, BY_NAME)
        raise InputError(name, "is no lever", f"{near}Levers: {', '.join(BY_NAME)}")
    return BY_NAME[name]
