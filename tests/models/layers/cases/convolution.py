"""Convolutions."""

from tests.models.layers.cases.shapes import IMAGE, Shaped

SHAPED: Shaped = {
    "Conv2D": [
        ({"filters": 4}, [IMAGE]),
        ({"filters": 4, "kernel_size": [2, 3], "padding": "same", "activation": "relu"}, [IMAGE]),
        ({"filters": 2, "kernel_size": 3, "strides": 2, "padding": "same"}, [IMAGE]),
        ({"filters": 2, "kernel_size": 5, "strides": [2, 3], "use_bias": False}, [IMAGE]),
        ({"filters": 6, "kernel_size": 2, "dilation_rate": 2, "groups": 3}, [IMAGE]),
        ({"filters": 2, "kernel_size": 3, "dilation_rate": [2, 1], "padding": "same"}, [IMAGE]),
        ({"filters": 2, "kernel_size": 1, "strides": 3, "padding": "same"}, [IMAGE]),
    ],
}
