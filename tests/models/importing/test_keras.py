"""A Keras model that is imported computes what it computes in Keras."""

import json
from typing import Any

import keras
import pytest
import torch
from hypothesis import given, settings
from keras import layers

from models.architecture import Architecture
from models.check import check
from models.errors import DocumentError
from models.export.keras_weights import from_keras
from models.gallery import GalleryItem, entries
from models.importing.keras import Imported, architecture_of
from models.network import build
from models.parse import parse
from models.survey import survey
from tests.models.documents import Document
from tests.models.graphs import networks
from tests.models.layers.twins import answer, keras_model

pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:You are using a softmax over axis:UserWarning"),
    pytest.mark.filterwarnings("ignore:Layer '.*' .* was passed an input with a mask:UserWarning"),
]


@keras.saving.register_keras_serializable("mine")
class Scale(layers.Layer):
    """A layer of one's own."""

    def call(self, x: Any) -> Any:
        return x * 2


@keras.saving.register_keras_serializable("mine")
class Tens(keras.initializers.Constant):
    """An initializer of one's own."""

    def __init__(self) -> None:
        super().__init__(10.0)

    def get_config(self) -> dict[str, Any]:
        return {}


@keras.saving.register_keras_serializable("mine")
def wave(x: Any) -> Any:
    """An activation of one's own."""
    return keras.ops.sin(x)


def imported(model: Any) -> Imported:
    return architecture_of(json.loads(model.to_json()))


def same_answers(model: Any, found: Imported) -> None:
    """Check that the imported network, given the model's weights, gives its answers."""
    architecture = parse(found.document)
    network = build(architecture, seed=0).eval()
    measured = survey(architecture)
    for node in measured.graph.order:
        weights = measured.layers[node].keras_weights(*measured.inputs[node])
        if weights and node not in measured.origin:
            (module,) = (entry for entry in network.modules_of(node) if entry.state_dict())
            from_keras(module, weights, model.get_layer(node).get_weights())
    inputs = [torch.rand(3, *shape) for shape in network.input_shapes]
    with torch.no_grad():
        theirs = answer(model, inputs, training=False)
        torch.testing.assert_close(network(*inputs), theirs, atol=1e-5, rtol=1e-5)


def types(found: Imported) -> list[str]:
    return [node["type"] for node in found.document["nodes"]]


def in_keras_alike(item: GalleryItem) -> bool:
    """Whether Keras has each of the layers under its own name: no block, nothing made of parts."""
    told = check(item.architecture).nodes
    return not item.architecture.blocks and all(
        node.type in ("Input", "Output")
        or (told[node.id].keras or "").startswith(f"layers.{node.type}(")
        for node in item.architecture.nodes
    )


@pytest.mark.parametrize(
    "item", list(filter(in_keras_alike, entries())), ids=lambda item: item.slug
)
def test_the_gallery_goes_to_keras_and_comes_back(item: GalleryItem) -> None:
    model = keras_model(item.architecture, build(item.architecture, seed=1).eval())
    found = imported(model)
    assert found.notes == []
    assert sorted(types(found)) == sorted(node.type for node in item.architecture.nodes)
    same_answers(model, found)


@given(networks().filter(lambda sent: "blocks" not in sent))
@settings(max_examples=12, deadline=None)
def test_any_network_goes_to_keras_and_comes_back(sent: Document) -> None:
    architecture: Architecture = parse(sent)
    model = keras_model(architecture, build(architecture, seed=1).eval())
    found = imported(model)
    assert found.notes == []
    same_answers(model, found)


def test_layers_that_name_axes_come_over_with_the_same_numbers() -> None:
    x = keras.Input((12,))
    volume = layers.Reshape((2, 3, 2))(x)
    turned = layers.Permute((2, 3, 1))(volume)
    rows = layers.Reshape((4, 3))(turned)
    grey = layers.Reshape((4, 3, 1))(rows)
    model = keras.Model(x, [turned, rows, grey])
    found = imported(model)
    assert found.notes == []
    same_answers(model, found)


def test_masks_come_about_by_themselves() -> None:
    x = keras.Input((5, 3))
    masked = layers.Masking(0.5)(x)
    read = layers.LSTM(4, return_sequences=True)(masked)
    model = keras.Model(x, layers.GRU(2)(read))
    found = imported(model)
    assert found.notes == []
    assert types(found) == ["Input", "Masking", "LSTM", "GRU", "Output"]
    same_answers(model, found)


def test_a_flattened_image_is_told_to_be_in_another_order() -> None:
    model = keras.Sequential(
        [keras.Input((8, 8, 3)), layers.Conv2D(4, 3), layers.Flatten(name="flat"), layers.Dense(2)]
    )
    found = imported(model)
    assert types(found) == ["Input", "Conv2D", "Flatten", "Dense", "Output"]
    (note,) = found.notes
    assert note.layer == note.node == "flat"
    assert "channels first" in note.message


def test_models_inside_a_model_become_blocks_that_share_weights() -> None:
    tower = keras.Sequential([keras.Input((4,)), layers.Dense(4)], name="tower")
    a, b = keras.Input((4,)), keras.Input((4,))
    model = keras.Model([a, b], layers.Add()([tower(a), tower(b)]))
    found = imported(model)
    architecture = parse(found.document)
    assert found.notes == []
    assert list(architecture.blocks) == ["tower"]
    uses = [node for node in architecture.nodes if node.type == "Block"]
    assert [node.shares for node in uses] == [None, uses[0].id]
    report = check(architecture)
    assert report.ok
    assert report.parameters == model.count_params()


def test_layers_called_twice_share_their_weights() -> None:
    x, dense = keras.Input((4,)), layers.Dense(4, activation="tanh")
    model = keras.Model(x, layers.Concatenate()([dense(x), dense(dense(x))]))
    found = imported(model)
    assert check(parse(found.document)).parameters == model.count_params()
    same_answers(model, found)


def test_what_cannot_be_carried_over_is_told_with_its_reason() -> None:
    model = keras.Sequential(
        [
            keras.Input((None, 3), name="given"),
            layers.LSTM(4, stateful=False, return_sequences=True),
            layers.Lambda(lambda x: x * 2, name="twice"),
            layers.Dense(2, name="answer"),
        ]
    )
    found = imported(model)
    assert types(found) == ["Input", "LSTM", "Identity", "Dense", "Output"]
    told = {note.layer: note.message for note in found.notes}
    assert "not fixed" in told["given"]
    assert "no code of a file is run" in told["twice"]


def test_a_layer_of_another_library_is_told_and_its_place_kept() -> None:
    document = json.loads(keras.Sequential([keras.Input((4,)), layers.Dense(2)]).to_json())
    document["config"]["layers"][1] |= {"module": "os", "class_name": "system"}
    found = architecture_of(document)
    assert types(found) == ["Input", "Identity", "Output"]
    (note,) = found.notes
    assert "system could not be carried over" in note.message


def test_code_of_its_own_is_told_with_what_stands_for_it_and_how_to_mend_that() -> None:
    tens: Any = Tens()
    model = keras.Sequential(
        [
            keras.Input((3, 4)),
            Scale(name="scale"),
            layers.TimeDistributed(Scale(), name="each"),
            layers.Dense(2, activation=wave, kernel_initializer=tens, name="answer"),
        ]
    )
    found = imported(model)
    assert types(found) == ["Input", "Identity", "TimeDistributed", "Dense", "Output"]
    told = [(note.layer, note.message) for note in found.notes]
    assert told == [
        (
            "scale",
            'Scale could not be carried over: it is code of its own, "mine>Scale", and a file '
            "holds only its settings. Identity stands for it, which changes nothing: put layers in "
            "its place that compute the same.",
        ),
        (
            "each",
            '"layer" is the class "mine>Scale", code of its own that no file holds: Dense stands '
            "for it. Choose what comes nearest.",
        ),
        (
            "answer",
            '"kernel_initializer" is the class "mine>Tens", code of its own that no file holds: '
            "glorot_uniform stands for it. Choose what comes nearest.",
        ),
        (
            "answer",
            '"activation" is the function "mine>wave", code of its own that no file holds: linear '
            "stands for it. Choose what comes nearest, or put a layer behind it that computes the "
            "same.",
        ),
    ]


def test_what_is_no_part_of_a_network_here_is_told_with_where_to_choose_it() -> None:
    model = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            layers.Resizing(4, 4),
            layers.RandomFlip("horizontal"),
            layers.Flatten(dtype="float16"),
            layers.Dense(2, dtype="mixed_float16"),
        ]
    )
    found = imported(model)
    assert types(found) == ["Input", "Identity", "Identity", "Flatten", "Dense", "Output"]
    resized, flipped, _, computed = (note.message for note in found.notes)
    assert "choose the size of the images at the dataset" in resized
    assert "choose the augmentation RandomFlip for training" in flipped
    assert computed.startswith("It computes in float16 and mixed_float16")


@pytest.mark.filterwarnings("ignore:The object being serialized includes a `lambda`:UserWarning")
def test_a_lambda_is_told_with_what_stands_for_it() -> None:
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2, activation=lambda x: x + 1)])
    (note,) = imported(model).notes
    assert note.message.startswith(
        '"activation" is a lambda, and no code of a file is run: linear stands for it.'
    )


def test_parameters_without_a_place_are_named() -> None:
    document = json.loads(keras.Sequential([keras.Input((4,)), layers.Dense(2)]).to_json())
    document["config"]["layers"][1]["config"] |= {"lora_rank": 4, "activation": "mine"}
    messages = [note.message for note in architecture_of(document).notes]
    assert len(messages) == 2
    assert any("lora_rank" in message for message in messages)
    assert any("mine" in message for message in messages)


KERAS_2 = {
    "class_name": "Functional",
    "config": {
        "name": "model",
        "layers": [
            {
                "class_name": "InputLayer",
                "config": {"batch_input_shape": [None, 4], "dtype": "float32", "name": "input_1"},
                "name": "input_1",
                "inbound_nodes": [],
            },
            {
                "class_name": "Dense",
                "config": {
                    "name": "dense",
                    "trainable": True,
                    "units": 4,
                    "activation": "relu",
                    "use_bias": True,
                    "kernel_initializer": {"class_name": "HeNormal", "config": {"seed": None}},
                },
                "name": "dense",
                "inbound_nodes": [[["input_1", 0, 0, {}]]],
            },
            {
                "class_name": "Add",
                "config": {"name": "add", "trainable": True},
                "name": "add",
                "inbound_nodes": [[["input_1", 0, 0, {}], ["dense", 0, 0, {}]]],
            },
        ],
        "input_layers": [["input_1", 0, 0]],
        "output_layers": [["add", 0, 0]],
    },
    "keras_version": "2.15.0",
    "backend": "tensorflow",
}


def test_a_configuration_of_keras_2_is_read() -> None:
    found = architecture_of(KERAS_2)
    assert found.notes == []
    assert types(found) == ["Input", "Dense", "Add", "Output"]
    assert found.document["nodes"][1]["params"] == {
        "units": 4,
        "activation": "relu",
        "kernel_initializer": "he_normal",
    }


def test_a_sequential_of_keras_2_tells_its_shape_at_the_first_layer() -> None:
    dense = {"name": "d", "units": 2, "batch_input_shape": [None, 5]}
    entry = {"class_name": "Dense", "config": dense}
    found = architecture_of({"class_name": "Sequential", "config": {"layers": [entry]}})
    assert found.document["nodes"][0]["params"] == {"shape": [5]}


NOBODY: list[Any] = [
    None,
    [],
    "Sequential",
    {},
    {"class_name": 5},
    {"class_name": "MyModel", "config": {"layers": []}},
    {"class_name": "Sequential", "config": {"layers": []}},
    {"class_name": "Sequential", "config": {"layers": [5]}},
    {"class_name": "Sequential", "config": {"layers": [{"class_name": "Dense"}] * 2_001}},
    {"class_name": "Functional", "config": {"layers": [], "input_layers": 5}},
    {
        "class_name": "Functional",
        "config": {
            "layers": [
                {"class_name": "Dense", "name": "a", "inbound_nodes": [[["b", 0, 0]]]},
                {"class_name": "Dense", "name": "b", "inbound_nodes": [[["a", 0, 0]]]},
            ],
            "input_layers": [["a", 0, 0]],
            "output_layers": [["b", 0, 0]],
        },
    },
    {
        "class_name": "Functional",
        "config": {
            "layers": [{"class_name": "Dense", "name": "a", "inbound_nodes": [[["x", 0, 0]]]}],
            "input_layers": [["a", 0, 0]],
            "output_layers": [["a", 0, 0]],
        },
    },
]


@pytest.mark.parametrize("document", NOBODY, ids=range(len(NOBODY)))
def test_what_is_no_model_is_refused(document: Any) -> None:
    with pytest.raises(DocumentError):
        architecture_of(document)


def test_models_nested_without_end_are_refused() -> None:
    document: dict[str, Any] = {"class_name": "Dense", "config": {"units": 2}}
    for _ in range(40):
        document = {"class_name": "Sequential", "config": {"layers": [document]}}
    with pytest.raises(DocumentError) as refused:
        architecture_of(document)
    assert refused.value.problems[0].code == "too_deep"


@given(networks().filter(lambda sent: "blocks" not in sent))
@settings(max_examples=5, deadline=None)
def test_an_imported_network_lies_on_the_canvas_without_layers_on_each_other(
    sent: Document,
) -> None:
    architecture = parse(sent)
    found = imported(keras_model(architecture, build(architecture).eval()))
    places = [tuple(place) for place in found.document["layout"].values()]
    assert len(set(places)) == len(found.document["nodes"])
