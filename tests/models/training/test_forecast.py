"""What a training takes is told before anything of it is there."""

from pathlib import Path
from typing import Any

import pytest
import torch

from models.data.ingest import ingest
from models.data.prepare import prepare
from models.data.samples import SAMPLES
from models.errors import DocumentError
from models.gallery import GalleryItem
from models.network import Network, build
from models.parse import parse
from models.plan import plan as network_plan
from models.proposal import propose
from models.recipe import Recipe
from models.training import resident
from models.training.dry import bytes_per_row
from models.training.forecast import _work, check_fits, needs
from models.training.loop import train
from models.training.plan import plan
from models.training.resident import MEGABYTE, Memory
from tests.models.documents import chain
from tests.models.gallery import at_test_size, over_gallery
from tests.models.training.cases import ATTENTION, CASES, CLASSES, GRU, LSTM
from tests.models.training.test_resume import RANDOM, fresh

IRIS = next(sample.path for sample in SAMPLES if sample.slug == "iris")
CPU = torch.device("cpu")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_row_takes_what_it_is_measured_to_take(case):
    recipe = case.recipe(batch_size="all")
    network, prepared = fresh(case), case.prepared(128)
    real = bytes_per_row(plan(network, prepared, recipe).work)
    layers = [*case.layers[:-1], *RANDOM, case.layers[-1]]
    architecture = parse(chain(*layers, shape=list(case.input_shape)))
    told = bytes_per_row(_work(architecture, prepared.interface, recipe))
    # Kernels of the CPU keep more of recurrent layers, and less of attention.
    assert case in (LSTM, GRU, ATTENTION) or told == pytest.approx(real, rel=0.1)
    assert bytes_per_row(_work(architecture, prepared.interface, recipe, "cpu")) == real


@over_gallery
def test_every_network_of_the_gallery_can_be_foreseen(item: GalleryItem):
    with torch.device("meta"):
        network = Network(network_plan(at_test_size(item)))
        rows = [torch.zeros(4, *shape) for shape in network.input_shapes]
        answers = network.train().outputs(*rows, logits=frozenset())
    assert all(answer.shape[0] == 4 for answer in answers)


class Irises:
    """The proposed network and recipe of the irises."""

    def __init__(self, folder: Path, **recipe: Any) -> None:
        self.folder = folder
        self.description = ingest(IRIS, folder, IRIS.name)
        proposal = propose(self.description, recipe=Recipe.model_validate(recipe))
        self.architecture, self.recipe = proposal.architecture, proposal.recipe


def test_what_is_foreseen_of_a_table_is_what_its_training_is_measured_to_take(tmp_path: Path):
    irises = Irises(tmp_path)
    told = needs(irises.architecture, irises.description, irises.recipe)
    prepared = prepare(irises.folder, irises.description, irises.recipe)
    work = plan(build(irises.architecture, prepared.interface), prepared, irises.recipe).work
    held = sum(t.nbytes for t in (*work.inputs, *work.targets, *work.state(), *work.weights))
    assert told.rows == work.batch_size
    assert told.per_row == bytes_per_row(work)
    assert told.fixed == pytest.approx(held, rel=0.3)


def test_a_run_that_cannot_fit_is_refused_with_figures_and_a_batch_size_that_would(tmp_path: Path):
    irises = Irises(tmp_path, batch_size="all", max_memory=1)
    asked = (irises.architecture, irises.description)
    with pytest.raises(DocumentError, match=r"fits into 1\.0 MB of memory \(max_memory\)") as told:
        check_fits(*asked, irises.recipe)
    assert "300.0 MB for the program itself" in told.value.problems[0].message
    check_fits(*asked, irises.recipe.model_copy(update={"max_memory": 400}))


def test_the_memory_that_a_recipe_allows_is_kept_to_in_the_dry_step():
    recipe = CLASSES.recipe(max_memory=2)
    with pytest.raises(DocumentError, match=r"2\.0 MB of memory \(max_memory\)"):
        list(train(CLASSES.network(), CLASSES.prepared(), recipe))
    enough = CLASSES.recipe(max_memory=resident.peak() // MEGABYTE + 1_000)
    *_, end = train(CLASSES.network(), CLASSES.prepared(), enough)
    assert end.state == "completed"


def test_a_training_that_takes_more_than_it_may_ends_with_the_figures_and_can_be_resumed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    limit = resident.peak() // MEGABYTE + 1_000
    recipe = CLASSES.recipe(epochs=50, max_memory=limit)
    taken = [0, *[2 * limit * MEGABYTE] * 99]
    monkeypatch.setattr(Memory, "_taken", lambda self: taken.pop(0))
    monkeypatch.setattr("models.training.loop.ASK_SECONDS", 0.0)
    *_, end = train(CLASSES.network(), CLASSES.prepared(), recipe, checkpoint=tmp_path / "kept")
    assert end.state == "failed"
    assert end.message.startswith("Ended in epoch 1: the training takes ")
    assert "of max_memory" in end.message
    monkeypatch.setattr(Memory, "_taken", lambda self: 0)
    kept = {"checkpoint": tmp_path / "kept", "resume": True}
    *_, end = train(CLASSES.network(), CLASSES.prepared(), recipe, **kept)
    assert end.state == "completed"


def test_the_memory_of_a_process_is_what_it_takes_now_until_it_takes_more_than_ever():
    watched = Memory(CPU, 1)
    taken, limit = watched.exceeded() or (0, 0)
    assert limit == MEGABYTE
    assert taken > 50 * MEGABYTE
    big = torch.ones((resident.peak() - resident.now()) // 4 + 20_000_000)
    assert (watched.exceeded() or (0, 0))[0] >= resident.peak() - MEGABYTE > taken
    del big
    assert Memory(CPU, None).exceeded() is None


def test_progress_tells_what_an_epoch_takes():
    events = train(CLASSES.network(), CLASSES.prepared(), CLASSES.recipe(epochs=3))
    told = [event.seconds_per_epoch for event in events if event.kind == "progress"]
    assert told
    assert all(seconds > 0 for seconds in told)
