"""Images to predict from: decoded as those of the dataset are, what cannot be read is told."""

import base64
import csv
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.data.description import ImageShape
from models.data.ingest import ingest
from models.data.preparation import Preparation, PreparedInput, PreparedOutput
from models.data.prepared_interface import interface_of
from models.errors import DocumentError
from models.model import Model
from models.network import build
from models.parse import parse
from models.prediction import answers
from models.prediction.images import ImageExamples
from tests.models.data.uploads import archive, encoded, picture, two_classes

ARCHITECTURE = {
    "format": "neuroloom/1",
    "name": "Pictures",
    "nodes": [
        {"id": "input", "type": "Input"},
        {"id": "flatten", "type": "Flatten"},
        {"id": "dense", "type": "Dense", "params": {"units": 2, "activation": "softmax"}},
        {"id": "output", "type": "Output"},
    ],
    "edges": [
        {"source": "input", "target": "flatten"},
        {"source": "flatten", "target": "dense"},
        {"source": "dense", "target": "output"},
    ],
}
PREPARATION = Preparation(
    kind="images",
    image_shape=(1, 4, 4),
    inputs=[PreparedInput()],
    outputs=[PreparedOutput(task="classification", target="label", classes=["cats", "dogs"])],
)
MODEL = Model(PREPARATION, build(parse(ARCHITECTURE), interface_of(PREPARATION), seed=1)).eval()
SHAPE = ImageShape(channels=1, height=4, width=4)


def examples(path: Path, data: bytes, name: str = "my.png", shape: ImageShape = SHAPE):
    file = path / "sent"
    file.write_bytes(data)
    return ImageExamples(file, name, shape)


def refusal(path: Path, data: bytes, name: str = "my.png") -> str:
    with pytest.raises(DocumentError) as caught:
        answers.preview(MODEL, examples(path, data, name), 10)
    return caught.value.problems[0].message


def odd_ones() -> dict[str, bytes]:
    """Files of two classes, in sizes, depths and manners of their own."""
    generator = np.random.default_rng(0)
    deep = Image.fromarray(generator.integers(0, 4_000, (9, 7)).astype(np.uint16))
    colours = Image.fromarray(generator.integers(0, 255, (16, 12, 3)).astype(np.uint8))
    turned = Image.Exif()
    turned[0x0112] = 6
    found = {
        "0.png": encoded(deep),
        "1.jpg": encoded(colours, "JPEG", exif=turned),
        "2.png": encoded(colours.convert("RGBA")),
        "3.gif": encoded(colours.convert("P"), "GIF"),
        "4.png": picture((9, 9)),
    }
    return {f"{name}/{file}": data for name in ("cats", "dogs") for file, data in found.items()}


@pytest.mark.parametrize("files", [two_classes(5), odd_ones()], ids=["plain", "odd"])
def test_images_are_decoded_as_those_of_the_dataset_are(
    tmp_path: Path, files: dict[str, bytes]
) -> None:
    folder = tmp_path / "dataset"
    folder.mkdir()
    (tmp_path / "zip").write_bytes(archive(files))
    described = ingest(tmp_path / "zip", folder, "images.zip")
    assert described.image is not None
    known = np.load(folder / "images.npy")
    (block,) = examples(tmp_path, archive(files), "my.zip", described.image).blocks()
    assert block.given["file"].to_list() == list(files)
    assert np.array_equal(block.raw.numpy(), known)
    for (name, data), pixels in zip(files.items(), known, strict=True):
        (block,) = examples(tmp_path, data, name, described.image).blocks()
        assert np.array_equal(block.raw.numpy()[0], pixels), name


def test_a_zip_in_any_folders_gives_what_its_pixels_give_as_json(tmp_path: Path) -> None:
    files = {f"a/b{place}/{place}.png": picture(colour=place * 40) for place in range(5)}
    told = answers.preview(MODEL, examples(tmp_path, archive(files)), 3)
    rows = [{"image": [[[place * 40] * 4] * 4]} for place in range(5)]
    assert told["outputs"][0] == MODEL.predict(rows)[0][:3]
    assert (told["total"], told["columns"]) == (5, ["file"])
    assert told["rows"] == [["a/b0/0.png"], ["a/b1/1.png"], ["a/b2/2.png"]]
    shown = [Image.open(io.BytesIO(base64.b64decode(png))) for png in told["pictures"]]
    assert [np.unique(np.asarray(image)).tolist() for image in shown] == [[0], [40], [80]]


def test_all_predictions_of_a_zip_can_be_kept(tmp_path: Path) -> None:
    files = {f"{sign}{place}.png": picture() for place, sign in enumerate("=+-@")}
    answers.write(MODEL, examples(tmp_path, archive(files)), tmp_path / "out.csv")
    rows = list(csv.DictReader((tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["file"] for row in rows] == [f"'{name}" for name in files]
    assert set(rows[0]) == {"file", "predicted_label", "probability_cats", "probability_dogs"}


def test_what_cannot_be_read_is_left_out_and_told(tmp_path: Path) -> None:
    files = {
        "good.png": picture(),
        "notes.txt": b"no picture",
        "cut.png": picture((40, 40))[:60],
        "__MACOSX/._good.png": b"x",
        "empty.jpg": b"",
        "last.png": picture(),
    }
    told = answers.preview(MODEL, examples(tmp_path, archive(files)), 10)
    assert told["rows"] == [["good.png"], ["last.png"]]
    notes = {note["code"]: note for note in told["report"]}
    assert (notes["skipped"]["count"], notes["junk"]["count"]) == (3, 1)
    assert [text.partition(":")[0] for text in notes["skipped"]["examples"]] == [
        "notes.txt",
        "cut.png",
        "empty.jpg",
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "zero bytes"),
        (b"a,b\n1,2\n", "text"),
        (b"<svg xmlns=''/>", "SVG"),
        (picture((40, 40))[:60], "damaged"),
        (archive({"a.txt": b"x", "b.csv": b"1,2"}), "b.csv"),
        (archive({}), "without files"),
        (archive({"../a.png": picture()}), ".."),
        (archive({"a.png": picture()})[:-30], "truncated"),
        (archive({"inner.zip": archive({"a.png": picture()})}), "inner.zip"),
    ],
)
def test_what_holds_no_image_is_refused_with_the_reason(
    tmp_path: Path, data: bytes, reason: str
) -> None:
    assert reason in refusal(tmp_path, data)


def test_large_images_are_sent_along_reduced(tmp_path: Path) -> None:
    shape = ImageShape(channels=3, height=300, width=200)
    preparation = PREPARATION.model_copy(update={"image_shape": (3, 300, 200)})
    model = Model(preparation, build(parse(ARCHITECTURE), interface_of(preparation), seed=1))
    told = answers.preview(model.eval(), examples(tmp_path, picture(), shape=shape), 1)
    (png,) = told["pictures"]
    assert max(Image.open(io.BytesIO(base64.b64decode(png))).size) <= 100
