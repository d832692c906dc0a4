"""A first network for a dataset: plain, small enough to train in a minute, sized by the data."""

from itertools import pairwise
from typing import Any

from models.architecture import Architecture, Edge, Node
from models.data.interface import Interface
from models.objectives.losses import Loss
from models.recipe import Reason

WIDE_FROM = 10_000
"""Rows from which a wider first layer has enough examples to be fitted."""
MIN_SIDE = 2
MAX_BLOCKS = 4


def first_network(
    interface: Interface, rows: int, loss: type[Loss] | None = None
) -> tuple[Architecture, list[Reason]]:
    """Return layers that suit the data, from Input to Output, and why they are as they are.

    Args:
        loss: one that is chosen already may ask for an activation at the output.
    """
    if len(interface.input_shape) == 3:
        hidden, reasons = _convolutional(interface.input_shape)
    else:
        hidden, reasons = _dense(rows)
    output, reason = _output(interface, loss)
    layers = [("input", "Input", {}), *hidden, output, ("output", "Output", {})]
    architecture = Architecture(
        format="neuroloom/1",
        name=f"First network for {interface.target}"[:200],
        nodes=[Node(id=name, type=kind, params=params) for name, kind, params in layers],
        edges=[Edge(source=before[0], target=after[0]) for before, after in pairwise(layers)],
        layout={name: (0.0, 92.0 * index) for index, (name, _, _) in enumerate(layers)},
    )
    return architecture, [*reasons, reason]


_Layer = tuple[str, str, dict[str, Any]]


def _dense(rows: int) -> tuple[list[_Layer], list[Reason]]:
    units = 64 if rows < WIDE_FROM else 128
    hidden: list[_Layer] = []
    for index, width in enumerate((units, units // 2), 1):
        hidden.append((f"dense_{index}", "Dense", {"units": width, "activation": "relu"}))
        if rows < WIDE_FROM:
            hidden.append((f"dropout_{index}", "Dropout", {"rate": 0.2}))
    why = f"Two hidden layers of {units} and {units // 2} units can bend a boundary of most shapes"
    if rows < WIDE_FROM:
        why += (
            f"; the dropout keeps them from learning {rows:,} rows by heart: over many splits it "
            "gains a little on small data and costs nothing"
        )
    return hidden, [Reason(path=["architecture", "nodes"], reason=why)]


def _convolutional(shape: tuple[int, ...]) -> tuple[list[_Layer], list[Reason]]:
    side = min(shape[1:])
    layers: list[_Layer] = []
    blocks = 0
    while side >= 2 * MIN_SIDE and blocks < MAX_BLOCKS:
        filters = min(32 * 2**blocks, 128)
        blocks += 1
        convolution = {
            "filters": filters,
            "kernel_size": 3,
            "padding": "same",
            "activation": "relu",
        }
        layers.append((f"conv2d_{blocks}", "Conv2D", convolution))
        layers.append((f"pool_{blocks}", "MaxPooling2D", {"pool_size": 2}))
        side //= 2
    layers.append(("flatten", "Flatten", {}))
    if not blocks:
        layers.append(("dense_1", "Dense", {"units": 64, "activation": "relu"}))
        why = "The images are too small to slide filters over, so a dense layer reads the pixels"
    else:
        layers.append(("dropout", "Dropout", {"rate": 0.3}))
        why = (
            f"{blocks} times a convolution and a pooling that halves the side, until {side} pixels "
            "are left: small patterns first, then what they form; the dropout keeps the last layer "
            "from relying on single pixels"
        )
    return layers, [Reason(path=["architecture", "nodes"], reason=why)]


def _output(interface: Interface, loss: type[Loss] | None) -> tuple[_Layer, Reason]:
    classes = interface.classes
    if classes is None and loss is not None and loss.activations is not None:
        params = {"units": 1, "activation": loss.activations[0]}
        why = f"One output of a kind that {loss.name} is made for"
    elif classes is None:
        params = {"units": 1, "activation": "linear"}
        why = "One linear output, because a number is predicted"
    elif len(classes) == 2:
        params = {"units": 1, "activation": "sigmoid"}
        why = (
            f'One sigmoid output, the probability of "{classes[1]}", because there are two classes'
        )
    else:
        params = {"units": len(classes), "activation": "softmax"}
        why = f"{len(classes)} softmax outputs, one probability for each class"
    return ("prediction", "Dense", params), Reason(path=["architecture", "output"], reason=why)
