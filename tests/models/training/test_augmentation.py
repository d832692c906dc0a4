"""Training on augmented images: only what is learnt is changed, and by the seed alone."""

from typing import Any

import pytest
import torch
from torch.nn import functional

from models.errors import DocumentError
from models.network import Network
from models.objectives.augmentations import AUGMENTATIONS
from models.objectives.losses import LOSSES
from models.training.augment import Augmenter, declared
from models.training.loop import train
from models.training.plan import plan
from tests.models.training.cases import IMAGES
from tests.models.training.plain import apart, curve, orders, torch_step, trainable

ALL = [{"type": name} for name in AUGMENTATIONS]
SGD = {"type": "SGD", "learning_rate": 0.05}


def trained(**changes: Any) -> tuple[Network, list[Any]]:
    network = IMAGES.network()
    events = list(train(network, IMAGES.prepared(validation=30), IMAGES.recipe(**changes)))
    return network, events


def test_two_trainings_of_one_seed_are_equal_and_those_of_two_are_not():
    first, again = trained(augmentation=ALL)[0], trained(augmentation=ALL)[0]
    assert apart(first, again) == 0
    assert apart(first, trained(augmentation=ALL, seed=6)[0]) > 1e-4
    assert apart(first, trained()[0]) > 1e-4


def test_what_else_draws_random_numbers_changes_nothing():
    first = trained(augmentation=ALL)[0]
    torch.rand(7)
    assert apart(first, trained(augmentation=ALL)[0]) == 0


def test_only_what_is_learnt_from_is_changed():
    still = {"optimizer": {"type": "SGD", "learning_rate": 1e-30}}
    plain = trained(**still)[1]
    noisy = trained(**still, augmentation=[{"type": "GaussianNoise", "stddev": 1.0}])[1]
    assert curve(noisy, split="validation") == curve(plain, split="validation")
    assert curve(noisy) != pytest.approx(curve(plain), rel=1e-3)
    assert len(set(curve(noisy))) == len(curve(noisy)), "another noise in every epoch"


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("types", [["RandomFlip", "RandomRotation"], ["MixUp"], ["CutMix"]])
@pytest.mark.parametrize("batch_size", [16, "all"])
def test_the_weights_are_those_of_a_plain_loop_on_soft_targets(types, batch_size):
    recipe = IMAGES.recipe(
        augmentation=[{"type": name} for name in types], optimizer=SGD, batch_size=batch_size
    )
    network, part = IMAGES.network(), IMAGES.prepared().train
    plain = IMAGES.in_pytorch(network)
    list(train(network, IMAGES.prepared(), recipe))

    drawn = Augmenter(declared(recipe.augmentation), 5, torch.device("cpu"))
    step = torch_step(trainable(plain), torch.optim.SGD(trainable(plain), lr=0.05))
    for order in orders(len(part.y), recipe):
        rows_of_steps = order.split(16) if batch_size == 16 else [torch.arange(len(part.y))]
        for rows in rows_of_steps:
            images, mixes = drawn.images(part.x[rows])
            expected = functional.one_hot(part.y[rows], 4).float()
            for mixed in mixes:
                own = mixed.shares[:, None]
                expected = own * expected + (1 - own) * expected[mixed.others]
            losses = -(expected * plain(images).log_softmax(1)).sum(1)
            step(list(torch.autograd.grad(losses.mean(), trainable(plain))))
    assert apart(network, plain) < 1e-5


@pytest.mark.parametrize(
    "loss",
    [
        name
        for name, loss in LOSSES.items()
        if loss.tasks != ("regression",) and loss.classes != "two"
    ],
)
def test_every_loss_of_classes_takes_mixed_answers(loss):
    _, events = trained(augmentation=[{"type": "MixUp", "alpha": 1.0}], loss={"type": loss})
    assert events[-1].state == "completed", events[-1]
    assert all(value is not None for value in curve(events))


def test_cross_entropy_of_probabilities_takes_shares_as_it_takes_codes():
    from models.objectives.functions import categorical_crossentropy

    outputs, codes = torch.rand(9, 4).softmax(1), torch.arange(9) % 4
    shares = functional.one_hot(codes, 4).float()
    for smoothing in (0.0, 0.2):
        for logits in (False, True):
            told = {"logits": logits, "label_smoothing": smoothing, "mean": False}
            torch.testing.assert_close(
                categorical_crossentropy(outputs, shares, **told),
                categorical_crossentropy(outputs, codes, **told),
            )


def test_the_weight_of_a_mixed_image_is_made_of_both():
    augmenter = Augmenter([AUGMENTATIONS["MixUp"](alpha=1.0)], 0, torch.device("cpu"), [4])
    weights = torch.arange(1.0, 9.0)
    images, codes = torch.rand(8, 1, 4, 4), torch.arange(8) % 4
    batch = augmenter.batch(images, [codes], [weights])
    again = Augmenter([AUGMENTATIONS["MixUp"](alpha=1.0)], 0, torch.device("cpu"), [4])
    (mixed,) = again.images(images)[1]
    expected = mixed.shares * weights + (1 - mixed.shares) * weights[mixed.others]
    torch.testing.assert_close(batch.row_weights[0], expected)
    assert batch.targets[0].sum(1).tolist() == pytest.approx([1.0] * 8)
    assert batch.targets[0].argmax(1).tolist() == codes.tolist(), "the own answer weighs most"


def test_an_unknown_augmentation_is_refused_by_its_place():
    recipe = IMAGES.recipe(augmentation=[{"type": "RandomFlip"}, {"type": "RandomFlop"}])
    with pytest.raises(DocumentError) as caught:
        plan(IMAGES.network(), IMAGES.prepared(), recipe)
    (problem,) = caught.value.problems
    assert problem.where.path == ["augmentation", 1, "type"]
    assert "RandomFlip" in problem.message
