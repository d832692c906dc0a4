"""Looking at rows and images, and changing what columns are taken for."""

import io

import numpy as np
import pytest
from PIL import Image

from models.data.change import change
from models.data.view import read_image, read_rows
from models.errors import DocumentError
from tests.models.data.uploads import archive, notes, two_classes

TEXT = "size,color,code,name,label\n" + "".join(
    f"{i}.5,{'red' if i % 2 else 'blue'},{i % 3},n{i},{'ab'[i % 2]}\n" for i in range(30)
)


def refusal(*args):
    with pytest.raises(DocumentError) as caught:
        change(*args)
    return caught.value.problems[0]


def by_name(description):
    return {column.name: column for column in description.columns}


def test_a_window_of_rows_stands_as_in_the_file(upload):
    description = upload(TEXT)
    columns, rows = read_rows(upload.folder, description, 28, 5)
    assert columns == ["size", "color", "code", "name", "label"]
    assert rows == [[28.5, "blue", 1, "n28", "a"], [29.5, "red", 2, "n29", "b"]]
    assert read_rows(upload.folder, description, 30, 5)[1] == []


def test_rows_of_images_are_their_index_and_class(upload):
    description = upload(archive(two_classes(3)))
    assert read_rows(upload.folder, description, 2, 2) == (
        ["image", "label"],
        [[2, "cats"], [3, "dogs"]],
    )


def test_an_image_is_shown_as_the_network_sees_it(upload):
    upload(archive(two_classes(3, mode="L")))
    shown = np.asarray(Image.open(io.BytesIO(read_image(upload.folder, 5))))
    assert shown.shape == (4, 4)
    assert (shown == 200).all()


def test_an_image_that_is_not_there_is_refused(upload):
    upload(archive(two_classes(3)))
    for index in (-1, 6):
        with pytest.raises(DocumentError, match="from 0 to 5"):
            read_image(upload.folder, index)


def test_a_number_can_be_made_a_category_and_back(upload):
    description = upload(TEXT)
    category = change(upload.folder, description, [{"name": "code", "kind": "category"}])
    assert by_name(category)["code"].kind == "category"
    assert by_name(category)["code"].categories == ["0", "1", "2"]
    assert by_name(category)["code"].kind_reason == "chosen by you"
    back = change(upload.folder, category, [{"name": "code", "kind": "integer"}])
    assert by_name(back)["code"].model_dump() == by_name(description)["code"].model_dump()


def test_the_description_that_was_given_stays_as_it_was(upload):
    description = upload(TEXT)
    before = description.model_dump()
    change(upload.folder, description, [{"name": "color", "role": "target"}])
    assert description.model_dump() == before


def test_another_target_brings_its_own_problem(upload):
    description = upload(TEXT)
    changed = change(upload.folder, description, [{"name": "size", "role": "target"}])
    assert changed.problem is not None
    assert (changed.problem.target, changed.problem.task) == ("size", "regression")
    assert by_name(changed)["label"].role == "input"
    assert by_name(changed)["code"].correlation is not None


def test_a_target_that_is_given_up_leaves_none(upload):
    description = upload(TEXT)
    changed = change(upload.folder, description, [{"name": "label", "role": "ignore"}])
    assert changed.problem is None
    assert by_name(changed)["label"].role == "ignore"
    assert "no_target" in notes(changed)
    again = change(upload.folder, changed, [{"name": "label", "role": "target"}])
    assert again.problem is not None
    assert "no_target" not in notes(again)


def test_an_ignored_column_is_an_input_once_its_kind_allows(upload):
    description = upload(TEXT)
    assert by_name(description)["name"].role == "ignore"
    changed = change(
        upload.folder, description, [{"name": "name", "kind": "category", "role": "input"}]
    )
    assert by_name(changed)["name"].role == "input"


def test_a_kind_that_the_values_do_not_suit_is_refused_with_the_first_row(upload):
    problem = refusal(upload.folder, upload(TEXT), [{"name": "color", "kind": "number"}])
    assert problem.code == "kind_mismatch"
    assert (problem.where.row, problem.where.column) == (2, "color")
    assert '"blue"' in problem.message
    assert "30 such values" in problem.message


def test_halves_are_no_integers(upload):
    problem = refusal(upload.folder, upload(TEXT), [{"name": "size", "kind": "integer"}])
    assert '"0.5" in row 2' in problem.message


@pytest.mark.parametrize("kind", ["constant", "empty"])
def test_kinds_that_follow_from_the_values_cannot_be_chosen(upload, kind):
    problem = refusal(upload.folder, upload(TEXT), [{"name": "size", "kind": kind}])
    assert problem.code == "kind_mismatch"


def test_three_values_are_no_boolean(upload):
    problem = refusal(upload.folder, upload(TEXT), [{"name": "code", "kind": "boolean"}])
    assert "two different values" in problem.message


def test_a_role_that_the_kind_does_not_allow_is_refused(upload):
    problem = refusal(upload.folder, upload(TEXT), [{"name": "name", "role": "input"}])
    assert problem.code == "role_mismatch"
    assert "identifier" in problem.message


def test_a_column_that_is_not_there_is_refused_naming_near_ones(upload):
    problem = refusal(upload.folder, upload(TEXT), [{"name": "colour", "kind": "text"}])
    assert '"color"' in problem.message
    assert problem.where.path == ["columns", 0, "name"]


def test_images_have_no_columns_to_change(upload):
    description = upload(archive(two_classes(3)))
    assert refusal(upload.folder, description, [{"name": "label"}]).code == "no_columns"


def test_a_column_that_is_changed_twice_at_once_is_refused(upload):
    description = upload(TEXT)
    patches = [{"name": "size", "role": "input"}, {"name": "size", "role": "ignore"}]
    apart = [{"name": "size", "role": "ignore"}, {"name": "size", "kind": "category"}]
    problem = refusal(upload.folder, description, patches)
    assert (problem.code, problem.where.path) == ("column_twice", ["columns", 1, "role"])
    assert 'one role for the column "size"' in problem.message
    assert change(upload.folder, description, apart) is not None
