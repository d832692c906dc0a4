"""Scaling by constants: they are no weights, and what does not fit is told and mended."""

from typing import Any

import pytest
import torch

from models.check import check
from models.errors import DocumentError
from models.layers import LAYERS
from models.network import build
from models.parse import parse
from tests.models.documents import alone, chain
from tests.models.problems import only_error, told_and_mended

MISFITS: list[tuple[str, dict[str, Any], list[int], list[str]]] = [
    ("Rescaling", {"scale": [1, 2]}, [3, 8, 8], ["3 for scale", "(3, 8, 8)", "got 2"]),
    ("Rescaling", {"offset": [1, 2, 3]}, [4], ["4 for offset", "got 3"]),
    ("Normalization", {"mean": 1}, [4], ["got only mean", "Give variance"]),
    ("Normalization", {"variance": [1, 2, 3]}, [3], ["got only variance", "Give mean"]),
    ("Normalization", {"axis": 3, "mean": 1, "variance": 1}, [4], ["from 1 to 1", "got 3"]),
    ("Normalization", {"axis": None, "mean": [1], "variance": [1]}, [4], ["none", "-1"]),
    ("Normalization", {"mean": [1, 2], "variance": [1, 2]}, [5, 4], ["4 for mean", "got 2"]),
    ("Normalization", {"mean": [1, 2], "variance": 1}, [2], ["a list of 2 for mean", "one number"]),
]


@pytest.mark.parametrize(("kind", "params", "shape", "said"), MISFITS)
def test_numbers_that_do_not_fit_are_told_and_mended(
    kind: str, params: dict[str, Any], shape: list[int], said: list[str]
) -> None:
    told_and_mended(alone(kind, params, shape), said)


def test_lists_of_means_and_variances_are_of_one_length() -> None:
    problem = only_error(alone("Normalization", {"mean": [1, 2], "variance": [1]}, [2]))
    assert "a list of 2 for mean and a list of 1 for variance" in problem.message
    assert problem.fix is None


@pytest.mark.parametrize(
    "value", [[], "1", [1, "2"], True, None, [1, [2]], float("inf"), [1e39], [0.0] * 4097]
)
def test_a_scale_is_a_number_or_a_list_of_them(value: Any) -> None:
    with pytest.raises(ValueError, match=r"a number, or a list of 1 to 4096 of them"):
        LAYERS["Rescaling"].model_validate({"scale": value})


def test_a_variance_is_not_below_zero() -> None:
    with pytest.raises(DocumentError, match="a number from 0") as raised:
        parse(alone("Normalization", {"mean": [0, 0], "variance": [1, -1]}, [2]))
    assert raised.value.problems[0].where.path[:2] == ["params", "variance"]


def test_without_mean_and_variance_nothing_happens_and_that_is_told() -> None:
    architecture = parse(alone("Normalization", {}, [3]))
    report = check(architecture)
    assert report.ok
    assert [problem.code for problem in report.problems] == ["nothing_to_do"]
    row = torch.tensor([[1.0, 2.0, 3.0]])
    assert torch.equal(build(architecture)(row), row)


def test_constants_are_no_weights_and_go_along_to_other_kinds_of_numbers() -> None:
    sent = chain(
        ("Rescaling", {"scale": [1, 2], "offset": 3}),
        ("Normalization", {"mean": [0, 1], "variance": [4, 9]}),
        shape=[2],
    )
    network = build(parse(sent))
    assert network.state_dict() == {}
    assert check(parse(sent)).parameters == 0
    result = network.double()(torch.tensor([[1.0, 2.0]], dtype=torch.float64))
    assert result.dtype == torch.float64
    assert result.tolist() == [[2.0, 2.0]]


def test_inverting_a_normalization_gives_the_numbers_back() -> None:
    moments = {"mean": [10, -3], "variance": [4, 0.25]}
    sent = chain(
        ("Normalization", moments), ("Normalization", {**moments, "invert": True}), shape=[2]
    )
    rows = torch.tensor([[1.0, 2.0], [-7.0, 0.5]])
    torch.testing.assert_close(build(parse(sent))(rows), rows)
