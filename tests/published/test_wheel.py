"""The tables in an installed product: a wheel carries them."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

BUILD = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
LIST = "from sim.cli import main; main()"


@pytest.mark.slow
def test_a_wheel_lists_the_councils(root: Path, project_files: list[str], tmp_path: Path) -> None:
    copy, wheels, installed = tmp_path / "copy", tmp_path / "wheels", tmp_path / "installed"
    wheels.mkdir()
    for name in project_files:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / name, copy / name)
    subprocess.run([sys.executable, "-c", BUILD, wheels], cwd=copy, check=True, capture_output=True)
    (wheel,) = wheels.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    command = [sys.executable, "-c", LIST, "council", "list", "--region", "South West"]
    said = subprocess.run(
        command, cwd=installed, check=True, capture_output=True, text=True, encoding="utf-8"
    )
    assert "Devon" in said.stdout
    assert "Councils: 15," in said.stdout
