"""What does not fit is told with what was expected, what was found and where; its fix mends it."""

import re
from typing import Any

import pytest

from models.check import check
from models.layers import LAYERS
from models.parse import parse
from tests.models.documents import alone, chain, document
from tests.models.fixes import apply
from tests.models.problems import only_error, told_and_mended

Misfitting = tuple[str, dict[str, Any], list[int], list[str]]

WINDOWS: list[Misfitting] = [
    ("MaxPooling1D", {"pool_size": 9}, [4, 2], ["9", "(4, 2)"]),
    ("MaxPooling2D", {"pool_size": [2, 9]}, [1, 4, 4], ["(2, 9)", "(1, 4, 4)"]),
    ("AveragePooling3D", {"pool_size": 5}, [1, 4, 9, 9], ["(5, 5, 5)", "(1, 4, 9, 9)"]),
    ("AveragePooling3D", {"pool_size": 5, "padding": "same"}, [1, 4, 9, 9], ["(5, 5, 5)"]),
    ("MaxPooling2D", {"pool_size": 5000}, [1, 4, 5], ["(5000, 5000)", "(1, 4, 5)"]),
    ("MaxPooling2D", {"pool_size": 5000, "padding": "same"}, [1, 4, 5], ["twice", "(1, 4, 5)"]),
]
CONVOLUTIONS: list[Misfitting] = [
    ("Conv1D", {"kernel_size": 9}, [4, 2], ["9", "(4, 2)"]),
    ("Conv1D", {"kernel_size": 3, "dilation_rate": 2000}, [9, 2], ["4001", "(9, 2)"]),
    (
        "Conv1D",
        {"kernel_size": 5000, "padding": "causal", "dilation_rate": 2},
        [4, 2],
        ["twice", "(4, 2)"],
    ),
    ("Conv1D", {"strides": 2, "dilation_rate": 3}, [9, 2], ["strides 2", "dilation_rate 3"]),
    ("Conv1D", {"groups": 2, "filters": 4}, [9, 3], ["groups=2", "3 channels"]),
    ("Conv3D", {"groups": 4, "filters": 6}, [4, 5, 5, 5], ["groups=4", "6 filters"]),
    ("Conv3D", {"kernel_size": [1, 1, 7]}, [2, 5, 5, 6], ["(1, 1, 7)", "(2, 5, 5, 6)"]),
    ("DepthwiseConv1D", {"strides": 2, "dilation_rate": 2}, [9, 2], ["strides 2"]),
    ("DepthwiseConv2D", {"kernel_size": 7}, [2, 5, 5], ["(7, 7)", "(2, 5, 5)"]),
    ("SeparableConv2D", {"strides": [1, 2], "dilation_rate": 2}, [2, 9, 9], ["(1, 2)", "(2, 2)"]),
    ("SeparableConv1D", {"kernel_size": 7}, [5, 2], ["7", "(5, 2)"]),
    ("Conv1DTranspose", {"output_padding": 1}, [5, 2], ["output_padding", "1"]),
    ("Conv2DTranspose", {"strides": 2, "output_padding": [1, 2]}, [2, 5, 5], ["(1, 2)", "(2, 2)"]),
    ("Conv3DTranspose", {"strides": 2, "dilation_rate": 2}, [1, 3, 3, 3], ["strides (2, 2, 2)"]),
    (
        "Conv2DTranspose",
        {"kernel_size": 2, "padding": "same", "output_padding": 0},
        [2, 1, 5],
        ["(0, 4)", "(2, 1, 5)"],
    ),
    ("ConvLSTM2D", {"kernel_size": [2, 7]}, [2, 3, 5, 6], ["(2, 7)", "(2, 5, 6)"]),
    ("ConvLSTM2D", {"strides": 2, "dilation_rate": 2}, [2, 3, 5, 6], ["strides (2, 2)"]),
    ("ConvLSTM2D", {}, [2, 5, 6], ["a film", "(2, 5, 6)"]),
]
AXES: list[Misfitting] = [
    ("Conv1D", {}, [12], ["(time, features)", "(12,)"]),
    ("Conv3D", {"kernel_size": 1}, [2, 8, 8], ["volume", "(2, 8, 8)"]),
    ("Conv2DTranspose", {}, [5, 4], ["(channels, height, width)", "(5, 4)"]),
    ("SeparableConv2D", {}, [16], ["(channels, height, width)", "(16,)"]),
    ("MaxPooling1D", {}, [12], ["(time, features)", "(12,)"]),
    ("AveragePooling2D", {}, [16], ["(channels, height, width)", "(16,)"]),
    ("GlobalAveragePooling2D", {}, [5, 4], ["(channels, height, width)", "(5, 4)"]),
    ("GlobalMaxPooling3D", {}, [27], ["(channels, depth, height, width)", "(27,)"]),
    ("AdaptiveMaxPooling3D", {}, [3, 8, 8], ["volume", "(3, 8, 8)"]),
]
ARRANGED: list[Misfitting] = [
    ("Reshape", {"target_shape": [4, 5]}, [12], ["12", "(12,)", "(4, 5)"]),
    ("Reshape", {"target_shape": [-1, 5]}, [3, 2, 2], ["12", "(3, 2, 2)", "(-1, 5)"]),
    ("Reshape", {"target_shape": [-1, 2, -1]}, [12], ["once", "(-1, 2, -1)"]),
    ("Reshape", {"target_shape": [5, 7]}, [12], ["12", "(-1,)"]),
    ("Permute", {"dims": [1, 2]}, [3, 8, 8], ["(1, 2)", "(3, 8, 8)"]),
    ("Permute", {"dims": [1, 1, 2]}, [3, 8, 8], ["(1, 1, 2)"]),
    ("Permute", {}, [5], ["(2, 1)", "(5,)"]),
    ("RepeatVector", {}, [3, 8, 8], ["(features)", "(3, 8, 8)"]),
    ("Cropping1D", {"cropping": [3, 2]}, [5, 4], ["(3, 2)", "(5, 4)"]),
    ("Cropping2D", {"cropping": [[0, 0], [1, 7]]}, [1, 8, 8], ["((0, 0), (1, 7))"]),
    ("Cropping3D", {"cropping": [1, 2, 1]}, [1, 4, 4, 4], ["(1, 2, 1)", "(1, 4, 4, 4)"]),
    ("ZeroPadding2D", {}, [5, 4], ["(channels, height, width)"]),
    ("UpSampling3D", {}, [1, 8, 8], ["(channels, depth, height, width)"]),
]


@pytest.mark.parametrize(
    ("kind", "params", "shape", "said"), [*WINDOWS, *CONVOLUTIONS, *AXES, *ARRANGED]
)
def test_what_does_not_fit_is_told_and_mended(
    kind: str, params: dict[str, Any], shape: list[int], said: list[str]
) -> None:
    assert told_and_mended(alone(kind, params, shape), said).where.node == "layer"


def test_behind_another_layer_a_reshape_is_inserted() -> None:
    sent = document(
        ("input", "Input", {"shape": [3]}),
        ("dense", "Dense", {"units": 36}),
        ("pool", "MaxPooling2D", {}),
        ("output", "Output", {}),
    )
    report = check(apply(only_error(sent).fix, parse(sent)))
    assert report.ok, report.problems
    assert report.nodes["pool"].input_shapes == [[1, 6, 6]]
    assert report.nodes["input"].output_shape == [3]


def test_what_both_can_have_goes_over_to_the_layer_that_takes_the_shape() -> None:
    params = {"filters": 5, "kernel_size": 2, "padding": "causal", "activation": "relu"}
    sent = alone("Conv1D", params, [3, 8, 8])
    mended = apply(only_error(sent).fix, parse(sent))
    (made,) = (node for node in mended.nodes if node.type == "Conv2D")
    assert made.params == {"filters": 5, "kernel_size": 2, "activation": "relu"}
    assert check(mended).ok


def test_a_recurrent_layer_before_another_hands_all_of_its_steps_on() -> None:
    sent = chain(("LSTM", {"units": 3}), ("GRU", {"units": 2}), shape=[5, 4])
    fix = only_error(sent).fix
    assert fix is not None
    assert fix.title == "Set return_sequences of layer_1"
    assert check(apply(fix, parse(sent))).nodes["layer_2"].input_shapes == [[5, 3]]


def test_a_grey_image_is_read_row_by_row() -> None:
    sent = alone("LSTM", {"units": 3}, [1, 8, 6])
    told_and_mended(sent, ["(1, 8, 6)"])
    assert check(apply(only_error(sent).fix, parse(sent))).nodes["layer"].input_shapes == [[8, 6]]


def test_inside_a_block_a_misfit_is_mended_for_all_its_uses() -> None:
    block = document(
        ("x", "Input", {}), ("pool", "MaxPooling2D", {"pool_size": 9}), ("y", "Output", {})
    )
    sent = alone("Block", {"block": "cell"}, [1, 4, 4])
    sent["blocks"] = {"cell": {"nodes": block["nodes"], "edges": block["edges"]}}
    told_and_mended(sent, ["(1, 4, 4)", '"pool" in the block "cell"'])


@pytest.mark.parametrize(
    ("kind", "shape", "better"),
    [
        ("Conv1D", [3, 8, 8], "2D"),
        ("Conv3D", [8, 3], "1D"),
        ("Conv2DTranspose", [3, 4, 8, 8], "3D"),
        ("MaxPooling1D", [3, 8, 8], "2D"),
        ("GlobalMaxPooling1D", [3, 4, 8, 8], "3D"),
        ("MaxPooling2D", [3, 4, 8, 8], "3D"),
    ],
)
def test_too_many_axes_name_the_layer_that_takes_them(
    kind: str, shape: list[int], better: str
) -> None:
    problem = told_and_mended(alone(kind, {}, shape), [f"Use a layer for {better}"])
    assert problem.fix is not None
    assert problem.fix.title == f"Use {re.sub('[123]D', better, kind)} instead"


HUGE = 2**31 - 1


@pytest.mark.parametrize(
    ("kind", "params", "shape"),
    [
        ("Conv1D", {"kernel_size": HUGE, "padding": "causal"}, [9, 3]),
        ("Conv1D", {"strides": HUGE, "padding": "same"}, [9, 3]),
        ("Conv3D", {"filters": HUGE, "kernel_size": 4}, [3, 4, 4, 4]),
        ("Conv3D", {"kernel_size": HUGE, "padding": "same"}, [3, 4, 4, 4]),
        ("Conv1DTranspose", {"kernel_size": HUGE}, [9, 3]),
        ("Conv2DTranspose", {"strides": HUGE}, [3, 4, 4]),
        ("Conv2DTranspose", {"dilation_rate": HUGE, "padding": "same"}, [3, 4, 4]),
        ("Conv3DTranspose", {"kernel_size": HUGE, "strides": HUGE}, [3, 4, 4, 4]),
        ("Conv3DTranspose", {"strides": HUGE, "padding": "same"}, [3, 4, 4, 4]),
        ("DepthwiseConv1D", {"depth_multiplier": HUGE}, [9, 3]),
        ("DepthwiseConv2D", {"depth_multiplier": HUGE, "kernel_size": 9}, [10**6, 9, 9]),
        ("SeparableConv2D", {"depth_multiplier": HUGE, "filters": HUGE}, [10**6, 9, 9]),
        ("ConvLSTM2D", {"filters": HUGE, "kernel_size": HUGE, "padding": "same"}, [9, 3, 4, 4]),
        ("ConvLSTM2D", {"strides": HUGE, "padding": "same"}, [9, 3, 4, 4]),
        ("TimeDistributed", {"layer": {"type": "Dense", "units": HUGE}}, [9, 10**6]),
        ("MaxPooling1D", {"pool_size": HUGE, "padding": "same"}, [9, 3]),
        ("MaxPooling3D", {"pool_size": HUGE, "strides": HUGE}, [1, 4, 4, 4]),
        ("AveragePooling3D", {"strides": HUGE, "padding": "same"}, [1, 4, 4, 4]),
        ("AdaptiveMaxPooling1D", {"output_size": HUGE}, [9, 3]),
        ("AdaptiveAveragePooling2D", {"output_size": HUGE}, [3, 9, 9]),
        ("AdaptiveAveragePooling3D", {"output_size": HUGE}, [3, 4, 4, 4]),
        ("Reshape", {"target_shape": [HUGE] * 4}, [3, 4, 4, 4]),
        ("RepeatVector", {"n": HUGE}, [10**6]),
        ("ZeroPadding1D", {"padding": HUGE}, [9, 3]),
        ("ZeroPadding3D", {"padding": HUGE}, [3, 4, 4, 4]),
        ("Cropping2D", {"cropping": HUGE}, [3, 4, 4]),
        ("UpSampling1D", {"size": HUGE}, [9, 3]),
        ("UpSampling2D", {"size": HUGE}, [3, 9, 9]),
        ("UpSampling2D", {"size": HUGE, "interpolation": "bicubic"}, [3, 9, 9]),
        ("UpSampling3D", {"size": HUGE}, [3, 4, 4, 4]),
    ],
)
def test_extreme_sizes_are_answered_not_crashed_on(
    kind: str, params: dict[str, Any], shape: list[int]
) -> None:
    report = check(parse(alone(kind, params, shape)))
    assert report.nodes["input_0"].output_shape == shape


@pytest.mark.parametrize(
    ("kind", "params", "shape"),
    [
        ("GRU", {"reset_after": False}, [10**6, 3]),
        ("ConvLSTM2D", {"padding": "same"}, [1, 10**6, 4, 4]),
        ("Bidirectional", {"layer": {"type": "LSTM", "activation": "relu"}}, [10**6, 3]),
        ("TimeDistributed", {"layer": {"type": "SimpleRNN", "activation": "elu"}}, [3, 2, 10**6]),
    ],
)
def test_the_shape_behind_a_long_loop_is_known_without_running_it(
    kind: str, params: dict[str, Any], shape: list[int]
) -> None:
    steps = LAYERS[kind].model_validate(params).torch(tuple(shape))
    assert all(step.output is not None for step in steps)
    assert check(parse(alone(kind, params, shape))).nodes["layer"].output_shape is not None
