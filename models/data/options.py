"""What the person who uploads a file may say about it, where guessing would not do."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from models.data.description import Role
from models.data.treatment import ColumnKind
from models.errors import Document

Side = Annotated[int, Field(ge=1, le=1_024)]
Label = Annotated[str, StringConstraints(max_length=200)]


class ReadingOptions(Document):
    """How the file of a table is written. What is null is found out from its content."""

    encoding: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = Field(
        default=None, description="Text encoding, such as windows-1252; null means UTF-8 or UTF-16"
    )
    delimiter: Literal[",", ";", "\t", "|", " "] | None = Field(
        default=None,
        description="What stands between cells; a blank means any number of blanks and tabs, as in "
        "tables that are aligned by them",
    )
    decimal: Literal[".", ","] | None = Field(default=None, description="Sign before the decimals")
    header: bool | None = Field(
        default=None, description="Whether the first row holds the column names"
    )
    sheet: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = Field(
        default=None, description="Sheet of a workbook; null means the first one"
    )
    rename_headers: bool = Field(
        default=False,
        description="Give empty and repeated column names a name instead of refusing them",
    )
    missing: list[Label] = Field(
        default=[],
        max_length=100,
        description="Further texts that mean a missing value, in every column",
    )


class IngestOptions(ReadingOptions):
    """How to read an uploaded file. What is null is found out from its content."""

    kinds: dict[Label, ColumnKind] = Field(default={}, description="Kinds of columns, by name")
    roles: dict[Label, Role] = Field(
        default={},
        description="Roles of columns of a table, by name, as they can be changed afterwards too",
    )
    images: bool | None = Field(
        default=None,
        description="Whether the rows of a table are images, a pixel in each column; null means "
        "that they are where they look like it",
    )
    label_separator: Literal["|", ";", ",", " ", "none"] | None = Field(
        default=None,
        description="What stands between the labels of an image in a cell of the table of labels; "
        "none means that a cell is one label",
    )
    image_size: tuple[Side, Side] | None = Field(
        default=None, strict=False, description="Height and width to bring all images to"
    )
