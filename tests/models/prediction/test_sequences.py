"""Sequences to predict from: as JSON, as a file, from the dataset itself, and in the bundle."""

import csv
import random
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch

from models.data.description import Description
from models.data.ingest import ingest
from models.data.options import IngestOptions, ReadingOptions
from models.data.prepare import Prepared, prepare
from models.data.samples import SAMPLES
from models.data.view import read_rows
from models.errors import DocumentError
from models.export.bundle import bundle
from models.export.standalone import made
from models.model import Model
from models.network import build
from models.prediction import answers
from models.prediction.data_row import predict_row
from models.prediction.sequences import SequenceExamples
from models.prediction.table import TableExamples
from models.proposal import propose
from models.recipe import Recipe

GROUPS = "who,step,height,way\n" + "\n".join(
    f"p{who},{step},{height:.3f},{'up' if who % 2 else 'down'}"
    for who in range(24)
    for step in range(3 + who % 5)
    for height in [(1 if who % 2 else -1) * step + 0.1 * who]
)


@dataclass
class Case:
    """A model of sequences, untrained, with the data that it was made for."""

    model: Model
    description: Description
    prepared: Prepared
    dataset: Path
    run: Path

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows of the dataset as they would be sent."""
        columns, rows = read_rows(self.dataset, self.description, 0, 5_000)
        kinds = {column.name: column.kind for column in self.description.columns}
        return [
            {
                name: str(value) if kinds[name] == "category" and value is not None else value
                for name, value in zip(columns, row, strict=True)
            }
            for row in rows
        ]


def case(folder: Path, data: Path, roles: dict[str, Any], recipe: dict[str, Any]) -> Case:
    dataset, run = folder / "dataset", folder / "run"
    dataset.mkdir()
    description = ingest(data, dataset, data.name, IngestOptions(roles=roles))
    proposal = propose(description, None, Recipe.model_validate(recipe))
    prepared = prepare(dataset, description, proposal.recipe)
    network = build(proposal.architecture, prepared.interface, seed=3)
    model = Model(prepared.preparation, network).eval()
    model.save(run, proposal.architecture, proposal.recipe)
    return Case(Model.load(run), description, prepared, dataset, run)


@pytest.fixture(scope="module")
def kiosks(tmp_path_factory) -> Case:
    (sample,) = [sample for sample in SAMPLES if sample.slug == "kiosks"]
    assert sample.path is not None
    folder = tmp_path_factory.mktemp("kiosks")
    return case(folder, sample.path, dict(sample.roles), {"sequence": {"window": 7}})


@pytest.fixture(scope="module")
def waves(tmp_path_factory) -> Case:
    folder = tmp_path_factory.mktemp("waves")
    (folder / "waves.csv").write_text(GROUPS + "\n")
    roles = {"who": "group", "step": "time", "way": "target"}
    return case(folder, folder / "waves.csv", roles, {"sequence": {"kind": "groups"}})


def of_test_part(found: Case) -> dict[int, list[float]]:
    """What the model answers for the test part as training has it, by the row of the target."""
    part = found.prepared.test
    assert part is not None
    (output,) = found.model.preparation.outputs
    with torch.inference_mode():
        answer = found.model.network(*(x[:] for x in part.inputs)) * output.std + output.mean
    return dict(zip(part.rows.tolist(), answer.tolist(), strict=True))


def values(told: list[list[dict[str, Any]]]) -> list[Any]:
    return [prediction["value"] for prediction in told[0]]


def test_windows_as_lists_of_rows_are_answered_as_in_the_evaluation(kiosks):
    rows, expected = kiosks.rows, of_test_part(kiosks)
    targets = list(expected)[:20]
    sent = [rows[target - 7 : target] for target in targets]
    found = values(kiosks.model.predict(sent))
    assert found == pytest.approx([expected[target][0] for target in targets], abs=1e-3)


def test_a_list_of_rows_gives_every_window_of_every_series(kiosks):
    rows = kiosks.rows
    harbour = [row for row in rows if row["kiosk"] == "harbour"][:20]
    park = [row for row in rows if row["kiosk"] == "park"][:9]
    each = [one[at : at + 7] for one in (harbour, park) for at in range(len(one) - 6)]
    expected = values(kiosks.model.predict(each))
    # Rows of the series may be mixed; each by itself is in order.
    mixed = [*harbour[:10], *park, *harbour[10:]]
    assert values(kiosks.model.predict(mixed)) == pytest.approx(expected)
    assert len(expected) == 14 + 3
    nameless = [{name: v for name, v in row.items() if name != "kiosk"} for row in harbour]
    assert values(kiosks.model.predict(nameless)) == pytest.approx(expected[:14])


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        (lambda rows: [rows[:6]], "window_length", ["rows", 0]),
        (lambda rows: [rows[:7], rows[:8]], "window_length", ["rows", 1]),
        (lambda rows: rows[:6], "too_few_rows", ["rows"]),
        (lambda rows: [rows[:7], rows[0]], "mixed_rows", ["rows"]),
        (
            lambda rows: [rows[:7], [*rows[:3], {**rows[3], "sold": "many"}, *rows[4:7]]],
            "invalid_value",
            ["rows", 1, 3, "sold"],
        ),
    ],
)
def test_rows_that_are_no_windows_are_refused_with_their_place(kiosks, change, code, path):
    with pytest.raises(DocumentError) as caught:
        kiosks.model.predict(change(kiosks.rows))
    problem = caught.value.problems[0]
    assert (problem.code, problem.where.path) == (code, path)


def of_file(found: Case, path: Path) -> SequenceExamples:
    preparation = found.model.preparation
    assert preparation.sequence is not None
    table = TableExamples(path, path.name, ReadingOptions(), preparation, [])
    return SequenceExamples(table, preparation.sequence)


def test_a_file_in_any_order_gives_a_table_of_every_window(kiosks, tmp_path):
    path = tmp_path / "rows.csv"
    chosen = [row for row in kiosks.rows if row["kiosk"] in ("zoo", "park")]
    chosen = [row for row in chosen if row["date"] < "2022-03-21"]
    mixed = random.Random(0).sample(chosen, len(chosen))
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(mixed[0]))
        writer.writeheader()
        writer.writerows(mixed)
    told = answers.preview(kiosks.model, of_file(kiosks, path), 100)
    expected = {}
    for name in ("zoo", "park"):
        own = [row for row in chosen if row["kiosk"] == name]
        ends = range(6, len(own))
        found = values(kiosks.model.predict([own[end - 6 : end + 1] for end in ends]))
        expected |= {
            (name, own[end]["date"]): value for end, value in zip(ends, found, strict=True)
        }
    assert told["total"] == len(expected) == 2 * (20 - 6)
    given = [dict(zip(told["columns"], row, strict=True)) for row in told["rows"]]
    for row, prediction in zip(given, told["outputs"][0], strict=True):
        assert prediction["value"] == pytest.approx(expected[row["kiosk"], row["date"]])
    destination = tmp_path / "predictions.csv"
    answers.write(kiosks.model, of_file(kiosks, path), destination)
    with destination.open() as file:
        written = list(csv.DictReader(file))
    assert [float(row["predicted_sold"]) for row in written] == pytest.approx(
        values(told["outputs"])
    )


def test_a_file_with_too_few_rows_or_without_a_time_says_so(kiosks, tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("date,kiosk,temperature,offer,sold\n2024-01-01,zoo,1.5,no,3\n")
    with pytest.raises(DocumentError, match="at least 7 rows"):
        answers.preview(kiosks.model, of_file(kiosks, path), 10)
    path.write_text("date,kiosk,temperature,offer,sold\nsoon,zoo,1.5,no,3\n")
    with pytest.raises(DocumentError, match='"soon"'):
        answers.preview(kiosks.model, of_file(kiosks, path), 10)


def test_a_row_of_the_dataset_is_predicted_from_the_window_that_ends_in_it(kiosks):
    rows, expected = kiosks.rows, of_test_part(kiosks)
    target = next(iter(expected))
    told = predict_row(kiosks.model, kiosks.dataset, kiosks.description, target - 1)
    ((prediction,),) = told["outputs"]
    assert prediction["value"] == pytest.approx(expected[target][0], abs=1e-3)
    assert prediction["expected"] == rows[target]["sold"]
    assert told["row"] == target - 1
    place = told["columns"].index("date")
    assert [row[place] for row in told["rows"]] == [r["date"] for r in rows[target - 7 : target]]
    newest = predict_row(kiosks.model, kiosks.dataset, kiosks.description, "last")
    assert rows[newest["row"]]["date"] == max(row["date"] for row in rows)
    assert newest["outputs"][0][0]["expected"] is None


@pytest.mark.parametrize(("row", "code"), [(3, "too_few_rows"), (10**6, "no_such_row")])
def test_a_row_without_a_window_is_refused(kiosks, row, code):
    with pytest.raises(DocumentError) as caught:
        predict_row(kiosks.model, kiosks.dataset, kiosks.description, row)
    assert caught.value.problems[0].code == code


def test_whole_groups_are_answered_alike_however_they_come(waves, tmp_path):
    rows = waves.rows
    names = [f"p{who}" for who in range(24)]
    each = [[row for row in rows if row["who"] == name] for name in names]
    expected = waves.model.predict(each)[0]
    assert waves.model.predict(rows)[0] == expected
    path = tmp_path / "rows.csv"
    path.write_text(GROUPS + "\n")
    assert answers.preview(waves.model, of_file(waves, path), 100)["outputs"][0] == expected
    for place, one in enumerate(each):
        row = rows.index(one[0])
        told = predict_row(waves.model, waves.dataset, waves.description, row)["outputs"][0][0]
        assert told["value"] == expected[place]["value"]
        assert told["expected"] == one[0]["way"]


@pytest.fixture
def bundled(request, tmp_path) -> tuple[Case, Path]:
    found: Case = request.getfixturevalue(request.param)
    bundle(found.run, "epoch,step,loss\n", tmp_path / "bundle.zip")
    with zipfile.ZipFile(tmp_path / "bundle.zip") as packed:
        packed.extractall(tmp_path / "out")
    return found, tmp_path / "out"


@pytest.mark.parametrize("bundled", ["kiosks", "waves"], indirect=True)
def test_the_bundle_makes_the_same_sequences_and_gives_the_same_answers(bundled, tmp_path):
    found, place = bundled
    rows = found.rows
    path = tmp_path / "rows.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(random.Random(1).sample(rows, len(rows)))
    done = subprocess.run(
        [sys.executable, "-I", "predict.py", str(path)],
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    theirs = [list(row)[1:] for row in csv.reader(done.stdout.splitlines()[1:])]
    (output,) = found.model.preparation.outputs
    told = answers.preview(found.model, of_file(found, path), 5_000)["outputs"][0]
    assert len(theirs) == len(told)
    for row, ours in zip(theirs, told, strict=True):
        mine = [ours["value"]] if output.classes is None else ours["probabilities"].values()
        others = row[:1] if output.classes is None else row[1:]
        assert list(map(float, others)) == pytest.approx(list(mine), abs=1e-5 * max(1, output.std))


@pytest.mark.parametrize("what", ["model.onnx", "program.pt2"])
def test_the_model_is_a_file_of_its_own_that_takes_windows(kiosks, waves, what):
    for found in (kiosks, waves):
        # It is compared with the app's own answers before it is handed out.
        assert made(what, found.run)


def test_a_model_of_rows_takes_no_lists_of_them(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("x,y\n" + "\n".join(f"{n}.5,{n * n % 7}.25" for n in range(40)))
    found = case(tmp_path, path, {}, {})
    with pytest.raises(DocumentError, match="example by itself"):
        found.model.predict([[{"x": 1.5}]])
    with pytest.raises(DocumentError, match="example by itself"):
        predict_row(found.model, found.dataset, found.description, "last")


def test_a_preparation_of_an_earlier_version_has_no_sequence(kiosks):
    told = kiosks.model.preparation.model_dump(mode="json")
    del told["sequence"]
    assert type(kiosks.model.preparation).model_validate(told).sequence is None
