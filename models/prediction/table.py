"""The rows of a CSV file as examples: the model's columns by name, whatever else stands there."""

from collections.abc import Iterator
from pathlib import Path

from models.data.csv.table import TableFile
from models.data.description import Note
from models.data.lookup import near
from models.data.options import ReadingOptions
from models.data.preparation import MAX_PROBLEMS, Preparation
from models.data.sniff import HEAD, type_of
from models.errors import DocumentError, Problem, Where, refuse
from models.model import Place
from models.prediction.cells import encode_cells
from models.prediction.examples import Block


class TableExamples:
    """A CSV file that is read as datasets are: how it is written is found out, or said.

    Columns that the model does not know are kept and not looked at.

    Args:
        path: the file.
        filename: what it was called, for messages.
        options: what was said of how it is written.
        preparation: of the model.
        missing: further texts that mean a missing value in the model's dataset.

    Raises:
        DocumentError: `unsupported_type` for what is no text; a column that the model needs is not
            there; the header is none.
    """

    def __init__(
        self,
        path: Path,
        filename: str,
        options: ReadingOptions,
        preparation: Preparation,
        missing: list[str],
    ) -> None:
        _check_type(path, filename)
        self._file = TableFile(path, options)
        self._preparation = preparation
        names = self._file.dialect.names
        _check_names(names, preparation)
        # As text, so that what was given can be handed back as it stands.
        self._values = self._file.values([*missing, *options.missing], frozenset(names))
        self.delimiter = self._file.dialect.delimiter
        self.decimal_comma = self._file.dialect.decimal_comma

    def blocks(self) -> Iterator[Block]:
        """Yield the rows, as `Examples` has it."""
        start = 0
        for rows in self._file.rows():
            cells = self._values.parse(rows)
            raw, misfits = encode_cells(cells, self._preparation, decimal_comma=self.decimal_comma)
            if misfits:
                found = [
                    _problem(self._file.row(start + misfit.row), misfit.column, misfit.message)
                    for misfit in misfits[:MAX_PROBLEMS]
                ]
                raise DocumentError(found)

            def place(row: int, start: int = start) -> Place:
                number = self._file.row(start + row)
                return f"Row {number:,}", Where(row=number)

            yield Block(cells, raw, place)
            start += cells.height

    def notes(self) -> list[Note]:
        """Return what was found out about the file."""
        return [*self._file.notes(), *self._values.finish(self._file.row)]


def _problem(row: int, column: str, message: str) -> Problem:
    return Problem(
        code="invalid_value",
        message=f"Row {row:,}: {message[0].lower()}{message[1:]}",
        where=Where(row=row, column=column),
    )


def _check_type(path: Path, filename: str) -> None:
    with path.open("rb") as file:
        found = type_of(file.read(HEAD))
    if found is not None:
        raise refuse(
            "unsupported_type",
            f"Expected a CSV file, because the model was trained on a table, got {found} "
            f'("{filename}"). Save the rows as CSV.',
        )


def _check_names(names: list[str], preparation: Preparation) -> None:
    problems = [
        Problem(
            code="missing_column",
            message=f'Expected the column "{column.name}", which the model needs, in row 1, got '
            f"none of that name. {near(column.name, names)}",
            where=Where(row=1, column=column.name),
        )
        for column in preparation.columns
        if column.name not in names
    ]
    if problems:
        raise DocumentError(problems[:MAX_PROBLEMS])
