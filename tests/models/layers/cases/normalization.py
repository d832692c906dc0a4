"""Layers that keep the scale in hand."""

from tests.models.layers.cases.shapes import IMAGE, ROW, SEQUENCE, VOLUME, Shaped

SHAPED: Shaped = {
    "BatchNormalization": [
        ({}, [ROW]),
        ({"momentum": 0.5, "epsilon": 0.1}, [SEQUENCE]),
        ({"center": False}, [IMAGE]),
        ({"scale": False}, [IMAGE]),
        ({"center": False, "scale": False}, [ROW]),
    ],
    "LayerNormalization": [
        ({}, [ROW]),
        ({"center": False}, [SEQUENCE]),
        ({"epsilon": 0.1}, [IMAGE]),
        ({"scale": False}, [ROW]),
        ({"scale": False, "center": False}, [SEQUENCE]),
        ({"axis": [1, 2, 3]}, [IMAGE]),
        ({"axis": [-1, -2]}, [SEQUENCE]),
        ({"axis": [1, 3]}, [IMAGE]),
        ({"axis": [-1, 2], "scale": False}, [VOLUME]),
    ],
    "RMSNormalization": [
        ({}, [ROW]),
        ({"epsilon": 0.1}, [SEQUENCE]),
        ({"axis": [-1, -2]}, [IMAGE]),
        ({"axis": [1, 2]}, [SEQUENCE]),
        ({"axis": -1}, [VOLUME]),
    ],
    "GroupNormalization": [
        ({"groups": 2}, [ROW]),
        ({"groups": -1}, [ROW]),
        ({"groups": 1, "epsilon": 0.1}, [SEQUENCE]),
        ({"groups": 3}, [IMAGE]),
        ({"groups": -1, "center": False}, [IMAGE]),
        ({"groups": 2, "scale": False, "center": False}, [VOLUME]),
        ({"groups": 4, "axis": 1}, [IMAGE]),
        ({"groups": 5, "axis": -2, "scale": False}, [SEQUENCE]),
    ],
    "UnitNormalization": [
        ({}, [ROW]),
        ({"axis": 1}, [SEQUENCE]),
        ({"axis": [1, 2, 3]}, [IMAGE]),
        ({"axis": [-1, 2]}, [VOLUME]),
    ],
    "SpectralNormalization": [
        ({"layer": {"type": "Dense", "units": 4, "activation": "softmax"}}, [ROW]),
        ({"layer": {"type": "Dense", "units": 4, "use_bias": False}}, [IMAGE]),
        ({"layer": {"type": "Conv2D", "filters": 4, "kernel_size": 3}}, [IMAGE]),
        (
            {
                "layer": {"type": "Conv1D", "filters": 3, "kernel_size": 2, "padding": "causal"},
                "power_iterations": 3,
            },
            [SEQUENCE],
        ),
        ({"layer": {"type": "Conv2DTranspose", "filters": 4, "kernel_size": 2}}, [IMAGE]),
        ({"layer": {"type": "Embedding", "input_dim": 7, "output_dim": 3}}, [ROW]),
    ],
}
