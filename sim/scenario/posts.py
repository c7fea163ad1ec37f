"""Extra posts, of any role. Funding a post is not filling it: the engine decides who comes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sim.config.council import MOST_TEAMS, Key, PostsFte
from sim.config.quantity import Frozen
from sim.config.roles import REGISTERED_ROLES, Role
from sim.scenario.effects import Effects, NewPosts
from sim.scenario.measure import Measure
from sim.scenario.of_council import PLACED


class PostsInTeam(Frozen):
    """Posts of one role in one team."""

    team: Key
    role: Role
    fte: PostsFte


class ExtraPosts(Measure):
    """Posts added to the establishment. Acts through hiring alone; of size 0 it changes nothing.

    Business support and family practitioners free social work time in their team once somebody
    holds the post; personal advisers, and family practitioners where the law lets them, hold cases.
    What it does not do: academy posts are filled and paid, with no effect; so are recruitment posts
    that no recruitment_team names.

    Attributes:
        posts: by team and role. In a file an item may also have `team = "all"`, for posts divided
            among the teams by their shares of the work, and `share_of_establishment` in place of
            `fte`: both are worked out once the council is known.
    """

    kind: Literal["extra_posts"]
    posts: Annotated[
        tuple[PostsInTeam, ...], Field(min_length=1, max_length=MOST_TEAMS * len(Role)), PLACED
    ]

    @model_validator(mode="after")
    def _each_place_once(self) -> Self:
        places = [(item.team, item.role) for item in self.posts]
        twice = [place for place in places if places.count(place) > 1]
        if twice:
            raise ValueError(
                f"{twice[0][1].value} posts in {twice[0][0]} are listed twice|Add them together"
            )
        return self

    @property
    def funded_fte(self) -> float:
        """FTE of all its posts."""
        return sum(item.fte for item in self.posts)

    @property
    def teams_in_scope(self) -> tuple[str, ...]:
        """Teams that get posts."""
        return tuple(dict.fromkeys(item.team for item in self.posts))

    @property
    def places(self) -> tuple[tuple[str, Role], ...]:
        """Where its posts are."""
        return tuple((item.team, item.role) for item in self.posts if item.fte > 0)

    @property
    def reaches_somebody(self) -> bool:
        """Whether it creates any post."""
        return self.funded_fte > 0

    @property
    def registered_teams(self) -> tuple[str, ...]:
        """Teams that get registered social work posts."""
        return tuple(
            item.team for item in self.posts if item.role in REGISTERED_ROLES and item.fte > 0
        )

    def effects(self, values: Mapping[str, float]) -> Effects:
        """New posts from `start` to the last day."""
        return Effects(posts=new_posts(self.posts, self.start, self.until))


def new_posts(
    posts: tuple[PostsInTeam, ...], start: dt.date, until: dt.date | None
) -> tuple[NewPosts, ...]:
    """The mechanism of posts, those of no FTE left out."""
    return tuple(
        NewPosts(team=item.team, role=item.role, fte=item.fte, start=start, until=until)
        for item in posts
        if item.fte > 0
    )


def funds_posts_alone(measures: Sequence[Measure]) -> bool:
    """Whether posts are all that measures change: people per post then tells what a post brings.

    Pay and people from abroad bring people whom no post brought.
    """
    acting = [measure for measure in measures if measure.has_effect]
    return bool(acting) and all(isinstance(measure, ExtraPosts) for measure in acting)
