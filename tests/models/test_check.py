"""Shapes, counts, and problems that say what to do, and whose fixes mend them."""

from typing import Any

import pytest
import torch

from models.architecture import Architecture
from models.check import Report, check
from models.data.ends import OutputEnd
from models.data.interface import Entry, Goal, Interface, of_ends
from models.errors import Problem
from models.measure import measure
from models.parse import parse
from tests.models.documents import Document, chain, document
from tests.models.fixes import apply
from tests.models.problems import only

IRIS = Interface((4,), "classification", ("setosa", "versicolor", "virginica"), "species")
CANCER = Interface((30,), "classification", ("malignant", "benign"), "diagnosis")
DIABETES = Interface((10,), "regression", None, "progression")
DIGITS = Interface((1, 8, 8), "classification", tuple("0123456789"), "label")


def codes(report: Report) -> list[str]:
    return [problem.code for problem in report.problems]


def mended(problem: Problem, sent: Document | Architecture, *data: Any) -> Report:
    return check(apply(problem.fix, parse(sent)), *data)


def test_shapes_and_counts_of_a_small_network() -> None:
    layers = chain(("Dense", {"units": 8}), ("BatchNormalization", {}), ("Dense", {"units": 3}))
    report = check(parse(layers), IRIS)

    assert report.nodes["layer_1"].input_shapes == [[4]]
    assert report.nodes["layer_1"].output_shape == [8]
    assert report.nodes["layer_1"].parameters == 4 * 8 + 8
    assert report.nodes["layer_1"].flops == 2 * 4 * 8 + 8
    assert report.nodes["layer_1"].torch == "nn.Linear(4, 8)"
    assert report.nodes["layer_1"].keras == "layers.Dense(8)"
    assert (report.parameters, report.trainable_parameters) == (40 + 32 + 27, 40 + 16 + 27)
    assert report.memory == 16 * (40 + 16 + 27) + 4 * 16


def test_nothing_is_known_behind_a_layer_that_does_not_fit() -> None:
    report = check(parse(chain(("Conv2D", {}), ("Flatten", {}), shape=[4])))
    assert report.nodes["layer_1"].output_shape is None
    assert report.nodes["layer_2"].output_shape is None
    assert report.nodes["input"].output_shape == [4]
    assert codes(report) == ["rank_mismatch"]


def test_an_empty_canvas_asks_for_both_ends() -> None:
    assert codes(check(parse(document()))) == ["no_input", "no_output"]


def test_the_fixes_complete_a_lonely_layer_to_a_network() -> None:
    architecture = parse(document(("it", "Dense", {"units": 3, "activation": "softmax"})))
    for _ in range(2):
        report = check(architecture, IRIS)
        architecture = apply(report.problems[0].fix, architecture)
    assert check(architecture, IRIS).ok


def test_an_input_without_a_shape_asks_for_data() -> None:
    sent = parse(chain(("Dense", {"units": 3, "activation": "softmax"})))
    assert only(check(sent)).code == "no_shape"
    assert check(sent, IRIS).ok


TWO_OUTPUTS = document(
    ("input", "Input", {"shape": [4]}),
    ("dense", "Dense", {"units": 3, "activation": "softmax"}),
    ("output", "Output", {}),
    ("other", "Output", {}),
    wires="input>dense dense>output dense>other",
)


def test_each_of_two_outputs_is_checked_against_its_own_target() -> None:
    alone = check(parse(TWO_OUTPUTS))
    assert not alone.problems
    assert alone.nodes["other"].output_shape == [3]
    goals = (
        Goal("classification", ("a", "b", "c"), "species", OutputEnd("output", "species")),
        Goal("regression", None, "length", OutputEnd("other", "length")),
    )
    asked = of_ends((Entry((4,), (), "input"),), goals)
    problem = only(check(parse(TWO_OUTPUTS), asked))
    assert (problem.code, problem.where.node) == ("output_units", "dense")
    assert '1 output, to predict the number "length"' in problem.message


@pytest.mark.parametrize(
    ("loss", "code", "said"),
    [
        ({"type": "MeanSquareError"}, "unknown_loss", "MeanSquaredError"),
        ({"type": "BinaryCrossentropy", "smoothing": 0.1}, "unknown_parameter", "smoothing"),
        ({"type": "BinaryCrossentropy", "label_smoothing": -1.0}, "invalid_parameter", "smoothing"),
    ],
)
def test_the_loss_of_an_output_is_one_of_the_catalogue(
    loss: dict[str, Any], code: str, said: str
) -> None:
    sent = chain(("Dense", {}), shape=[4])
    sent["nodes"][-1]["params"] = {"loss": loss, "target": "y", "loss_weight": 0.5}
    problem = only(check(parse(sent)))
    assert (problem.code, problem.where.node) == (code, "output")
    assert problem.where.path[:2] == ["params", "loss"]
    assert said in problem.message
    sent["nodes"][-1]["params"]["loss"] = {"type": "MeanSquaredError"}
    assert check(parse(sent)).ok


def test_an_output_may_weigh_each_of_its_classes() -> None:
    network = document(
        ("input", "Input", {"shape": [4]}),
        ("dense", "Dense", {"units": 3, "activation": "softmax"}),
        ("output", "Output", {"class_weight": {"a": 2.0, "b": 0.5}}),
    )
    assert check(parse(network)).ok


def test_each_of_two_inputs_gets_the_shape_of_its_own_columns() -> None:
    sent = document(
        ("left", "Input", {}),
        ("right", "Input", {}),
        ("both", "Concatenate", {}),
        ("dense", "Dense", {"units": 3, "activation": "softmax"}),
        ("output", "Output", {}),
        wires="left>both right>both both>dense dense>output",
    )
    entries = (Entry((4,), ("a", "b"), "left"), Entry((2,), ("c",), "right"))
    goal = Goal("classification", ("a", "b", "c"), "species")
    found = check(parse(sent), of_ends(entries, (goal,)))
    assert found.nodes["both"].output_shape == [6]
    # Neither names columns, so that both get the same where the dataset deals them out.
    assert only(found, "warning").where.node == "right"
    sent["nodes"][0]["params"] = {"columns": ["a", "b"]}
    assert not check(parse(sent), of_ends(entries, (goal,))).problems


def test_a_cycle_names_its_layers_and_can_be_opened() -> None:
    sent = document(
        ("input", "Input", {"shape": [4]}),
        ("add", "Add", {}),
        ("dense", "Dense", {"units": 4}),
        ("output", "Output", {}),
        wires="input>add add>dense dense>add dense>output",
    )
    problem = next(p for p in check(parse(sent)).problems if p.code == "cycle")
    assert "add → dense → add" in problem.message
    assert problem.fix is not None
    assert problem.fix.title == "Remove the wire from dense to add"
    assert "cycle" not in codes(mended(problem, sent))


def test_a_layer_without_wires_is_told_with_the_wire_that_is_missing() -> None:
    sent = document(
        ("input", "Input", {"shape": [4]}),
        ("dense", "Dense", {}),
        ("output", "Output", {}),
        wires="dense>output",
    )
    report = check(parse(sent))
    problem = next(p for p in report.problems if p.where.node == "dense")
    assert problem.fix is not None
    assert problem.fix.title == "Connect input to dense"
    assert mended(problem, sent).ok


def test_without_a_path_to_the_output_nothing_can_be_trained() -> None:
    sent = document(("input", "Input", {"shape": [4]}), ("output", "Output", {}), wires="")
    report = check(parse(sent))
    assert "no_path" in codes(report)
    assert not report.ok


def test_a_layer_that_leads_nowhere_can_be_removed() -> None:
    sent = document(
        ("input", "Input", {"shape": [4]}),
        ("dense", "Dense", {}),
        ("lost", "Dense", {}),
        ("output", "Output", {}),
        wires="input>dense dense>output dense>lost",
    )
    problem = only(check(parse(sent)))
    assert (problem.code, problem.where.node) == ("dead_end", "lost")
    assert mended(problem, sent).ok


@pytest.mark.parametrize(
    ("wires", "code", "node"),
    [
        ("input>dense input>dense dense>output", "too_many_inputs", "dense"),
        ("input>dense dense>output dense>input", "too_many_inputs", "input"),
        ("input>dense dense>output output>dense", "cycle", "dense"),
    ],
)
def test_wires_where_none_belong(wires: str, code: str, node: str) -> None:
    nodes = [("input", "Input", {"shape": [4]}), ("dense", "Dense", {}), ("output", "Output", {})]
    report = check(parse(document(*nodes, wires=wires)))
    assert (code, node) in [(problem.code, problem.where.node) for problem in report.problems]
    assert not report.ok


def test_a_merge_wants_two_inputs() -> None:
    problem = only(check(parse(chain(("Add", {}), shape=[4]))))
    assert "at least 2 inputs" in problem.message


@pytest.mark.parametrize(
    ("shape", "layers", "said"),
    [
        ([1, 4, 4], [("Conv2D", {"kernel_size": 5})], ["(5, 5)", "(1, 4, 4)"]),
        ([1, 4, 4], [("MaxPooling2D", {"pool_size": 9})], ["(9, 9)", "(1, 4, 4)"]),
        ([4], [("LSTM", {})], ["(time, features)", "(4,)"]),
        ([16], [("Conv2D", {}), ("Flatten", {})], ["(channels, height, width)", "(16,)"]),
        ([3, 8, 8], [("Conv2D", {"groups": 2})], ["groups=2", "3 channels"]),
        ([1, 8, 8], [("Conv2D", {"strides": 2, "dilation_rate": 2})], ["strides (2, 2)"]),
        ([5, 2], [("Embedding", {})], ["(5, 2)"]),
    ],
)
def test_a_shape_that_does_not_fit_is_told_and_mended(
    shape: list[int], layers: list[tuple[str, dict[str, Any]]], said: list[str]
) -> None:
    sent = chain(*layers, shape=shape)
    problem = only(check(parse(sent)))
    for words in said:
        assert words in problem.message
    assert problem.where.node == "layer_1"
    assert problem.code not in codes(mended(problem, sent))


@pytest.mark.parametrize("kind", ["Add", "Concatenate"])
def test_branches_that_do_not_fit_name_both_shapes(kind: str) -> None:
    sent = document(
        ("input", "Input", {"shape": [3, 8, 8]}),
        ("conv", "Conv2D", {"filters": 5}),
        ("it", kind, {}),
        ("output", "Output", {}),
        wires="input>conv input>it conv>it it>output",
    )
    problem = only(check(parse(sent)))
    assert "(3, 8, 8)" in problem.message
    assert "(5, 6, 6)" in problem.message
    assert problem.where.node == "it"


def test_an_input_reshapes_rows_of_the_same_size() -> None:
    layers = [("LSTM", {"units": 4}), ("Dense", {"units": 1})]
    report = check(parse(chain(*layers, shape=[5, 2])), DIABETES)
    assert report.ok
    assert report.nodes["layer_1"].input_shapes == [[5, 2]]


def test_an_input_of_another_size_than_the_data_is_mended() -> None:
    sent = chain(("Dense", {"units": 3, "activation": "softmax"}), shape=[5])
    problem = only(check(parse(sent), IRIS))
    assert "(4,)" in problem.message
    assert mended(problem, sent, IRIS).ok


def test_an_image_with_channels_last_is_not_scrambled_in_silence() -> None:
    data = Interface((3, 8, 8), "classification", ("a", "b"), "label")
    sent = chain(("Flatten", {}), ("Dense", {"units": 1, "activation": "sigmoid"}), shape=[8, 8, 3])
    problem = only(check(parse(sent), data))
    assert "channels first" in problem.message
    assert mended(problem, sent, data).ok


def test_the_wrong_number_of_outputs_names_both_and_is_set() -> None:
    sent = chain(("Dense", {"units": 5, "activation": "softmax"}))
    problem = only(check(parse(sent), IRIS))
    assert "3 outputs" in problem.message
    assert "got 5" in problem.message
    assert problem.where.path == ["params", "units"]
    assert mended(problem, sent, IRIS).problems == []


def test_a_hidden_layer_at_the_end_gets_an_output_layer_behind_it() -> None:
    sent = chain(("Dense", {"units": 64, "activation": "relu"}))
    problem = only(check(parse(sent), IRIS))
    assert problem.fix is not None
    assert problem.fix.title == "Add Dense with 3 softmax units"
    report = mended(problem, sent, IRIS)
    assert report.problems == []
    assert report.nodes["layer_1"].output_shape == [64]


def test_an_activation_layer_of_its_own_is_seen() -> None:
    sent = chain(("Dense", {"units": 3}), ("Activation", {"activation": "softmax"}))
    assert check(parse(sent), IRIS).problems == []
    sent = chain(("Dense", {"units": 3}), ("Activation", {"activation": "tanh"}))
    problem = only(check(parse(sent), IRIS), "warning")
    assert problem.where.node == "layer_2"
    assert mended(problem, sent, IRIS).problems == []


@pytest.mark.parametrize(
    ("data", "units", "activation", "wanted"),
    [
        (IRIS, 3, "linear", "softmax"),
        (IRIS, 3, "sigmoid", "softmax"),
        (CANCER, 1, "linear", "sigmoid"),
        (CANCER, 1, "softmax", "sigmoid"),
        (CANCER, 2, "sigmoid", "softmax"),
        (DIABETES, 1, "sigmoid", "linear"),
        (DIABETES, 1, "relu", "linear"),
    ],
)
def test_an_output_activation_that_does_not_suit_is_a_warning(
    data: Interface, units: int, activation: str, wanted: str
) -> None:
    sent = chain(("Dense", {"units": units, "activation": activation}))
    report = check(parse(sent), data)
    assert report.ok
    problem = only(report, "warning")
    assert wanted in problem.message
    assert activation in problem.message
    assert mended(problem, sent, data).problems == []


@pytest.mark.parametrize(
    ("data", "units", "activation"),
    [(IRIS, 3, "softmax"), (CANCER, 1, "sigmoid"), (CANCER, 2, "softmax"), (DIABETES, 1, "linear")],
)
def test_an_output_that_suits_has_no_problems(data: Interface, units: int, activation: str) -> None:
    sent = chain(("Dense", {"units": units, "activation": activation}))
    assert check(parse(sent), data).problems == []


def test_a_sequence_or_an_image_at_the_output_is_flattened() -> None:
    sent = chain(("Conv2D", {}))
    problem = only(check(parse(sent), DIGITS))
    assert problem.code == "output_shape"
    again = apply(problem.fix, parse(sent))
    assert check(apply(only(check(again, DIGITS)).fix, again), DIGITS).ok


@pytest.mark.parametrize(
    ("data", "units", "activation", "loss", "better"),
    [
        (DIABETES, 1, "linear", "BinaryCrossentropy", "MeanSquaredError"),
        (IRIS, 3, "softmax", "MeanSquaredError", "CategoricalCrossentropy"),
        (CANCER, 1, "sigmoid", "CategoricalCrossentropy", "BinaryCrossentropy"),
    ],
)
def test_a_loss_for_another_task_is_refused(
    data: Interface, units: int, activation: str, loss: str, better: str
) -> None:
    sent = chain(("Dense", {"units": units, "activation": activation}))
    problem = only(check(parse(sent), data, loss))
    assert problem.fix is not None
    assert problem.fix.changes[0].model_dump()["values"] == {"loss": {"type": better}}
    assert check(parse(sent), data, better).ok


def test_dense_on_an_image_is_advised_to_flatten() -> None:
    sent = chain(
        ("Dense", {"units": 9}), ("Flatten", {}), ("Dense", {"units": 10}), shape=[1, 8, 8]
    )
    problem = only(check(parse(sent)), "suggestion")
    assert (problem.code, problem.where.node) == ("dense_on_image", "layer_1")
    assert mended(problem, sent).nodes["layer_1"].input_shapes == [[64]]


def test_an_embedding_of_standardised_columns_is_warned_about() -> None:
    layers = [("Embedding", {}), ("Flatten", {}), ("Dense", {"units": 1})]
    problem = only(check(parse(chain(*layers)), DIABETES), "warning")
    assert problem.code == "codes_expected"


def test_a_network_without_weights_has_nothing_to_learn() -> None:
    data = Interface((1,), "regression", None, "y")
    assert codes(check(parse(chain(("Dropout", {}))), data)) == ["nothing_to_learn"]


TOO_LARGE = [
    ([4], [("Dense", {"units": 10**9})]),
    ([10**9], [("Dense", {"units": 2**31 - 1})]),
    ([2**31 - 1] * 3, [("Flatten", {})]),
    ([10**6, 10**6], [("LSTM", {"units": 8})]),
    ([4, 4], [("LSTM", {"units": 2**31 - 1})]),
    ([4, 4], [("GRU", {"units": 10**9})]),
    ([3, 9, 9], [("Conv2D", {"filters": 2**31 - 1, "kernel_size": 9})]),
    ([10**6, 9, 9], [("Conv2D", {"filters": 2**31 - 1, "kernel_size": 9})]),
    ([4], [("Embedding", {"input_dim": 2**31 - 1, "output_dim": 2**31 - 1})]),
    ([4], [("Dense", {"units": 20_000})] * 40),
]


@pytest.mark.timeout(30)
@pytest.mark.parametrize(("shape", "layers"), TOO_LARGE)
def test_a_network_beyond_all_memory_is_told_before_anything_is_allocated(
    shape: list[int], layers: list[tuple[str, dict[str, Any]]]
) -> None:
    architecture = parse(chain(*layers, shape=shape))
    problem = only(check(architecture, allowed=8 * 2**30))

    assert problem.code == "out_of_memory"
    assert "estimated" in problem.message
    assert problem.where.node is not None
    assert problem.message.count("B") >= 1


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("Conv2D", {"kernel_size": 2**31 - 1, "padding": "same"}),
        ("Conv2D", {"dilation_rate": 2**31 - 1, "padding": "same"}),
        ("Conv2D", {"strides": 2**31 - 1, "padding": "same"}),
        ("Conv2D", {"groups": 2**31 - 1}),
        ("MaxPooling2D", {"pool_size": 2**31 - 1, "padding": "same"}),
        ("MaxPooling2D", {"strides": 2**31 - 1}),
        ("AveragePooling2D", {"pool_size": 3, "strides": 2**31 - 1, "padding": "same"}),
    ],
)
def test_extreme_windows_are_answered_not_crashed_on(kind: str, params: dict[str, Any]) -> None:
    report = check(parse(chain((kind, params), ("Flatten", {}), shape=[3, 8, 8])))
    assert report.nodes["input"].output_shape == [3, 8, 8]


def test_memory_names_the_estimate_and_what_is_allowed() -> None:
    sent = parse(chain(("Dense", {"units": 10**9}), shape=[4]))
    message = only(check(sent, allowed=8 * 10**9)).message
    assert "8.0 GB" in message
    assert "88.0 GB" in message  # 5 numbers × 16 bytes and an output × 8 bytes, for each unit


def deep(filters: int) -> Architecture:
    layers = [("Conv2D", {"filters": 8 + n, "padding": "same"}) for n in range(100)]
    layers[50][1]["filters"] = filters
    return parse(chain(*layers, shape=[3, 32, 32]))


def test_an_edit_of_a_hundred_layers_measures_only_what_changed() -> None:
    check(deep(60))
    before = measure.cache_info().misses
    report = check(deep(77))
    assert measure.cache_info().misses - before == 2
    assert report.nodes["layer_51"].output_shape == [77, 32, 32]


def test_checking_draws_no_random_numbers() -> None:
    measure.cache_clear()
    state = torch.random.get_rng_state()
    check(parse(chain(("LSTM", {"units": 4}), ("Dense", {"units": 2}), shape=[3, 2])))
    assert torch.equal(state, torch.random.get_rng_state())
