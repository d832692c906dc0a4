"""The fixture of everything that is uploaded."""

from pathlib import Path

import pytest

from tests.models.data.uploads import Upload


@pytest.fixture
def upload(tmp_path: Path) -> Upload:
    return Upload(tmp_path)
