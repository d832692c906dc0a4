"""How a script changes the images of batches that are learnt from, as a run does."""

import inspect
import re
from typing import Any

from models.call import Call, Named
from models.export.brought import brought
from models.objectives.augmentations import Augmentation
from models.training import distortions
from models.training.augment import runs_of

_BLEND = '''def blend(values, mixes):
    """Return what is expected of mixed images."""
    for mixed in mixes:
        values = blended(values, mixed)
    return values'''


def mixes(augmentations: list[Augmentation]) -> bool:
    """Return whether images are mixed with each other, and what is expected of them with them."""
    return any(one.way == "mix" for one in augmentations)


def torch_functions(augmentations: list[Augmentation]) -> list[str]:
    """Return the source of `augmented`, which changes a batch, and of what it calls."""
    if not augmentations:
        return []
    lines, names = [], []
    if mixes(augmentations):
        lines.append("mixes = []")
        names.append("blended")
    for run in runs_of(augmentations):
        names += [one.function for one in run]
        if run[0].way == "affine":
            names += ["composed", "moved"]
            lines += _moved(run)
        for one in run:
            if one.way == "mix":
                lines += [f"mixes.append({_called(one, 'images')})", "images = mixes[-1].images"]
            elif one.way == "pixels":
                lines.append(f"images = {_called(one, 'images')}")
    sources = brought(distortions, names)
    if "moved" in names:
        sources.insert(0, f"PADDING = {distortions.PADDING}")
    told = "Return images as they are learnt from, changed at random"
    if mixes(augmentations):
        sources.insert(0, inspect.getsource(distortions.Mixed).rstrip())
        lines.append("return images, mixes")
        told += ", and how they are mixed"
    else:
        lines.append("return images")
    body = "\n".join(f"    {line}" for line in lines)
    sources.append(f'def augmented(images, generator):\n    """{told}."""\n{body}')
    if mixes(augmentations):
        sources.append(_BLEND)
    return [re.sub(r"\bTensor\b", "torch.Tensor", source) for source in sources]


def keras_facts(augmentations: list[Augmentation], outputs: int) -> dict[str, Any]:
    """Return what the template of Keras asks for.

    One Output gets layers in front of the network. Several ones lose their names behind such
    layers, and mixing changes what is expected too: there, batches are changed before.
    """
    mixing = mixes(augmentations)
    apart = bool(augmentations) and (mixing or outputs > 1)
    layers = {one.name: _layer(one) for one in augmentations if one.way != "mix"}
    return {
        "augmentations": [] if apart else [str(_layer(one)) for one in augmentations],
        "own_layers": [name for name, layer in layers.items() if "." not in layer.name],
        "mixes": [one.function for one in augmentations if one.way == "mix"],
        "batches": _steps(augmentations) if apart else [],
    }


def _layer(one: Augmentation) -> Call:
    """Return Keras's layer, or one of the same meaning that the script brings along."""
    return one.keras() or Call(one.name, (), one.model_dump())


def _steps(augmentations: list[Augmentation]) -> list[dict[str, Any]]:
    """Return what is done to a batch, layers that follow each other at once."""
    found: list[dict[str, Any]] = []
    for one in augmentations:
        if one.way == "mix":
            made = Call(one.function, (Named("images"), Named("self.random")), one.settings())
            found.append({"layers": [], "mixed": str(made)})
        elif found and found[-1]["layers"]:
            found[-1]["layers"].append(str(_layer(one)))
        else:
            name = f"augmentation_{len(found)}" if found else "augmentation"
            found.append({"name": name, "layers": [str(_layer(one))]})
    return found


def _called(one: Augmentation, first: str) -> Call:
    return Call(one.function, (Named(first), Named("generator")), one.settings())


def _moved(run: list[Augmentation]) -> list[str]:
    """Return lines that move the pixels of images as several augmentations say, at once."""
    filling = run[0].model_dump(include={"fill_mode", "fill_value"})
    matrices = ", ".join(str(_called(one, "size")) for one in run)
    arguments = (Named("images"), Named(f"composed([{matrices}])"))
    return [
        "size = (len(images), *images.shape[2:])",
        f"images = {Call('moved', arguments, filling)}",
    ]
