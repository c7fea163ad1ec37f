"""The manifest of a finished comparison, read back and checked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.config.errors import InputError
from sim.experiment.kept import UNFINISHED

MANIFEST = "manifest.json"
ASK_AGAIN = "Run caseholder compare again with --out"
_NEEDED = ("council", "scenarios", "seed", "replications", "caseholder_version")


def read_manifest(path: Path) -> Mapping[str, Any]:
    """What made a comparison.

    Args:
        path: of the manifest in the folder that `--out` named.

    Raises:
        InputError: there is none, it is not whole, or no comparison wrote it.
    """
    folder = path.parent
    if not path.is_file() and (folder / UNFINISHED).is_file():
        raise InputError(
            folder / UNFINISHED, "is a study that was broken off: it has no tables yet",
            "Go on with compare --resume",
        )  # fmt: skip
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise InputError(
            folder, "is no folder of a study: it holds no manifest.json", "Name what --out named"
        ) from None
    except (ValueError, RecursionError):
        raise InputError(path, "is not whole", ASK_AGAIN) from None
    lacking = [name for name in _NEEDED if not isinstance(found, dict) or name not in found]
    if lacking:
        raise InputError(path, f"names no {lacking[0]}: no comparison wrote it", ASK_AGAIN)
    return dict(found)
