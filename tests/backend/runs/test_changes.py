"""A recipe is changed while the run is at it, and the run keeps what was changed and when."""

from typing import Any
from uuid import UUID

import pytest
from safetensors.torch import load

from models.architecture import Architecture
from models.data.description import Description
from models.data.prepare import prepare
from models.ends import ends
from models.network import build
from models.recipe import AppliedChange, Recipe
from models.training.loop import train
from tests.backend.runs.lab import ENDLESS, Lab, until
from tests.backend.runs.test_lost_workers import kill

SLOW = {"batch_size": 1, "epochs": 100_000, "early_stopping": "none", "seed": 7}


def change(lab: Lab, run: str, status: int = 200, **recipe: Any) -> dict[str, Any]:
    answer = lab.client.patch(f"/api/runs/{run}", json={"recipe": recipe})
    assert answer.status_code == status, answer.text
    return answer.json()


def taken_up(lab: Lab, run: str, count: int = 1) -> list[dict[str, Any]]:
    """Wait until so many changes were taken up, and return their events."""

    def there() -> list[dict[str, Any]] | None:
        found = [event for event in lab.events(run) if event["kind"] == "change"]
        return found if len(found) >= count else None

    return until(there, "the changes were taken up") or []


def test_a_change_is_taken_up_at_the_next_step_and_kept_with_its_step(lab: Lab):
    run = lab.start(ENDLESS)
    lab.until_epoch(run, 1)
    asked = change(lab, run, learning_rate=0.01, early_stopping={"monitor": "loss", "patience": 9})
    assert asked["recipe"]["optimizer"]["learning_rate"] == 0.01
    assert asked["recipe"]["early_stopping"]["patience"] == 9
    [event] = taken_up(lab, run)
    found = lab.read(run)
    assert found["changes"] == [
        {"recipe": event["recipe"], "epoch": event["epoch"], "step": event["step"]}
    ]
    assert (event["recipe"]["learning_rate"], event["recipe"]["epochs"]) == (0.01, None)
    assert found["settings"]["learning_rate"] == 0.01
    assert event["step"] > 0


def test_the_weights_are_those_of_a_training_that_is_changed_at_the_same_steps(lab: Lab):
    """Also when the worker dies on the way, and the next one goes on from before the change."""
    run = lab.start(SLOW)
    kinds = lambda: {event["kind"] for event in lab.events(run)}  # noqa: E731
    until(lambda: "checkpoint" in kinds(), "there is a checkpoint")
    change(lab, run, learning_rate=0.02)
    taken_up(lab, run)
    kill(lab.worker(run))
    lab.until(run, "failed")
    lab.resume(run)
    lab.until(run, "running")
    end = lab.until_epoch(run, 2)["epoch"] + 3
    change(lab, run, learning_rate=0.003, epochs=end)
    lab.until(run, "completed")
    told = lab.read(run)
    assert (told["epochs"], len(told["changes"])) == (end, 2)

    row = lab.row(run)
    assert row.first_recipe is not None
    first = Recipe.model_validate(row.first_recipe)
    assert first.epochs == SLOW["epochs"]
    architecture = Architecture.model_validate(row.architecture)
    description = Description.model_validate(row.description)
    folder = lab.storage.dataset(UUID(lab.dataset))
    prepared = prepare(folder, description, first, ends(architecture))
    network = build(architecture, prepared.interface, seed=first.seed)
    changes = [AppliedChange.model_validate(each) for each in told["changes"]]
    list(train(network, prepared, first, changes=lambda: changes))
    kept = load(lab.weights(run))
    for name, tensor in network.state_dict().items():
        assert (kept[name] == tensor).all(), name


def test_a_run_that_waits_or_is_paused_takes_its_change_along(lab: Lab):
    first, waits = lab.start(ENDLESS), lab.start({**SLOW, "epochs": 2})
    change(lab, waits, epochs=1)
    assert lab.read(waits)["changes"][0]["step"] is None
    lab.until_epoch(first, 1)
    lab.pause(first)
    change(lab, first, max_steps=1)
    lab.resume(first)
    assert lab.until(first, "completed")["changes"][0]["step"] > 1
    found = lab.until(waits, "completed")
    assert (found["epoch"], found["changes"][0]["step"]) == (1, 0)


def test_more_epochs_of_a_completed_run_are_among_its_changes(lab: Lab):
    run = lab.start({"epochs": 2, "early_stopping": "none"})
    lab.until(run, "completed")
    lab.resume(run, epochs=3)
    found = lab.until(run, "completed")
    assert (found["epoch"], found["recipe"]["epochs"]) == (3, 3)
    assert [entry["recipe"]["epochs"] for entry in found["changes"]] == [3]


def test_a_run_that_has_ended_is_not_changed_and_says_so(lab: Lab):
    run = lab.start()
    lab.until(run, "completed")
    told = change(lab, run, 409, learning_rate=0.1)["error"]
    assert told["code"] == "run_state"
    assert "completed" in told["message"]


REFUSED = [
    ({}, "invalid", []),
    ({"batch_size": 8}, "unknown_key", ["batch_size"]),
    ({"learning_rate": 0}, "invalid", ["learning_rate"]),
    ({"learning_rate": "0.1"}, "invalid", ["learning_rate"]),
    ({"early_stopping": {"monitor": "val_f1"}}, "unknown_metric", ["early_stopping", "monitor"]),
]


@pytest.mark.parametrize(("recipe", "code", "path"), REFUSED)
def test_what_cannot_be_changed_is_refused_and_changes_nothing(
    lab: Lab, recipe: dict[str, Any], code: str, path: list[str]
):
    run = lab.start(ENDLESS)
    before = lab.read(run)["recipe"]
    told = change(lab, run, 422, **recipe)["error"]
    assert (told["code"], told["where"]["path"]) == (code, ["recipe", *path])
    found = lab.read(run)
    assert (found["recipe"], found["changes"]) == (before, [])


def test_a_rate_that_the_schedule_does_not_follow_is_refused(lab: Lab):
    run = lab.start({**ENDLESS, "schedule": {"type": "PiecewiseConstantDecay"}})
    told = change(lab, run, 422, learning_rate=0.1)["error"]
    assert told["code"] == "rate_not_followed"


def test_fewer_epochs_than_were_trained_are_refused(lab: Lab):
    run = lab.start(ENDLESS)
    lab.until_epoch(run, 2)
    assert change(lab, run, 422, epochs=1)["error"]["code"] == "epochs_done"
