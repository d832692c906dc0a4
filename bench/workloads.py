"""What is trained: a small MLP on rows, a LeNet-like CNN on images, an LSTM on sequences."""

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from PIL import Image

ROWS = {"MLP": 10_000, "CNN": 2_000, "LSTM": 2_000}
TIME, FEATURES = 50, 8


@dataclass(frozen=True)
class Workload:
    """A network, its data, and how many epochs make a measurement of a few seconds.

    The product trains `epochs`, which its first steps and the tracing are part of; a peer trains
    `peer_epochs`.
    """

    name: Literal["MLP", "CNN", "LSTM"]
    batch_size: int
    epochs: int
    peer_epochs: int

    @property
    def examples(self) -> int:
        return ROWS[self.name]

    @property
    def steps_per_epoch(self) -> int:
        return -(-self.examples // self.batch_size)

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        """Return x, float32 (rows, *shape), and y: (rows, 1) numbers, or (rows,) classes."""
        random, rows = np.random.default_rng(0), self.examples
        if self.name == "MLP":
            x = random.standard_normal((rows, 20)).astype(np.float32)
            return x, np.sin(x[:, :1]) + 0.5 * x[:, 1:2] * x[:, 2:3]
        if self.name == "LSTM":
            x = random.standard_normal((rows, TIME, FEATURES)).astype(np.float32)
            return x, x[:, :, 0].sum(1, keepdims=True) / TIME**0.5
        y = random.integers(0, 10, rows)
        x = random.integers(0, 256, (rows, 1, 28, 28))
        x[np.arange(rows), 0, 2 * y + 2] = 255
        return (x / 255).astype(np.float32), y.astype(np.int64)

    def file(self, folder: Path) -> Path:
        """Write the data as a user would bring it: a CSV, or a zip with a folder per class."""
        x, y = self.data()
        if self.name != "CNN":
            path, x = folder / f"{self.name}.csv", x.reshape(len(x), -1)
            header = ",".join([*(f"x{column}" for column in range(x.shape[1])), "y"])
            np.savetxt(path, np.hstack([x, y]), "%.6g", ",", header=header, comments="")
            return path
        path = folder / "images.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for number, (image, label) in enumerate(zip(x, y, strict=True)):
                png = io.BytesIO()
                Image.fromarray((image[0] * 255).astype(np.uint8)).save(png, "PNG")
                archive.writestr(f"class_{label}/{number}.png", png.getvalue())
        return path

    def architecture(self) -> dict[str, Any]:
        """Return the network as an architecture document."""
        shape = {}
        if self.name == "MLP":
            layers: list[tuple[str, dict[str, Any]]] = [
                ("Dense", {"units": 64, "activation": "relu"}),
                ("Dense", {"units": 64, "activation": "relu"}),
                ("Dense", {"units": 1}),
            ]
        elif self.name == "LSTM":
            shape = {"shape": [TIME, FEATURES]}
            layers = [("LSTM", {"units": 64}), ("Dense", {"units": 1})]
        else:
            layers = [
                (
                    "Conv2D",
                    {"filters": 16, "kernel_size": 3, "padding": "same", "activation": "relu"},
                ),
                ("MaxPooling2D", {"pool_size": 2}),
                (
                    "Conv2D",
                    {"filters": 32, "kernel_size": 3, "padding": "same", "activation": "relu"},
                ),
                ("MaxPooling2D", {"pool_size": 2}),
                ("Flatten", {}),
                ("Dense", {"units": 64, "activation": "relu"}),
                ("Dense", {"units": 10, "activation": "softmax"}),
            ]
        chain = [("Input", shape), *layers, ("Output", {})]
        nodes = [
            {"id": f"n{place}", "type": kind, "params": params}
            for place, (kind, params) in enumerate(chain)
        ]
        edges = [
            {"source": f"n{place}", "target": f"n{place + 1}"} for place in range(len(chain) - 1)
        ]
        return {"format": "neuroloom/1", "name": self.name, "nodes": nodes, "edges": edges}

    def recipe(self) -> dict[str, Any]:
        """Return the recipe: all examples train, nothing stops early, nothing is validated."""
        return {
            "split": {"validation": 0.0, "test": 0.0, "stratify": False},
            "optimizer": {"type": "Adam", "learning_rate": 0.001},
            "batch_size": self.batch_size,
            "epochs": self.epochs,
            "early_stopping": "none",
            "seed": 0,
            "device": "cpu",
        }


WORKLOADS = [
    Workload("MLP", 32, 60, 6),
    Workload("MLP", 256, 300, 20),
    Workload("CNN", 32, 24, 6),
    Workload("CNN", 256, 24, 6),
    Workload("LSTM", 32, 24, 6),
    Workload("LSTM", 256, 16, 4),
]
