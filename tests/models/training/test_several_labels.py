"""Images with any number of labels each go from upload to a model that runs elsewhere."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from sklearn import metrics as sklearn

from models.check import check
from models.data.description import Description
from models.data.ends import Ends
from models.data.interface import interface
from models.data.prepare import Part, Prepared, prepare
from models.errors import DocumentError
from models.evaluation import evaluate
from models.export.program import run_onnx
from models.export.standalone import made
from models.model import Model
from models.network import build
from models.prediction import answers
from models.prediction.images import ImageExamples
from models.proposal import Proposal, propose
from models.recipe import Recipe
from models.training.events import Metrics, Status
from models.training.forecast import needs
from models.training.loop import train
from tests.models.data.marked import NAMES, images, marked, marks
from tests.models.data.uploads import Upload
from tests.models.fixes import apply


@dataclass
class Learnt:
    """A training of the proposed network, and what it left."""

    description: Description
    proposal: Proposal
    recipe: Recipe
    data: Prepared
    test: Part
    model: Model
    told: dict[str, Any]
    events: list[Any]
    folder: Path


@pytest.fixture(scope="module")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> Learnt:
    upload = Upload(tmp_path_factory.mktemp("labels"))
    description = upload(marked(160), "images.zip")
    proposal = propose(description, recipe=Recipe.model_validate({"epochs": 30, "device": "cpu"}))
    optimizer = proposal.recipe.optimizer.model_copy(update={"learning_rate": 0.01})
    recipe = proposal.recipe.model_copy(update={"optimizer": optimizer})
    data = prepare(upload.folder, description, recipe)
    network = build(proposal.architecture, data.interface, seed=0)
    events = list(train(network, data, recipe, threads=1))
    assert data.test is not None
    told = evaluate(network, data, data.test, recipe)
    model = Model(data.preparation, network).eval()
    folder = upload.folder.parent / "run"
    model.save(folder, proposal.architecture, recipe)
    return Learnt(description, proposal, recipe, data, data.test, model, told, events, folder)


def probabilities(learnt: Learnt) -> np.ndarray:
    return learnt.model.answers(learnt.test.inputs[0][:])[0].numpy()


def test_what_is_proposed_has_a_sigmoid_for_each_label_and_says_why(learnt):
    recipe, reasons = learnt.recipe, {tuple(r.path): r.reason for r in learnt.proposal.reasons}
    last = next(node for node in learnt.proposal.architecture.nodes if node.id == "prediction")
    assert last.params == {"units": 3, "activation": "sigmoid"}
    assert "each label by itself" in reasons["architecture", "output"]
    assert (recipe.task, recipe.loss.type) == ("multilabel", "BinaryCrossentropy")
    assert recipe.metrics == ["accuracy", "macro_f1"]
    assert not recipe.split.stratify
    assert "at random, not stratified" in reasons["recipe", "split"]
    assert check(learnt.proposal.architecture, learnt.data.interface).problems == []


def test_it_is_learnt_and_told_while_it_is(learnt):
    *_, last = (e for e in learnt.events if isinstance(e, Metrics) and e.split == "validation")
    assert isinstance(learnt.events[-1], Status)
    assert set(last.values) == {"loss", "accuracy", "macro_f1"}
    metrics, baseline = learnt.told["metrics"], learnt.told["baseline"]
    assert metrics["macro_f1"] > 0.9 > baseline["macro_f1"]
    assert metrics["loss"] < 0.5 * baseline["loss"]


def test_the_evaluation_is_that_of_scikit_learn(learnt):
    y, shares = learnt.test.y.numpy(), probabilities(learnt)
    found = shares > 0.5
    assert y.tolist() == marks(160)[learnt.test.rows].astype(float).tolist()
    metrics = learnt.told["metrics"]
    assert metrics["accuracy"] == pytest.approx(1 - sklearn.hamming_loss(y, found))
    assert metrics["subset_accuracy"] == pytest.approx(sklearn.accuracy_score(y, found))
    assert metrics["macro_f1"] == pytest.approx(sklearn.f1_score(y, found, average="macro"))
    precision, recall, f1, support = sklearn.precision_recall_fscore_support(
        y, found, zero_division=0
    )
    average = sklearn.average_precision_score(y, shares, average=None)
    for place, label in enumerate(learnt.told["per_class"]):
        assert label == {
            "name": NAMES[place],
            "precision": pytest.approx(precision[place]),
            "recall": pytest.approx(recall[place]),
            "f1": pytest.approx(f1[place]),
            "support": support[place],
            "predicted": found[:, place].sum(),
            "average_precision": pytest.approx(average[place]),
        }


def test_the_baseline_gives_every_image_the_shares_of_the_labels(learnt):
    y, known = learnt.test.y.numpy(), learnt.data.train.y.numpy()
    shares = np.broadcast_to(known.mean(0), y.shape)
    of_each = [sklearn.log_loss(y[:, place], shares[:, place]) for place in range(3)]
    baseline = learnt.told["baseline"]
    assert baseline["loss"] == pytest.approx(np.mean(of_each), rel=1e-5)
    assert baseline["accuracy"] == pytest.approx(1 - sklearn.hamming_loss(y, shares > 0.5))


def test_mistakes_tell_all_labels_and_how_sure_of_the_wrong_one_it_was(learnt):
    shuffled = Part(
        learnt.test.rows, learnt.test.inputs, (learnt.test.y.flip(0),), learnt.test.weights
    )
    told = evaluate(learnt.model.network, learnt.data, shuffled, learnt.recipe)
    y, shares = shuffled.y.numpy() > 0.5, probabilities(learnt)
    wrong = (y != (shares > 0.5)).any(1)
    assert len(told["mistakes"]) == min(24, wrong.sum())
    for mistake in told["mistakes"]:
        (place,) = np.flatnonzero(shuffled.rows == mistake["row"])
        names = [name for name, has in zip(NAMES, y[place], strict=True) if has]
        assert mistake["expected"] == (", ".join(names) or "no label")
        sure = np.where(shares[place] > 0.5, shares[place], 1 - shares[place])
        worst = sure[y[place] != (shares[place] > 0.5)].max()
        assert mistake["probability"] == pytest.approx(worst, abs=1e-6)
    told = [mistake["probability"] for mistake in told["mistakes"]]
    assert told == sorted(told, reverse=True)


def test_a_saved_model_says_which_labels_are_more_probable_than_not(learnt):
    again = Model.load(learnt.folder)
    has = np.array([[1, 0, 1], [0, 0, 0]], bool)
    rows = [{"image": image[None].tolist()} for image in images(has, seed=5)]
    (told,) = again.predict(rows)
    assert [one["value"] for one in told] == [["bird", "dog"], []]
    for one in told:
        shares = one["probabilities"]
        assert one["value"] == [name for name in NAMES if shares[name] > 0.5]


def test_a_file_of_images_is_answered_with_every_label(learnt, tmp_path):
    sent, written = tmp_path / "sent.zip", tmp_path / "answers.csv"
    sent.write_bytes(marked(30))

    def examples() -> ImageExamples:
        return ImageExamples(sent, "sent.zip", learnt.description.image)

    answers.write(learnt.model, examples(), written)
    rows = list(csv.DictReader(io.StringIO(written.read_text(encoding="utf-8"))))
    previewed = answers.preview(learnt.model, examples(), 30)["outputs"][0]
    assert len(rows) == 30
    for row, told in zip(rows, previewed, strict=True):
        assert row["predicted_label"] == "|".join(told["value"])
        for name in NAMES:
            assert float(row[f"probability_{name}"]) == pytest.approx(told["probabilities"][name])


def test_onnx_gives_the_probability_of_every_label(learnt):
    raw = learnt.test.inputs[0][:]
    (found,) = run_onnx(made("model.onnx", learnt.folder), raw)
    np.testing.assert_allclose(found, probabilities(learnt), atol=1e-5)


def checked(learnt: Learnt, loss: str | None = None, **params: Any):
    """Check the network with another last layer; return it and the problems."""
    nodes = [
        node.model_copy(update={"params": {**node.params, **params}})
        if node.id == "prediction"
        else node
        for node in learnt.proposal.architecture.nodes
    ]
    architecture = learnt.proposal.architecture.model_copy(update={"nodes": nodes})
    return architecture, check(architecture, learnt.data.interface, loss).problems


@pytest.mark.parametrize(
    ("params", "code", "says"),
    [
        ({"units": 2}, "output_units", "3 outputs, one for each of the 3 labels (bird, cat, dog)"),
        ({"units": 1}, "output_units", "got 1"),
        ({"activation": "softmax"}, "output_activation", "a probability of its own"),
        ({"activation": "linear"}, "output_activation", "got linear"),
    ],
)
def test_another_output_layer_is_a_problem_with_a_fix(learnt, params, code, says):
    architecture, (problem,) = checked(learnt, **params)
    assert problem.code == code
    assert says in problem.message
    mended = apply(problem.fix, architecture)
    last = next(node for node in mended.nodes if node.id == "prediction")
    assert last.params == {"units": 3, "activation": "sigmoid"}


@pytest.mark.parametrize("loss", ["CategoricalCrossentropy", "MeanSquaredError", "Hinge"])
def test_another_loss_is_a_problem_with_a_fix(learnt, loss):
    problem = next(one for one in checked(learnt, loss)[1] if one.code == "loss_mismatch")
    assert problem.fix.changes[0].values == {"loss": {"type": "BinaryCrossentropy"}}
    with pytest.raises(DocumentError, match="which is for"):
        propose(learnt.description, recipe=Recipe.model_validate({"loss": {"type": loss}}))


@pytest.mark.parametrize("loss", ["BinaryCrossentropy", "BinaryFocalCrossentropy"])
def test_binary_losses_suit(learnt, loss):
    assert checked(learnt, loss)[1] == []
    assert propose(learnt.description, recipe=Recipe.model_validate({"loss": {"type": loss}}))


@pytest.mark.parametrize(
    ("recipe", "says"),
    [
        ({"task": "classification"}, "an image may have several labels"),
        ({"metrics": ["f1_score"]}, "a metric for multilabel"),
        ({"class_weight": "balanced"}, "no class weights for multilabel"),
        ({"target_scaling": "standard"}, "labels have no scale"),
    ],
)
def test_what_does_not_suit_labels_is_refused(learnt, recipe, says):
    with pytest.raises(DocumentError, match=says):
        propose(learnt.description, recipe=Recipe.model_validate(recipe))


def test_a_table_has_no_several_labels(tmp_path):
    description = Upload(tmp_path)("x,y\n" + "1.5,a\n2.5,b\n" * 10)
    with pytest.raises(DocumentError, match="Expected classification or regression"):
        interface(description, Recipe.model_validate({"task": "multilabel"}), Ends())


def test_the_memory_is_told_and_images_can_be_mixed_and_dealt_into_folds(learnt):
    assert needs(learnt.proposal.architecture, learnt.description, learnt.recipe).per_row > 0
    split = {"validation": 0.2, "test": 0.2, "folds": 3, "fold": 2, "stratify": True}
    wish = {"augmentation": [{"type": "MixUp"}], "epochs": 2, "split": split, "device": "cpu"}
    recipe = propose(learnt.description, recipe=Recipe.model_validate(wish)).recipe
    data = prepare(learnt.folder.parent / "dataset", learnt.description, recipe)
    network = build(learnt.proposal.architecture, data.interface, seed=0)
    *_, last = train(network, data, recipe, threads=1)
    assert last.state == "completed"
    assert torch.isin(data.validation.y, torch.tensor([0.0, 1.0])).all()
