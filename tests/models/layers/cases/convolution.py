"""Convolutions."""

from tests.models.layers.cases.shapes import IMAGE, SEQUENCE, VOLUME, Shaped

_LONG = (11, 3)

SHAPED: Shaped = {
    "Conv1D": [
        ({"filters": 4}, [SEQUENCE]),
        ({"filters": 2, "kernel_size": 4, "padding": "same", "activation": "softmax"}, [_LONG]),
        ({"filters": 2, "kernel_size": [3], "strides": [2], "padding": "same"}, [(10, 3)]),
        ({"filters": 2, "kernel_size": 5, "strides": 3, "use_bias": False}, [_LONG]),
        ({"filters": 4, "kernel_size": 3, "dilation_rate": 2, "padding": "causal"}, [_LONG]),
        ({"filters": 4, "kernel_size": 4, "strides": 3, "padding": "causal"}, [_LONG]),
        ({"filters": 6, "kernel_size": 2, "groups": 2, "activation": "relu"}, [SEQUENCE]),
    ],
    "Conv2D": [
        ({"filters": 4}, [IMAGE]),
        ({"filters": 4, "kernel_size": [2, 3], "padding": "same", "activation": "relu"}, [IMAGE]),
        ({"filters": 2, "kernel_size": 3, "strides": 2, "padding": "same"}, [IMAGE]),
        ({"filters": 2, "kernel_size": 5, "strides": [2, 3], "use_bias": False}, [IMAGE]),
        ({"filters": 6, "kernel_size": 2, "dilation_rate": 2, "groups": 3}, [IMAGE]),
        ({"filters": 2, "kernel_size": 3, "dilation_rate": [2, 1], "padding": "same"}, [IMAGE]),
        ({"filters": 2, "kernel_size": 1, "strides": 3, "padding": "same"}, [IMAGE]),
    ],
    "Conv3D": [
        ({"filters": 3}, [VOLUME]),
        ({"filters": 2, "kernel_size": [1, 2, 3], "padding": "same"}, [VOLUME]),
        ({"filters": 2, "kernel_size": 3, "strides": [1, 2, 2], "padding": "same"}, [VOLUME]),
        ({"filters": 4, "kernel_size": 2, "dilation_rate": [1, 2, 3], "groups": 2}, [VOLUME]),
    ],
    "Conv1DTranspose": [
        ({"filters": 4}, [SEQUENCE]),
        ({"filters": 2, "kernel_size": 3, "strides": 2, "padding": "same"}, [SEQUENCE]),
        ({"filters": 2, "kernel_size": 2, "strides": 3, "activation": "relu"}, [SEQUENCE]),
        ({"filters": 2, "kernel_size": 5, "strides": 3, "output_padding": 1}, [SEQUENCE]),
        ({"filters": 2, "kernel_size": 3, "dilation_rate": 2, "padding": "same"}, [SEQUENCE]),
    ],
    "Conv2DTranspose": [
        ({"filters": 4}, [IMAGE]),
        ({"filters": 2, "kernel_size": 3, "strides": 2, "padding": "same"}, [IMAGE]),
        ({"filters": 2, "kernel_size": 4, "strides": 2, "padding": "same"}, [IMAGE]),
        ({"filters": 2, "kernel_size": [2, 5], "strides": [3, 1], "padding": "same"}, [IMAGE]),
        (
            {"filters": 2, "kernel_size": 3, "strides": 2, "padding": "same", "output_padding": 1},
            [IMAGE],
        ),
        ({"filters": 2, "strides": [2, 3], "output_padding": [0, 2], "use_bias": False}, [IMAGE]),
        ({"filters": 2, "kernel_size": 2, "dilation_rate": [1, 2], "padding": "same"}, [IMAGE]),
    ],
    "Conv3DTranspose": [
        ({"filters": 3, "kernel_size": 2}, [VOLUME]),
        (
            {"filters": 2, "kernel_size": [3, 2, 1], "strides": [2, 1, 3], "padding": "same"},
            [VOLUME],
        ),
        (
            {"filters": 1, "kernel_size": 2, "strides": 2, "output_padding": [0, 1, 0]},
            [VOLUME],
        ),
    ],
    "DepthwiseConv1D": [
        ({}, [SEQUENCE]),
        ({"kernel_size": 2, "depth_multiplier": 3, "padding": "same"}, [SEQUENCE]),
        ({"kernel_size": 3, "strides": 2, "padding": "same", "use_bias": False}, [(10, 3)]),
    ],
    "DepthwiseConv2D": [
        ({}, [IMAGE]),
        ({"kernel_size": [2, 3], "depth_multiplier": 2, "activation": "softmax"}, [IMAGE]),
        ({"kernel_size": 3, "strides": 2, "padding": "same", "use_bias": False}, [IMAGE]),
        ({"kernel_size": 3, "dilation_rate": 2, "depth_multiplier": 3}, [IMAGE]),
    ],
    "SeparableConv1D": [
        ({"filters": 5}, [SEQUENCE]),
        ({"filters": 2, "depth_multiplier": 3, "strides": 2, "padding": "same"}, [(10, 3)]),
        ({"filters": 2, "kernel_size": 2, "use_bias": False, "activation": "tanh"}, [SEQUENCE]),
    ],
    "SeparableConv2D": [
        ({"filters": 5}, [IMAGE]),
        ({"filters": 2, "depth_multiplier": 2, "strides": 2, "padding": "same"}, [IMAGE]),
        ({"filters": 2, "kernel_size": [2, 3], "dilation_rate": 2, "use_bias": False}, [IMAGE]),
    ],
}
