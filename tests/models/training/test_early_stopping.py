"""Early stopping ends a training when it is asked to, and never when it is refused."""

from pathlib import Path

from models.data.ingest import ingest
from models.data.prepare import prepare
from models.data.samples import SAMPLES
from models.network import build
from models.proposal import propose
from models.recipe import EarlyStopping, Recipe
from models.training.events import Checkpoint, Event, Metrics
from models.training.loop import train

IRIS = next(sample.path for sample in SAMPLES if sample.slug == "iris")


def events(folder: Path, recipe: Recipe) -> list[Event]:
    """Train the proposed network on the irises, and return all that was told."""
    description = ingest(IRIS, folder, IRIS.name)
    proposal = propose(description, recipe=recipe)
    prepared = prepare(folder, description, proposal.recipe)
    network = build(proposal.architecture, prepared.interface, seed=0)
    return list(train(network, prepared, proposal.recipe, threads=1))


def epochs(told: list[Event]) -> int:
    return max(event.epoch for event in told if isinstance(event, Metrics))


def test_a_training_that_gains_nothing_is_stopped_by_its_rule(tmp_path: Path):
    impatient = EarlyStopping(patience=1, min_delta=1e6)
    told = events(tmp_path, Recipe(epochs=5, early_stopping=impatient))
    assert epochs(told) == 2
    assert any(isinstance(event, Checkpoint) for event in told)


def test_without_early_stopping_every_epoch_is_trained_and_none_is_restored(tmp_path: Path):
    told = events(tmp_path, Recipe(epochs=5, early_stopping="none"))
    assert epochs(told) == 5
    assert not any(isinstance(event, Checkpoint) for event in told)
