"""A shipped sweep, killed late in its work, ends in the values of one that nothing disturbed."""

from pathlib import Path

import pytest

from tests.kill.killing import Program, kill_and_resume, size_of, values_of, with_pairs

LATE = [(0.7, 0.0), (0.8, 0.2), (0.9, 0.1)]


@pytest.mark.slow
def test_a_shipped_sweep_killed_three_times_late_is_as_if_it_had_not_been(tmp_path: Path) -> None:
    """`make kill` kills every one of them twenty times, at any moment."""
    program = Program(with_pairs("devon_hiring_response", 20, tmp_path))
    program.finish(tmp_path / "whole")
    size = size_of(tmp_path / "whole")
    assert size > 20e6
    sizes = kill_and_resume(program, tmp_path / "out", LATE, size)
    assert len(sizes) == len(LATE)
    assert min(sizes) > 14e6
    assert values_of(tmp_path / "out") == values_of(tmp_path / "whole")
