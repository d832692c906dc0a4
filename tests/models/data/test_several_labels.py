"""Images with any number of labels each: how tables and arrays say so, and what is refused."""

import io

import numpy as np
import pytest

from models.data.renewal import renew
from models.data.view import read_rows
from models.errors import DocumentError
from models.recipe import Objective
from models.training.preview import preview
from tests.models.data.marked import NAMES, cells, images, marked, marks, packed
from tests.models.data.uploads import Upload, archive, notes, pixels, two_classes


def table(*rows: str, header: str = "file,labels") -> str:
    return "\n".join([header, *rows])


def upload_cells(upload: Upload, *given: str):
    """Upload as many images as there are cells, the labels of each of which are one of them."""
    rows = [f'{row}.png,"{cell}"' for row, cell in enumerate(given)]
    return upload(packed(table(*rows), images(np.zeros((len(given), 3)))), "images.zip")


@pytest.mark.parametrize("separator", ["|", ";", ",", ", ", " "])
def test_labels_in_one_cell_are_told_apart(upload, separator):
    description = upload(marked(40, separator), "images.zip")
    has = marks(40)
    problem = description.problem
    assert (problem.task, problem.classes) == ("multilabel", list(NAMES))
    assert f"{has.sum() / 40:.1f} of 3 labels on average" in problem.reason
    assert [entry.name for entry in description.classes] == list(NAMES)
    assert [entry.count for entry in description.classes] == has.sum(0).tolist()
    assert description.labels_per_image == np.bincount(has.sum(1)).tolist()
    assert np.load(upload.folder / "labels.npy").tolist() == has.astype(int).tolist()
    assert notes(description)["without_label"].startswith(f"{(~has.any(1)).sum()} images")
    assert '"labels"' in notes(description)["labels_from_table"]
    shown = [row[1] for row in read_rows(upload.folder, description, 0, 40)[1]]
    assert shown == [cell or None for cell in cells(has, ", ")]


@pytest.mark.parametrize("yes_no", [("1", "0"), ("1.0", "0.0"), ("True", "False")])
def test_a_column_for_each_label(upload, yes_no):
    has = marks(30)
    rows = [f"{row}.png,{','.join(yes_no[not one] for one in of)}" for row, of in enumerate(has)]
    data = packed(table(*rows, header="image,bird,cat,dog"), images(has))
    description = upload(data, "images.zip")
    assert (description.problem.task, description.problem.classes) == ("multilabel", list(NAMES))
    assert np.load(upload.folder / "labels.npy").tolist() == has.astype(int).tolist()
    assert pixels(upload)[:, 0].tolist() == images(has).tolist()


def by_rows(has: np.ndarray, *more: str) -> bytes:
    """Return images with a table that has a row for each label of an image, or one without."""
    rows = [
        f"{row}.png,{name}" for row, cell in enumerate(cells(has, "|")) for name in cell.split("|")
    ]
    return packed(table(*rows, *more), images(has))


def test_rows_that_name_the_same_image_give_it_several_labels(upload):
    has = marks(40)
    description = upload(by_rows(has, "3.png,cat", "nowhere.png,cat"), "images.zip")
    has[3, NAMES.index("cat")] = True
    assert (description.problem.task, description.problem.classes) == ("multilabel", list(NAMES))
    assert np.load(upload.folder / "labels.npy").tolist() == has.astype(int).tolist()
    assert pixels(upload)[:, 0].tolist() == images(marks(40)).tolist()
    told = notes(description)
    assert "a row for each label" in told["labels_from_table"]
    assert "labels_twice" not in told
    assert (description.origin.together, description.origin.separator) == (True, None)


def test_a_few_rows_that_contradict_others_are_an_oversight(upload):
    rows = [f"{row}.png,{'ab'[row % 2]}" for row in range(40)]
    data = packed(table(*rows, "0.png,b", "1.png,a"), images(np.zeros((40, 3))))
    description = upload(data, "images.zip")
    assert (description.problem.task, description.rows) == ("classification", 40)
    assert notes(description)["labels_twice"].startswith("2 rows")


@pytest.mark.parametrize(
    ("said", "classes"),
    [(None, ["a", "b", "c"]), ("none", ["a;b", "b;c", "c"]), (",", None)],
)
def test_what_stands_between_labels_can_be_said(upload, said, classes):
    given = ["a;b", "b;c", "c"] * 8
    rows = [f'{row}.png,"{cell}"' for row, cell in enumerate(given)]
    data = packed(table(*rows), images(np.zeros((24, 3))))
    options = {} if said is None else {"label_separator": said}
    if classes is None:
        problem = upload.refused(data, "images.zip", **options)
        assert (problem.code, problem.where.path) == (
            "separator_absent",
            ["options", "label_separator"],
        )
        return
    description = upload(data, "images.zip", **options)
    assert description.problem.classes == classes
    assert (description.problem.task == "multilabel") == (said is None)


def test_a_separator_that_is_said_is_taken_where_none_would_be_found(upload):
    given = [f"maple tree,oak{row}" for row in range(12)]
    rows = [f'{row}.png,"{cell}"' for row, cell in enumerate(given)]
    data = packed(table(*rows), images(np.zeros((12, 3))))
    description = upload(data, "images.zip", label_separator=",")
    assert description.labels_per_image == [0, 0, 12]
    assert description.origin.separator == ","


@pytest.mark.parametrize("data", ["a,b\n1,2\n3,4\n", archive(two_classes())], ids=["table", "zip"])
def test_a_separator_of_labels_without_a_table_of_them_is_refused(upload, data):
    problem = upload.refused(data, label_separator="|")
    assert (problem.code, problem.where.path) == ("no_label_table", ["options", "label_separator"])


def test_a_column_of_a_label_that_no_image_has_is_left_out(upload):
    rows = [f"{row}.png,{row % 2},0,{int(row % 3 == 0)}" for row in range(12)]
    data = packed(table(*rows, header="image,a,b,c"), images(np.zeros((12, 3))))
    description = upload(data, "images.zip")
    assert description.problem.classes == ["a", "c"]
    assert notes(description)["labels_from_table"].endswith('left out: "b".')


def test_exactly_one_of_the_columns_for_each_image_are_classes(upload):
    rows = [f"{row}.png,{row % 2},{1 - row % 2}" for row in range(12)]
    data = packed(table(*rows, header="image,odd,even"), images(np.zeros((12, 3))))
    description = upload(data, "images.zip")
    assert (description.problem.task, description.problem.classes) == (
        "classification",
        ["even", "odd"],
    )


@pytest.mark.parametrize(
    "names",
    [
        ["golden retriever", "great dane", "labrador retriever", "poodle"],
        ["red dress", "red shirt", "blue dress", "blue shirt"],
        ["Paris, France", "Lyon, France", "Rome, Italy", "Malta"],
        ["maple tree", "oak tree", "rose", "aquarium fish"],
    ],
)
def test_names_of_several_words_stay_classes(upload, names):
    description = upload_cells(upload, *(3 * names))
    assert description.problem.task == "classification"
    assert description.problem.classes == sorted(names, key=str.casefold)


def test_codes_by_blanks_are_labels(upload):
    description = upload_cells(upload, *(3 * ["0 5", "5", "16 0", "16", "5 16 0"]))
    assert description.problem.classes == ["0", "5", "16"]
    assert [entry.count for entry in description.classes] == [9, 9, 9]
    assert "rare_labels" in notes(description)


def test_a_label_that_every_image_has_is_told(upload):
    description = upload_cells(upload, *(6 * ["sky|sea", "sky"]))
    assert "label_everywhere" in notes(description)


def test_the_order_of_labels_and_a_separator_at_the_end_mean_nothing(upload):
    upload_cells(upload, *(3 * ["a|b", "b|a", "b | a|", "a|a"]))
    assert np.load(upload.folder / "labels.npy")[:4].tolist() == [[1, 1], [1, 1], [1, 1], [1, 0]]


@pytest.mark.parametrize(
    ("given", "code", "row", "says"),
    [
        (["a|b", "a", "a||b", "b|a"], "empty_label", 4, "'a||b'"),
        (["a|b", "a", "b;a", "b|a", "b"], "mixed_separators", 4, '";"'),
        (["a|", "a|", "|a", "a|a"], "empty_label", 4, "'|a'"),
        (["a|a", "a", "a"], "single_class", None, "2 to 1,000 labels"),
    ],
)
def test_cells_that_are_no_labels_are_refused(upload, given, code, row, says):
    rows = [f'{place}.png,"{cell}"' for place, cell in enumerate(given)]
    data = packed(table(*rows), images(np.zeros((len(given), 3))))
    problem = upload.refused(data, "images.zip")
    assert (problem.code, problem.where.row) == (code, row)
    assert says in problem.message
    assert row is None or problem.where.column == "labels"


@pytest.mark.parametrize(
    ("cell", "code", "got"),
    [
        ("2", "label_not_binary", "'2'"),
        ("", "label_not_binary", "an empty cell"),
        ("x", "text_in_numbers", '"x"'),
    ],
)
def test_a_cell_that_is_neither_0_nor_1_is_refused(upload, cell, code, got):
    rows = [f"{row}.png,{row % 2},{int(row % 3 == 0)}" for row in range(20)]
    rows[7] = f"7.png,1,{cell}"
    data = packed(table(*rows, header="image,a,b"), images(np.zeros((20, 3))))
    problem = upload.refused(data, "images.zip")
    assert (problem.code, problem.where.row, problem.where.column) == (code, 9, "b")
    assert got in problem.message


def test_columns_of_measurements_are_no_labels(upload):
    rows = [f"{row}.png,{row % 2},{row}" for row in range(12)]
    data = packed(table(*rows, header="image,a,age"), images(np.zeros((12, 3))))
    problem = upload.refused(data, "images.zip")
    assert problem.code == "no_labels"
    assert "a column of 0 and 1 for each label" in problem.message


def arrays(**given: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.savez(file, **given)
    return file.getvalue()


@pytest.mark.parametrize("kind", [np.uint8, np.float32, bool])
def test_rows_of_0_and_1_in_an_array_are_labels(upload, kind):
    has = marks(40)
    data = arrays(x=images(has), y=has.astype(kind), class_names=np.array(NAMES))
    description = upload(data, "images.npz")
    assert (description.problem.task, description.problem.classes) == ("multilabel", list(NAMES))
    assert np.load(upload.folder / "labels.npy").tolist() == has.astype(int).tolist()
    assert pixels(upload)[:, 0].tolist() == images(has).tolist()


def test_rows_with_a_single_1_in_an_array_are_classes(upload):
    description = upload(arrays(x=images(np.zeros((9, 3))), y=np.eye(3)[np.arange(9) % 3]), "a.npz")
    assert description.problem.task == "classification"


def test_a_preview_of_mixed_images_has_the_labels_of_both(upload):
    description = upload(marked(20), "images.zip")
    has = marks(20)
    plain = preview(upload.folder, description, [], 8, 0)
    for image in plain:
        assert {label["name"] for label in image["labels"]} == {
            name for name, one in zip(NAMES, has[image["index"]], strict=True) if one
        }
    mixed = preview(upload.folder, description, [Objective(type="MixUp")], 8, 0)
    assert all(0 < label["share"] <= 1 for image in mixed for label in image["labels"])


def test_a_new_version_with_several_labels_is_told_as_another_task(upload):
    before = upload(archive(two_classes(4)), "images.zip")
    read = upload(marked(40), "images.zip")
    _, changes = renew(upload.folder, before, read)
    told = {note.code: note.message for note in changes}
    assert told["task_changed"] == "It is multilabel now, and was classification."


def test_only_the_images_with_a_label_are_shown(upload):
    description = upload(marked(40), "images.zip")
    places = np.flatnonzero(marks(40)[:, 1]).tolist()
    columns, rows = read_rows(upload.folder, description, 1, 3, "cat")
    assert columns == ["image", "label"]
    assert [row[0] for row in rows] == places[1:4]
    assert all("cat" in row[1] for row in rows)
    with pytest.raises(DocumentError, match='Did you mean "cat"'):
        read_rows(upload.folder, description, 0, 3, "cats")


def test_only_the_images_of_a_class_are_shown(upload):
    description = upload(archive(two_classes(4)), "images.zip")
    assert read_rows(upload.folder, description, 1, 9, "dogs")[1] == [
        [place, "dogs"] for place in (5, 6, 7)
    ]
