"""The catalogue tells the browser all that it needs to draw a layer it has never heard of."""

from typing import Any

import pytest

from models.catalog import LayerType
from models.catalog_of import catalog
from models.layers import GROUPS, LAYERS

OBJECTIVES = [
    *("losses", "optimizers", "schedules", "metrics"),
    *("initializers", "regularizers", "constraints"),
]


def properties(layer: LayerType) -> dict[str, Any]:
    return layer.params.get("properties", {})


def test_every_layer_type_is_there_in_a_group_with_a_colour() -> None:
    told = catalog()
    colors = {group.name: group.color for group in told.groups}
    assert [layer.type for layer in told.layers] == list(LAYERS)
    assert colors == GROUPS
    assert {layer.group for layer in told.layers} == set(colors)


@pytest.mark.parametrize("layer", catalog().layers, ids=lambda layer: layer.type)
def test_a_form_can_be_drawn_for_every_layer(layer: LayerType) -> None:
    assert layer.summary
    assert layer.params.get("additionalProperties") is False
    for name, field in properties(layer).items():
        assert field["title"], name
        assert field["description"], name
        assert "default" in field, name
        assert {"type", "enum", "anyOf"} & set(field), name
    assert set(layer.headline) <= set(properties(layer))


@pytest.mark.parametrize("layer", catalog().layers, ids=lambda layer: layer.type)
def test_choices_name_entries_of_the_catalogue(layer: LayerType) -> None:
    told = catalog()
    known = {
        name: {entry.type for entry in getattr(told, name)}
        for name in ("activations", "initializers", "regularizers", "constraints", "layers")
    }
    for field in properties(layer).values():
        if "x-catalog" in field:
            names = field["enum"] if "enum" in field else field["anyOf"][0]["enum"]
            assert set(names) <= known[field["x-catalog"]]
            default = field["default"]
            assert (default["type"] if isinstance(default, dict) else default) in (*names, None)


def test_sliders_lie_within_what_is_allowed() -> None:
    sliders = [
        f for layer in catalog().layers for f in properties(layer).values() if "x-range" in f
    ]
    assert sliders
    for field in sliders:
        low, high = field["x-range"]
        assert field.get("minimum", low) <= low < high <= field.get("maximum", high)
        assert low <= field["default"] <= field.get("maximum", high)


@pytest.mark.parametrize("layer", catalog().layers, ids=lambda layer: layer.type)
def test_values_that_are_one_click_away_are_allowed(layer: LayerType) -> None:
    for name, field in properties(layer).items():
        for preset in field.get("x-presets", []):
            assert LAYERS[layer.type].model_validate({name: preset["value"]})
            assert preset["label"]


def test_the_slope_of_the_course_is_one_click_away() -> None:
    leaky = next(layer for layer in catalog().layers if layer.type == "LeakyReLU")
    presets = properties(leaky)["negative_slope"]["x-presets"]
    assert {"label": "0.1, as in the course", "value": 0.1} in presets


@pytest.mark.parametrize("kind", OBJECTIVES)
def test_every_objective_has_a_title_and_described_parameters(kind: str) -> None:
    entries = getattr(catalog(), kind)
    assert entries
    for entry in entries:
        assert entry.title
        assert entry.summary
        for name, field in entry.params.get("properties", {}).items():
            assert field.get("description"), f"{entry.type}.{name}"


def test_the_curve_of_relu_is_that_of_relu() -> None:
    relu = next(entry for entry in catalog().activations if entry.type == "relu")
    assert len(relu.curve) > 40
    for x, value, slope in relu.curve:
        assert value == max(0, x)
        assert x == 0 or slope == (x > 0)
