"""The printed PyTorch source, run afresh, is the network."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from models.architecture import Architecture
from models.export.pytorch import source
from models.gallery import GalleryItem, entries
from models.network import build
from tests.models.gallery import at_test_size, over_gallery, rows_for

HOSTILE = [
    '</script><img onerror="alert(1)">',
    "x\rimport os",
    '"""',
    "{{7*7}}",
    "a\\",
    "\x00\u2028",
]


def run(text: str) -> dict[str, Any]:
    namespace: dict[str, Any] = {"__name__": "printed"}
    exec(compile(text, "printed.py", "exec"), namespace)
    return namespace


@over_gallery
def test_the_source_builds_the_same_network_with_the_same_first_weights(item: GalleryItem) -> None:
    architecture = at_test_size(item)
    ours = build(architecture, seed=3).eval()
    printed = run(source(architecture))["build"](seed=3).eval()
    inputs = rows_for(architecture, 3)
    assert list(printed.state_dict()) == list(ours.state_dict())
    with torch.no_grad():
        assert torch.equal(printed(*inputs), ours(*inputs))


@over_gallery
def test_the_source_is_formatted_as_a_person_would_have_it(item: GalleryItem) -> None:
    ruff = str(Path(sys.executable).parent / "ruff")
    for command in (["format", "--check"], ["check", "--select", "E,F,W,I"]):
        options = ["--isolated", "--quiet", "--line-length", "100", "-"]
        subprocess.run(
            [ruff, *command, *options], input=source(item.architecture), text=True, check=True
        )


@pytest.mark.parametrize("name", HOSTILE)
def test_names_that_people_give_do_nothing_in_the_source(name: str) -> None:
    item = entries()[0].architecture.model_dump()
    item["name"] = name
    for node in item["nodes"]:
        node["title"] = name
    architecture = Architecture.model_validate(item)
    namespace = run(source(architecture))
    assert set(namespace) >= {"build", "torch", "nn"}
    assert "os" not in namespace
    assert namespace["build"]()(torch.zeros(2, 2)).shape == (2, 1)
