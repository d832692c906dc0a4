"""The pages of the activation functions."""

from models.catalog import ActivationType
from models.layers.activations import ACTIVATIONS, function
from models.resolve import make
from tools.reference import plots
from tools.reference.declared import in_a_layer, line
from tools.reference.page import Kind, Page, code, escaped, picture

KIND = Kind(
    "activations",
    "Activations",
    "What layers apply to their sums; without them a deep network would be one straight line.",
)
SAMPLE = (2.0, 1.0, 0.0, -1.0)
"""What functions of a whole vector are shown on."""


def page(entry: ActivationType) -> Page:
    """Return the page of an activation function."""
    says = f"{entry.title}: the function" + (", and dashed its derivative" if entry.curve else "")
    differs = ACTIVATIONS[entry.type].differs
    note = f"\n\nIts numbers are not Keras's: {escaped(differs)}" if differs else ""
    return Page(
        name=entry.type,
        title=entry.title,
        summary=entry.summary,
        sections=[
            ("Formula", code(entry.formula)),
            ("Picture", f"{picture(entry.type, says)}\n\n{says}."),
            ("Example", code(line(in_a_layer("activations", entry.type, entry.type)), "json")),
            ("In PyTorch", code(str(function(entry.type)), "python")),
            ("In Keras", code(f'layers.Activation("{entry.type}")', "python") + note),
        ],
        pictures={entry.type: _curve(entry, says) if entry.curve else _vector(entry, says)},
    )


def _curve(entry: ActivationType, says: str) -> str:
    curves = [[(x, y) for x, y, _ in entry.curve], [(x, slope) for x, _, slope in entry.curve]]
    return plots.plot(says, "x", "f(x)", curves, ends=_ends(curves))


def _ends(curves: list[list[tuple[float, float]]]) -> tuple[float, float]:
    values = [y for curve in curves for _, y in curve]
    return max(min(*values, -0.2), -4.0), min(max(*values, 1.2), 4.0)


def _vector(entry: ActivationType, says: str) -> str:
    import torch

    given = torch.tensor([SAMPLE], dtype=torch.float64)
    answered = make(function(entry.type))(given)[0].tolist()
    return plots.bars(says, [("x", SAMPLE), (f"{entry.type}(x)", answered)])
