"""The pages of initializers, regularizers and constraints."""

import math
from typing import Any

import torch

from models.call import Call
from models.catalog import ObjectiveType
from models.layers.constraints import CONSTRAINTS, Constraint
from models.layers.initializers import INITIALIZERS, Initializer
from models.layers.one_of import Part
from models.layers.regularizers import REGULARIZERS, Regularizer
from models.resolve import make
from tools.reference import plots, weights
from tools.reference.curves import Drawn
from tools.reference.declared import example, in_a_layer, line, paragraphs
from tools.reference.page import Kind, Page, code, escaped, own_modules, picture
from tools.reference.parameters import parameters

KINDS = (
    Kind("initializers", "Initializers", "How a layer's weights begin."),
    Kind(
        "regularizers",
        "Regularizers",
        "Penalties on weights or outputs, added to the loss: they keep a network from learning its "
        "examples by heart.",
    ),
    Kind("constraints", "Constraints", "What weights are brought back to after each step."),
)
PARTS: dict[str, type[Part]] = {**INITIALIZERS, **REGULARIZERS, **CONSTRAINTS}


def page(entry: ObjectiveType, kind: Kind) -> Page:
    """Return the page of a part."""
    kept = PARTS[entry.type]
    part = kept.model_validate(kept.example)
    calls = ", ".join(map(str, _torch(part)))
    node = in_a_layer(kind.folder, entry.type, example(kept))
    says, svg = _drawn(part)
    return Page(
        name=entry.type,
        title=entry.title,
        summary=entry.summary,
        sections=[
            ("Formula", code(entry.formula) if entry.formula else ""),
            ("More about it", escaped("\n\n".join(paragraphs(kept)[1:]))),
            ("Picture", f"{picture(entry.type, says)}\n\n{says}."),
            ("Parameters", parameters(entry.params)),
            ("Example", code(line(node), "json")),
            ("In PyTorch", code(calls, "python") + own_modules(calls)),
            (
                "In Keras",
                code(str(Call(f"{part.room}.{kept.__name__}", (), part.changed())), "python"),
            ),
        ],
        pictures={entry.type: svg},
    )


def _drawn(part: Part) -> Drawn:
    """Draw what the part does; a penalty of one weight, or of two rows where it takes a matrix."""
    if isinstance(part, Initializer):
        return weights.begun(part)
    if isinstance(part, Constraint):
        return weights.kept(part)
    assert isinstance(part, Regularizer)
    if part.ranks[0] == 1:
        says = "The penalty of a single weight"
        return says, plots.plot(says, "w", "penalty", [_penalty(part)])
    says = "The penalty of two rows of weights by the angle between them"
    return says, plots.plot(says, "angle in degrees", "penalty", [_by_angle(part)])


def _torch(part: Part) -> tuple[Call, ...]:
    """Return the calls on a matrix of (outputs, inputs), Keras's axes the other way round."""
    axes = (1, 0)
    if isinstance(part, Initializer):
        return (part.fill(),)
    if isinstance(part, Regularizer):
        return part.penalties(axes)
    assert isinstance(part, Constraint)
    return (part.keep(axes),)


def _penalty(part: Regularizer) -> plots.Curve:
    places = torch.linspace(-2, 2, 81, dtype=torch.float64)
    return [(w, _sum(part.penalties((0,)), [w])) for w in places.tolist()]


def _by_angle(part: Regularizer) -> plots.Curve:
    found = []
    for degrees in range(0, 181, 2):
        angle = math.radians(degrees)
        # Torch's axes are Keras's the other way round: a row there is a column here.
        columns = [[1.0, math.cos(angle)], [0.0, math.sin(angle)]]
        found.append((float(degrees), _sum(part.penalties((1, 0)), columns)))
    return found


def _sum(penalties: tuple[Call, ...], weights: list[Any]) -> float:
    given = torch.tensor(weights, dtype=torch.float64)
    return sum(float(make(penalty, given)) for penalty in penalties)
