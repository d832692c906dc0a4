"""What a fix makes of an architecture, or of a recipe, where it is about nothing else."""

from models.architecture import Architecture
from models.errors import Fix
from models.mending import mended
from models.recipe import Recipe

_NOTHING = Architecture(format="neuroloom/1", nodes=[], edges=[])


def apply(fix: Fix | None, architecture: Architecture) -> Architecture:
    """Return the architecture with every change of the fix made, in order."""
    assert fix is not None
    architecture, recipe = mended(architecture, Recipe(), fix.changes)
    assert recipe == Recipe()
    return architecture


def apply_to_recipe(fix: Fix | None, recipe: Recipe) -> Recipe:
    """Return the recipe with every change of the fix made, in order."""
    assert fix is not None
    architecture, recipe = mended(_NOTHING, recipe, fix.changes)
    assert architecture == _NOTHING
    return recipe
