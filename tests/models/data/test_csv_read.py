"""CSV files that look odd and are read right all the same."""

import pytest

from tests.models.data.uploads import kinds, notes


def test_a_plain_file_is_read_as_it_stands(upload):
    description = upload("a,b\n1,x\n2,y\n3,x\n")
    assert description.rows == 3
    assert upload.rows("a,b\n1,x\n2,y\n3,x\n") == [[1, "x"], [2, "y"], [3, "x"]]
    assert description.report[0].code == "few_rows"


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_byte_order_marks_and_wide_encodings_are_read_right(upload, codec):
    text = "größe,name\n1.5,Žofie\n2.5,Ωmega\n"
    assert upload.rows(text.encode(codec)) == [[1.5, "Žofie"], [2.5, "Ωmega"]]


def test_an_encoding_that_is_named_is_used_and_told(upload):
    data = "name,x\nCafé,1\nNaïve,2\n".encode("windows-1252")
    assert upload.rows(data, encoding="windows-1252") == [["Café", 1], ["Naïve", 2]]
    assert "cp1252" in notes(upload(data, encoding="windows-1252"))["encoding"]


@pytest.mark.parametrize("ends", ["\r", "\r\n", "\n"])
def test_every_kind_of_line_end_is_read_right(upload, ends):
    text = ends.join(["a,b", "1,x", "2,y", ""])
    assert upload.rows(text) == [[1, "x"], [2, "y"]]


def test_mixed_line_ends_are_read_right_and_told(upload):
    data = "a,b\n1,x\r\n2,y\r3,z"
    assert upload.rows(data) == [[1, "x"], [2, "y"], [3, "z"]]
    assert "mixture" in notes(upload(data))["line_ends"]


def test_a_carriage_return_on_the_edge_of_a_block_is_one_line_end(upload, monkeypatch):
    monkeypatch.setattr("models.data.csv.encoding.BLOCK", 5)
    assert upload.rows("a,b\r\n1,x\r\n2,ü\r\n") == [[1, "x"], [2, "ü"]]


@pytest.mark.parametrize("block", [3, 7, 16, 64])
def test_the_size_of_the_blocks_does_not_matter(upload, monkeypatch, block):
    text = "a,b,c\n" + "".join(f'{i},"q""{i}, é\n",{i}.5\n' for i in range(20))
    whole = upload.rows(text)
    monkeypatch.setattr("models.data.csv.encoding.BLOCK", block)
    assert upload.rows(text) == whole
    assert whole[3] == [3, 'q"3, é', 3.5]


def test_semicolons_with_decimal_commas_are_detected_and_told(upload):
    data = "größe;preis;ort\n1,5;2,25;Ulm\n-3,5;0,5;Bonn\n7;1;Ulm\n"
    description = upload(data)
    assert upload.rows(data) == [[1.5, 2.25, "Ulm"], [-3.5, 0.5, "Bonn"], [7.0, 1.0, "Ulm"]]
    assert "semicolon" in notes(description)["delimiter"]
    assert "decimal comma" in notes(description)["decimal_comma"]


def test_semicolons_without_a_header_are_not_taken_for_commas(upload):
    assert upload.rows("1,5;2,5\n3,5;4,5\n5,5;6,5\n") == [[1.5, 2.5], [3.5, 4.5], [5.5, 6.5]]


@pytest.mark.parametrize(("delimiter", "name"), [("\t", "tab"), ("|", "vertical bar")])
def test_other_delimiters_are_detected_and_told(upload, delimiter, name):
    data = f"a{delimiter}b\n1{delimiter}x, y\n2{delimiter}z\n"
    assert upload.rows(data) == [[1, "x, y"], [2, "z"]]
    assert name in notes(upload(data))["delimiter"]


@pytest.mark.parametrize("line", ["sep=|", '"sep=|"', "SEP=|"])
def test_a_first_line_that_tells_the_delimiter_is_no_row(upload, line):
    data = f"{line}\na|b\n1,5|x;y\n2,5|z;w\n"
    assert upload.refused(f"{data}3\n").where.row == 5
    assert upload.rows(data) == [[1.5, "x;y"], [2.5, "z;w"]]
    assert "vertical bar" in notes(upload(data))["delimiter"]
    assert "blank_rows" not in notes(upload(data))


def test_quoted_cells_may_hold_delimiters_quotes_and_line_ends(upload):
    data = 'a,b\n"x, ""y""","1\n2"\nz,3\n'
    assert upload.rows(data) == [['x, "y"', "1\n2"], ["z", "3"]]


def test_blanks_between_delimiters_and_quotes_do_not_count(upload):
    assert upload.rows('a, "b"\n1, "x, y"\n2,  "z" \n') == [[1, "x, y"], [2, "z"]]


def test_a_quotation_mark_in_mid_cell_is_kept(upload):
    assert upload.rows('a,b\n1,say "hi" twice\n2,x""y\n') == [[1, 'say "hi" twice'], [2, 'x""y']]


def test_blank_lines_are_left_out_and_counted(upload):
    data = "a,b\n\n1,x\n   \n2,y\n\n\n"
    assert upload.rows(data) == [[1, "x"], [2, "y"]]
    note = next(note for note in upload(data).report if note.code == "blank_rows")
    assert note.count == 4


def test_a_file_of_values_only_gets_names_and_a_warning(upload):
    description = upload("5.1,3.5,setosa\n4.9,3.0,setosa\n6.2,2.9,virginica\n")
    assert [column.name for column in description.columns] == ["column_1", "column_2", "column_3"]
    assert "header" in notes(description)["no_header"]
    assert description.rows == 3


def test_what_is_said_of_the_header_goes_before_what_is_guessed(upload):
    assert upload("2019,2020\n1,2\n", header=True).rows == 1
    assert upload("a,b\nc,d\n", header=False).rows == 2


def test_the_category_na_stays_a_category(upload):
    description = upload("region,y\n" + "NA,1.5\nEU,2.5\nNA,3.5\nAS,4.5\n" * 5)
    region = description.columns[0]
    assert region.kind == "category"
    assert region.categories == ["AS", "EU", "NA"]
    assert region.missing == 0


def test_na_among_numbers_is_missing_and_told(upload):
    description = upload("x,y\n" + "1.5,a\nNA,b\n2.5,a\nnan,b\n,a\n" * 4)
    assert kinds(description)["x"] == "number"
    assert description.columns[0].missing == 12
    assert '"NA"' in notes(description)["missing_markers"]


def test_a_text_that_is_said_to_mean_missing_is_missing_everywhere(upload):
    rows = upload.rows("x,c\n-999,a\n2,unknown\n3,b\n", missing=["-999", "unknown"])
    assert rows == [[None, "a"], [2, None], [3, "b"]]


def test_numbers_that_begin_with_a_zero_keep_it(upload):
    assert upload.rows("zip,x\n01067,1\n80331,2\n")[0] == ["01067", 1]


def test_a_column_that_turns_from_whole_numbers_to_decimals_keeps_its_values(upload, monkeypatch):
    monkeypatch.setattr("models.data.csv.encoding.BLOCK", 2_000)
    text = "a,b\n" + "".join(f"{i},{i}\n" for i in range(900)) + "900,0.5\n" + "901, 7\n"
    rows = upload.rows(text)
    description = upload(text)
    assert description.rows == 902
    assert kinds(description)["b"] == "number"
    assert rows[3] == [3, 3.0]


def test_codes_that_are_partly_numbers_become_categories_wherever_the_text_begins(
    upload, monkeypatch
):
    monkeypatch.setattr("models.data.csv.encoding.BLOCK", 2_000)
    cells = [str(i % 3) for i in range(900)] + ["crew"] * 600
    description = upload("deck,y\n" + "".join(f"{cell},{i}.5\n" for i, cell in enumerate(cells)))
    deck = description.columns[0]
    assert deck.kind == "category"
    assert deck.categories == ["0", "1", "2", "crew"]
    assert deck.missing == 0


def test_names_that_are_empty_or_repeated_can_be_renamed_on_request(upload):
    description = upload(",a,a,\n1,2,3,4\n", rename_headers=True)
    assert [column.name for column in description.columns] == ["column_1", "a", "a_2", "column_4"]
    assert '"a_2"' in description.report[1].message


def test_a_column_can_be_read_as_a_kind_that_is_asked_for(upload):
    text = "code,y\n" + "1,0.5\n2,1.5\n" * 10
    assert kinds(upload(text, kinds={"code": "category"}))["code"] == "category"


def test_progress_rises_to_one(tmp_path):
    from models.data.ingest import ingest

    path = tmp_path / "x.csv"
    path.write_text("a,b\n" + "1,2.5\n" * 1_000)
    (tmp_path / "out").mkdir()
    shares: list[float] = []
    ingest(path, tmp_path / "out", "x.csv", None, shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["1.234,5", "999,25", "12.345.678", "-1.000"], [1234.5, 999.25, 12345678.0, -1000.0]),
        (["0,5", "1.000", "0,25", "7"], [0.5, 1000.0, 0.25, 7.0]),
        (["1.000", "2.500", "300"], [1000.0, 2500.0, 300.0]),
        (["1’234,5", "0,5", "1\u00a0000"], [1234.5, 0.5, 1000.0]),
    ],
)
def test_points_between_thousands_beside_decimal_commas_are_left_out_and_told(
    upload, cells, numbers
):
    data = "v;w\n" + "".join(f"{cell};0,5\n" for cell in cells)
    assert [row[0] for row in upload.rows(data)] == numbers
    assert (
        cells[0] in notes(upload(data))["thousands"] or "1.000" in notes(upload(data))["thousands"]
    )


def test_commas_between_thousands_are_left_out_and_told(upload):
    data = 'v,w\n"1,234.5",1.5\n"12,000",2.5\n-7,0.5\n'
    assert [row[0] for row in upload.rows(data)] == [1234.5, 12000.0, -7.0]
    assert '"1,234.5"' in notes(upload(data))["thousands"]
    chosen = upload(data, kinds={"v": "category"})
    assert kinds(chosen)["v"] == "category"


def test_a_column_with_decimal_points_beside_others_with_commas_keeps_its_numbers(upload):
    commas = [f"v{n}" for n in range(11)]
    data = ";".join([*commas, "point"]) + "\n"
    data += "".join(";".join([*[f"{i},5"] * 11, f"0.{i}5"]) + "\n" for i in range(1, 9))
    assert upload.rows(data)[0] == [*[1.5] * 11, 0.15]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([f"{i}%" for i in range(8)], "percent signs"),
        ([f"${i}.50" for i in range(8)], "signs of a currency"),
        ([f"1 {i:03}" for i in range(8)], "blanks between thousands"),
        (["0.5", "1,5", "2.5", "3,5"], "decimal sign"),
        (["٣", "٤", "٥٠"], "digits of another script"),
        ([*(f"2024-01-{i:02}" for i in range(1, 15)), "2024-02-30"], 'first "2024-02-30"'),
        (["2024-01-31", "31.01.2024", "2024-02-28", "28.02.2024"], "more than one way"),
    ],
)
def test_a_column_that_nearly_is_numbers_or_dates_is_told_with_its_mending(upload, cells, said):
    data = "v;w\n" + "".join(f"{cell};{i % 3}\n" for i, cell in enumerate(cells))
    assert said in notes(upload(data, delimiter=";", decimal="."))["read_as_text"]


def test_a_date_that_is_none_can_be_read_as_missing_as_the_message_says(upload):
    data = "d,v\n" + "".join(f"2024-01-{i:02},{i}\n" for i in range(1, 15)) + "0000-00-00,3\n"
    assert "0000-00-00" in notes(upload(data))["read_as_text"]
    assert kinds(upload(data, missing=["0000-00-00"]))["d"] == "date"


def test_codes_and_names_are_not_taken_for_numbers(upload):
    for cells in (["A1", "B2", "C3"], ["1-2", "3-4", "5-6"], ["é", "ü", "日本"], ["red", "blue"]):
        data = "v,w\n" + "".join(f"{cell},{i}\n" for i, cell in enumerate(cells * 5))
        assert "read_as_text" not in notes(upload(data))


def test_a_table_is_packed_where_that_saves_much(upload):
    rows = 5_000
    for values, least, most in (
        (["0.5"] * rows, 0, rows),
        ([f"{(7_919 * row) % 10_007 / 10_007}" for row in range(rows)], 8 * rows, 9 * rows),
    ):
        upload("x\n" + "\n".join(values) + "\n")
        assert least <= (upload.folder / "table.parquet").stat().st_size < most
