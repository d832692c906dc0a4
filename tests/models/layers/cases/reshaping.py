"""Layers that arrange numbers."""

from tests.models.layers.cases.shapes import IMAGE, ROW, SEQUENCE, VOLUME, Shaped

SHAPED: Shaped = {
    "Flatten": [({}, [ROW]), ({}, [SEQUENCE]), ({}, [IMAGE]), ({}, [VOLUME])],
    "Reshape": [
        ({}, [IMAGE]),
        ({"target_shape": [2, 3]}, [ROW]),
        ({"target_shape": [3, -1, 2]}, [ROW]),
        ({"target_shape": [2, 5, 2]}, [SEQUENCE]),
        ({"target_shape": [7, 24]}, [IMAGE]),
        ({"target_shape": [-1, 4, 6]}, [IMAGE]),
        ({"target_shape": [2, 3, 4, -1]}, [IMAGE]),
        ({"target_shape": [3, 8, 7]}, [IMAGE]),
        ({"target_shape": [5, 8, 6]}, [VOLUME]),
    ],
    "Permute": [
        ({"dims": [1]}, [ROW]),
        ({}, [SEQUENCE]),
        ({"dims": [1, 3, 2]}, [IMAGE]),
        ({"dims": [2, 3, 1]}, [IMAGE]),
        ({"dims": [3, 1, 2]}, [IMAGE]),
        ({"dims": [1, 2, 3]}, [IMAGE]),
        ({"dims": [4, 2, 1, 3]}, [VOLUME]),
    ],
    "RepeatVector": [({}, [ROW]), ({"n": 5}, [ROW])],
    "Cropping1D": [({}, [SEQUENCE]), ({"cropping": [0, 3]}, [SEQUENCE])],
    "Cropping2D": [
        ({}, [IMAGE]),
        ({"cropping": 2}, [IMAGE]),
        ({"cropping": [3, 1]}, [IMAGE]),
        ({"cropping": [[1, 0], [0, 4]]}, [IMAGE]),
    ],
    "Cropping3D": [
        ({}, [VOLUME]),
        ({"cropping": [1, 2, 0]}, [VOLUME]),
        ({"cropping": [[0, 1], [2, 0], [1, 3]]}, [VOLUME]),
    ],
    "ZeroPadding1D": [({}, [SEQUENCE]), ({"padding": [0, 3]}, [SEQUENCE])],
    "ZeroPadding2D": [
        ({}, [IMAGE]),
        ({"padding": 0}, [IMAGE]),
        ({"padding": [3, 1]}, [IMAGE]),
        ({"padding": [[1, 0], [0, 4]]}, [IMAGE]),
    ],
    "ZeroPadding3D": [
        ({}, [VOLUME]),
        ({"padding": [1, 2, 0]}, [VOLUME]),
        ({"padding": [[0, 1], [2, 0], [1, 3]]}, [VOLUME]),
    ],
    "UpSampling1D": [({}, [SEQUENCE]), ({"size": 41}, [SEQUENCE])],
    "UpSampling2D": [
        ({}, [IMAGE]),
        ({"size": [3, 41]}, [IMAGE]),
        ({"size": [3, 2], "interpolation": "bilinear"}, [IMAGE]),
        ({"size": [2, 3], "interpolation": "bicubic"}, [IMAGE]),
    ],
    "UpSampling3D": [({}, [VOLUME]), ({"size": [1, 3, 2]}, [VOLUME])],
}
