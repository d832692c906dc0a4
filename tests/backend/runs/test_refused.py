"""What this machine, the data or the recipe cannot do is refused before there is a run."""

import re
from itertools import pairwise
from typing import Any

import pytest
import torch

from models.data.columns import MAX_BARS
from tests.backend.runs.lab import Lab

ARCHITECTURE = {
    "format": "neuroloom/1",
    "name": "Classes",
    "nodes": [
        {"id": "input", "type": "Input"},
        {"id": "dense", "type": "Dense", "params": {"activation": "softmax"}},
        {"id": "output", "type": "Output"},
    ],
    "edges": [{"source": "input", "target": "dense"}, {"source": "dense", "target": "output"}],
}


def refused(lab: Lab, recipe: dict[str, Any], **changes: Any) -> dict[str, Any]:
    answer = lab.client.post("/api/runs", json=lab.body(recipe, **changes))
    assert answer.status_code == 422, answer.text
    assert lab.client.get("/api/runs").json()["items"] == []
    return answer.json()["error"]


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has the device")
def test_a_device_that_the_machine_lacks_is_refused_with_those_that_it_has(lab: Lab):
    error = refused(lab, {"device": "cuda"})
    assert (error["code"], error["where"]["path"]) == ("device_missing", ["recipe", "device"])
    assert "cpu" in error["message"]


def test_a_precision_that_loses_gradients_is_refused_with_what_to_choose(lab: Lab):
    error = refused(lab, {"precision": "float16"})
    assert (error["code"], error["where"]["path"]) == ("precision", ["recipe", "precision"])
    assert "bfloat16" in error["message"]


@pytest.mark.parametrize("kinds", [3, MAX_BARS + 5])
def test_a_class_of_one_row_is_refused_where_a_stratified_split_is_asked(lab: Lab, kinds: int):
    rows = [f"{at}.5,kind_{at % kinds}" for at in range(12 * kinds)]
    many = "\n".join(["x,y", *rows, "0.1,lonely"]) + "\n"
    layers = [dict(node) for node in ARCHITECTURE["nodes"]]
    layers[1]["params"] = {"units": kinds + 1, "activation": "softmax"}
    asked = {
        "architecture": {**ARCHITECTURE, "nodes": layers},
        "dataset_id": lab.upload(many),
    }
    split = {"validation": 0.2, "test": 0.2, "seed": 0, "stratify": True}
    error = refused(lab, {"split": split}, **asked)
    assert error["code"] == "class_too_small"
    assert error["where"]["path"] == ["recipe", "split", "stratify"]
    assert '"lonely"' in error["message"]
    # Without a wish, such a split is not proposed.
    run = lab.start({"epochs": 1}, **asked)
    assert lab.until(run, "completed")["recipe"]["split"]["stratify"] is False


def test_a_run_that_cannot_fit_is_refused_before_there_is_a_worker_for_it(lab: Lab):
    error = refused(lab, {"batch_size": "all", "max_memory": 100})
    assert (error["code"], error["where"]["path"]) == ("out_of_memory", ["recipe", "batch_size"])
    assert "fits into 100.0 MB of memory (max_memory)" in error["message"]
    assert "300.0 MB for the program itself" in error["message"]


def test_a_batch_that_cannot_fit_is_refused_with_one_that_would(lab: Lab):
    layers = [dict(node) for node in ARCHITECTURE["nodes"]]
    layers[1:2] = [
        {"id": "wide", "type": "Dense", "params": {"units": 100_000}},
        {"id": "dense", "type": "Dense", "params": {"units": 1}},
    ]
    wires = ["input", "wide", "dense", "output"]
    wide = {
        **ARCHITECTURE,
        "nodes": layers,
        "edges": [{"source": a, "target": b} for a, b in pairwise(wires)],
    }
    recipe = {"batch_size": "all", "max_memory": 500}
    error = refused(lab, recipe, architecture=wide)
    told = re.search(r"batch_size of at most (\d+)", error["message"])
    assert told, error["message"]
    fitting = int(told[1])
    assert 10 < fitting < 1_400
    run = lab.start({**recipe, "batch_size": fitting, "epochs": 1}, architecture=wide)
    lab.client.post(f"/api/runs/{run}/stop")
    lab.until(run, "stopped", "completed", "failed")
