"""Help with hiring: a recruitment team of the council's own, or an outside recruiter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sim.config.roles import Role
from sim.scenario.effects import Effects, HiringHelp
from sim.scenario.posts import PostsInTeam, new_posts
from sim.scenario.scoped import ScopedMeasure


class _Help(ScopedMeasure):
    """Help with hiring to the posts in scope."""

    def _help(self, by_own_posts: bool) -> HiringHelp:
        return HiringHelp(
            teams=self.teams,
            roles=self.roles,
            by_own_posts=by_own_posts,
            start=self.start,
            until=self.until,
        )


class RecruitmentTeam(_Help):
    """Recruitment posts whose holders help with hiring.

    Shortens approval, selection and checks, lowers drop-out between offer and start, and raises
    attractiveness (market_measures), in proportion to the share of its posts that somebody holds
    at the monthly review. What it does not do: it helps with no newly qualified cohort, and posts
    that stand empty help with nothing.
    """

    kind: Literal["recruitment_team"]
    posts: Annotated[tuple[PostsInTeam, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _recruits(self) -> Self:
        other = [item.role.value for item in self.posts if item.role is not Role.RECRUITMENT]
        if other:
            raise ValueError(
                f"posts of a recruitment team are {other[0]}"
                "|Give them role = 'recruitment', or use a line of extra_posts"
            )
        return self

    @property
    def funded_fte(self) -> float:
        """FTE of its own posts."""
        return sum(item.fte for item in self.posts)

    @property
    def places(self) -> tuple[tuple[str, Role], ...]:
        """Where its own posts are."""
        return tuple((item.team, item.role) for item in self.posts if item.fte > 0)

    @property
    def reaches_somebody(self) -> bool:
        """Whether it has any post."""
        return self.funded_fte > 0

    def effects(self, values: Mapping[str, float]) -> Effects:
        """Its posts, and the help of those who hold them."""
        return Effects(
            posts=new_posts(self.posts, self.start, self.until),
            help=(self._help(by_own_posts=True),) if self.funded_fte else (),
        )


class ExternalRecruiter(_Help):
    """A recruitment agency for permanent posts in scope; its fee is a cost per starter.

    Acts as a fully staffed recruitment team does. What it does not do: it brings no agency
    workers, and it is paid for every experienced starter in scope unless its cost says a share.
    """

    kind: Literal["external_recruiter"]

    def effects(self, values: Mapping[str, float]) -> Effects:
        """Help at full strength."""
        return Effects(help=(self._help(by_own_posts=False),))
