"""Layers that compute with the weights of another one: one module, counted once, called twice."""

from typing import Any

import pytest
import torch

from models.check import Report, check
from models.data.interface import Interface
from models.export.pytorch import source
from models.network import build
from models.parse import parse
from tests.models.documents import Document, document
from tests.models.fixes import apply
from tests.models.layers.twins import answer, keras_model
from tests.models.problems import errors

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def twins(shares: str | None = "one", **params: Any) -> Document:
    """Return a document in which the layer "two" shares the weights of "one"."""
    sent = document(
        ("left", "Input", {"shape": [4]}),
        ("right", "Input", {"shape": [4]}),
        ("one", "Dense", {"units": 3, "activation": "softmax"}),
        ("two", "Dense", params),
        ("both", "Concatenate", {}),
        ("output", "Output", {}),
        wires="left>one right>two one>both two>both both>output",
    )
    sent["nodes"][3]["shares"] = shares
    return sent


def printed(sent: Document) -> Any:
    namespace: dict[str, Any] = {"__name__": "printed"}
    exec(compile(source(parse(sent)), "printed.py", "exec"), namespace)
    return namespace["build"]


def counted(report: Report) -> tuple[int, int, int]:
    nodes = report.nodes
    return report.parameters, nodes["one"].parameters or 0, nodes["two"].parameters or 0


def test_shared_weights_are_counted_and_kept_once() -> None:
    sent = twins()
    report, network = check(parse(sent)), build(parse(sent))
    assert counted(report) == (15, 15, 0)
    assert report.flops == 2 * (2 * 4 * 3 + 3) + 6
    assert report.memory == 15 * 16
    assert list(network.state_dict()) == ["one.weight", "one.bias"]
    assert network.modules_of("two") == network.modules_of("one")


def test_both_compute_what_keras_computes_with_one_layer() -> None:
    network = build(parse(twins()), seed=1).eval()
    theirs = keras_model(parse(twins()), network)
    inputs = [torch.randn(5, 4), torch.randn(5, 4)]
    with torch.no_grad():
        ours = network(*inputs)
    assert theirs.count_params() == 15
    torch.testing.assert_close(ours, answer(theirs, inputs, False), atol=1e-6, rtol=1e-6)


def test_the_gradient_comes_from_both() -> None:
    network = build(parse(twins()))
    same = torch.randn(2, 4)
    network(same, same)[:, :1].sum().backward()
    once = network.get_parameter("one.weight").grad
    assert once is not None
    once = once.clone()
    network.zero_grad()
    network(same, same)[:, [0, 3]].sum().backward()
    torch.testing.assert_close(network.get_parameter("one.weight").grad, 2 * once)


@pytest.mark.parametrize("wires", ["left>one right>two", "right>one left>two"])
def test_the_source_calls_one_module_twice(wires: str) -> None:
    sent = twins()
    sent["edges"][:2] = [
        dict(zip(("source", "target"), wire.split(">"), strict=True)) for wire in wires.split()
    ]
    sent["nodes"][2], sent["nodes"][3] = sent["nodes"][3], sent["nodes"][2]
    inputs = [torch.randn(5, 4), torch.randn(5, 4)]
    text = source(parse(sent))
    assert text.count("self.one = ") == 1
    assert text.count("self.one(") == 2
    ours, theirs = build(parse(sent), seed=3), printed(sent)(seed=3)
    torch.testing.assert_close(theirs(*inputs), ours(*inputs), atol=0, rtol=0)


def test_sharing_goes_on_to_the_first() -> None:
    sent = twins()
    sent["nodes"].append({"id": "three", "type": "Dense", "params": {}, "shares": "two"})
    sent["edges"] += [{"source": "left", "target": "three"}, {"source": "three", "target": "both"}]
    assert check(parse(sent)).parameters == 15
    assert list(build(parse(sent)).state_dict()) == ["one.weight", "one.bias"]


def test_equal_parameters_may_be_repeated() -> None:
    assert errors(twins(units=3, activation="softmax")) == []


def test_weights_work_on_another_rank_if_they_fit_it() -> None:
    sent = twins()
    sent["nodes"][1]["params"]["shape"] = [7, 4]
    sent["nodes"][4] = {"id": "both", "type": "Flatten", "params": {}}
    sent["nodes"].append({"id": "other", "type": "Output", "params": {}})
    sent["edges"] = [
        {"source": "left", "target": "one"},
        {"source": "one", "target": "other"},
        {"source": "right", "target": "two"},
        {"source": "two", "target": "both"},
        {"source": "both", "target": "output"},
    ]
    network = build(parse(sent), seed=0)
    rows, steps = torch.randn(2, 4), torch.randn(2, 7, 4)
    flat, row = network(rows, steps)
    torch.testing.assert_close(flat[:, :3], network(steps[:, 0], steps)[1])
    torch.testing.assert_close(row.sum(1), torch.ones(2))
    for ours, theirs in zip(network(rows, steps), printed(sent)(0)(rows, steps), strict=True):
        torch.testing.assert_close(theirs, ours, atol=0, rtol=0)


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({"shares": "on"}, "unknown_shared", 'got "on", which is not there. Did you mean one?'),
        ({"shares": "elsewhere"}, "unknown_shared", 'got "elsewhere", which is not there'),
        ({"shares": "two"}, "sharing_circle", "got itself"),
        ({"shares": "both"}, "shared_type", "the type Concatenate"),
        ({"params": {"units": 5}}, "shared_parameters", 'units=3, activation="softmax", got'),
    ],
)
def test_sharing_that_cannot_be_is_told_and_mended(
    change: dict[str, Any], code: str, said: str
) -> None:
    sent = twins()
    sent["nodes"][3] |= change
    problem = next(problem for problem in errors(sent) if problem.where.node == "two")
    assert problem.code == code
    assert said in problem.message
    assert errors(apply(problem.fix, parse(sent))) == []


def test_a_circle_names_its_layers() -> None:
    sent = twins()
    sent["nodes"][2]["shares"] = "two"
    first = errors(sent)[0]
    assert "one → two → one" in first.message
    assert {problem.where.node for problem in errors(sent)} == {"one", "two"}
    assert errors(apply(first.fix, parse(sent))) != errors(sent)


def test_inputs_that_need_other_weights_name_both_shapes() -> None:
    sent = twins()
    sent["nodes"][1]["params"]["shape"] = [5]
    (problem,) = errors(sent)
    assert problem.code == "shared_shape"
    assert "(4,)" in problem.message
    assert "(5,)" in problem.message
    assert errors(apply(problem.fix, parse(sent))) == []


def test_an_input_has_nothing_to_share() -> None:
    sent = twins(None)
    sent["nodes"][1]["shares"] = "left"
    (problem,) = errors(sent)
    assert problem.code == "shared_type"
    assert errors(apply(problem.fix, parse(sent))) == []


def test_a_fix_sets_parameters_where_they_are() -> None:
    sent = document(
        ("input", "Input", {}),
        ("one", "Dense", {"units": 4}),
        ("two", "Dense", {}),
        ("output", "Output", {}),
    )
    sent["nodes"][2]["shares"] = "one"
    data = Interface((4,), "classification", ("a", "b", "c", "d"), "y")
    (problem,) = check(parse(sent), data).problems
    assert problem.code == "output_activation"
    fixed = apply(problem.fix, parse(sent))
    assert next(node for node in fixed.nodes if node.id == "one").params["activation"] == "softmax"
    assert check(fixed, data).ok
