"""The gallery as test input: every entry at a size that is computed in a moment."""

from functools import cache
from typing import Any

import pytest
import torch
from torch import Tensor

from models.architecture import Architecture
from models.check import check
from models.gallery import GalleryItem, entries
from models.parse import parse
from models.survey import survey

MOST_FLOPS = 500e6
MOST_PARAMETERS = 25e6
SIDES = (32, 64, 96)
"""Heights and widths that are tried for an image that is too large, the smallest first."""

over_gallery = pytest.mark.parametrize("item", entries(), ids=lambda item: item.slug)


def at_test_size(item: GalleryItem) -> Architecture:
    """Return an entry's architecture at a size that is computed in a moment.

    Where one example takes more than MOST_FLOPS, or there are more than MOST_PARAMETERS, its image
    is made smaller. Where no smaller one fits the test is skipped: of such an entry only the shapes
    are looked at.
    """
    small = _small_of(item.slug)
    if small is None:
        pytest.skip("too large to be computed in a moment")
    return small


def rows_for(architecture: Architecture, count: int, seed: int = 0) -> list[Tensor]:
    """Return a batch per Input: codes where they are looked up, else normal numbers."""
    generator = torch.Generator().manual_seed(seed)
    known = survey(architecture)
    found = []
    for node, layer in known.layers.items():
        if layer.role != "input":
            continue
        shape = known.measures[node].output
        readers: list[Any] = [known.layers[target] for target in known.graph.outputs_of(node)]
        codes = [reader.input_dim for reader in readers if reader.reads_codes]
        if codes:
            drawn = torch.randint(1, min(codes), (count, *shape), generator=generator)
            drawn[0, 0] = 0
            found.append(drawn.float())
        else:
            found.append(torch.randn(count, *shape, generator=generator))
    return found


@cache
def _small_of(slug: str) -> Architecture | None:
    architecture = next(item for item in entries() if item.slug == slug).architecture
    if _is_small(architecture):
        return architecture
    for side in SIDES:
        sent = architecture.model_dump()
        for node in sent["nodes"]:
            if node["type"] == "Input" and len(node["params"]["shape"]) == 3:
                node["params"] = {"shape": [node["params"]["shape"][0], side, side]}
        smaller = parse(sent)
        if _is_small(smaller):
            return smaller
    return None


def _is_small(architecture: Architecture) -> bool:
    report = check(architecture)
    small = report.parameters <= MOST_PARAMETERS and report.flops <= MOST_FLOPS
    return report.ok and small
