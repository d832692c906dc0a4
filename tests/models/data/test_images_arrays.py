"""Images that come as arrays, in tables, or with a table of labels."""

import gzip
import io
import struct
from typing import Any

import numpy as np
import pytest

from models.data.description import GivenSplit
from models.data.files import IMAGES, LABELS, PARTS
from models.data.images import stream
from tests.models.data.uploads import archive, idx, notes, npz, picture

RANDOM = np.random.default_rng(0)
PART_CODES = {"train": 0, "validation": 1, "test": 2}


def images(count: int, *shape: int) -> np.ndarray:
    return RANDOM.integers(0, 256, (count, *shape), dtype=np.uint8)


def stored(upload: Any) -> tuple[np.ndarray, np.ndarray]:
    return np.load(upload.folder / IMAGES), np.load(upload.folder / LABELS)


def by_class(pixels: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    order = np.argsort(labels, kind="stable")
    return pixels[order], labels[order]


def counts(description: Any) -> dict[str, int]:
    return {entry.name: entry.count for entry in description.classes}


def test_npz_as_keras_has_mnist_keeps_its_split(upload):
    x_train, x_test = images(40, 6, 5), images(10, 6, 5)
    y_train, y_test = np.arange(40) % 4, np.arange(10) % 4
    file = npz(x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
    description = upload(file, "mnist.npz")
    assert (description.kind, description.rows) == ("images", 50)
    assert description.split == GivenSplit(train=40, validation=0, test=10)
    assert counts(description) == {"0": 13, "1": 13, "2": 12, "3": 12}
    whole, labels = np.concatenate([x_train, x_test]), np.concatenate([y_train, y_test])
    expected = by_class(whole[:, None], labels)
    for ours, theirs in zip(stored(upload), expected, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    parts = np.array([0] * 40 + [2] * 10)[np.argsort(labels, kind="stable")]
    np.testing.assert_array_equal(np.load(upload.folder / PARTS), parts)
    assert "40 train, 0 validation, 10 test" in notes(description)["split_kept"]


@pytest.mark.parametrize(
    ("shape", "axes"),
    [((3, 5, 4), (0, 1, 2, 3)), ((5, 4, 3), (0, 3, 1, 2)), ((5, 4, 1), (0, 3, 1, 2))],
)
def test_channels_stand_first_or_last(upload, shape, axes):
    pixels = images(6, *shape)
    description = upload(npz(images=pixels, labels=np.arange(6) % 2))
    expected = by_class(pixels.transpose(axes), np.arange(6) % 2)[0]
    np.testing.assert_array_equal(stored(upload)[0], expected)
    assert description.image.channels == expected.shape[1]


def test_three_parts_as_medmnist_names_them_with_labels_in_a_column(upload):
    arrays = {}
    for part, count in (("train", 8), ("val", 4), ("test", 4)):
        arrays[f"{part}_images"] = images(count, 4, 4)
        arrays[f"{part}_labels"] = (np.arange(count) % 2)[:, None]
    description = upload(npz(**arrays))
    assert counts(description) == {"0": 8, "1": 8}
    assert np.bincount(np.load(upload.folder / PARTS)).tolist() == [8, 4, 4]


def test_rows_of_a_flat_array_are_square_pictures(upload):
    pixels = images(6, 64)
    description = upload(npz(data=pixels, target=["b", "a"] * 3))
    assert (description.image.height, description.image.width) == (8, 8)
    assert list(counts(description)) == ["a", "b"]
    np.testing.assert_array_equal(stored(upload)[0][0, 0].ravel(), pixels[1])


def test_one_hot_labels_and_names_of_classes_are_understood(upload):
    codes = np.array([0, 1, 2, 0, 1, 2])
    file = npz(x=images(6, 4, 4), y=np.eye(3)[codes], class_names=["cat", "dog", "owl"])
    assert counts(upload(file)) == {"cat": 2, "dog": 2, "owl": 2}


def test_labels_that_are_numbers_make_a_regression(upload):
    description = upload(npz(x=images(5, 4, 4), y=np.array([0.5, 3.25, -1.0, 7.5, 2.0])))
    assert (description.problem.task, description.classes) == ("regression", [])
    assert (description.columns[0].minimum, description.columns[0].maximum) == (-1.0, 7.5)
    assert stored(upload)[1].tolist() == [0.5, 3.25, -1.0, 7.5, 2.0]


@pytest.mark.parametrize(
    ("pixels", "expected"),
    [
        (np.array([0.0, 0.5, 1.0], np.float32), [0, 128, 255]),
        (np.array([0.0, 100.4, 255.0]), [0, 100, 255]),
        (np.array([0, 2_048, 4_095], np.uint16), [0, 128, 255]),
        (np.array([False, True, True]), [0, 255, 255]),
        (np.array([-1.0, 0.0, 1.0]), [0, 128, 255]),
        (np.array([0, 7, 255], np.int64), [0, 7, 255]),
    ],
)
def test_pixels_of_other_ranges_are_scaled_and_told(upload, pixels, expected):
    x = np.tile(pixels, 4).reshape(4, 1, 3)
    description = upload(npz(x=x, y=[0, 0, 1, 1]))
    assert stored(upload)[0][0, 0, 0].tolist() == expected
    assert ("deep_pixels" in notes(description)) == (pixels.dtype != np.int64)


@pytest.mark.parametrize("packed", [False, True])
def test_the_four_files_of_mnist_in_one_zip(upload, packed):
    data = {
        "train-images-idx3-ubyte": images(30, 7, 5),
        "train-labels-idx1-ubyte": np.arange(30) % 3,
        "t10k-images-idx3-ubyte": images(9, 7, 5),
        "t10k-labels-idx1-ubyte": np.arange(9) % 3,
    }
    files = {f"mnist/{name}": idx(array) for name, array in data.items()}
    if packed:
        files = {f"{name}.gz": gzip.compress(content) for name, content in files.items()}
    description = upload(archive(files), "mnist.zip")
    assert counts(description) == {"0": 13, "1": 13, "2": 13}
    whole = np.concatenate([data["train-images-idx3-ubyte"], data["t10k-images-idx3-ubyte"]])
    labels = np.concatenate([np.arange(30) % 3, np.arange(9) % 3])
    np.testing.assert_array_equal(stored(upload)[0], by_class(whole[:, None], labels)[0])
    assert np.bincount(np.load(upload.folder / PARTS)).tolist() == [30, 0, 9]


def test_a_pair_of_idx_files_has_no_split(upload):
    files = {"images.idx3-ubyte": idx(images(6, 4, 4)), "labels.idx1-ubyte": idx(np.arange(6) % 2)}
    description = upload(archive(files))
    assert (description.rows, description.split) == (6, None)
    assert not (upload.folder / PARTS).exists()


def test_arrays_are_read_piece_by_piece(upload, monkeypatch):
    monkeypatch.setattr(stream, "PIECE", 100)
    pixels, labels = images(50, 6, 6), np.arange(50) % 5
    upload(npz(x=pixels, y=labels))
    np.testing.assert_array_equal(stored(upload)[0], by_class(pixels[:, None], labels)[0])


def test_large_pictures_of_arrays_are_reduced_and_told(upload):
    description = upload(npz(x=images(4, 200, 100), y=[0, 0, 1, 1]))
    assert (description.image.height, description.image.width) == (64, 32)
    assert "200 × 100" in notes(description)["resized"]


OBJECTS = np.array([{"a": 1}, None], dtype=object)


@pytest.mark.parametrize(
    ("arrays", "code", "names"),
    [
        ({"x": images(4, 4, 4)}, "no_labels", "x.npy"),
        ({"x": images(4, 4, 4), "y": np.arange(5) % 2}, "no_labels", "4"),
        ({"y": np.arange(4)}, "no_images", "y.npy"),
        ({"x": images(4, 4, 4), "y": [0, 0, 0, 0]}, "single_class", '"0"'),
        ({"x": images(5, 4, 4), "y": [0, 0, 1, 1, 2]}, "class_too_small", '"2"'),
        ({"x": images(4, 4, 4, 7), "y": [0, 0, 1, 1]}, "no_images", "7"),
        ({"x": np.full((4, 4, 4), np.nan), "y": [0, 0, 1, 1]}, "not_finite", "x.npy"),
        ({"x": images(4, 4, 4), "y": [0.5, np.nan, 1, 1]}, "missing_labels", "finite"),
        ({"x": OBJECTS, "y": [0, 1]}, "unsafe_array", "x.npy"),
        ({"x": np.asfortranarray(images(4, 4, 4)), "y": [0, 0, 1, 1]}, "array_order", "x.npy"),
        (
            {"x_train": images(4, 4, 4), "y_train": [0, 0, 1, 1], "x_test": images(4, 5, 4)}
            | {"y_test": [0, 0, 1, 1]},
            "shape_mismatch",
            "x_test.npy",
        ),
    ],
)
def test_arrays_that_are_no_dataset_are_refused_by_name(upload, arrays, code, names):
    problem = upload.refused(npz(**arrays), "data.npz")
    assert problem.code == code
    assert names in problem.message


def test_an_array_that_says_more_than_it_has_is_refused_before_it_is_read(upload):
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        file, {"descr": "|u1", "fortran_order": False, "shape": (10**6, 100, 100)}
    )
    problem = upload.refused(archive({"x.npy": file.getvalue() + b"\x00" * 64}))
    assert problem.code == "damaged_entry"
    whole = idx(images(6, 4, 4))
    for cut in (whole[:-1], whole[:9]):
        pair = {"a-idx3-ubyte": cut, "b-labels-idx1-ubyte": idx(np.arange(6) % 2)}
        assert upload.refused(archive(pair)).code == "damaged_entry"
    packed = {name + ".gz": gzip.compress(data)[:-9] for name, data in pair.items()}
    assert upload.refused(archive(packed)).code == "damaged_entry"


def test_a_gzip_bomb_in_the_clothes_of_mnist_is_refused(upload):
    bomb = struct.pack(">BBBB3I", 0, 0, 8, 3, 20_000, 100, 100) + bytes(200_000_000)
    pair = {
        "images-idx3-ubyte.gz": gzip.compress(bomb),
        "labels-idx1-ubyte.gz": gzip.compress(idx(np.arange(20_000) % 2)),
    }
    assert upload.refused(archive(pair)).code == "compression_bomb"


def labelled(table: str, count: int = 12, **extra: bytes) -> bytes:
    files = {f"pictures/{n:03}.png": picture(colour=10 * n) for n in range(count)}
    return archive({**files, "pictures/labels.csv": table.encode(), **extra})


@pytest.mark.parametrize("spelling", ["{:03}.png", "{:03}", "pictures/{:03}.png"])
def test_a_table_of_labels_says_what_the_images_are(upload, spelling):
    rows = "".join(f"{spelling.format(n)},{'owl' if n % 3 else 'cat'}\n" for n in range(12))
    description = upload(labelled(f"file,kind of animal\n{rows}"))
    assert counts(description) == {"cat": 4, "owl": 8}
    pixels, labels = stored(upload)
    assert pixels[:, 0, 0, 0].tolist() == [
        *(10 * n for n in range(12) if n % 3 == 0),
        *(10 * n for n in range(12) if n % 3),
    ]
    assert labels.tolist() == [0] * 4 + [1] * 8
    assert '"kind of animal"' in notes(description)["labels_from_table"]


def test_a_table_of_numbers_makes_a_regression(upload):
    rows = "".join(f"{n:03}.png,{n / 8},left\n" for n in range(12))
    description = upload(labelled(f"id,age,label of nothing\n{rows}".replace("age", "target")))
    assert description.problem.task == "regression"
    assert stored(upload)[1].tolist() == [n / 8 for n in range(12)]
    assert '"label of nothing"' in notes(description)["labels_from_table"]


def test_a_column_of_parts_is_the_split(upload):
    parts = ["train"] * 8 + ["valid"] * 2 + ["test"] * 2
    rows = "".join(f"{n:03}.png,{n % 2},{part}\n" for n, part in enumerate(parts))
    description = upload(labelled(f"file,label,set\n{rows}"))
    assert description.split
    assert np.load(upload.folder / PARTS).tolist() == [0] * 4 + [1, 2] + [0] * 4 + [1, 2]


def test_what_a_table_leaves_open_is_told_with_counts_and_examples(upload):
    rows = "".join(f"{n:03}.png,{n % 2}\n" for n in range(39))
    rows += "000.png,1\nmissing.png,0\nlost.png,1\n"
    description = upload(labelled(f"file,label\n{rows}", count=40))
    told = {note.code: note for note in description.report}
    assert (told["labels_without_image"].count, told["labels_twice"].count) == (2, 1)
    assert told["labels_without_image"].examples == ["missing.png", "lost.png"]
    assert told["skipped"].examples == ['pictures/039.png: "pictures/labels.csv" does not name it']
    assert counts(description) == {"0": 20, "1": 19}


@pytest.mark.parametrize(
    ("table", "code", "names"),
    [
        ("file,a,b\n{0},1,2\n", "no_labels", '"a", "b"'),
        ("file\n{0}\n", "no_labels", "none"),
        ("file,label\n{0},cat\n", "single_class", '"cat"'),
    ],
)
def test_tables_that_say_too_little_are_refused(upload, table, code, names):
    head, row = table.split("\n")[:2]
    rows = "".join(row.format(f"{n:03}.png") + "\n" for n in range(12))
    problem = upload.refused(labelled(f"{head}\n{rows}"))
    assert (problem.code, names in problem.message) == (code, True), problem.message


def test_a_table_that_names_other_things_leaves_the_folders_to_be_the_classes(upload):
    files = {f"{name}/{n}.png": picture(colour=n) for name in ("a", "b") for n in range(20)}
    description = upload(archive({**files, "about.csv": b"author,year\nme,2020\nyou,2021\n"}))
    assert counts(description) == {"a": 20, "b": 20}
    assert notes(description)["skipped"]


def table_of_pixels(pixels: np.ndarray, labels: Any, head: str | None, last: bool = False) -> str:
    rows = []
    for image, label in zip(pixels, labels, strict=True):
        values = [str(value) for value in image.ravel()]
        rows.append(",".join([*values, str(label)] if last else [str(label), *values]))
    return "\n".join([*([head] if head else []), *rows]) + "\n"


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize("named", ["pixel{}", "px_{}", None])
def test_a_table_of_pixels_is_read_as_images(upload, named, last):
    pixels, labels = images(12, 8, 8), [3, 1, 7, 3, 1, 7] * 2
    head = None
    if named is not None:
        names = [named.format(n) for n in range(64)]
        head = ",".join([*names, "digit"] if last else ["digit", *names])
    description = upload(table_of_pixels(pixels, labels, head, last))
    assert (description.kind, counts(description)) == ("images", {"1": 4, "3": 4, "7": 4})
    expected = by_class(pixels[:, None], np.array(labels))[0]
    np.testing.assert_array_equal(stored(upload)[0], expected)
    assert "options.images" in notes(description)["pixels"]


def test_sixteen_grey_levels_are_scaled_so_that_they_can_be_seen(upload):
    pixels = images(6, 8, 8) % 17
    pixels[0, 0, 0] = 16
    head = ",".join(["digit", *(f"pixel{n}" for n in range(64))])
    description = upload(table_of_pixels(pixels, [0, 0, 0, 1, 1, 1], head))
    assert stored(upload)[0].max() == 255
    assert "0 to 16" in notes(description)["deep_pixels"]


def test_tables_that_only_look_like_pixels_stay_tables(upload):
    pixels, labels = images(6, 8, 8), [0, 0, 0, 1, 1, 1]
    head = ",".join(["digit", *(f"pixel{n}" for n in range(64))])
    text = table_of_pixels(pixels, labels, head)
    assert upload(text, images=False).kind == "table"
    assert upload(text.replace("pixel", "gene")).kind == "table"
    assert upload(text.replace(f",{pixels[2, 0, 0]},", ",-4,", 1)).kind == "table"
    assert upload(table_of_pixels(images(6, 7, 8), labels, None)).kind == "table"


def test_images_that_are_asked_for_and_not_there_are_refused(upload):
    problem = upload.refused("a,b\n1,2\n3,4\n", images=True)
    assert (problem.code, problem.where.path) == ("no_images", ["options", "images"])


def test_folders_of_splits_hold_the_same_classes_each(upload):
    files = {
        f"set/{part}/{name}/{n}.png": picture(colour=10 * n)
        for part, count in (("Train", 6), ("val", 3), ("TEST", 2))
        for name in ("a", "b")
        for n in range(count)
    }
    description = upload(archive(files))
    assert counts(description) == {"a": 11, "b": 11}
    assert description.split
    assert np.bincount(np.load(upload.folder / PARTS)).tolist() == [12, 6, 4]
    assert "12 train, 6 validation, 4 test" in notes(description)["split_kept"]
