"""The same training as others write it. Each function returns seconds per optimizer step."""

import os
import time
from collections.abc import Callable

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from bench.workloads import FEATURES, TIME, Workload


class Last(nn.LSTM):
    """An LSTM that gives its last output only."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(x)[0][:, -1]


def module(workload: Workload) -> nn.Sequential:
    """Return the workload's network in plain PyTorch."""
    if workload.name == "LSTM":
        return nn.Sequential(Last(FEATURES, 64, batch_first=True), nn.Linear(64, 1))
    if workload.name == "MLP":
        return nn.Sequential(
            nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1)
        )
    return nn.Sequential(
        *(nn.Conv2d(1, 16, 3, padding="same"), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(16, 32, 3, padding="same"), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(32 * 7 * 7, 64), nn.ReLU(), nn.Linear(64, 10)),
    )


def loader(workload: Workload) -> DataLoader[tuple[torch.Tensor, ...]]:
    """Return the workload's data as most people feed it."""
    x, y = map(torch.from_numpy, workload.data())
    return DataLoader(
        TensorDataset(x, y if workload.name == "CNN" else y.float()),
        batch_size=workload.batch_size,
        shuffle=True,
    )


def loss_of(workload: Workload) -> nn.Module:
    return nn.CrossEntropyLoss() if workload.name == "CNN" else nn.MSELoss()


def plain(workload: Workload, epochs: int) -> float:
    """The loop of PyTorch's own tutorials: DataLoader, Adam, a loss printed now and then."""
    network, batches, criterion = module(workload), loader(workload), loss_of(workload)
    optimizer = torch.optim.Adam(network.parameters(), lr=0.001)
    began = time.perf_counter()
    for _ in range(epochs):
        for x, y in batches:
            optimizer.zero_grad()
            loss = criterion(network(x), y)
            loss.backward()
            optimizer.step()
    return (time.perf_counter() - began) / (epochs * workload.steps_per_epoch)


def lightning(workload: Workload, epochs: int) -> float:
    """PyTorch Lightning's Trainer with its logger and progress bar off."""
    import lightning.pytorch as pl

    class Module(pl.LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.network, self.criterion = module(workload), loss_of(workload)

        def training_step(self, batch: tuple[torch.Tensor, ...], _: int) -> torch.Tensor:
            x, y = batch
            return self.criterion(self.network(x), y)

        def configure_optimizers(self) -> torch.optim.Optimizer:
            return torch.optim.Adam(self.parameters(), lr=0.001)

    class Clock(pl.Callback):
        began = ended = 0.0

        def on_train_start(self, *_: object) -> None:
            self.began = time.perf_counter()

        def on_train_end(self, *_: object) -> None:
            self.ended = time.perf_counter()

    clock = Clock()
    trainer = pl.Trainer(
        accelerator="cpu",
        max_epochs=epochs,
        callbacks=[clock],
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    )
    trainer.fit(Module(), loader(workload))
    return (clock.ended - clock.began) / (epochs * workload.steps_per_epoch)


def keras(workload: Workload, epochs: int) -> float:
    """Keras's fit on arrays, torch backend, after a first epoch that is not counted."""
    os.environ["KERAS_BACKEND"] = "torch"
    import keras as k

    layers = k.layers
    if workload.name == "MLP":
        stack = [layers.Dense(64, "relu"), layers.Dense(64, "relu"), layers.Dense(1)]
        shape, loss = (20,), "mse"
    elif workload.name == "LSTM":
        stack = [layers.LSTM(64), layers.Dense(1)]
        shape, loss = (TIME, FEATURES), "mse"
    else:
        stack = [
            layers.Conv2D(16, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(64, "relu"),
            layers.Dense(10, "softmax"),
        ]
        shape, loss = (28, 28, 1), "sparse_categorical_crossentropy"
    network = k.Sequential([k.Input(shape), *stack])
    network.compile(optimizer=k.optimizers.Adam(0.001), loss=loss)
    x, y = workload.data()
    x = x.transpose(0, 2, 3, 1) if x.ndim == 4 else x
    network.fit(x, y, batch_size=workload.batch_size, epochs=1, verbose=0)
    began = time.perf_counter()
    network.fit(x, y, batch_size=workload.batch_size, epochs=epochs, verbose=0)
    return (time.perf_counter() - began) / (epochs * workload.steps_per_epoch)


PEERS: dict[str, Callable[[Workload, int], float]] = {
    "plain PyTorch": plain,
    "Lightning": lightning,
    "Keras (torch)": keras,
}
