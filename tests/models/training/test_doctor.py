"""The doctor: each disease is told by its name, at its layer, and its fix cures it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from models.data.description import Description
from models.data.ingest import ingest
from models.data.options import IngestOptions
from models.data.prepare import prepare
from models.data.samples import SAMPLES
from models.ends import ends
from models.errors import DocumentError, InsertNode, RemoveNode, SetParams, SetRecipe
from models.gallery import entries
from models.mending import mended
from models.network import build
from models.parse import parse
from models.proposal import propose
from models.recipe import Recipe
from models.training.activity import Gauge
from models.training.doctor.diagnoses import DIAGNOSES
from models.training.doctor.doctor import Doctor
from models.training.events import Finding, Layers
from models.training.loop import train
from models.training.plan import plan
from tests.models.documents import chain, document
from tests.models.samples import file_of
from tests.models.training.patients import (
    Patient,
    dense,
    findings,
    losses,
    numbers,
    patient,
    rows,
    told,
    two,
)

X = rows(256)
Y = numbers(X)
ROUGH = numbers(X, noise=0.5)
MANY = rows(2_048)
CHECKERS = (X[:, :1] * X[:, 1:2] > 0).float()


def sgd(rate: float) -> dict[str, Any]:
    return {"type": "SGD", "learning_rate": rate}


def adam(rate: float) -> dict[str, Any]:
    return {"type": "Adam", "learning_rate": rate}


def normal(stddev: float) -> dict[str, Any]:
    return {"type": "random_normal", "stddev": stddev}


def shuffled(y: torch.Tensor) -> torch.Tensor:
    return y[torch.randperm(len(y), generator=torch.Generator().manual_seed(3))]


def few(count: int, features: int, noise: float, **options: Any) -> dict[str, Any]:
    """Return some rows to learn and 80 to validate by."""
    x, held = rows(count, features), rows(80, features, seed=5)
    y = numbers(held, noise, seed=4)
    return {"x": x, "y": numbers(x, noise), "held": (held, y), "batch_size": 8, **options}


Disease = tuple[str, str | None, Callable[[], Patient]]

DISEASES: list[Disease] = [
    (
        "dead_relu",
        "layer_1",
        lambda: patient(
            dense(16, "relu", bias_initializer={"type": "constant", "value": -20.0}),
            dense(1),
            x=X,
            y=Y,
        ),
    ),
    (
        "saturated",
        "layer_1",
        lambda: patient(dense(16, "tanh", kernel_initializer=normal(20.0)), dense(1), x=X, y=Y),
    ),
    (
        "vanishing_gradients",
        "layer_1",
        lambda: patient(*[dense(16, "sigmoid")] * 8, dense(1), x=X, y=Y, optimizer=sgd(0.005)),
    ),
    (
        "exploding_gradients",
        "layer_4",
        lambda: patient(
            *[dense(16, "relu", kernel_initializer=normal(1.5))] * 3,
            dense(1),
            x=X,
            y=Y,
            optimizer=sgd(0.02),
        ),
    ),
    (
        "learning_rate_too_high",
        None,
        lambda: patient(
            dense(16, "relu"), dense(1), x=X, y=Y, batch_size=8, optimizer=sgd(0.3), epochs=40
        ),
    ),
    (
        "learning_rate_too_low",
        None,
        lambda: patient(dense(16, "relu"), dense(1), x=X, y=Y, optimizer=adam(1e-7), epochs=60),
    ),
    (
        "loss_not_finite",
        None,
        lambda: patient(dense(16, "relu"), dense(1), x=X, y=Y, optimizer=sgd(1e4)),
    ),
    (
        "constant_output",
        "layer_2",
        lambda: patient(
            dense(16, "tanh", kernel_initializer="zeros"),
            dense(1, kernel_initializer="zeros"),
            x=X,
            y=Y,
        ),
    ),
    (
        "overfitting",
        None,
        lambda: patient(dense(32, "relu"), dense(1), **few(40, 8, 0.8, epochs=120)),
    ),
    (
        "too_little_data",
        "layer_2",
        lambda: patient(
            *(dense(96, "relu"), dense(64, "relu"), dense(1)),
            **few(60, 6, 0.5, epochs=80, optimizer=adam(0.001)),
        ),
    ),
    (
        "underfitting",
        "layer_1",
        lambda: patient(dense(1, "sigmoid"), x=X, y=CHECKERS, classes=2, epochs=40),
    ),
    (
        "inputs_not_scaled",
        "layer_1",
        lambda: patient(dense(16, "relu"), dense(1), x=300 * X, y=Y, optimizer=sgd(0.01)),
    ),
    (
        "inputs_not_scaled",
        "layer_2",
        lambda: patient(("Rescaling", {"scale": 255.0}), dense(16, "relu"), dense(1), x=X, y=Y),
    ),
    (
        "output_mismatch",
        "layer_2",
        lambda: patient(dense(16, "relu"), dense(1, "sigmoid"), x=X, y=Y),
    ),
    (
        "output_mismatch",
        "layer_2",
        lambda: patient(
            dense(16, "relu"),
            dense(2, "tanh"),
            x=X,
            y=two(X)[:, 0].long()[:, None].float(),
            classes=2,
            loss={"type": "MeanSquaredError"},
        ),
    ),
    (
        "batch_too_large",
        None,
        lambda: patient(
            *(dense(16, "relu"), dense(1)),
            x=MANY,
            y=numbers(MANY),
            batch_size="all",
            epochs=20,
            optimizer=adam(0.005),
        ),
    ),
    (
        "batch_too_small",
        None,
        lambda: patient(
            dense(16, "relu"),
            dense(1),
            x=X,
            y=ROUGH,
            batch_size=2,
            optimizer=sgd(0.05),
            epochs=60,
        ),
    ),
    (
        "plateau",
        None,
        lambda: patient(
            dense(16, "relu"), dense(1), x=X, y=ROUGH, batch_size=8, optimizer=sgd(0.1), epochs=60
        ),
    ),
]


@pytest.mark.parametrize(
    ("code", "node", "sick"), DISEASES, ids=[f"{code} at {node}" for code, node, _ in DISEASES]
)
def test_a_disease_is_told_once_at_its_layer_and_its_fix_cures_it(
    code: str, node: str | None, sick: Callable[[], Patient]
) -> None:
    one = sick()
    events = one.events()
    found = findings(events)
    assert [(finding.code, finding.node) for finding in found] == [(code, node)]
    healed = one.after(found[0]).events()
    assert told(healed) == set()
    # The weights of the best epoch are kept only where the recipe says so.
    held = one.held is not None
    left = losses(events, "validation")[-1:] if held else losses(events)
    assert min(losses(healed, "validation" if held else "train")) < min([*left, torch.inf])


def test_labels_that_were_shuffled_are_told_and_put_back_they_are_not() -> None:
    held = rows(128, seed=7)
    layers = (dense(128, "relu"), dense(1))
    options: dict[str, Any] = {"x": X, "epochs": 100, "batch_size": 16}
    mixed = patient(*layers, y=shuffled(Y), held=(held, shuffled(numbers(held, seed=8))), **options)
    assert told(mixed.events()) == {("shuffled_labels", None)}
    assert findings(mixed.events())[0].fix is None
    right = patient(*layers, y=Y, held=(held, numbers(held, seed=8)), **options)
    assert told(right.events()) == set()


def test_every_diagnosis_has_a_patient() -> None:
    tried = {code for code, _, _ in DISEASES} | {"shuffled_labels"}
    assert tried == {diagnosis.code for diagnosis in DIAGNOSES}


def test_what_a_diagnosis_follows_from_is_known() -> None:
    codes = [diagnosis.code for diagnosis in DIAGNOSES]
    assert len(set(codes)) == len(codes)
    assert {code for diagnosis in DIAGNOSES for code in diagnosis.follows} <= set(codes)


def test_a_run_that_keeps_its_best_weights_is_not_told_of_overfitting() -> None:
    rule = {"monitor": "val_loss", "patience": 100, "restore_best": True}
    options = few(40, 8, 0.8, epochs=120, early_stopping=rule)
    assert told(patient(dense(32, "relu"), dense(1), **options).events()) == set()


def test_full_gradient_descent_that_arrives_is_healthy() -> None:
    one = patient(
        dense(16, "tanh"), dense(1), x=X, y=Y, batch_size="all", epochs=400, optimizer=adam(0.02)
    )
    assert told(one.events()) == set()


def test_stochastic_gradient_descent_with_small_steps_is_healthy() -> None:
    one = patient(
        dense(16, "tanh"), dense(1), x=X, y=Y, batch_size=1, epochs=25, optimizer=sgd(0.003)
    )
    assert told(one.events()) == set()


def test_a_layer_inside_a_block_is_told_by_its_path_and_the_block_on_the_canvas() -> None:
    bias = {"bias_initializer": {"type": "constant", "value": -20.0}}
    inner = document(
        ("in", "Input", {}),
        ("fc", "Dense", {"units": 16, "activation": "relu", **bias}),
        ("out", "Output", {}),
    )
    sent = document(
        ("input", "Input", {"shape": [4]}),
        ("cell", "Block", {"block": "inner"}),
        ("dense", "Dense", {"units": 1}),
        ("output", "Output", {}),
    )
    sent["blocks"] = {"inner": {"nodes": inner["nodes"], "edges": inner["edges"]}}
    one = patient(dense(1), x=X, y=Y)
    events = Patient(parse(sent), X, Y, one.recipe).events()
    (finding,) = findings(events)
    assert (finding.code, finding.node, finding.layer) == ("dead_relu", "cell", "cell.fc")
    assert finding.fix is not None
    assert finding.fix.title == "Set activation to leaky_relu in every block inner"
    architecture, _ = mended(parse(sent), one.recipe, finding.fix.changes)
    assert finding.fix.changes[0].model_dump()["block"] == "inner"
    assert architecture.blocks["inner"].nodes[1].params["activation"] == "leaky_relu"
    assert findings(Patient(architecture, X, Y, one.recipe).events()) == []
    # Where each use of the block sets the parameter, the block's own value says nothing.
    sent["blocks"]["inner"]["parameters"] = {
        "act": {"default": "relu", "sets": [["fc", "activation"]]}
    }
    (finding,) = findings(Patient(parse(sent), X, Y, one.recipe).events())
    assert finding.fix is not None
    assert finding.fix.title == "Lower the learning rate to 0.001"


def test_an_interrupted_training_is_not_told_again_what_it_was_told(tmp_path: Path) -> None:
    code, node, sick = DISEASES[0]
    one = sick()
    prepared = one.prepared
    network = build(one.architecture, prepared.interface, seed=1)
    kept = tmp_path / "checkpoint"
    seen: list[Any] = []
    paused = train(
        network,
        prepared,
        one.recipe,
        threads=1,
        checkpoint=kept,
        pause=lambda: any(isinstance(event, Finding) for event in seen),
    )
    for event in paused:
        seen.append(event)
    assert told(seen) == {(code, node)}
    again = train(network, prepared, one.recipe, threads=1, checkpoint=kept, resume=True)
    assert findings(list(again)) == []


def test_what_was_gone_and_returns_is_told_again() -> None:
    one = DISEASES[0][2]()
    prepared = one.prepared
    network = build(one.architecture, prepared.interface, seed=1)
    events = list(train(network, prepared, one.recipe, threads=1))
    sick = next(event for event in events if isinstance(event, Layers))
    well = sick.model_copy(
        update={
            "nodes": {name: n.model_copy(update={"dead": 0.0}) for name, n in sick.nodes.items()}
        }
    )
    decided = plan(network, prepared, one.recipe)
    layers = Gauge(network, decided.work.parameters, decided.train.inputs).layers
    doctor = Doctor(decided, prepared, layers)

    def said(event: Layers, times: int) -> int:
        return sum(len(list(doctor.look(event))) for _ in range(times))

    assert said(sick, 5) == 1
    assert said(well, 3) == 0
    assert said(sick, 5) == 0
    assert said(well, 20) == 0
    assert said(sick, 5) == 1


def test_the_doctor_leaves_the_weights_as_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    one = patient(dense(8, "relu"), dense(1), x=X, y=Y, epochs=3)
    prepared = one.prepared
    weights = []
    for silent in (False, True):
        if silent:
            monkeypatch.setattr(Doctor, "_examine", lambda self, moment: iter(()))
        network = build(one.architecture, prepared.interface, seed=1)
        list(train(network, prepared, one.recipe, threads=1))
        weights.append(torch.cat([p.detach().flatten() for p in network.parameters()]))
    assert torch.equal(*weights)


# Healthy runs

LONGEST = 60
LONG = {"digits": 6, "kiosks": 15, "product_reviews": 15}
"""Epochs of the quick runs, fewer where one takes long; the others go the whole way."""


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Description]]:
    """Return the datasets that come with the app, read."""
    found = {}
    for sample in SAMPLES:
        folder = tmp_path_factory.mktemp(sample.slug)
        path = file_of(sample, folder)
        options = IngestOptions(roles=dict(sample.roles))
        found[sample.slug] = (folder, ingest(path, folder, path.name, options))
    return found


OF_GALLERY = [(item.sample, item.slug) for item in entries() if item.sample]
SLOW = {"digits", "mnist", "fashion_mnist"}
UNLEARNT = {"spiral"}
"""What the proposed network hardly learns: it is right to tell of it."""
PROPOSED = [(sample.slug, None) for sample in SAMPLES if sample.slug not in UNLEARNT]
QUICK = [pair for pair in [*PROPOSED, *OF_GALLERY] if pair[0] not in SLOW] + [
    ("digits", None),
    ("digits", "digits-cnn"),
]


def healthy(
    data: tuple[Path, Description], network: str | None, epochs: int | None
) -> set[tuple[str, str | None]]:
    """Train by the proposed recipe, and return what is told."""
    folder, description = data
    chosen = next((item.architecture for item in entries() if item.slug == network), None)
    recipe = propose(description, chosen).recipe
    if epochs is not None:
        recipe = recipe.model_copy(update={"epochs": min(epochs, recipe.epochs or 1)})
    proposal = propose(description, chosen, recipe)
    prepared = prepare(folder, description, proposal.recipe, ends(proposal.architecture))
    built = build(proposal.architecture, prepared.interface, seed=proposal.recipe.seed)
    return told(list(train(built, prepared, proposal.recipe, threads=1)))


@pytest.mark.parametrize(("sample", "network"), QUICK)
def test_a_healthy_run_is_told_nothing(
    read: dict[str, tuple[Path, Description]], sample: str, network: str | None
) -> None:
    assert healthy(read[sample], network, LONG.get(sample, LONGEST)) == set()


@pytest.mark.nightly
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("sample", "network"), [*PROPOSED, *OF_GALLERY])
def test_a_healthy_run_of_full_length_is_told_nothing(
    read: dict[str, tuple[Path, Description]], sample: str, network: str | None
) -> None:
    assert healthy(read[sample], network, None) == set()


# Fixes carried out

BASE = parse(chain(dense(4, "relu"), dense(1), shape=[4]))


def test_a_fix_changes_parameters_layers_and_the_recipe_and_leaves_what_was_given() -> None:
    changes = [
        SetParams(node="layer_1", params={"units": 8}),
        InsertNode(type="BatchNormalization", source="input", target="layer_1"),
        SetRecipe(values={"clip_norm": 1.0}),
    ]
    architecture, recipe = mended(BASE, Recipe(epochs=3), changes)
    assert [node.id for node in architecture.nodes][-1] == "batchnormalization_1"
    assert architecture.nodes[1].params == {"units": 8, "activation": "relu"}
    wires = [(edge.source, edge.target) for edge in architecture.edges]
    assert ("input", "batchnormalization_1") in wires
    assert ("batchnormalization_1", "layer_1") in wires
    assert ("input", "layer_1") not in wires
    assert (recipe.epochs, recipe.clip_norm) == (3, 1.0)
    assert BASE.nodes[1].params["units"] == 4
    build(architecture, seed=0)


def test_what_is_left_when_a_layer_is_removed_is_wired_together() -> None:
    architecture, _ = mended(BASE, Recipe(), [RemoveNode(node="layer_1")])
    wires = [(edge.source, edge.target) for edge in architecture.edges]
    assert wires == [("input", "layer_2"), ("layer_2", "output")]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (SetParams(node="gone", params={}), "gone"),
        (SetParams(node="layer_1", params={}, block="gone"), "gone"),
        (RemoveNode(node="gone"), "gone"),
        (InsertNode(type="Dense", source="input", target="output"), "wire"),
        (SetRecipe(values={"epoch": 3}), "epochs"),
        (SetRecipe(values={"epochs": "3"}), "whole number"),
    ],
)
def test_a_change_that_does_not_fit_is_refused(change: Any, word: str) -> None:
    with pytest.raises(DocumentError, match=word):
        mended(BASE, Recipe(), [change])
