"""The frontend is built when its sources are newer than what the server serves, and only then."""

import os
from pathlib import Path

import pytest

from backend.page import STATIC
from tools import frontend


def test_what_tells_when_it_was_built_is_what_the_server_reads() -> None:
    assert frontend.MANIFEST == STATIC / "manifest.json"


def test_it_is_built_only_when_a_source_is_newer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[tuple[str, ...]] = []
    source, manifest = tmp_path / "source.ts", tmp_path / "manifest.json"
    source.touch()
    monkeypatch.setattr(frontend, "npm", lambda *arguments: built.append(arguments))
    monkeypatch.setattr(frontend, "install", lambda: None)
    monkeypatch.setattr(frontend, "sources", lambda: [source])
    monkeypatch.setattr(frontend, "MANIFEST", manifest)
    frontend.build()
    assert built == [("run", "build", "--silent")]
    manifest.touch()
    frontend.build()
    assert len(built) == 1
    later = manifest.stat().st_mtime + 1
    os.utime(source, (later, later))
    frontend.build()
    assert len(built) == 2
