"""What every test shares: the `fast` marker, and the list of the project's files."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Folders that hold nothing of the project's own; used only where git cannot say.
NOT_PROJECT = {".git", ".venv", "results", "build", "dist", "__pycache__"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as `fast` every test that is not marked `slow`."""
    for item in items:
        if item.get_closest_marker("slow") is None:
            item.add_marker(pytest.mark.fast)
        elif item.get_closest_marker("fast") is not None:
            raise pytest.UsageError(f"{item.nodeid} is marked both fast and slow")


def files_git_knows(root: Path) -> list[str]:
    """Files tracked or not ignored, relative to `root`; none where there is no repository."""
    command = ["git", "-c", f"safe.directory={root.as_posix()}", "ls-files", "-z"]
    command += ["--cached", "--others", "--exclude-standard"]
    if not (root / ".git").exists():
        return []
    listing = subprocess.run(command, cwd=root, capture_output=True, check=True).stdout
    names = {os.fsdecode(name) for name in listing.split(b"\0") if name}
    return sorted(name for name in names if os.path.lexists(root / name))


def files_in_tree(root: Path) -> list[str]:
    """The same list for a copy of the project without its repository."""
    found = []
    for folder, inside, names in os.walk(root):
        inside[:] = [
            name
            for name in inside
            if name not in NOT_PROJECT and not name.endswith((".egg-info", "_cache"))
        ]
        found += [(Path(folder) / name).relative_to(root).as_posix() for name in names]
    return sorted(found)


@pytest.fixture(scope="session")
def root() -> Path:
    """The top folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def project_files() -> list[str]:
    """Every file of the project, tracked or not yet tracked, relative to the top folder."""
    files = files_git_knows(ROOT) or files_in_tree(ROOT)
    assert "pyproject.toml" in files, "the list of the project's files is wrong"
    return files
