"""Texts as ids of their tokens: as Keras and the tokenizer's library make them, learnt in training.

What Keras's TextVectorization answers is written down here, because the layer needs TensorFlow.
"""

import random
from typing import Any

import polars as pl
import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import WhitespaceSplit

from models.check import check
from models.data.change import change
from models.data.description import Description
from models.data.interface import interface
from models.data.pieces import SPECIAL
from models.data.prepare import Prepared, prepare
from models.data.prepared_interface import interface_of
from models.data.text_statistics import text_statistics
from models.data.tokens import END, LONGEST, PIECES, Encoder
from models.data.view import read_rows
from models.ends import ends
from models.errors import DocumentError
from models.mending import mended
from models.network import build
from models.parse import parse
from models.proposal import propose
from models.recipe import Recipe
from models.training.events import Status
from models.training.loop import train
from tests.models.data.uploads import Upload, notes
from tests.models.documents import chain, document

TEXTS = [
    "The film was not bad, not at all!",
    "Don't buy it... it's BAD",
    "a-b c_d e/f",
    "",
    "   ",
    "bad bad good good plot plot the",
    "naïve café",
    "日本語 テキスト",
    "😀 good",
    "שלום bad עולם",
    "tab\tand\nline  two   blanks",
]
FEW = "bad good the plot not 😀 日本語 テキスト שלום עולם"
ALL = f"{FEW} was two tab naïve line its it film ef dont cd café buy blanks at and all ab"
CASED = "bad good plot not 😀 日本語 テキスト שלום עולם was"
KERAS: list[tuple[dict[str, Any], str, list[list[int]]]] = [
    (
        {"max_tokens": 12},
        FEW,
        [
            [4, 1, 1, 6, 2, 6],
            [1, 1, 1, 1, 2, 0],
            [1, 1, 1, 0, 0, 0],
            [0, 0, 0, 0, 0, 0],
            [0, 0, 0, 0, 0, 0],
            [2, 2, 3, 3, 5, 5],
            [1, 1, 0, 0, 0, 0],
            [8, 9, 0, 0, 0, 0],
            [7, 3, 0, 0, 0, 0],
            [10, 2, 11, 0, 0, 0],
            [1, 1, 1, 1, 1, 0],
        ],
    ),
    (
        {"max_tokens": 100},
        ALL,
        [
            [4, 19, 12, 6, 2, 6],
            [21, 24, 18, 17, 2, 0],
            [29, 22, 20, 0, 0, 0],
            [0, 0, 0, 0, 0, 0],
            [0, 0, 0, 0, 0, 0],
            [2, 2, 3, 3, 5, 5],
            [15, 23, 0, 0, 0, 0],
            [8, 9, 0, 0, 0, 0],
            [7, 3, 0, 0, 0, 0],
            [10, 2, 11, 0, 0, 0],
            [14, 27, 16, 13, 25, 0],
        ],
    ),
    (
        {"max_tokens": 12, "lowercase": False},
        CASED,
        [
            [1, 1, 11, 5, 2, 5],
            [1, 1, 1, 1, 1, 0],
            [1, 1, 1, 0, 0, 0],
            [0, 0, 0, 0, 0, 0],
            [0, 0, 0, 0, 0, 0],
            [2, 2, 3, 3, 4, 4],
            [1, 1, 0, 0, 0, 0],
            [7, 8, 0, 0, 0, 0],
            [6, 3, 0, 0, 0, 0],
            [9, 2, 10, 0, 0, 0],
            [1, 1, 1, 1, 1, 0],
        ],
    ),
]


def table(texts: list[str | None], **columns: list[Any]) -> str:
    """Return a table of texts, and of labels that follow nothing."""
    labels = [["a", "b"][row % 2] for row in range(len(texts))]
    return pl.DataFrame({"remark": texts, **columns, "label": labels}).write_csv()


def described(upload: Upload, text: str, **treatment: Any) -> Description:
    patch = {"name": "remark", "kind": "text", "role": "input", "treatment": treatment}
    return change(upload.folder, upload(text), [patch])


def prepared(upload: Upload, description: Description, **recipe: Any) -> Prepared:
    wish = Recipe.model_validate({"target": "label", **recipe})
    proposal = propose(description, None, wish)
    return prepare(upload.folder, description, proposal.recipe, ends(proposal.architecture))


def fitted(upload: Upload, texts: list[str | None], **treatment: Any) -> Encoder:
    """Return the encoder learnt from all of the texts."""
    description = described(upload, table(texts), **treatment)
    split = {"validation": 0, "test": 0, "stratify": False}
    (column,) = prepared(upload, description, split=split).preparation.columns
    assert column.text is not None
    return Encoder(column.text)


@pytest.mark.parametrize(("treatment", "vocabulary", "ids"), KERAS)
def test_words_become_the_ids_that_kerass_text_vectorization_gives(
    upload, treatment, vocabulary, ids
):
    # Twice, so that there are rows enough: the order of counts stays. Blanks alone are missing.
    encoder = fitted(
        upload, [*TEXTS, *TEXTS], tokenizer="word", output_sequence_length=6, **treatment
    )
    assert " ".join(encoder.prepared.vocabulary) == vocabulary
    assert [encoder(text) for text in TEXTS] == ids


def test_pieces_of_words_are_those_that_the_library_makes(upload):
    draw = random.Random(1)
    stems = ["walk", "talk", "jump", "paint", "look", "schön", "日本", "naïv"]
    texts: list[str | None] = [
        " ".join(draw.choice(stems) + draw.choice(["", "s", "ed", "ing", "!"]) for _ in range(8))
        for _ in range(80)
    ]
    encoder = fitted(
        upload, texts, tokenizer="byte_pair", max_tokens=90, output_sequence_length=400
    )
    prepared = encoder.prepared
    assert 60 < len(prepared.vocabulary) + 2 <= 90
    vocabulary = {token: code for code, token in enumerate([*SPECIAL, *prepared.vocabulary])}
    model = BPE(vocabulary, prepared.merges, unk_token=SPECIAL[1], end_of_word_suffix=END)
    library: Any = Tokenizer(model)
    library.pre_tokenizer = WhitespaceSplit()
    for text in [*texts, "talking painted unheard 😀 x", "aaaa walkwalkwalking", ""]:
        ours = encoder(text)
        theirs = library.encode(" ".join(PIECES.findall(str(text).lower()))).ids
        assert ours == (theirs + [0] * 400)[:400]
    assert encoder("walking") != encoder("walk ing")


def test_a_word_that_only_other_parts_have_is_unknown(upload):
    common = [f"the plain words of row number {'odd' if n % 2 else 'even'}" for n in range(60)]
    texts: list[str | None] = [f"{text} unheard{n}" for n, text in enumerate(common)]
    description = described(upload, table(texts), max_tokens=500, output_sequence_length=9)
    found = prepared(upload, description, split={"validation": 0.2, "test": 0.2, "seed": 5})
    (column,) = found.preparation.columns
    assert column.text is not None
    own = {word for word in column.text.vocabulary if word.startswith("unheard")}
    assert own == {f"unheard{row}" for row in found.train.rows}
    assert found.validation is not None
    assert found.test is not None
    for part, known in ((found.train, True), (found.validation, False), (found.test, False)):
        last = part.x[:, 7]
        assert bool((last > 1).all()) == known
        assert bool((last == 1).all()) != known
        assert bool((part.x[:, :7] > 1).all())
        assert bool((part.x[:, 8] == 0).all())


@pytest.mark.parametrize("tokenizer", ["word", "byte_pair"])
def test_what_is_learnt_is_the_same_every_time(upload, tokenizer):
    texts: list[str | None] = [f"rows of words {n % 7} and {n % 5} more" for n in range(60)]
    description = described(upload, table(texts), tokenizer=tokenizer)
    first, second = (prepared(upload, description).preparation for _ in range(2))
    assert first == second
    assert type(first).model_validate_json(first.model_dump_json()) == first


ODD = {
    "nothing": None,
    "an empty text": "",
    "blanks": "   \t ",
    "punctuation": "... !? --",
    "a very long text": "word " * 20_000,
    "a very long word": "w" * 100_000,
    "signs": "😀👍🏽 ❤️",
    "from right to left": "זה לא רע בכלל",
    "a text with NUL": "a\0b",
}


@pytest.mark.parametrize("tokenizer", ["word", "byte_pair"])
@pytest.mark.parametrize("what", ODD)
def test_an_odd_text_becomes_ids_and_gets_an_answer(upload, tokenizer, what):
    texts: list[str | None] = [f"row {n} of word 😀" for n in range(40)]
    description = described(upload, table(texts), tokenizer=tokenizer, output_sequence_length=5)
    proposal = propose(description, None, Recipe(target="label"))
    found = prepare(upload.folder, description, proposal.recipe, ends(proposal.architecture))
    raw = found.preparation.encode([{"remark": ODD[what]}])
    assert raw.shape == (1, 5)
    empty = what in ("nothing", "an empty text", "blanks") or (
        what == "punctuation" and tokenizer == "word"
    )
    assert bool((raw == 0).all()) == empty
    assert bool((raw < found.interface.entries[0].vocabulary[0]).all())
    network = build(proposal.architecture, found.interface, seed=1)
    with torch.inference_mode():
        assert network(raw.float()).isfinite().all()


def test_odd_texts_of_a_file_are_prepared_too(upload):
    texts = [*ODD.values(), *(f"an ordinary text of row {n}" for n in range(40))]
    cells = [text and text.replace("\0", "")[:90_000] for text in texts]
    description = described(upload, table(cells))
    assert description.columns[0].missing == 3
    found = prepared(upload, description)
    rows = found.train.x.shape[0]
    assert found.train.x.shape == (rows, found.interface.entries[0].shape[0])
    assert found.train.x.isfinite().all()


@pytest.mark.parametrize(
    ("value", "expected"), [(True, "got True"), (["a"], "got ['a']"), ({"a": 1}, "text for")]
)
def test_what_is_no_text_is_refused(upload, value, expected):
    found = prepared(upload, described(upload, table([f"text of row {n}" for n in range(40)])))
    with pytest.raises(DocumentError) as caught:
        found.preparation.encode([{"remark": value}])
    assert expected in caught.value.problems[0].message
    assert caught.value.problems[0].where.column == "remark"


def test_rows_without_a_text_can_be_left_out(upload):
    texts = [None if n % 4 == 0 else f"text of row {n}" for n in range(60)]
    found = prepared(upload, described(upload, table(texts), missing="drop"))
    parts = (found.train, found.validation, found.test)
    assert sum(len(part.rows) for part in parts if part) == 45
    with pytest.raises(DocumentError, match="null"):
        found.preparation.encode([{"remark": None}])


def test_texts_are_inputs_only_where_nothing_else_is(upload):
    sentences: list[str | None] = [f"A sentence of several words number {n}" for n in range(40)]
    alone = upload(table(sentences))
    assert [(column.kind, column.role) for column in alone.columns] == [
        ("text", "input"),
        ("category", "target"),
    ]
    assert "nothing else" in notes(alone)["text_input"]
    beside = upload(table(sentences, size=[n % 9 / 2 for n in range(40)]))
    assert [column.role for column in beside.columns] == ["ignore", "input", "target"]
    assert "left out" in notes(beside)["text_column"]


def test_an_empty_column_of_texts_is_no_input(upload):
    description = upload(table([None] * 40, size=[n % 9 / 2 for n in range(40)]))
    assert description.columns[0].kind == "empty"
    with pytest.raises(DocumentError, match="remark"):
        change(upload.folder, description, [{"name": "remark", "role": "input"}])


def test_how_long_texts_are_and_which_words_they_have_is_told(upload):
    texts: list[str | None] = ["one two two", "Two, three!", "one", None, "a b c d e f g h"] * 8
    column = described(upload, table(texts)).columns[0]
    told = column.text
    assert told is not None
    assert told.words.model_dump() == {
        "shortest": 1,
        "median": 2.5,
        "mean": 3.5,
        "most": 8,
        "longest": 8,
    }
    assert (told.characters.shortest, told.characters.longest) == (3, 15)
    assert (told.rows, told.total, told.vocabulary, told.returning) == (32, 112, 11, 11)
    assert [(word.word, word.count) for word in told.frequent[:3]] == [
        ("two", 24),
        ("one", 16),
        ("a", 8),
    ]
    assert sum(bar.count for bar in column.distribution) == 32
    assert [(bar.label, bar.count) for bar in column.distribution[:3]] == [
        ("1 words", 8),
        ("2 words", 8),
        ("3 words", 8),
    ]


@pytest.mark.parametrize(
    ("texts", "proposed"),
    [
        (["the same few words"] * 200, {"tokenizer": "word", "max_tokens": 6}),
        ([f"{'日本語の長い文章です' * 4}{n}" for n in range(60)], {"tokenizer": "byte_pair"}),
        ([f"Surname{n} Name{n * 7}" for n in range(60)], {"tokenizer": "byte_pair"}),
    ],
)
def test_how_a_text_is_cut_follows_its_words(upload, texts, proposed):
    treated = described(upload, table(texts)).columns[0].treated
    assert {name: getattr(treated, name) for name in proposed} == proposed
    assert treated.missing == "empty"
    assert treated.lowercase is True


def test_the_length_holds_95_of_100_texts_and_no_more_than_a_network_can_read_soon(upload):
    lengths = [n % 20 + 1 for n in range(200)]
    texts: list[str | None] = [" ".join(["word"] * length) for length in lengths]
    assert described(upload, table(texts)).columns[0].treated.output_sequence_length == 20
    long: list[str | None] = ["word " * 900] * 40
    assert described(upload, table(long)).columns[0].treated.output_sequence_length == 256


@pytest.mark.parametrize(
    ("name", "treatment", "words"),
    [
        ("remark", {"scaling": "standard"}, "no scaling for a column of kind text"),
        ("remark", {"encoding": "index"}, "no way to encode|no encoding"),
        ("remark", {"missing": "mean"}, "empty, drop"),
        ("remark", {"indicator": True}, "indicator"),
        ("remark", {"fill_value": "x"}, "fill_value"),
        ("size", {"tokenizer": "word"}, "no tokenizer"),
        ("size", {"max_tokens": 50}, "no vocabulary"),
        ("size", {"output_sequence_length": 50}, "no length"),
        ("size", {"lowercase": True}, "no small letters"),
        ("size", {"missing": "empty"}, "fill in missing"),
        ("remark", {"tokenizer": "byte_pair", "max_tokens": 9}, "at least 64"),
    ],
)
def test_a_treatment_that_does_not_suit_is_refused(upload, name, treatment, words):
    texts: list[str | None] = [f"A sentence of several words number {n}" for n in range(40)]
    description = upload(table(texts, size=[n % 9 / 2 for n in range(40)]))
    with pytest.raises(DocumentError, match=words) as caught:
        change(upload.folder, description, [{"name": name, "treatment": treatment}])
    problem = caught.value.problems[0]
    assert problem.code == "treatment_mismatch"
    assert problem.where.column == name


def sentences(upload: Upload, **treatment: Any) -> Description:
    """Return the description of a text beside a number, both inputs."""
    texts: list[str | None] = [f"row {n} of {['plain', 'other'][n % 2]} words" for n in range(80)]
    return described(upload, table(texts, size=[n % 9 / 2 for n in range(80)]), **treatment)


def test_a_text_beside_columns_gets_a_branch_of_its_own(upload):
    description = sentences(upload)
    proposal = propose(description)
    asked = interface(description, proposal.recipe, ends(proposal.architecture))
    assert [(entry.columns, entry.text) for entry in asked.entries] == [
        (("size",), False),
        (("remark",), True),
    ]
    report = check(proposal.architecture, asked)
    assert report.ok
    assert report.problems == []
    found = prepare(upload.folder, description, proposal.recipe, ends(proposal.architecture))
    assert [x.shape[1] for x in found.train.inputs] == [1, asked.entries[1].shape[0]]
    assert interface_of(found.preparation).entries == asked.entries
    reasons = {reason.path[-1]: reason.reason for reason in proposal.reasons}
    assert "word" in reasons["remark"]


def test_a_text_in_an_input_with_others_is_refused_with_a_way_out(upload):
    description = sentences(upload)
    with pytest.raises(DocumentError) as caught:
        interface(description, Recipe())
    (problem,) = caught.value.problems
    assert problem.code == "text_beside_columns"
    assert problem.fix is not None
    bare = parse(document(("input", "Input", {}), wires=""))
    _, recipe = mended(bare, Recipe(), problem.fix.changes)
    assert interface(description, recipe).columns == ("size",)
    both = document(("all", "Input", {"columns": ["size", "remark"]}), wires="")
    with pytest.raises(DocumentError) as caught:
        interface(description, Recipe(), ends(parse(both)))
    (problem,) = caught.value.problems
    assert problem.where.node == "all"
    assert problem.fix is not None
    network, _ = mended(parse(both), Recipe(), problem.fix.changes)
    assert network.nodes[0].params["columns"] == ["size"]


def test_a_text_without_an_embedding_behind_it_is_told_with_one(upload):
    texts: list[str | None] = [f"row {n} of plain words" for n in range(80)]
    description = described(upload, table(texts), max_tokens=50, output_sequence_length=6)
    network = parse(
        document(
            ("text", "Input", {}),
            ("hidden", "Dense", {"units": 4}),
            ("flat", "Flatten", {}),
            ("last", "Dense", {"units": 1, "activation": "sigmoid"}),
            ("output", "Output", {}),
            wires="text>hidden hidden>flat flat>last last>output",
        )
    )
    asked = interface(description, Recipe(), ends(network))
    problem = check(network, asked).problems[0]
    assert (problem.code, problem.severity) == ("text_unread", "error")
    assert problem.where.node == "hidden"
    assert problem.fix is not None
    better, _ = mended(network, Recipe(), problem.fix.changes)
    assert check(better, asked).ok
    reader = next(node for node in better.nodes if node.type == "Embedding")
    assert reader.params["input_dim"] == 50
    small = better.model_copy(deep=True)
    next(node for node in small.nodes if node.type == "Embedding").params["input_dim"] = 49
    assert check(small, asked).problems[0].code == "too_few_codes"


def test_long_texts_are_read_by_filters_and_short_ones_in_order(upload):
    def layers(length: int) -> list[str]:
        texts: list[str | None] = ["word " * length] * 40
        proposal = propose(described(upload, table(texts)))
        return [node.type for node in proposal.architecture.nodes]

    assert layers(12)[1:3] == ["Embedding", "Bidirectional"]
    assert layers(200)[1:4] == ["Embedding", "Conv1D", "GlobalMaxPooling1D"]


def test_a_dataset_of_an_earlier_version_learns_of_its_texts_when_they_become_inputs(upload):
    texts: list[str | None] = [f"A sentence of several words number {n}" for n in range(40)]
    description = upload(table(texts, size=[n % 9 / 2 for n in range(40)]))
    old = Description.model_validate(
        {
            **description.model_dump(),
            "columns": [
                {name: value for name, value in column.items() if name != "text"}
                for column in description.model_dump()["columns"]
            ],
        }
    )
    assert old.columns[0].text is None
    assert old.columns[0].treated.output_sequence_length == 100
    new = change(upload.folder, old, [{"name": "remark", "role": "input"}])
    assert new.columns[0].text == description.columns[0].text
    assert read_rows(upload.folder, new, 0, 1)[1][0][0] == texts[0]


def test_no_word_of_a_vocabulary_is_longer_than_a_line(upload):
    texts: list[str | None] = [f"{'long' * 40} short" for _ in range(40)]
    encoder = fitted(upload, texts, tokenizer="word")
    assert encoder.prepared.vocabulary == ["short"]
    assert encoder(texts[0])[:2] == [1, 2]
    assert max(map(len, encoder.prepared.vocabulary)) <= LONGEST


def test_of_very_many_words_some_are_counted_spread_over_all_texts():
    texts = pl.Series([f"{'again ' * 150}number{n}" for n in range(10_000)])
    told = text_statistics(texts)
    assert told is not None
    assert told.rows == 2_500
    assert told.total == 2_500 * 151
    assert told.words.longest == 151
    assert told.frequent[0].word == "again"


@pytest.mark.parametrize(
    "reading",
    [
        [("GlobalAveragePooling1D", {})],
        [("Bidirectional", {"layer": {"type": "LSTM", "units": 4}})],
        [("Attention", {}), ("GlobalMaxPooling1D", {})],
        [("BatchNormalization", {}), ("GRU", {"units": 4})],
    ],
    ids=lambda reading: reading[0][0],
)
def test_a_text_without_words_gets_an_answer_though_all_of_it_is_masked(upload, reading):
    texts: list[str | None] = [None if n % 4 == 0 else f"row {n} of words" for n in range(60)]
    description = described(upload, table(texts), max_tokens=40, output_sequence_length=5)
    network = parse(
        chain(
            ("Embedding", {"input_dim": 40, "output_dim": 4, "mask_zero": True}),
            *reading,
            ("Dense", {"units": 1, "activation": "sigmoid"}),
        )
    )
    proposal = propose(description, network, Recipe(epochs=2, device="cpu"))
    found = prepare(upload.folder, description, proposal.recipe, ends(network))
    model = build(network, found.interface, seed=1)
    *_, end = train(model, found, proposal.recipe, threads=1)
    assert isinstance(end, Status)
    assert end.state == "completed"
    with torch.inference_mode():
        assert model(torch.zeros(1, 5)).isfinite().all()
