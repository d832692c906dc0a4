"""What each Output of a network learns, as the contract tells it."""

from backend.documents.architectures import RunOutput
from models.aims import aims
from models.architecture import Architecture
from models.data.description import Description
from models.data.interface import interface
from models.ends import ends
from models.recipe import Objective, Recipe


def outputs(
    architecture: Architecture, description: Description, recipe: Recipe
) -> list[RunOutput]:
    """Return what each Output of a network is trained for by a recipe in full."""
    asked = interface(description, recipe, ends(architecture))
    return [
        RunOutput(
            node=aim.name,
            target=aim.asked.target,
            task=aim.asked.task,
            classes=list(aim.asked.classes) if aim.asked.classes is not None else None,
            loss=Objective(type=aim.loss.name, **aim.loss.model_dump()),
            loss_weight=aim.loss_weight,
            metrics=aim.labels[1:],
        )
        for aim in aims(asked, recipe)
    ]
