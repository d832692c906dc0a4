"""Layers that every network has."""

from tests.models.layers.cases.shapes import IMAGE, ROW, SEQUENCE, VOLUME, Shaped

SHAPED: Shaped = {
    "Dense": [
        ({"units": 4}, [ROW]),
        ({"units": 3, "activation": "softmax"}, [ROW]),
        ({"units": 1, "activation": "sigmoid", "use_bias": False}, [ROW]),
        ({"units": 4, "activation": "softmax"}, [SEQUENCE]),
        ({"units": 4, "activation": "tanh"}, [IMAGE]),
        ({"units": 4, "activation": "softmax"}, [IMAGE]),
    ],
    "Embedding": [
        ({"input_dim": 7, "output_dim": 3}, [ROW]),
        ({"input_dim": 4, "output_dim": 2, "mask_zero": True}, [ROW]),
    ],
    "Masking": [
        ({}, [SEQUENCE]),
        ({"mask_value": -1}, [ROW]),
        ({"mask_value": 2.5}, [IMAGE]),
    ],
    "Identity": [({}, [ROW]), ({}, [IMAGE])],
    "Rescaling": [
        ({}, [ROW]),
        ({"scale": 2, "offset": -1}, [SEQUENCE]),
        ({"scale": [2, 0.5, -1], "offset": [1, 0, 3]}, [IMAGE]),
        ({"scale": [0.1, 0.2, 0.3, 0.4]}, [SEQUENCE]),
        ({"scale": [3], "offset": [1.5, -2]}, [VOLUME]),
    ],
    "Normalization": [
        ({}, [ROW]),
        ({"mean": 0.5, "variance": 4}, [IMAGE]),
        ({"mean": [1, 2, 3, 4, 5, 6], "variance": [1, 2, 3, 4, 5, 0]}, [ROW]),
        ({"mean": [0.5, -1, 2], "variance": [0.25, 4, 9], "invert": True}, [IMAGE]),
        ({"axis": 1, "mean": [1, 2, 3, 4, 5], "variance": [1, 2, 3, 4, 5]}, [SEQUENCE]),
        ({"axis": [-1, 2], "mean": [3, -3], "variance": [2, 3]}, [VOLUME]),
        ({"axis": [1, 2], "mean": [1, 2, 3, 4, 5, 6, 7], "variance": [4] * 7}, [IMAGE]),
        ({"axis": None, "mean": 2, "variance": 9, "invert": True}, [SEQUENCE]),
        ({"mean": [2], "variance": [3]}, [SEQUENCE]),
    ],
}
