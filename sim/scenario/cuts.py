"""Posts taken out of the establishment: emptied as people leave, or at once with notice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from sim.config.council import MOST_TEAMS, Council
from sim.config.quantity import Flag
from sim.config.roles import Role
from sim.scenario.effects import Effects, PostCut
from sim.scenario.measure import Measure
from sim.scenario.of_council import PLACED
from sim.scenario.posts import PostsInTeam


class CutPosts(Measure):
    """The council's own posts of some teams and roles, taken out from the first month's end on.

    Posts that stand empty with nobody in hand go first, in random order;
    what is left goes as people leave, and nobody is dismissed. With notice, held posts end first:
    their holders move to an empty post of the role, as where a fixed term ends, or leave after
    notice, and a cost per "redundancy" is paid for each who leaves so.
    What it does not do: posts of measures stay; nobody is offered a post of another role; the
    council's own growth goes on beside it.

    Attributes:
        posts: how many FTE go, by team and role. In a file an item may have `team = "all"` and
            `share_of_establishment`, as extra posts have.
        with_notice: whether held posts end at once.
    """

    kind: Literal["cut_posts"]
    posts: Annotated[
        tuple[PostsInTeam, ...], Field(min_length=1, max_length=MOST_TEAMS * len(Role)), PLACED
    ]
    with_notice: Flag = False

    @property
    def cut_fte(self) -> float:
        """FTE of all that it takes out."""
        return sum(item.fte for item in self.posts)

    @property
    def teams_in_scope(self) -> tuple[str, ...]:
        """Teams that lose posts."""
        return tuple(dict.fromkeys(item.team for item in self.posts))

    @property
    def roles_in_scope(self) -> tuple[Role, ...]:
        """Roles that lose posts."""
        return tuple(dict.fromkeys(item.role for item in self.posts))

    @property
    def reaches_somebody(self) -> bool:
        """Whether it takes any post out."""
        return self.cut_fte > 0

    def effects(self, values: Mapping[str, float]) -> Effects:
        """Posts taken out from `start` on."""
        return Effects(
            cuts=tuple(
                PostCut(
                    team=item.team,
                    role=item.role,
                    fte=item.fte,
                    with_notice=self.with_notice,
                    start=self.start,
                )
                for item in self.posts
                if item.fte > 0
            )
        )

    def faults(self, council: Council) -> str | None:
        """Posts that are cut do not come back, and no place is cut twice."""
        if self.end is not None:
            return "posts that are cut do not come back|Leave out end; add posts on a later line"
        places = [(item.team, item.role) for item in self.posts]
        twice = [place for place in places if places.count(place) > 1]
        if twice:
            return f"{twice[0][1].value} posts in {twice[0][0]} are listed twice|Add them together"
        return super().faults(council)
