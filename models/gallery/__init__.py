"""Ready-made architectures: one JSON file each, in the order in which a course meets them."""

import json
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from models.architecture import Architecture
from models.parse import parse

CATEGORIES: dict[str, tuple[str, ...]] = {
    "First networks": (
        "perceptron",
        "adaline",
        "softmax-regression",
        "mlp",
        "mlp-regression",
        "spirals",
        "nettalk",
    ),
    "Tables": (
        "regularized-mlp",
        "residual-mlp",
        "highway",
        "self-normalizing",
        "maxout",
        "wide-and-deep",
        "deep-and-cross",
        "neural-recommender",
    ),
    "Images": (
        "digits-cnn",
        "lenet-5",
        "digits-resnet",
        "digits-inception",
        "digits-densenet",
        "digits-mobilenet",
        "digits-senet",
        "digits-convmixer",
        "digits-vit",
        "nin",
        "resnet-20",
    ),
    "Images, as published": (
        "alexnet",
        "vgg-11",
        "googlenet",
        "resnet-18",
        "squeezenet",
        "densenet-121",
        "xception",
        "mobilenet",
        "mobilenet-v2",
        "vit-tiny",
        "mlp-mixer",
        "convmixer",
        "siamese",
    ),
    "Images to images": (
        "deep-autoencoder",
        "conv-autoencoder",
        "small-u-net",
        "u-net",
    ),
    "Sequences": (
        "elman",
        "digits-lstm",
        "bilstm",
        "lstm",
        "gru",
        "sequence-to-sequence",
        "attention-forecaster",
        "tdnn",
        "sensor-cnn",
        "signature-siamese",
        "tcn",
        "video-cnn",
    ),
    "Texts": (
        "bag-of-words",
        "text-cnn",
        "text-lstm",
        "text-transformer",
        "small-gpt",
    ),
}
"""What the gallery is sorted by, with the slugs of each part in order."""


class GalleryItem(BaseModel):
    """A ready-made architecture and what to know of it."""

    model_config = ConfigDict(extra="forbid")

    slug: str
    category: str
    title: str
    summary: str
    """One sentence: what it is."""
    about: str
    """A paragraph: what was new about it, and what it is good for."""
    source: str
    """Authors, year and title of what it is made from."""
    sample: str | None
    """The dataset that comes with the app and that it can be trained on as it is."""
    parameters: int = Field(ge=0)
    """Those that are trained. Tests hold it against `check`, and against what was published."""
    architecture: Architecture


@cache
def entries() -> list[GalleryItem]:
    """Return the gallery in order.

    Raises:
        DocumentError: a file is not an architecture; a test reads them all.
    """
    return [_read(slug, category) for category, slugs in CATEGORIES.items() for slug in slugs]


def _read(slug: str, category: str) -> GalleryItem:
    told = json.loads((Path(__file__).parent / f"{slug}.json").read_text(encoding="utf-8"))
    told["architecture"] = parse(told["architecture"])
    return GalleryItem(slug=slug, category=category, **told)
