"""The largest and smallest values that are allowed: a training ends and says how, whatever they do.

Every number of every loss, optimizer and schedule is bounded, so all of them can be tried at their
bounds, one at a time and together.
"""

import math
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from models.errors import DocumentError
from models.network import build
from models.objectives.base import Declaration, declare
from models.objectives.losses import LOSSES, Loss
from models.objectives.optimizers import OPTIMIZERS
from models.objectives.schedules import SCHEDULES
from models.parse import parse
from models.recipe import Objective
from models.training.events import Metrics, Status
from models.training.loop import train
from tests.models.documents import chain
from tests.models.training.cases import BINARY, CLASSES, REGRESSION, Case

TABLES = {"loss": LOSSES, "optimizer": OPTIMIZERS, "schedule": SCHEDULES}
ALL = [(field, name) for field, table in TABLES.items() for name in table]
ENDS = {"completed", "diverged"}
HUGE = 1e12
"""Beyond this a bound would be none."""


def numbers(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the schemas of the numbers that a field's schema allows for."""
    for choice in schema.get("anyOf", ()):
        yield from numbers(choice)
    if schema.get("type") == "array":
        yield from numbers(schema["items"])
    elif schema.get("type") in ("number", "integer") and "enum" not in schema:
        yield schema


def bounds(schema: dict[str, Any]) -> tuple[float, float]:
    """Return the smallest and the largest number that a schema allows."""
    whole = schema["type"] == "integer"
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is None:
        low = schema["exclusiveMinimum"]
        low = low + 1 if whole else math.nextafter(low, math.inf)
    if high is None:
        high = schema["exclusiveMaximum"]
        high = high - 1 if whole else math.nextafter(high, -math.inf)
    return (int(low), int(high)) if whole else (float(low), float(high))


def fields(declaration: type[Declaration]) -> dict[str, dict[str, Any]]:
    return declaration.parameters().get("properties", {})


@pytest.mark.parametrize(("field", "name"), ALL, ids=str)
def test_every_number_has_a_smallest_and_a_largest_value(field: str, name: str) -> None:
    for parameter, schema in fields(TABLES[field][name]).items():
        for number in numbers(schema):
            low, high = bounds(number)
            assert -HUGE <= low < high <= HUGE, parameter


def extremes(declaration: type[Declaration]) -> st.SearchStrategy[dict[str, Any]]:
    """Return parameters of which each number is as by default, or at one of its bounds."""
    choices: dict[str, st.SearchStrategy[Any]] = {}
    for name, schema in fields(declaration).items():
        found = [value for number in numbers(schema) for value in bounds(number)]
        if schema.get("type") == "boolean":
            found = [True, False]
        if schema.get("type") == "array":
            # A list keeps the length of its default, so that what goes along with it still does.
            length = len(schema.get("default") or [0])
            found = [[value] * length for value in found]
        choices[name] = st.sampled_from([schema.get("default"), *found])
    return st.fixed_dictionaries(choices)


def case_of(loss: type[Loss]) -> tuple[Case, int, str]:
    """Return data, width and activation that a loss is for."""
    if loss.tasks == ("regression",):
        return REGRESSION, 1, (loss.activations or ("linear",))[0]
    if loss.classes == "two":
        return BINARY, 1, (loss.activations or ("sigmoid",))[0]
    return CLASSES, 3, "softmax"


def trained(field: str, name: str, parameters: dict[str, Any]) -> None:
    """Train two steps, and see that it ends in words."""
    loss = LOSSES[name] if field == "loss" else LOSSES["MeanSquaredError"]
    case, units, activation = case_of(loss)
    prepared = case.prepared(rows=8, validation=4)
    document = chain(
        ("Dense", {"units": units, "activation": activation}), shape=list(case.input_shape)
    )
    chosen = {"loss": {"type": loss.name}, field: {"type": name, **parameters}}
    recipe = case.recipe(epochs=2, batch_size="all", **chosen)
    network = build(parse(document), prepared.interface, seed=1)
    events = list(train(network, prepared, recipe, threads=1))
    last = events[-1]
    assert isinstance(last, Status)
    assert last.state in ENDS
    assert last.message
    for event in events:
        if isinstance(event, Metrics):
            known = [value for value in event.values.values() if value is not None]
            assert all(map(math.isfinite, known))


@pytest.mark.parametrize(("field", "name"), ALL, ids=str)
@settings(
    max_examples=4,
    phases=[Phase.generate],
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data())
def test_whatever_is_allowed_ends_in_words(field: str, name: str, data: st.DataObject) -> None:
    parameters = data.draw(extremes(TABLES[field][name]))
    chosen = Objective.model_validate({"type": name, **parameters})
    try:
        declare(TABLES[field], chosen, field, [field])
    except DocumentError:
        return  # Values that each are allowed, but not together: refused with their names.
    trained(field, name, parameters)
