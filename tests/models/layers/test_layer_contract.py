"""What every layer type promises, tried over the whole catalogue."""

from collections.abc import Iterable
from inspect import signature
from itertools import islice
from typing import Any

import pytest
import torch
from torch.func import functional_call

from models.check import check
from models.export.keras_weights import from_keras, to_keras
from models.export.program import program, run_onnx, to_onnx
from models.export.pytorch import source
from models.layers import GROUPS, LAYERS
from models.layers.activations import ACTIVATIONS
from models.layers.one_of import Part
from models.network import Network, build
from models.parse import parse
from tests.models.layers.cases import CASES, Case, label
from tests.models.layers.twins import alone, answer, batch_for, keras_layer, keras_twin, network_of

# Keras's variables do not know numpy 2's copy keyword yet.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

over_all = pytest.mark.parametrize("case", CASES, ids=label)
over_compared = pytest.mark.parametrize(
    "case", [case for case in CASES if case[0].differs is None], ids=label
)
over_types = pytest.mark.parametrize("name", LAYERS)


def random_in_training(case: Case) -> bool:
    """Return whether numbers are drawn in training, other ones than in Keras: see `test_noise`."""
    rates = (getattr(case[0], name, 0) for name in ("rate", "dropout", "recurrent_dropout"))
    return any(0 < rate < 1 for rate in rates) or getattr(case[0], "stddev", 0) > 0


def differing(case: Case) -> str | None:
    """Return why a layer's numbers are not Keras's, where its declaration says so."""
    activation = ACTIVATIONS.get(getattr(case[0], "activation", "linear"))
    return activation.differs if activation is not None else None


def test_every_layer_type_is_among_the_cases() -> None:
    told = {name for name, layer in LAYERS.items() if layer.role == "layer"}
    assert {type(layer).__name__ for layer, _ in CASES} == told


@over_types
def test_a_layer_says_what_it_is(name: str) -> None:
    layer = LAYERS[name]
    schema = layer.model_json_schema()

    assert (layer.__doc__ or "").split("\n")[0].endswith((".", ";", ":"))
    assert layer.group in GROUPS
    assert 1 <= len(layer.glyph) <= 2
    for field, told in schema.get("properties", {}).items():
        assert len(told.get("description", "")) > 10, f"{name}.{field} has no description"
        assert "default" in told, f"{name}.{field} has no default"
    assert set(layer.headline) <= set(layer.model_fields)
    assert len(set(layer.ports)) == len(layer.ports)
    assert not layer.ports or layer.arity[1] == len(layer.ports)


@pytest.mark.parametrize("rows", [1, 2, 17])
@pytest.mark.parametrize(
    ("training", "case"),
    [
        pytest.param(training, case, id=f"{'in training' if training else 'in use'}-{label(case)}")
        for training in (False, True)
        for case in CASES
        if case[0].differs is None and not (training and random_in_training(case))
    ],
)
def test_a_layer_gives_what_keras_gives(training: bool, case: Case, rows: int) -> None:
    if reason := differing(case):
        pytest.skip(reason)
    layer, shapes = case
    network = network_of(layer, *shapes).train(training)
    inputs = batch_for(layer, rows, *shapes)
    theirs = keras_twin(layer, network, *shapes)

    with torch.no_grad():
        ours = network(*inputs)
    expected = answer(theirs, inputs, training)

    torch.testing.assert_close(ours, expected, atol=1e-5, rtol=1e-5)
    # What a step of training leaves behind, such as running averages, is the same too.
    with torch.no_grad():
        torch.testing.assert_close(
            network.eval()(*inputs), answer(theirs, inputs, False), atol=1e-5, rtol=1e-5
        )


@over_compared
def test_a_layer_counts_parameters_as_keras_does(case: Case) -> None:
    layer, shapes = case
    network = network_of(layer, *shapes)
    theirs = keras_twin(layer, network, *shapes)
    report = check(alone(layer, *shapes))

    assert report.parameters == theirs.count_params()
    learned = sum(weight.value.numel() for weight in theirs.trainable_weights)
    assert report.trainable_parameters == learned
    assert learned == sum(p.numel() for p in network.parameters() if p.requires_grad)


@over_all
def test_the_shape_that_check_tells_is_the_shape_that_comes_out(case: Case) -> None:
    layer, shapes = case
    report = check(alone(layer, *shapes))
    with torch.no_grad():
        result = build(alone(layer, *shapes)).eval()(*batch_for(layer, 3, *shapes))

    assert report.ok, report.problems
    assert tuple(report.nodes["layer"].output_shape or ()) == tuple(result.shape[1:])
    assert report.nodes["output"].output_shape == report.nodes["layer"].output_shape


@over_all
def test_gradients_are_those_of_finite_differences(case: Case) -> None:
    layer, shapes = case
    network = network_of(layer, *shapes).double()
    network.train(not random_in_training(case) and layer.rewrites is None)
    inputs = [entry.double() for entry in batch_for(layer, 2, *shapes)]
    learned = {name: p for name, p in network.named_parameters() if p.requires_grad}
    if not layer.reads_codes:
        inputs = [entry.requires_grad_() for entry in inputs]

    def compute(*values: torch.Tensor) -> torch.Tensor:
        weights = dict(zip(learned, values[len(inputs) :], strict=True))
        return functional_call(network, weights, values[: len(inputs)])

    assert torch.autograd.gradcheck(compute, (*inputs, *learned.values()), fast_mode=True)


@over_all
def test_the_printed_source_is_the_layer(case: Case) -> None:
    layer, shapes = case
    network = network_of(layer, *shapes).eval()
    namespace: dict[str, Any] = {"__name__": "printed"}
    exec(compile(source(alone(layer, *shapes)), "printed.py", "exec"), namespace)
    printed = namespace["build"]().eval()

    printed.load_state_dict(network.state_dict())

    inputs = batch_for(layer, 3, *shapes)
    with torch.no_grad():
        torch.testing.assert_close(printed(*inputs), network(*inputs), atol=0, rtol=0)


@over_all
def test_weights_go_to_keras_and_come_back(case: Case) -> None:
    layer, shapes = case
    weights = layer.keras_weights(*shapes)
    if not weights:
        return
    (module,) = (m for m in network_of(layer, *shapes).modules_of("layer") if m.state_dict())
    (other,) = (m for m in build(alone(layer, *shapes)).modules_of("layer") if m.state_dict())

    from_keras(other, weights, to_keras(module, weights))

    for name, tensor in module.state_dict().items():
        torch.testing.assert_close(other.state_dict()[name], tensor, atol=0, rtol=0)


@over_all
def test_a_layer_survives_json(case: Case) -> None:
    layer, shapes = case
    architecture = alone(layer, *shapes)
    again = parse(architecture.model_dump_json().encode())
    node = next(node for node in again.nodes if node.id == "layer")

    assert again == architecture
    assert type(layer).model_validate(node.params) == layer


@over_types
def test_defaults_are_those_of_keras(name: str) -> None:
    if LAYERS[name].role != "layer" or LAYERS[name].differs:
        return
    layer = LAYERS[name]()
    made = keras_layer(layer)
    theirs = made.get_config()

    for field in type(layer).model_fields:
        if field in layer.required or field not in theirs:
            continue
        if getattr(layer, field) is None:
            # Keras works out what it means; its own default is the same.
            assert signature(type(made).__init__).parameters[field].default is None, field
            continue
        assert _plain(getattr(layer, field)) == _plain(theirs[field]), field


FIRST = {type(layer): (layer, shapes) for layer, shapes in reversed(CASES)}
LAST = {type(layer): (layer, shapes) for layer, shapes in CASES}
# Two shapes of each type; of steps that are unrolled one, because exporting them takes long.
SLOW = ("Recurrent", "Attention")
BY_GROUP = {
    group: {
        label(case): case
        for case in [*FIRST.values(), *(LAST.values() if group not in SLOW else ())]
        if case[0].group == group
    }
    for group in dict.fromkeys(layer.group for layer in FIRST)
}


@pytest.mark.parametrize("group", BY_GROUP)
def test_a_layer_runs_as_onnx_to_the_same_output(group: str) -> None:
    # Exporting one network takes a second, many as one not much longer.
    cases = BY_GROUP[group].values()
    together = Together(network_of(layer, *shapes) for layer, shapes in cases).eval()

    def batch(rows: int) -> list[torch.Tensor]:
        return [entry for layer, shapes in cases for entry in batch_for(layer, rows, *shapes)]

    given, names = batch(3), list(BY_GROUP[group])
    made = to_onnx(program(together, *given), [f"x{n}" for n, _ in enumerate(given)], names)
    content = made.SerializeToString()
    for rows in (1, 2, 17):
        with torch.no_grad():
            expected = together(*batch(rows))
        found = run_onnx(content, *batch(rows))
        for name, ours, theirs in zip(names, expected, found, strict=True):
            torch.testing.assert_close(
                theirs, ours, atol=1e-5, rtol=1e-5, msg=lambda told, name=name: f"{name}: {told}"
            )


class Together(torch.nn.Module):
    """Networks side by side, each on its own inputs."""

    def __init__(self, networks: Iterable[Network]) -> None:
        super().__init__()
        self.networks = torch.nn.ModuleList(networks)

    def forward(self, *inputs: torch.Tensor) -> tuple[torch.Tensor, ...]:
        rest = iter(inputs)
        return tuple(net(*islice(rest, len(net.plan.inputs))) for net in self.networks)


def _plain(value: Any) -> Any:
    """Return a value of either library in one way: (3, 3) as 3, GlorotUniform as glorot_uniform."""
    if isinstance(value, Part):
        return value.name
    if isinstance(value, dict) and "class_name" in value:
        name = value["class_name"]
        return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).strip("_")
    if isinstance(value, list | tuple):
        entries = [_plain(entry) for entry in value]
        return entries[0] if entries and all(entry == entries[0] for entry in entries) else entries
    return value
