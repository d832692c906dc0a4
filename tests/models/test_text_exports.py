"""Texts outside the app: bundle, ONNX, program and scripts make the same ids and answers."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch

from models.data.change import change
from models.data.ingest import ingest
from models.data.options import ReadingOptions
from models.data.preparation import Preparation
from models.data.prepare import prepare
from models.ends import ends
from models.export import script_keras, script_pytorch
from models.export.bundle import example_rows
from models.export.program import run_onnx
from models.export.script import Asked
from models.export.standalone import made
from models.network import build
from models.prediction.answers import preview
from models.prediction.table import TableExamples
from models.proposal import propose
from models.recipe import Recipe
from tests.models.layers.twins import keras_model
from tests.models.scripts import carried_out, loaded, proven, told
from tests.models.test_bundle import run, saved, unpacked

pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Precision loss occurred:RuntimeWarning"),
]
WORDS = ["not bad", "quite good", "=awful", "Schön", "it isn't, is it?", "😀", "don't"]
ROWS = 80


def written(path: Path, *, mixed: bool) -> Path:
    """Write a table of texts, some of them missing; with a number and a category if mixed."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["remark", *(["size", "color"] if mixed else []), "label"])
        for row in range(ROWS):
            words = [WORDS[(row * step) % len(WORDS)] for step in (1, 3, 5)][: 1 + row % 3]
            text = "" if row % 13 == 0 else " ".join([*words, f"word{row % 9}", "in row", str(row)])
            more = [row % 7 / 2, ["red", "blue"][row % 2]] if mixed else []
            writer.writerow([text, *more, ["bad", "fine"][row % 2]])
    return path


def patches(tokenizer: str) -> list[dict[str, Any]]:
    treatment = {"tokenizer": tokenizer, "output_sequence_length": 9}
    treatment |= {"max_tokens": 80} if tokenizer == "byte_pair" else {"lowercase": False}
    return [{"name": "remark", "kind": "text", "role": "input", "treatment": treatment}]


@pytest.mark.parametrize("mixed", [True, False])
@pytest.mark.parametrize("tokenizer", ["word", "byte_pair"])
def test_a_bundle_reads_texts_by_itself_as_the_app_does(tmp_path, tokenizer, mixed):
    data = written(tmp_path / "table.csv", mixed=mixed)
    model = saved(tmp_path, data, patches=patches(tokenizer))
    place = unpacked(tmp_path)
    assert "tokenizers" not in (place / "requirements.txt").read_text()
    odd = [
        "",
        "   ",
        "word " * 3_000,
        "Bad, not GOOD",
        "=1+1",
        "שלום 😀",
        "line\nbreak",
        "x" * 5_000,
    ]
    rows = [{"remark": text} for text in odd]
    rows = [{**row, **({"size": 1.5, "color": "red"} if mixed else {})} for row in rows]
    with (place / "rows.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [*rows[0]])
        writer.writeheader()
        writer.writerows(rows)
    done = run(place, "rows.csv")
    assert done.returncode == 0, done.stderr
    found = list(csv.DictReader(done.stdout.splitlines()))
    assert len(found) == len(rows)
    for ours, theirs in zip(model.predict(rows)[0], found, strict=True):
        for name, share in ours["probabilities"].items():
            assert float(theirs[f"probability of {name}"]) == pytest.approx(share, abs=1e-5)


@pytest.mark.parametrize("what", ["model.onnx", "program.pt2"])
def test_other_programs_take_ids_and_are_told_which(tmp_path, what):
    model = saved(tmp_path, written(tmp_path / "table.csv", mixed=True), patches=patches("word"))
    content = made(what, tmp_path / "run")
    rows = example_rows(model.preparation)
    raw = model.preparation.encode(rows)
    assert raw.shape == (64, 2 + 9)
    if what == "program.pt2":
        return
    notes = {entry.key: entry.value for entry in onnx.load_from_string(content).metadata_props}
    assert "ids of their tokens, 9 numbers" in notes["raw"]
    again = Preparation.model_validate_json(notes["preparation"]).encode(rows)
    torch.testing.assert_close(again, raw, equal_nan=True)
    (found,) = run_onnx(content, raw)
    torch.testing.assert_close(found, model.answers(raw)[0], atol=1e-4, rtol=1e-4)


def test_a_file_of_texts_is_answered_as_rows_are(tmp_path):
    model = saved(tmp_path, written(tmp_path / "table.csv", mixed=False), patches=patches("word"))
    texts = ["not bad", "", "Word1 unheard of", "ends in NA", "NA"]
    path = tmp_path / "rows.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["remark", "id"], *([text, "1"] for text in texts)])
    examples = TableExamples(path, "rows.csv", ReadingOptions(), model.preparation, [])
    found = preview(model, examples, 10)["outputs"][0]
    rows = [{"remark": text or None} for text in texts]
    for ours, theirs in zip(model.predict(rows)[0], found, strict=True):
        assert theirs["probabilities"] == pytest.approx(ours["probabilities"], abs=1e-6)


class Scripted:
    """The proposed network on a table of texts, by a short recipe."""

    def __init__(self, folder: Path, tokenizer: str, *, mixed: bool, **recipe: Any) -> None:
        self.path = written(folder / "table.csv", mixed=mixed)
        self.folder = folder / "dataset"
        self.folder.mkdir()
        description = ingest(self.path, self.folder, "table.csv")
        self.description = change(self.folder, description, patches(tokenizer))
        defaults = {"epochs": 3, "seed": 7, "device": "cpu", "precision": "float32"}
        wish = Recipe.model_validate(defaults | {"early_stopping": "none"} | recipe)
        proposal = propose(self.description, None, wish)
        self.architecture, self.recipe = proposal.architecture, proposal.recipe
        self.asked = Asked(self.architecture, self.description, self.recipe)
        self.prepared = prepare(self.folder, self.description, self.recipe, ends(self.architecture))


@pytest.mark.parametrize("mixed", [True, False])
@pytest.mark.parametrize("tokenizer", ["word", "byte_pair"])
@pytest.mark.parametrize("library", [script_pytorch, script_keras])
def test_scripts_learn_the_same_tokens_and_make_the_same_ids(tmp_path, library, tokenizer, mixed):
    case = Scripted(tmp_path, tokenizer, mixed=mixed)
    source = library.script(case.asked)
    namespace = loaded(source)
    columns = namespace["read"](str(case.path))
    given = namespace["INPUTS"].values() if mixed else [namespace["INPUTS"]]
    train = case.prepared.train.rows
    assert case.prepared.test is not None
    for part in (case.prepared.train, case.prepared.test):
        for entering, x in zip(given, part.inputs, strict=True):
            features = namespace["features"](columns, entering, train)
            np.testing.assert_allclose(features[part.rows], x[:].numpy(), atol=1e-6)
    proven(source, tmp_path)


@pytest.mark.parametrize("tokenizer", ["word", "byte_pair"])
def test_both_scripts_run_on_texts(tmp_path, tokenizer):
    plain = {"batch_size": "all", "epochs": 2}
    case = Scripted(tmp_path, tokenizer, mixed=True, **plain)
    printed = told(carried_out(script_pytorch.script(case.asked), case.path))
    assert len(printed) == 2
    assert all(np.isfinite(value) for epoch in printed for value in epoch.values())
    source = script_keras.script(case.asked)
    network = build(case.architecture, case.prepared.interface, seed=7)
    model = keras_model(case.architecture, network, case.asked.interface, source)
    x = [part[:].numpy() for part in case.prepared.train.inputs]
    network.eval()
    with torch.inference_mode():
        expected = network(*(part[:] for part in case.prepared.train.inputs)).numpy()
    np.testing.assert_allclose(model.predict(x, verbose=0), expected, atol=1e-5)
    carried_out(source, case.path, build=lambda seed: model)
    assert len(model.history.history["loss"]) == 2


def test_a_preparation_of_texts_is_plain_json(tmp_path):
    model = saved(tmp_path, written(tmp_path / "table.csv", mixed=False), patches=patches("word"))
    told_of = json.loads((tmp_path / "run" / "preparation.json").read_text())["columns"][0]
    assert told_of["text"]["length"] == 9
    (column,) = model.preparation.columns
    assert column.text is not None
    assert told_of["text"]["vocabulary"] == column.text.vocabulary
