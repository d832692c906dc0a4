"""How much the examples of each class count: in the recipe, and at Outputs for themselves."""

from typing import Any

from models.data.ends import ClassWeight
from models.data.interface import Interface
from models.data.lookup import near
from models.errors import Fix, Problems, SetParams, SetRecipe, refuse
from models.recipe import Recipe


def check_class_weights(recipe: Recipe, interface: Interface) -> None:
    """Check the weights of classes against the classes.

    Raises:
        DocumentError: there are none of these classes, or no weight is above 0.
    """
    problems = Problems()
    outputs = interface.alone()
    common = recipe.class_weight
    if common is not None:
        with problems.collecting():
            if all(one.exclusive is None for one in outputs):
                raise refuse(
                    "task_mismatch",
                    f"Expected no class weights for {interface.task}, got some. Leave class_weight "
                    "out.",
                    path=["class_weight"],
                )
            if len(outputs) > 1 and common != "balanced":
                raise _whose()
            if len(outputs) == 1:
                _check(common, outputs[0], {"path": ["class_weight"]})
    for one in outputs:
        end = one.goals[0].end
        if end.class_weight is None:
            continue
        spot = {"node": end.node, "path": ["params", "class_weight"]}
        with problems.collecting():
            if one.exclusive is None:
                change = SetParams(node=end.node or "", params={"class_weight": None})
                what = "number" if one.classes is None else "labels of"
                raise refuse(
                    "task_mismatch",
                    f'Expected no class weights for the {what} "{one.target}", got some. '
                    "Leave class_weight out.",
                    Fix(title="Leave class_weight out", changes=[change]),
                    **spot,
                )
            _check(end.class_weight, one, spot)
    problems.tell()


def _whose() -> Exception:
    title = "Leave the weights to the Outputs"
    return refuse(
        "contradiction",
        "Expected the weights of classes at the Output whose classes they are, because there are "
        'several Outputs, got them in the recipe. Set class_weight there, or use "balanced".',
        Fix(title=title, changes=[SetRecipe(values={"class_weight": None})]),
        path=["class_weight"],
    )


def _check(weights: ClassWeight, asked: Interface, spot: dict[str, Any]) -> None:
    if weights == "balanced":
        return
    classes = asked.classes or ()
    problems = Problems()
    for name, weight in weights.items():
        within = {**spot, "path": [*spot["path"], name]}
        with problems.collecting():
            if name not in classes:
                raise refuse(
                    "unknown_class",
                    f'Expected a class of "{asked.target}", got "{name}". ' + near(name, classes),
                    **within,
                )
            if weight < 0:
                raise refuse(
                    "negative_weight",
                    f'Expected a weight of 0 or more for the class "{name}", got {weight:g}.',
                    **within,
                )
    if not problems.found and not any(weights.get(name, 1) > 0 for name in classes):
        raise refuse(
            "no_weight",
            "Expected at least one class with a weight above 0, got 0 for all of them.",
            **spot,
        )
    problems.tell()
