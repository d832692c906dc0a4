"""Layers that keep the scale in hand."""

from tests.models.layers.cases.shapes import IMAGE, ROW, SEQUENCE, Shaped

SHAPED: Shaped = {
    "BatchNormalization": [
        ({}, [ROW]),
        ({"momentum": 0.5, "epsilon": 0.1}, [SEQUENCE]),
        ({"center": False}, [IMAGE]),
        ({"scale": False}, [IMAGE]),
        ({"center": False, "scale": False}, [ROW]),
    ],
}
