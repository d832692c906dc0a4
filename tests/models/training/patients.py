"""Trainings that have one disease each, and what the doctor says of them."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from models.architecture import Architecture
from models.data.interface import Interface
from models.data.preparation import Preparation
from models.data.prepare import Part, Prepared
from models.mending import mended
from models.network import build
from models.parse import parse
from models.recipe import Recipe
from models.training.events import Event, Finding, Metrics
from models.training.loop import train
from tests.models.documents import chain

Layer = tuple[str, dict[str, Any]]


def dense(units: int, activation: str = "linear", **params: Any) -> Layer:
    return "Dense", {"units": units, "activation": activation, **params}


@dataclass(frozen=True)
class Patient:
    """A network, its data and its recipe.

    Attributes:
        x, y: training rows; y holds numbers (N, 1), 0 and 1 (N, 1), or codes (N,).
        held: the same of validation rows; there may be none.
        classes: their number; 1 is a regression.
    """

    architecture: Architecture
    x: Tensor
    y: Tensor
    recipe: Recipe
    classes: int = 1
    held: tuple[Tensor, Tensor] | None = None
    seed: int = 1

    @property
    def prepared(self) -> Prepared:
        task = "regression" if self.classes == 1 else "classification"
        names = list("abcdefgh"[: self.classes]) if self.classes > 1 else None
        return Prepared(
            Preparation(kind="table", task=task, target="y", classes=names),
            Interface(tuple(self.x.shape[1:]), task, tuple(names) if names else None, "y"),
            train=_part(self.x, self.y),
            validation=_part(*self.held) if self.held else None,
            test=None,
        )

    def events(self) -> list[Event]:
        """Train, and return all that is told."""
        prepared = self.prepared
        network = build(self.architecture, prepared.interface, seed=self.seed)
        return list(train(network, prepared, self.recipe, threads=1))

    def after(self, finding: Finding) -> "Patient":
        """Return the patient with the fix of a finding applied."""
        assert finding.fix is not None
        architecture, recipe = mended(self.architecture, self.recipe, finding.fix.changes)
        return replace(self, architecture=architecture, recipe=recipe)


def patient(*layers: Layer, x: Tensor, y: Tensor, **options: Any) -> Patient:
    """Return one with a chain of layers; recipe fields that are not given are the usual ones."""
    own = {name: options.pop(name) for name in ("classes", "held", "seed") if name in options}
    losses = {1: "MeanSquaredError", 2: "BinaryCrossentropy"}
    values: dict[str, Any] = {
        "loss": {"type": losses.get(own.get("classes", 1), "CategoricalCrossentropy")},
        "optimizer": {"type": "Adam", "learning_rate": 0.01},
        "metrics": [],
        "batch_size": 32,
        "epochs": 30,
        "seed": 5,
        "device": "cpu",
        "precision": "auto",
        "early_stopping": "none",
    }
    recipe = Recipe.model_validate(values | options)
    document = parse(chain(*layers, shape=list(x.shape[1:])))
    return Patient(document, x, y, recipe, **own)


def findings(events: list[Event]) -> list[Finding]:
    return [event for event in events if isinstance(event, Finding)]


def told(events: list[Event]) -> set[tuple[str, str | None]]:
    """Return the codes and layers of all findings."""
    return {(finding.code, finding.node) for finding in findings(events)}


def losses(events: list[Event], split: str = "train") -> list[float]:
    """Return the loss of every epoch; one that is not finite is infinite."""
    return [
        torch.inf if (value := event.values["loss"]) is None else value
        for event in events
        if isinstance(event, Metrics) and event.scope == "epoch" and event.split == split
    ]


def rows(count: int, features: int = 4, seed: int = 0) -> Tensor:
    """Return standard normal numbers: (count, features)."""
    return torch.randn(count, features, generator=torch.Generator().manual_seed(seed))


def numbers(x: Tensor, noise: float = 0.1, seed: int = 9) -> Tensor:
    """Return standardised targets that follow from the features, (N, 1)."""
    drawn = torch.randn(len(x), 1, generator=torch.Generator().manual_seed(seed))
    clean = x[:, :1].sin() + 0.5 * x[:, 1:2] * x[:, :1]
    return clean / 0.8 + noise * drawn


def two(x: Tensor) -> Tensor:
    """Return the class of every row, 0 or 1, that a curve parts: (N, 1)."""
    return (x[:, :1] + x[:, 1:2].square() > 1).float()


def _part(x: Tensor, y: Tensor) -> Part:
    return Part(np.arange(len(x)), (x,), (y,))
