"""Recurrent layers."""

from models.layers.activations import ACTIVATIONS
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
    ],
}
