"""How many steps are taken, how the gradient is clipped on the way, and which weights are left."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from models.data.ingest import ingest
from models.data.prepare import Prepared, prepare
from models.data.samples import SAMPLES
from models.errors import DocumentError
from models.network import Network, build
from models.proposal import propose
from models.recipe import Recipe
from models.training.events import Metrics, Status
from models.training.loop import train

IRIS = next(sample.path for sample in SAMPLES if sample.slug == "iris")


class Setting:
    """The proposed network and data of the irises, with a recipe that leaves only what is asked."""

    def __init__(self, folder: Path, **recipe: Any) -> None:
        description = ingest(IRIS, folder, IRIS.name)
        asked = Recipe.model_validate({"early_stopping": "none", "epochs": 4, **recipe})
        proposal = propose(description, recipe=asked)
        self.recipe = proposal.recipe
        self.prepared: Prepared = prepare(folder, description, self.recipe)
        self.network: Network = build(proposal.architecture, self.prepared.interface, seed=0)
        self.before = [p.detach().clone() for p in self.network.parameters()]

    def run(self, **changes: Any) -> list[Any]:
        recipe = self.recipe.model_copy(update=changes)
        return list(train(self.network, self.prepared, recipe, threads=1))

    def moved(self) -> list[torch.Tensor]:
        """Return the way of each weight tensor from where it began."""
        pairs = zip(self.network.parameters(), self.before, strict=True)
        return [(after - before).detach() for after, before in pairs]


def norm(tensors: list[torch.Tensor]) -> float:
    return float(torch.cat([tensor.flatten() for tensor in tensors]).norm())


@pytest.mark.parametrize("most", [1, 5, 7])
def test_a_training_ends_after_its_maximum_of_steps_even_within_an_epoch(
    tmp_path: Path, most: int
) -> None:
    events = Setting(tmp_path, max_steps=most, batch_size=32).run()
    *_, last = (event for event in events if isinstance(event, Metrics))
    status = events[-1]
    assert isinstance(status, Status)
    assert (last.step, status.state) == (most, "completed")
    assert status.message.startswith(f"Trained for {most}")


def test_epochs_are_proposed_for_a_maximum_of_steps(tmp_path: Path) -> None:
    setting = Setting(tmp_path, max_steps=1_000, batch_size=32, epochs=None)
    steps = -(-len(setting.prepared.train.rows) // 32)
    assert setting.recipe.epochs == -(-1_000 // steps)


def test_epochs_that_end_first_end_the_training(tmp_path: Path) -> None:
    *_, status = Setting(tmp_path, max_steps=10_000, epochs=2).run()
    assert status.message == "Trained for 2 epochs"


@pytest.mark.parametrize(
    ("name", "measure"),
    [
        ("clipnorm", lambda moved: max(norm([way]) for way in moved)),
        ("global_clipnorm", norm),
        ("clipvalue", lambda moved: max(float(way.abs().max()) for way in moved)),
    ],
)
def test_the_gradient_of_a_step_is_clipped_as_the_optimizer_says(
    tmp_path: Path, name: str, measure: Callable[[list[torch.Tensor]], float]
) -> None:
    optimizer = {"type": "SGD", "learning_rate": 1.0, name: 0.001}
    setting = Setting(tmp_path, optimizer=optimizer, max_steps=1)
    setting.run()
    assert measure(setting.moved()) == pytest.approx(0.001, rel=1e-3)


def test_the_recipes_own_limit_is_that_of_the_whole_gradient(tmp_path: Path) -> None:
    optimizer = {"type": "SGD", "learning_rate": 1.0}
    setting = Setting(tmp_path, optimizer=optimizer, clip_norm=0.01, max_steps=1)
    setting.run()
    assert norm(setting.moved()) == pytest.approx(0.01, rel=1e-3)


def test_a_moving_average_of_the_weights_is_what_the_trained_model_has(tmp_path: Path) -> None:
    plain = Setting(tmp_path, optimizer={"type": "SGD", "learning_rate": 0.5}, max_steps=1)
    plain.run()
    first = [p.detach().clone() for p in plain.network.parameters()]
    plain.network.load_state_dict(
        dict(zip(dict(plain.network.named_parameters()), plain.before, strict=True)), strict=False
    )
    plain.run(max_steps=2)
    second = [p.detach().clone() for p in plain.network.parameters()]

    averaged = Setting(
        tmp_path,
        optimizer={"type": "SGD", "learning_rate": 0.5, "use_ema": True, "ema_momentum": 0.75},
        max_steps=2,
    )
    averaged.run()

    for own, one, two in zip(averaged.network.parameters(), first, second, strict=True):
        torch.testing.assert_close(own.detach(), 0.75 * one + 0.25 * two)


def test_a_plateau_of_the_watched_value_lowers_the_learning_rate(tmp_path: Path) -> None:
    schedule = {"type": "ReduceLROnPlateau", "patience": 1, "min_delta": 1e6, "factor": 1e-6}
    setting = Setting(tmp_path, schedule=schedule, optimizer={"type": "SGD"}, epochs=2)
    setting.run(epochs=2)
    after_two = norm(setting.moved())
    again = Setting(tmp_path, schedule=schedule, optimizer={"type": "SGD"}, epochs=8)
    again.run()
    assert norm(again.moved()) == pytest.approx(after_two, rel=1e-3)


def test_a_schedule_cannot_watch_what_a_run_does_not_tell(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"schedule.*val_recall.*val_loss") as caught:
        Setting(tmp_path, schedule={"type": "ReduceLROnPlateau", "monitor": "val_recall"})
    [problem] = caught.value.problems
    assert problem.where.path == ["schedule", "monitor"]
    assert problem.fix is not None
    Setting(tmp_path, **problem.fix.changes[0].model_dump()["values"])


def test_clipping_twice_is_refused_with_a_fix_that_keeps_the_optimizers_own(tmp_path: Path) -> None:
    recipe = {"optimizer": {"type": "Adam", "clipvalue": 0.5}, "clip_norm": 1.0}
    with pytest.raises(
        DocumentError, match="clip_norm=1 beside the optimizer's clipvalue"
    ) as found:
        Setting(tmp_path, **recipe)
    [problem] = found.value.problems
    assert problem.where.path == ["clip_norm"]
    assert problem.fix is not None
    mended = recipe | problem.fix.changes[0].model_dump()["values"]
    assert Setting(tmp_path, **mended).recipe.clip_norm is None
