"""The datasets that ship with the app: whole, cited, reproducible, and learnt as promised."""

from pathlib import Path
from typing import Any

import pytest
import torch
from sklearn import datasets
from sklearn.metrics import accuracy_score, r2_score

from models.data.ingest import ingest
from models.data.prepare import prepare
from models.data.samples import SAMPLES
from models.data.view import read_rows
from models.evaluation.report import evaluate
from models.network import build
from models.proposal import propose
from models.training.events import Status
from models.training.loop import train
from tools import make_samples

BY_SLUG = {sample.slug: sample for sample in SAMPLES}


@pytest.fixture(params=SAMPLES, ids=lambda sample: sample.slug)
def sample(request):
    return request.param


def test_a_sample_is_read_as_it_is_announced(sample, tmp_path):
    description = ingest(sample.path, tmp_path, sample.path.name)
    assert description.kind == sample.kind
    assert description.rows == sample.rows
    assert description.problem is not None
    assert (description.problem.task, description.problem.target) == (sample.task, sample.target)
    assert not [note for note in description.report if note.severity == "warning"]
    assert sample.source
    assert sample.terms


@pytest.mark.parametrize(
    ("slug", "load"),
    [
        ("iris", datasets.load_iris),
        ("wine", datasets.load_wine),
        ("breast_cancer", datasets.load_breast_cancer),
    ],
)
def test_values_and_classes_equal_scikit_learns(slug, load, tmp_path):
    bunch = load()
    description = ingest(BY_SLUG[slug].path, tmp_path, "x.csv")
    columns, rows = read_rows(tmp_path, description, 0, 1_000)
    assert columns[:-1] == list(bunch.feature_names)
    assert [row[:-1] for row in rows] == bunch.data.tolist()
    assert [row[-1] for row in rows] == [bunch.target_names[code] for code in bunch.target]


def test_diabetes_is_in_its_original_units(tmp_path):
    bunch: Any = datasets.load_diabetes(scaled=False)
    description = ingest(BY_SLUG["diabetes"].path, tmp_path, "x.csv")
    rows = read_rows(tmp_path, description, 0, 1_000)[1]
    for row, features, target in zip(rows, bunch.data, bunch.target, strict=True):
        assert row == pytest.approx([*features, target], abs=1e-4)


def test_the_files_are_those_that_the_script_makes(tmp_path):
    make_samples.main(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {s.path.name for s in SAMPLES}
    for made in tmp_path.iterdir():
        if made.suffix == ".csv":
            assert made.read_bytes() == (BY_SLUG[made.stem].path).read_bytes()
    assert _pixels(tmp_path / "digits.zip", tmp_path) == _pixels(BY_SLUG["digits"].path, tmp_path)


def _pixels(path: Path, folder: Path) -> bytes:
    # Packed bytes may differ from one version of a compressor to the next; the pixels may not.
    ingest(path, folder, path.name)
    return (folder / "images.npy").read_bytes() + (folder / "labels.npy").read_bytes()


@pytest.mark.parametrize(
    ("slug", "least"),
    [
        ("iris", 0.93),
        ("breast_cancer", 0.95),
        ("wine", 0.95),
        ("diabetes", 0.40),
        ("digits", 0.97),
        ("two_spirals", 0.95),
    ],
)
def test_the_proposed_network_and_recipe_learn_it_as_promised(slug, least, tmp_path):
    description = ingest(BY_SLUG[slug].path, tmp_path, BY_SLUG[slug].path.name)
    proposal = propose(description)
    prepared = prepare(tmp_path, description, proposal.recipe)
    network = build(proposal.architecture, prepared.interface, seed=proposal.recipe.seed)
    *_, end = train(network, prepared, proposal.recipe, threads=1)
    assert isinstance(end, Status)
    assert end.state == "completed"
    assert prepared.test is not None
    found = evaluate(network, prepared, prepared.test, proposal.recipe)["metrics"]
    with torch.inference_mode():
        answers = network(prepared.test.x)
    if prepared.interface.classes is None:
        score, theirs = found["r2"], r2_score(prepared.test.y, answers)
    else:
        codes = answers[:, 0] > 0.5 if answers.shape[1] == 1 else answers.argmax(dim=1)
        score, theirs = found["accuracy"], accuracy_score(prepared.test.y.flatten(), codes)
    assert score == pytest.approx(theirs, abs=1e-6)
    assert score >= least
