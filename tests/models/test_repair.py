"""Whatever a parameter is set to that it cannot be, it gets a value that it can."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from pydantic import BaseModel

from models.architecture import Architecture
from models.check import check
from models.errors import DocumentError, Problem
from models.layers import LAYERS
from models.layers.constraints import CONSTRAINTS
from models.layers.initializers import INITIALIZERS
from models.layers.regularizers import REGULARIZERS
from models.objectives.base import Declaration, declare
from models.objectives.losses import LOSSES
from models.objectives.optimizers import OPTIMIZERS
from models.objectives.schedules import SCHEDULES
from models.parse import parse
from models.recipe import Objective, Recipe
from tests.models.documents import alone
from tests.models.fixes import apply, apply_to_recipe

HOLDERS = {
    "kernel_initializer": INITIALIZERS,
    "kernel_regularizer": REGULARIZERS,
    "kernel_constraint": CONSTRAINTS,
}
OBJECTIVES = {"loss": LOSSES, "optimizer": OPTIMIZERS, "schedule": SCHEDULES}


def wrong(kind: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    """Yield values that parameters of a declaration cannot have: of no type, out of range."""
    for field, told in kind.model_json_schema().get("properties", {}).items():
        yield field, {"type": "nothing like it"}
        for one in told.get("anyOf", [told]):
            if "minimum" in one:
                yield field, one["minimum"] - abs(one["minimum"]) - 1
            if "maximum" in one:
                yield field, one["maximum"] + abs(one["maximum"]) + 1
            if "exclusiveMinimum" in one:
                yield field, one["exclusiveMinimum"]
            if "exclusiveMaximum" in one:
                yield field, one["exclusiveMaximum"]


def problems(sent: Any) -> list[Problem]:
    """Return what reading finds wrong."""
    try:
        parse(sent)
    except DocumentError as error:
        return error.problems
    return []


OTHERWISE = {
    ("Output", "loss"): "is checked where it is used",
    ("Block", "block"): "is one of the document's blocks",
    ("Block", "arguments"): "takes what the block's parameters take",
}
"""Parameters that nothing is wrong, or right, about by themselves, and why."""


@pytest.mark.parametrize("name", [name for name in LAYERS if LAYERS[name].model_fields])
def test_a_parameter_of_a_layer_is_told_and_mended(name: str) -> None:
    for field, value in wrong(LAYERS[name]):
        if (name, field) in OTHERWISE:
            continue
        sent = alone(name, {field: value}, [4])
        told = [p for p in problems(sent) if p.where.path[:2] == ["params", field]]
        assert {problem.where.node for problem in told} == {"layer"}, (field, value)
        assert "got" in told[0].message
        mended = apply(told[0].fix, Architecture.model_validate(sent))
        again = [problem.where.path[:2] for problem in problems(mended)]
        assert ["params", field] not in again, field


@pytest.mark.parametrize("holder", HOLDERS)
def test_a_parameter_of_what_a_parameter_holds_is_told_and_mended(holder: str) -> None:
    for name, kind in HOLDERS[holder].items():
        for field, value in wrong(kind):
            sent = alone("Dense", {holder: {"type": name, field: value}}, [4])
            (told,) = problems(sent)
            assert told.where.node == "layer"
            assert told.where.path[:3] == ["params", holder, field]
            assert parse(apply(told.fix, Architecture.model_validate(sent)))


CONTRADICTIONS: list[tuple[str, Mapping[str, Any], str]] = [
    ("kernel_initializer", {"type": "random_uniform", "minval": 2.0, "maxval": 1.0}, "minval"),
    ("kernel_initializer", {"type": "random_uniform", "minval": 0.5}, "minval"),
    ("kernel_constraint", {"type": "min_max_norm", "min_value": 3.0}, "min_value"),
]


@pytest.mark.parametrize(("holder", "given", "field"), CONTRADICTIONS)
def test_a_lower_end_above_the_upper_one_is_told_and_mended(
    holder: str, given: Mapping[str, Any], field: str
) -> None:
    sent = alone("Dense", {holder: given}, [4])
    (told,) = problems(sent)
    assert told.where.path == ["params", holder, field]
    assert f"got {given[field]}" in told.message
    mended = parse(apply(told.fix, Architecture.model_validate(sent)))
    made = next(node for node in mended.nodes if node.id == "layer").params[holder]
    assert {**given, field: made[field]} == made


@pytest.mark.parametrize(
    ("what", "name"), [(what, name) for what, table in OBJECTIVES.items() for name in table]
)
def test_a_parameter_of_an_objective_is_told_and_mended(what: str, name: str) -> None:
    table: Mapping[str, type[Declaration]] = OBJECTIVES[what]
    for field, value in wrong(table[name]):
        objective = Objective.model_validate({"type": name, field: value})
        with pytest.raises(DocumentError) as caught:
            declare(table, objective, what, [what])
        (told,) = caught.value.problems
        assert told.where.path[:2] == [what, field]
        mended = apply_to_recipe(told.fix, Recipe.model_validate({what: objective}))
        declare(table, getattr(mended, what), what, [what])


def test_a_loss_that_an_output_names_is_mended_in_the_output() -> None:
    sent = alone("Dense", {}, [4])
    sent["nodes"][-1]["params"] = {"loss": {"type": "Huber", "delta": -1}}
    (told,) = check(parse(sent)).problems
    assert (told.where.node, told.where.path) == ("output", ["params", "loss", "delta"])
    assert check(apply(told.fix, parse(sent))).ok


def test_a_parameter_inside_a_block_is_mended_for_all_its_uses() -> None:
    block = alone("Dense", {"units": 0}, [4])
    sent = alone("Block", {"block": "cell"}, [4])
    ends = [{**node, "params": {}} if node["type"] == "Input" else node for node in block["nodes"]]
    sent["blocks"] = {"cell": {"nodes": ends, "edges": block["edges"]}}
    told, *_ = problems(sent)
    assert told.where.path == ["blocks", "cell", "nodes", "layer", "params", "units"]
    mended = apply(told.fix, Architecture.model_validate(sent))
    assert parse(mended).blocks["cell"].nodes[1].params == {"units": 1}
