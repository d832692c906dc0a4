"""How columns are prepared: as scikit-learn does it, fitted on nothing but the training part."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    RobustScaler,
    StandardScaler,
)

from models.check import check
from models.data.change import change
from models.data.interface import interface
from models.data.prepare import prepare
from models.data.prepared_interface import interface_of
from models.data.preprocess import Preprocess
from models.data.view import read_rows
from models.ends import ends
from models.errors import DocumentError
from models.proposal import propose
from models.recipe import Recipe, Split

ROWS = 124


def table(**columns: Any) -> str:
    random = np.random.default_rng(4)
    data: dict[str, Any] = {
        "size": (random.normal(0, 1, ROWS) ** 3 * 100).round(2).tolist(),
        "count": random.integers(0, 6, ROWS).tolist(),
        "color": random.choice(["red", "green", "blue", "black"], ROWS).tolist(),
        "smoker": random.choice(["yes", "no"], ROWS).tolist(),
        "label": random.choice(["a", "b", "c"], ROWS).tolist(),
    }
    for index in range(0, ROWS, 7):
        data["size"][index] = None
        data["count"][index + 1] = None
        data["color"][index + 2] = None
        data["smoker"][index + 1] = None
    return pl.DataFrame(data | columns, strict=False).write_csv()


def treated(upload, text: str, treatments: dict[str, Any], **recipe: Any) -> Any:
    patches = [{"name": name, "treatment": chosen} for name, chosen in treatments.items()]
    description = change(upload.folder, upload(text), patches)
    full = propose(description, None, Recipe(inputs=[*treatments], **recipe)).recipe
    return prepare(upload.folder, description, full), description


def raw(name: str, text: str | None = None) -> np.ndarray:
    return pl.read_csv((text or table()).encode()).select(name).to_numpy()


def refused(upload, text: str, treatments: dict[str, Any]) -> Any:
    with pytest.raises(DocumentError) as caught:
        treated(upload, text, treatments)
    return caught.value.problems[0]


SCALERS = {
    "standard": StandardScaler(),
    "min_max": MinMaxScaler(),
    "robust": RobustScaler(),
    "none": FunctionTransformer(),
    "log": make_pipeline(
        FunctionTransformer(lambda x: np.sign(x) * np.log1p(np.abs(x))), StandardScaler()
    ),
}


@pytest.mark.parametrize("missing", ["mean", "median", "most_frequent", "constant"])
@pytest.mark.parametrize("scaling", SCALERS)
def test_numbers_equal_scikit_learns_imputers_and_scalers(upload, missing, scaling):
    chosen = {"missing": missing, "scaling": scaling, "indicator": True}
    chosen |= {"fill_value": -2.5} if missing == "constant" else {}
    found, _ = treated(upload, table(), {"size": chosen, "count": chosen})
    for place, name in enumerate(("size", "count")):
        values = raw(name).astype(float)
        imputer = SimpleImputer(strategy=missing, fill_value=chosen.get("fill_value"))
        reference = make_pipeline(imputer, SCALERS[scaling]).fit(values[found.train.rows])
        for part in (found.train, found.validation, found.test):
            expected = reference.transform(values[part.rows])
            np.testing.assert_allclose(part.x[:, [2 * place]], expected, rtol=1e-5, atol=1e-5)
            absent = np.isnan(values[part.rows])
            np.testing.assert_array_equal(part.x[:, [2 * place + 1]], absent)


@pytest.mark.parametrize("missing", ["most_frequent", "constant", "category"])
def test_one_hot_equals_scikit_learns_imputer_and_encoder(upload, missing):
    chosen = {"missing": missing} | ({"fill_value": "red"} if missing == "constant" else {})
    found, _ = treated(upload, table(), {"color": chosen})
    imputer = {
        "most_frequent": SimpleImputer(strategy="most_frequent", missing_values=None),
        "constant": SimpleImputer(strategy="constant", fill_value="red", missing_values=None),
        # After the others in the order of scikit-learn, as ours is.
        "category": SimpleImputer(strategy="constant", fill_value="~", missing_values=None),
    }[missing]
    encoder = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    values = raw("color")
    reference = make_pipeline(imputer, encoder).fit(values[found.train.rows])
    for part in (found.train, found.validation, found.test):
        np.testing.assert_array_equal(part.x, reference.transform(values[part.rows]))


@pytest.mark.parametrize("scaling", ["none", "standard", "min_max", "robust"])
def test_ordinals_equal_scikit_learns_with_unseen_ones_below_all(upload, scaling):
    split = Split(shuffle=False, stratify=False)
    colors = raw("color")[:, 0].tolist()
    # Nothing that the training part has: the last rows are the test part.
    colors[-1], colors[-3] = "amber", "violet"
    text = table(color=colors)
    chosen = {"encoding": "ordinal", "scaling": scaling, "missing": "most_frequent"}
    found, _ = treated(upload, text, {"color": chosen}, split=split)
    imputer = SimpleImputer(strategy="most_frequent", missing_values=None)
    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    values = raw("color", text)
    reference = make_pipeline(imputer, encoder, SCALERS[scaling]).fit(values[found.train.rows])
    for part in (found.train, found.validation, found.test):
        np.testing.assert_allclose(part.x, reference.transform(values[part.rows]), atol=1e-5)


@pytest.mark.parametrize("order", [["red", "black", "green", "blue"], None])
def test_ordinals_are_in_the_order_that_is_given_as_scikit_learns_are(upload, order):
    chosen = {"encoding": "ordinal", "scaling": "none", "missing": "most_frequent", "order": order}
    found, description = treated(upload, table(), {"color": chosen})
    imputer = SimpleImputer(strategy="most_frequent", missing_values=None)
    encoder = OrdinalEncoder(categories=[order] if order else "auto")
    values = raw("color")
    reference = make_pipeline(imputer, encoder).fit(values[found.train.rows])
    for part in (found.train, found.validation, found.test):
        np.testing.assert_array_equal(part.x, reference.transform(values[part.rows]))
    column = found.preparation.columns[0]
    assert column.categories == (order or ["black", "blue", "green", "red"])
    # What a model is sent goes the same way, and the classes of a target stay as they are.
    sent = Preprocess(found.preparation)(found.preparation.encode_rows([{"color": "green"}]))[0]
    assert sent.tolist() == [[2.0]]
    (kept,) = [each for each in description.columns if each.name == "color"]
    assert kept.categories == ["black", "blue", "green", "red"]


def test_an_index_counts_from_one_and_is_zero_for_what_training_has_not_seen(upload):
    split = Split(shuffle=False, stratify=False)
    colors = [None if color is None else color for color in raw("color")[:, 0].tolist()]
    colors[-1] = "amber"
    chosen = {"encoding": "index", "missing": "category"}
    found, _ = treated(upload, table(color=colors), {"color": chosen}, split=split)
    # amber, black, blue, green, red, missing; amber is not in the training part.
    expected = {None: 5.0, "black": 1.0, "blue": 2.0, "green": 3.0, "red": 4.0, "amber": 0.0}
    for part in (found.train, found.validation, found.test):
        assert part.x[:, 0].tolist() == [expected[colors[row]] for row in part.rows]
    assert found.interface.entries[0].vocabulary == (7,)
    assert interface_of(found.preparation).entries[0].vocabulary == (7,)


def test_rows_without_a_value_are_left_out_where_that_is_chosen(upload):
    found, _ = treated(upload, table(), {"size": {"missing": "drop"}, "count": {}})
    parts = (found.train, found.validation, found.test)
    dealt = np.concatenate([part.rows for part in parts])
    known = np.flatnonzero(~np.isnan(raw("size").astype(float)[:, 0]))
    assert sorted(dealt) == known.tolist()
    assert "18 rows without a value" in found.notes[0].message
    with pytest.raises(DocumentError, match="learnt from no row without one"):
        found.preparation.encode([{"size": None, "count": 1}])


DATES = {
    "%Y-%m-%d": "%Y-%m-%d",
    "%d.%m.%Y %H:%M": "%d.%m.%Y %H:%M",
    "%m/%d/%Y": "%m/%d/%Y",
    "%Y-%m-%dT%H:%M:%S%z": "%Y-%m-%dT%H:%M:%SZ",
    "%d %b %Y": "%d %b %Y",
}


@pytest.mark.parametrize("format", DATES)
def test_dates_become_the_parts_that_polars_tells(upload, format):
    random = np.random.default_rng(1)
    seconds = random.integers(-2_000_000_000, 4_000_000_000, ROWS)
    moments = pl.Series("day", seconds * 1_000_000).cast(pl.Datetime("us"))
    texts = moments.dt.strftime(DATES[format])
    moments = texts.str.to_datetime(DATES[format], time_unit="us")
    parts = ["time", "year", "month", "day", "weekday", "hour"]
    found, description = treated(
        upload, table(day=texts.to_list()), {"day": {"parts": parts}}, split=Split(stratify=False)
    )
    assert description.columns[5].date_format == format
    cycles = [
        (moments.dt.month().to_numpy() - 1) / 12,
        (moments.dt.day().to_numpy() - 1) / 31,
        (moments.dt.weekday().to_numpy() - 1) / 7,
        (moments.dt.epoch("s").to_numpy() % 86_400) / 86_400,
    ]
    numbers = [moments.dt.epoch("s").to_numpy(), moments.dt.year().to_numpy()]
    for part in (found.train, found.validation, found.test):
        columns = []
        for values in numbers:
            train = values[found.train.rows]
            columns.append((values[part.rows] - train.mean()) / train.std())
        for cycle in cycles:
            angle = 2 * np.pi * cycle[part.rows]
            columns += [np.sin(angle), np.cos(angle)]
        np.testing.assert_allclose(part.x, np.column_stack(columns), atol=1e-5)


def test_no_row_outside_the_training_part_changes_what_is_fitted(upload):
    random = np.random.default_rng(2)
    days = [f"20{n % 30:02}-0{1 + n % 9}-1{n % 10}" for n in random.permutation(ROWS)]
    chosen = {
        "size": {"missing": "median", "scaling": "robust", "indicator": True},
        "count": {"missing": "most_frequent", "scaling": "min_max"},
        "color": {"missing": "category", "encoding": "ordinal"},
        "day": {"missing": "median", "parts": ["time", "year"]},
    }
    split = Split(validation=0.2, test=0.2, seed=3)
    before, _ = treated(upload, table(day=days), chosen, split=split)
    held_out = np.concatenate([before.validation.rows, before.test.rows])
    frame = pl.read_csv(table().encode())
    sizes, colors = frame["size"].to_list(), frame["color"].to_list()
    counts = frame["count"].to_list()
    for row in held_out:
        sizes[row], counts[row], colors[row], days[row] = 1e6, 1000, "red", "2099-12-31"
    text = table(size=sizes, count=counts, color=colors, day=days)
    after, _ = treated(upload, text, chosen, split=split)
    assert (after.train.rows == before.train.rows).all()
    assert after.preparation == before.preparation
    assert (after.train.x == before.train.x).all()


def test_rows_that_are_sent_are_prepared_as_the_training_data_was(upload):
    days = [f"{1 + n % 28:02}.0{1 + n % 9}.2024 1{n % 10}:30" for n in range(ROWS)]
    chosen = {
        "size": {"missing": "median", "scaling": "log", "indicator": True},
        "color": {"missing": "category", "encoding": "ordinal", "scaling": "none"},
        "smoker": {"indicator": True},
        "day": {"indicator": True},
    }
    found, description = treated(upload, table(day=days), chosen)
    columns, rows = read_rows(upload.folder, description, 0, 1_000)
    sent = [dict(zip(columns, rows[row], strict=True)) for row in found.test.rows]
    (again,) = Preprocess(found.preparation)(found.preparation.encode(sent))
    assert (again == found.test.x).all()
    text = found.preparation.model_dump_json()
    assert type(found.preparation).model_validate_json(text) == found.preparation
    assert interface_of(found.preparation).input_shape == found.interface.input_shape
    assert found.train.x.shape[1] == found.interface.input_shape[0]
    problem = None
    try:
        found.preparation.encode([{**sent[0], "day": "2024-01-31"}])
    except DocumentError as error:
        problem = error.problems[0]
    assert problem is not None
    assert problem.where.column == "day"
    assert "31.12.2024 15:00" in problem.message


@pytest.mark.parametrize(
    ("name", "chosen", "path", "names"),
    [
        ("size", {"missing": "category"}, "missing", "mean, median"),
        ("size", {"encoding": "one_hot"}, "encoding", "no way|no encoding"),
        ("color", {"missing": "mean"}, "missing", "most_frequent"),
        ("color", {"scaling": "standard"}, "scaling", "ordinal"),
        ("color", {"indicator": True}, "indicator", "'category'"),
        ("size", {"missing": "constant"}, "fill_value", "a number"),
        ("size", {"missing": "constant", "fill_value": "many"}, "fill_value", "'many'"),
        ("size", {"fill_value": 3.0}, "fill_value", "unless missing"),
        ("color", {"missing": "constant", "fill_value": "mauve"}, "fill_value", '"red"'),
        ("size", {"parts": ["month"]}, "parts", "kind number"),
        ("smoker", {"encoding": "ordinal"}, "encoding", "kind boolean"),
        ("color", {"order": ["red", "black", "green", "blue"]}, "order", "not ordinal"),
        ("color", {"encoding": "ordinal", "order": ["red"]}, "order", 'none of "black"'),
        (
            "color",
            {"encoding": "ordinal", "order": ["red", "black", "green", "blue", "mauve"]},
            "order",
            'got "mauve"',
        ),
        (
            "color",
            {"encoding": "ordinal", "order": ["red", "black", "green", "blue", "red"]},
            "order",
            "twice",
        ),
    ],
)
def test_a_treatment_that_does_not_suit_is_refused_with_its_place(
    upload, name, chosen, path, names
):
    problem = refused(upload, table(), {name: chosen})
    assert problem.code == "treatment_mismatch"
    assert problem.where.path == ["columns", 0, "treatment", path]
    assert problem.where.column == name
    assert any(word in problem.message for word in names.split("|"))


def test_a_treatment_goes_back_to_what_is_proposed(upload):
    description = upload(table())
    chosen = change(
        upload.folder, description, [{"name": "size", "treatment": {"scaling": "robust"}}]
    )
    assert chosen.columns[0].treated.scaling == "robust"
    assert chosen.columns[0].treated.missing == "mean"
    back = change(upload.folder, chosen, [{"name": "size", "treatment": {}}])
    assert back == description
    # Another kind is prepared in its own way.
    kind = change(
        upload.folder,
        change(upload.folder, description, [{"name": "count", "treatment": {"scaling": "log"}}]),
        [{"name": "count", "kind": "category"}],
    )
    assert kind.columns[1].treated.encoding == "one_hot"


def test_the_parts_that_are_proposed_for_a_date_are_those_that_differ(upload):
    def proposed(days: list[str]) -> Any:
        return upload(table(day=days)).columns[5].treated.parts

    assert proposed([f"2024-01-{1 + n % 28:02}" for n in range(ROWS)]) == ["weekday"]
    assert proposed([f"2024-0{1 + n % 9}-11" for n in range(ROWS)]) == ["month", "weekday"]
    years = proposed([f"20{n % 30:02}-0{1 + n % 9}-11" for n in range(ROWS)])
    assert years == ["year", "month", "weekday"]
    hours = proposed([f"2024-01-01 {n % 24:02}:30" for n in range(ROWS)])
    assert hours == ["hour"]


def test_codes_enter_at_an_input_of_their_own_and_a_first_network_embeds_them(upload):
    patches = [{"name": "color", "treatment": {"encoding": "index"}}]
    description = change(upload.folder, upload(table()), patches)
    proposal = propose(description)
    kinds = [node.type for node in proposal.architecture.nodes]
    assert kinds.count("Input") == 2
    assert kinds.count("Embedding") == 1
    own = ends(proposal.architecture)
    asked = interface(description, proposal.recipe, own)
    assert [entry.vocabulary for entry in asked.entries] == [(), (5,)]
    report = check(proposal.architecture, asked)
    assert report.ok
    assert report.problems == []
    prepared = prepare(upload.folder, description, proposal.recipe, own)
    assert prepared.train.inputs[1].shape[1:] == (1,)
    with pytest.raises(DocumentError) as caught:
        interface(description, proposal.recipe)
    assert caught.value.problems[0].code == "codes_beside_features"
    small = proposal.architecture.model_copy(deep=True)
    node = next(node for node in small.nodes if node.type == "Embedding")
    node.params["input_dim"] = 3
    problem = check(small, asked).problems[0]
    assert problem.code == "too_few_codes"
    assert problem.fix is not None
