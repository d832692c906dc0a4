"""Whatever Python's csv module writes is read back, every cell in its place."""

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from models.data.csv.table import read_table
from models.data.options import IngestOptions

STYLES = [("\n", csv.QUOTE_ALL), ("\r", csv.QUOTE_ALL), ("\r\n", csv.QUOTE_MINIMAL)]
"""Line end and quoting. With another line end, minimal quoting leaves a bare \\r in a cell."""
cells = st.text(st.sampled_from("ab,;|\"\t\n\r é0 1.'="), max_size=8)
tables = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=8)
)


def as_read(cell: str) -> str | None:
    """Return what a cell is read as: line ends made one, blanks around it gone, empty missing."""
    return cell.replace("\r\n", "\n").replace("\r", "\n").strip() or None


@settings(max_examples=200, deadline=None)
@given(
    tables,
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(STYLES),
)
def test_every_cell_comes_back_in_its_place(table, delimiter, style):
    names = [f"c{index}" for index in range(len(table[0]))]
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=style[0], quoting=style[1])
    writer.writerows([names, *table])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        path.write_bytes(text.getvalue().encode())
        options = IngestOptions.model_validate(
            {"delimiter": delimiter, "header": True, "kinds": dict.fromkeys(names, "text")}
        )
        frame = read_table(path, options, lambda share: None).frame
    assert frame.columns == names
    assert [list(row) for row in frame.iter_rows()] == [
        [as_read(cell) for cell in row] for row in table
    ]
