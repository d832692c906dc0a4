"""Pooling."""

from tests.models.layers.cases.shapes import IMAGE, SEQUENCE, VOLUME, Shaped

_LONG = (11, 3)
_SQUARE = (2, 7, 7)

SHAPED: Shaped = {
    "MaxPooling1D": [
        ({}, [SEQUENCE]),
        ({"pool_size": [3], "strides": 2}, [_LONG]),
        ({"pool_size": 4, "strides": 1, "padding": "same"}, [_LONG]),
        ({"pool_size": 4, "strides": 3, "padding": "same"}, [_LONG]),
    ],
    "MaxPooling2D": [
        ({}, [IMAGE]),
        ({"pool_size": 3, "strides": 2, "padding": "same"}, [IMAGE]),
        ({"pool_size": [2, 3], "strides": 1, "padding": "same"}, [IMAGE]),
        ({"pool_size": 2, "padding": "same"}, [IMAGE]),
        ({"pool_size": 4, "strides": [1, 3], "padding": "same"}, [IMAGE]),
        ({"pool_size": 2, "strides": 3, "padding": "same"}, [IMAGE]),
    ],
    "MaxPooling3D": [
        ({}, [VOLUME]),
        ({"pool_size": [1, 2, 3], "strides": [1, 2, 2]}, [VOLUME]),
        ({"pool_size": [2, 3, 4], "strides": [1, 2, 2], "padding": "same"}, [VOLUME]),
        ({"pool_size": 2, "strides": 3, "padding": "same"}, [VOLUME]),
    ],
    "AveragePooling1D": [
        ({}, [SEQUENCE]),
        ({"pool_size": 3, "strides": 1, "padding": "same"}, [_LONG]),
        ({"pool_size": 3, "strides": 2, "padding": "same"}, [_LONG]),
    ],
    "AveragePooling2D": [
        ({}, [IMAGE]),
        ({"pool_size": 3, "strides": 1, "padding": "same"}, [IMAGE]),
        ({"pool_size": 3, "strides": 2, "padding": "same"}, [_SQUARE]),
        ({"pool_size": [3, 1], "strides": [2, 1]}, [IMAGE]),
    ],
    "AveragePooling3D": [
        ({}, [VOLUME]),
        ({"pool_size": 3, "strides": 1, "padding": "same"}, [VOLUME]),
        ({"pool_size": [1, 2, 3], "strides": [2, 1, 1]}, [VOLUME]),
    ],
    "GlobalMaxPooling1D": [({}, [SEQUENCE]), ({"keepdims": True}, [SEQUENCE])],
    "GlobalMaxPooling2D": [({}, [IMAGE]), ({"keepdims": True}, [IMAGE])],
    "GlobalMaxPooling3D": [({}, [VOLUME]), ({"keepdims": True}, [VOLUME])],
    "GlobalAveragePooling1D": [({}, [SEQUENCE]), ({"keepdims": True}, [SEQUENCE])],
    "GlobalAveragePooling2D": [({}, [IMAGE]), ({"keepdims": True}, [IMAGE])],
    "GlobalAveragePooling3D": [({}, [VOLUME]), ({"keepdims": True}, [VOLUME])],
    "AdaptiveMaxPooling1D": [({}, [SEQUENCE]), ({"output_size": 4}, [_LONG])],
    "AdaptiveMaxPooling2D": [({}, [IMAGE]), ({"output_size": [3, 9]}, [IMAGE])],
    "AdaptiveMaxPooling3D": [({}, [VOLUME]), ({"output_size": [2, 3, 4]}, [VOLUME])],
    "AdaptiveAveragePooling1D": [({}, [SEQUENCE]), ({"output_size": [4]}, [_LONG])],
    "AdaptiveAveragePooling2D": [({}, [IMAGE]), ({"output_size": [3, 9]}, [IMAGE])],
    "AdaptiveAveragePooling3D": [({}, [VOLUME]), ({"output_size": 3}, [VOLUME])],
}
