"""The pages of the layer types."""

from models.catalog import LayerType
from models.layers import LAYERS
from models.layers.base import Layer
from tools.reference import boxes, windows
from tools.reference.declared import paragraphs
from tools.reference.example import document, input_shapes, report, shown
from tools.reference.page import Kind, Page, code, escaped, listed, own_modules, picture
from tools.reference.parameters import parameters

KIND = Kind("layers", "Layers", "What networks are made of, section by section of the palette.")


def page(entry: LayerType) -> Page:
    """Return the page of a layer type."""
    layer = LAYERS[entry.type]
    computes, shapes = described(layer)
    found = report(layer)
    inputs = () if layer.role == "input" else input_shapes(layer)
    output = tuple(found.output_shape or ())
    became = f"{_and(inputs)} becomes {output}" if inputs else f"The data has the shape {output}"
    pictures = {entry.type: boxes.shapes(entry.type, inputs, output)}
    slides = made(layer).window()
    sliding = ""
    if slides is not None:
        says, pictures[f"{entry.type}-window"] = windows.window(entry.type, slides)
        sliding = f"{picture(f'{entry.type}-window', says)}\n\n{says}."
    weights = listed([weight.name for weight in made(layer).keras_weights(*inputs)])
    counted = f"{found.parameters:,} parameters" if found.parameters else "no parameters to learn"
    return Page(
        name=entry.type,
        title=entry.type,
        summary=entry.summary,
        group=entry.group,
        sections=[
            ("What it computes", "\n\n".join([*map(escaped, computes), *filter(None, [sliding])])),
            ("Shapes", f"{escaped(shapes)}\n\n{picture(entry.type, became)}"),
            ("Inputs", _ports(layer)),
            ("Parameters", parameters(entry.params)),
            (
                "Example",
                f"{code(shown(document(layer)), 'json')}\n\n"
                f"{became}; the layer has {counted}."
                + (f" Its weights: {weights}." if weights else ""),
            ),
            ("In PyTorch", _torch(found.torch)),
            ("In Keras", _keras(layer, found.keras)),
        ],
        pictures=pictures,
    )


def described(layer: type[Layer]) -> tuple[list[str], str]:
    """Return the paragraphs of a docstring between its first line and "Shapes:", and what follows.

    Both are as the house writes them; tests ask for both.
    """
    lines = paragraphs(layer)[1:]
    shapes = [line.removeprefix("Shapes: ") for line in lines if line.startswith("Shapes: ")]
    return [line for line in lines if not line.startswith("Shapes: ")], " ".join(shapes)


def made(layer: type[Layer]) -> Layer:
    """Return the layer of the example."""
    return layer.model_validate(
        next(n["params"] for n in document(layer)["nodes"] if n["id"] == "layer"), strict=False
    )


def _and(shapes: tuple[tuple[int, ...], ...]) -> str:
    return " and ".join(map(str, shapes))


def _ports(layer: type[Layer]) -> str:
    fewest, most = layer.arity
    if layer.ports:
        needed, optional = listed(layer.ports[:fewest]), listed(layer.ports[fewest:])
        return f"In order: {needed}" + (f"; {optional} may be left out." if optional else ".")
    if most is None and fewest:
        return f"{fewest} or more."
    return ""


def _torch(line: str | None) -> str:
    if line is None:
        return "It takes no code: what comes in goes on."
    return code(line, "python") + own_modules(line)


def _keras(layer: type[Layer], line: str | None) -> str:
    if line is None:
        return "It takes no code of its own."
    note = f"\n\nIts numbers are not Keras's: {escaped(layer.differs)}" if layer.differs else ""
    return code(line, "python") + note
