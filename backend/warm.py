"""Imported by the fork server before it forks: torch, and one training step on one thread.

What is done here once is not done again by any of its children. One thread only: threads do not
survive a fork, and a pool that was made before it would leave the child waiting for ever.
"""

import torch
from torch import nn

from models.architecture import Architecture, Edge, Node
from models.check import check

torch.set_num_threads(1)


def train_a_step() -> None:
    """One step of a small network, so that the lazy parts of torch are loaded."""
    network = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1))
    optimizer = torch.optim.Adam(network.parameters(), fused=True)
    loss = nn.functional.mse_loss(network(torch.zeros(2, 2)), torch.zeros(2, 1))
    loss.backward()
    optimizer.step()


def check_a_network() -> None:
    """Check a small network with a convolution and a recurrence, for the same reason."""
    image = {"input": ("Input", {"shape": [1, 8, 8]}), "conv": ("Conv2D", {})}
    series = {"series": ("Input", {"shape": [5, 2]}), "lstm": ("LSTM", {"units": 2})}
    for kinds in (image, series):
        nodes = [Node(id=id, type=kind, params=params) for id, (kind, params) in kinds.items()]
        first, second = kinds
        edges = [Edge(source=first, target=second)]
        check(Architecture(format="neuroloom/1", nodes=nodes, edges=edges))


train_a_step()
check_a_network()
