"""Operations on one example, counted by hand: a multiplication and an addition are two."""

from typing import Any

import pytest

from models.layers import LAYERS
from models.layers.base import Shape
from models.measure import measure


@pytest.mark.parametrize(
    ("kind", "params", "shape", "flops"),
    [
        ("Conv1D", {"filters": 4, "kernel_size": 3}, (9, 5), 7 * (2 * 3 * 5 * 4 + 4)),
        ("Conv2D", {"filters": 4, "groups": 2}, (6, 5, 5), 9 * (2 * 9 * 3 * 4 + 4)),
        ("Conv3D", {"filters": 2, "kernel_size": 2}, (3, 4, 4, 4), 27 * (2 * 8 * 3 * 2 + 2)),
        ("Conv1DTranspose", {"filters": 4, "strides": 2}, (5, 3), 5 * 2 * 3 * 3 * 4 + 11 * 4),
        ("Conv2DTranspose", {"filters": 2}, (3, 4, 5), 20 * 2 * 9 * 3 * 2 + 6 * 7 * 2),
        ("DepthwiseConv1D", {"depth_multiplier": 2}, (9, 5), 7 * (2 * 3 * 10 + 10)),
        ("SeparableConv2D", {"filters": 4}, (3, 5, 5), 9 * (2 * (9 * 3 + 3 * 4) + 4)),
        ("MaxPooling1D", {"pool_size": 3}, (9, 5), 3 * (3 * 5)),
        ("AveragePooling2D", {"pool_size": [2, 4]}, (3, 8, 8), 8 * (3 * 4 * 2)),
        ("MaxPooling3D", {}, (2, 4, 4, 4), 8 * (2 * 2 * 2 * 2)),
        ("GlobalAveragePooling2D", {}, (3, 8, 8), 3 * 8 * 8),
        ("AdaptiveMaxPooling1D", {"output_size": 2}, (9, 5), 9 * 5),
        ("Flatten", {}, (3, 8, 8), 0),
        ("Reshape", {"target_shape": [8, -1]}, (3, 8, 8), 0),
        ("ZeroPadding2D", {}, (3, 8, 8), 0),
        ("UpSampling2D", {}, (3, 8, 8), 0),
        ("UpSampling2D", {"interpolation": "bilinear"}, (3, 8, 8), 8 * 3 * 16 * 16),
    ],
)
def test_a_layer_costs_what_it_computes(
    kind: str, params: dict[str, Any], shape: Shape, flops: int
) -> None:
    assert measure(LAYERS[kind].model_validate(params), (shape,)).flops == flops
