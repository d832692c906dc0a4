"""Printed scripts read images from tables and arrays, and learn from them, as the app does."""

import gzip
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import polars as pl
import pytest
from PIL import Image

from models.data.files import IMAGES, LABELS
from models.export import script_keras, script_pytorch
from models.network import build
from tests.models.data.marked import cells, images, marked, marks, packed
from tests.models.data.test_images_arrays import idx, npz
from tests.models.data.uploads import archive, encoded
from tests.models.layers.twins import keras_model
from tests.models.scripts import Case, carried_out, in_one_process, proven, told
from tests.models.test_script_splits import dealt, rows_of

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
COUNT = 60
RANDOM = np.random.default_rng(4)
COLOURS = RANDOM.integers(0, 256, (COUNT, 6, 5, 3), dtype=np.uint8)
KINDS = RANDOM.integers(0, 3, COUNT)
FLAT = ("Flatten", {})
LABELS_OF = ["accuracy", "subset_accuracy", "macro_f1", "micro_f1", "auc"]


def net(units: int, activation: str) -> list[Any]:
    return [FLAT, ("Dense", {"units": units, "activation": activation})]


def listed(*rows: str, header: str) -> bytes:
    """Return images in folders that are no classes, and a table of what they are."""
    table = "\n".join([header, *rows])
    files = {
        f"set/{'ab'[row % 2]}/{row}.png": encoded(Image.fromarray(image))
        for row, image in enumerate(COLOURS)
    }
    return archive({"set/about.csv": table.encode(), **files})


def of_classes() -> bytes:
    names = ["zebra", "ant", "10"]
    rows = [f'{row};{names[kind] if row % 12 else ""};"x"' for row, kind in enumerate(KINDS)]
    return listed(*rows, "7;ant;x", "99;ant;x", header="id;label;note")


def of_numbers() -> bytes:
    part = ["train", "Train", "VAL", "test"]
    rows = [f"{'ab'[row % 2]}/{row}.png,{row / 3:.2f},{part[row % 4]}" for row in range(COUNT)]
    return listed(*rows, header="file,y,set")


def of_columns() -> bytes:
    rows = [
        f"{row},{','.join('10'[int(one)] for one in of)}" for row, of in enumerate(marks(COUNT))
    ]
    return packed("\n".join(["name,dog,cat,bird", *rows]), images(marks(COUNT)))


def of_one_column_each() -> bytes:
    rows = [
        f"{row},{','.join('01'[int(kind == of)] for of in range(3))}"
        for row, kind in enumerate(KINDS)
    ]
    return packed("\n".join(["name,b,a,c", *rows]), images(marks(COUNT)))


def of_rows() -> bytes:
    """Return a row for each label of an image, some of which have none."""
    rows = [
        f"{row}.png,{name}"
        for row, cell in enumerate(cells(marks(COUNT), "|"))
        for name in cell.split("|")
    ]
    return packed("\n".join(["file,tag", *rows[::-1]]), images(marks(COUNT)))


def of_words() -> bytes:
    rows = [f"{row}.png,{cell}" for row, cell in enumerate(cells(marks(COUNT), " "))]
    return packed("\n".join(["file,tags", *rows]), images(marks(COUNT)))


def of_parts() -> bytes:
    half = COUNT // 2
    return npz(
        x_train=COLOURS[:half],
        y_train=KINDS[:half, None],
        x_test=COLOURS[half:],
        y_test=KINDS[half:, None],
    )


def of_texts() -> bytes:
    small = RANDOM.random((COUNT, 3, 70, 50))
    return npz(images=small, labels=np.array(["b", "c", "a"])[KINDS])


def of_marks() -> bytes:
    has = np.insert(marks(COUNT).astype(int), 1, 0, axis=1)
    names = np.array(["z", "none", "y", "x"])
    return npz(data=images(marks(COUNT)).reshape(COUNT, -1), labels=has, classes=names)


def of_mnist() -> bytes:
    grey = COLOURS[..., 0]
    return archive(
        {
            "train-images-idx3-ubyte.gz": gzip.compress(idx(grey)),
            "train-labels-idx1-ubyte.gz": gzip.compress(idx(KINDS)),
            "t10k-images-idx3-ubyte": idx(grey[:20]),
            "t10k-labels-idx1-ubyte": idx(KINDS[:20]),
        }
    )


def of_pixels() -> bytes:
    rows = [
        f"{kind + 3},{','.join(map(str, row))}" for kind, row in zip(KINDS, _grey(), strict=True)
    ]
    return "\n".join([",".join(["label", *(f"pixel{n}" for n in range(64))]), *rows]).encode()


def of_pixels_and_numbers() -> bytes:
    y = RANDOM.normal(20, 5, COUNT).round(3)
    rows = [f"{';'.join(map(str, row))};{one}" for one, row in zip(y, _grey() % 17, strict=True)]
    rows[4] = rows[4].rpartition(";")[0] + ";"
    return "\n".join([";".join([*(f"p{n}" for n in range(64)), "y"]), *rows]).encode()


def of_parquet() -> bytes:
    """Return the table of pixels as a Parquet file, its classes as texts."""
    table = pl.read_csv(io.BytesIO(of_pixels())).with_columns(pl.col("label").cast(pl.String))
    file = io.BytesIO()
    table.write_parquet(file)
    return file.getvalue()


def of_workbook() -> bytes:
    """Return the table of pixels and numbers as the sheet of a workbook, below an empty row."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append([])
    for number, line in enumerate(of_pixels_and_numbers().decode().splitlines()):
        cells = line.split(";")
        sheet.append([float(cell) if cell and number else cell or None for cell in cells])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _grey() -> np.ndarray:
    return np.random.default_rng(8).integers(0, 256, (COUNT, 64))


SOURCES: dict[str, tuple[str, Callable[[], bytes], list[Any], dict[str, Any]]] = {
    "classes in a table": ("zip", of_classes, net(3, "softmax"), {}),
    "numbers in a table with parts": ("zip", of_numbers, net(1, "linear"), {"metrics": ["mae"]}),
    "labels in a cell": ("zip", lambda: marked(COUNT), net(3, "sigmoid"), {"metrics": LABELS_OF}),
    "labels as words": (
        "zip",
        of_words,
        net(3, "sigmoid"),
        {"metrics": [{"type": "auc", "average": "weighted"}], "split": {"folds": 3, "fold": 2}},
    ),
    "a row for each label": ("zip", of_rows, net(3, "sigmoid"), {}),
    "a column for each label": (
        "zip",
        of_columns,
        net(3, "sigmoid"),
        {"loss": {"type": "BinaryFocalCrossentropy"}, "metrics": [{"type": "auc", "curve": "PR"}]},
    ),
    "a column for each class": ("zip", of_one_column_each, net(3, "softmax"), {}),
    "arrays in parts": ("npz", of_parts, net(3, "softmax"), {}),
    "an array of texts": ("npz", of_texts, net(3, "softmax"), {}),
    "an array of labels": ("npz", of_marks, net(3, "sigmoid"), {}),
    "the files of MNIST": ("zip", of_mnist, net(3, "softmax"), {}),
    "a table of pixels": ("csv", of_pixels, net(3, "softmax"), {}),
    "a table of pixels and numbers": ("csv", of_pixels_and_numbers, net(1, "linear"), {}),
    "pixels in Parquet": ("parquet", of_parquet, net(3, "softmax"), {}),
    "pixels in a workbook": ("xlsx", of_workbook, net(1, "linear"), {}),
}


@pytest.mark.parametrize(("ending", "made", "layers", "recipe"), SOURCES.values(), ids=SOURCES)
def test_images_are_read_and_learnt_from_as_in_the_app(
    ending: str,
    made: Callable[[], bytes],
    layers: list[Any],
    recipe: dict[str, Any],
    tmp_path: Path,
) -> None:
    path = tmp_path / f"images.{ending}"
    path.write_bytes(made())
    own = Case(path, tmp_path, layers, epochs=2, batch_size="all", **recipe)
    stored, parts = (np.load(tmp_path / name) for name in (IMAGES, LABELS)), rows_of(own)
    stored = [*stored]
    for library in (script_pytorch, script_keras):
        source = library.script(own.asked)
        names, found = dealt(source, path)
        for ours, theirs in zip(stored, names["read"](str(path)), strict=False):
            np.testing.assert_array_equal(theirs, ours)
        assert [part.tolist() for part in found] == parts
        proven(source, tmp_path)
    expected = own.trained()
    found = told(carried_out(script_pytorch.script(own.asked), path))
    for ours, theirs in zip(expected, found, strict=True):
        assert theirs == pytest.approx({key: ours[key] for key in theirs}, abs=1e-4, rel=1e-4)
    network = build(own.architecture, own.asked.interface, seed=own.recipe.seed or 0)
    model = keras_model(own.architecture, network, own.asked.interface, source)
    printed = carried_out(source, path, build=lambda seed: model)
    units = own.units()
    for name in ("loss", "val_loss"):
        scale = units["loss"]
        for ours, theirs in zip(expected, model.history.history[name], strict=True):
            assert theirs == pytest.approx(ours[name] / scale, abs=2e-4, rel=2e-4)
    assert printed.count("predicted") == 5


def test_such_scripts_run_by_themselves(tmp_path: Path) -> None:
    commands = []
    chosen = ["labels in a cell", "an array of texts", "the files of MNIST", "a table of pixels"]
    for number, name in enumerate(chosen):
        ending, made, layers, _ = SOURCES[name]
        folder = tmp_path / str(number)
        folder.mkdir()
        path = folder / f"images.{ending}"
        path.write_bytes(made())
        library = (script_keras, script_pytorch)[number % 2]
        source = library.script(Case(path, folder, layers, epochs=1).asked)
        (folder / "script.py").write_text(source, encoding="utf-8")
        commands.append([str(folder / "script.py"), str(path)])
    assert in_one_process(commands, tmp_path).count("predicted") == 5 * len(chosen)
