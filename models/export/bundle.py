"""A trained model as a zip that runs on its own, and has proved it before it is handed out."""

import csv
import importlib.metadata
import inspect
import io
import json
import math
import random
import subprocess
import sys
import tempfile
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import torch
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from PIL import Image

from models.architecture import Architecture
from models.data import preprocess, tokens
from models.data.csv.values import MISSING
from models.data.date_formats import seconds_from
from models.data.files import replacing
from models.data.preparation import (
    IMAGE,
    InputColumn,
    Preparation,
    PreparedSequence,
    PreparedText,
)
from models.data.prepared_interface import interface_of
from models.export.history import neutral
from models.export.lines import plain
from models.export.pytorch import source
from models.model import ARCHITECTURE, PREPARATION, RECIPE, WEIGHTS, Model
from models.recipe import Recipe

ROWS = 64
TOLERANCE = 1e-5
"""Of a probability, or of the target's standard deviation."""
SECONDS = 300
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_LAST_IMPORT = "from models.data.preparation import InputColumn, Preparation\n"
"""Of the module that prepares rows; what stands below is given away as it is."""
_LAST_OF_TOKENS = "from itertools import pairwise\n"
"""The same of that which makes ids of texts."""
_ZIP_TIME = (2000, 1, 1, 0, 0, 0)


class NotProved(RuntimeError):
    """The bundle does not predict what the app predicts, or does not run at all."""


def bundle(folder: Path, history: str, destination: Path) -> None:
    """Write the bundle of a run to `destination`.

    Args:
        folder: of the run, as `Model.save` leaves it.
        history: the text of history.csv.
        destination: the zip to write; what was there is replaced when the new one is whole.

    Raises:
        FileNotFoundError: the run left no model.
        NotProved: the script, run in a clean process, fails or differs from the app's predictions.
    """
    model = Model.load(folder)
    rows = example_rows(model.preparation)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        _write_sources(place, folder, model, history)
        _write_examples(place, model.preparation, rows)
        difference = _difference(model, rows, _run(place, model.preparation))
        (place / "README.md").write_text(_readme(folder, model, difference), encoding="utf-8")
        with replacing(destination) as aside:
            _pack(place, aside)


def example_rows(preparation: Preparation) -> list[dict[str, Any]]:
    """Return made-up rows, the same every time: plausible values, missing and unknown ones."""
    chance = random.Random(0)
    if preparation.image_shape is not None:
        channels, height, width = preparation.image_shape
        return [
            {
                IMAGE: [
                    [[chance.randrange(256) for _ in range(width)] for _ in range(height)]
                    for _ in range(channels)
                ]
            }
            for _ in range(8)
        ]
    sequence = preparation.sequence
    count = ROWS if sequence is None else ROWS + sequence.window - 1
    rows: list[dict[str, Any]] = [
        {column.name: _value(column, chance) for column in preparation.columns}
        for _ in range(count)
    ]
    return rows if sequence is None else _as_steps(rows, preparation, sequence)


def _as_steps(
    rows: list[dict[str, Any]], preparation: Preparation, sequence: PreparedSequence
) -> list[dict[str, Any]]:
    """Return rows as one series, or as groups of different lengths."""
    name = sequence.group
    if sequence.kind == "groups" and name is not None:
        return [{**row, name: f"group {math.isqrt(place)}"} for place, row in enumerate(rows)]
    return [{**row, name: rows[0][name]} if name in row else row for row in rows]


def _value(column: InputColumn, chance: random.Random) -> float | str | None:
    if chance.random() < 0.05 and not column.required:
        return None
    if column.kind == "number":
        return column.fill + column.scale * chance.gauss(0, 1)
    if column.kind == "date":
        moment = datetime.fromtimestamp(round(column.fill), UTC)
        moment += timedelta(minutes=chance.randrange(-500_000, 500_000))
        return moment.strftime(column.format or "")
    if column.text is not None:
        return _text(column.text, chance)
    known = column.categories or []
    if column.kind == "category" and chance.random() < 0.05:
        return "never seen"
    return chance.choice(known)


def _text(prepared: PreparedText, chance: random.Random) -> str:
    """Return a text of known and unknown words, some longer than what enters."""
    pieces = [piece.removesuffix(tokens.END) for piece in prepared.vocabulary[:2_000]]
    words = [*pieces, "never", "seen", "Ünknown"]
    count = chance.randrange(2 * prepared.length + 1)
    text = " ".join(chance.choice(words) for _ in range(count))
    return chance.choice([text, text.capitalize() + " …!", text.upper()])


def _write_sources(place: Path, folder: Path, model: Model, history: str) -> None:
    preparation = model.preparation
    architecture = Architecture.model_validate_json((folder / ARCHITECTURE).read_bytes())
    recipe = Recipe.model_validate_json((folder / RECIPE).read_bytes())
    images = preparation.kind == "images"
    needs = ["torch", "safetensors", *(["pillow"] if images else [])]
    texts = {
        "network.py": source(architecture, interface_of(preparation), recipe),
        "model.py": _TEMPLATES.get_template("model.py.j2").render(
            preprocess=inspect.getsource(preprocess).partition(_LAST_IMPORT)[2].strip(),
            scores=model.scores,
        ),
        "predict.py": _TEMPLATES.get_template("predict.py.j2").render(
            images=images,
            missing=repr(MISSING),
            dates=inspect.getsource(seconds_from).rstrip() if _has_dates(preparation) else None,
            tokens=inspect.getsource(tokens).partition(_LAST_OF_TOKENS)[2].strip()
            if any(column.kind == "text" for column in preparation.columns)
            else None,
            sequence=preparation.sequence,
        ),
        "requirements.txt": "".join(f"{name}=={_version(name)}\n" for name in needs),
        "history.csv": history,
    }
    for name, text in texts.items():
        (place / name).write_text(text, encoding="utf-8")
    for name in (WEIGHTS, ARCHITECTURE, RECIPE):
        (place / name).write_bytes((folder / name).read_bytes())
    # Not as it was saved: a model of an earlier version is told as this one reads it.
    told = json.dumps(preparation.model_dump(mode="json"), indent=1, ensure_ascii=False)
    (place / PREPARATION).write_text(told + "\n", encoding="utf-8")


def _has_dates(preparation: Preparation) -> bool:
    """Return whether rows hold dates that have to be read."""
    ordered = preparation.sequence is not None and preparation.sequence.format is not None
    return ordered or any(column.kind == "date" for column in preparation.columns)


def _version(name: str) -> str:
    # A build's own mark, such as +cpu, is nothing that an index knows.
    return importlib.metadata.version(name).split("+")[0]


def _write_examples(place: Path, preparation: Preparation, rows: list[dict[str, Any]]) -> None:
    if preparation.image_shape is not None:
        (place / "example").mkdir()
        for index, row in enumerate(rows):
            values = torch.tensor(row[IMAGE], dtype=torch.uint8)
            pixels = values[0] if len(values) == 1 else values.permute(1, 2, 0)
            Image.fromarray(pixels.numpy()).save(place / "example" / f"{index:02}.png")
        return
    with (place / "example.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(map(neutral, rows[0]))
        writer.writerows([_cell(value) for value in row.values()] for row in rows)


def _cell(value: Any) -> Any:
    return neutral(value) if isinstance(value, str) else value


def _run(place: Path, preparation: Preparation) -> list[dict[str, str]]:
    """Run the script as someone else would, with nothing of ours in sight; return its rows."""
    given = "example" if preparation.kind == "images" else "example.csv"
    done = subprocess.run(
        [sys.executable, "-I", "predict.py", given],
        cwd=place,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    if done.returncode:
        raise NotProved(f"predict.py ended with {done.returncode}: {done.stderr[-1_000:]}")
    return list(csv.DictReader(io.StringIO(done.stdout)))


def _difference(model: Model, rows: list[dict[str, Any]], found: list[dict[str, str]]) -> float:
    """Return the largest difference of any answer of any output.

    Raises:
        NotProved: it is larger than rounding explains, or rows are missing.
    """
    expected = model.predict(rows)
    if len(found) != len(expected[0]):
        raise NotProved(f"predict.py gave {len(found)} rows for {len(expected[0])}")
    cells = [list(row.values())[1:] for row in found]
    largest = 0.0
    for output, predictions in zip(model.preparation.outputs, expected, strict=True):
        # A number is one column; a class its name, and then the probability of each.
        first, count = (0, 1) if output.classes is None else (1, len(output.classes))
        for row, ours in zip(cells, predictions, strict=True):
            told = (ours["probabilities"] or {"": ours["value"]}).values()
            theirs = map(float, row[first : first + count])
            pairs = zip(told, theirs, strict=True)
            difference = max(abs(mine - other) for mine, other in pairs)
            if not difference <= TOLERANCE * max(1.0, output.std):
                raise NotProved(f"predict.py differs from the app by {difference:g}")
            largest = max(largest, difference)
        cells = [row[first + count :] for row in cells]
    return largest


def _readme(folder: Path, model: Model, difference: float) -> str:
    preparation = model.preparation
    architecture = Architecture.model_validate_json((folder / ARCHITECTURE).read_bytes())
    images = preparation.kind == "images"
    inputs = [column.name for column in preparation.columns]
    shape = " × ".join(map(str, preparation.image_shape or ()))
    outputs = preparation.outputs
    return _TEMPLATES.get_template("README.md.j2").render(
        name=_inert(architecture.name) or "A model",
        targets=[
            (_inert(output.target), _inert(", ".join((output.classes or [])[:20])))
            for output in outputs
        ],
        inputs=f"images of {shape} (channels, height, width)"
        if images
        else _inert(", ".join(inputs[:50])) + (" …" if len(inputs) > 50 else ""),
        images=images,
        raw=raw_in_words(preparation),
        answer=" and ".join(
            "the value, (N, 1)" if output.classes is None else "probabilities, (N, outputs)"
            for output in outputs
        ),
        rows=len(example_rows(preparation)),
        sequence=preparation.sequence,
        group=_inert(preparation.sequence.group or "") if preparation.sequence else "",
        difference=f"{difference:.1e}" if difference else "0",
    )


def raw_in_words(preparation: Preparation) -> str:
    """Return what raw rows are, as the model takes them."""
    if preparation.image_shape is not None:
        return f"uint8 (N, {', '.join(map(str, preparation.image_shape))})"
    width = sum(map(preprocess.slots, preparation.columns))
    told = (
        f"float64 (N, {_steps(preparation)}{width}): numbers, codes of categories, seconds since "
        "1970 of dates; NaN where missing"
    )
    texts = [column for column in preparation.columns if column.text is not None]
    if texts:
        lengths = ", ".join(f"{column.text.length}" for column in texts if column.text is not None)
        told += (
            f"; of texts the ids of their tokens, {lengths} numbers in a row: the place in "
            "`vocabulary` of preparation.json plus 2, 1 for unknown ones, 0 after the end"
        )
    return told


def _steps(preparation: Preparation) -> str:
    return "" if preparation.sequence is None else f"{preparation.sequence.window}, "


def _inert(text: str) -> str:
    """Return a user's text as one line that Markdown and HTML take for text."""
    return "".join(f"\\{letter}" if letter in r"\`*_[]<>#|!" else letter for letter in plain(text))


def _pack(place: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(place.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                entry = zipfile.ZipInfo(path.relative_to(place).as_posix(), _ZIP_TIME)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                packed.writestr(entry, path.read_bytes())
