"""Cross-validations: the same training once for each fold, and what they come to together."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from backend.documents.base import Answer
from backend.documents.runs import RunRequest, RunSummary


class CrossValidationRequest(RunRequest):
    """A run for each fold, of a saved network or of an architecture sent along."""

    folds: Annotated[int, Field(ge=2, le=20)] = Field(
        description="Into how many folds the rows are dealt that are not kept for the test"
    )


class Score(Answer):
    """What the folds reach by one metric."""

    name: str = Field(description="As the runs name it: 'loss', 'val_accuracy' …")
    values: list[float | None] = Field(
        description="By fold, of the weights that are kept: of the best epoch, or the last one; "
        "null while there is none"
    )
    mean: float | None = Field(description="Of the folds that have a value")
    std: float | None = Field(
        description="Standard deviation over these folds, by their number less one"
    )


class CrossValidation(Answer):
    id: UUID
    folds: int
    runs: list[RunSummary] = Field(description="By fold, without those that were deleted")
    scores: list[Score]
