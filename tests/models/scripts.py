"""Scripts and what they are compared with, for tests."""

import contextlib
import io
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import models.data.samples as samples
from models.architecture import Architecture
from models.data.change import change
from models.data.description import Description
from models.data.ingest import ingest
from models.data.prepare import Prepared, prepare
from models.ends import ends
from models.export.script import Asked
from models.network import build
from models.parse import parse
from models.proposal import propose
from models.recipe import Recipe
from models.training.events import Metrics
from models.training.loop import train
from tests.models.documents import Document, chain

EPOCH = re.compile(r"^epoch (\d+): (.*)$", re.MULTILINE)
Values = dict[str, float]


def sample(name: str) -> Path:
    """Return the file of a dataset that ships with the app."""
    (found,) = Path(samples.__file__).parent.glob(f"{name}.*")
    return found


class Case:
    """A network on a dataset, changed by patches; what its recipe leaves out is proposed."""

    def __init__(
        self,
        path: Path,
        folder: Path,
        network: list[Any] | Document,
        patches: Sequence[dict[str, Any]] = (),
        **recipe: Any,
    ) -> None:
        self.path, self.folder = path, folder
        self.description: Description = ingest(path, folder, path.name)
        if patches:
            self.description = change(folder, self.description, patches)
        self.architecture: Architecture = parse(
            network if isinstance(network, dict) else chain(*network)
        )
        defaults = {"epochs": 3, "seed": 7, "device": "cpu", "precision": "float32"}
        wish = Recipe.model_validate(defaults | {"early_stopping": "none"} | recipe)
        self.recipe = propose(self.description, self.architecture, wish).recipe

    @property
    def asked(self) -> Asked:
        """What the script is asked to do."""
        return Asked(self.architecture, self.description, self.recipe)

    def prepared(self) -> Prepared:
        """Return the data as a run has it."""
        return prepare(self.folder, self.description, self.recipe, ends(self.architecture))

    def units(self) -> dict[str, float]:
        """Return what a run multiplies each loss of a standardised target by, to be in its unit."""
        pairs = zip(self.asked.outputs, self.prepared().preparation.outputs, strict=True)
        return {f"{output.aim.prefix}loss": told.std**output.loss.unit for output, told in pairs}

    def trained(self) -> list[Values]:
        """Return the values of each epoch as training tells them."""
        prepared = self.prepared()
        network = build(self.architecture, prepared.interface, seed=self.recipe.seed or 0)
        found: dict[int, Values] = {}
        for event in train(network, prepared, self.recipe, threads=1):
            if isinstance(event, Metrics) and event.scope == "epoch":
                before = "val_" if event.split == "validation" else ""
                told = {f"{before}{name}": v for name, v in event.values.items() if v is not None}
                found.setdefault(event.epoch, {}).update(told)
        return [found[epoch] for epoch in sorted(found)]


def loaded(source: str) -> dict[str, Any]:
    """Return what a script defines, without running its `main`."""
    namespace: dict[str, Any] = {"__name__": "script"}
    exec(compile(source, "script.py", "exec"), namespace)
    return namespace


def proven(source: str, folder: Path) -> None:
    """Check that a formatter would leave a script as it is, and that it is free of lint."""
    script = folder / "script.py"
    script.write_text(source, encoding="utf-8")
    ruff = str(Path(sys.executable).parent / "ruff")
    options = ["--isolated", "--quiet", "--line-length", "100", str(script)]
    subprocess.run([ruff, "format", "--check", *options], check=True)
    subprocess.run([ruff, "check", "--select", "E,F,W,I,B,UP,SIM", *options], check=True)


def carried_out(source: str, path: Path, **given: Any) -> str:
    """Run a script in this process, with some of its names given; return what it prints."""
    namespace = loaded(source)
    namespace.update(given)
    with contextlib.redirect_stdout(io.StringIO()) as output:
        namespace["main"](str(path))
    return output.getvalue()


def in_one_process(commands: Sequence[Sequence[str]], folder: Path) -> str:
    """Run scripts one after another in a process of their own; return what they print."""
    lines = ["import runpy, sys"]
    for command in commands:
        lines.append(f"sys.argv = {[*command]!r}")
        lines.append("runpy.run_path(sys.argv[0], run_name='__main__')")
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)],
        cwd=folder,
        env={"KERAS_BACKEND": "torch", "PATH": "", "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def told(output: str) -> list[Values]:
    """Return the values of each epoch that a PyTorch script prints."""
    found = []
    for _, line in EPOCH.findall(output):
        pairs = (pair.rsplit(" ", 1) for pair in line.split(", "))
        found.append({name: float(value) for name, value in pairs})
    return found
