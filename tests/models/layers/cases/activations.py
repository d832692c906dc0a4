"""Activation functions as layers."""

from models.layers.activations import ACTIVATIONS
from tests.models.layers.cases.shapes import IMAGE, ROW, SEQUENCE, Shaped

SHAPED: Shaped = {
    "Activation": [
        *(({"activation": name}, [ROW]) for name in ACTIVATIONS),
        ({"activation": "softmax"}, [SEQUENCE]),
        ({"activation": "log_softmax"}, [IMAGE]),
        ({"activation": "leaky_relu", "negative_slope": 0.1}, [ROW]),
        ({"activation": "elu", "alpha": 0.5}, [ROW]),
    ],
}
