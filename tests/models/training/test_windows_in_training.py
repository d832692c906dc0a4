"""Windows that are gathered batch by batch train as copies of them would, to the last bit."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from models.data.prepare import Part, Prepared, prepare
from models.data.windows import Windows
from models.ends import ends
from models.network import build
from models.parse import parse
from models.proposal import propose
from models.recipe import Recipe
from models.training.capture import Captured
from models.training.events import Metrics
from models.training.loop import train
from models.training.plan import plan
from models.training.work import Chunk
from tests.models.data.uploads import Upload
from tests.models.documents import document

DENSE = parse(
    document(
        ("input", "Input", {}),
        ("flat", "Flatten", {}),
        ("hidden", "Dense", {"units": 8, "activation": "tanh"}),
        ("answer", "Dense", {"units": 1}),
        ("output", "Output", {}),
        wires="input>flat flat>hidden hidden>answer answer>output",
    )
)


def data(folder: Any, batch_size: int | str) -> tuple[Prepared, Recipe]:
    upload = Upload(folder)
    random = np.random.default_rng(0)
    x = np.cumsum(random.normal(size=300))
    rows = "\n".join(f"{row},{value:.4f},{value**2:.4f}" for row, value in enumerate(x))
    description = upload(f"t,x,y\n{rows}\n", kinds={"t": "integer"}, roles={"t": "time"})
    asked = {"sequence": {"window": 9}, "batch_size": batch_size, "epochs": 3, "metrics": ["mae"]}
    recipe = propose(description, DENSE, Recipe.model_validate(asked)).recipe
    return prepare(upload.folder, description, recipe, ends(DENSE)), recipe


def copied(prepared: Prepared) -> Prepared:
    def whole(part: Part | None) -> Part | None:
        return part and replace(part, inputs=tuple(x[:] for x in part.inputs))

    train_part = whole(prepared.train)
    assert train_part is not None
    return replace(
        prepared,
        train=train_part,
        validation=whole(prepared.validation),
        test=whole(prepared.test),
    )


@pytest.mark.parametrize("batch_size", [1, 32, "all"])
def test_training_on_windows_is_training_on_copies_of_them(batch_size, tmp_path):
    prepared, recipe = data(tmp_path, batch_size)
    assert all(isinstance(x, Windows) for x in prepared.train.inputs)
    weights, told = [], []
    for given in (prepared, copied(prepared)):
        network = build(DENSE, prepared.interface, seed=3)
        events = list(train(network, given, recipe, threads=1))
        judged = [event for event in events if isinstance(event, Metrics)]
        told.append([event.values for event in judged if event.split == "validation"])
        weights.append([weight.clone() for weight in network.parameters()])
    assert len(told[0]) == 3
    assert told[0] == told[1]
    assert all(torch.equal(one, other) for one, other in zip(*weights, strict=True))


@pytest.mark.parametrize("batch_size", [32, "all"])
def test_captured_steps_gather_the_same_windows(batch_size, tmp_path):
    prepared, recipe = data(tmp_path, batch_size)
    found: list[Chunk] = []
    for captured in (False, True):
        work = plan(build(DENSE, prepared.interface, seed=3), prepared, recipe).work
        order = work.order(torch.Generator().manual_seed(0))
        steps = Captured(work) if captured else work
        found.append(steps.run(order, 0, [0.01] * work.batches.count, 0))
    one, other = found
    assert len(one.losses) == len(other.losses)
    assert all(torch.equal(a, b) for a, b in zip(one.losses, other.losses, strict=True))
    assert all(torch.equal(a, b) for a, b in zip(one.outputs, other.outputs, strict=True))


def test_a_step_counts_the_table_once_and_no_copies_of_it(tmp_path):
    prepared, recipe = data(tmp_path, 32)
    work = plan(build(DENSE, prepared.interface, seed=3), prepared, recipe).work
    (windows,) = work.inputs
    assert isinstance(windows, Windows)
    assert windows.table.shape == (300, 2)
    assert all(isinstance(x, Windows) for x in (*prepared.train.inputs,))
