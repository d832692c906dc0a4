"""Blocks: what they compute, cost and are printed as is what their layers are by themselves."""

import copy
from typing import Any

import pytest
import torch

from models.check import check
from models.data.interface import Interface
from models.errors import DocumentError, Problem
from models.export.pytorch import source
from models.network import build
from models.parse import parse
from tests.models.documents import Document, document
from tests.models.fixes import apply
from tests.models.problems import errors
from tests.models.unfolded import twin, unfolded


def block(*nodes: tuple[str, str, dict[str, Any]], wires: str | None = None, **more: Any) -> Any:
    made = document(*nodes, wires=wires)
    del made["format"]
    return made | more


RESIDUAL = block(
    ("x", "Input", {}),
    ("conv_1", "Conv2D", {"padding": "same", "activation": "relu"}),
    ("conv_2", "Conv2D", {"padding": "same"}),
    ("short", "Conv2D", {"kernel_size": 1}),
    ("add", "Add", {}),
    ("relu", "Activation", {}),
    ("y", "Output", {}),
    wires="x>conv_1 conv_1>conv_2 conv_2>add x>short short>add add>relu relu>y",
    title="Residual block",
    summary="Two convolutions and a way around them.",
    parameters={
        "filters": {
            "default": 4,
            "sets": [["conv_1", "filters"], ["conv_2", "filters"], ["short", "filters"]],
        }
    },
)


def resnet() -> Document:
    sent = document(
        ("input", "Input", {"shape": [3, 8, 8]}),
        ("stage_1", "Block", {"block": "residual", "repeat": 2}),
        ("stage_2", "Block", {"block": "residual", "arguments": {"filters": 6}}),
        ("flatten", "Flatten", {}),
        ("dense", "Dense", {"units": 3, "activation": "softmax"}),
        ("output", "Output", {}),
    )
    sent["blocks"] = {"residual": copy.deepcopy(RESIDUAL)}
    return sent


def printed(sent: Document) -> Any:
    namespace: dict[str, Any] = {"__name__": "printed"}
    exec(compile(source(parse(sent)), "printed.py", "exec"), namespace)
    return namespace["build"]


def refused(sent: Document) -> list[Problem]:
    with pytest.raises(DocumentError) as error:
        parse(sent)
    return error.value.problems


def test_weights_are_named_by_the_nodes_on_the_way() -> None:
    keys = [key for key in build(parse(resnet())).state_dict() if "conv_1.weight" in key]
    assert keys == ["stage_1.0.conv_1.weight", "stage_1.1.conv_1.weight", "stage_2.conv_1.weight"]


def test_a_network_of_blocks_computes_what_its_layers_compute() -> None:
    network = build(parse(resnet()), seed=0).eval()
    x = torch.randn(2, 3, 8, 8)
    torch.testing.assert_close(network(x), twin(resnet(), network)(x), atol=0, rtol=0)
    torch.testing.assert_close(network.logits(x), twin(resnet(), network).logits(x), atol=0, rtol=0)


def test_copies_begin_with_weights_of_their_own() -> None:
    state = build(parse(resnet()), seed=0).state_dict()
    assert not torch.equal(state["stage_1.0.conv_2.weight"], state["stage_1.1.conv_2.weight"])


def test_a_block_is_told_in_total_and_layer_by_layer() -> None:
    report = check(parse(resnet()))
    plain, names = unfolded(resnet())
    alone = check(parse(plain))

    assert report.ok
    assert (report.parameters, report.trainable_parameters) == (
        alone.parameters,
        alone.trainable_parameters,
    )
    stage = report.nodes["stage_1"]
    assert stage.input_shapes == [[3, 8, 8]]
    assert stage.output_shape == [4, 8, 8]
    inside = [key for key in report.nodes if key.startswith("stage_1/")]
    assert stage.parameters == sum(report.nodes[key].parameters or 0 for key in inside)
    assert stage.flops == sum(report.nodes[key].flops or 0 for key in inside)
    for key in ("stage_1/0/conv_1", "stage_1/1/short", "stage_2/conv_2"):
        ours, theirs = report.nodes[key], alone.nodes[names[key.replace("/", ".")]]
        assert ours == theirs
    assert report.nodes["stage_2"].output_shapes == {"y": [6, 8, 8]}


def test_the_source_has_a_class_for_each_block() -> None:
    text = source(parse(resnet()))
    assert text.count("class Residual(nn.Module):") == 1
    assert '    """Residual block.\n\n    Two convolutions and a way around them.\n    """' in text
    assert "    def __init__(self, in_channels, filters):" in text
    assert "self.conv_1 = nn.Conv2d(in_channels, filters, 3, padding=1)" in text
    assert "Residual(in_channels=3, filters=4), Residual(in_channels=4, filters=4)" in text
    network = build(parse(resnet()), seed=1).eval()
    again = printed(resnet())(seed=1).eval()
    x = torch.randn(2, 3, 8, 8)
    assert list(again.state_dict()) == list(network.state_dict())
    torch.testing.assert_close(again(x), network(x), atol=0, rtol=0)


def test_uses_that_call_other_things_have_classes_of_their_own() -> None:
    sent = resnet()
    sent["blocks"]["residual"]["parameters"]["function"] = {
        "default": "relu",
        "sets": [["relu", "activation"]],
    }
    sent["nodes"][2]["params"]["arguments"]["function"] = "tanh"
    text = source(parse(sent))
    assert "class Residual(nn.Module):" in text
    assert "class Residual2(nn.Module):" in text
    x = torch.randn(2, 3, 8, 8)
    torch.testing.assert_close(
        printed(sent)(seed=1)(x), build(parse(sent), seed=1)(x), atol=0, rtol=0
    )


def test_what_is_twice_as_much_is_printed_so() -> None:
    sent = document(
        ("input", "Input", {"shape": [5, 3]}),
        ("a", "Block", {"block": "reader", "arguments": {"size": 4}}),
        ("b", "Block", {"block": "reader", "arguments": {"size": 6}}),
        ("output", "Output", {}),
    )
    sent["blocks"] = {
        "reader": block(
            ("x", "Input", {}),
            ("lstm", "LSTM", {"return_sequences": True}),
            ("y", "Output", {}),
            parameters={"size": {"default": 2, "sets": [["lstm", "units"]]}},
        )
    }
    assert "self.lstm.bias_ih_l0[size : 2 * size]" in source(parse(sent))
    x = torch.randn(2, 5, 3)
    torch.testing.assert_close(
        printed(sent)(seed=1)(x), build(parse(sent), seed=1)(x), atol=0, rtol=0
    )


def several_ends() -> Document:
    """Return a network whose block has two inputs and two outputs, and is used twice."""
    sent = document(
        ("left", "Input", {"shape": [4]}),
        ("right", "Input", {"shape": [4]}),
        ("first", "Block", {"block": "pair"}),
        ("second", "Block", {"block": "pair"}),
        ("one", "Output", {}),
        ("two", "Output", {}),
        wires="",
    )
    sent["edges"] = [
        {"source": "left", "target": "first", "port": "b"},
        {"source": "right", "target": "first"},
        {"source": "first", "output": "difference", "target": "second"},
        {"source": "first", "target": "second"},
        {"source": "second", "output": "sum", "target": "one"},
        {"source": "second", "output": "difference", "target": "two"},
    ]
    sent["blocks"] = {
        "pair": block(
            ("a", "Input", {}),
            ("b", "Input", {}),
            ("dense_a", "Dense", {"units": 4}),
            ("dense_b", "Dense", {"units": 4, "activation": "sigmoid"}),
            ("plus", "Add", {}),
            ("both", "Concatenate", {}),
            ("end", "Dense", {"units": 4, "activation": "softmax"}),
            ("sum", "Output", {}),
            ("difference", "Output", {}),
            wires="a>dense_a b>dense_b dense_a>plus dense_b>plus plus>sum "
            "dense_a>both dense_b>both both>end end>difference",
        )
    }
    return sent


def test_a_block_may_have_several_inputs_and_outputs() -> None:
    sent = several_ends()
    assert errors(sent) == []
    network = build(parse(sent), seed=0)
    inputs = [torch.randn(3, 4), torch.randn(3, 4)]
    plain = twin(sent, network)
    assert network.output_activations == plain.output_activations == (None, "softmax")
    for ours, theirs in (
        (network(*inputs), plain(*inputs)),
        (network.logits(*inputs), plain.logits(*inputs)),
        (printed(sent)(seed=0)(*inputs), network(*inputs)),
    ):
        torch.testing.assert_close(ours, theirs, atol=0, rtol=0)


@pytest.mark.parametrize(
    ("edge", "change", "said"),
    [
        (0, {"port": "c"}, "a, b"),
        (2, {"output": "dif"}, "sum, difference"),
        (0, {"output": "sum"}, "no named ones"),
    ],
)
def test_a_wire_to_or_from_an_end_that_is_not_there_is_mended(
    edge: int, change: dict[str, Any], said: str
) -> None:
    sent = several_ends()
    sent["edges"][edge] |= change
    problem = errors(sent)[0]
    assert said in problem.message
    assert errors(apply(problem.fix, parse(sent))) == []


def nested() -> Document:
    sent = document(
        ("input", "Input", {"shape": [4]}),
        ("outer", "Block", {"block": "tower", "repeat": 2, "arguments": {"width": 5}}),
        ("again", "Block", {"block": "tower"}),
        ("output", "Output", {}),
    )
    sent["blocks"] = {
        "tower": block(
            ("x", "Input", {}),
            ("floor", "Block", {"block": "step", "repeat": 2}),
            ("norm", "BatchNormalization", {}),
            ("y", "Output", {}),
            parameters={
                "width": {"default": 3, "sets": [["floor", "arguments", "units"]]},
                "floors": {"default": 2, "sets": [["floor", "repeat"]]},
            },
        ),
        "step": block(
            ("x", "Input", {}),
            ("dense", "Dense", {"activation": "relu"}),
            ("y", "Output", {}),
            parameters={"units": {"default": 7, "sets": [["dense", "units"]]}},
        ),
    }
    return sent


def test_blocks_lie_in_blocks() -> None:
    sent = nested()
    network = build(parse(sent), seed=0).eval()
    x = torch.randn(3, 4)
    assert "outer.1.floor.0.dense.weight" in network.state_dict()
    assert check(parse(sent)).nodes["outer/1/floor/0/dense"].output_shape == [5]
    torch.testing.assert_close(network(x), twin(sent, network).eval()(x), atol=0, rtol=0)
    torch.testing.assert_close(printed(sent)(0).eval()(x), network(x), atol=0, rtol=0)


def test_layers_share_weights_inside_a_block_and_whole_blocks_do() -> None:
    sent = nested()
    sent["blocks"]["tower"]["nodes"].insert(
        2, {"id": "more", "type": "Block", "params": {}, "shares": "floor"}
    )
    sent["blocks"]["tower"]["edges"][1:2] = [
        {"source": "floor", "target": "more"},
        {"source": "more", "target": "norm"},
    ]
    problem = errors(sent)[0]
    assert (problem.code, problem.where.node) == ("shared_shape", "outer")
    assert problem.where.path[:4] == ["blocks", "tower", "nodes", "more"]
    sent["nodes"][0]["params"]["shape"] = [5]
    sent["nodes"][2]["params"]["arguments"] = {"width": 5}
    assert errors(sent) == []
    network = build(parse(sent), seed=0).eval()
    x = torch.randn(3, 5)
    assert not any(".more." in key for key in network.state_dict())
    assert check(parse(sent)).nodes["again/more"].parameters == 0
    torch.testing.assert_close(network(x), twin(sent, network).eval()(x), atol=0, rtol=0)
    torch.testing.assert_close(printed(sent)(0).eval()(x), network(x), atol=0, rtol=0)


@pytest.mark.parametrize("repeat", [1, 3])
def test_masks_go_into_a_block_and_out_of_it(repeat: int) -> None:
    sent = document(
        ("input", "Input", {"shape": [5, 3]}),
        ("masking", "Masking", {}),
        ("inner", "Block", {"block": "body", "repeat": repeat}),
        ("norm", "BatchNormalization", {}),
        ("output", "Output", {}),
    )
    sent["blocks"] = {
        "body": block(
            ("x", "Input", {}),
            ("dense", "Dense", {"units": 3}),
            ("normal", "BatchNormalization", {}),
            ("y", "Output", {}),
        )
    }
    x = torch.randn(4, 5, 3)
    x[0, 2:], x[1] = 0.0, 0.0
    network = build(parse(sent), seed=0).train()
    plain, again = twin(sent, network).train(), printed(sent)(seed=0).train()
    torch.testing.assert_close(network(x), plain(x), atol=0, rtol=0)
    torch.testing.assert_close(again(x), network(x), atol=0, rtol=0)
    unmasked = copy.deepcopy(sent)
    unmasked["nodes"][1] = {"id": "masking", "type": "Dropout", "params": {"rate": 0}}
    assert not torch.allclose(build(parse(unmasked), seed=0).train()(x), network(x))


def test_a_block_that_ends_in_softmax_gives_its_logits() -> None:
    sent = document(
        ("input", "Input", {"shape": [4]}),
        ("head", "Block", {"block": "head", "repeat": 2}),
        ("output", "Output", {}),
    )
    sent["blocks"] = {
        "head": block(
            ("x", "Input", {}),
            ("dense", "Dense", {"units": 3, "activation": "softmax"}),
            ("y", "Output", {}),
        )
    }
    network = build(parse(sent), seed=0)
    x = torch.randn(5, 4)
    assert network.output_activation == "softmax"
    torch.testing.assert_close(torch.softmax(network.logits(x), dim=1), network(x))
    data = Interface((4,), "classification", ("a", "b", "c"), "y")
    assert check(parse(sent), data).problems == []


def test_a_problem_inside_is_told_on_the_block_with_the_way_to_it() -> None:
    sent = nested()
    sent["blocks"]["step"]["nodes"][1] = {"id": "dense", "type": "Conv2D", "params": {}}
    sent["blocks"]["step"]["parameters"]["units"]["sets"] = [["dense", "filters"]]
    found = errors(sent)
    assert [problem.where.node for problem in found] == ["outer"]
    assert found[0].code == "rank_mismatch"
    assert found[0].where.path[:8] == [
        *("blocks", "tower", "nodes", "floor"),
        *("blocks", "step", "nodes", "dense"),
    ]
    assert 'This is "dense" in the block "step"' in found[0].message
    assert check(parse(sent)).nodes["outer"].output_shape is None


def test_a_wire_that_is_missing_inside_is_told() -> None:
    sent = resnet()
    del sent["blocks"]["residual"]["edges"][4]
    found = errors(sent)
    assert {problem.where.node for problem in found} == {"stage_1"}
    assert ["blocks", "residual", "nodes", "short"] in [p.where.path for p in found]


def test_a_fix_inside_sets_the_argument_where_one_rules() -> None:
    sent = resnet()
    residual = sent["blocks"]["residual"]
    residual["parameters"]["holes"] = {"default": 1, "sets": [["conv_1", "dilation_rate"]]}
    for number in (1, 3):
        residual["nodes"][number]["params"]["strides"] = 2
    sent["nodes"][2]["params"]["arguments"]["holes"] = 3
    (problem,) = errors(sent)
    assert (problem.where.node, problem.where.path[3]) == ("stage_2", "conv_1")
    assert problem.fix is not None
    assert problem.fix.title == "Set holes to 1"
    changed = problem.fix.changes[0].model_dump()["params"]
    assert changed == {"arguments": {"filters": 6, "holes": 1}}
    assert errors(apply(problem.fix, parse(sent))) == []


def test_a_block_that_holds_itself_names_the_circle() -> None:
    sent = nested()
    sent["blocks"]["step"]["nodes"][1] = {
        "id": "dense",
        "type": "Block",
        "params": {"block": "tower"},
    }
    sent["blocks"]["step"]["parameters"] = {}
    sent["blocks"]["tower"]["parameters"] = {}
    del sent["nodes"][1]["params"]["arguments"]
    found = [problem for problem in errors(sent) if problem.code == "block_circle"]
    assert {problem.where.node for problem in found} == {"outer"}
    assert "tower → step → tower" in found[0].message
    with pytest.raises(DocumentError):
        build(parse(sent))


def test_a_block_with_several_ends_is_not_repeated() -> None:
    sent = several_ends()
    sent["nodes"][2]["params"]["repeat"] = 2
    problem = errors(sent)[0]
    assert (problem.code, problem.where.path) == ("repeat_ends", ["params", "repeat"])
    assert "2 Inputs, 2 Outputs" in problem.message
    assert errors(apply(problem.fix, parse(sent))) == []


def test_layout_and_names_of_a_block_change_no_number() -> None:
    sent = resnet()
    sent["blocks"]["residual"] |= {"layout": {"x": [5, 7]}, "title": '"""', "summary": "a\\"}
    network, other = build(parse(sent), seed=0), build(parse(resnet()), seed=0)
    x = torch.randn(1, 3, 8, 8)
    torch.testing.assert_close(network(x), other(x), atol=0, rtol=0)
    torch.testing.assert_close(printed(sent)(0)(x), other(x), atol=0, rtol=0)
    assert check(parse(sent)).nodes == check(parse(resnet())).nodes


def test_an_inner_input_with_a_shape_reshapes_what_comes_in() -> None:
    sent = document(
        ("input", "Input", {"shape": [6]}),
        ("inner", "Block", {"block": "body"}),
        ("output", "Output", {}),
    )
    sent["blocks"] = {
        "body": block(
            ("x", "Input", {"shape": [3, 2]}), ("gru", "GRU", {"units": 2}), ("y", "Output", {})
        )
    }
    network, x = build(parse(sent), seed=0), torch.randn(2, 6)
    expected = network.get_submodule("inner.gru")(x.reshape(2, 3, 2))
    torch.testing.assert_close(network(x), expected)
    torch.testing.assert_close(printed(sent)(0)(x), network(x), atol=0, rtol=0)


def test_a_block_that_does_not_fit_into_memory_says_so() -> None:
    sent = resnet()
    sent["nodes"][2]["params"]["arguments"]["filters"] = 1_000_000
    (problem,) = errors(sent)
    assert (problem.code, problem.where.node) == ("out_of_memory", "stage_2")


def test_a_block_without_a_dense_inside_counts_as_a_layer_with_weights() -> None:
    data = Interface((3, 8, 8), "classification", ("a", "b", "c"), "y")
    assert check(parse(resnet()), data).problems == []


@pytest.mark.parametrize(
    ("path", "value", "code", "where", "said"),
    [
        (["nodes", 1, "params", "block"], "residul", "unknown_block", "stage_1", "residual"),
        (["nodes", 1, "params", "block"], 5, "invalid_parameter", "stage_1", "text"),
        (["nodes", 1, "params", "repeat"], 0, "invalid_parameter", "stage_1", "at least 1"),
        (["nodes", 1, "params", "repeat"], True, "invalid_parameter", "stage_1", "whole"),
        (["nodes", 1, "params", "arguments"], [], "invalid_parameter", "stage_1", "object"),
        (
            ["nodes", 1, "params", "arguments"],
            {"size": 1},
            "unknown_argument",
            "stage_1",
            "filters",
        ),
        (["nodes", 1, "params", "arguments"], {"filters": 0}, "invalid_parameter", "stage_1", "1"),
        (
            ["blocks", "residual", "nodes", 1, "params", "size"],
            1,
            "unknown_parameter",
            None,
            "size",
        ),
        (["blocks", "residual", "nodes", 1, "type"], "Conv", "unknown_layer", None, "Conv2D"),
        (["blocks", "residual", "nodes", 5, "id"], "x", "duplicate_id", None, "every id once"),
        (["blocks", "residual", "edges", 0, "source"], "z", "unknown_node", None, '"z"'),
        (["blocks", "residual", "colour"], "red", "unknown_key", None, "colour"),
        (["blocks", "residual", "parameters", "filters", "sets"], [], "invalid", None, "1 entry"),
        (
            ["blocks", "residual", "parameters", "filters", "sets"],
            [["conv_9", "filters"]],
            "unknown_node",
            None,
            "conv_1",
        ),
        (
            ["blocks", "residual", "parameters", "filters", "sets"],
            [["conv_1", "filter"]],
            "unknown_parameter",
            None,
            "filters",
        ),
        (
            ["blocks", "residual", "parameters", "filters", "sets"],
            [["conv_1", "filters", "more"]],
            "invalid_target",
            None,
            "more",
        ),
        (
            ["blocks", "residual", "parameters", "again"],
            {"default": 1, "sets": [["conv_1", "filters"]]},
            "set_twice",
            None,
            '"filters" and "again"',
        ),
        (
            ["blocks", "residual", "parameters", "filters", "default"],
            "many",
            "invalid_parameter",
            None,
            "many",
        ),
    ],
)
def test_what_is_wrong_with_a_block_is_told_where_it_stands(
    path: list[Any], value: Any, code: str, where: str | None, said: str
) -> None:
    sent = resnet()
    place: Any = sent
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    problem = refused(sent)[0]
    assert problem.code.startswith(code)
    assert problem.where.node == where
    if where is None:
        assert problem.where.path[:2] == ["blocks", "residual"]
    assert said in problem.message


def test_an_argument_that_is_wrong_is_told_where_it_was_given() -> None:
    sent = nested()
    sent["nodes"][1]["params"]["arguments"]["width"] = 0
    (problem,) = refused(sent)
    assert problem.where.node == "outer"
    assert problem.where.path == ["params", "arguments", "width"]


def test_unfolded_layers_are_counted_before_anything_is_made() -> None:
    sent = nested()
    sent["nodes"][1]["params"] = {"block": "tower", "repeat": 1000, "arguments": {"floors": 1000}}
    (problem,) = refused(sent)
    assert problem.code == "too_many_layers"
    assert problem.where.node == "outer"
    assert "3,003,000" in problem.message or "3,0" in problem.message
    assert "2,000" in problem.message


def test_blocks_within_blocks_end_somewhere() -> None:
    sent = document(
        ("input", "Input", {"shape": [4]}),
        ("a", "Block", {"block": "b0"}),
        ("output", "Output", {}),
    )
    sent["blocks"] = {
        f"b{n}": block(
            ("x", "Input", {}), ("inner", "Block", {"block": f"b{n + 1}"}), ("y", "Output", {})
        )
        for n in range(40)
    }
    sent["blocks"]["b40"] = block(("x", "Input", {}), ("dense", "Dense", {}), ("y", "Output", {}))
    assert refused(sent)[0].code == "blocks_too_deep"


def test_many_arguments_do_not_unfold_without_end() -> None:
    sent = document(
        ("input", "Input", {"shape": [4]}),
        ("a", "Block", {"block": "b0"}),
        ("output", "Output", {}),
    )
    sent["blocks"] = {}
    for depth in range(14):
        passed = [f"p{n}" for n in range(depth)]
        uses = [
            (
                f"use_{value}",
                "Block",
                {"block": f"b{depth + 1}", "arguments": {f"p{depth}": value}},
            )
            for value in (1, 2)
        ]
        sent["blocks"][f"b{depth}"] = block(
            ("x", "Input", {}),
            *uses,
            ("add", "Add", {}),
            ("y", "Output", {}),
            wires="x>use_1 x>use_2 use_1>add use_2>add add>y",
            parameters={
                name: {
                    "default": 1,
                    "sets": [["use_1", "arguments", name], ["use_2", "arguments", name]],
                }
                for name in passed
            },
        )
    sent["blocks"]["b14"] = block(
        ("x", "Input", {}),
        ("dense", "Dense", {}),
        *((f"d{n}", "Dense", {}) for n in range(14)),
        ("y", "Output", {}),
        parameters={f"p{n}": {"default": 1, "sets": [[f"d{n}", "units"]]} for n in range(14)},
    )
    assert refused(sent)[0].code == "too_many_layers"


@pytest.mark.parametrize(
    ("what", "blocks"),
    [
        ("blocks", {f"b{n}": {} for n in range(5_000)}),
        ("layers", {"b": {"nodes": [{"id": 5}] * 100_000}}),
        ("wires", {"b": {"edges": [5] * 100_000}}),
        ("positions", {"b": {"layout": dict.fromkeys(map(str, range(100_000)))}}),
    ],
)
def test_too_much_in_blocks_is_counted_before_it_is_read(what: str, blocks: Any) -> None:
    (problem,) = refused({"format": "neuroloom/1", "blocks": blocks})
    assert problem.code == f"too_many_{what}"
    assert "00,0" in problem.message or "5,000" in problem.message


def test_a_block_that_nobody_uses_is_read_all_the_same() -> None:
    sent = document(("input", "Input", {"shape": [4]}), ("output", "Output", {}))
    sent["blocks"] = {"residual": copy.deepcopy(RESIDUAL)}
    assert errors(sent) == []
    sent["blocks"]["residual"]["nodes"][1]["params"]["filters"] = 0
    assert errors(sent) == []
    sent["blocks"]["residual"]["nodes"][1]["params"]["padding"] = "ful"
    (problem,) = refused(sent)
    assert problem.where.path == ["blocks", "residual", "nodes", "conv_1", "params", "padding"]


def test_blocks_survive_json() -> None:
    architecture = parse(resnet())
    assert parse(architecture.model_dump_json().encode()) == architecture
