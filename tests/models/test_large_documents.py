"""The largest documents that are allowed, in every form, are read and checked in no time."""

import time
from collections.abc import Callable
from itertools import pairwise

import pytest

from models.architecture import MAX_EDGES, MAX_NODES
from models.check import Report, check
from models.errors import DocumentError
from models.parse import parse
from tests.models.documents import Document, chain, document

SECONDS = 10.0
"""Of processor time: five times what people are promised, and a hundredth of what a walk through
the layers takes that is quadratic."""
INNER = MAX_NODES - 2
DENSE = ("Dense", {"units": 4})


def line(kinds: int = 1) -> Document:
    """As many layers in a row as are allowed, of so many different sizes."""
    layers = [("Dense", {"units": 4 + number % kinds}) for number in range(INNER)]
    return chain(*layers, shape=[4])


def fan() -> Document:
    """One layer that adds what all others give."""
    middle = [f"n{number}" for number in range(INNER - 1)]
    wires = [wire for node in middle for wire in (f"input>{node}", f"{node}>add")]
    return document(
        ("input", "Input", {"shape": [4]}),
        *((node, *DENSE) for node in middle),
        ("add", "Add", {}),
        ("output", "Output", {}),
        wires=" ".join([*wires, "add>output"]),
    )


def mesh(kind: str) -> Document:
    """Every layer takes all before it: as many wires as are allowed."""
    nodes = ["input", "first"]
    wires = ["input>first"]
    while len(wires) + len(nodes) < MAX_EDGES:
        node = f"n{len(nodes)}"
        wires += [f"{source}>{node}" for source in nodes]
        nodes.append(node)
    return document(
        ("input", "Input", {"shape": [4]}),
        ("first", *DENSE),
        *((node, kind, {}) for node in nodes[2:]),
        ("output", "Output", {}),
        wires=" ".join([*wires, f"{nodes[-1]}>output"]),
    )


def shared() -> Document:
    """Every layer has the weights of the one before it."""
    sent = line()
    for before, node in pairwise(sent["nodes"][1:-1]):
        node["shares"] = before["id"]
    return sent


def shared_in_a_circle() -> Document:
    sent = shared()
    sent["nodes"][1]["shares"] = sent["nodes"][-2]["id"]
    return sent


def circle() -> Document:
    sent = line()
    first, last = sent["nodes"][1]["id"], sent["nodes"][-2]["id"]
    sent["edges"].append({"source": last, "target": first})
    return sent


def tower() -> Document:
    """A block of one layer, as often as there may be layers."""
    block = document(("x", "Input", {}), ("dense", *DENSE), ("y", "Output", {}))
    sent = chain(("Block", {"block": "floor", "repeat": 600}), shape=[4])
    sent["blocks"] = {"floor": {"nodes": block["nodes"], "edges": block["edges"]}}
    return sent


def checked(sent: Document) -> Report:
    """Check a document, and see that it took no more than `SECONDS`."""
    begin = time.process_time()
    report = check(parse(sent))
    assert time.process_time() - begin < SECONDS
    return report


@pytest.mark.parametrize(
    "make",
    [line, lambda: line(500), fan, lambda: mesh("Add"), shared, tower],
    ids=["line", "line of many sizes", "fan", "mesh", "shared", "tower"],
)
def test_the_largest_networks_are_checked_in_no_time(make: Callable[[], Document]) -> None:
    report = checked(make())
    assert report.ok, report.problems[0]


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (circle, "cycle"),
        (shared_in_a_circle, "sharing_circle"),
        (lambda: mesh("Concatenate"), "out_of_memory"),
    ],
    ids=["circle", "shared in a circle", "mesh that doubles"],
)
def test_what_is_wrong_with_the_largest_networks_is_told_in_no_time(
    make: Callable[[], Document], code: str
) -> None:
    problem = next(p for p in checked(make()).problems if p.severity == "error")
    assert problem.code == code
    assert len(problem.message) < 1_000


def test_as_many_wires_to_nowhere_as_are_allowed_are_refused_in_no_time() -> None:
    sent = line()
    sent["edges"] = [{"source": f"a{n}", "target": f"b{n}"} for n in range(MAX_EDGES)]
    begin = time.process_time()
    with pytest.raises(DocumentError) as refused:
        parse(sent)
    assert time.process_time() - begin < SECONDS
    assert len(refused.value.problems) == 100


def test_positions_are_counted_before_they_are_read() -> None:
    sent = {**line(), "layout": {f"n{number}": ["?"] for number in range(100_000)}}
    with pytest.raises(DocumentError) as refused:
        parse(sent)
    assert "2,000 positions, got 100,000" in str(refused.value)
