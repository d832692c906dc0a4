"""What the engine's processes do. The one narrow door from the web process to torch.

Every function takes and returns plain data: it crosses from one process to another. What a
function needs is imported in it, so that a process loads only what its own calls use.
"""

import json
import os
import resource
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from backend import disk
from models.architecture import Architecture
from models.data.description import Description
from models.data.ends import NOTHING
from models.data.interface import Interface, interface
from models.ends import ends
from models.errors import DocumentError, Problem, Problems, refuse
from models.recipe import Recipe
from models.sequence_choice import with_sequence

if TYPE_CHECKING:
    from models.model import Model

PROGRESS_SECONDS = 0.3


def perform(name: str, args: tuple[Any, ...]) -> tuple[str, Any]:
    """Call a function of `WORK` and tell how it went.

    Exceptions are told as data, because not all of them survive the way between processes.
    """
    try:
        return "done", WORK[name](*args)
    except DocumentError as error:
        return "refused", [problem.model_dump() for problem in error.problems]
    except MemoryError:
        return "no_memory", None
    except Exception as error:
        return ("disk_full" if disk.is_full(error) else "failed"), traceback.format_exc()


def devices() -> list[dict[str, str]]:
    """Return what runs can train on beside the CPU."""
    import torch

    found: list[dict[str, str]] = []
    if torch.cuda.is_available():
        for index in range(torch.cuda.device_count()):
            found.append({"type": "cuda", "name": torch.cuda.get_device_name(index)})
    if torch.backends.mps.is_available():
        found.append({"type": "mps", "name": "Apple GPU"})
    return found


def check(
    architecture: dict[str, Any],
    dataset: dict[str, Any] | None,
    recipe: dict[str, Any] | None,
    name: str = "the dataset",
) -> str:
    """Return the report on an architecture as JSON: `backend.documents.architectures.CheckAnswer`.

    When the dataset and the recipe do not say what is asked of the network, the report says why,
    and the network is checked as far as that can be told, or by itself.
    """
    from models.check import check
    from models.training.device import check_device

    known = Architecture.model_validate(architecture)
    description = Description.model_validate(dataset) if dataset is not None else None
    asked: Interface | None = None
    problems: list[Problem] = []
    try:
        asked = _asked(known, description, recipe, name)
    except DocumentError as error:
        problems = _in_recipe(error)
        asked = _roughly_asked(known, description)
    else:
        if asked is not None and description is not None:
            problems = _of_dealing(known, asked, description, recipe)
    if recipe is not None:
        try:
            check_device(Recipe.model_validate(recipe))
        except DocumentError as error:
            problems += _in_recipe(error)
    loss = recipe["loss"]["type"] if recipe and recipe["loss"] else None
    report = check(known, asked, loss)
    report.problems += problems
    report.ok = report.ok and not problems
    return report.model_dump_json()


def check_fits(
    architecture: dict[str, Any], dataset: dict[str, Any], recipe: dict[str, Any]
) -> None:
    """Check that a training fits into the memory, by a recipe in full."""
    from models.training.forecast import check_fits

    known = Architecture.model_validate(architecture)
    try:
        check_fits(known, Description.model_validate(dataset), Recipe.model_validate(recipe))
    except DocumentError as error:
        raise DocumentError(_in_recipe(error)) from error


def code(
    architecture: dict[str, Any],
    dataset: dict[str, Any] | None,
    recipe: dict[str, Any] | None,
    target: Literal["pytorch", "keras"] = "pytorch",
    alone: bool = False,
) -> str:
    """Return the architecture as source; with dataset and recipe as a script that trains it.

    `alone` is the network by itself in any case.
    """
    from models.export import keras, pytorch, script_keras, script_pytorch
    from models.export.script import Asked
    from models.proposal import propose

    network = Architecture.model_validate(architecture)
    known = Recipe.model_validate(recipe) if recipe else None
    if dataset is None or known is None or alone:
        source = {"pytorch": pytorch.source, "keras": keras.source}[target]
        return source(network, _asked(network, dataset, recipe), known)
    description = Description.model_validate(dataset)
    try:
        full = propose(description, network, known).recipe
    except DocumentError as error:
        raise DocumentError(_in_recipe(error)) from error
    script = {"pytorch": script_pytorch.script, "keras": script_keras.script}[target]
    return script(Asked(network, description, full))


def imported(document: Any, weights: bool) -> dict[str, Any]:
    """Return the architecture of a Keras configuration, and what could not be carried over.

    `weights` tells whether some lie beside it.
    """
    from models.importing.keras import architecture_of
    from models.parse import parse

    found = architecture_of(document)
    notes = [note.model_dump(mode="json") for note in found.notes]
    if weights:
        told = "The weights stay in the file: the network begins with fresh ones."
        notes.insert(0, {"layer": None, "node": None, "message": told})
    return {"architecture": parse(found.document).model_dump(mode="json"), "notes": notes}


def ingest(
    path: str,
    folder: str,
    filename: str,
    options: dict[str, Any],
    memory: int,
    report: tuple[str, str, int] | None,
) -> dict[str, Any]:
    """Read a file into a dataset's folder and return its description.

    `memory` is how many bytes this may take. `report` is the URL of the database, and the id of the
    dataset and the number of its version whose progress is kept there.
    """
    from models.data.ingest import ingest
    from models.data.options import IngestOptions

    progress = _Progress(*report) if report else _ignore
    known = IngestOptions.model_validate(options)
    with _at_most(memory):
        read = ingest(Path(path), Path(folder), filename, known, progress)
    return read.model_dump(mode="json")


def renewed(
    folder: str, before: dict[str, Any], read: dict[str, Any], said: list[str]
) -> dict[str, Any]:
    """Return the description of a new version with the choices of the one before, and `changes`.

    `read` is its description as it was read; `said` are the columns whose kind was asked for then.
    """
    from models.data.renewal import renew

    old, new = (Description.model_validate(description) for description in (before, read))
    description, changes = renew(Path(folder), old, new, frozenset(said))
    return {
        "description": description.model_dump(mode="json"),
        "changes": [note.model_dump(mode="json") for note in changes],
    }


def rows(
    folder: str, description: dict[str, Any], offset: int, limit: int, label: str | None
) -> tuple[list[str], list[list[Any]]]:
    """Return the names of the columns, and a window of the rows, or of the images with a label."""
    from models.data.view import read_rows

    return read_rows(Path(folder), Description.model_validate(description), offset, limit, label)


def image(folder: str, index: int) -> bytes:
    """Return one image as PNG."""
    from models.data.view import read_image

    return read_image(Path(folder), index)


def augmented(
    folder: str,
    description: dict[str, Any],
    augmentation: list[dict[str, Any]],
    count: int,
    seed: int,
) -> list[dict[str, Any]]:
    """Return images as `backend.documents.datasets.AugmentedImages` has them."""
    from models.recipe import Objective
    from models.training.preview import preview

    wanted = [Objective.model_validate(entry) for entry in augmentation]
    known = Description.model_validate(description)
    return preview(Path(folder), known, wanted, count, seed)


def change(
    folder: str, description: dict[str, Any], patches: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return the description with kinds and roles of columns changed."""
    from models.data.change import change

    return change(Path(folder), Description.model_validate(description), patches).model_dump(
        mode="json"
    )


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
    model = _model(run, os.stat(run).st_mtime_ns)
    return {"split": split, **evaluate(model.network, prepared, part, known)}


def predict(run: str, rows: list[Any]) -> dict[str, Any]:
    """Return the predictions for raw rows as `backend.documents.results.Predictions` has them."""
    model = _model(run, os.stat(run).st_mtime_ns)
    told = model.predict(rows)
    return {"total": len(told[0]), **_by_output(model, told)}


def predict_row(
    dataset: str, run: str, description: dict[str, Any], row: int | Literal["last"]
) -> dict[str, Any]:
    """Return the prediction from a row of the run's dataset as `backend.documents.Predictions`.

    `dataset` and `run` are folders; `description` is that of the dataset when the run was made.
    """
    from models.prediction.data_row import predict_row

    model = _model(run, os.stat(run).st_mtime_ns)
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

    model = _model(run, os.stat(run).st_mtime_ns)
    known = Description.model_validate(description)
    path, filename = Path(file[0]), file[1]
    with _at_most(memory):
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


def export(what: str, run: str, made_of: dict[str, Any], destination: str) -> None:
    """Write a download of a run to `destination`.

    `made_of` has the run's architecture, description and recipe, and its history as CSV.
    """
    path = Path(destination)
    if what == "history.csv":
        path.write_text(made_of["history"], encoding="utf-8")
    elif what == "architecture.json":
        text = json.dumps(made_of["architecture"], indent=1, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")
    elif what in ("pytorch.py", "keras.py"):
        target = "keras" if what == "keras.py" else "pytorch"
        path.write_text(_script_or_network(made_of, target), encoding="utf-8")
    elif what == "bundle.zip":
        from models.export.bundle import bundle

        bundle(Path(run), made_of["history"], path)
    elif what == "model.keras":
        path.write_bytes(_keras(run, made_of))
    elif what in ("model.onnx", "program.pt2"):
        from models.export.standalone import standalone

        standalone(what, Path(run), path)
    else:
        _export_weights(what, run, path)


def _script_or_network(made_of: dict[str, Any], target: Literal["pytorch", "keras"]) -> str:
    """Return the script that trains as the run did, or the network alone where none can say it."""
    told = (made_of["architecture"], made_of["description"], made_of["recipe"])
    try:
        return code(*told, target)
    except DocumentError as error:
        if any(problem.code != "not_in_script" for problem in error.problems):
            raise
        return code(*told, target, alone=True)


def _keras(run: str, made_of: dict[str, Any]) -> bytes:
    """Return the network with its weights as Keras saves a model."""
    from models.data.prepared_interface import interface_of
    from models.export.keras_archive import archive

    model = _model(run, os.stat(run).st_mtime_ns)
    network = Architecture.model_validate(made_of["architecture"])
    return archive(network, model.network, interface_of(model.preparation))


def _export_weights(what: str, run: str, path: Path) -> None:
    """Write the network's weights by the names that the printed source gives them."""
    import torch
    from safetensors.torch import save_file

    network = _model(run, os.stat(run).st_mtime_ns).network
    weights = {name: tensor.contiguous() for name, tensor in network.state_dict().items()}
    if what == "state_dict.pt":
        # By a file of Python's, whose errors say what is wrong; torch's own do not.
        with path.open("wb") as file:
            torch.save(weights, file)
    else:
        save_file(weights, path)


@lru_cache(maxsize=2)
def _model(run: str, changed: int) -> "Model":
    """Load a run's model, or take the one that was loaded before; `changed` tells them apart."""
    from models.model import Model

    return Model.load(Path(run))


@contextmanager
def _at_most(memory: int) -> Iterator[None]:
    """Bound the private memory of this process; mapped files and reserved addresses are free."""
    before = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (memory, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)


def _in_recipe(error: DocumentError) -> list[Problem]:
    """Return the problems with paths that begin at the body that a recipe was sent in."""
    return [_of_recipe(problem) for problem in error.problems]


def _of_dealing(
    architecture: Architecture,
    asked: Interface,
    description: Description,
    recipe: dict[str, Any] | None,
) -> list[Problem]:
    """Return what is wrong with how a recipe deals the data out, and with the classes' weights."""
    from models.class_weights import check_class_weights
    from models.recipe_check import check_split

    given = Recipe.model_validate(recipe) if recipe else Recipe()
    found = Problems()
    with found.collecting():
        check_split(with_sequence(given, description, architecture), asked, description)
    with found.collecting():
        check_class_weights(given, asked)
    return [_of_recipe(problem) for problem in found.found]


def _asked(
    architecture: Architecture,
    dataset: dict[str, Any] | Description | None,
    recipe: dict[str, Any] | None,
    name: str = "the dataset",
) -> Interface | None:
    if dataset is None:
        return None
    description = Description.model_validate(dataset)
    known = Recipe.model_validate(recipe) if recipe else Recipe()
    known = with_sequence(known, description, architecture)
    return replace(interface(description, known, ends(architecture)), dataset=name)


def _roughly_asked(architecture: Architecture, dataset: Description | None) -> Interface | None:
    """Return what is asked of the Inputs and of the Outputs that name a target, if it can be told.

    An Output that was just added has no target yet; the shapes of the others stay known.
    """
    known = ends(architecture)
    if dataset is None or len(known.inputs) == len(known.outputs) == 1:
        return None
    told = tuple(end for end in known.outputs if end.target is not None)
    try:
        return interface(
            dataset,
            None,
            replace(known, outputs=told or (NOTHING,)),
        )
    except DocumentError:
        return None


def _of_recipe(problem: Problem) -> Problem:
    """Return a problem of the recipe as one of the request; one of a layer stays its own."""
    if problem.where.node is not None:
        return problem
    where = problem.where.model_copy(update={"path": ["recipe", *problem.where.path]})
    return problem.model_copy(update={"where": where})


class _Progress:
    """Keeps the progress of a version in the database, a few times a second at most."""

    def __init__(self, url: str, dataset: str, version: int) -> None:
        from backend.database.engine import Database

        self._database = Database(url)
        self._version = (UUID(dataset), version)
        self._told = time.monotonic()

    def __call__(self, share: float) -> None:
        from sqlalchemy import update

        from backend.database.tables import VersionRow

        if time.monotonic() - self._told < PROGRESS_SECONDS:
            return
        self._told = time.monotonic()
        with self._database.session() as session:
            dataset, version = self._version
            mine = update(VersionRow).where(
                VersionRow.dataset_id == dataset, VersionRow.version == version
            )
            session.execute(mine.values(progress=min(max(share, 0.0), 1.0)))


def _ignore(share: float) -> None:
    """Take the progress of a file that is read before anyone could ask for it."""


WORK: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        devices,
        check,
        check_fits,
        code,
        imported,
        ingest,
        renewed,
        rows,
        image,
        augmented,
        change,
        evaluate,
        predict,
        predict_row,
        predict_file,
        export,
    )
}
