"""The files that other programs run take raw rows, and give the app's answers."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import onnx
import pytest
import torch

from models.data.preparation import Preparation
from models.errors import DocumentError
from models.export import standalone as standing
from models.export.bundle import NotProved, example_rows
from models.export.program import loaded, run_onnx
from models.export.standalone import made, standalone
from models.lifeline import die_with_parent
from models.model import Model
from models.parse import parse
from tests.models.documents import document
from tests.models.test_bundle import TABLE, sample, saved


@pytest.fixture(scope="module")
def tables(tmp_path_factory) -> dict[str, tuple[Model, Path]]:
    """Models of numbers and classes, of numbers alone, and of categories with holes."""
    found = {}
    for slug in ("iris", "diabetes", "table"):
        folder = tmp_path_factory.mktemp(slug)
        data = folder / "table.csv" if slug == "table" else sample(slug)
        if slug == "table":
            data.write_text(TABLE)
        found[slug] = saved(folder, data), folder / "run"
    return found


@pytest.mark.parametrize("slug", ["iris", "diabetes", "table"])
def test_an_onnx_model_answers_raw_rows_as_the_app_does(tables, slug):
    model, folder = tables[slug]
    content = made("model.onnx", folder)
    raw = model.preparation.encode(example_rows(model.preparation))
    for rows in (1, 5, 64):
        (found,) = run_onnx(content, raw[:rows])
        torch.testing.assert_close(found, model.answers(raw[:rows])[0], atol=1e-4, rtol=1e-4)


SEVERAL_ENDS = document(
    ("sepals", "Input", {"columns": ["sepal length (cm)", "sepal width (cm)"]}),
    ("petals", "Input", {"columns": ["petal length (cm)"]}),
    ("both", "Concatenate", {}),
    ("hidden", "Dense", {"units": 8, "activation": "tanh"}),
    ("kinds", "Dense", {"units": 3, "activation": "softmax"}),
    ("breadth", "Dense", {"units": 1}),
    ("species", "Output", {"target": "species"}),
    ("width", "Output", {"target": "petal width (cm)"}),
    wires="sepals>both petals>both both>hidden hidden>kinds hidden>breadth kinds>species "
    "breadth>width",
)


def test_a_model_of_several_inputs_and_outputs_answers_elsewhere_as_in_the_app(tmp_path):
    model = saved(tmp_path, sample("iris"), network=parse(SEVERAL_ENDS))
    folder = tmp_path / "run"
    raw = model.preparation.encode(example_rows(model.preparation))
    content = made("model.onnx", folder)
    proto = onnx.load_from_string(content)
    assert [output.name for output in proto.graph.output] == ["answer_species", "answer_width"]
    program = loaded(made("program.pt2", folder))
    for rows in (1, 2, 17):
        expected = model.answers(raw[:rows])
        assert [answer.shape for answer in expected] == [(rows, 3), (rows, 1)]
        for found in (run_onnx(content, raw[:rows]), program(raw[:rows])):
            torch.testing.assert_close(tuple(found), expected, atol=1e-5, rtol=1e-5)


def test_an_onnx_model_says_what_goes_in_and_how_it_did(tables):
    model, folder = tables["iris"]
    proto = onnx.load_from_string(made("model.onnx", folder))
    onnx.checker.check_model(proto)
    notes = {entry.key: entry.value for entry in proto.metadata_props}
    (given,), (answer,) = proto.graph.input, proto.graph.output
    assert (given.name, answer.name) == ("raw", "answer")
    assert given.type.tensor_type.shape.dim[0].dim_param == "batch"
    assert Preparation.model_validate_json(notes["preparation"]) == model.preparation
    assert float(notes["largest_difference"]) < 1e-4
    assert notes["compared_rows"] == "64"


def test_a_saved_program_answers_raw_images_as_the_app_does(tmp_path):
    model = saved(tmp_path, sample("digits"))
    standalone("program.pt2", tmp_path / "run", tmp_path / "program.pt2")
    standalone("model.onnx", tmp_path / "run", tmp_path / "model.onnx")
    raw = model.preparation.encode(example_rows(model.preparation))
    program = loaded((tmp_path / "program.pt2").read_bytes())
    for rows in (1, 7):
        torch.testing.assert_close(program(raw[:rows]), model.answers(raw[:rows])[0])
    (found,) = run_onnx((tmp_path / "model.onnx").read_bytes(), raw)
    torch.testing.assert_close(found, model.answers(raw)[0], atol=1e-4, rtol=1e-4)


def test_a_saved_program_says_how_it_did(tables, tmp_path):
    _, folder = tables["iris"]
    path = tmp_path / "program.pt2"
    path.write_bytes(made("program.pt2", folder))
    notes = {"preparation": "", "largest_difference": "", "compared_rows": ""}
    torch.export.load(path, extra_files=notes)
    assert json.loads(notes["preparation"])["outputs"][0]["target"] == "species"
    assert float(notes["largest_difference"]) < 1e-6


@pytest.mark.parametrize("what", ["model.onnx", "program.pt2"])
def test_a_file_that_answers_otherwise_is_not_handed_out(tables, what, monkeypatch):
    _, folder = tables["iris"]
    answers = Model.answers
    monkeypatch.setattr(Model, "answers", lambda model, raw: (answers(model, raw)[0] + 0.01,))
    with pytest.raises(NotProved, match="differs from the app by"):
        made(what, folder)


def test_weights_that_no_onnx_file_can_hold_are_refused(tables, monkeypatch):
    _, folder = tables["iris"]
    monkeypatch.setattr(standing, "MOST", 100)
    with pytest.raises(DocumentError, match="less than 100 bytes"):
        made("model.onnx", folder)


def test_a_run_without_a_model_has_no_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        standalone("model.onnx", tmp_path, tmp_path / "model.onnx")
    assert list(tmp_path.iterdir()) == []


def test_the_process_that_exports_ends_with_the_one_that_started_it(monkeypatch, tmp_path):
    begun = {}

    def pool(workers, **options):
        begun.update(options)
        return ThreadPoolExecutor(workers)

    monkeypatch.setattr(standing, "ProcessPoolExecutor", pool)
    monkeypatch.setattr(standing, "made", lambda what, folder: b"content")
    standalone("model.onnx", tmp_path, tmp_path / "model.onnx")
    assert (tmp_path / "model.onnx").read_bytes() == b"content"
    assert begun["initializer"] is die_with_parent
