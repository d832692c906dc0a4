"""What recipes and the catalogue see of the declarations."""

import json
import subprocess
import sys

import pytest

from models.errors import DocumentError
from models.objectives.augmentations import AUGMENTATIONS
from models.objectives.base import Declaration, declare
from models.objectives.losses import LOSSES
from models.objectives.metrics import METRICS
from models.objectives.optimizers import OPTIMIZERS
from models.objectives.schedules import SCHEDULES
from models.recipe import Objective

ALL = [
    declaration
    for table in (LOSSES, OPTIMIZERS, SCHEDULES, METRICS, AUGMENTATIONS)
    for declaration in table.values()
]


@pytest.mark.parametrize("declaration", ALL, ids=lambda declaration: declaration.name)
def test_every_declaration_describes_itself_and_all_its_fields(
    declaration: type[Declaration],
) -> None:
    entry = declaration.entry()

    assert entry.title
    assert entry.summary.endswith(".")
    assert entry.formula
    for name, field in entry.params.get("properties", {}).items():
        assert field.get("description"), name
        assert "default" in field, name


def problems(objective: dict[str, object]) -> list[tuple[str, list[str | int], str]]:
    with pytest.raises(DocumentError) as caught:
        declare(OPTIMIZERS, Objective.model_validate(objective), "optimizer", ["optimizer"])
    return [(p.code, p.where.path, p.message) for p in caught.value.problems]


def test_an_unknown_optimizer_names_those_that_come_near() -> None:
    [(code, path, message)] = problems({"type": "adan"})

    assert (code, path) == ("unknown_optimizer", ["optimizer", "type"])
    assert "Did you mean Adam" in message


def test_an_unknown_parameter_names_the_one_that_comes_near() -> None:
    [(code, path, message)] = problems({"type": "Adam", "learning_rat": 0.1})

    assert (code, path) == ("unknown_parameter", ["optimizer", "learning_rat"])
    assert "Did you mean learning_rate?" in message


@pytest.mark.parametrize("value", ["0.1", True, 0, -1, None])
def test_a_learning_rate_that_is_no_positive_number_is_refused(value: object) -> None:
    [(code, path, message)] = problems({"type": "Adam", "learning_rate": value})

    assert (code, path) == ("invalid_parameter", ["optimizer", "learning_rate"])
    assert f"got {json.dumps(value)}" in message


def test_every_wrong_parameter_is_named_at_once() -> None:
    found = problems({"type": "SGD", "momentum": 2, "nesterov": "yes", "learning_rate": -1})

    assert {path[-1] for _, path, _ in found} == {"momentum", "nesterov", "learning_rate"}


def test_whole_numbers_are_taken_as_numbers() -> None:
    assert declare(
        OPTIMIZERS, Objective.model_validate({"type": "SGD", "learning_rate": 1}), "optimizer", []
    ) == OPTIMIZERS["SGD"](learning_rate=1.0)


def test_the_declarations_need_no_torch() -> None:
    code = (
        "import models.objectives.losses, models.objectives.optimizers, "
        "models.objectives.metrics, models.objectives.schedules, "
        "models.objectives.augmentations, sys; "
        "sys.exit('torch' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
