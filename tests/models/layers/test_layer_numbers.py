"""Numbers that the contract with Keras does not cover, worked by other means."""

import itertools
import math

import pytest
import torch
from torch import Tensor

from models.layers.normalization import BatchNormalization
from models.layers.pooling import AveragePooling1D, AveragePooling2D, AveragePooling3D
from models.layers.reshaping import Flatten
from models.layers.sizes import per_axis
from models.network import build
from tests.models.layers.twins import alone


def mean_of_windows(place: Tensor, window: tuple[int, ...], strides: tuple[int, ...]) -> Tensor:
    """Average each window over the places that are there, as Keras defines padding "same"."""
    ranges = [
        _ranges(length, *sizes)
        for length, sizes in zip(place.shape[1:], zip(window, strides, strict=True), strict=True)
    ]
    means = [
        place[:, *(slice(*ends) for ends in corner)].flatten(1).mean(dim=1)
        for corner in itertools.product(*ranges)
    ]
    return torch.stack(means, dim=1).reshape(-1, *map(len, ranges))


def _ranges(length: int, window: int, stride: int) -> list[tuple[int, int]]:
    count = math.ceil(length / stride)
    before = max((count - 1) * stride + window - length, 0) // 2
    starts = [index * stride - before for index in range(count)]
    return [(max(start, 0), min(start + window, length)) for start in starts]


@pytest.mark.parametrize("size", [(8, 7), (5, 5), (1, 6)])
@pytest.mark.parametrize("pool_size", [2, 3, (2, 5), (4, 1)])
@pytest.mark.parametrize("strides", [None, 1, 2, (1, 3), (2, 1)])
def test_average_pooling_counts_only_pixels_that_are_there(
    size: tuple[int, int],
    pool_size: int | tuple[int, int],
    strides: int | tuple[int, int] | None,
) -> None:
    layer = AveragePooling2D(pool_size=pool_size, strides=strides, padding="same")
    image = torch.randn(2, *size)

    ours = build(alone(layer, (2, *size)))(image[None])[0]

    expected = mean_of_windows(image, per_axis(pool_size, 2), per_axis(strides or pool_size, 2))
    torch.testing.assert_close(ours, expected, atol=1e-6, rtol=1e-6)


@pytest.mark.parametrize("strides", [None, 1, 3])
@pytest.mark.parametrize("pool_size", [2, 4])
def test_average_pooling_over_the_edge_counts_only_what_is_there_along_any_axes(
    pool_size: int, strides: int | None
) -> None:
    settings = {"pool_size": pool_size, "strides": strides, "padding": "same"}
    sequence, volume = torch.randn(5, 3), torch.randn(2, 4, 5, 6)

    over_time = build(alone(AveragePooling1D(**settings), (5, 3)))(sequence[None])[0]
    over_space = build(alone(AveragePooling3D(**settings), (2, 4, 5, 6)))(volume[None])[0]

    steps = strides or pool_size
    expected = mean_of_windows(sequence.T, (pool_size,), (steps,)).T
    torch.testing.assert_close(over_time, expected, atol=1e-6, rtol=1e-6)
    expected = mean_of_windows(volume, (pool_size,) * 3, (steps,) * 3)
    torch.testing.assert_close(over_space, expected, atol=1e-6, rtol=1e-6)


def test_flatten_lays_channels_out_first() -> None:
    image = torch.arange(12.0).reshape(1, 3, 2, 2)
    flat = build(alone(Flatten(), (3, 2, 2)))(image)
    assert flat.tolist() == [list(map(float, range(12)))]


def test_batch_normalization_trains_on_a_single_row() -> None:
    network = build(alone(BatchNormalization(), (3,)))
    result = network.train()(torch.tensor([[1.0, -2.0, 300.0]]))

    torch.testing.assert_close(result, torch.zeros(1, 3), atol=1e-3, rtol=0)
    variance = network.state_dict()["layer.running_var"]
    torch.testing.assert_close(variance, torch.full((3,), 0.99), atol=1e-4, rtol=0)
