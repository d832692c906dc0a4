"""Networks in which one thing is wrong: where it is gets told, and a fix, applied, mends it."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from models.architecture import Architecture
from models.check import check
from models.errors import DocumentError, Problem
from models.layers import LAYERS
from models.parse import parse
from tests.models.documents import Document
from tests.models.fixes import apply
from tests.models.graphs import networks

Draw = Callable[[st.SearchStrategy[Any]], Any]
Place = tuple[str | None, list[str]]
"""Node and path of the problem that must be told."""


def found(sent: Document | Architecture) -> list[Problem]:
    """Return all problems, of the document's form or of what it means."""
    try:
        return check(parse(sent)).problems
    except DocumentError as error:
        return error.problems


def out_of_range(sent: Document, draw: Draw) -> Place:
    """Set a size to less than it may be."""

    def below(told: Document) -> Any:
        return told["minimum"] - 1 if told.get("type") == "integer" and "minimum" in told else None

    return _set(sent, draw, below)


def of_another_type(sent: Document, draw: Draw) -> Place:
    """Set a parameter to what none may be."""
    return _set(sent, draw, lambda told: {"type": "nothing like it"})


def _set(sent: Document, draw: Draw, wrong: Callable[[Document], Any]) -> Place:
    """Set a parameter of a layer, of the network or of a block.

    Args:
        wrong: returns a wrong value by the parameter's JSON Schema; None where it has none.
    """
    places = []
    for block, part in [(None, sent), *sent.get("blocks", {}).items()]:
        taken = {tuple(to) for told in part.get("parameters", {}).values() for to in told["sets"]}
        for node in part["nodes"]:
            if node["type"] in ("Block", "Output") or node.get("shares"):
                continue
            schema = LAYERS[node["type"]].model_json_schema().get("properties", {})
            places += [
                (block, node, field, value)
                for field, told in schema.items()
                if (value := wrong(told)) is not None and (node["id"], field) not in taken
            ]
    if not places:
        sent["nodes"][0]["params"]["shape"] = 0
        return sent["nodes"][0]["id"], ["params", "shape"]
    block, node, field, value = draw(st.sampled_from(places))
    node["params"] = {**node.get("params", {}), field: value}
    if block is None:
        return node["id"], ["params", field]
    return None, ["blocks", block, "nodes", node["id"], "params", field]


def of_an_unknown_type(sent: Document, draw: Draw) -> Place:
    node = draw(st.sampled_from(sent["nodes"]))
    node["type"] += "s"
    return node["id"], ["type"]


def with_an_unknown_parameter(sent: Document, draw: Draw) -> Place:
    node = draw(st.sampled_from([node for node in sent["nodes"] if not node.get("shares")]))
    node["params"] = {**node["params"], "unheard_of": 1}
    return node["id"], ["params", "unheard_of"]


def without_a_wire(sent: Document, draw: Draw) -> Place:
    """Take a wire away that a layer cannot do without."""
    edge = draw(st.sampled_from(sent["edges"]))
    sent["edges"].remove(edge)
    return edge["target"], []


def in_a_circle(sent: Document, draw: Draw) -> Place:
    """Lead a layer's output back to itself by one more layer."""
    node = draw(st.sampled_from([node["id"] for node in sent["nodes"] if node["type"] == "Add"]))
    sent["nodes"].append({"id": "back", "type": "Identity"})
    sent["edges"] += [
        {"source": node, "target": "back"},
        {"source": "back", "target": node},
    ]
    return node, []


def with_a_window_that_is_too_large(sent: Document, draw: Draw) -> Place:
    """Put a layer on a wire that takes nothing of the shape that arrives there."""
    edge = draw(st.sampled_from(sent["edges"]))
    sent["nodes"].append({"id": "broken", "type": "MaxPooling3D", "params": {"pool_size": 999}})
    sent["edges"].append({"source": edge["source"], "target": "broken"})
    if edge.get("output"):
        sent["edges"][-1]["output"] = edge["output"]
    edge |= {"source": "broken", "output": None}
    return "broken", []


def with_a_wire_to_nowhere(sent: Document, draw: Draw) -> Place:
    node = draw(st.sampled_from(sent["nodes"]))["id"]
    sent["edges"].append({"source": node, "target": "nowhere"})
    return node, ["edges"]


def with_a_name_given_twice(sent: Document, draw: Draw) -> Place:
    node = draw(st.sampled_from(sent["nodes"]))
    sent["nodes"].append(dict(node))
    return node["id"], ["id"]


BREAKS = [
    out_of_range,
    of_another_type,
    of_an_unknown_type,
    with_an_unknown_parameter,
    without_a_wire,
    in_a_circle,
    with_a_window_that_is_too_large,
    with_a_wire_to_nowhere,
    with_a_name_given_twice,
]
MENDED = (out_of_range, of_another_type)


def broken(network: st.SearchStrategy[Document], how: Callable[..., Place]) -> Any:
    if how is in_a_circle:
        return network.filter(lambda sent: any(node["type"] == "Add" for node in sent["nodes"]))
    return network


@pytest.mark.parametrize("how", BREAKS, ids=lambda how: how.__name__)
def test_what_is_wrong_with_a_network_is_told_where_it_is(how: Callable[..., Place]) -> None:
    @given(broken(networks(most=54), how), st.data())
    @settings(
        max_examples=12,
        derandomize=True,
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    def tried(sent: Document, data: st.DataObject) -> None:
        node, path = how(sent, data.draw)
        told = [
            p for p in found(sent) if p.where.node == node and p.where.path[: len(path)] == path
        ]
        told = [problem for problem in told if problem.severity == "error"]
        assert told, found(sent)
        for problem in told:
            assert problem.message.startswith(("Expected", "Set", "Connect"))
        if how in MENDED:
            assert told[0].fix is not None
        if told[0].fix is not None:
            mended = apply(told[0].fix, Architecture.model_validate(sent))
            again = [(p.code, p.where) for p in found(mended)]
            assert (told[0].code, told[0].where) not in again

    tried()
