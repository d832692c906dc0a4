"""Splits by group, by time and by a column: nothing of one part is in another."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.model_selection import TimeSeriesSplit

from models.data.change import change
from models.data.prepare import prepare
from models.data.split import deal_groups, deal_times
from models.errors import DocumentError
from models.proposal import propose
from models.recipe import Recipe, Split

ROWS = 100
shares = st.floats(0, 0.4).map(lambda share: round(share, 2))


def table(**columns: Any) -> str:
    random = np.random.default_rng(0)
    data: dict[str, Any] = {
        "x": random.normal(size=ROWS).round(3).tolist(),
        "who": [f"p{n % 17}" for n in range(ROWS)],
        "when": [f"2024-{1 + n // 28:02}-{1 + n % 28:02}" for n in random.permutation(ROWS)],
        "part": ["train", "Training", "val", "TEST", "train"] * 20,
        "label": random.choice(["a", "b"], ROWS).tolist(),
    }
    return pl.DataFrame(data | columns, strict=False).write_csv()


def prepared(upload, text: str, split: dict[str, Any], *roles: tuple[str, str]) -> Any:
    patches = [{"name": name, "role": role} for name, role in roles]
    description = change(upload.folder, upload(text), patches)
    sent = Recipe(split=Split(**split)) if split else Recipe()
    recipe = propose(description, None, sent).recipe
    return prepare(upload.folder, description, recipe), recipe


def refused(upload, split: dict[str, Any], text: str | None = None, **recipe: Any) -> Any:
    description = upload(text or table())
    with pytest.raises(DocumentError) as caught:
        propose(description, None, Recipe(split=Split(**split), **recipe))
    return caught.value.problems[0]


def parts(found: Any) -> list[list[int]]:
    return [
        part.rows.tolist() if part is not None else []
        for part in (found.train, found.validation, found.test)
    ]


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.integers(0, 12), min_size=3, max_size=200).filter(lambda g: len(set(g)) >= 3),
    shares,
    shares,
    st.integers(0, 20),
    st.booleans(),
)
def test_no_group_is_in_two_parts_and_every_row_in_one(groups, validation, test, seed, shuffle):
    codes = np.array(groups, dtype=float)
    rows = np.arange(500, 500 + len(codes))
    split = Split(validation=validation, test=test, seed=seed, shuffle=shuffle)
    dealt = deal_groups(rows, split, codes)
    assert sorted(np.concatenate(dealt)) == rows.tolist()
    held = [set(codes[part - 500]) for part in dealt]
    assert not held[0] & held[1]
    assert not held[0] & held[2]
    assert not held[1] & held[2]
    asked = (True, validation > 0, test > 0)
    assert [len(part) > 0 for part in dealt] == list(asked)
    again = deal_groups(rows, split, codes)
    assert all((a == b).all() for a, b in zip(dealt, again, strict=True))


def test_the_parts_of_many_small_groups_have_their_shares():
    codes = np.repeat(np.arange(200.0), 5)
    dealt = deal_groups(np.arange(1_000), Split(validation=0.2, test=0.1), codes)
    assert [len(part) for part in dealt] == [700, 200, 100]


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.integers(0, 400), min_size=40, max_size=200, unique=True),
    shares.filter(lambda share: share > 0.1),
    shares.filter(lambda share: share > 0.1),
    st.integers(0, 3),
)
def test_what_is_later_is_tested_and_a_gap_is_left_out(times, validation, test, gap):
    moments = np.array(times, dtype=float)
    rows = np.arange(len(moments))
    split = Split(validation=validation, test=test, gap=gap)
    train, validated, tested = deal_times(rows, split, moments)
    assert moments[train].max() < moments[validated].min()
    assert moments[validated].max() < moments[tested].min()
    order = np.argsort(moments)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    assert place[validated].min() - place[train].max() == gap + 1
    assert place[tested].min() - place[validated].max() == gap + 1
    assert len(tested) == pytest.approx(len(rows) * test, abs=1)


def test_the_test_part_is_that_of_scikit_learns_time_series_split():
    moments = np.random.default_rng(1).permutation(60).astype(float)
    order = np.argsort(moments)
    split = Split(validation=0, test=0.25, gap=4)
    train, _, tested = deal_times(np.arange(60), split, moments)
    reference = TimeSeriesSplit(n_splits=2, test_size=15, gap=4)
    *_, (expected, held_out) = reference.split(order)
    assert train.tolist() == order[expected].tolist()
    assert tested.tolist() == order[held_out].tolist()


def test_rows_of_one_moment_stay_together():
    moments = np.repeat(np.arange(10.0), 10)
    split = Split(validation=0.25, test=0.25)
    dealt = deal_times(np.arange(100), split, moments)
    held = [set(moments[part]) for part in dealt]
    assert not held[0] & held[1]
    assert not held[1] & held[2]
    with pytest.raises(DocumentError, match="of 1 moments"):
        deal_times(np.arange(20), split, np.zeros(20))


def test_a_column_with_the_role_group_splits_by_it_and_is_no_input(upload):
    found, recipe = prepared(upload, table(), {}, ("who", "group"))
    assert (recipe.split.by, recipe.split.column) == ("group", "who")
    assert "who" not in found.interface.columns
    held = [{f"p{row % 17}" for row in part} for part in parts(found)]
    assert not held[0] & held[1]
    assert not held[0] & held[2]


def test_a_column_with_the_role_time_splits_by_it(upload):
    text = table()
    found, recipe = prepared(upload, text, {}, ("when", "time"))
    assert (recipe.split.by, recipe.split.column) == ("time", "when")
    assert "when" not in found.interface.columns
    days = pl.read_csv(text.encode())["when"].to_list()
    train, validation, test = ([days[row] for row in part] for part in parts(found))
    assert max(train) < min(validation)
    assert max(validation) < min(test)
    plain, _ = prepared(upload, text, {"by": "rows"}, ("when", "time"))
    days_of_test = [days[row] for row in plain.test.rows]
    assert min(days_of_test) < max(train)


def test_a_column_may_say_which_row_goes_where(upload):
    found, recipe = prepared(upload, table(), {"by": "column", "column": "part"})
    assert recipe.split.validation == pytest.approx(0.2)
    assert recipe.split.test == pytest.approx(0.2)
    assert "part" not in found.interface.columns
    names = ["train", "train", "validation", "test", "train"] * 20
    expected = [
        [n for n in range(ROWS) if names[n] == part] for part in ("train", "validation", "test")
    ]
    assert parts(found) == expected


def test_rows_without_a_group_are_left_out_and_told(upload):
    who = [None if n < 4 else f"p{n % 17}" for n in range(ROWS)]
    found, _ = prepared(upload, table(who=who), {}, ("who", "group"))
    assert sorted(np.concatenate(parts(found))) == list(range(4, ROWS))
    assert [note.count for note in found.notes] == [4]


@pytest.mark.parametrize(
    ("split", "code", "path", "names"),
    [
        ({"by": "group"}, "no_split_column", ["split", "column"], "group"),
        ({"by": "group", "column": "whom"}, "unknown_column", ["split", "column"], '"who"'),
        ({"by": "time", "column": "who"}, "unusable_split", ["split", "column"], "dates or"),
        ({"by": "column", "column": "who"}, "unknown_part", ["split", "column"], '"p0"'),
        ({"by": "rows", "column": "who"}, "contradiction", ["split", "column"], "split.by"),
        ({"gap": 3}, "contradiction", ["split", "gap"], "by time"),
        ({"by": "group", "column": "label"}, "contradiction", ["split", "column"], "target"),
        (
            {"by": "time", "column": "when", "validation": 0.6, "test": 0.5},
            "nothing_to_train_on",
            ["split"],
            "0.6",
        ),
    ],
)
def test_a_split_that_cannot_be_is_refused_with_its_place(upload, split, code, path, names):
    problem = refused(upload, split)
    assert (problem.code, problem.where.path) == (code, path)
    assert names in problem.message


def test_a_column_of_groups_cannot_be_an_input(upload):
    problem = refused(upload, {"by": "group", "column": "who"}, inputs=["x", "who"])
    assert problem.code == "split_among_inputs"
    assert problem.where.path == ["inputs", 1]


def test_too_few_groups_are_refused(upload):
    text = table(who=["p", "q"] * 50)
    description = upload(text)
    split = Split(by="group", column="who", stratify=False, test=0.0)
    recipe = propose(description, None, Recipe(split=split)).recipe
    three = recipe.model_copy(update={"split": split.model_copy(update={"test": 0.2})})
    with pytest.raises(DocumentError, match="at least 3 groups"):
        prepare(upload.folder, description, three)


def test_several_targets_are_those_of_one_change_and_get_an_output_each(upload):
    description = change(
        upload.folder,
        upload(table()),
        [{"name": "x", "role": "target"}, {"name": "label", "role": "target"}],
    )
    roles = {column.name: column.role for column in description.columns}
    assert [name for name, role in roles.items() if role == "target"] == ["x", "label"]
    assert description.problem is not None
    assert description.problem.target == "x"
    proposal = propose(description)
    outputs = [node.params for node in proposal.architecture.nodes if node.type == "Output"]
    assert outputs == [{"target": "x"}, {"target": "label"}]
    alone = change(upload.folder, description, [{"name": "label", "role": "target"}])
    roles = {column.name: column.role for column in alone.columns}
    assert (roles["x"], roles["label"]) == ("input", "target")
    assert alone.problem is not None
    assert alone.problem.task == "classification"


@pytest.mark.parametrize("seed", range(5))
def test_whole_groups_of_a_recipe_keep_the_shares_of_the_classes(upload, seed):
    # Twenty groups of five rows, of which four are of the rare class.
    groups = np.arange(ROWS) // 5
    text = table(who=[f"p{n}" for n in groups], label=np.where(groups < 4, "rare", "usual"))
    split = {"by": "stratified_group", "validation": 0.25, "test": 0.25, "seed": seed}
    found, _ = prepared(upload, text, split, ("who", "group"), ("label", "target"))
    dealt = parts(found)
    assert [len(part) for part in dealt] == [50, 25, 25]
    rare = [sum(groups[row] < 4 for row in part) for part in dealt]
    assert rare == [10, 5, 5]
