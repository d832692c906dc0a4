"""Recurrent layers."""

from typing import Any

from models.layers.activations import ACTIVATIONS
from models.layers.base import Shape
from tests.models.layers.cases.shapes import SEQUENCE, Shaped

_GATED = [
    {"units": 3},
    {"units": 3, "return_sequences": True, "go_backwards": True},
    {"units": 3, "use_bias": False},
    {"units": 3, "dropout": 0.4, "go_backwards": True},
    {"units": 3, "recurrent_dropout": 0.4},
    {"units": 3, "dropout": 0.2, "recurrent_dropout": 0.4, "use_bias": False},
    {"units": 3, "activation": "softsign", "recurrent_activation": "hard_sigmoid"},
    {"units": 2, "activation": "linear", "use_bias": False, "return_sequences": True},
    {"units": 3, "recurrent_activation": "softmax", "go_backwards": True},
]

_PICTURES, _FILM, _SHORT_FILM = (3, 2, 5), (2, 3, 6, 5), (2, 2, 5, 4)
"""(features, time, length), (channels, time, height, width)."""
_EACH_STEP: list[tuple[Any, Shape]] = [
    ("Dense", SEQUENCE),
    ({"type": "Dense", "units": 3, "activation": "softmax", "use_bias": False}, SEQUENCE),
    ({"type": "Dense", "units": 3, "trainable": False}, _PICTURES),
    ({"type": "Dense", "units": 3, "activation": "tanh"}, _FILM),
    ({"type": "Embedding", "input_dim": 5, "output_dim": 3}, SEQUENCE),
    ({"type": "Activation", "activation": "softmax"}, _FILM),
    ("Identity", SEQUENCE),
    ({"type": "PReLU", "shared_axes": [1]}, _FILM),
    ({"type": "Dropout", "rate": 0}, _FILM),
    ("BatchNormalization", SEQUENCE),
    ("BatchNormalization", _PICTURES),
    ({"type": "BatchNormalization", "momentum": 0.5, "scale": False}, _FILM),
    ("Flatten", SEQUENCE),
    ("Flatten", _PICTURES),
    ("Flatten", _FILM),
    ({"type": "Reshape", "target_shape": [2, 2]}, SEQUENCE),
    ({"type": "Reshape", "target_shape": [3, 5, 4]}, _FILM),
    ({"type": "Permute", "dims": [3, 1, 2]}, _FILM),
    ("RepeatVector", SEQUENCE),
    ({"type": "ZeroPadding2D", "padding": [1, 2]}, _FILM),
    ({"type": "Conv1D", "filters": 4, "kernel_size": 2, "strides": 2}, _PICTURES),
    ({"type": "Conv2D", "filters": 4, "padding": "same", "activation": "relu"}, _FILM),
    ({"type": "Conv2D", "filters": 4, "padding": "same", "strides": 2}, _FILM),
    ({"type": "Conv2DTranspose", "filters": 2, "strides": 2}, _FILM),
    ({"type": "SeparableConv2D", "filters": 4}, _FILM),
    ({"type": "MaxPooling2D", "padding": "same"}, _FILM),
    ("GlobalAveragePooling1D", _PICTURES),
    ("GlobalMaxPooling2D", _FILM),
    ({"type": "SimpleRNN", "units": 3, "return_sequences": True}, _PICTURES),
    ({"type": "Bidirectional", "layer": {"type": "GRU", "units": 3}}, _PICTURES),
    ({"type": "TimeDistributed", "layer": {"type": "Dense", "units": 2}}, _PICTURES),
    ({"type": "TimeDistributed", "layer": "BatchNormalization"}, _PICTURES),
]
_OVER_FILMS = [
    {"filters": 2},
    {"filters": 2, "kernel_size": [2, 3], "return_sequences": True},
    {"filters": 2, "kernel_size": [3, 2], "padding": "same", "go_backwards": True},
    {"filters": 2, "kernel_size": 4, "padding": "same", "return_sequences": True},
    {"filters": 2, "strides": 2, "padding": "same"},
    {"filters": 2, "kernel_size": 1, "strides": [1, 3], "return_sequences": True},
    {"filters": 2, "kernel_size": 2, "dilation_rate": [2, 1]},
    {"filters": 3, "dilation_rate": 2, "padding": "same", "use_bias": False},
    {"filters": 3, "activation": "relu", "recurrent_activation": "hard_sigmoid"},
    {"filters": 3, "activation": "softmax", "unit_forget_bias": False},
    {"filters": 2, "dropout": 0.4, "recurrent_dropout": 0.3},
]

SHAPED: Shaped = {
    "SimpleRNN": [
        *(
            # Five times eˣ, one upon another, is more than any number can hold.
            ({"units": 3, "activation": name}, [(1, 4) if name == "exponential" else SEQUENCE])
            for name in ACTIVATIONS
        ),
        ({"units": 3, "activation": "relu", "return_sequences": True}, [SEQUENCE]),
        ({"units": 3, "go_backwards": True, "use_bias": False}, [SEQUENCE]),
        ({"units": 3, "activation": "elu", "use_bias": False}, [SEQUENCE]),
        ({"units": 3, "dropout": 0.3}, [SEQUENCE]),
        ({"units": 3, "recurrent_dropout": 0.3, "return_sequences": True}, [SEQUENCE]),
    ],
    "LSTM": [(params, [SEQUENCE]) for params in _GATED],
    "GRU": [
        (params | after, [SEQUENCE]) for params in _GATED for after in ({}, {"reset_after": False})
    ],
    "Bidirectional": [
        *(
            ({"layer": {"type": kind, "units": 3}, "merge_mode": mode}, [SEQUENCE])
            for kind in ("SimpleRNN", "LSTM", "GRU")
            for mode in ("concat", "sum", "mul", "ave")
        ),
        ({"layer": {"type": "LSTM", "units": 2, "return_sequences": True}}, [SEQUENCE]),
        (
            {
                "layer": {
                    "type": "GRU",
                    "units": 2,
                    "return_sequences": True,
                    "activation": "relu",
                    "reset_after": False,
                    "use_bias": False,
                },
                "merge_mode": "mul",
            },
            [SEQUENCE],
        ),
        ({"layer": "LSTM"}, [SEQUENCE]),
        *(
            (
                {
                    "layer": {
                        "type": "ConvLSTM2D",
                        "filters": 2,
                        "kernel_size": 2,
                        "return_sequences": sequences,
                    },
                    "merge_mode": mode,
                },
                [_SHORT_FILM],
            )
            for sequences, mode in ((True, "concat"), (False, "concat"), (True, "ave"))
        ),
    ],
    "ConvLSTM2D": [(params, [_SHORT_FILM]) for params in _OVER_FILMS],
    "TimeDistributed": [({"layer": inside}, [shape]) for inside, shape in _EACH_STEP],
}
