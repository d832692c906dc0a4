"""What a finished run is asked: how good it is, and what it predicts."""

import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from backend.work.machine import at_most
from models.architecture import Architecture
from models.data.description import Description
from models.ends import ends
from models.errors import refuse
from models.recipe import Recipe

if TYPE_CHECKING:
    from models.model import Model


def evaluate(dataset: str, run: str, made_of: dict[str, Any], split: str) -> dict[str, Any]:
    """Return the report on one part of the data as `backend.documents.results.Evaluation` has it.

    `dataset` and `run` are folders; `made_of` has the run's architecture, description and recipe.
    """
    from models.data.prepare import prepare
    from models.evaluation import evaluate

    known = Recipe.model_validate(made_of["recipe"])
    prepared = prepare(
        Path(dataset),
        Description.model_validate(made_of["description"]),
        known,
        ends(Architecture.model_validate(made_of["architecture"])),
    )
    part = {"train": prepared.train, "validation": prepared.validation, "test": prepared.test}[
        split
    ]
    if part is None:
        raise refuse(
            "no_such_part",
            f"Expected a part of the data that the run has, got {split}, for which its recipe "
            "keeps no rows. Ask for another part, or train with a share for it.",
            path=["query", "split"],
        )
    model = model_of(run, os.stat(run).st_mtime_ns)
    return {"split": split, **evaluate(model.network, prepared, part, known)}


def predict(run: str, rows: list[Any]) -> dict[str, Any]:
    """Return the predictions for raw rows as `backend.documents.results.Predictions` has them."""
    model = model_of(run, os.stat(run).st_mtime_ns)
    told = model.predict(rows)
    return {"total": len(told[0]), **_by_output(model, told)}


def predict_row(
    dataset: str, run: str, description: dict[str, Any], row: int | Literal["last"]
) -> dict[str, Any]:
    """Return the prediction from a row of the run's dataset as `backend.documents.Predictions`.

    `dataset` and `run` are folders; `description` is that of the dataset when the run was made.
    """
    from models.prediction.data_row import predict_row

    model = model_of(run, os.stat(run).st_mtime_ns)
    told = predict_row(model, Path(dataset), Description.model_validate(description), row)
    return {**told, **_by_output(model, told["outputs"])}


def predict_file(
    run: str,
    file: tuple[str, str],
    options: dict[str, Any],
    description: dict[str, Any],
    memory: int,
    limit: int,
    destination: str | None,
) -> dict[str, Any]:
    """Return the predictions for a file as `backend.documents.results.Predictions` has them.

    `file` is its path and what it was called; `options` are those of reading it. `description` is
    of the run's dataset. `memory` is how many bytes this may take. With a `destination` all are
    written there as CSV, and nothing is returned; else the first `limit` are.
    """
    from models.data.options import ReadingOptions
    from models.prediction import answers
    from models.prediction.images import ImageExamples
    from models.prediction.sequences import SequenceExamples
    from models.prediction.table import TableExamples

    model = model_of(run, os.stat(run).st_mtime_ns)
    known = Description.model_validate(description)
    path, filename = Path(file[0]), file[1]
    with at_most(memory):
        if known.image is not None:
            examples = ImageExamples(path, filename, known.image)
        else:
            reading = ReadingOptions.model_validate(options)
            missing = known.reading.missing if known.reading else []
            examples = TableExamples(path, filename, reading, model.preparation, missing)
            if model.preparation.sequence is not None:
                examples = SequenceExamples(examples, model.preparation.sequence)
        if destination is not None:
            answers.write(model, examples, Path(destination))
            return {}
        told = answers.preview(model, examples, limit)
    return {**told, **_by_output(model, told["outputs"])}


def _by_output(model: "Model", told: list[list[dict[str, Any]]]) -> dict[str, Any]:
    """Return the predictions of every output, with those of the first beside them."""
    outputs = [
        {"node": output.node or "output", "target": output.target, "predictions": predictions}
        for output, predictions in zip(model.preparation.outputs, told, strict=True)
    ]
    first = {name: outputs[0][name] for name in ("target", "predictions")}
    return {**first, "outputs": outputs if len(outputs) > 1 else []}


@lru_cache(maxsize=2)
def model_of(run: str, changed: int) -> "Model":
    """Load a run's model, or take the one that was loaded before; `changed` tells them apart."""
    from models.model import Model

    return Model.load(Path(run))
