"""A built network computes what its document says, and its printed source is the same network."""

import copy
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import example, given, settings
from torch.func import functional_call
from torch.fx.experimental.proxy_tensor import make_fx

from models.check import check
from models.data.interface import Interface
from models.errors import DocumentError
from models.export.pytorch import source
from models.network import Network, build
from models.parse import parse
from tests.models.documents import Document, chain, document
from tests.models.graphs import networks
from tests.models.unfolded import twin, unfolded

RESIDUAL = document(
    ("input", "Input", {"shape": [6]}),
    ("first", "Dense", {"units": 6, "activation": "relu"}),
    ("add", "Add", {}),
    ("last", "Dense", {"units": 3, "activation": "softmax"}),
    ("output", "Output", {}),
    wires="input>first first>add input>add add>last last>output",
)


def printed(sent: Document, interface: Interface | None = None) -> Any:
    namespace: dict[str, Any] = {"__name__": "printed"}
    exec(compile(source(parse(sent), interface), "printed.py", "exec"), namespace)
    return namespace["build"]


def outputs(network: Any, *inputs: torch.Tensor) -> Any:
    with torch.no_grad():
        return network.eval()(*inputs)


def in_training(network: Any, *inputs: torch.Tensor) -> Any:
    torch.manual_seed(5)
    with torch.no_grad():
        return network.train()(*inputs)


def batch(network: Network) -> list[torch.Tensor]:
    """Return inputs in which a mask_value of 0.5 fills whole rows and positions."""
    torch.manual_seed(4)
    inputs = [torch.randn(3, *shape) for shape in network.input_shapes]
    for x in inputs:
        x[0], x[1, ..., 0] = 0.5, 0.5
    return inputs


@given(networks())
@settings(max_examples=60, deadline=None)
def test_any_valid_network_is_checked_built_run_printed_and_run_again(sent: Document) -> None:
    report = check(parse(sent))
    assert report.ok, report.problems
    network = build(parse(sent), seed=2)
    inputs = batch(network)

    again = printed(sent)(seed=2)
    fresh = {name: tensor.clone() for name, tensor in again.state_dict().items()}
    again.load_state_dict(network.state_dict())

    assert list(fresh) == list(network.state_dict())
    for name, tensor in network.state_dict().items():
        torch.testing.assert_close(fresh[name], tensor, atol=0, rtol=0)
    for run in (outputs, in_training, outputs):
        ours, theirs = run(network, *inputs), run(again, *inputs)
        torch.testing.assert_close(theirs, ours, atol=0, rtol=0, equal_nan=True)
    answers = outputs(network, *inputs)
    ends = [node["id"] for node in sent["nodes"] if node["type"] == "Output"]
    assert [list(y.shape[1:]) for y in (answers if len(ends) > 1 else [answers])] == [
        report.nodes[end].output_shape for end in ends
    ]
    count = sum(p.numel() for p in network.parameters() if p.requires_grad)
    assert count == report.trainable_parameters


@given(networks())
@settings(max_examples=40, deadline=None)
def test_a_network_with_blocks_is_the_network_of_its_layers(sent: Document) -> None:
    network = build(parse(sent), seed=2)
    plain, inputs = twin(sent, network), batch(network)
    told, alone = check(parse(sent)), check(parse(unfolded(sent)[0]))

    assert (told.parameters, told.flops) == (alone.parameters, alone.flops)
    assert told.trainable_parameters == alone.trainable_parameters
    ways = [outputs] if "Dropout" in str(sent) else [outputs, in_training, outputs]
    for run in ways:
        torch.testing.assert_close(
            run(plain, *inputs), run(network, *inputs), atol=1e-6, rtol=1e-6, equal_nan=True
        )


@given(networks())
@example(chain(("Activation", {"activation": "linear"}), shape=[6]))
@settings(max_examples=40, deadline=None)
def test_the_printed_source_is_formatted(sent: Document) -> None:
    ruff = str(Path(sys.executable).parent / "ruff")
    text = source(parse(sent))
    for command in (["format", "--diff"], ["check", "--select", "E,F,W,I"]):
        options = ["--isolated", "--quiet", "--line-length", "100", "-"]
        told = subprocess.run(
            [ruff, *command, *options], input=text, text=True, capture_output=True, check=False
        )
        assert told.stdout == ""


def test_a_skip_connection_adds_what_went_round() -> None:
    network = build(parse(RESIDUAL), seed=0)
    x = torch.randn(4, 6)
    inner = torch.relu(network.get_submodule("first")(x)) + x
    expected = torch.softmax(network.get_submodule("last")(inner), dim=1)
    torch.testing.assert_close(outputs(network, x), expected)


@pytest.mark.parametrize("name", ["softmax", "sigmoid"])
def test_logits_come_before_the_last_activation(name: str) -> None:
    sent = chain(("Dense", {"units": 3, "activation": name}), shape=[4])
    network = build(parse(sent))
    x = torch.randn(5, 4)

    assert network.output_activation == name
    applied = getattr(torch, name)
    logits = network.logits(x)
    torch.testing.assert_close(
        applied(logits, dim=1) if name == "softmax" else applied(logits), network(x)
    )
    torch.testing.assert_close(logits, network.get_submodule("layer_1")(x))


def test_without_such_an_activation_the_logits_are_the_answer() -> None:
    network = build(parse(chain(("Dense", {"units": 1}), shape=[4])))
    x = torch.randn(5, 4)
    assert network.output_activation is None
    assert torch.equal(network.logits(x), network(x))


def test_the_dataset_supplies_the_shape() -> None:
    data = Interface((7,), "regression", None, "y")
    assert build(parse(chain(("Dense", {"units": 1}))), data)(torch.zeros(2, 7)).shape == (2, 1)


def test_an_input_with_a_shape_of_its_own_reads_rows_as_sequences() -> None:
    data = Interface((6,), "regression", None, "y")
    sent = chain(("LSTM", {"units": 4}), ("Dense", {"units": 1}), shape=[3, 2])
    network = build(parse(sent), data)
    rows = torch.arange(12.0).reshape(2, 6)

    expected = network.get_submodule("layer_1")(rows.reshape(2, 3, 2))
    expected = network.get_submodule("layer_2")(expected)

    assert network.input_shapes == ((6,),)
    torch.testing.assert_close(network(rows), expected)
    again = printed(sent, data)()
    again.load_state_dict(network.state_dict())
    torch.testing.assert_close(outputs(again, rows), outputs(network, rows))


def test_two_inputs_are_two_arguments() -> None:
    sent = document(
        ("left", "Input", {"shape": [2]}),
        ("right", "Input", {"shape": [3]}),
        ("both", "Concatenate", {}),
        ("output", "Output", {}),
        wires="right>both left>both both>output",
    )
    left, right = torch.zeros(1, 2), torch.ones(1, 3)
    for network in (build(parse(sent)), printed(sent)()):
        assert outputs(network, left, right).tolist() == [[1, 1, 1, 0, 0]]


def several_outputs() -> Document:
    return document(
        ("input", "Input", {"shape": [4]}),
        ("shared", "Dense", {"units": 3, "activation": "softmax"}),
        ("number", "Dense", {"units": 1}),
        ("value", "Output", {}),
        ("classes", "Output", {}),
        wires="input>shared shared>number number>value shared>classes",
    )


def test_several_outputs_are_a_tuple_in_their_order() -> None:
    x = torch.randn(5, 4)
    network = build(parse(several_outputs()), seed=1).eval()
    value, classes = network(x)
    shared = network.get_submodule("shared")(x)

    torch.testing.assert_close(classes, torch.softmax(shared, dim=1))
    torch.testing.assert_close(value, network.get_submodule("number")(classes))
    for ours, theirs in zip((value, classes), printed(several_outputs())(seed=1)(x), strict=True):
        torch.testing.assert_close(ours, theirs, atol=0, rtol=0)


def test_logits_of_several_outputs_stand_each_before_its_own_activation() -> None:
    x = torch.randn(5, 4)
    network = build(parse(several_outputs()), seed=1)
    value, classes = network.logits(x)

    assert network.output_activations == (None, "softmax")
    torch.testing.assert_close(classes, network.get_submodule("shared")(x))
    torch.testing.assert_close(value, network(x)[0])


def test_one_layer_may_lead_to_two_outputs() -> None:
    sent = document(
        ("input", "Input", {"shape": [4]}),
        ("dense", "Dense", {"units": 3, "activation": "sigmoid"}),
        ("first", "Output", {}),
        ("second", "Output", {}),
        wires="input>dense dense>first dense>second",
    )
    x = torch.randn(2, 4)
    network = build(parse(sent))
    for answers in (network(x), network.logits(x)):
        assert torch.equal(answers[0], answers[1])
    torch.testing.assert_close(torch.sigmoid(network.logits(x)[0]), network(x)[0])


def test_what_has_problems_is_not_built() -> None:
    with pytest.raises(DocumentError) as refused:
        build(parse(chain(("LSTM", {}), ("Conv2D", {}), shape=[4])))
    assert refused.value.problems[0].where.node == "layer_1"


@pytest.mark.parametrize(
    "duplicate", [copy.deepcopy, lambda network: pickle.loads(pickle.dumps(network))]
)
def test_a_copy_is_independent(duplicate: Any) -> None:
    network = build(parse(RESIDUAL), seed=0)
    x = torch.randn(2, 6)
    before = outputs(network, x)
    other = duplicate(network)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.zero_()
    assert torch.equal(outputs(other, x), before)
    assert not torch.equal(outputs(network, x), before)


def test_a_network_can_be_captured_as_one_graph() -> None:
    network = build(parse(RESIDUAL), seed=0)
    x = torch.randn(2, 6)
    weights = dict(network.named_parameters())
    captured = make_fx(lambda given, rows: functional_call(network, given, (rows,)))(weights, x)
    torch.testing.assert_close(captured(weights, x), network(x))


def test_no_attribute_of_a_network_can_clash_with_a_node() -> None:
    own = {name for name in {*vars(build(parse(RESIDUAL))), *vars(Network)} if name[0] != "_"}
    for name in sorted({*own, "class", "import", "self", "torch", "nn", "build", "forward"}):
        sent = chain(("Dense", {"units": 2}), shape=[3])
        sent["nodes"][1]["id"] = name
        sent["edges"] = [
            {"source": "input", "target": name},
            {"source": name, "target": "output"},
        ]
        network = build(parse(sent))
        assert list(network.state_dict()) == list(printed(sent)().state_dict())
        assert outputs(network, torch.zeros(1, 3)).shape == (1, 2)


def test_the_modules_of_a_node_are_those_that_compute_it() -> None:
    network = build(parse(RESIDUAL))
    assert network.nodes == ("first", "add", "last")
    assert [type(module).__name__ for module in network.modules_of("last")] == ["Linear", "Softmax"]
    assert network.modules_of("add") == ()


def conv_net(*last: tuple[str, Document]) -> Document:
    conv = ("Conv2D", {"filters": 3, "kernel_size": 3, "padding": "same", "activation": "relu"})
    pool = ("MaxPooling2D", {"pool_size": 3, "strides": 2})
    return chain(conv, pool, conv, pool, ("Flatten", {}), *last, shape=[2, 16, 16])


@pytest.mark.parametrize(
    "last", [("Dense", {"units": 3}), ("Dense", {"units": 3, "activation": "softmax"})]
)
def test_in_training_a_maximum_is_taken_before_a_relu_with_the_same_bits(
    last: tuple[str, Document],
) -> None:
    torch.manual_seed(0)
    sent = conv_net(last)
    network, plain = build(parse(sent), seed=0), printed(sent)()
    plain.load_state_dict(network.state_dict())
    first = next(module for module in network.modules() if isinstance(module, torch.nn.ReLU))
    seen: list[torch.Size] = []
    first.register_forward_hook(lambda _, __, output: seen.append(output.shape[2:]))
    # Whole numbers make ties, below zero and above.
    x = torch.randint(-2, 3, (5, 2, 16, 16)).float()
    for train in (True, False):
        answers = [model.train(train)(x) for model in (network, plain)]
        gradients = [
            torch.autograd.grad((answer * torch.arange(3.0)).sum(), list(model.parameters()))
            for answer, model in zip(answers, (network, plain), strict=True)
        ]
        assert torch.equal(*answers)
        assert all(torch.equal(ours, theirs) for ours, theirs in zip(*gradients, strict=True))
    network.train().logits(x)
    assert seen == [(7, 7), (16, 16), (7, 7)]


def test_a_relu_that_leads_elsewhere_too_stays_before_the_maximum() -> None:
    sent = document(
        ("input", "Input", {"shape": [2, 4, 4]}),
        ("relu", "ReLU", {}),
        ("pool", "MaxPooling2D", {}),
        ("up", "UpSampling2D", {}),
        ("add", "Add", {}),
        ("conv", "Conv2D", {"filters": 1, "kernel_size": 1}),
        ("output", "Output", {}),
        wires="input>relu relu>pool pool>up relu>add up>add add>conv conv>output",
    )
    network = build(parse(sent), seed=0)
    x = torch.randn(3, 2, 4, 4)
    assert torch.equal(network.train()(x), network.eval()(x))
