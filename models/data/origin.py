"""Where in the file that they came in images and their labels stand, for scripts to find them."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Spelling = Literal["path", "name", "path_stem", "stem", "inner_path"]
"""How a table names files: with their folders or without, with their ending or without, or without
the outermost folder."""

Form = Literal["numbers", "texts", "marks"]
"""How an array says what images are: by numbers or texts, or by a row of a mark for each label."""


class _Origin(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class LabelTable(_Origin):
    """A table in the archive, a row of which says what an image is."""

    kind: Literal["table"] = "table"
    entry: str = Field(description="Its name in the archive")
    image: str = Field(description="The column that names the images")
    spelling: Spelling
    columns: list[str] = Field(description="The column of labels, or one of 0 and 1 for each label")
    separator: str | None = Field(
        default=None, description="What stands between the labels of a cell, if there are several"
    )
    together: bool = Field(
        default=False,
        exclude_if=lambda together: not together,
        description="Whether several rows name the same image, each with one of its labels",
    )
    part: str | None = Field(
        default=None, description="The column that says whether an image trains or tests"
    )


class ArrayPair(_Origin):
    """Images and their labels as two arrays of an archive."""

    images: str = Field(description="The name of the entry")
    labels: str
    part: int = Field(description="0: they train, 1: they validate, 2: they test")


class ImageArrays(_Origin):
    """Arrays in the archive, NumPy's or in the format of MNIST."""

    kind: Literal["arrays"] = "arrays"
    pairs: list[ArrayPair]
    form: Form = Field(description="Labels are numbers, texts, or a row of a mark for each label")
    names: str | None = Field(default=None, description="The array that names the labels")
    shape: tuple[int, int, int] = Field(description="Of an image: channels, height, width")
    channels_last: bool = Field(description="Whether the channels stand behind height and width")
    levels: tuple[float, float] | None = Field(
        description="The pixels that became 0 and 255; null: they are bytes"
    )


class PixelColumns(_Origin):
    """A table whose every row is an image."""

    kind: Literal["pixels"] = "pixels"
    label: str = Field(description="The column of labels; all others are pixels, in order")
    last: bool = Field(description="Whether it is the last column, not the first")
    high: int = Field(description="The pixel that became 255")


Origin = Annotated[LabelTable | ImageArrays | PixelColumns, Field(discriminator="kind")]
