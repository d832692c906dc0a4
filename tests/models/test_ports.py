"""Named inputs: wires find their place by name or in order, and what is wrong can be mended."""

from collections.abc import Iterator
from typing import Any

import pytest
import torch

from models.call import call
from models.check import check
from models.layers import LAYERS
from models.layers.base import Layer, Shape, Step
from models.network import build
from models.parse import parse
from tests.models.documents import Document, document
from tests.models.fixes import apply
from tests.models.problems import only


class Blend(Layer):
    """Gives first − second (− third): an order of inputs that shows in the answer.

    Shapes: the same for all inputs → the same.
    """

    group = "Merging"
    glyph = "Bl"
    arity = (2, 4)
    ports = ("first", "second", "third", "fourth")

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        return (Step(call("operator.sub"), kind="fold"),)


@pytest.fixture(autouse=True)
def _a_layer_with_named_inputs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(LAYERS, "Blend", Blend)
    return


VALUES = {"a": 100.0, "b": 10.0, "c": 1.0, "d": 0.1}


def blend(wires: str) -> Document:
    """Return a document with inputs a, b, c, d; wires are "a b:first", with or without a port."""
    used = sorted({wire[0] for wire in wires.split()})
    sent = document(
        *((name, "Input", {"shape": [1]}) for name in used),
        ("it", "Blend", {}),
        ("output", "Output", {}),
        wires="it>output",
    )
    for wire in wires.split():
        source, _, port = wire.partition(":")
        sent["edges"].append({"source": source, "target": "it"} | ({"port": port} if port else {}))
    return sent


def answer(sent: Any) -> float:
    architecture = parse(sent)
    inputs = [node.id for node in architecture.nodes if node.type == "Input"]
    return build(architecture)(*(torch.tensor([[VALUES[name]]]) for name in inputs)).item()


@pytest.mark.parametrize(
    ("wires", "result"),
    [
        ("a b", 90),
        ("b a", -90),
        ("a:second b:first", -90),
        ("a b:first", -90),
        ("c:third a b", 89),
        ("a c b:first", 10 - 100 - 1),
        ("d:fourth c:third b:second a:first", 88.9),
        ("a:first a:second", 0),
    ],
)
def test_a_wire_goes_to_its_port_and_the_others_fill_what_is_left_in_order(
    wires: str, result: float
) -> None:
    assert check(parse(blend(wires))).ok
    assert answer(blend(wires)) == pytest.approx(result, abs=1e-4)


@pytest.mark.parametrize(
    ("wires", "code", "said"),
    [
        ("a b:secnd", "unknown_port", ['"secnd"', "first, second, third", "input second"]),
        ("a:first b:first", "duplicate_port", ['"a" and from "b"', '"first"', "input second"]),
        ("a:first b:second c:fourth", "missing_port", ['"third"', '"fourth"']),
    ],
)
def test_a_wrong_port_is_told_and_mended(wires: str, code: str, said: list[str]) -> None:
    sent = blend(wires)
    problem = only(check(parse(sent)))
    assert problem.code == code
    for words in said:
        assert words in problem.message
    assert problem.where.node == "it"
    assert check(apply(problem.fix, parse(sent))).ok


def test_a_port_that_needs_a_wire_is_named_and_connected() -> None:
    sent = blend("a:second b:third c")
    del sent["edges"][3]
    report = check(parse(sent))
    problem = next(entry for entry in report.problems if entry.code == "missing_input")
    assert 'input "first"' in problem.message
    assert answer(apply(problem.fix, parse(sent))) == pytest.approx(1 - 100 - 10)


def test_one_wire_too_many_is_told_as_on_any_layer() -> None:
    problem = only(check(parse(blend("a b c d a"))))
    assert problem.code == "too_many_inputs"


def test_when_all_are_taken_a_wire_is_removed() -> None:
    sent = blend("a:first b:second c:third d:fourth a:fourth")
    problem = next(p for p in check(parse(sent)).problems if p.code == "duplicate_port")
    assert check(apply(problem.fix, parse(sent))).ok


def test_a_layer_without_named_inputs_takes_no_port() -> None:
    sent = document(("input", "Input", {"shape": [1]}), ("output", "Output", {}))
    sent["edges"][0]["port"] = "first"
    problem = only(check(parse(sent)))
    assert "no named inputs" in problem.message
    assert check(apply(problem.fix, parse(sent))).ok
