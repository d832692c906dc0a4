"""Recurrent layers."""

from tests.models.layers.cases.shapes import SEQUENCE, Shaped

SHAPED: Shaped = {
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
}
