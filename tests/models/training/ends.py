"""A network of two Inputs and two Outputs on small data: ours, in plain PyTorch, in Keras."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import keras
import numpy as np
import torch
from torch import Tensor, nn

from models.data.ends import OutputEnd
from models.data.interface import Entry, Goal, Interface, of_ends
from models.data.preparation import Preparation, PreparedOutput
from models.data.prepare import Part, Prepared
from models.network import Network, build
from models.parse import parse
from models.recipe import Objective, Recipe
from tests.models.documents import document
from tests.models.training.cases import keras_weights

CLASSES = ("a", "b", "c")
KIND = OutputEnd("kind", "kind")
PRICE = OutputEnd("price", "price", loss_weight=0.25)
HUBER = Objective.model_validate({"type": "Huber", "delta": 0.5})


def interface(kind: OutputEnd = KIND, price: OutputEnd = PRICE) -> Interface:
    """Return what the data asks of the network's ends."""
    entries = (Entry((3,), ("p", "q", "r"), "left"), Entry((4,), ("s", "t", "u", "v"), "right"))
    goals = (
        Goal("classification", CLASSES, "kind", kind),
        Goal("regression", None, "price", price),
    )
    return of_ends(entries, goals)


def network(*extra: tuple[str, dict[str, Any]]) -> Network:
    """Return ours; `extra` layers stand before the Outputs' own."""
    more = [(f"extra_{number}", kind, params) for number, (kind, params) in enumerate(extra)]
    names = ["both", *(name for name, _, _ in more)]
    chained = " ".join(f"{a}>{b}" for a, b in pairwise(names))
    sent = document(
        ("left", "Input", {}),
        ("right", "Input", {}),
        ("wide", "Dense", {"units": 5, "activation": "tanh", "kernel_regularizer": "l2"}),
        ("deep", "Dense", {"units": 6, "activation": "relu"}),
        ("both", "Concatenate", {}),
        *more,
        ("shares", "Dense", {"units": 3, "activation": "softmax"}),
        ("amount", "Dense", {"units": 1}),
        ("kind", "Output", {}),
        ("price", "Output", {}),
        wires="left>wide right>deep wide>both deep>both "
        f"{names[-1]}>shares {names[-1]}>amount shares>kind amount>price {chained}".strip(),
    )
    return build(parse(sent), interface(), seed=3)


def examples(rows: int, seed: int, weighted: bool = False) -> Part:
    """Return rows whose targets follow from both inputs, with some noise."""
    generator = torch.Generator().manual_seed(seed)
    left, right = (torch.randn(rows, width, generator=generator) for width in (3, 4))
    noise = torch.randn(rows, 3, generator=generator)
    kind = (left + right[:, :3] + 0.5 * noise).argmax(dim=1)
    price = (left[:, :1] * right[:, 3:]).sin() + 0.1 * noise[:, :1]
    weights = torch.rand(rows, generator=generator) * 2 if weighted else None
    return Part(np.arange(rows), (left, right), (kind, price), weights)


def prepared(
    validation: int = 0, weighted: bool = False, asked: Interface | None = None
) -> Prepared:
    """Return data as `prepare` would make it."""
    outputs = [
        PreparedOutput(node="kind", task="classification", target="kind", classes=[*CLASSES]),
        PreparedOutput(node="price", task="regression", target="price"),
    ]
    return Prepared(
        Preparation.model_validate({"kind": "table", "inputs": [{}, {}], "outputs": outputs}),
        asked or interface(),
        train=examples(70, seed=1, weighted=weighted),
        validation=examples(validation, seed=2, weighted=weighted) if validation else None,
        test=None,
    )


def recipe(**changes: Any) -> Recipe:
    """Return a full recipe."""
    values: dict[str, Any] = {
        "optimizer": {"type": "Adam", "learning_rate": 0.003},
        "metrics": ["accuracy", "mae"],
        "batch_size": 16,
        "epochs": 4,
        "seed": 5,
        "device": "cpu",
        "precision": "auto",
    }
    return Recipe.model_validate(values | changes)


def losing(**price: Any) -> Interface:
    """Return what the data asks where the second Output has a loss of its own."""
    return interface(price=replace(PRICE, loss=HUBER, **price))


class Plain(nn.Module):
    """The network in plain PyTorch; gives logits and amount."""

    def __init__(self) -> None:
        super().__init__()
        self.wide, self.deep = nn.Linear(3, 5), nn.Linear(4, 6)
        self.shares, self.amount = nn.Linear(11, 3), nn.Linear(11, 1)

    def forward(self, left: Tensor, right: Tensor) -> tuple[Tensor, Tensor]:
        both = torch.cat([self.wide(left).tanh(), self.deep(right).relu()], dim=1)
        return self.shares(both), self.amount(both)


def in_keras(ours: Network) -> Any:
    """Return Keras's network, with the weights that ours has now."""
    left, right = keras.Input((3,)), keras.Input((4,))
    wide = keras.layers.Dense(5, "tanh", kernel_regularizer="l2", name="wide")(left)
    deep = keras.layers.Dense(6, "relu", name="deep")(right)
    both = keras.layers.Concatenate()([wide, deep])
    kind = keras.layers.Dense(3, "softmax", name="kind")(both)
    price = keras.layers.Dense(1, name="price")(both)
    theirs = keras.Model([left, right], [kind, price])
    names = {"wide": "wide", "deep": "deep", "kind": "shares", "price": "amount"}
    for theirs_name, name in names.items():
        theirs.get_layer(theirs_name).set_weights(keras_weights(ours.get_submodule(name)))
    return theirs


class Ordered(keras.utils.PyDataset):
    """The rows as Keras takes them, in the order that ours has in each epoch."""

    def __init__(self, part: Part, orders: list[Tensor], size: int, weights: Any) -> None:
        super().__init__()
        self.part, self.orders, self.size, self.weights = part, orders, size, weights
        self.epoch = 0

    def __len__(self) -> int:
        return -(-len(self.part.rows) // self.size)

    def __getitem__(self, index: int) -> Any:
        rows = self.orders[self.epoch][index * self.size : (index + 1) * self.size]
        return arrays(self.part, self.weights, rows)

    def begin(self, epoch: int, _: Any) -> None:
        self.epoch = epoch


def arrays(part: Part, weights: Any = None, rows: Any = slice(None)) -> Any:
    """Return inputs, targets and, for each output, weights of rows as Keras takes them."""
    inputs = tuple(x[rows].numpy() for x in part.inputs)
    targets = tuple(y[rows].numpy() for y in part.targets)
    if weights is None:
        return inputs, targets
    return inputs, targets, tuple(one[rows].numpy() for one in weights)
