"""Printed scripts deal rows out as the app does, whatever the split is by."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from models.errors import DocumentError
from models.export import script_keras, script_pytorch
from tests.models.documents import Document, document
from tests.models.scripts import Case, carried_out, loaded, proven, told

HIDDEN = ("Dense", {"units": 4, "activation": "tanh"})
KINDS = [HIDDEN, ("Dense", {"units": 3, "activation": "softmax"})]
NUMBER = [HIDDEN, ("Dense", {"units": 1})]
READER = [("GRU", {"units": 3}), ("Dense", {"units": 1})]
PARTS = ["Train"] * 14 + ["dev", "dev", "test", "train", "", "TEST"]


class Stopped(Exception):
    """A script got as far as it was to."""


def written(path: Path) -> Path:
    """Write a table of 120 rows with what rows can be dealt out by."""
    random = np.random.default_rng(5)
    lines = ["id,tag,customer_id,padded,x,kind,firm,shop,day,hour,remark,part"]
    numbers = random.permutation(120) * 7
    for row in range(120):
        day = f"{1 + random.integers(28):02}.{1 + random.integers(12):02}.2024"
        firm = ["Ash & Co", "zeta", "Beech", "Oak", "Élan", "", "Yew"][random.integers(7)]
        x, kind = f"{random.normal():.3f}", "abc"[row % 3] if row % 17 else ""
        shop = str(random.integers(8, 13)) if row % 7 else ""
        remark = ["good", "very good", "", "bad", "not bad"][random.integers(5)]
        cells = [x, kind, firm, shop, day if row % 13 else "", str(row // 3), remark]
        number = numbers[row]
        own = [str(number), f"{'ab' if row > 50 else ''}{number}"]
        own += [str(number) if row % 9 else "NA", f"0{number}"]
        lines.append(",".join([*own, *cells, PARTS[row % 20]]))
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def dealt(source: str, path: Path) -> tuple[dict[str, Any], list[np.ndarray]]:
    """Return what a script defines, and the parts into which its `main` deals the examples."""
    names = loaded(source)
    deal, found = names["deal"], []

    def stop(*given: Any) -> Iterator[np.ndarray]:
        found.extend(deal(*given))
        raise Stopped

    names["deal"] = stop
    with pytest.raises(Stopped):
        names["main"](str(path))
    return names, found


def rows_of(case: Case) -> list[list[int]]:
    """Return the rows of each part of a run."""
    prepared = case.prepared()
    parts = (prepared.train, prepared.validation, prepared.test)
    return [[] if part is None else part.rows.tolist() for part in parts]


TABLES: dict[str, tuple[str, dict[str, Any]]] = {
    "groups by name": ("x", {"by": "group", "column": "firm"}),
    "groups by number": ("x", {"by": "group", "column": "shop", "seed": 4, "test": 0.3}),
    "groups by what may be a number": ("x", {"by": "group", "column": "id"}),
    "groups by what may be a number or lack": ("x", {"by": "group", "column": "customer_id"}),
    "groups by numbers behind a zero": ("x", {"by": "group", "column": "padded"}),
    "groups by what begins as numbers": ("x", {"by": "group", "column": "tag"}),
    "groups in order": ("x", {"by": "group", "column": "firm", "shuffle": False}),
    "groups for two parts": ("x", {"by": "group", "column": "hour", "test": 0.0}),
    "groups by class": ("kind", {"by": "stratified_group", "column": "hour", "seed": 2}),
    "groups by class in order": (
        "kind",
        {"by": "stratified_group", "column": "hour", "shuffle": False, "validation": 0.0},
    ),
    "dates": ("x", {"by": "time", "column": "day"}),
    "dates with a gap": ("kind", {"by": "time", "column": "day", "gap": 7}),
    "numbers in time": ("x", {"by": "time", "column": "hour", "gap": 2, "validation": 0.0}),
    "a column": ("kind", {"by": "column", "column": "part"}),
    "folds": ("kind", {"folds": 5, "fold": 2, "seed": 3}),
    "folds of a number": ("x", {"folds": 4, "fold": 4, "test": 0.0}),
    "folds in order": ("x", {"folds": 4, "fold": 1, "shuffle": False}),
    "folds of groups": ("x", {"by": "group", "column": "firm", "folds": 3, "fold": 1}),
    "folds of groups by class": (
        "kind",
        {"by": "group", "column": "hour", "folds": 5, "fold": 3, "shuffle": False},
    ),
    "folds by class": ("kind", {"by": "stratified_group", "column": "hour", "folds": 3, "fold": 2}),
    "folds in time": ("x", {"by": "time", "column": "day", "gap": 3, "folds": 4, "fold": 3}),
    "folds beside a column": ("kind", {"by": "column", "column": "part", "folds": 3, "fold": 2}),
}


@pytest.mark.parametrize(("target", "split"), TABLES.values(), ids=TABLES)
def test_rows_are_dealt_out_as_in_the_app(
    target: str, split: dict[str, Any], tmp_path: Path
) -> None:
    path = written(tmp_path / "table.csv")
    own = Case(path, tmp_path, KINDS if target == "kind" else NUMBER, target=target, split=split)
    expected = rows_of(own)
    for library in (script_pytorch, script_keras):
        source = library.script(own.asked)
        assert [part.tolist() for part in dealt(source, path)[1]] == expected
    proven(source, tmp_path)


def test_a_script_with_a_split_by_column_learns_and_tests_as_the_app_does(tmp_path: Path) -> None:
    path = written(tmp_path / "table.csv")
    split = {"by": "column", "column": "part", "validation": 0.0, "test": 0.0}
    own = Case(path, tmp_path, KINDS, target="kind", split=split)
    printed = carried_out(script_pytorch.script(own.asked), path)
    assert "\ntest: loss" in printed
    for ours, theirs in zip(own.trained(), told(printed), strict=True):
        assert "val_loss" in theirs
        assert theirs == pytest.approx({key: ours[key] for key in theirs}, abs=1e-4, rel=1e-4)


def stepped(path: Path) -> Path:
    """Write 5 series of 24 steps, in disorder, each of them in one part or changing it once."""
    random = np.random.default_rng(2)
    lines = ["row,value,sort,step,series,part"]
    steps = [(place, series) for place in range(24) for series in ("9", "10", "a", "b", "c")]
    for row, which in enumerate(random.permutation(len(steps))):
        step, series = steps[which]
        part = {"9": "test", "10": "valid"}.get(series, "train")
        part = "valid" if series == "a" and step > 17 else part
        lines.append(f"{row},{random.normal():.3f},{'pqr'[row % 3]},{step},{series},{part}")
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


WINDOWS: dict[str, dict[str, Any]] = {
    "by group": {"by": "group", "seed": 3},
    "by column": {"by": "column", "column": "part"},
    "by time with a gap": {"by": "time", "gap": 6},
    "by group and class": {"by": "stratified_group", "seed": 3},
    "in folds by class": {"by": "stratified_group", "folds": 3, "fold": 2},
    "in folds of groups": {"by": "group", "folds": 3, "fold": 2},
    "in folds in time": {"by": "time", "gap": 5, "folds": 4, "fold": 3},
    "in folds beside a column": {"by": "column", "column": "part", "folds": 3, "fold": 3},
}


@pytest.mark.parametrize("split", WINDOWS.values(), ids=WINDOWS)
def test_windows_are_dealt_out_as_in_the_app(split: dict[str, Any], tmp_path: Path) -> None:
    path = stepped(tmp_path / "table.csv")
    sequence = {"window": 3, "time": "step", "group": "series"}
    told_of = {"inputs": ["value"], "sequence": sequence, "split": split}
    classes = split["by"] == "stratified_group"
    layers = [READER[0], KINDS[1]] if classes else READER
    own = Case(path, tmp_path, layers, target="sort" if classes else "value", **told_of)
    expected = rows_of(own)
    assert all(expected)
    for library in (script_pytorch, script_keras):
        source = library.script(own.asked)
        names, parts = dealt(source, path)
        columns, _, _ = names["ordered"](names["read"](str(path)))
        rows = columns["row"].astype(int)
        assert [rows[part + names["SHIFT"]].tolist() for part in parts] == expected
    proven(source, tmp_path)
    found = told(carried_out(script_pytorch.script(own.asked), path))
    for ours, theirs in zip(own.trained(), found, strict=True):
        assert theirs == pytest.approx({key: ours[key] for key in theirs}, abs=1e-4, rel=1e-4)


def pictures(path: Path, *parts: str) -> Path:
    """Write an archive of images in the folders of two classes, within those of some parts.

    One class is of trains, so that a folder's name alone does not tell a part from a class.
    """
    random = np.random.default_rng(1)
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(40):
            name = f"{parts[number % len(parts)]}/{'train' if number % 3 else 'bus'}/{number}.png"
            content = io.BytesIO()
            pixels = random.integers(0, 256, (4, 4), dtype=np.uint8)
            Image.fromarray(pixels).save(content, "PNG")
            archive.writestr(f"all/{name}", content.getvalue())
    return path


GIVEN: dict[str, tuple[list[str], dict[str, Any]]] = {
    "with validation": (["Train", "test", "train", "val"], {}),
    "without validation": (["train", "train", "test"], {"by": "given"}),
    "in order": (["train", "test"], {"shuffle": False}),
    "dealt anew": (["train", "test"], {"by": "rows"}),
    "in folds": (["train", "val", "test"], {"folds": 3, "fold": 2}),
}


@pytest.mark.parametrize(("parts", "split"), GIVEN.values(), ids=GIVEN)
def test_images_stay_in_the_parts_that_their_folders_name(
    parts: list[str], split: dict[str, Any], tmp_path: Path
) -> None:
    path = pictures(tmp_path / "images.zip", *parts)
    layers = [("Flatten", {}), ("Dense", {"units": 1, "activation": "sigmoid"})]
    own = Case(path, tmp_path, layers, split=split)
    expected = rows_of(own)
    for library in (script_pytorch, script_keras):
        source = library.script(own.asked)
        assert [part.tolist() for part in dealt(source, path)[1]] == expected
    proven(source, tmp_path)
    found = told(carried_out(script_pytorch.script(own.asked), path))
    for ours, theirs in zip(own.trained(), found, strict=True):
        assert theirs == pytest.approx({key: ours[key] for key in theirs}, abs=1e-4, rel=1e-4)


def test_arrays_that_were_read_before_it_was_kept_how_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "images.npz"
    random = np.random.default_rng(1)
    np.savez(path, images=random.integers(0, 256, (20, 4, 4), np.uint8), labels=[*range(2)] * 10)
    own = Case(path, tmp_path, [("Flatten", {}), ("Dense", {"units": 1, "activation": "sigmoid"})])
    own.description.origin = None
    with pytest.raises(DocumentError, match="Upload its file again") as caught:
        script_keras.script(own.asked)
    assert caught.value.problems[0].code == "not_in_script"


TEXTS = {"max_tokens": 8, "output_sequence_length": 2, "missing": "drop"}
DROP = {"missing": "drop"}
DROPPED: dict[str, tuple[list[Any] | Document, dict[str, Any], dict[str, Any]]] = {
    "numbers and dates": (NUMBER, {"target": "x"}, {"shop": DROP, "day": DROP}),
    "names": (KINDS, {"target": "kind"}, {"firm": DROP, "remark": DROP}),
    "texts": (
        [("Embedding", {"input_dim": 8, "output_dim": 3}), ("Flatten", {}), KINDS[1]],
        {"target": "kind", "inputs": ["remark"]},
        {"remark": TEXTS},
    ),
    "where groups are split": (
        KINDS,
        {"target": "kind", "split": {"by": "group", "column": "firm"}},
        {"day": DROP},
    ),
    "windows": (
        READER,
        {
            "target": "x",
            "inputs": ["shop", "x"],
            "sequence": {"window": 4, "horizon": 2},
            "split": {"by": "time", "validation": 0.2, "test": 0.0},
        },
        {"shop": DROP},
    ),
    "of two inputs": (
        document(
            ("places", "Input", {"columns": ["shop"]}),
            ("moments", "Input", {"columns": ["day", "x"]}),
            ("both", "Concatenate", {}),
            ("kinds", "Dense", {"units": 3, "activation": "softmax"}),
            ("output", "Output", {"target": "kind"}),
            wires="places>both moments>both both>kinds kinds>output",
        ),
        {},
        {"shop": DROP},
    ),
}


@pytest.mark.parametrize(("layers", "recipe", "chosen"), DROPPED.values(), ids=DROPPED)
def test_rows_that_lack_what_they_need_are_left_out_as_in_the_app(
    layers: list[Any] | Document, recipe: dict[str, Any], chosen: dict[str, Any], tmp_path: Path
) -> None:
    path = written(tmp_path / "table.csv")
    patches = [{"name": name, "treatment": treatment} for name, treatment in chosen.items()]
    patches[-1] |= {"kind": "text"} if TEXTS in chosen.values() else {}
    own = Case(path, tmp_path, layers, patches, **recipe)
    expected = rows_of(own)
    assert sum(map(len, expected)) < 110
    for library in (script_pytorch, script_keras):
        source = library.script(own.asked)
        _, parts = dealt(source, path)
        after = own.asked.steps.reach if own.asked.steps else 0
        assert [(part + after).tolist() for part in parts] == expected
    proven(source, tmp_path)
    found = told(carried_out(script_pytorch.script(own.asked), path))
    for ours, theirs in zip(own.trained(), found, strict=True):
        assert theirs == pytest.approx({key: ours[key] for key in theirs}, abs=1e-4, rel=1e-4)
