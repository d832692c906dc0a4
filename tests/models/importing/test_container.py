"""Of a Keras file only its configuration is read, and no more of that than allowed."""

import io
import json
import zipfile
from pathlib import Path

import keras
import pytest
from keras import layers

from models.errors import DocumentError
from models.importing.container import CONFIG, MAX_CONFIG, configuration
from models.strict_json import JsonError


def archive(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in entries.items():
            packed.writestr(name, data)
    return path


def code(path: Path) -> str:
    with pytest.raises(DocumentError) as refused:
        configuration(path)
    return refused.value.problems[0].code


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_a_file_that_keras_saved_tells_its_configuration(tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
    model.save(tmp_path / "model.keras")
    document, weights = configuration(tmp_path / "model.keras")
    assert document["config"]["layers"][1]["config"]["units"] == 2
    assert weights


def test_json_is_read_as_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_text('\ufeff {"class_name": "Sequential"}', encoding="utf-8")
    assert configuration(path) == ({"class_name": "Sequential"}, False)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\x89HDF\r\n\x1a\n" + bytes(100), "unsupported_type"),
        (b"", "unsupported_type"),
        (b"\x89PNG", "unsupported_type"),
        (b"cos\nsystem\n(S'id'\ntR.", "unsupported_type"),
        (b"PK\x03\x04 and then nothing", "damaged"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, data: bytes, expected: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    assert code(path) == expected


def test_an_archive_without_a_configuration_is_refused(tmp_path: Path) -> None:
    assert code(archive(tmp_path / "a.keras", {"../config.json": b"{}"})) == "no_config"


def test_a_configuration_that_unpacks_to_more_than_allowed_is_refused(tmp_path: Path) -> None:
    bomb = archive(tmp_path / "a.keras", {CONFIG: b" " * (MAX_CONFIG + 1)})
    assert bomb.stat().st_size < 100_000
    assert code(bomb) == "too_large"


def test_a_truncated_archive_is_refused(tmp_path: Path) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as packed:
        packed.writestr(CONFIG, json.dumps({"class_name": "Sequential"}))
    path = tmp_path / "a.keras"
    path.write_bytes(whole.getvalue()[:-30])
    assert code(path) == "damaged"


@pytest.mark.parametrize("text", ["{", '{"a": NaN}', "[" * 500, '{"a": 1, "a": 2}', "{\xff"])
def test_json_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    path = archive(tmp_path / "a.keras", {CONFIG: text.encode("latin-1")})
    with pytest.raises(JsonError):
        configuration(path)
