"""What is wrong with a value is told in one way, whoever reads it: expected, received, mending."""

import re
from collections import Counter
from typing import Any

import annotated_types
import pytest
from pydantic import ValidationError

from models.errors import Document, DocumentError
from models.objectives.base import declare
from models.objectives.optimizers import OPTIMIZERS
from models.parse import parse
from models.recipe import EarlyStopping, Objective, Recipe, Split
from models.wording import expected, mend
from tests.models.documents import chain

SENTENCES = re.compile(r"Expected .+, got .+\. \S.*[.?…]")


def everything_read() -> list[type[Document]]:
    """Return every kind of document, those that are parts of others included."""
    found, waiting = [], [Document]
    while waiting:
        found.append(kind := waiting.pop())
        waiting += kind.__subclasses__()
    return found


@pytest.mark.parametrize("kind", everything_read(), ids=lambda kind: kind.__name__)
def test_no_field_has_two_bounds_of_one_kind_of_which_only_one_would_hold(kind: Any) -> None:
    bounds = (annotated_types.Ge, annotated_types.Gt, annotated_types.Le, annotated_types.Lt)
    for name, field in kind.model_fields.items():
        said = Counter(type(entry) for entry in field.metadata if isinstance(entry, bounds))
        assert not [bound for bound, times in said.items() if times > 1], name


@pytest.mark.parametrize("share", [-0.1, -1e-9, 1, 1.5])
def test_a_share_of_the_rows_is_from_0_to_less_than_1(share: float) -> None:
    for part in ("validation", "test"):
        with pytest.raises(ValidationError, match=part):
            Split.model_validate({part: share})
    with pytest.raises(ValidationError):
        EarlyStopping(min_delta=-0.1)


@pytest.mark.parametrize(
    ("recipe", "said"),
    [
        ({"epochs": 0}, ("at least 1", "Raise it.")),
        ({"epochs": 10**9}, ("at most 1,000,000", "Lower it.")),
        ({"epochs": True}, ("a whole number", "Correct it.")),
        ({"epochs": "5"}, ("a whole number", "Write it without quotes.")),
        ({"epochs": 5.0}, ("a whole number", "Write it as 5.")),
        ({"epochs": 2.5}, ("a whole number", "Round it.")),
        ({"epochs": 1e300}, ("a whole number of fewer digits", "Lower it.")),
        ({"tolerance": "1e-3"}, ("a number", "Write it without quotes.")),
        ({"optimizer": "Adam"}, ("an object", "Correct it.")),
        ({"target": ""}, ("at least 1 character", "Fill it in.")),
        ({"target": "x" * 500}, ("at most 200 characters", "Shorten it.")),
        ({"task": "guess"}, ("'regression', 'classification' or 'multilabel'", "Correct it.")),
    ],
)
def test_a_value_that_is_refused_says_what_was_expected_and_how_to_mend_it(
    recipe: dict[str, Any], said: tuple[str, str]
) -> None:
    with pytest.raises(ValidationError) as caught:
        Recipe.model_validate(recipe)
    detail = caught.value.errors()[0]
    assert (expected(detail), mend(detail)) == said


@pytest.mark.parametrize(
    ("params", "message"),
    [
        (
            {"learning_rate": 0},
            "Expected more than 0 for learning_rate of Adam, got 0. Raise it.",
        ),
        (
            {"learning_rte": 1},
            'Expected a parameter of Adam, got "learning_rte". Did you mean learning_rate',
        ),
        ({"amsgrad": "true"}, "Expected true or false for amsgrad of Adam"),
    ],
)
def test_an_optimizer_tells_what_is_wrong_as_a_layer_does(
    params: dict[str, Any], message: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        declare(OPTIMIZERS, Objective(type="Adam", **params), "optimizer", ["recipe", "optimizer"])
    (problem,) = caught.value.problems
    assert problem.message.startswith(message)
    assert SENTENCES.fullmatch(problem.message)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"layout": {"input": [0]}}, "Expected entry 2 of input, got nothing."),
        ({"layout": {"A b": [0, 0]}}, "a lower-case letter and then up to 62"),
        ({"name": "x" * 201}, "at most 200 characters"),
    ],
)
def test_a_document_tells_its_mistakes_in_words(change: dict[str, Any], said: str) -> None:
    with pytest.raises(DocumentError) as caught:
        parse({**chain(), **change})
    (problem,) = caught.value.problems
    assert said in problem.message
    assert SENTENCES.fullmatch(problem.message)
    assert "[key]" not in problem.where.path


def test_a_choice_among_numbers_is_told_as_numbers() -> None:
    with pytest.raises(DocumentError) as caught:
        parse(chain(("Concatenate", {"axis": 7})))
    assert "one of -1, 1, 2, 3, -2 or -3 for axis, got 7" in caught.value.problems[0].message
