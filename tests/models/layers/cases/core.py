"""Layers that every network has."""

from tests.models.layers.cases.shapes import IMAGE, ROW, SEQUENCE, Shaped

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
}
