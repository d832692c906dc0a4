"""Order, cycles and what leads where."""

from hypothesis import given
from hypothesis import strategies as st

from models.graph import Graph
from models.parse import parse
from tests.models.documents import document


def graph(wires: str, nodes: str = "abcdef") -> Graph:
    edges = parse(document(*((node, "Add", {}) for node in nodes), wires=wires)).edges
    return Graph(nodes, edges)


def test_every_node_comes_after_its_inputs() -> None:
    order = graph("c>b b>a a>d c>d").order
    assert order.index("c") < order.index("b") < order.index("a") < order.index("d")


def test_inputs_keep_the_order_of_their_wires() -> None:
    assert graph("b>d a>d b>d").inputs_of("d") == ("b", "a", "b")


def test_a_cycle_is_told_in_the_direction_of_its_wires() -> None:
    cycle = graph("a>b b>c c>d d>b d>e").cycle
    assert sorted(cycle) == ["b", "c", "d"]
    assert "".join(cycle * 2).count("bcd") >= 1


def test_a_layer_that_feeds_itself_is_a_cycle() -> None:
    assert graph("a>b b>b").cycle == ("b",)


def test_what_wires_lead_to_is_known_both_ways() -> None:
    wires = graph("a>b b>c d>c e>f")
    assert wires.reached_from(["a"]) == {"a", "b", "c"}
    assert wires.leading_to(["c"]) == {"a", "b", "c", "d"}


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=20))
def test_any_wires_give_an_order_or_a_cycle(pairs: list[tuple[int, int]]) -> None:
    nodes = "abcdefgh"
    found = graph(" ".join(f"{nodes[a]}>{nodes[b]}" for a, b in pairs), nodes)
    place = {node: number for number, node in enumerate(found.order)}

    for a, b in pairs:
        if nodes[b] in place:
            assert place[nodes[a]] < place[nodes[b]]
    assert bool(found.cycle) == (len(found.order) < len(nodes))
    for source, target in zip(found.cycle, (*found.cycle[1:], *found.cycle[:1]), strict=True):
        assert source in found.inputs_of(target)
