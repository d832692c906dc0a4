"""Groups of rows as one sequence each, to tell what they are; and steps in columns."""

from typing import Any

import numpy as np
import polars as pl
import pytest
import torch

from models.check import check
from models.data.change import change
from models.data.interface import interface
from models.data.prepare import Prepared, prepare
from models.ends import ends
from models.errors import DocumentError, SetParams
from models.evaluation.report import evaluate
from models.network import build
from models.parse import parse
from models.proposal import propose
from models.recipe import Recipe
from models.training.events import Status
from models.training.loop import train
from tests.models.documents import document

GROUPS: dict[str, Any] = {"kind": "groups", "group": "who"}


def waves(groups: int = 60, seed: int = 0) -> pl.DataFrame:
    """Sequences of different lengths: rising ones and falling ones; both begin anywhere."""
    random = np.random.default_rng(seed)
    rows = []
    for place in range(groups):
        rising, start = place % 2, random.normal()
        for step in range(int(random.integers(4, 12))):
            value = start + (0.4 if rising else -0.4) * step + 0.05 * random.normal()
            rows.append((f"p{place}", step, round(value, 4), "up" if rising else "down"))
    return pl.DataFrame(rows, schema=["who", "step", "height", "way"], orient="row")


def read(upload: Any, table: pl.DataFrame) -> Any:
    description = upload(table.write_csv())
    roles = [("who", "group"), ("step", "time"), ("way", "target")]
    patches = [{"name": name, "role": role} for name, role in roles]
    patches.append({"name": "height", "kind": "number"})
    return change(upload.folder, description, patches)


def prepared(upload: Any, description: Any, **recipe: Any) -> tuple[Prepared, Any]:
    asked = Recipe.model_validate({"sequence": {"kind": "groups"}, **recipe})
    proposal = propose(description, None, asked)
    return prepare(upload.folder, description, proposal.recipe), proposal


def test_each_group_is_one_example_filled_up_behind_its_end(upload):
    table = waves()
    found, proposal = prepared(upload, read(upload, table))
    longest = table.group_by("who").len()["len"].max()
    assert proposal.recipe.sequence.window == longest
    assert found.interface.input_shape == (longest, 1)
    parts = [part for part in (found.train, found.validation, found.test) if part is not None]
    assert sum(len(part.rows) for part in parts) == 60
    column = found.preparation.columns[0]
    for part in parts:
        for row, sequence, label in zip(part.rows, part.x, part.y, strict=True):
            own = table.filter(pl.col("who") == table["who"][int(row)])
            expected = (own["height"].to_numpy() - column.mean) / column.scale
            np.testing.assert_allclose(sequence[: len(own), 0], expected, atol=1e-6)
            assert not sequence[len(own) :].any()
            assert ("down", "up")[int(label)] == own["way"][0]


def test_columns_are_fitted_on_the_groups_of_the_training_part_only(upload):
    table = waves()
    found, _ = prepared(upload, read(upload, table))
    names = [table["who"][int(row)] for row in found.train.rows]
    own = table.filter(pl.col("who").is_in(names))["height"].to_numpy()
    assert found.preparation.columns[0].mean == pytest.approx(own.mean())


def test_longer_groups_are_cut_and_counted(upload):
    table = waves()
    found, _ = prepared(upload, read(upload, table), sequence={"kind": "groups", "window": 6})
    assert found.train.x.shape[1:] == (6, 1)
    longer = (table.group_by("who").len()["len"] > 6).sum()
    (note,) = [note for note in found.notes if note.code == "sequences_cut"]
    assert note.count == longer


def test_a_label_that_changes_in_a_group_is_refused_with_its_row(upload):
    table = waves().with_columns(
        way=pl.when(pl.int_range(pl.len()) == 2).then(pl.lit("up")).otherwise(pl.col("way"))
    )
    with pytest.raises(DocumentError) as caught:
        prepared(upload, read(upload, table))
    (problem,) = caught.value.problems
    assert problem.code == "label_changes"
    # The header is row 1, so that the third row of data is row 4.
    assert (problem.where.row, problem.where.column) == (4, "way")


def test_a_group_of_one_row_is_a_sequence_of_one_step(upload):
    alone = pl.DataFrame({"who": ["solo"], "step": [0], "height": [0.25], "way": ["up"]})
    table = pl.concat([waves(), alone], how="vertical_relaxed")
    found, _ = prepared(upload, read(upload, table))
    parts = [part for part in (found.train, found.validation, found.test) if part is not None]
    ((sequence,),) = [
        [part.x[place] for place in np.flatnonzero(part.rows == table.height - 1)]
        for part in parts
        if (part.rows == table.height - 1).any()
    ]
    assert sequence[0].any()
    assert not sequence[1:].any()


def test_the_proposed_network_tells_the_sequences_apart_and_skips_what_they_are_filled_with(upload):
    found, proposal = prepared(upload, read(upload, waves(120)))
    assert [node.type for node in proposal.architecture.nodes][:3] == ["Input", "Masking", "GRU"]
    network = build(proposal.architecture, found.interface, seed=1)
    *_, end = train(network, found, proposal.recipe, threads=1)
    assert isinstance(end, Status)
    assert found.test is not None
    report = evaluate(network, found, found.test, proposal.recipe)
    assert report["metrics"]["accuracy"] >= 0.95 > report["baseline"]["accuracy"] + 0.3
    assert report["persistence"] is None
    # A sequence that is filled up further gives the same answer.
    short = found.test.x[:4]
    longer = torch.cat([short, torch.zeros(4, 5, short.shape[2])], dim=1)
    with torch.inference_mode():
        assert torch.allclose(network(short), network(longer), atol=1e-6)


WIDE = pl.DataFrame(
    {
        **{f"t{step}": np.random.default_rng(step).normal(size=80).round(3) for step in range(6)},
        "y": np.random.default_rng(9).normal(size=80).round(3),
    }
)


@pytest.mark.parametrize(("shape", "reader"), [([6, 1], "LSTM"), ([3, 2], "GRU"), ([6], "Dense")])
def test_columns_may_be_the_steps_of_one_sequence(upload, shape, reader):
    description = upload(WIDE.write_csv())
    sent = parse(
        document(
            ("input", "Input", {"shape": shape}),
            ("reader", reader, {"units": 4}),
            ("answer", "Dense", {"units": 1}),
            ("output", "Output", {}),
            wires="input>reader reader>answer answer>output",
        )
    )
    recipe = propose(description, sent, Recipe(epochs=1)).recipe
    assert recipe.sequence is None
    report = check(sent, interface(description, recipe, ends(sent)))
    assert report.ok
    assert report.nodes["input"].output_shape == shape
    found = prepare(upload.folder, description, recipe, ends(sent))
    network = build(sent, found.interface, seed=0)
    *_, end = train(network, found, recipe, threads=1)
    assert isinstance(end, Status)
    assert end.state == "completed"


@pytest.mark.parametrize(
    ("shape", "fitting"), [([4, 2], [3, 2]), ([4, 1], [6, 1]), ([2, 4], [6, 1])]
)
def test_a_shape_that_the_columns_do_not_fill_is_mended_by_its_fix(upload, shape, fitting):
    description = upload(WIDE.write_csv())
    sent = parse(
        document(
            ("input", "Input", {"shape": shape}),
            ("reader", "LSTM", {"units": 4}),
            ("answer", "Dense", {"units": 1}),
            ("output", "Output", {}),
            wires="input>reader reader>answer answer>output",
        )
    )
    problem = check(sent, interface(description, Recipe(), ends(sent))).problems[0]
    assert problem.where.node == "input"
    assert str(tuple(shape)) in problem.message
    assert problem.fix is not None
    assert problem.fix.changes == [SetParams(node="input", params={"shape": fitting})]


def test_an_input_of_steps_that_a_row_does_not_fill_says_how_long_windows_are(upload):
    table = pl.DataFrame({"n": range(0, 160, 2), "y": [1.5 * (row % 7) for row in range(80)]})
    description = upload(table.write_csv(), roles={"n": "time"}, kinds={"y": "number"})
    for shape, window in ([9, 1], 9), ([9, 2], 9), ([1, 1], 1), ([500, 1], 14):
        sent = parse(
            document(
                ("input", "Input", {"shape": shape}),
                ("reader", "LSTM", {"units": 4}),
                ("answer", "Dense", {"units": 1}),
                ("output", "Output", {}),
                wires="input>reader reader>answer answer>output",
            )
        )
        recipe = propose(description, sent).recipe
        assert recipe.sequence is not None
        assert recipe.sequence != "none"
        assert recipe.sequence.window == window
        report = check(sent, interface(description, recipe, ends(sent)))
        assert report.ok == (shape == [window, 1])


def test_an_input_of_another_shape_than_the_window_is_mended_by_its_fix(upload):
    table = pl.DataFrame(
        {
            "day": [f"2024-01-{1 + row % 28:02}" for row in range(28)] * 2,
            "y": [1.5] * 28 + [2.5] * 28,
        }
    )
    description = upload(table.write_csv())
    sent = parse(
        document(
            ("input", "Input", {"shape": [12, 1]}),
            ("reader", "LSTM", {"units": 4}),
            ("answer", "Dense", {"units": 1}),
            ("output", "Output", {}),
            wires="input>reader reader>answer answer>output",
        )
    )
    recipe = Recipe.model_validate({"sequence": {"window": 8}, "target": "y", "inputs": ["y"]})
    problem = check(sent, interface(description, recipe, ends(sent))).problems[0]
    assert "(8, 1)" in problem.message
    assert problem.fix is not None
    assert problem.fix.changes == [SetParams(node="input", params={"shape": [8, 1]})]


@pytest.mark.parametrize(
    ("inputs", "path"), [(None, ["sequence"]), (["said", "height"], ["inputs", 0])]
)
def test_texts_are_no_steps_and_are_refused_before_anything_is_read(upload, inputs, path):
    words = ["the first words of all", "some others", "and a third text here", "one more"]
    table = waves(30).with_columns(
        said=pl.Series([f"{words[row % 4]} {row}" for row in range(waves(30).height)])
    )
    columns = ["who", "step", "said", "way"] + (["height"] if inputs else [])
    description = upload(table.select(columns).write_csv())
    roles = [("who", "group"), ("step", "time"), ("way", "target"), ("said", "input")]
    patches = [{"name": name, "role": role} for name, role in roles]
    patches[-1]["kind"] = "text"
    description = change(upload.folder, description, patches)
    asked = Recipe.model_validate({"sequence": {"kind": "groups"}, "inputs": inputs})
    with pytest.raises(DocumentError) as caught:
        interface(description, asked)
    problem = caught.value.problems[0]
    assert (problem.code, problem.where.path) == ("text_in_sequence", path)
    assert problem.where.column == "said"
    assert "sequence by itself" in problem.message
    if inputs is None:
        assert problem.fix is not None
        assert interface(description, Recipe(sequence="none")).columns == ("said",)
