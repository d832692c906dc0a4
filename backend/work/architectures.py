"""What is asked of an architecture: is it right, what is its source, what was it in Keras?"""

from dataclasses import replace
from typing import Any, Literal

from models.architecture import Architecture
from models.data.description import Description
from models.data.ends import NOTHING
from models.data.interface import Interface, interface
from models.ends import ends
from models.errors import DocumentError, Problem, Problems
from models.recipe import Recipe
from models.sequence_choice import with_sequence


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
