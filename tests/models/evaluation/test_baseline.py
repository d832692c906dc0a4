"""The trivial model that curves are held against is scikit-learn's dummy."""

import numpy as np
import pytest
from sklearn import metrics as sklearn
from sklearn.dummy import DummyClassifier, DummyRegressor

from models.evaluation.baseline import baseline
from models.objectives.losses import LOSSES
from tests.models.training.cases import BINARY, CLASSES, REGRESSION, Case

OF_CLASSES = [name for name, loss in LOSSES.items() if "classification" in (loss.tasks or ())]


@pytest.mark.parametrize("case", [BINARY, CLASSES], ids=lambda case: case.name)
def test_of_classes_it_is_their_shares_in_the_training_part(case: Case) -> None:
    prepared = case.prepared(validation=40)
    assert prepared.validation is not None
    train, asked = (part.y.reshape(-1).numpy() for part in (prepared.train, prepared.validation))
    dummy = DummyClassifier(strategy="prior").fit(np.zeros((len(train), 1)), train)
    nothing = np.zeros((len(asked), 1))

    found = baseline(prepared, case.recipe(metrics=["auc"]))

    assert found == {
        "loss": pytest.approx(sklearn.log_loss(asked, dummy.predict_proba(nothing)), abs=1e-6),
        "accuracy": pytest.approx(dummy.score(nothing, asked)),
        "auc": 0.5,
    }


@pytest.mark.parametrize(
    ("loss", "score"),
    [
        ("MeanSquaredError", sklearn.mean_squared_error),
        ("MeanAbsoluteError", sklearn.mean_absolute_error),
        ("RootMeanSquaredError", sklearn.root_mean_squared_error),
    ],
)
def test_of_numbers_it_is_the_mean_of_the_training_part(loss: str, score: object) -> None:
    prepared = REGRESSION.prepared(validation=40)
    assert prepared.validation is not None
    assert callable(score)
    train, asked = (part.y.reshape(-1).numpy() for part in (prepared.train, prepared.validation))
    dummy = DummyRegressor().fit(np.zeros((len(train), 1)), train)
    mean = dummy.predict(np.zeros((len(asked), 1)))

    found = baseline(prepared, REGRESSION.recipe(loss={"type": loss}, metrics=["max_error"]))

    assert found == {
        "loss": pytest.approx(score(asked, mean), abs=1e-6),
        "mae": pytest.approx(sklearn.mean_absolute_error(asked, mean), abs=1e-6),
        "rmse": pytest.approx(sklearn.root_mean_squared_error(asked, mean), abs=1e-6),
        "r2": pytest.approx(sklearn.r2_score(asked, mean), abs=1e-6),
        "max_error": pytest.approx(sklearn.max_error(asked, mean), abs=1e-6),
    }


@pytest.mark.parametrize("name", OF_CLASSES)
def test_whatever_the_loss_the_most_frequent_class_is_predicted(name: str) -> None:
    prepared = BINARY.prepared(validation=40)
    assert prepared.validation is not None
    usual = round(float(prepared.train.y.mean()))

    found = baseline(prepared, BINARY.recipe(loss={"type": name}))

    assert found["accuracy"] == pytest.approx(
        float((prepared.validation.y == usual).float().mean())
    )
