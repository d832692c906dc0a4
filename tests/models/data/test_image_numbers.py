"""Images with numbers for labels go from upload to a trained network that beats the mean."""

import io

import numpy as np
import pytest

from models.data.prepare import prepare
from models.data.view import read_rows
from models.evaluation.report import evaluate
from models.network import build
from models.objectives.augmentations import AUGMENTATIONS
from models.proposal import propose
from models.recipe import Objective, Recipe
from models.training.loop import train
from models.training.preview import preview


def shades(count: int = 300) -> bytes:
    """Return images whose number is how bright they are."""
    random = np.random.default_rng(0)
    y = random.uniform(-3, 3, count)
    x = np.clip(128 + 30 * y[:, None, None] + random.normal(0, 20, (count, 6, 6)), 0, 255)
    file = io.BytesIO()
    np.savez(file, x=x.astype(np.uint8), y=100 + 10 * y)
    return file.getvalue()


def test_a_number_is_learnt_from_images(upload):
    description = upload(shades(), "shades.npz")
    mixed = Recipe(augmentation=[Objective(type="RandomFlip"), Objective(type="MixUp")])
    proposal = propose(description, recipe=mixed)
    assert (proposal.task, proposal.recipe.target) == ("regression", "label")
    recipe = proposal.recipe.model_copy(update={"epochs": 80, "device": "cpu"})
    data = prepare(upload.folder, description, recipe)
    network = build(proposal.architecture, data.interface, seed=0)
    list(train(network, data, recipe))
    assert data.test is not None
    told = evaluate(network, data, data.test, recipe)
    assert told["metrics"]["mae"] < 0.5 * told["baseline"]["mae"]
    y = data.train.y.numpy()
    assert (y.mean(), y.std()) == pytest.approx((0, 1), abs=1e-5), "learnt standardised"
    (output,) = data.preparation.outputs
    ((_, own),) = read_rows(upload.folder, description, int(data.test.rows[0]), 1)[1]
    assert data.test.y[0, 0] * output.std + output.mean == pytest.approx(own, rel=1e-5)


def test_rows_and_previews_tell_the_number(upload):
    description = upload(shades(20), "shades.npz")
    columns, rows = read_rows(upload.folder, description, 3, 2)
    assert columns == ["image", "label"]
    assert [row[0] for row in rows] == [3, 4]
    assert all(isinstance(row[1], float) for row in rows)
    plain = preview(upload.folder, description, [], 4, 0)
    labels = [row[1] for row in read_rows(upload.folder, description, 0, 20)[1]]
    assert [image["value"] for image in plain] == [labels[image["index"]] for image in plain]
    every = [Objective(type=name) for name in AUGMENTATIONS]
    for image in preview(upload.folder, description, every, 4, 0):
        assert image["labels"] == []
        assert min(labels) <= image["value"] <= max(labels)
