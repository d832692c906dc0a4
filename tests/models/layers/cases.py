"""The layers that the contract is tested on: several sets of parameters and inputs per type."""

from typing import Any

from models.layers import LAYERS
from models.layers.activations import ACTIVATIONS
from models.layers.base import Layer, Shape

Case = tuple[Layer, tuple[Shape, ...]]

ROW, SEQUENCE, IMAGE = (6,), (5, 4), (3, 8, 7)
_SHAPED: dict[str, list[tuple[dict[str, Any], list[Shape]]]] = {
    "Dense": [
        ({"units": 4}, [ROW]),
        ({"units": 3, "activation": "softmax"}, [ROW]),
        ({"units": 1, "activation": "sigmoid", "use_bias": False}, [ROW]),
        ({"units": 4, "activation": "softmax"}, [SEQUENCE]),
        ({"units": 4, "activation": "tanh"}, [IMAGE]),
        ({"units": 4, "activation": "softmax"}, [IMAGE]),
    ],
    "Activation": [
        *(({"activation": name}, [ROW]) for name in ACTIVATIONS),
        ({"activation": "softmax"}, [SEQUENCE]),
        ({"activation": "log_softmax"}, [IMAGE]),
        ({"activation": "leaky_relu", "negative_slope": 0.1}, [ROW]),
        ({"activation": "elu", "alpha": 0.5}, [ROW]),
    ],
    "Dropout": [({}, [ROW]), ({"rate": 0.0}, [SEQUENCE]), ({"rate": 1.0}, [IMAGE])],
    "Flatten": [({}, [ROW]), ({}, [SEQUENCE])],
    "Embedding": [({"input_dim": 7, "output_dim": 3}, [ROW])],
    "BatchNormalization": [
        ({}, [ROW]),
        ({"momentum": 0.5, "epsilon": 0.1}, [SEQUENCE]),
        ({"center": False}, [IMAGE]),
        ({"scale": False}, [IMAGE]),
        ({"center": False, "scale": False}, [ROW]),
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
    "SimpleRNN": [
        ({"units": 3}, [SEQUENCE]),
        ({"units": 3, "activation": "relu", "return_sequences": True}, [SEQUENCE]),
        ({"units": 3, "go_backwards": True, "use_bias": False}, [SEQUENCE]),
    ],
    "LSTM": [
        ({"units": 3}, [SEQUENCE]),
        ({"units": 3, "return_sequences": True, "go_backwards": True}, [SEQUENCE]),
        ({"units": 3, "use_bias": False}, [SEQUENCE]),
    ],
    "GRU": [
        ({"units": 3}, [SEQUENCE]),
        ({"units": 3, "return_sequences": True}, [SEQUENCE]),
        ({"units": 3, "go_backwards": True, "use_bias": False}, [SEQUENCE]),
    ],
    "Add": [({}, [ROW, ROW]), ({}, [IMAGE, IMAGE, IMAGE]), ({}, [SEQUENCE, (1, 4)])],
    "Concatenate": [
        ({}, [ROW, (2,)]),
        ({}, [IMAGE, (1, 8, 7), (2, 8, 7)]),
        ({"axis": 1}, [IMAGE, (3, 2, 7)]),
        ({"axis": 2}, [IMAGE, (3, 8, 1)]),
        ({"axis": 3}, [IMAGE, (1, 8, 7)]),
        ({"axis": 1}, [SEQUENCE, (2, 4)]),
        ({"axis": -1}, [SEQUENCE, (5, 2)]),
    ],
}

CASES: list[Case] = [
    (LAYERS[name].model_validate(params), tuple(shapes))
    for name, entries in _SHAPED.items()
    for params, shapes in entries
]


def label(case: Any) -> str:
    """Return a case in one word, for the names of tests."""
    layer, shapes = case
    changed = layer.model_dump(exclude_defaults=True)
    told = ",".join(f"{key}={value}" for key, value in changed.items())
    return f"{type(layer).__name__}({told})-{'+'.join('x'.join(map(str, s)) for s in shapes)}"
