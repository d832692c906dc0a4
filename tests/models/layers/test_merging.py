"""Merging layers: what does not fit, how it is mended, and how the source reads."""

from typing import Any

import pytest
import torch

from models.check import check
from models.export.pytorch import source
from models.layers import LAYERS
from models.layers.base import Shape
from models.measure import measure
from models.network import build
from models.parse import parse
from tests.models.documents import alone
from tests.models.fixes import apply
from tests.models.problems import only_error, told_and_mended

MISFITS: list[tuple[str, dict[str, Any], list[list[int]], list[str]]] = [
    ("Add", {}, [[3], [4]], ["(3,) and (4,)"]),
    ("Subtract", {}, [[5, 3], [5, 4]], ["(5, 3) and (5, 4)"]),
    ("Maximum", {}, [[2, 4, 4], [3, 4, 4], [3, 1, 1]], ["(2, 4, 4) and (3, 4, 4) and (3, 1, 1)"]),
    ("Multiply", {}, [[4], [5, 3]], ["(4,) and (5, 3)"]),
    ("Dot", {}, [[5, 3], [3, 7]], ["3 in (5, 3)", "7 in (3, 7)", "axes -1"]),
    ("Dot", {"axes": 1}, [[2, 8, 4], [2, 3, 4]], ["8 in (2, 8, 4)", "3 in (2, 3, 4)"]),
    ("Dot", {"axes": [2, 2]}, [[4], [6, 4]], ["from 1 to 1", "(4,)", "got 2"]),
    ("Dot", {"axes": 0}, [[4], [4]], ["from 1 to 1", "got 0"]),
]


@pytest.mark.parametrize(("kind", "params", "shapes", "said"), MISFITS)
def test_branches_that_do_not_fit_are_told_and_mended(
    kind: str, params: dict[str, Any], shapes: list[list[int]], said: list[str]
) -> None:
    told_and_mended(alone(kind, params, *shapes), said)


def test_branches_that_differ_in_height_have_no_plain_remedy() -> None:
    assert only_error(alone("Average", {}, [2, 4, 4], [2, 5, 4])).fix is None
    assert only_error(alone("Dot", {}, [3], [4])).fix is None


@pytest.mark.parametrize("kind", ["Subtract", "Dot"])
def test_a_layer_of_two_inputs_takes_two(kind: str) -> None:
    third = alone(kind, {}, [3], [3], [3])
    problem = only_error(third)
    assert f"Expected 2 inputs for {kind}, got 3" in problem.message
    assert not [p for p in check(apply(problem.fix, parse(third))).problems if "too" in p.code]
    assert f"Expected 2 inputs for {kind}, got only" in only_error(alone(kind, {}, [3])).message


def test_the_order_of_the_wires_is_that_of_the_difference() -> None:
    sent = alone("Subtract", {}, [2], [2])
    first, second = torch.tensor([[5.0, 1.0]]), torch.tensor([[2.0, 4.0]])
    assert build(parse(sent))(first, second).tolist() == [[3.0, -3.0]]
    sent["edges"][0], sent["edges"][1] = sent["edges"][1], sent["edges"][0]
    assert build(parse(sent))(first, second).tolist() == [[-3.0, 3.0]]


def test_a_vector_of_zeros_has_a_cosine_of_zero_and_gradients() -> None:
    network = build(parse(alone("Dot", {"normalize": True}, [3], [3])))
    zeros = torch.zeros(1, 3, requires_grad=True)
    result = network(zeros, torch.ones(1, 3))
    result.sum().backward()
    assert result.tolist() == [[0.0]]
    assert zeros.grad is not None
    assert torch.isfinite(zeros.grad).all()


@pytest.mark.parametrize(
    ("kind", "params", "shapes", "line"),
    [
        ("Subtract", {}, [[3], [3]], "layer = input_0 - input_1"),
        ("Multiply", {}, [[3]] * 3, "layer = input_0 * input_1 * input_2"),
        ("Average", {}, [[3], [3]], "layer = layer / 2"),
        ("Maximum", {}, [[3], [3]], "layer = torch.maximum(input_0, input_1)"),
        ("Minimum", {}, [[3]] * 3, "torch.minimum(torch.minimum(input_0, input_1), input_2)"),
        ("Add", {}, [[3], [5, 3]], "layer = merged_by([input_0, input_1], torch.add)"),
        ("Dot", {}, [[5, 3], [4, 3]], 'layer = batch_dot(input_0, input_1, "bcs,bis->bci")'),
    ],
)
def test_the_source_reads_as_a_person_would_write_it(
    kind: str, params: dict[str, Any], shapes: list[list[int]], line: str
) -> None:
    assert line in source(parse(alone(kind, params, *shapes)))


@pytest.mark.parametrize(
    ("kind", "params", "shapes", "flops"),
    [
        ("Add", {}, [(3, 8, 7)] * 3, 2 * 3 * 8 * 7),
        ("Average", {}, [(6,), (6,)], 2 * 6),
        ("Dot", {}, [(5, 4), (3, 4)], 2 * 4 * 15),
    ],
)
def test_merging_costs_what_it_computes(
    kind: str, params: dict[str, Any], shapes: list[Shape], flops: int
) -> None:
    assert measure(LAYERS[kind].model_validate(params), tuple(shapes)).flops == flops
