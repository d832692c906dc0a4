"""The spark line of a run stays short and true to the whole run."""

from itertools import pairwise

import pytest

from backend.runs.summary import SPARK_POINTS, Summary
from models.training.events import Metrics
from tests.backend.runs.rows import epoch


def spark_after(epochs: int) -> list[float | None]:
    summary = Summary("running", "", 0, {}, {}, [], None, None, None, None, None)
    for number in range(1, epochs + 1):
        summary.read(epoch(number, -1.0), lambda: pytest.fail("no time is asked for"))
        summary.read(epoch(number, float(number), "validation"), lambda: pytest.fail("no time"))
    return summary.spark


def test_a_short_run_shows_the_validation_loss_of_every_epoch():
    assert spark_after(5) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("epochs", [60, 61, 119, 121, 500, 3_001])
def test_a_long_run_shows_evenly_spaced_epochs_from_begin_to_end(epochs: int):
    spark = [value or 0 for value in spark_after(epochs)]
    assert SPARK_POINTS // 2 <= len(spark) <= SPARK_POINTS
    assert len({after - before for before, after in pairwise(spark)}) == 1
    assert spark[-1] > epochs - (spark[1] - spark[0])


def test_a_point_within_an_epoch_leaves_the_epochs_values_alone():
    summary = Summary("running", "", 1, {"loss": 0.5}, {}, [0.5], None, None, None, None, None)
    step = Metrics(split="train", epoch=2, step=9, values={"loss": 9.0}, scope="step")
    summary.read(step, lambda: pytest.fail("no time is asked for"))
    assert (summary.epoch, summary.values, summary.spark) == (1, {"loss": 0.5}, [0.5])
