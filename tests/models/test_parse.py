"""What is not an architecture is refused, with the place and what would be right."""

import copy
import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import DocumentError, Problem
from models.gallery import entries
from models.parse import parse
from tests.models.documents import chain, document


def problems_of(sent: Any) -> list[Problem]:
    with pytest.raises(DocumentError) as refused:
        parse(sent)
    return refused.value.problems


def refused_units(units: Any) -> Problem:
    (problem,) = problems_of(chain(("Dense", {"units": units}), shape=[4]))
    return problem


@pytest.mark.parametrize("units", [True, "5", 5.0, 0, -1, None, [5], {}, 10**300, 2**31])
def test_a_number_of_units_that_is_none_is_refused_where_it_stands(units: Any) -> None:
    problem = refused_units(units)

    assert (problem.where.node, problem.where.path) == ("layer_1", ["params", "units"])
    assert problem.message.startswith("Expected")
    assert "units" in problem.message
    assert len(problem.message) < 400


def test_the_message_says_what_came_and_how_to_write_it() -> None:
    assert refused_units(True).message == "Expected a whole number for units, got true. Correct it."
    assert "Write it without quotes" in refused_units("5").message
    assert "Write it as 5." in refused_units(5.0).message


@pytest.mark.parametrize("units", [1e9, 10**300, 10**12])
def test_units_beyond_all_memory_are_refused_with_the_memory(units: Any) -> None:
    message = refused_units(units).message
    assert "estimated" in message
    assert "are allowed" in message


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b'{"format": NaN}', "not_finite"),
        (b'{"format": 1e999}', "not_finite"),
        (b'{"format": 1, "format": 2}', "duplicate_key"),
        (b"[" * 500 + b"]" * 500, "too_deep"),
        (b'["]", ' * 500 + b"0" + b"]" * 500, "too_deep"),
        (rb'["\"]", ' * 500 + b"0" + b"]" * 500, "too_deep"),
        (b'{"format"', "syntax"),
        (b"\xff", "encoding"),
    ],
)
def test_text_that_is_not_our_json_is_refused(text: bytes, code: str) -> None:
    assert problems_of(text)[0].code == code


@pytest.mark.parametrize("title", ["[" * 100, '"' + "[" * 100, "\\" + "{" * 100])
def test_brackets_in_a_text_are_no_nesting(title: str) -> None:
    assert parse(json.dumps(chain(("Flatten", {}), shape=[4]) | {"name": title})).name == title


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_numbers_that_are_not_finite_are_refused_wherever_they_stand(value: float) -> None:
    (problem,) = problems_of(chain(("Dropout", {"rate": value}), shape=[4]))
    assert problem.code == "not_finite"
    assert problem.where.path == ["params", "rate"]


@pytest.mark.parametrize("sent", [None, 3, "x", [], {}, {"nodes": 5}, {"format": "neuroloom/2"}])
def test_what_is_no_architecture_at_all_is_refused(sent: Any) -> None:
    assert all(problem.severity == "error" for problem in problems_of(sent))


@pytest.mark.parametrize("name", ["dense", "Dens", "os.system", "__class__", "Conv2d"])
def test_an_unknown_layer_type_is_refused_with_what_comes_near(name: str) -> None:
    (problem,) = problems_of(chain((name, {}), shape=[4]))

    assert problem.code == "unknown_layer"
    assert problem.where.path == ["type"]
    assert "Did you mean" in problem.message or "Choose one of" in problem.message
    near = {"dense": "Dense", "Dens": "Dense", "Conv2d": "Conv2D"}
    assert near.get(name, "") in problem.message


def test_unknown_keys_are_refused_at_every_level() -> None:
    unknown = chain(("Dense", {"unit": 3}), shape=[4])
    assert "Did you mean units?" in problems_of(unknown)[0].message
    for path in (["nodes", 0], ["edges", 0], []):
        sent: Any = chain(("Dense", {}), shape=[4])
        place = sent
        for step in path:
            place = place[step]
        place["colour"] = "red"
        (problem,) = problems_of(sent)
        assert problem.code == "unknown_key"
        assert "colour" in problem.message


def test_a_layer_without_parameters_takes_none() -> None:
    (problem,) = problems_of(chain(("Flatten", {"axis": 1}), shape=[4]))
    assert problem.message == 'Expected no parameters for Flatten, got "axis". Remove it.'


def test_too_many_layers_are_counted_before_anything_is_read() -> None:
    sent = {"format": "neuroloom/1", "nodes": [{"id": 5}] * 100_000}
    (problem,) = problems_of(sent)
    assert "100,000" in problem.message
    assert "2,000" in problem.message


def test_an_id_that_occurs_twice_is_refused_even_when_the_first_is_wrong_itself() -> None:
    sent = document(("a", "Dense", {"units": 0}), ("a", "Dense", {}), wires="")
    assert [problem.code for problem in problems_of(sent)] == ["invalid_parameter", "duplicate_id"]


@pytest.mark.parametrize("node", ["", "A", "1a", "a b", "a" * 64, "../x", "ä", "a\n"])
def test_ids_are_plain_names(node: str) -> None:
    assert problems_of(document((node, "Dense", {})))[0].where.path[-1] == "id"


def test_a_wire_to_nowhere_names_both_ends() -> None:
    (problem,) = problems_of(document(("a", "Dense", {}), wires="a>ghost"))
    assert '"a"' in problem.message
    assert '"ghost"' in problem.message


@pytest.mark.parametrize("kernel", [0, [3], [3, 3, 3], [1, True], "3", 2.0, None, [1, 0], 2**31])
def test_a_window_is_one_or_two_whole_numbers(kernel: Any) -> None:
    (problem,) = problems_of(chain(("Conv2D", {"kernel_size": kernel}), shape=[1, 9, 9]))
    assert problem.where.path == ["params", "kernel_size"]


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("Dropout", {"rate": 1.5}),
        ("Dropout", {"rate": "0.5"}),
        ("Dense", {"activation": "rleu"}),
        ("Dense", {"bias_initializer": "orthogonal"}),
        ("Dense", {"kernel_initializer": {"type": "random_normal", "stddev": -1}}),
        ("Dense", {"kernel_initializer": {"type": "random_uniform", "minval": 1, "maxval": 0}}),
        ("Dense", {"kernel_initializer": {"type": "he_norml"}}),
        ("Dense", {"kernel_initializer": 3}),
        ("Dense", {"kernel_initializer": None}),
        ("Conv2D", {"padding": "full"}),
        ("LSTM", {"return_sequences": 1}),
        ("Concatenate", {"axis": 0}),
        ("Input", {"shape": []}),
        ("Input", {"shape": [0]}),
        ("Input", {"shape": [1, 2, 3, 4, 5]}),
        ("BatchNormalization", {"epsilon": 0}),
        ("Output", {"loss_weight": -1}),
        ("Output", {"loss": "MeanSquaredError"}),
        ("Output", {"loss": {"type": 5}}),
        ("Output", {"target": 5}),
    ],
)
def test_parameters_out_of_their_range_are_refused(kind: str, params: dict[str, Any]) -> None:
    (problem,) = problems_of(document(("it", kind, params)))
    assert problem.code == "invalid_parameter"
    assert problem.where.path[:2] == ["params", next(iter(params))]


def test_a_parameter_of_an_initializer_is_named_with_the_initializer() -> None:
    start = {"type": "random_normal", "stddev": -1, "mena": 0}
    wrong, unknown = problems_of(document(("it", "Dense", {"kernel_initializer": start})))

    assert wrong.where.path == ["params", "kernel_initializer", "stddev"]
    assert wrong.message == "Expected at least 0 for stddev of random_normal, got -1. Raise it."
    assert unknown.code == "unknown_parameter"
    assert unknown.where.path == ["params", "kernel_initializer", "mena"]
    assert "Did you mean mean" in unknown.message


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
def test_text_that_no_database_can_keep_is_refused(text: str) -> None:
    sent = {**chain(("Dense", {}), shape=[4]), "name": text}
    (problem,) = problems_of(sent)
    assert problem.code == "text"
    json.dumps(problem.model_dump(), ensure_ascii=False).encode()


@pytest.mark.parametrize("text", ["</script>", "x\rimport os", '"""', "{{7*7}}", "Ω 网络"])
def test_names_that_look_dangerous_are_only_names(text: str) -> None:
    sent = {**chain(("Dense", {}), shape=[4]), "name": text}
    sent["nodes"][1]["title"] = text
    assert parse(sent).name == text
    assert parse(json.dumps(sent)).nodes[1].title == text


def test_a_draft_with_problems_passes() -> None:
    draft = document(("a", "Dense", {}), ("b", "Add", {}), wires="a>b b>a")
    assert len(parse(draft).nodes) == 2


def test_every_problem_is_told_at_once() -> None:
    sent = chain(("Dense", {"units": 0, "activation": "x"}), ("Nope", {}), shape=[4])
    assert len(problems_of(sent)) == 3


def test_parsing_loads_no_torch() -> None:
    modules = "models.parse, models.catalog_of, models.gallery"
    code = f"import {modules}, sys; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from([10**300, -(2**63), "Dense", "input", "neuroloom/1", "relu", "\ud800", "\0"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_whatever_is_done_to_a_document_it_is_read_or_refused(data: st.DataObject) -> None:
    sent: Any = copy.deepcopy(data.draw(st.sampled_from(BASES)))
    for _ in range(data.draw(st.integers(1, 3))):
        _mutate(sent, data)
    try:
        parse(sent)
    except DocumentError as refused:
        for problem in refused.problems:
            json.dumps(problem.model_dump(mode="json"), ensure_ascii=False).encode()


BASES = [json.loads(item.architecture.model_dump_json()) for item in entries()]


def _mutate(value: Any, data: st.DataObject) -> None:
    """Change one thing somewhere inside a document."""
    while True:
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        if not keys:
            return
        key = data.draw(st.sampled_from(keys))
        if isinstance(value[key], dict | list) and value[key] and data.draw(st.integers(0, 3)):
            value = value[key]
            continue
        if data.draw(st.booleans()):
            value[key] = data.draw(JSON)
        elif isinstance(value, dict):
            value[data.draw(st.text(max_size=8))] = value.pop(key)
        else:
            value.append(copy.deepcopy(value[key]))
        return


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(sent: bytes) -> None:
    with pytest.raises(DocumentError):
        parse(sent)
