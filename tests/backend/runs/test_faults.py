"""A short fault loop; the long one is `make faults`."""

from pathlib import Path

from tests.backend.runs.faults import Loop


def test_what_was_acknowledged_survives_kills_at_random_moments(tmp_path: Path):
    report = Loop(tmp_path / "data", seed=1).run(rounds=6)
    assert report.wrong == []
    assert sum(report.faults.values()) == 6
    assert all(report.acknowledged[what] > 0 for what in ("networks", "datasets", "runs", "events"))
