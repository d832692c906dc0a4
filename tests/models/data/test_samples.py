"""The datasets that ship with the app: whole, cited, reproducible, and learnt as promised."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from sklearn import datasets
from sklearn.metrics import accuracy_score, r2_score

from models.data.ingest import ingest
from models.data.prepare import prepare
from models.data.samples import SAMPLES
from models.data.samples.playground import SHAPES, points
from models.data.view import read_rows
from models.ends import ends
from models.errors import DocumentError
from models.evaluation.report import evaluate
from models.network import build
from models.proposal import propose
from models.training.events import Status
from models.training.loop import train
from tests.models.samples import file_of
from tools import make_samples

BY_SLUG = {sample.slug: sample for sample in SAMPLES}


@pytest.fixture(params=SAMPLES, ids=lambda sample: sample.slug)
def sample(request):
    return request.param


def test_a_sample_is_read_as_it_is_announced(sample, tmp_path):
    path = file_of(sample, tmp_path)
    description = ingest(path, tmp_path, path.name)
    assert description.kind == sample.kind
    assert description.rows == sample.rows
    assert description.problem is not None
    assert (description.problem.task, description.problem.target) == (sample.task, sample.target)
    warnings = [note.code for note in description.report if note.severity == "warning"]
    # Days follow each other: the sample is there to show what that means for a split.
    assert warnings == (["order_tells_target"] if sample.slug == "seattle_weather" else [])
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
    assert {path.name for path in tmp_path.iterdir()} == {
        *("iris.csv", "breast_cancer.csv", "wine.csv", "diabetes.csv", "two_spirals.csv"),
        *("product_reviews.csv", "digits.zip", "kiosks.csv"),
    }
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
        pytest.param("product_reviews", 0.9, marks=pytest.mark.nightly),
        ("penguins", 0.96),
        ("auto_mpg", 0.80),
        ("seattle_weather", 0.60),
        ("circle", 0.95),
        ("xor", 0.93),
        ("gauss", 0.95),
        ("moons", 0.95),
        pytest.param("mnist", 0.94, marks=pytest.mark.nightly),
        pytest.param("fashion_mnist", 0.78, marks=pytest.mark.nightly),
    ],
)
def test_the_proposed_network_and_recipe_learn_it_as_promised(slug, least, tmp_path):
    path = file_of(BY_SLUG[slug], tmp_path)
    description = ingest(path, tmp_path, path.name)
    proposal = propose(description)
    prepared = prepare(tmp_path, description, proposal.recipe, ends(proposal.architecture))
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


def test_mnist_has_five_hundred_of_each_digit(tmp_path):
    description = ingest(BY_SLUG["mnist"].path, tmp_path, "mnist.npz")
    assert {entry.name: entry.count for entry in description.classes} == {
        str(digit): 500 for digit in range(10)
    }
    pixels = np.load(tmp_path / "images.npy")
    assert pixels.shape == (5_000, 1, 28, 28)
    # Ones cover the least, zeros the most of the paper.
    ink = pixels.reshape(10, 500, -1).mean((1, 2))
    assert (ink.argmin(), ink.argmax()) == (1, 0)


def test_fashion_mnist_names_its_ten_kinds_of_clothes(tmp_path):
    description = ingest(BY_SLUG["fashion_mnist"].path, tmp_path, "fashion_mnist.npz")
    names = [entry.name for entry in description.classes]
    assert (names[0], names[-1], len(names)) == ("T-shirt", "Ankle boot", 10)
    assert {entry.count for entry in description.classes} == {300}
    pixels = np.load(tmp_path / "images.npy").reshape(10, 300, 28, 28)
    # Trousers are tall and narrow: their columns at the sides are dark, those of bags are not.
    sides = pixels[:, :, :, [2, 3, 24, 25]].mean((1, 2, 3))
    assert sides[names.index("Trouser")] < 0.2 * sides[names.index("Bag")]


@pytest.mark.parametrize("shape", SHAPES)
def test_points_are_as_many_and_as_noisy_as_one_likes(shape):
    lines = points(shape, rows=400, noise=0.0).splitlines()
    assert lines[0] == "x,y,colour"
    colours = [line.rsplit(",", 1)[1] for line in lines[1:]]
    assert (len(lines), colours.count("blue"), colours.count("orange")) == (401, 200, 200)
    assert points(shape, 400, 0.0) == points(shape, 400, 0.0) != points(shape, 400, 0.0, seed=1)
    assert points(shape, 400, 0.5) != points(shape, 400, 0.0)

    def reach(noise: float) -> float:
        rows = points(shape, 2_000, noise).splitlines()[1:]
        return float(np.std([float(row.split(",")[0]) for row in rows]))

    assert reach(1.0) ** 2 == pytest.approx(reach(0.0) ** 2 + 25, rel=0.1)


def test_shapes_without_noise_are_what_they_are_called():
    def of(shape: str) -> np.ndarray:
        rows = [line.split(",") for line in points(shape, 1_000, 0.0).splitlines()[1:]]
        return np.array([[float(x), float(y), c == "orange"] for x, y, c in rows])

    x, y, second = of("circle").T
    assert ((np.hypot(x, y) > 3) == second).all()
    x, y, second = of("xor").T
    assert ((x * y < 0) == second).all()
    x, y, second = of("gauss").T
    assert np.mean((x + y < 0) == second) > 0.99
    x, y, second = of("spiral").T
    assert np.hypot(x, y).max() <= 5
    for arm in (0, 1):
        turns = (np.arctan2(x, y) - 3.5 * np.pi * np.hypot(x, y) / 5 - np.pi * arm)[second == arm]
        assert np.allclose(np.cos(turns), 1, atol=1e-2)
    x, y, second = of("moons").T
    assert np.allclose(np.hypot(x + 2, y + 1)[second == 0], 4, atol=1e-3)
    assert np.allclose(np.hypot(x - 2, y - 1)[second == 1], 4, atol=1e-3)


@pytest.mark.parametrize(("rows", "noise"), [(1, 0.1), (10**6, 0.1), (100, -0.1), (100, 1.5)])
def test_too_many_points_and_too_much_noise_are_refused(rows, noise):
    with pytest.raises(DocumentError):
        points("xor", rows, noise)
