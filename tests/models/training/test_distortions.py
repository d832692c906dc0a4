"""What augmentations compute: equal to SciPy, NumPy and Pillow, and drawn from the ranges told."""

import math
from typing import Any

import keras
import numpy as np
import pytest
import torch
from PIL import Image
from scipy import ndimage
from torch import Tensor

from models.objectives.augmentations import AUGMENTATIONS
from models.training.augment import Augmenter
from models.training.distortions import (
    MIXES,
    brightness,
    composed,
    contrast,
    crop,
    erasing,
    flip,
    moved,
    noise,
    rotation,
    shear,
    translation,
    zoom,
)

SCIPY = {"reflect": "reflect", "nearest": "nearest", "constant": "grid-constant"}
SIZE = (400, 13, 9)
"""Images, and their height and width, which differ."""


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def pictures(count: int = 6, channels: int = 2, height: int = 13, width: int = 9) -> Tensor:
    return torch.rand(count, channels, height, width, generator=seeded(1))


def by_scipy(images: Tensor, matrices: Tensor, fill_mode: str, value: float = 0.0) -> np.ndarray:
    """Return images moved by SciPy, which counts rows before columns and from a corner."""
    count, channels, height, width = images.shape
    result = np.empty(images.shape)
    centre = np.array([(height - 1) / 2, (width - 1) / 2])
    for at in range(count):
        (a, b, x), (c, d, y) = matrices[at].double().tolist()
        inner = np.array([[d, c], [b, a]])
        offset = centre + np.array([y, x]) - inner @ centre
        for channel in range(channels):
            result[at, channel] = ndimage.affine_transform(
                images[at, channel].double().numpy(),
                inner,
                offset,
                order=1,
                mode=SCIPY[fill_mode],
                cval=value,
            )
    return result


MATRICES = {
    "translation": lambda size: translation(size, seeded(), 0.4, 0.3),
    "rotation": lambda size: rotation(size, seeded(), 1.0),
    "zoom": lambda size: zoom(size, seeded(), 0.5, None),
    "zoom of both": lambda size: zoom(size, seeded(), 0.5, 0.2),
    "shear": lambda size: shear(size, seeded(), 0.4, 0.3),
    "crop": lambda size: crop(size, seeded(), 0.2),
}


@pytest.mark.parametrize("fill_mode", SCIPY)
@pytest.mark.parametrize("name", MATRICES)
def test_pixels_are_moved_as_scipy_moves_them(name: str, fill_mode: str) -> None:
    images = pictures()
    matrices = MATRICES[name]((6, 13, 9))
    ours = moved(images, matrices, fill_mode, 0.25 if fill_mode == "constant" else 0.0)
    theirs = by_scipy(images, matrices, fill_mode, 0.25)
    np.testing.assert_allclose(ours.numpy(), theirs, atol=2e-5)


def test_two_moves_composed_are_one_after_the_other() -> None:
    # Smooth and with room around, so that blending twice makes next to no difference.
    y, x = torch.meshgrid(torch.linspace(-1, 1, 65), torch.linspace(-1, 1, 65), indexing="ij")
    images = (torch.exp(-8 * ((x - 0.2) ** 2 + y**2)) * (1 + x)).expand(3, 1, 65, 65)
    first, second = (
        rotation((3, 65, 65), seeded(), 0.4),
        translation((3, 65, 65), seeded(1), 0.2, 0),
    )
    at_once = moved(images, composed([first, second]), "constant")
    in_turn = moved(moved(images, first, "constant"), second, "constant")
    other_way = moved(images, composed([second, first]), "constant")
    assert float((at_once - in_turn).abs().max()) < 0.02
    assert float((at_once - other_way).abs().max()) > 0.2


def test_a_quarter_turn_is_numpys_and_pillows_counter_clockwise() -> None:
    images = pictures(1, 1, 8, 8)
    quarter = torch.tensor([[[0.0, -1.0, 0.0], [1.0, 0.0, 0.0]]])
    turned = moved(images, quarter, "constant")[0, 0].numpy()
    np.testing.assert_allclose(turned, np.rot90(images[0, 0].numpy()), atol=1e-5)
    theirs = Image.fromarray(images[0, 0].numpy()).rotate(90)
    np.testing.assert_allclose(turned, np.asarray(theirs), atol=1e-5)
    (a, b, _), (c, d, _) = rotation((1, 8, 8), seeded(3), 0.5)[0].tolist()
    angle = math.degrees(math.atan2(c, a))
    assert (a, b) == pytest.approx((d, -c))
    ours = moved(images, rotation((1, 8, 8), seeded(3), 0.5), "constant")[0, 0].numpy()
    theirs = Image.fromarray(images[0, 0].numpy()).rotate(angle, Image.Resampling.BILINEAR)
    # Pillow leaves the border out, where we blend it with the outside.
    np.testing.assert_allclose(ours[2:-2, 2:-2], np.asarray(theirs)[2:-2, 2:-2], atol=1e-4)


def test_a_shift_of_whole_pixels_only_moves_them() -> None:
    images = pictures(1)
    down_two_right_three = torch.tensor([[[1.0, 0.0, -3.0], [0.0, 1.0, -2.0]]])
    ours = moved(images, down_two_right_three, "constant", 0.5)
    expected = torch.full_like(images, 0.5)
    expected[:, :, 2:, 3:] = images[:, :, :-2, :-3]
    torch.testing.assert_close(ours, expected, atol=1e-5, rtol=0)


@pytest.mark.parametrize(
    ("mode", "axes"),
    [
        ("horizontal", [(), (2,)]),
        ("vertical", [(), (1,)]),
        ("horizontal_and_vertical", [(), (1,), (2,), (1, 2)]),
    ],
)
def test_each_image_is_mirrored_or_not_each_way_alike_often(mode: str, axes: list[Any]) -> None:
    images = pictures(800)
    flipped = flip(images, seeded(), mode)
    counts = dict.fromkeys(axes, 0)
    for before, after in zip(images, flipped, strict=True):
        (way,) = [axis for axis in axes if np.array_equal(np.flip(before.numpy(), axis), after)]
        counts[way] += 1
    for count in counts.values():
        assert count == pytest.approx(800 / len(axes), rel=0.2)


def test_moves_are_drawn_evenly_from_the_ranges_told() -> None:
    shift = translation(SIZE, seeded(), 0.5, 0.25)[:, :, 2]
    turn = rotation(SIZE, seeded(), 0.1)
    size = zoom(SIZE, seeded(), 0.3, None)
    both = zoom(SIZE, seeded(), 0.3, 0.1)
    drawn = {
        13 * 0.5: shift[:, 1],
        9 * 0.25: shift[:, 0],
        36.0: torch.atan2(turn[:, 1, 0], turn[:, 0, 0]).rad2deg(),
        0.3: size[:, 1, 1] - 1,
        0.1: both[:, 0, 0] - 1,
    }
    for reach, values in drawn.items():
        assert float(values.abs().max()) <= reach * 1.0001
        assert float(values.max()) > 0.97 * reach
        assert float(values.min()) < -0.97 * reach
        assert float(values.mean()) == pytest.approx(0, abs=0.1 * reach)
    assert torch.equal(size[:, 0, 0], size[:, 1, 1])


def test_a_crop_lies_within_the_image_and_has_the_area_told() -> None:
    matrices = crop(SIZE, seeded(), 0.25)
    area = matrices[:, 0, 0] * matrices[:, 1, 1]
    assert 0.25 <= float(area.min()) < 0.27
    assert 0.97 < float(area.max()) <= 1
    for axis, length in ((0, 9), (1, 13)):
        reach = matrices[:, axis, 2].abs() + matrices[:, axis, axis] * length / 2
        assert float(reach.max()) <= length / 2 + 1e-4
        assert float(reach.max()) > 0.99 * length / 2


def test_brightness_and_contrast_follow_their_formulas_and_stay_from_0_to_1() -> None:
    images = pictures(400)
    lighter = brightness(images, seeded(), 0.3)
    drawn = (2 * torch.rand(400, generator=seeded()) - 1) * 0.3
    expected = np.clip(images.numpy() + drawn.numpy()[:, None, None, None], 0, 1)
    np.testing.assert_allclose(lighter.numpy(), expected, atol=1e-6)
    starker = contrast(images, seeded(), 0.5)
    factor = (1 + (2 * torch.rand(400, generator=seeded()) - 1) * 0.5).numpy()
    mean = images.numpy().mean((2, 3), keepdims=True)
    expected = np.clip((images.numpy() - mean) * factor[:, None, None, None] + mean, 0, 1)
    np.testing.assert_allclose(starker.numpy(), expected, atol=1e-5)
    assert float(lighter.max()) == 1
    assert 0 <= float(starker.min()) < float(starker.max()) <= 1


def test_noise_is_normal_and_of_the_deviation_told() -> None:
    images = pictures(400)
    added = (noise(images, seeded(), 0.2) - images).flatten()
    assert float(added.mean()) == pytest.approx(0, abs=0.003)
    assert float(added.std()) == pytest.approx(0.2, rel=0.02)
    inside = [float((added.abs() < n * 0.2).float().mean()) for n in (1, 2)]
    assert inside == pytest.approx([0.6827, 0.9545], abs=0.01)


def test_a_rectangle_of_the_area_told_is_covered_and_nothing_else() -> None:
    images = pictures(600, 1, 32, 24)
    changed = erasing(images, seeded(), 0.5, [0.4, 0.1], 0.5)
    covered = 0
    for before, after in zip(images[:, 0], changed[:, 0], strict=True):
        rows, columns = torch.nonzero(before != after, as_tuple=True)
        if not len(rows):
            continue
        covered += 1
        top, bottom, left, right = rows.min(), rows.max() + 1, columns.min(), columns.max() + 1
        assert len(rows) == (bottom - top) * (right - left)
        assert (after[top:bottom, left:right] == 0.5).all()
        assert 0.07 < len(rows) / (32 * 24) < 0.44
    assert covered == pytest.approx(300, rel=0.15)


@pytest.mark.parametrize("alpha", [0.05, 0.4, 3.0])
def test_mixup_lays_images_over_each_other_by_shares_from_beta(alpha: float) -> None:
    images = pictures(3_000, 1, 4, 4)
    mixed = MIXES["mixup"](images, seeded(), alpha=alpha)
    share = mixed.shares.numpy()[:, None, None, None]
    expected = images.numpy() * share + images.numpy()[mixed.others.numpy()] * (1 - share)
    np.testing.assert_allclose(mixed.images.numpy(), expected, atol=1e-6)
    assert sorted(mixed.others.tolist()) == list(range(3_000))
    drawn = np.random.default_rng(0).beta(alpha, alpha, 100_000)
    theirs = np.maximum(drawn, 1 - drawn)
    places = [0.1, 0.25, 0.5, 0.75, 0.9]
    np.testing.assert_allclose(
        np.quantile(mixed.shares.numpy(), places), np.quantile(theirs, places), atol=0.02
    )


def test_cutmix_tells_the_share_of_the_pixels_that_are_the_images_own() -> None:
    # Every image is of one colour, so that each pixel tells whose it is.
    images = torch.arange(200.0)[:, None, None, None].expand(200, 1, 16, 12)
    mixed = MIXES["cutmix"](images, seeded(), factor=1.0)
    for place, (after, other) in enumerate(zip(mixed.images[:, 0], mixed.others, strict=True)):
        own = int((after == place).sum())
        if int(other) != place:
            assert own + int((after == other).sum()) == 16 * 12
            assert float(mixed.shares[place]) == pytest.approx(own / (16 * 12))
    assert float(mixed.shares.min()) > 0.44
    assert float(mixed.shares.std()) > 0.1


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_every_augmentation_keeps_shape_and_kind_and_draws_the_same_from_one_seed(
    name: str,
) -> None:
    images = pictures(5, 3, 8, 6)
    one, same, other = (
        Augmenter([AUGMENTATIONS[name]()], seed, torch.device("cpu")).images(images)[0]
        for seed in (3, 3, 4)
    )
    assert (one.shape, one.dtype) == (images.shape, images.dtype)
    assert one.isfinite().all()
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
    assert torch.equal(images, pictures(5, 3, 8, 6)), "what was given is not changed"


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_the_layer_of_keras_that_is_told_can_be_made(name: str) -> None:
    told = AUGMENTATIONS[name]().keras()
    if told is not None:
        layer = eval(str(told), {"keras": keras})
        assert type(layer).__name__ == name
    else:
        assert name in ("RandomShear", "RandomResizedCrop")


def test_moves_that_fill_alike_are_blended_once() -> None:
    images = pictures(4, 1, 16, 16)
    chosen = [AUGMENTATIONS[name]() for name in ("RandomRotation", "RandomTranslation")]
    ours = Augmenter(chosen, 0, torch.device("cpu")).images(images)[0]
    generator = Augmenter([], 0, torch.device("cpu")).generator
    first = rotation((4, 16, 16), generator, 0.05)
    second = translation((4, 16, 16), generator, 0.1, 0.1)
    assert torch.equal(ours, moved(images, composed([first, second]), "reflect"))
