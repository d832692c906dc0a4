"""What batches cost a training step: those of the store, against one that is kept in memory."""

import statistics
import time
from dataclasses import replace
from pathlib import Path

import torch

from bench.workloads import Workload
from models.data.ingest import ingest
from models.data.prepare import prepare
from models.ends import ends
from models.network import build
from models.parse import parse
from models.proposal import propose
from models.recipe import Recipe
from models.training.plan import plan
from models.training.work import Work

STEPS = 10
"""In a row, of each of the two."""


def measure(workload: Workload, folder: Path, rounds: int) -> float:
    """Return the share of a step that its batch costs, median over interleaved rounds.

    The batches of the store are new rows of all the images each time; the one that is kept is
    learnt again and again.
    """
    stored = folder / "stored"
    stored.mkdir()
    file = workload.file(folder)
    description = ingest(file, stored, file.name)
    architecture = parse(workload.architecture())
    wished = Recipe.model_validate(workload.recipe())
    recipe = propose(description, architecture, wished).recipe
    prepared = prepare(stored, description, recipe, ends(architecture))
    network = build(architecture, prepared.interface, seed=0)
    work = plan(network, prepared, recipe).work
    size = workload.batch_size
    kept = replace(
        work,
        inputs=tuple(x[:size] for x in work.inputs),
        targets=tuple(y[:size] for y in work.targets),
    )
    generator = torch.Generator().manual_seed(0)
    threads = torch.get_num_threads()
    # Several wait for each other where the machine has other work, for longer than a batch takes.
    torch.set_num_threads(1)
    ratios = []
    for _ in range(10 * rounds):
        new = _seconds(work, work.order(generator))
        ratios.append(new / _seconds(kept, kept.order(generator)))
    torch.set_num_threads(threads)
    return statistics.median(ratios) - 1


def _seconds(work: Work, order: torch.Tensor) -> float:
    """Return the seconds of `STEPS` steps, over the batches of an epoch as often as it takes."""
    began = time.perf_counter()
    for step in range(STEPS):
        work.run(order, step % work.batches.count, [1e-3], step)
    return time.perf_counter() - began
