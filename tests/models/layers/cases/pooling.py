"""Pooling."""

from tests.models.layers.cases.shapes import IMAGE, Shaped

SHAPED: Shaped = {
    "MaxPooling2D": [
        ({}, [IMAGE]),
        ({"pool_size": 3, "strides": 2, "padding": "same"}, [IMAGE]),
        ({"pool_size": [2, 3], "strides": 1, "padding": "same"}, [IMAGE]),
        ({"pool_size": 2, "padding": "same"}, [IMAGE]),
        ({"pool_size": 4, "strides": [1, 3], "padding": "same"}, [IMAGE]),
        ({"pool_size": 2, "strides": 3, "padding": "same"}, [IMAGE]),
    ],
    "AveragePooling2D": [
        ({}, [IMAGE]),
        ({"pool_size": 3, "strides": 1, "padding": "same"}, [IMAGE]),
        ({"pool_size": 3, "strides": 2, "padding": "same"}, [(2, 7, 7)]),
        ({"pool_size": [3, 1], "strides": [2, 1]}, [IMAGE]),
    ],
}
