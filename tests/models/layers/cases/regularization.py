"""Layers against learning by heart."""

from tests.models.layers.cases.shapes import IMAGE, ROW, SEQUENCE, VOLUME, Shaped

SHAPED: Shaped = {
    "Dropout": [
        ({}, [ROW]),
        ({"rate": 0.0}, [SEQUENCE]),
        ({"rate": 1.0}, [IMAGE]),
        ({"rate": 1.0, "seed": 3}, [SEQUENCE]),
        ({"rate": 0.3, "noise_shape": [None, 1, None, 3]}, [IMAGE]),
        ({"rate": 0.3, "noise_shape": [1, 5, 1], "seed": 7}, [SEQUENCE]),
    ],
    "SpatialDropout1D": [({}, [SEQUENCE]), ({"rate": 1.0, "seed": 1}, [SEQUENCE])],
    "SpatialDropout2D": [({}, [IMAGE]), ({"rate": 1.0}, [IMAGE]), ({"seed": 2}, [IMAGE])],
    "SpatialDropout3D": [({}, [VOLUME]), ({"rate": 0.0, "seed": 5}, [VOLUME])],
    "AlphaDropout": [
        ({}, [ROW]),
        ({"rate": 0.0, "seed": 1}, [IMAGE]),
        ({"rate": 0.2, "noise_shape": [None, 1, 4]}, [SEQUENCE]),
    ],
    "GaussianDropout": [({}, [ROW]), ({"rate": 0.0}, [IMAGE]), ({"seed": 4}, [SEQUENCE])],
    "GaussianNoise": [({}, [ROW]), ({"stddev": 0.0}, [IMAGE]), ({"seed": 4}, [SEQUENCE])],
    "ActivityRegularization": [({}, [ROW]), ({"l1": 0.1, "l2": 0.2}, [IMAGE])],
}
