"""Imported by the fork server before it forks: torch, and one training step on one thread.

What is done here once is not done again by any of its children. One thread only: threads do not
survive a fork, and a pool that was made before it would leave the child waiting for ever.
"""

import torch
from torch import nn

torch.set_num_threads(1)


def train_a_step() -> None:
    """One step of a small network, so that the lazy parts of torch are loaded."""
    network = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1))
    optimizer = torch.optim.Adam(network.parameters(), fused=True)
    loss = nn.functional.mse_loss(network(torch.zeros(2, 2)), torch.zeros(2, 1))
    loss.backward()
    optimizer.step()


train_a_step()
