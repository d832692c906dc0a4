"""What would make a model look better than it is, reported; statistics equal to references."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import mutual_info_score
from sklearn.preprocessing import KBinsDiscretizer

from models.data.association import binned, entropy, mutual_information, told
from models.data.change import change
from models.data.columns import describe
from models.data.prepare import prepare
from models.proposal import propose
from models.recipe import Recipe, Split
from tests.models.data.uploads import notes

ROWS = 400


def table(**columns: Any) -> str:
    random = np.random.default_rng(0)
    data: dict[str, Any] = {
        "x": random.normal(size=ROWS).round(4).tolist(),
        "z": random.normal(size=ROWS).round(4).tolist(),
        "color": random.choice(["red", "green", "blue"], ROWS).tolist(),
    }
    target = {"label": random.choice(["a", "b", "c"], ROWS).tolist()}
    return pl.DataFrame(data | columns | ({} if "label" in columns else target)).write_csv()


def labels(text: str) -> list[Any]:
    return pl.read_csv(text.encode())["label"].to_list()


def by_code(description: Any) -> dict[str, Any]:
    return {note.code: note for note in description.report}


def test_mutual_information_equals_scikit_learns():
    random = np.random.default_rng(3)
    x = random.integers(0, 12, 500)
    y = (x + random.integers(0, 5, 500)) % 7
    assert mutual_information(x, y) == pytest.approx(mutual_info_score(x, y))
    assert entropy(y) == pytest.approx(mutual_info_score(y, y))


def test_numbers_are_cut_at_the_deciles_of_scikit_learn():
    values = np.random.default_rng(3).lognormal(size=1_000)
    column = describe(pl.Series("x", values))
    reference = KBinsDiscretizer(
        10, encode="ordinal", strategy="quantile", quantile_method="linear", subsample=None
    )
    expected = reference.fit_transform(values[:, None])[:, 0]
    assert (binned(pl.Series("x", values), column) == expected).all()


def test_what_a_column_tells_is_between_nothing_and_all():
    random = np.random.default_rng(0)
    y = random.integers(0, 3, 2_000)
    assert told(y, y) == pytest.approx(1.0)
    assert told((y + 1) % 3, y) == pytest.approx(1.0)
    noise = [told(random.integers(0, 10, 2_000), y) for _ in range(20)]
    assert max(noise) < 0.01
    half = np.where(random.random(2_000) < 0.5, y, random.integers(0, 3, 2_000))
    assert 0.1 < told(half, y) < 0.5
    assert told(np.arange(0), np.arange(0)) == 0.0


def test_a_target_copied_into_a_late_column_is_reported(upload):
    text = table()
    copied = [{"a": 10, "b": 20, "c": 30}[label] for label in labels(text)]
    description = upload(table(late=copied, label=labels(text)))
    note = by_code(description)["leakage_suspect"]
    assert '"late"' in note.message
    assert note.examples == ["late"]
    column = next(column for column in description.columns if column.name == "late")
    assert column.information == pytest.approx(1.0)
    # Once it is no input, there is nothing to warn of.
    ignored = change(upload.folder, description, [{"name": "late", "role": "ignore"}])
    assert "leakage_suspect" not in by_code(ignored)


def test_a_number_that_nearly_is_the_target_is_reported(upload):
    random = np.random.default_rng(1)
    price = random.normal(100, 20, ROWS)
    description = upload(
        table(taxed=(price * 1.19 + random.normal(0, 0.01, ROWS)).tolist(), label=price.tolist())
    )
    assert '"taxed"' in by_code(description)["leakage_suspect"].message


def test_honest_columns_are_not_suspected(upload):
    description = upload(table())
    suspects = {"leakage_suspect", "class_imbalance", "duplicate_rows", "near_constant"}
    assert not suspects & by_code(description).keys()
    assert "order_tells_target" not in by_code(description)


def test_rows_in_order_of_time_that_would_be_dealt_out_at_random_are_reported(upload):
    random = np.random.default_rng(1)
    walk = np.cumsum(random.normal(size=ROWS)).round(3)
    order = random.permutation(ROWS)
    days = pl.date_range(pl.date(2020, 1, 1), pl.date(2022, 1, 1), eager=True)[:ROWS].cast(
        pl.String
    )
    # The file is shuffled: only the column of days tells the order.
    text = table(day=[days[int(n)] for n in order], label=[walk[int(n)] for n in order])
    description = upload(text)
    assert '"time"' in by_code(description)["order_tells_target"].message
    timed = change(upload.folder, description, [{"name": "day", "role": "time"}])
    assert "order_tells_target" not in by_code(timed)
    noise = upload(table(day=days.to_list(), label=random.normal(size=ROWS).tolist()))
    assert "order_tells_target" not in by_code(noise)


def test_duplicate_rows_are_reported_and_those_across_a_split_are_counted(upload):
    text = table()
    lines = text.splitlines()
    doubled = "\n".join([*lines, *lines[1:41]]) + "\n"
    description = upload(doubled)
    assert by_code(description)["duplicate_rows"].count == 40
    recipe = propose(description, None, Recipe(split=Split(validation=0.2, test=0.2))).recipe
    prepared = prepare(upload.folder, description, recipe)
    assert prepared.test is not None
    whole = pl.read_csv(doubled.encode()).rows()
    train = {whole[row] for row in prepared.train.rows}
    expected = sum(whole[row] in train for row in prepared.test.rows)
    (note,) = [note for note in prepared.notes if note.code == "duplicates_across_parts"]
    assert note.count == expected > 0


def test_a_rare_class_and_a_column_that_hardly_differs_are_reported(upload):
    rare = ["a"] * 370 + ["b"] * 30
    flat = ["no"] * 399 + ["yes"]
    found = by_code(upload(table(flat=flat, label=rare)))
    assert '"b" (30)' in found["class_imbalance"].message
    assert found["near_constant"].examples == ["flat"]


def test_outliers_are_counted_by_tukeys_fences(upload):
    values = np.random.default_rng(5).standard_cauchy(ROWS)
    column = describe(pl.Series("x", values))
    first, third = np.percentile(values, [25, 75])
    reach = 1.5 * (third - first)
    outside = (values < first - reach) | (values > third + reach)
    assert column.outliers == outside.sum()
    values = np.append(np.random.default_rng(5).normal(size=ROWS - 1), 1e5)
    description = upload(table(far=values.tolist()))
    assert by_code(description)["outliers"].examples == ["far"]
    patch = [{"name": "far", "treatment": {"scaling": "robust"}}]
    assert "outliers" not in by_code(change(upload.folder, description, patch))


def test_a_small_table_is_not_suspected_of_anything(upload):
    description = upload("x,z,label\n" + "1,2,a\n3,4,b\n" * 5)
    assert not {"leakage_suspect", "duplicate_rows"} & notes(description).keys()
