"""Puts the built browser app into the wheel, so that `pip install .` is all it takes."""

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FRONTEND = runpy.run_path(str(Path(__file__).parent / "tools" / "frontend.py"))


class FrontendHook(BuildHookInterface):
    """Builds the frontend before the wheel is packed; asks for Node only where there is none."""

    def dependencies(self) -> list[str]:
        return [] if FRONTEND["has_node"]() else [FRONTEND["NODE_FROM_PYPI"]]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "editable":
            FRONTEND["build"]()
