"""What a paper tells of each option: which indicator, in which words."""

from __future__ import annotations

from dataclasses import dataclass

from sim.papers.phrases import Size, change, decimals, fte, level, points
from sim.papers.rows import CHANGE, LEVEL, Row
from sim.papers.study import Option, PaperStudy


@dataclass(frozen=True)
class Told:
    """One thing that is told of every option.

    Attributes:
        indicator: its name in the tables.
        words: heading of its column, with its unit.
        size: how its numbers are written.
        more, fewer: words for an increase and a decrease.
        unit, change_unit: behind each number of a level, and of a change.
        better: 1 where more is better, -1 where less is, 0 where neither.
    """

    indicator: str
    words: str
    size: Size
    more: str = "more"
    fewer: str = "fewer"
    unit: str = ""
    change_unit: str = ""
    better: int = 0

    def level(self, study: PaperStudy, option: Option) -> str:
        """What an option comes to on the headline's date."""
        return self.level_of(self.row(study, option, LEVEL))

    def level_of(self, row: Row | None) -> str:
        """A level in words."""
        return level(row, self.size, self.unit)

    def change(self, study: PaperStudy, option: Option) -> str:
        """What it changes against doing nothing."""
        found = self.row(study, option, CHANGE)
        return change(found, self.size, self.more, self.fewer, self.change_unit)

    def row(self, study: PaperStudy, option: Option, kind: str) -> Row | None:
        """The row that these are told from."""
        return study.rows.find(kind, option.key, self.indicator, study.headline)

    def is_told(self, study: PaperStudy) -> bool:
        """Whether the study has it for any option."""
        return any(self.row(study, option, LEVEL) for option in study.options)


SOCIAL_WORKERS = Told("inpost_fte", "Social workers in post, FTE", fte, better=1)
PEOPLE = Told("inpost_all_roles_fte", "People in post, all simulated roles, FTE", fte, better=1)
AGENCY = Told("agency_fte", "Agency workers, FTE", fte, better=-1)
POSTS = Told("funded_posts_all_roles_fte", "Posts open on the day, FTE", fte)
WORKLOAD = Told(
    "load", "Workload, % of a full caseload", points, "higher", "lower", " %", " points", -1
)
IN_CARE = Told(
    "in_care_changed_twice_share", "Children in care with two or more changes of worker in"
    " a year, %", points, "more", "fewer", " %", " points", -1,
)  # fmt: skip
ANY_CHILD = Told(
    "changed_worker_twice_share", "Children with two or more changes of worker in a year, %",
    points, "more", "fewer", " %", " points", -1,
)  # fmt: skip
CHANGES = Told(
    "changes_of_worker_per_child", "Changes of worker per child in a year", decimals, better=-1
)
UNALLOCATED = Told("unallocated", "Children without a worker", fte, better=-1)
EFFECTS = (SOCIAL_WORKERS, PEOPLE, AGENCY, WORKLOAD, IN_CARE, ANY_CHILD, UNALLOCATED)
"""What the effects of options are told by, as far as the study has it."""


def effects(study: PaperStudy) -> tuple[Told, ...]:
    """The effects that a study has numbers for; of all children only where it has none in care."""
    found = tuple(told for told in EFFECTS if told.is_told(study))
    return tuple(t for t in found if t is not ANY_CHILD or IN_CARE not in found)
