"""Keys of blocks: a hash of everything that their numbers hang on."""

from __future__ import annotations

import hashlib
from dataclasses import fields

from pydantic_core import to_json

from sim.experiment.provenance import fingerprint, own_measures
from sim.experiment.replicate import Study
from sim.experiment.runner import Block

_FOLLOWS = ("position", "known")
"""Fields of a Study that are worked out from the others."""


def study_digest(study: Study) -> str:
    """SHA-256 of all that a study's runs share, of the program, and of what it calculates with."""
    named = {field.name: getattr(study, field.name) for field in fields(study)}
    stated = {name: value for name, value in named.items() if name not in _FOLLOWS}
    digest = hashlib.sha256(fingerprint().encode())
    digest.update(to_json(stated))
    # What a kind of the user's own does stands in no config, and in no source of the program.
    if own := own_measures(study.scenarios):
        digest.update(to_json(own))
    return digest.hexdigest()


def block_key(digest: str, block: Block) -> str:
    """Key of one block of a study.

    Args:
        digest: of the study (study_digest).
        block: its tasks.
    """
    found = hashlib.sha256(digest.encode())
    found.update(to_json([(task.pair, task.draw, task.conditions) for task in block]))
    return found.hexdigest()
