"""A training step as a TorchScript function: traced, printed and compiled.

TorchScript is deprecated in PyTorch; this module is the only one that knows of it.
"""

import math
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, fx, nn
from torch.utils._python_dispatch import TorchDispatchMode

from models.call import Call
from models.data.windows import Windows
from models.training import updates
from models.training.batches import Batches
from models.training.work import Chunk, Work, like

if TYPE_CHECKING:
    from models.network import Network

MODULES = "torch.fx.experimental.symbolic_shapes"
"""What tracing imports last. It takes a second where nothing else has imported it."""


class Unsuitable(Exception):
    """The step cannot be written down; says why."""


def compiled(work: Work, size: int) -> Callable[..., Chunk]:
    """Return a function that does what `Work.run` does, for batches of `size` rows.

    It runs the operations that `Work.run` would run, in the same order, on the same tensors.

    Raises:
        Unsuitable: the step does what a trace or TorchScript cannot follow.
    """
    if work.scaler is not None:
        raise Unsuitable("a step may be left out where the loss is scaled")
    graph = _trace(work, size)
    constants = [getattr(graph, name) for name in _constants(graph)]
    try:
        unit = torch.jit.CompilationUnit(_source(work, graph, size))
    except RuntimeError as error:
        raise Unsuitable(f"a step cannot be compiled: {error}") from error

    def run(order: Tensor, first: int, rates: Sequence[float], number: int) -> Chunk:
        # Optimised execution would watch the first steps and then choose other kernels.
        with torch.jit.optimized_execution(False):
            return Chunk(
                *unit.steps(
                    work.weights,
                    [*work.frozen, *work.buffers],
                    constants,
                    work.memory,
                    work.averages,
                    work.sums,
                    [x.every if isinstance(x, Windows) else x for x in work.inputs],
                    [x.starts for x in work.inputs if isinstance(x, Windows)],
                    list(work.targets),
                    [weights for weights in work.row_weights if weights is not None],
                    order,
                    first,
                    list(rates),
                    number,
                )
            )

    return run


class Counting(TorchDispatchMode):
    """Counts the operations that are carried out in its block."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def __torch_dispatch__(
        self,
        func: Any,
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        self.count += 1
        return func(*args, **(kwargs or {}))


class _Step(nn.Module):
    """A step's forward pass as a module, so that its weights can be replaced."""

    def __init__(self, work: Work) -> None:
        super().__init__()
        self.network, self.work = work.network, work

    def forward(self, *arguments: Any) -> tuple[Tensor, Tensor, Tensor]:
        return self.work.forward(*arguments)


def _trace(work: Work, size: int) -> fx.GraphModule:
    """Return a step's operations; nothing is computed, changed or drawn by it.

    Its arguments are the weights, the frozen weights and buffers, the inputs, the targets and the
    rows' weights that there are; its results the losses, the raw outputs and the gradients.
    """
    from torch.fx.experimental.proxy_tensor import make_fx

    step = _Step(work)
    names = [name for name, p in step.named_parameters() if p.requires_grad]
    names += [name for name, p in step.named_parameters() if not p.requires_grad]
    names += [name for name, _ in step.named_buffers()]

    def traced(
        weights: list[Tensor],
        fixed: list[Tensor],
        inputs: list[Tensor],
        targets: list[Tensor],
        row_weights: list[Tensor],
    ) -> list[Tensor]:
        tensors = dict(zip(names, (*weights, *fixed), strict=True))
        there = iter(row_weights)
        told = [None if weights is None else next(there) for weights in work.row_weights]
        arguments = (inputs, targets, told)
        loss, losses, raw = torch.func.functional_call(step, tensors, arguments)
        gradients = torch.autograd.grad(loss, weights)
        return [losses, raw, *like(weights, gradients)]

    try:
        return make_fx(traced, tracing_mode="fake")(
            [weight.detach().requires_grad_() for weight in work.weights],
            [*work.frozen, *work.buffers],
            [x[:size] for x in work.inputs],
            [y[:size] for y in work.targets],
            [weights[:size] for weights in work.row_weights if weights is not None],
        )
    except Exception as error:
        # Whatever a layer does that a trace cannot follow: the network is trained without it.
        raise Unsuitable(f"a step cannot be traced: {error}") from error


class _Limits(nn.Module):
    """What keeps a network's weights as their constraints ask, as a module."""

    def __init__(self, network: "Network") -> None:
        super().__init__()
        self.network = network

    def forward(self) -> None:
        self.network.constrain()


def _trace_limits(work: Work) -> fx.GraphModule:
    """Return the operations that change the weights, its arguments, as their constraints ask."""
    from torch.fx.experimental.proxy_tensor import make_fx

    limits = _Limits(work.network)
    names = [name for name, p in limits.named_parameters() if p.requires_grad]

    def traced(weights: list[Tensor]) -> list[Tensor]:
        torch.func.functional_call(limits, dict(zip(names, weights, strict=True)), ())
        return weights

    return make_fx(traced, tracing_mode="fake")(work.weights)


def _source(work: Work, graph: fx.GraphModule, size: int) -> str:
    """Return the steps as a function, after the rules that it calls."""
    operations, (losses, raw, *gradients) = _printed(work, graph, size)
    lines = [*operations, f"gradients = [{', '.join(gradients)}]"]
    lines += [f"losses.append({losses})", f"outputs.append({raw})"]
    if work.sums:
        lines += _gathering(work.batches, work.rows)
    lines.append("number += 1")
    if work.clip is not None:
        lines.append(f"gradients = {_called(work.clip, 'gradients')}")
    lines.append("last = gradients")
    if work.tolerance is not None:
        lines.append("before = [weight.clone() for weight in weights]")
    lines.append(_called(work.rule, "weights", "gradients", "memory", "rate", "number"))
    if work.averaging is not None:
        lines.append(_called(work.averaging, "weights", "averages", "number"))
    if work.network.constrained:
        weights = [f"weights[{place}]" for place in range(len(work.weights))]
        lines += _operations(_trace_limits(work), weights, "limit_")[0]
    if work.tolerance is not None:
        lines.append(f"settled = float(largest_change(weights, before)) < {work.tolerance!r}")
        lines += ["if settled:", "    break"]
    body = "\n        ".join(lines)
    return f"""{updates.source()}

def steps(
    weights: List[Tensor],
    fixed: List[Tensor],
    constants: List[Tensor],
    memory: List[List[Tensor]],
    averages: List[Tensor],
    sums: List[Tensor],
    inputs: List[Tensor],
    starts: List[Tensor],
    targets: List[Tensor],
    row_weights: List[Tensor],
    order: Tensor,
    first: int,
    rates: List[float],
    number: int,
) -> Tuple[List[Tensor], List[Tensor], List[Tensor], bool]:
    losses: List[Tensor] = []
    outputs: List[Tensor] = []
    last: List[Tensor] = []
    settled = False
    for rate in rates:
        {body}
    return losses, outputs, last, settled
"""


def _gathering(batches: Batches, rows: int) -> list[str]:
    """Return the lines that gather a batch's gradients, and go on where its step does."""
    size, per_step = batches.size, batches.per_step
    return [
        "batch = first - 1",
        f"share = share_of_step(batch, {size}, {per_step}, {rows})",
        f"gathered(sums, gradients, share, batch % {per_step} == 0)",
        "gradients = sums",
        f"if first % {per_step} != 0 and first != {batches.count}:",
        "    continue",
    ]


def _called(function: Call, *arguments: str) -> str:
    settings = (f"{name}={value!r}" for name, value in function.kwargs.items())
    return f"{function.name}({', '.join((*arguments, *settings))})"


def _printed(work: Work, graph: fx.GraphModule, size: int) -> tuple[list[str], list[str]]:
    """Return the lines of one batch, and what its results are called."""
    lines, pick = [], ""
    if work.batches.count > 1:
        lines.append(f"rows = order.narrow(0, first * {work.batch_size}, {size})")
        lines.append("first += 1")
        pick = ".index_select(0, rows)"
    given = [
        *(f"weights[{place}]" for place in range(len(work.weights))),
        *(f"fixed[{place}]" for place in range(len(work.frozen) + len(work.buffers))),
        *_entering(work, pick),
        *(f"targets[{place}]{pick}" for place in range(len(work.targets))),
        *(f"row_weights[{place}]{pick}" for place in range(len(work.row_weights))),
    ]
    operations, results = _operations(graph, given, "v_")
    return [*lines, *operations], results


def _entering(work: Work, pick: str) -> Iterator[str]:
    """Yield how a batch of each input is picked: of windows, those that begin where they do."""
    tables = 0
    for place, examples in enumerate(work.inputs):
        if isinstance(examples, Windows):
            yield f"inputs[{place}].index_select(0, starts[{tables}]{pick})"
            tables += 1
        else:
            yield f"inputs[{place}]{pick}"


def _operations(
    graph: fx.GraphModule, given: Sequence[str], prefix: str
) -> tuple[list[str], list[str]]:
    """Return a graph's lines and what its results are called.

    Args:
        given: What its arguments are called.
        prefix: Of the variables.
    """
    constants, arguments = _constants(graph), iter(given)
    lines: list[str] = []
    results: list[str] = []
    for node in graph.graph.nodes:
        if node.op == "output":
            results = [_text(result, prefix) for result in node.args[0]]
            continue
        if node.op == "placeholder":
            value = next(arguments)
        elif node.op == "get_attr":
            value = f"constants[{constants.index(node.target)}]"
        elif node.target is operator.getitem:
            value = f"{_text(node.args[0], prefix)}[{node.args[1]}]"
        elif node.target is torch.ops.aten.detach.default:
            value = _text(node.args[0], prefix)
        else:
            settings = (f"{name}={_text(entry, prefix)}" for name, entry in node.kwargs.items())
            taken = ", ".join([*(_text(entry, prefix) for entry in node.args), *settings])
            value = f"torch.ops.{node.target._schema.name.replace('::', '.')}({taken})"
        lines.append(f"{_text(node, prefix)} = {value}")
    return lines, results


def _constants(graph: fx.GraphModule) -> list[str]:
    names = [str(node.target) for node in graph.graph.nodes if node.op == "get_attr"]
    return list(dict.fromkeys(names))


def _text(value: Any, prefix: str) -> str:
    """Return an argument as TorchScript writes it."""
    if isinstance(value, fx.Node):
        return f"{prefix}{value.name}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_text(entry, prefix) for entry in value)}]"
    if isinstance(value, torch.device):
        return f'torch.device("{value}")'
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    if isinstance(value, torch.dtype | torch.layout | torch.memory_format):
        return str(value)
    if value is None or isinstance(value, bool | int | float | str):
        return repr(value)
    raise Unsuitable(f"an operation takes a {type(value).__name__}")
