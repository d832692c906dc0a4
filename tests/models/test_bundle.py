"""The bundle runs on its own and predicts what the app predicts."""

import csv
import json
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from models.architecture import Architecture
from models.data.change import change
from models.data.ingest import ingest
from models.data.prepare import prepare
from models.data.samples import SAMPLES
from models.ends import ends
from models.errors import DocumentError
from models.export import bundle as bundling
from models.export.bundle import NotProved, bundle, example_rows
from models.export.standalone import standalone
from models.model import ARCHITECTURE, Model
from models.network import build
from models.proposal import propose
from models.recipe import Recipe

HISTORY = "epoch,step,loss\n1,3,0.5\n"
TABLE = (
    "=size,color,smoker,ratio,@class\n"
    + "1.5,red,yes,0.25,a\n,blue,no,-1.5,b\n2.5,,yes,NA,=c\n3.5,red,,1e3,a\n" * 8
)


def saved(
    folder: Path,
    data: Path,
    name: str | None = None,
    recipe: Recipe | None = None,
    patches: Sequence[dict[str, Any]] = (),
    network: Architecture | None = None,
) -> Model:
    """Save an untrained model of a dataset, as a run would leave it.

    Args:
        network: in place of the one that is proposed.
    """
    dataset = folder / "dataset"
    dataset.mkdir()
    description = change(dataset, ingest(data, dataset, data.name), patches)
    proposal = propose(description, network, recipe)
    architecture = network or proposal.architecture
    if name is not None:
        architecture = architecture.model_copy(update={"name": name})
    prepared = prepare(dataset, description, proposal.recipe, ends(architecture))
    model = Model(prepared.preparation, build(architecture, prepared.interface, seed=3))
    model.save(folder / "run", architecture, proposal.recipe)
    return model


def saved_with_scores(folder: Path, data: Path) -> Model:
    """Save an untrained model whose loss asks for a margin, and whose outputs lie around 0."""
    saved(folder, data, recipe=Recipe.model_validate({"loss": {"type": "Hinge"}}))
    path = folder / "run" / ARCHITECTURE
    path.write_text(path.read_text().replace('"sigmoid"', '"tanh"').replace('"softmax"', '"tanh"'))
    return Model.load(folder / "run")


def unpacked(folder: Path) -> Path:
    bundle(folder / "run", HISTORY, folder / "bundle.zip")
    with zipfile.ZipFile(folder / "bundle.zip") as packed:
        packed.extractall(folder / "out")
    return folder / "out"


def run(place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "predict.py", *arguments]
    return subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def iris(tmp_path_factory) -> tuple[Model, Path]:
    """A model of the iris flowers and its bundle, unpacked."""
    folder = tmp_path_factory.mktemp("iris")
    return saved(folder, sample("iris")), unpacked(folder)


def sample(slug: str) -> Path:
    return next(info.path for info in SAMPLES if info.slug == slug)


@pytest.mark.parametrize("slug", ["iris", "diabetes"])
def test_the_script_predicts_for_an_uploaded_file_what_the_app_predicts(tmp_path, iris, slug):
    if slug == "iris":
        model, place = iris
    else:
        model, place = saved(tmp_path, sample(slug)), unpacked(tmp_path)
    done = run(place, str(sample(slug)), "-o", "predictions.csv")
    assert done.returncode == 0, done.stderr
    with sample(slug).open() as file:
        rows = [
            {column.name: float(row[column.name]) for column in model.preparation.columns}
            for row in csv.DictReader(file)
        ]
    with (place / "predictions.csv").open() as file:
        found = list(csv.DictReader(file))
    assert len(found) == len(rows)
    for ours, theirs in zip(model.predict(rows)[0], found, strict=True):
        if model.preparation.outputs[0].classes is None:
            assert float(theirs["disease_progression"]) == pytest.approx(ours["value"], abs=1e-5)
        else:
            assert theirs["species"] == ours["value"]
            for name, share in ours["probabilities"].items():
                assert float(theirs[f"probability of {name}"]) == pytest.approx(share, abs=1e-5)


def test_a_bundle_of_an_image_model_predicts_for_image_files(tmp_path):
    saved(tmp_path, sample("digits"))
    place = unpacked(tmp_path)
    done = run(place, "example/00.png", "example")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("file,label,probability of 0")
    assert len(lines) == 10


def test_missing_and_unknown_values_and_hostile_names_survive(tmp_path):
    data = tmp_path / "table.csv"
    data.write_text(TABLE)
    name = '</script><img onerror=x> """ {{7*7}} x\rimport os'
    saved(tmp_path, data, name)
    place = unpacked(tmp_path)
    readme = (place / "README.md").read_text()
    assert "<script" not in readme.replace("\\<", "")
    assert "{{7\\*7}}" in readme
    done = run(place, "example.csv")
    assert done.returncode == 0, done.stderr
    header, *rows = csv.reader(done.stdout.splitlines())
    assert header[1] == "'@class"
    assert {row[1] for row in rows} <= {"a", "b", "'=c"}
    for cell in (place / "example.csv").read_text().splitlines()[0].split(","):
        assert not cell.startswith(("=", "@"))


TREATED = [
    {"name": "size", "treatment": {"missing": "median", "scaling": "log", "indicator": True}},
    {"name": "color", "treatment": {"missing": "category", "encoding": "index"}},
    {
        "name": "shade",
        "treatment": {
            "encoding": "ordinal",
            "scaling": "robust",
            "order": ["light", "mid", "dark"],
        },
    },
    {"name": "must", "treatment": {"missing": "drop", "scaling": "min_max"}},
    {"name": "day", "treatment": {"parts": ["time", "year", "month", "day", "weekday", "hour"]}},
]


@pytest.mark.parametrize("what", ["bundle.zip", "model.onnx", "program.pt2"])
def test_whatever_was_fitted_to_prepare_rows_goes_along(tmp_path, what):
    data = tmp_path / "table.csv"
    rows = [
        f"{n % 7 or ''},{['red', 'blue', ''][n % 3]},{['light', 'dark', 'mid'][n % 3]},"
        f"{n % 5 / 2 or ''},{1 + n % 28:02}.{1 + n % 12:02}.20{10 + n % 9} {n % 24:02}:15,{n % 4}.5"
        for n in range(60)
    ]
    data.write_text("\n".join(["size,color,shade,must,day,price", *rows]) + "\n")
    model = saved(tmp_path, data, patches=TREATED)
    if what != "bundle.zip":
        # It is compared with the app before it is handed out.
        standalone(what, tmp_path / "run", tmp_path / what)
        return
    place = unpacked(tmp_path)
    told = {"size": 3.0, "color": "blue", "shade": "pitch", "must": 1.0, "day": "29.02.2016 23:59"}
    (place / "rows.csv").write_text(",".join(told) + "\n" + ",".join(map(str, told.values())))
    done = run(place, "rows.csv")
    assert done.returncode == 0, done.stderr
    (found,) = csv.DictReader(done.stdout.splitlines())
    assert float(found["price"]) == pytest.approx(model.predict([told])[0][0]["value"], abs=1e-5)
    for column, cell in (("must", ""), ("day", "2016-02-29")):
        wrong = {**told, column: cell}
        (place / "rows.csv").write_text(",".join(wrong) + "\n" + ",".join(map(str, wrong.values())))
        done = run(place, "rows.csv")
        assert done.returncode == 1
        assert f"Row 2, column '{column}'" in done.stderr


def test_a_row_without_its_only_value_is_a_row(tmp_path):
    data = tmp_path / "table.csv"
    data.write_text("size,price\n" + "".join(f"{size},{size + 0.5}\n" for size in range(40)))
    model = saved(tmp_path, data)
    place = unpacked(tmp_path)
    (place / "rows.csv").write_text('size\n1\n""\n\n2\n')
    done = run(place, "rows.csv")
    assert done.returncode == 0, done.stderr
    found = [float(row["price"]) for row in csv.DictReader(done.stdout.splitlines())]
    sent = [{"size": 1}, {"size": None}, {"size": 2}]
    assert found == pytest.approx([told["value"] for told in model.predict(sent)[0]], abs=1e-5)


def test_numbers_too_large_for_the_network_are_refused_with_their_rows(tmp_path):
    data = tmp_path / "table.csv"
    data.write_text("size,price\n" + "".join(f"{size},{size + 0.5}\n" for size in range(40)))
    model = saved(tmp_path, data)
    with pytest.raises(DocumentError) as refused:
        model.predict([{"size": 1}, {"size": 1e308}, {"size": None}, {"size": -1e300}])
    assert [problem.where.row for problem in refused.value.problems] == [2, 4]


@pytest.mark.parametrize("classes", [2, 3])
def test_scores_around_0_become_probabilities_in_app_and_bundle(tmp_path, classes):
    data = tmp_path / "table.csv"
    data.write_text("x,z,class\n" + "1,2,a\n3,1,b\n" * 9 + "5,5,c\n" * 6 * (classes - 2))
    model = saved_with_scores(tmp_path, data)
    rows = [{"x": 1.0, "z": 2.0}, {"x": 3.0, "z": -40.0}, {"x": -30.0, "z": 1.0}]
    scores = model.network(*model.preprocess(model.preparation.encode(rows)))
    assert scores.min() < 0
    for row, predicted in zip(scores, model.predict(rows)[0], strict=True):
        best = int(row[0] > 0) if classes == 2 else int(row.argmax())
        assert predicted["value"] == "abc"[best]
        assert sum(predicted["probabilities"].values()) == pytest.approx(1.0)
    # The bundle is compared with the app before it is handed out.
    unpacked(tmp_path)


def test_the_difference_that_was_measured_is_in_the_readme(iris):
    readme = (iris[1] / "README.md").read_text()
    assert "largest difference was **" in readme
    assert "64" in readme


def test_the_bundle_holds_all_that_the_run_left(iris):
    place = iris[1]
    written_since = {"bad.csv", "predictions.csv", "__pycache__"}
    assert {path.name for path in place.iterdir()} - written_since == {
        "README.md",
        "architecture.json",
        "example.csv",
        "history.csv",
        "model.py",
        "network.py",
        "predict.py",
        "preparation.json",
        "recipe.json",
        "requirements.txt",
        "weights.safetensors",
    }
    assert (place / "history.csv").read_text() == HISTORY
    Architecture.model_validate(json.loads((place / "architecture.json").read_text()))
    assert "torch==" in (place / "requirements.txt").read_text()
    assert "+" not in (place / "requirements.txt").read_text()


def test_a_bundle_that_predicts_something_else_is_not_handed_out(tmp_path, monkeypatch):
    saved(tmp_path, sample("iris"))
    monkeypatch.setattr(bundling, "TOLERANCE", -1.0)
    with pytest.raises(NotProved, match="differs"):
        bundle(tmp_path / "run", HISTORY, tmp_path / "bundle.zip")
    assert not (tmp_path / "bundle.zip").exists()


def test_wrong_input_is_told_with_row_and_column(iris):
    model, place = iris
    names = [column.name for column in model.preparation.columns]
    (place / "bad.csv").write_text(",".join(names) + "\n1,2,3,4\n1,x,3,4\n")
    done = run(place, "bad.csv")
    assert done.returncode == 1
    assert "Row 3" in done.stderr
    assert names[1] in done.stderr


def test_examples_are_the_same_every_time(iris):
    preparation = iris[0].preparation
    assert example_rows(preparation) == example_rows(preparation)
