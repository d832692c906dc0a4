"""A module as a program that runs without its source: as PyTorch saves it, and as ONNX."""

import io
import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import torch
from onnx import ModelProto
from torch import Tensor, nn
from torch.export import Dim, ExportedProgram, ShapesCollection

from models.export.onnx_forms import FORMS

BATCH = "batch"
"""What the axis is called whose size is open."""
_LOGGERS = ("torch.onnx", "onnxscript", "onnx_ir")


def program(module: nn.Module, *examples: Tensor) -> ExportedProgram:
    """Return a module, in evaluation mode, as a program for batches of any size.

    Args:
        examples: a batch for each input, of two rows at least: one row would be taken for
            something that never changes.
    """
    shapes = ShapesCollection()
    rows = Dim(BATCH, min=1)
    for example in examples:
        shapes[example] = {0: rows}
    with _quiet():
        told = shapes.dynamic_shapes(module.eval(), examples)
        return torch.export.export(module, examples, dynamic_shapes=told)


def saved(made: ExportedProgram, notes: Mapping[str, str]) -> bytes:
    """Return a program as `torch.export.load` reads it, with notes as files beside it."""
    file = io.BytesIO()
    with _quiet():
        torch.export.save(made, file, extra_files=dict(notes))
    return file.getvalue()


def loaded(content: bytes) -> nn.Module:
    """Return the module that a saved program is."""
    with _quiet():
        return torch.export.load(io.BytesIO(content)).module()


def to_onnx(made: ExportedProgram, inputs: Sequence[str], outputs: Sequence[str]) -> ModelProto:
    """Return a program as ONNX, its weights inside, its inputs and outputs under these names."""
    with _quiet():
        result = torch.onnx.export(
            made.run_decompositions(FORMS),
            dynamo=True,
            external_data=False,
            verbose=False,
            input_names=list(inputs),
            output_names=list(outputs),
        )
    if result is None:
        raise RuntimeError("torch.onnx.export gave nothing")
    proto = result.model_proto
    for value in (*proto.graph.input, *proto.graph.output):
        value.type.tensor_type.shape.dim[0].dim_param = BATCH
    # They repeat what the nodes say, in names of their own for the batch.
    del proto.graph.value_info[:]
    return proto


def run_onnx(content: bytes, *inputs: Tensor) -> list[Tensor]:
    """Return what onnxruntime computes for inputs in the model's order."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    given = zip(session.get_inputs(), inputs, strict=True)
    found = session.run(None, {entry.name: value.numpy() for entry, value in given})
    return [torch.from_numpy(value) for value in found]


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep back what the exporters say of themselves: it is about their insides."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
