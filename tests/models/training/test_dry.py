"""Before anything is learnt it is known what a step takes, and whether that fits."""

import pytest
import torch

from models.errors import DocumentError
from models.training import device as devices
from models.training.dry import _left, bytes_per_row, check_memory
from models.training.loop import train
from models.training.plan import plan
from models.training.work import Work
from tests.models.training.cases import CASES, CLASSES, IMAGES, Case
from tests.models.training.test_resume import fresh


def work_of(case: Case, rows: int = 128, **recipe: object) -> Work:
    return plan(fresh(case), case.prepared(rows=rows), case.recipe(**recipe)).work


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_a_few_rows_leave_tells_what_a_whole_batch_leaves(case: Case):
    work = work_of(case, batch_size="all")
    work.network.train()
    few, many = _left(work, 32), _left(work, 128)
    assert few + 96 * bytes_per_row(work) == pytest.approx(many, rel=0.1)
    assert bytes_per_row(work) > 4 * work.inputs[0][0].numel()


def test_a_step_that_cannot_fit_is_refused_with_figures_and_a_batch_size_that_would(monkeypatch):
    work = work_of(IMAGES, batch_size="all")
    monkeypatch.setattr(devices, "memory", lambda _: 400_000)
    words = r"128 rows.* takes at least .* kB.* for each row"
    with pytest.raises(DocumentError, match=words) as told:
        check_memory(work)
    [problem] = told.value.problems
    assert problem.fix is not None
    fitting = problem.fix.changes[0].model_dump()["values"]["batch_size"]
    assert str(fitting) in problem.message
    check_memory(work_of(IMAGES, batch_size=fitting))
    with pytest.raises(DocumentError):
        check_memory(work_of(IMAGES, batch_size=fitting + 1))


def test_a_network_that_cannot_fit_with_any_batch_is_told_so(monkeypatch):
    monkeypatch.setattr(devices, "memory", lambda _: 1_000)
    with pytest.raises(DocumentError, match="Make the network smaller") as told:
        check_memory(work_of(CLASSES))
    assert told.value.problems[0].fix is None


def test_measuring_changes_neither_weights_nor_random_numbers():
    work = work_of(CLASSES)
    work.network.eval()
    before = [tensor.clone() for tensor in work.state()]
    drawn = torch.get_rng_state()
    bytes_per_row(work)
    assert all(torch.equal(a, b) for a, b in zip(before, work.state(), strict=True))
    assert torch.equal(drawn, torch.get_rng_state())
    assert not work.network.training


def test_a_single_row_is_not_measured():
    assert bytes_per_row(work_of(CLASSES, rows=1)) == 0


def test_a_limit_of_seconds_ends_the_training_and_says_so():
    recipe = CLASSES.recipe(epochs=1_000_000, max_seconds=0.2)
    *_, end = train(CLASSES.network(), CLASSES.prepared(), recipe)
    assert getattr(end, "state", None) == "completed"
    assert getattr(end, "message", "").startswith("Trained for 0.2 s, as asked")
