"""Imported by the fork server before it forks: torch, and one training step on one thread.

What is done here once is not done again by any of its children. One thread only: threads do not
survive a fork, and a pool that was made before it would leave the child waiting for ever. So
polars, which comes along, is imported here and never asked for anything.
"""

import gc
import importlib
from itertools import pairwise

import torch
from sqlalchemy.orm import configure_mappers
from torch import nn

from models.architecture import Architecture, Edge, Node
from models.check import check
from models.network import build

torch.set_num_threads(1)
# numpy.ma is what NumPy and polars import once they are first asked for certain things.
for name in ("backend.work", "backend.runs.worker", "numpy.ma"):
    importlib.import_module(name)
configure_mappers()


IMAGE = {"input": ("Input", {"shape": [1, 8, 8]}), "conv": ("Conv2D", {}), "flat": ("Flatten", {})}
SERIES = {"input": ("Input", {"shape": [5, 2]}), "lstm": ("LSTM", {"units": 2})}
ROW = {"input": ("Input", {"shape": [2]}), "dense": ("Dense", {"units": 2, "activation": "relu"})}


def chain(layers: dict[str, tuple[str, dict]]) -> Architecture:
    """Return a network of these layers one after another, with an Output at the end."""
    kinds = {**layers, "output": ("Output", {})}
    nodes = [Node(id=id, type=kind, params=params) for id, (kind, params) in kinds.items()]
    edges = [Edge(source=first, target=second) for first, second in pairwise(kinds)]
    return Architecture(format="neuroloom/1", nodes=nodes, edges=edges)


def warm() -> None:
    """Check, build and train small networks for a step, so that the lazy parts are loaded."""
    for layers in (ROW, IMAGE, SERIES):
        architecture = chain(layers)
        check(architecture)
        network = build(architecture, seed=0)
        optimizer = torch.optim.Adam(network.parameters(), fused=True)
        answer = network(torch.zeros(2, *network.input_shapes[0]))
        nn.functional.cross_entropy(answer, torch.zeros(2, dtype=torch.int64)).backward()
        optimizer.step()


warm()
# What is here stays: a child that looked through it for garbage would write to every page of it.
gc.freeze()
