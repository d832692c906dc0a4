"""Kinds, roles, statistics and the proposed problem of a table."""

from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.data.change import change
from models.data.columns import describe
from models.data.kinds import infer
from models.errors import DocumentError
from tests.models.data.uploads import kinds, notes


def column(values, name="x", **options):
    return describe(pl.Series(name, values), **options)


def table(**columns) -> str:
    rows = zip(*columns.values(), strict=True)
    lines = [",".join("" if cell is None else str(cell) for cell in row) for row in rows]
    return "\n".join([",".join(columns), *lines]) + "\n"


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([1.5, 2.5, None, 4.0], "number"),
        ([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 97, 93, 23], "integer"),
        ([1.0, 2.0, None, 2.0], "integer"),
        ([0, 1, 1, 0, None], "boolean"),
        (["yes", "no", "no", None], "boolean"),
        (["True", "False", "False"], "boolean"),
        (["red", "green", "red", "blue"] * 5, "category"),
        ([f"A comment of several words number {i}" for i in range(30)], "text"),
        ([f"u{i:04}" for i in range(30)], "identifier"),
        (["2024-01-31", "2024-02-01", "2024-02-01"], "date"),
        (["31.01.2024", "01.02.2024", "02.02.2024"], "date"),
        (["2024-01-31T12:00:00Z", "2024-02-01T13:30:00Z"], "date"),
        ([7.0, 7.0, 7.0], "constant"),
        (["same", "same", None], "constant"),
        ([None, None], "empty"),
    ],
)
def test_kinds_are_inferred_from_all_values(values, kind):
    dtype = pl.String if values == [None, None] else None
    assert infer(pl.Series("x", values, dtype=dtype)).kind == kind


@pytest.mark.parametrize("name", ["id", "ID", "customer_id", "PatientId", "index", "Unnamed: 0"])
def test_unique_whole_numbers_of_a_telling_name_are_identifiers(name):
    values = [17, 4, 88, 23, 5, 61, 99, 42, 7, 12]
    assert column(values, name).kind == "identifier"
    assert column(values, "width").kind == "integer"


def test_numbered_rows_are_an_identifier_unless_they_are_the_only_input(upload):
    count = range(1, 31)
    noise = [(i * 7) % 11 + 0.5 for i in count]
    with_other = upload(table(no_x=count, width=noise, y=[n * 2 for n in noise]))
    assert kinds(with_other)["no_x"] == "identifier"
    alone = upload(table(step=count, y=noise))
    assert kinds(alone)["step"] == "integer"
    assert alone.columns[0].role == "input"


def test_booleans_have_the_negative_first():
    assert column(["yes", "no", "no"]).categories == ["no", "yes"]
    assert column(["True", "False"]).categories == ["False", "True"]
    assert column([1, 0, 0]).categories == ["0", "1"]


def test_categories_of_numbers_are_in_order_of_size():
    assert column([10, 9, 2] * 5).categories == ["2", "9", "10"]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.none() | st.floats(-1e6, 1e6, allow_subnormal=False).map(lambda x: round(x, 3)),
        min_size=2,
        max_size=60,
    ).filter(lambda values: sum(value is not None for value in values) > 1)
)
def test_statistics_equal_those_of_polars(values):
    series = pl.Series("x", values, dtype=pl.Float64)
    described = describe(series, chosen="number")
    known = series.drop_nulls()
    assert described.missing == series.null_count()
    assert described.unique == known.n_unique()
    assert described.minimum == known.min()
    assert described.maximum == known.max()
    assert described.mean == pytest.approx(known.mean())
    assert described.std == pytest.approx(known.std())
    assert described.median == pytest.approx(known.median())


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=80))
def test_the_bars_of_a_distribution_hold_every_value_once(values):
    described = describe(pl.Series("x", values), chosen="number")
    assert sum(bar.count for bar in described.distribution) == len(values)
    for bar in described.distribution[:-1]:
        assert bar.low is not None
        assert bar.high is not None
        assert bar.count == sum(bar.low <= value < bar.high for value in values)


def test_a_category_has_a_bar_for_each_of_its_values():
    bars = column(["b", "a", "b", None]).distribution
    assert [(bar.label, bar.count) for bar in bars] == [("a", 1), ("b", 2)]


def test_a_column_may_have_any_name(upload):
    names = ["count", "value", "literal", "len", "a", ""]
    data = {name or "x y": [1, 2, 3] * 20 for name in names}
    assert len(upload(table(**data)).columns) == len(names)


def test_many_categories_share_the_last_bar():
    values = [f"c{i:03}" for i in range(300)] * 2
    bars = column(values).distribution
    assert len(bars) == 100
    assert bars[-1].count == 600 - 99 * 2
    assert "201 others" in bars[-1].label


def test_the_correlation_with_a_target_of_numbers_is_pearsons(upload):
    x = [1.5, 2.5, 3.5, 4.5, 5.0, 7.25]
    y = [2.5, 2.0, 4.5, 4.0, 6.5, 6.25]
    description = upload(table(x=x, y=y))
    expected = pl.DataFrame({"x": x, "y": y}).select(pl.corr("x", "y")).item()
    assert description.columns[0].correlation == pytest.approx(expected)


def test_the_last_column_is_proposed_as_the_target(upload):
    description = upload(table(a=[0.5, 1.5, 2.5] * 4, b=["u", "v", "u"] * 4))
    assert description.problem is not None
    assert (description.problem.target, description.problem.task) == ("b", "classification")
    assert description.problem.classes == ["u", "v"]
    assert "last column" in description.problem.reason
    assert [c.role for c in description.columns] == ["input", "target"]


@pytest.mark.parametrize("name", ["target", "Species", "label", "class", "Survived", "y"])
def test_a_column_named_as_targets_are_goes_before_the_last(upload, name):
    data = table(**{"a": [0.5, 1.5, 2.5] * 4, name: ["u", "v", "u"] * 4, "z": [1.5, 2.5, 0.5] * 4})
    problem = upload(data).problem
    assert problem is not None
    assert problem.target == name


def test_a_y_beside_an_x_is_a_coordinate(upload):
    data = table(x=[0.5, 1.5] * 6, y=[1.5, 0.25] * 6, side=["l", "r"] * 6)
    assert upload(data).problem.target == "side"


def test_whole_numbers_of_few_values_are_proposed_as_classes(upload):
    x = [i + 0.5 for i in range(60)]
    few = upload(table(x=x, quality=[3, 4, 5] * 20)).problem
    assert (few.task, few.classes) == ("classification", ["3", "4", "5"])
    many = upload(table(x=x, price=[i * 13 % 61 for i in range(60)])).problem
    assert (many.task, many.classes) == ("regression", None)


def test_a_last_column_that_cannot_be_predicted_is_passed_over(upload):
    data = table(size=[1.5, 2.5] * 10, kind=["a", "b"] * 10, uid=[f"k{i}" for i in range(20)])
    problem = upload(data).problem
    assert problem.target == "kind"
    assert '"uid" is of kind identifier' in problem.reason


def test_a_constant_column_is_left_out_with_a_warning(upload):
    description = upload(table(c=[3] * 12, x=[0.5, 1.5] * 6, y=["a", "b"] * 6))
    note = next(note for note in description.report if note.code == "constant_column")
    assert note.severity == "warning"
    assert '"c"' in note.message
    assert description.columns[0].role == "ignore"


def test_a_column_without_values_is_left_out_and_named(upload):
    description = upload(table(void=[None] * 12, x=[0.5, 1.5] * 6, y=["a", "b"] * 6))
    assert kinds(description)["void"] == "empty"
    assert '"void"' in notes(description)["empty_column"]
    assert description.columns[0].role == "ignore"


def test_missing_targets_are_counted(upload):
    description = upload(table(x=[0.5, 1.5] * 6, y=["a", None, "b"] * 4))
    note = next(note for note in description.report if note.code == "missing_targets")
    assert note.count == 4


def test_texts_and_identifiers_are_ignored_and_told_and_dates_are_inputs(upload):
    description = upload(
        table(
            day=[f"2024-01-{i:02}" for i in range(1, 25)],
            remark=[f"some words of row {i}" for i in range(24)],
            key=[f"k{i}" for i in range(24)],
            x=[0.5, 1.5] * 12,
            y=["a", "b"] * 12,
        )
    )
    assert [c.role for c in description.columns[:3]] == ["input", "ignore", "ignore"]
    assert '"day"' in notes(description)["date_column"]
    assert '"remark"' in notes(description)["text_column"]
    assert "looks like an identifier" in notes(description)["identifier_column"]


def test_a_table_without_a_possible_target_says_so(upload):
    description = upload(table(key=[f"k{i}" for i in range(12)], c=[1] * 12))
    assert description.problem is None
    assert "no_target" in notes(description)


def test_missing_values_of_inputs_are_counted(upload):
    description = upload(
        table(x=[0.5, None, 1.5, None] * 3, z=[None, "u", "v"] * 4, y=["a", "b"] * 6)
    )
    note = next(note for note in description.report if note.code == "missing_values")
    assert note.count == 10


@pytest.mark.parametrize(
    ("values", "format"),
    [
        (["2024-01-31", "1999-12-01"], "%Y-%m-%d"),
        (["31.12.2024", "1.2.1999"], "%d.%m.%Y"),
        (["12/31/2024", "01/13/2023"], "%m/%d/%Y"),
        (["31/12/2024", "13/01/2023"], "%d/%m/%Y"),
        (["31.12.24 15:30", "01.01.99 00:00"], "%d.%m.%y %H:%M"),
        (["2024-01-31T12:00:00.250Z", "2024-01-31T12:00:00.5+02:00"], "%Y-%m-%dT%H:%M:%S.%f%z"),
        (["1 Jan 2024", "12 Feb 2023"], "%d %b %Y"),
        (["January 1, 2024", "May 12, 2023"], "%B %d, %Y"),
        (["1/2/2024 3:04 PM", "12/13/2024 11:59 AM"], "%m/%d/%Y %I:%M %p"),
    ],
)
def test_dates_are_read_as_python_reads_them(values, format):
    described = column(values)
    assert described.kind == "date"
    assert described.date_format == format
    moments = [datetime.strptime(value, format) for value in values]
    seconds = [
        (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() for moment in moments
    ]
    assert (described.minimum, described.maximum) == (min(seconds), max(seconds))


@pytest.mark.parametrize(
    "values",
    [
        ["2024-13-01", "2024-01-01"],
        ["31.02.2024", "01.01.2024"],
        ["2024-01-01", "soon"],
        ["0024-01-01", "0025-01-01"],
        ["12:30", "13:45"],
        ["1.2.3", "4.5.6"],
        ["10.20.30.40", "10.20.30.41"],
        ["31/12/2024", "12/31/2024"],
    ],
)
def test_what_no_one_format_reads_is_no_date(values):
    assert column(values * 4).kind != "date"


def test_days_and_months_that_could_change_places_are_told(upload):
    days = [f"{1 + i % 12:02}/{1 + i % 9:02}/2024" for i in range(24)]
    days[3] = "02/11/2024"
    data = table(day=days, x=[0.5, 1.5] * 12, y=["a", "b"] * 12)
    description = upload(data)
    assert "month first" in description.columns[0].kind_reason
    assert description.columns[0].date_format == "%d/%m/%Y"
    assert "%m/%d/%Y" in description.columns[0].date_formats
    assert "ambiguous_date" in notes(description)
    patch = [{"name": "day", "date_format": "%m/%d/%Y"}]
    changed = change(upload.folder, description, patch).columns[0]
    assert changed.date_format == "%m/%d/%Y"
    assert changed.mean != description.columns[0].mean
    with pytest.raises(DocumentError) as caught:
        change(upload.folder, description, [{"name": "day", "date_format": "%Y"}])
    assert caught.value.problems[0].where.path == ["columns", 0, "date_format"]
    clear = upload(data.replace("01/01/2024", "31/01/2024"))
    assert "ambiguous_date" not in notes(clear)
