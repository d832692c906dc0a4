"""CSV files that are refused: what is said, of which row and column, and that nothing is left."""

import tracemalloc

import pytest


def test_an_empty_file_is_refused(upload):
    assert upload.refused("").code == "empty_file"
    assert upload.refused("\n \n\n").code == "empty_file"


@pytest.mark.parametrize("line", [",,,", '""', "  ", '"",""', "\t", ";;"])
def test_a_file_of_empty_cells_is_refused_as_empty(upload, line):
    assert upload.refused(f"{line}\n" * 50).code == "empty_file"


def test_a_header_without_rows_is_refused(upload):
    problem = upload.refused("a,b\n")
    assert problem.code == "header_only"
    assert "rows below the header" in problem.message


def test_another_encoding_is_named_with_the_byte_offset(upload):
    data = "name;x\nCafé Müller;1\n".encode("windows-1252")
    problem = upload.refused(data)
    assert problem.code == "wrong_encoding"
    assert f"byte offset {data.index(0xE9)}" in problem.message
    assert "windows-1252" in problem.message
    assert "Café" in problem.message


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("windows-1251", "город;x\nМосква;1\nНовосибирск;2\n"),
        ("shift_jis", "都市,x\n東京都千代田区,1\n大阪府大阪市,2\n"),
        ("gb18030", "城市,x\n北京市海淀区,1\n上海市浦东新区,2\n"),
    ],
)
def test_encodings_of_other_alphabets_are_proposed(upload, codec, text):
    assert f'"{codec}"' in upload.refused(text.encode(codec)).message


def test_the_offset_counts_from_the_start_of_the_file_not_of_the_block(upload, monkeypatch):
    monkeypatch.setattr("models.data.csv.encoding.BLOCK", 16)
    data = b"a,b\n" + b"1,x\n" * 50 + b"2,\xff\n"
    assert f"byte offset {len(data) - 2}" in upload.refused(data).message


@pytest.mark.parametrize(
    "name", ["klingon", "base64", "punycode", "idna", "unicode_escape", "undefined", "../x", "a\0b"]
)
def test_an_encoding_that_does_not_exist_is_refused(upload, name):
    problem = upload.refused("a,b\n1,2\n", encoding=name)
    assert problem.code == "unknown_encoding"
    assert problem.where.path == ["options", "encoding"]
    assert "\0" not in problem.message


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("utf-16", b"a,b\n1,2\n"),
        ("utf-32", b"a,b\n1,2\n"),
        ("utf-7", b"a,b\n+2AA-,2\n"),
        ("cp932", b"a,b\n\x81,2\n"),
        ("utf-8", b"a,b\n\xff,2\n"),
    ],
)
def test_bytes_that_are_not_of_the_encoding_that_is_named_are_refused(upload, encoding, data):
    assert upload.refused(data, encoding=encoding).code == "wrong_encoding"


def test_a_row_too_long_is_named_with_expected_and_found(upload):
    problem = upload.refused("a,b,c\n1,2,3\n1,2,3,4\n1,2,3\n")
    assert (problem.code, problem.where.row) == ("row_too_long", 3)
    assert "Expected 3 cells in row 3" in problem.message
    assert "got 4" in problem.message


@pytest.mark.parametrize(("columns", "more"), [(3, 1), (200, 256), (300, 256), (2_000, 256)])
def test_a_long_row_and_a_short_one_that_make_up_for_it_are_refused(upload, columns, more):
    lengths = [columns, columns, columns + more, max(1, columns - more), columns]
    if short := sum(lengths) - 5 * columns:
        lengths[-1] -= short
    names = ",".join(f"x{i}" for i in range(columns))
    problem = upload.refused("\n".join([names, *(",".join("1" * size) for size in lengths)]))
    assert (problem.code, problem.where.row) == ("row_too_long", 4)


def test_a_row_too_short_is_named_with_expected_and_found(upload):
    problem = upload.refused("a,b,c\n1,2,3\n\n1,2\n")
    assert (problem.code, problem.where.row) == ("row_too_short", 4)
    assert "got 2" in problem.message


def test_a_long_row_and_a_short_one_do_not_make_up_for_each_other(upload):
    assert upload.refused("a,b,c\n1,2,3,4\n1,2\n").where.row == 2


def test_rows_are_counted_over_blocks_and_quoted_line_ends(upload, monkeypatch):
    monkeypatch.setattr("models.data.csv.encoding.BLOCK", 32)
    text = "a,b\n" + '1,"x\ny"\n' * 30 + "1,2,3\n"
    assert upload.refused(text).where.row == 32


def test_an_unclosed_quote_is_named_with_its_line(upload):
    problem = upload.refused('a,b\n1,x\n2,"y\n3,z\n4,w\n')
    assert problem.code == "unclosed_quote"
    assert "line 3" in problem.message


def test_an_unclosed_quote_before_closed_ones_is_still_the_one_named(upload):
    assert "line 3" in upload.refused('a,b\n1,"x"\n2,"y\n3,"z"\n4,"w"\n').message


def test_quotation_marks_in_mid_cell_never_join_rows(upload):
    problem = upload.refused('a,b\n1,5" pipe\n2,6" pipe\n')
    assert problem.code == "unclosed_quote"
    assert "line 2" in problem.message


def test_text_after_a_closing_quote_is_refused_with_its_row(upload):
    problem = upload.refused('a,b\n1,x\n2,"y"z\n')
    assert (problem.code, problem.where.row) == ("bad_quotes", 3)


@pytest.mark.parametrize("header", ["a,a", "a, a", "a,a ", '"a",a', "a,a\u00a0"])
def test_names_that_stand_twice_or_differ_by_blanks_are_refused(upload, header):
    problem = upload.refused(f"{header}\n1,2\n")
    assert (problem.code, problem.where.row, problem.where.column) == ("duplicate_header", 1, "a")
    assert "column 1 and for column 2" in problem.message


@pytest.mark.parametrize("header", ["a,a\u200b", "á,a\u0301", "x,\ufeffx", "x,x\x01"])
def test_names_that_look_alike_are_refused(upload, header):
    problem = upload.refused(f"{header}\n1,2\n")
    assert problem.code == "duplicate_header"
    assert "invisible" in problem.message


@pytest.mark.parametrize("header", ["a,", "a,  ", ",a", "a,\u200b", "a,\u2060\u00ad"])
def test_empty_names_are_refused(upload, header):
    problem = upload.refused(f"{header}\n1,2\n")
    assert (problem.code, problem.where.row) == ("empty_header", 1)
    assert "rename_headers" in problem.message


def test_a_zero_byte_is_refused_with_its_row(upload):
    problem = upload.refused(b"a,b\n1,x\n2,y\0z\n" + b"3,w\n" * 1_000)
    assert (problem.code, problem.where.row) == ("zero_byte", 3)


def test_a_huge_cell_is_refused_with_row_and_column(upload):
    problem = upload.refused("a,b\n1,x\n2," + "y" * 200_000 + "\n3,z\n")
    assert (problem.code, problem.where.row) == ("huge_cell", 3)
    assert "column 2" in problem.message
    assert "200,000" in problem.message


def test_a_hundred_thousand_columns_are_refused_with_count_and_limit(upload):
    names = ",".join(f"c{i}" for i in range(100_000))
    problem = upload.refused(names + "\n" + ",".join(["1"] * 100_000) + "\n")
    assert problem.code == "too_many_columns"
    assert "100,000" in problem.message
    assert "5,000" in problem.message


@pytest.mark.parametrize("cell", ["inf", "-inf", "Infinity", "1e999", "1e300", "-3.5e38"])
def test_a_number_too_large_to_compute_with_is_refused_with_row_and_column(upload, cell):
    problem = upload.refused(f"a,b\n1,1.5\n2,2.5\n\n3,{cell}\n")
    assert (problem.code, problem.where.row, problem.where.column) == ("not_finite", 5, "b")


def test_one_text_among_numbers_is_named_and_counted(upload):
    rows = [f"{i},{i}.5" for i in range(50)]
    rows[20] = "20,oops"
    problem = upload.refused("a,b\n" + "\n".join(rows) + "\n")
    assert problem.code == "text_in_numbers"
    assert (problem.where.row, problem.where.column) == (22, "b")
    assert '"oops"' in problem.message
    assert "1 value is not a number" in problem.message


def test_a_few_texts_among_numbers_are_counted_over_the_whole_file(upload, monkeypatch):
    monkeypatch.setattr("models.data.csv.encoding.BLOCK", 64)
    rows = [f"{i},{i}.5" for i in range(100)]
    rows[30], rows[60], rows[90] = "30,ten", "60,six", "90,ten"
    problem = upload.refused("a,b\n" + "\n".join(rows) + "\n")
    assert problem.where.row == 32
    assert "3 values are not numbers" in problem.message
    assert '"six"' in problem.message


def test_every_column_with_a_slip_is_told_at_once(upload):
    from models.errors import DocumentError

    with pytest.raises(DocumentError) as caught:
        upload("a,b\n" + "1,2\n" * 20 + "x,3\n4,y\n")
    assert {problem.where.column for problem in caught.value.problems} == {"a", "b"}


def test_a_slip_can_be_read_as_missing_or_as_a_category_as_the_message_says(upload):
    text = "a,b\n" + "1,2\n2,3\n" * 10 + "1,x\n"
    assert upload(text, missing=["x"]).columns[1].missing == 1
    assert upload(text, kinds={"b": "category"}).columns[1].kind == "category"


def test_an_option_for_a_column_that_is_not_there_names_near_ones(upload):
    problem = upload.refused("age,b\n1,2\n", kinds={"Aged": "category"})
    assert problem.where.path == ["options", "kinds", "Aged"]
    assert '"age"' in problem.message


def test_memory_stays_small_beside_a_cell_without_end(upload):
    data = b'a,b\n1,"' + b"x" * 80_000_000
    tracemalloc.start()
    try:
        upload.refused(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # A few times the largest record that is waited for, however long the file goes on.
    assert peak < 160_000_000


def test_a_fault_while_storing_leaves_nothing_behind(upload, monkeypatch):
    import polars as pl

    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pl.DataFrame, "write_parquet", full)
    with pytest.raises(OSError, match="No space"):
        upload("a,b\n1,2\n")
    assert list(upload.folder.iterdir()) == []
