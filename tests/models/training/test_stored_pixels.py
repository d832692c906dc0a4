"""Images stay as stored, a byte a pixel, and are learnt as if all had been made numbers before."""

from dataclasses import replace
from typing import Any

import pytest
import torch

from models.data.prepare import Prepared
from models.data.preprocess import Preprocess, entering
from models.evaluation.report import evaluate
from models.training.loop import train
from models.training.plan import plan
from models.training.work import as_network_sees
from tests.models.training.cases import IMAGES
from tests.models.training.plain import apart, curve


def prepared(stored: bool) -> Prepared:
    """Return the case's data: pixels of a byte, or the numbers that these stand for."""
    whole = IMAGES.prepared(validation=30)
    parts = []
    for part in (whole.train, whole.validation):
        assert part is not None
        pixels = (part.inputs[0] * 60 + 128).clamp(0, 255).to(torch.uint8)
        parts.append(replace(part, inputs=(pixels if stored else pixels.float() / 255,)))
    return replace(whole, train=parts[0], validation=parts[1])


@pytest.mark.parametrize("changes", [{}, {"batch_size": "all"}, {"precision": "bfloat16"}])
@pytest.mark.usefixtures("way")
def test_weights_and_curves_are_the_same_bit_for_bit(changes):
    runs: list[tuple[Any, Any]] = []
    for stored in (True, False):
        network = IMAGES.network()
        runs.append((network, list(train(network, prepared(stored), IMAGES.recipe(**changes)))))
    (ours, told), (theirs, expected) = runs
    assert apart(ours, theirs) == 0
    for split in ("train", "validation"):
        assert curve(told, split=split) == curve(expected, split=split)


def test_no_copy_in_numbers_is_kept():
    decided = plan(IMAGES.network(), prepared(True), IMAGES.recipe())
    assert decided.validation is not None
    for kept in (decided.work.inputs[0], decided.train.inputs[0], decided.validation.inputs[0]):
        assert kept.dtype == torch.uint8
    seen = as_network_sees(decided.work.inputs[0][:3])
    assert torch.equal(seen, prepared(False).train.inputs[0][:3])


def test_a_model_is_judged_alike():
    network = IMAGES.network()
    told = []
    for stored in (True, False):
        data = prepared(stored)
        assert data.validation is not None
        told.append(evaluate(network, data, data.validation, IMAGES.recipe())["metrics"])
    assert told[0] == told[1]


def test_every_pixel_becomes_the_number_that_a_model_makes_of_it():
    pixels = torch.arange(256, dtype=torch.uint8).reshape(1, 1, 16, 16)
    preparation = IMAGES.prepared().preparation.model_copy(
        update={"kind": "images", "image_shape": (1, 16, 16)}
    )
    assert torch.equal(entering(pixels), Preprocess(preparation)(pixels)[0])
