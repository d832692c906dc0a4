"""Small networks on small data, each built three times: ours, in plain PyTorch, in Keras."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from models.data.interface import Interface
from models.data.preparation import Preparation
from models.data.prepare import Part, Prepared
from models.network import Network, build
from models.parse import parse
from models.recipe import Recipe
from tests.models.documents import chain
from tests.models.layers.twins import channels_last

Layers = list[tuple[str, dict[str, Any]]]


class Last(nn.Module):
    """The last output of a recurrent layer of PyTorch's; its second bias, not Keras's, is 0."""

    def __init__(self, recurrent: nn.RNNBase) -> None:
        super().__init__()
        self.recurrent = recurrent
        if not isinstance(recurrent, nn.GRU):
            recurrent.bias_hh_l0.requires_grad_(False)

    def forward(self, x: Tensor) -> Tensor:
        return self.recurrent(x)[0][:, -1]


class Heads(nn.Module):
    """Multi-head attention of a sequence to itself, as its formula says it.

    The weights have Keras's axes in reverse, as ours have. There are no biases: that of the keys
    has no gradient, and Adam makes steps of what rounding leaves of it.
    """

    def __init__(self, features: int, heads: int, size: int) -> None:
        super().__init__()
        for name in ("query", "key", "value"):
            self.register_parameter(name, nn.Parameter(torch.empty(size, heads, features)))
        self.output = nn.Parameter(torch.empty(features, size, heads))

    def forward(self, x: Tensor) -> Tensor:
        query, key, value = (
            torch.einsum("ntf,shf->nths", x, getattr(self, name))
            for name in ("query", "key", "value")
        )
        scores = torch.einsum("nths,nuhs->nhtu", query, key) / query.shape[-1] ** 0.5
        found = torch.einsum("nhtu,nuhs->nths", scores.softmax(dim=-1), value)
        return torch.einsum("nths,fsh->ntf", found, self.output)


class SelfAttention(keras.layers.Layer):
    """Keras's multi-head attention with a single input, for a Sequential."""

    def __init__(self, heads: int, size: int) -> None:
        super().__init__()
        self.attention = keras.layers.MultiHeadAttention(heads, size, use_bias=False)

    def build(self, shape: Any) -> None:
        self.attention.build(shape, shape)
        self.built = True

    def call(self, x: Any) -> Any:
        return self.attention(x, x)


def keras_weights(module: nn.Module) -> list[np.ndarray]:
    """Return a module's weights as the Keras layer of its kind has them, in its order."""
    weights = [tensor.detach() for tensor in module.state_dict().values()]
    if isinstance(module, Heads):
        return [weight.permute(*reversed(range(weight.dim()))).numpy() for weight in weights]
    if isinstance(module, nn.GRU):
        # PyTorch's gates are reset, update, new; Keras's update, reset, new.
        weights = [torch.cat([weight.chunk(3)[gate] for gate in (1, 0, 2)]) for weight in weights]
        weights[2:] = [torch.stack(weights[2:])]
    elif isinstance(module, nn.LSTM):
        weights[2:] = [weights[2] + weights[3]]
    if isinstance(module, nn.RNNBase):
        weights[:2] = [weight.T for weight in weights[:2]]
    else:
        weights[0] = weights[0].T if weights[0].dim() == 2 else weights[0].permute(2, 3, 1, 0)
    return [weight.numpy() for weight in weights]


@dataclass(frozen=True)
class Case:
    """A network and the data that it is trained on.

    Attributes:
        input_shape: of one example, as the network's Input has it.
        classes: their number; 1 is a regression.
        plain: gives the network in plain PyTorch, up to the logits.
        keras: gives Keras's layers.
    """

    name: str
    input_shape: tuple[int, ...]
    classes: int
    layers: Layers
    plain: Callable[[], nn.Module]
    keras: Callable[[], list[Any]]

    @property
    def class_names(self) -> tuple[str, ...] | None:
        return tuple("abcdefgh"[: self.classes]) if self.classes > 1 else None

    @property
    def loss(self) -> str:
        return {1: "MeanSquaredError", 2: "BinaryCrossentropy"}.get(
            self.classes, "CategoricalCrossentropy"
        )

    def examples(self, rows: int, seed: int) -> Part:
        """Return rows whose target follows from their features, with some noise."""
        generator = torch.Generator().manual_seed(seed)
        x = torch.randn(rows, *self.input_shape, generator=generator)
        noise = torch.randn(rows, max(1, self.classes), generator=generator)
        flat = x.flatten(1)[:, : noise.shape[1]]
        if self.classes == 1:
            y = flat.sin() + 0.1 * noise
        elif self.classes == 2:
            y = (flat[:, :1] + 0.5 * noise[:, :1] > 0).float()
        else:
            y = (flat + 0.5 * noise).argmax(dim=1)
        entering = x if len(self.input_shape) == 3 else x.flatten(1)
        return Part(np.arange(rows), (entering,), (y,))

    def prepared(self, rows: int = 70, validation: int = 0) -> Prepared:
        """Return data as `prepare` would make it."""
        train = self.examples(rows, seed=1)
        task = "regression" if self.classes == 1 else "classification"
        names = self.class_names
        return Prepared(
            Preparation(
                kind="table", task=task, target="y", classes=None if names is None else list(names)
            ),
            Interface(tuple(train.x.shape[1:]), task, names, "y"),
            train=train,
            validation=self.examples(validation, seed=2) if validation else None,
            test=None,
        )

    def network(self, seed: int = 3) -> Network:
        """Return our network."""
        document = chain(*self.layers, shape=list(self.input_shape))
        return build(parse(document), self.prepared(rows=2).interface, seed=seed)

    def in_pytorch(self, network: Network) -> nn.Module:
        """Return the plain network, with the weights that ours has now."""
        plain = self.plain()
        plain.load_state_dict(
            dict(zip(plain.state_dict(), network.state_dict().values(), strict=True))
        )
        return plain

    def in_keras(self, network: Network) -> Any:
        """Return Keras's network, with the weights that ours has now."""
        first = channels_last(torch.zeros(1, *self.input_shape))
        theirs = keras.Sequential([keras.Input(tuple(first.shape[1:])), *self.keras()])
        leaves = (nn.Linear, nn.Conv2d, nn.RNNBase, Heads)
        ours = (m for m in self.in_pytorch(network).modules() if isinstance(m, leaves))
        for layer in theirs.layers:
            if layer.weights:
                layer.set_weights(keras_weights(next(ours)))
        return theirs

    def shaped(self, x: Tensor) -> Tensor:
        """Return features in the shape that the plain network takes."""
        return x.reshape(x.shape[0], *self.input_shape)

    def criterion(self, raw: Tensor, y: Tensor) -> Tensor:
        """Return the losses of the examples, (N,), from the plain network's outputs."""
        if self.classes == 1:
            return functional.mse_loss(raw, y, reduction="none")[:, 0]
        if self.classes == 2:
            losses = functional.binary_cross_entropy_with_logits(raw, y, reduction="none")
            return losses[:, 0]
        return functional.cross_entropy(raw, y, reduction="none")

    def recipe(self, **changes: Any) -> Recipe:
        """Return a full recipe."""
        values: dict[str, Any] = {
            "loss": {"type": self.loss},
            "optimizer": {"type": "Adam", "learning_rate": 0.003},
            "metrics": ["mae", "r2"] if self.classes == 1 else ["accuracy"],
            "batch_size": 16,
            "epochs": 4,
            "seed": 5,
            "device": "cpu",
            "precision": "auto",
        }
        return Recipe.model_validate(values | changes)


def _dense(units: int, activation: str = "linear") -> tuple[str, dict[str, Any]]:
    return "Dense", {"units": units, "activation": activation}


def _mlp(name: str, classes: int, outputs: int, activation: str) -> Case:
    return Case(
        name,
        (6,),
        classes,
        [_dense(12, "relu"), _dense(8, "tanh"), _dense(outputs, activation)],
        lambda: nn.Sequential(
            *(nn.Linear(6, 12), nn.ReLU(), nn.Linear(12, 8), nn.Tanh(), nn.Linear(8, outputs))
        ),
        lambda: [
            keras.layers.Dense(12, "relu"),
            keras.layers.Dense(8, "tanh"),
            keras.layers.Dense(outputs, activation),
        ],
    )


def _recurrent(kind: str) -> Case:
    return Case(
        kind.lower(),
        (5, 3),
        3,
        [(kind, {"units": 7}), _dense(3, "softmax")],
        lambda: nn.Sequential(Last(getattr(nn, kind)(3, 7, batch_first=True)), nn.Linear(7, 3)),
        lambda: [getattr(keras.layers, kind)(7), keras.layers.Dense(3, "softmax")],
    )


REGRESSION = _mlp("regression", 1, 1, "linear")
BINARY = _mlp("binary", 2, 1, "sigmoid")
CLASSES = _mlp("classes", 3, 3, "softmax")
IMAGES = Case(
    "images",
    (2, 8, 8),
    4,
    [
        ("Conv2D", {"filters": 5, "kernel_size": 3, "padding": "same", "activation": "relu"}),
        ("MaxPooling2D", {"pool_size": 2}),
        ("Conv2D", {"filters": 6, "kernel_size": 3, "activation": "relu"}),
        ("Flatten", {}),
        _dense(4, "softmax"),
    ],
    lambda: nn.Sequential(
        *(nn.Conv2d(2, 5, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(5, 6, 3), nn.ReLU(), nn.Flatten(), nn.Linear(24, 4)),
    ),
    lambda: [
        keras.layers.Conv2D(5, 3, padding="same", activation="relu"),
        keras.layers.MaxPooling2D(2),
        keras.layers.Conv2D(6, 3, activation="relu"),
        keras.layers.Permute((3, 1, 2)),
        keras.layers.Flatten(),
        keras.layers.Dense(4, "softmax"),
    ],
)
LSTM, GRU = _recurrent("LSTM"), _recurrent("GRU")
ATTENTION = Case(
    "attention",
    (5, 6),
    3,
    [
        ("MultiHeadAttention", {"num_heads": 2, "key_dim": 4, "use_bias": False}),
        ("Flatten", {}),
        _dense(3, "softmax"),
    ],
    lambda: nn.Sequential(Heads(6, 2, 4), nn.Flatten(), nn.Linear(30, 3)),
    lambda: [SelfAttention(2, 4), keras.layers.Flatten(), keras.layers.Dense(3, "softmax")],
)
CASES = [REGRESSION, BINARY, CLASSES, IMAGES, LSTM, GRU, ATTENTION]
