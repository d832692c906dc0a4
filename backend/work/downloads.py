"""What a finished run leaves, as files that people take away."""

import json
import os
from pathlib import Path
from typing import Any, Literal

from backend.work.architectures import code
from backend.work.results import model_of
from models.architecture import Architecture
from models.errors import DocumentError


def export(what: str, run: str, made_of: dict[str, Any], destination: str) -> None:
    """Write a download of a run to `destination`.

    `made_of` has the run's architecture, description and recipe, and its history as CSV.
    """
    path = Path(destination)
    if what == "history.csv":
        path.write_text(made_of["history"], encoding="utf-8")
    elif what == "architecture.json":
        text = json.dumps(made_of["architecture"], indent=1, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")
    elif what in ("pytorch.py", "keras.py"):
        target = "keras" if what == "keras.py" else "pytorch"
        path.write_text(_script_or_network(made_of, target), encoding="utf-8")
    elif what == "bundle.zip":
        from models.export.bundle import bundle

        bundle(Path(run), made_of["history"], path)
    elif what == "model.keras":
        path.write_bytes(_keras(run, made_of))
    elif what in ("model.onnx", "program.pt2"):
        from models.export.standalone import standalone

        standalone(what, Path(run), path)
    else:
        _export_weights(what, run, path)


def _script_or_network(made_of: dict[str, Any], target: Literal["pytorch", "keras"]) -> str:
    """Return the script that trains as the run did, or the network alone where none can say it."""
    told = (made_of["architecture"], made_of["description"], made_of["recipe"])
    try:
        return code(*told, target)
    except DocumentError as error:
        if any(problem.code != "not_in_script" for problem in error.problems):
            raise
        return code(*told, target, alone=True)


def _keras(run: str, made_of: dict[str, Any]) -> bytes:
    """Return the network with its weights as Keras saves a model."""
    from models.data.prepared_interface import interface_of
    from models.export.keras_archive import archive

    model = model_of(run, os.stat(run).st_mtime_ns)
    network = Architecture.model_validate(made_of["architecture"])
    return archive(network, model.network, interface_of(model.preparation))


def _export_weights(what: str, run: str, path: Path) -> None:
    """Write the network's weights by the names that the printed source gives them."""
    import torch
    from safetensors.torch import save_file

    network = model_of(run, os.stat(run).st_mtime_ns).network
    weights = {name: tensor.contiguous() for name, tensor in network.state_dict().items()}
    if what == "state_dict.pt":
        # By a file of Python's, whose errors say what is wrong; torch's own do not.
        with path.open("wb") as file:
            torch.save(weights, file)
    else:
        save_file(weights, path)
