"""New versions of a dataset: what people chose stays, and what differs is told."""

from typing import Any

from models.data.change import change
from models.data.description import CHOSEN, Column, Description
from models.data.renewal import renew
from tests.models.data.uploads import Upload, archive, two_classes

TEXT = "size,color,code,day,label\n" + "".join(
    f"{i}.5,{'red' if i % 2 else 'blue'},{i % 3},{i % 28 + 1:02}/01/2024,{'ab'[i % 2]}\n"
    for i in range(60)
)


def chosen(upload: Upload, text: str = TEXT, **patches: dict[str, Any]) -> Description:
    """Upload a table and change its columns."""
    description = upload(text)
    return change(
        upload.folder, description, [{"name": name, **patch} for name, patch in patches.items()]
    )


def columns(description: Description) -> dict[str, Column]:
    return {column.name: column for column in description.columns}


def told(upload: Upload, before: Description, text: str, **options: Any) -> dict[str, str]:
    """Upload another table, and return what is told of it by code."""
    said = frozenset(options.get("kinds", {}))
    _, notes = renew(upload.folder, before, upload(text, **options), said)
    return {note.code: note.message for note in notes}


def test_the_same_file_again_is_the_same_with_every_choice(upload):
    before = chosen(
        upload,
        code={"kind": "category", "role": "target"},
        size={"treatment": {"scaling": "robust", "missing": "median"}},
        color={"role": "group"},
        day={"role": "ignore"},
    )
    after, notes = renew(upload.folder, before, upload(TEXT))
    assert after == before
    assert [note.code for note in notes] == ["same_shape"]


def test_choices_stay_where_columns_come_and_go(upload):
    before = chosen(
        upload,
        code={"kind": "category", "role": "target"},
        size={"treatment": {"scaling": "robust"}},
        color={"role": "ignore"},
    )
    new = "weight,size,color,code,label\n" + "".join(
        f"{i * 2},{i}.25,{'red' if i % 2 else 'green'},{i % 4},{'ab'[i % 2]}\n" for i in range(80)
    )
    after, notes = renew(upload.folder, before, upload(new))
    kept = columns(after)
    assert (kept["code"].kind, kept["code"].role) == ("category", "target")
    assert kept["size"].treatment.scaling == "robust"
    assert kept["color"].role == "ignore"
    assert after.problem is not None
    assert (after.problem.target, after.problem.classes) == ("code", ["0", "1", "2", "3"])
    messages = {note.code: note.message for note in notes}
    assert messages["rows_changed"] == "80 rows now, 60 before."
    assert messages["columns_new"] == 'New: "weight".'
    assert messages["columns_gone"] == 'Gone: "day".'
    assert messages["classes_new"] == 'New classes of "code": "3".'
    assert "classes_gone" not in messages
    # What was chosen is applied by the same rules as a change by hand.
    again = change(upload.folder, upload(new), [{"name": "code", "kind": "category"}])
    assert columns(again)["code"].distribution == kept["code"].distribution


def test_a_choice_that_the_new_values_do_not_suit_is_left_out_and_told(upload):
    before = chosen(
        upload,
        code={"kind": "number"},
        size={"treatment": {"scaling": "log", "missing": "median"}, "role": "weight"},
        label={"role": "ignore"},
        color={"role": "target"},
    )
    new = TEXT.replace("0.5,", "-0.5,", 1)
    after, notes = renew(upload.folder, before, upload(new))
    lost = [note for note in notes if note.code == "choice_lost"]
    assert [note.examples for note in lost] == [["size"]]
    assert "role" in lost[0].message
    assert "weight" in lost[0].message
    kept = columns(after)
    assert kept["size"].role == "input"
    assert kept["size"].treatment.scaling == "log"
    assert kept["color"].role == "target"
    assert kept["label"].role == "ignore"


def test_a_kind_that_is_no_longer_possible_is_told_and_the_rest_stays(upload):
    before = chosen(upload, code={"kind": "number"}, size={"role": "ignore"})
    assert columns(before)["code"].kind_reason == CHOSEN
    texts = TEXT.replace(",0,", ",zero,").replace(",1,", ",one,").replace(",2,", ",two,")
    after, notes = renew(upload.folder, before, upload(texts))
    assert columns(after)["code"].kind == "category"
    assert columns(after)["size"].role == "ignore"
    assert [note.code for note in notes] == ["column_kind_changed", "choice_lost"]
    assert notes[1].message.startswith('The kind "number" chosen for "code" does not suit')


def test_a_target_that_is_gone_is_told_with_what_is_proposed_instead(upload):
    before = upload(TEXT)
    assert before.problem is not None
    assert before.problem.target == "label"
    messages = told(upload, before, TEXT.replace("label", "height"))
    assert messages["columns_gone"] == 'Gone: "label".'
    assert messages["target_changed"].startswith('The target was "label"; "height" is proposed')


def test_several_targets_stay_in_their_order(upload):
    description = upload(TEXT)
    before = change(
        upload.folder, description, [{"name": name, "role": "target"} for name in ("size", "code")]
    )
    after, _ = renew(upload.folder, before, upload(TEXT))
    assert after.problem is not None
    assert after.problem.target == "size"
    assert {name for name, c in columns(after).items() if c.role == "target"} == {"size", "code"}


def test_a_kind_asked_for_on_reading_counts_more_than_the_one_before(upload):
    before = chosen(upload, code={"kind": "category"})
    read = upload(TEXT, kinds={"code": "integer"})
    after, _ = renew(upload.folder, before, read, frozenset(["code"]))
    assert columns(after)["code"].kind == "integer"


def test_classes_of_images_that_come_and_go_are_told(upload):
    before = upload(archive(two_classes(3)))
    files = {name.replace("dogs", "wolves"): data for name, data in two_classes(4).items()}
    after, notes = renew(upload.folder, before, upload(archive(files)))
    assert after.rows == 8
    messages = {note.code: note.message for note in notes}
    assert messages == {
        "rows_changed": "8 images now, 6 before.",
        "classes_new": 'New classes of the images: "wolves".',
        "classes_gone": 'Classes of the images that are gone: "dogs".',
    }


def test_images_after_a_table_are_told_as_something_else(upload):
    before = upload(TEXT)
    _, notes = renew(upload.folder, before, upload(archive(two_classes(3))))
    assert notes[0].message == "It is a set of images now, and was a table."
