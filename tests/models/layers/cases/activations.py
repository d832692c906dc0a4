"""Activation functions as layers."""

from models.layers.activations import ACTIVATIONS
from tests.models.layers.cases.shapes import IMAGE, ROW, SEQUENCE, VOLUME, Shaped

SHAPED: Shaped = {
    "Activation": [
        *(({"activation": name}, [ROW]) for name in ACTIVATIONS),
        *(({"activation": "softmax"}, [shape]) for shape in (SEQUENCE, VOLUME)),
        ({"activation": "log_softmax"}, [IMAGE]),
        *(({"activation": "sparsemax"}, [shape]) for shape in (SEQUENCE, IMAGE)),
        ({"activation": "leaky_relu", "negative_slope": 0.1}, [ROW]),
        ({"activation": "elu", "alpha": 0.5}, [ROW]),
    ],
    "ReLU": [
        ({}, [IMAGE]),
        *(({"max_value": largest}, [ROW]) for largest in (6.0, 0.5, 0.0)),
        ({"negative_slope": 0.2}, [ROW]),
        ({"threshold": 0.4}, [SEQUENCE]),
        ({"max_value": 0.7, "negative_slope": 0.3}, [ROW]),
        ({"negative_slope": 0.3, "threshold": 0.5}, [ROW]),
        ({"max_value": 6.0, "negative_slope": 0.3, "threshold": 0.5}, [ROW]),
        ({"max_value": 0.9, "threshold": 0.5}, [ROW]),
    ],
    "LeakyReLU": [({}, [ROW]), ({"negative_slope": 0.1}, [IMAGE]), ({"negative_slope": 0}, [ROW])],
    "ELU": [({}, [ROW]), ({"alpha": 0.3}, [SEQUENCE])],
    "PReLU": [
        *(({}, [shape]) for shape in (ROW, SEQUENCE, IMAGE, VOLUME)),
        ({"shared_axes": 1}, [ROW]),
        ({"shared_axes": [1]}, [SEQUENCE]),
        ({"shared_axes": [2]}, [SEQUENCE]),
        ({"shared_axes": [1, 2]}, [IMAGE]),
        ({"shared_axes": 3, "alpha_initializer": "ones"}, [IMAGE]),
        ({"shared_axes": [1, 2, 3, 4]}, [VOLUME]),
    ],
    "Softmax": [
        *(({}, [shape]) for shape in (ROW, SEQUENCE, IMAGE)),
        ({"axis": 1}, [SEQUENCE]),
        ({"axis": 1}, [IMAGE]),
        ({"axis": -2}, [IMAGE]),
        ({"axis": [1, 2]}, [IMAGE]),
        ({"axis": [-1]}, [ROW]),
        ({"axis": [1, -1]}, [SEQUENCE]),
    ],
    "GLU": [
        ({}, [ROW]),
        ({}, [SEQUENCE]),
        ({}, [VOLUME]),
        ({"axis": 1}, [IMAGE]),
        ({"axis": 1}, [(4, 3)]),
    ],
    "Threshold": [({}, [ROW]), ({"threshold": 0.3, "default_value": -2}, [IMAGE])],
    "Maxout": [
        ({"units": 4}, [ROW]),
        ({"units": 3, "pieces": 1}, [ROW]),
        ({"units": 3, "pieces": 4, "use_bias": False}, [SEQUENCE]),
        ({"units": 3, "pieces": 3}, [IMAGE]),
        ({"units": 2, "pieces": 2, "activity_regularizer": "l2"}, [VOLUME]),
    ],
}
