"""A trained model as one file that other programs run: `model.onnx` and `program.pt2`.

Both take raw rows, any number of them. Each is run before it is handed out, and says how much it
differs from the app's own answers.
"""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import torch
from torch import Tensor

from models.data.files import replacing
from models.errors import refuse
from models.export import program
from models.export.bundle import NotProved, example_rows, raw_in_words
from models.lifeline import die_with_parent
from models.model import Model

TOLERANCE = 1e-4
"""Of a probability, or of the target's standard deviation: other kernels add in another order."""
MOST = 2**31
"""An ONNX file with its weights inside can have no more bytes."""
INPUT, OUTPUT = "raw", "answer"


def standalone(what: str, folder: Path, destination: Path) -> None:
    """Write the file of a run's model to `destination`.

    Exporting loads a great deal that nothing else needs, so a process of its own does it.

    Args:
        what: "model.onnx" or "program.pt2".
        folder: of the run, as `Model.save` leaves it.

    Raises:
        FileNotFoundError: the run left no model.
        DocumentError: the model cannot be written so.
        NotProved: the file gives other answers than the app.
    """
    spawn = get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn, initializer=die_with_parent) as pool:
        content = pool.submit(made, what, folder).result()
    with replacing(destination) as aside:
        aside.write_bytes(content)


def made(what: str, folder: Path) -> bytes:
    """Return the content of the file."""
    return _KINDS[what](Model.load(folder))


def _onnx(model: Model) -> bytes:
    size = sum(tensor.numel() * tensor.element_size() for tensor in model.state_dict().values())
    if size >= MOST:
        raise refuse(
            "too_large_for_onnx",
            f"Expected weights of less than {MOST:,} bytes for an ONNX file, got {size:,}. "
            "Download program.pt2 instead.",
        )
    raw, expected = _examples(model)
    proto = program.to_onnx(program.program(model, raw[:2]), [INPUT], _outputs(model))
    found = program.run_onnx(proto.SerializeToString(), raw)
    for key, value in _notes(model, expected, found).items():
        proto.metadata_props.add(key=key, value=value)
    return proto.SerializeToString()


def _pt2(model: Model) -> bytes:
    raw, expected = _examples(model)
    exported = program.program(model, raw[:2])
    with torch.inference_mode():
        answer = program.loaded(program.saved(exported, {}))(raw)
    found = answer if isinstance(answer, tuple) else (answer,)
    return program.saved(exported, _notes(model, expected, found))


_KINDS: dict[str, Callable[[Model], bytes]] = {"model.onnx": _onnx, "program.pt2": _pt2}


def _outputs(model: Model) -> list[str]:
    """Return what the answers are called: with several, after their Outputs."""
    outputs = model.preparation.outputs
    return [OUTPUT] if len(outputs) == 1 else [f"{OUTPUT}_{output.node}" for output in outputs]


def _examples(model: Model) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Return raw rows, and the app's answers for them, of each output."""
    raw = model.preparation.encode(example_rows(model.preparation))
    return raw, model.answers(raw)


def _notes(model: Model, expected: Sequence[Tensor], found: Sequence[Tensor]) -> dict[str, str]:
    """Return what the file says of itself: what its columns mean, and how it did.

    Raises:
        NotProved: it differs from the app.
    """
    preparation = model.preparation
    largest = 0.0
    for ours, theirs, output in zip(expected, found, preparation.outputs, strict=True):
        difference = float((theirs - ours).abs().max()) if theirs.shape == ours.shape else None
        if difference is None or not difference <= TOLERANCE * max(1.0, output.std):
            raise NotProved(f"the exported model differs from the app by {difference}")
        largest = max(largest, difference)
    return {
        "preparation": json.dumps(preparation.model_dump(mode="json"), ensure_ascii=False),
        "raw": raw_in_words(preparation),
        "compared_rows": str(len(expected[0])),
        "largest_difference": f"{largest:.1e}" if largest else "0",
    }
