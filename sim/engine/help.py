"""Help with hiring: how strongly recruitment teams and recruiters act, reviewed monthly."""

from __future__ import annotations

from collections.abc import Sequence

from sim.config.roles import Role
from sim.engine.entities import Post
from sim.engine.rules import helped_multiplier, in_order_sum
from sim.engine.world import World
from sim.inputs.plan import HelpPlan, Market

Factors = tuple[float, float, float]
"""Multipliers of step lengths, of drop-out, and of attractiveness."""
_NO_HELP: Factors = (1.0, 1.0, 1.0)


class Help:
    """Multipliers in force from one monthly review to the next; 1 where nobody helps."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._lines = list(dict.fromkeys(part.line for part in world.plan.help))
        self._factors: dict[tuple[int, Role], Factors] = {}
        self.largest_pull = 1.0

    def refresh(self) -> None:
        """The monthly review: who holds the posts of each line that helps."""
        if not self._lines:
            return
        self._factors.clear()
        now = self._world.now
        for line in self._lines:
            parts = [part for part in self._world.plan.help if part.line == line]
            in_force = [part for part in parts if part.start_day <= now < part.end_day]
            if in_force:
                self._add(line, in_force)
        self.largest_pull = max([1.0, *(pull for _, _, pull in self._factors.values())])

    def _add(self, line: int, parts: Sequence[HelpPlan]) -> None:
        """Put a line's help on the cells in its scope."""
        first = parts[0]
        strength = in_order_sum(part.share for part in parts)
        if first.by_own_posts:
            strength *= self._held_share(line)
        own = tuple(
            helped_multiplier(full, strength)
            for full in (first.steps, first.drop_out, first.attractiveness)
        )
        for cell in first.cells:
            old = self._factors.get(cell, _NO_HELP)
            self._factors[cell] = (old[0] * own[0], old[1] * own[1], old[2] * own[2])

    def _held_share(self, line: int) -> float:
        """Share of a line's open posts, by FTE, that somebody holds."""
        accounts = self._world.plan.accounts
        mine = [p for p in self._world.posts if accounts[p.plan.account].line == line and p.is_open]
        held = in_order_sum(post.fte for post in mine if post.holder is not None)
        return held / in_order_sum(post.fte for post in mine) if mine else 0.0

    def _of(self, post: Post) -> Factors:
        return self._factors.get((post.team, post.role), _NO_HELP)

    def steps(self, post: Post) -> float:
        """Multiplier of the lengths of approval and selection."""
        return self._of(post)[0]

    def drop_out(self, post: Post) -> float:
        """Multiplier of drop-out between offer and start."""
        return self._of(post)[1]

    def pull(self, post: Post) -> float:
        """Multiplier of attractiveness."""
        return self._of(post)[2]

    def ready_days(self, post: Post, market: Market) -> float:
        """From acceptance to start: checks are helped, the candidate's own notice is not."""
        steps = self._of(post)[0]
        if steps == 1.0:
            return market.ready_days
        return max(market.checks_days * steps, min(market.ready_days, market.notice_days))
