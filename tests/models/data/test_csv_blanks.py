"""Tables whose cells are parted by runs of blanks, as UCI shares them; and by tabs."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.data.csv.blanks import as_tabs, parted_by_blanks
from models.export import script_keras, script_pytorch
from tests.models.data.uploads import notes
from tests.models.scripts import Case, loaded
from tests.models.test_scripts import NUMBER

CARS = """\
18.0   8   307.0      130.0      3504.      12.0   70  1\t"chevrolet chevelle malibu"
15.0   8   350.0      165.0      3693.      11.5   70  1\t"buick skylark 320"
25.0   4   98.00      ?          2046.      19.0   71  1\t"ford pinto"
26.0   4   97.00      46.00      1835.      20.5   70  2\t"volkswagen"
"""
"""As auto-mpg.data begins: aligned by blanks, a tab before the name."""


def test_a_table_aligned_by_blanks_is_read_with_a_tab_and_quoted_names_in_it(upload: Any) -> None:
    rows = upload.rows(CARS * 5)
    assert rows[0] == [18.0, 8, 307.0, 130.0, 3504.0, 12.0, 70, 1, "chevrolet chevelle malibu"]
    assert rows[2] == [25.0, 4, 98.0, None, 2046.0, 19.0, 71, 1, "ford pinto"]
    description = upload(CARS * 5)
    assert "blanks" in notes(description)["delimiter"]
    assert description.reading.delimiter == " "
    assert len(description.columns) == 9


@pytest.mark.parametrize(
    "text",
    [
        "  x    y  name\n  1  2.5     a\n 10   3   bc\n",
        "x y name\n1 2.5 a\n10 3 bc\n",
        "x\ty\tname \n1\t2.5\ta\n\n10\t3\tbc\n",
        '"x" "y" "name"\n1 2.5 "a"\n10 3 "bc"',
        "x  y  name\r\n1  2,5  a\r\n10  3,0  bc\r\n",
    ],
)
def test_blanks_before_and_behind_and_any_number_between_do_not_count(
    upload: Any, text: str
) -> None:
    assert upload.rows(text) == [[1, 2.5, "a"], [10, 3.0, "bc"]]


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("first name\tage\nJohn Smith\t30\nJane Doe\t41\n", ["John Smith", 30]),
        ("name,age\nJohn Smith,30\nJane Doe,41\n", ["John Smith", 30]),
        ("a, b\n1, 2\n3, 4\n", [1, 2]),
        ("people\ttown\n30 000\tUlm\n45 000\tBonn\n", ["30 000", "Ulm"]),
        ("said\nfine words\nno\nwell then\n", ["fine words"]),
    ],
)
def test_blanks_inside_cells_are_left_where_something_else_parts_them(
    upload: Any, text: str, cells: list[Any]
) -> None:
    assert upload.rows(text)[0] == cells


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("7  8  9  10\n", "row_too_long", "quotation marks"),
        ("7  8\n", "row_too_short", "write NA"),
    ],
)
def test_a_ragged_row_is_refused_with_its_number(
    upload: Any, line: str, code: str, words: str
) -> None:
    problem = upload.refused("x  y  z\n" + "1  2  3\n" * 9 + line)
    assert (problem.code, problem.where.row) == (code, 11)
    assert words in problem.message
    problem = upload.refused("x y z\n1 2 3\n" + line, delimiter=" ")
    assert (problem.code, problem.where.row) == (code, 3)


def test_blanks_may_be_asked_for_and_so_may_another_delimiter(upload: Any) -> None:
    assert upload.rows("a b\nc d\n", delimiter=" ", header=True) == [["c", "d"]]
    assert upload.rows("a b\nc d\n", delimiter=",", header=True) == [["c d"]]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(["a", "1.5", '"b  c"', "é", "?"]), min_size=1), min_size=1)
)
def test_every_run_of_blanks_becomes_one_tab(rows: list[list[str]]) -> None:
    text = "".join("  " + " \t ".join(row) + "  \n" for row in rows)
    assert as_tabs(text.encode()).decode() == "".join("\t".join(row) + "\n" for row in rows)


def test_text_of_many_lines_is_no_table() -> None:
    prose = ["Tables whose cells are", "parted by runs of blanks,", "as many", "share them: 1 or 2"]
    assert not parted_by_blanks(prose, None)


@pytest.mark.parametrize("library", [script_pytorch, script_keras], ids=["pytorch", "keras"])
def test_a_script_reads_it_as_the_app_does(library: Any, tmp_path: Any) -> None:
    path = tmp_path / "auto-mpg.data"
    path.write_text(CARS * 10)
    case = Case(path, tmp_path, NUMBER, target="column_1", task="regression", inputs=["column_3"])
    prepared = case.prepared()
    namespace = loaded(library.script(case.asked))
    columns = namespace["read"](str(path))
    assert columns["column_9"][0] == "chevrolet chevelle malibu"
    features = namespace["features"](columns, namespace["INPUTS"], prepared.train.rows)
    assert abs(features[prepared.train.rows] - prepared.train.x.numpy()).max() < 1e-6


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_tabs_may_hold_commas_quotes_and_nothing(upload: Any, ends: str) -> None:
    text = ends.join(
        ["name\tx\tnote", 'Ulm, Bonn\t1,5\t"a\tb"', "Bonn\t\tone, two", '"say ""so"""\t2,5\t', ""]
    )
    assert upload.rows(text) == [
        ["Ulm, Bonn", 1.5, "a\tb"],
        ["Bonn", None, "one, two"],
        ['say "so"', 2.5, None],
    ]


def test_a_row_of_another_length_between_tabs_is_refused(upload: Any) -> None:
    problem = upload.refused("a\tb\n1\t2\n3\n")
    assert (problem.code, problem.where.row) == ("row_too_short", 3)
    assert "delimiter tab" in problem.message
