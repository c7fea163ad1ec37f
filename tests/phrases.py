"""Phrases that readers do not know, with what to say in their place."""

from __future__ import annotations

import re
from collections.abc import Iterator

INSTEAD = {
    r"95 % (confidence )?interval": "range of 8 runs in 10, or of 19 in 20",
    r"two fates": "two runs of chance",
    r"(?<![-_`])\bpairs of runs|\d pairs\b": "paired runs",
    r"(?<![-_])\bgamma\b(?!_)": "how hiring responds to vacancies",
    r"vacancy elasticity": "how hiring responds to vacancies",
    r"load loop": "overload makes people leave",
    r"lost by teams": "change in teams that get no post",
    r"funding posts raises it": "(nothing)",
    r"weighted load": "workload, % of a full caseload",
    r"net against its budget": "under (-) and over (+) what was voted",
    r"\bunspent\b": "under what was voted",
    r"(?<![_.])\byield\b(?![_.:])": "people gained per post open that day",
    r"posts uncovered": "empty posts without agency cover",
    r"today's establishment": "posts that exist today",
    r"to recruit: filled": "of the 100 posts vacant on that day, filled",
    r"days to fill a vacancy": "how long posts filled this year had stood empty",
    r"(?<![\"'])(?<!that )\bday 0\b(?![\"']|\.\d)": "the date",
    r"well formed": "no mistake in how it is written; figures not checked against anything",
    r"grade J\b": "judgement",
    r"\blast in\b": "lost if dropped from the package",
    r"\bsp(end|ent|ending) less\b(?! than)|\bless (the )?(budget|planned)\b": "minus",
    r"deadweight": "paid to people who would have been in post anyway",
    r"\bcashable\b": "saves cash",
    r"\bhangs? (up)?on\b": "depend on",
    r"\bwhoever\b": "who",
    r"\bwhose luck\b": "random numbers",
    r"\bbefalls?\b": "affects",
    r"\bnoughts?\b": "zeros",
    r"\blet(s|ting)? go of\b": "release",
    r"\bput off\b": "deferred",
}
"""Regular expressions, read without regard to case and to line breaks."""

ON_SCREEN = {
    r"(?<![-_])\bdraws?\b(?! more| less)": "set of assumptions",
    r"(?<![-_])\bfates?\b": "runs of chance",
}
"""Words of the documentation that a screen does not explain."""

_SPACE = re.compile(r"\s+")


def found_in(text: str, *, on_screen: bool = False) -> Iterator[str]:
    """Each unknown phrase of a text with its surroundings and what to say in its place."""
    flat = _SPACE.sub(" ", text)
    for phrase, instead in (INSTEAD | ON_SCREEN if on_screen else INSTEAD).items():
        for match in re.finditer(phrase, flat, re.IGNORECASE):
            around = flat[max(0, match.start() - 30) : match.end() + 30]
            yield f"'{around}': say {instead}"
