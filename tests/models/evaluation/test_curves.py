"""Curves and examples of classes, against scikit-learn and a matrix worked by hand."""

import numpy as np
import pytest
import torch
from sklearn import metrics as sklearn
from sklearn.calibration import calibration_curve

from models.evaluation.cells import MAX_IN_ALL, MAX_IN_CELL, cells
from models.evaluation.curves import MAX_POINTS, curves


def scored(count: int, digits: int) -> tuple[np.ndarray, np.ndarray]:
    """Return scores, of which many are equal with few digits, and which are right, about."""
    random = np.random.default_rng(3)
    right = random.random(count) < 0.3
    return np.clip(random.normal(0.4 + 0.2 * right, 0.2), 0, 1).round(digits), right


def told(scores: np.ndarray, right: np.ndarray) -> dict:
    (found,) = curves(torch.tensor(scores)[:, None], torch.tensor(right)[:, None], ["a"])
    return found


@pytest.mark.parametrize("digits", [1, 6])
def test_few_examples_give_every_point_of_scikit_learns_curves(digits: int) -> None:
    scores, right = scored(80, digits)
    found = told(scores, right)
    false, true, _ = sklearn.roc_curve(right, scores, drop_intermediate=False)
    np.testing.assert_allclose(found["false_positive_rate"], false)
    np.testing.assert_allclose(found["recall"], true)
    # scikit-learn goes the other way round, and has the threshold above all scores at the end.
    precision, recall, _ = sklearn.precision_recall_curve(right, scores)
    np.testing.assert_allclose(found["precision"], precision[::-1])
    np.testing.assert_allclose(found["recall"], recall[::-1])


def test_many_examples_are_thinned_and_the_areas_stay_those_of_all() -> None:
    scores, right = scored(20_000, 9)
    right &= np.random.default_rng(4).random(len(right)) < 0.02
    found = told(scores, right)
    assert found["auc"] == pytest.approx(sklearn.roc_auc_score(right, scores))
    expected = sklearn.average_precision_score(right, scores)
    assert found["average_precision"] == pytest.approx(expected)
    points = np.array([found["recall"], found["false_positive_rate"]])
    assert points.shape[1] <= MAX_POINTS
    assert points[:, 0].tolist() == [0, 0]
    assert points[:, -1].tolist() == [1, 1]
    # Also of a rare class no piece of the curve is left out that could be seen.
    assert np.abs(np.diff(points)).sum(axis=0).max() < 0.05
    whole = np.interp(points[1], *sklearn.roc_curve(right, scores, drop_intermediate=False)[:2])
    np.testing.assert_allclose(points[0], whole, atol=0.02)


def test_calibration_is_that_of_scikit_learn() -> None:
    scores, right = scored(3_000, 2)
    scores[:2] = 0, 1
    found = told(scores, right)["calibration"]
    share, probability = calibration_curve(right, scores, n_bins=10)
    np.testing.assert_allclose([each["share"] for each in found], share)
    np.testing.assert_allclose([each["probability"] for each in found], probability)
    assert sum(each["examples"] for each in found) == len(scores)


def test_a_class_that_all_or_none_have_has_no_curve() -> None:
    right = torch.tensor([[True, False, True], [True, False, False]])
    found = curves(torch.rand(2, 3), right, ["all", "none", "one"])
    assert [each["name"] for each in found] == ["one"]


def test_each_cell_shows_what_is_most_worth_a_look() -> None:
    truth, guess = torch.tensor([0, 0, 0, 1, 1]), torch.tensor([0, 0, 1, 0, 0])
    sure = torch.tensor([0.9, 0.6, 0.7, 0.55, 0.8])
    found = cells(truth, guess, sure, np.array([10, 11, 12, 13, 14]), ["cat", "dog"])
    assert [(each["expected"], each["predicted"]) for each in found] == [
        ("cat", "cat"),
        ("cat", "dog"),
        ("dog", "cat"),
    ]
    assert [[one["row"] for one in each["examples"]] for each in found] == [
        [11, 10],
        [12],
        [14, 13],
    ]
    assert found[1]["examples"][0]["probability"] == pytest.approx(0.7)


@pytest.mark.parametrize(("classes", "most"), [(2, MAX_IN_CELL), (60, 1)])
def test_examples_are_bounded_and_no_cell_is_without(classes: int, most: int) -> None:
    every = torch.cartesian_prod(torch.arange(classes), torch.arange(classes)).repeat(20, 1)
    names = [str(code) for code in range(classes)]
    rows = np.arange(len(every))
    found = cells(every[:, 0], every[:, 1], torch.rand(len(every)), rows, names)
    assert len(found) == classes**2
    assert {len(each["examples"]) for each in found} == {most}
    assert most == 1 or most * len(found) <= MAX_IN_ALL
