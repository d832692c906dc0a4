"""Where a run computes, and with how many threads."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import nn

from models.budget import PHYSICAL
from models.errors import Fix, Problems, SetRecipe, refuse
from models.recipe import Recipe

THREADED_WORK = 20_000_000
"""Multiplications in a step below which a second thread costs more in waiting than it brings."""


def available() -> list[tuple[str, str]]:
    """Return the devices of this machine, best first, as (type, name)."""
    devices = []
    if torch.cuda.is_available():
        devices.append(("cuda", torch.cuda.get_device_name(0)))
    if torch.backends.mps.is_available():
        devices.append(("mps", "Apple GPU"))
    return [*devices, ("cpu", f"CPU, {torch.get_num_threads()} threads")]


def choose(wanted: str | None) -> torch.device:
    """Return the device that a recipe's `device` means.

    Raises:
        DocumentError: when the recipe names a device that this machine does not have.
    """
    types = [kind for kind, _ in available()]
    if wanted in (None, "auto"):
        return torch.device(types[0])
    if wanted not in types:
        raise refuse(
            "device_missing",
            f"Expected a device of this machine ({', '.join(types)}), got {wanted!r}. "
            "Choose 'auto' to take the best one there is.",
            path=["device"],
        )
    return torch.device(str(wanted))


def precision(wanted: str | None, device: torch.device) -> torch.dtype:
    """Return the type in which a recipe's `precision` has matrices multiplied on a device.

    "auto" is half precision on NVIDIA's GPUs with units for it: bfloat16 from compute capability
    8.0 on, float16 from 7.0 on. Elsewhere it is single precision.

    Raises:
        DocumentError: the device does not gain by it, and gradients would be lost.
    """
    if wanted == "float16" and device.type != "cuda":
        raise refuse(
            "precision",
            f"Expected precision 'float32' or 'bfloat16' on the device {device.type!r}, got "
            "'float16', whose small range loses gradients and which is faster on 'cuda' only. "
            "Choose 'bfloat16', which has float32's range.",
            Fix(title="Use bfloat16", changes=[SetRecipe(values={"precision": "bfloat16"})]),
            path=["precision"],
        )
    if wanted in (None, "auto"):
        major = torch.cuda.get_device_capability(device)[0] if device.type == "cuda" else 0
        wanted = "bfloat16" if major >= 8 else "float16" if major == 7 else "float32"
    types = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
    return types[wanted]


@contextmanager
def computing(dtype: torch.dtype, device: torch.device, network: nn.Module) -> Iterator[None]:
    """Have matrices multiplied in a type, within the block, where that is not float32."""
    if dtype == torch.float32:
        yield
        return
    onednn = torch.backends.mkldnn
    before = onednn.enabled
    on_cpu = device.type == "cpu" and before and onednn.is_available()
    if on_cpu and not torch.ops.mkldnn._is_mkldnn_bf16_supported():
        # oneDNN takes LSTMs on itself and then fails; PyTorch's own kernels run on every CPU.
        onednn.enabled = not any(isinstance(module, nn.LSTM) for module in network.modules())
    try:
        with torch.autocast(device.type, dtype=dtype):
            yield
    finally:
        onednn.enabled = before


def check_device(recipe: Recipe) -> None:
    """Check that this machine can train as a recipe says.

    Raises:
        DocumentError: it lacks the device or the precision.
    """
    problems = Problems()
    device = torch.device("cpu")
    with problems.collecting():
        device = choose(recipe.device)
    with problems.collecting():
        precision(recipe.precision, device)
    problems.tell()


def memory(device: torch.device) -> int:
    """Return the bytes that a training may take on a device at most."""
    if device.type == "cuda":
        return torch.cuda.get_device_properties(device).total_memory
    return PHYSICAL


def multiplications(network: nn.Module, *inputs: torch.Tensor) -> int:
    """Return roughly how many multiplications a forward pass of these inputs takes."""
    total = 0

    def count(module: nn.Module, given: tuple[object, ...], output: object) -> None:
        nonlocal total
        answer = output[0] if isinstance(output, tuple) else output
        first = given[0] if given else None
        if not isinstance(answer, torch.Tensor) or not isinstance(first, torch.Tensor):
            return
        for parameter in module.parameters(recurse=False):
            if parameter.dim() < 2:
                continue
            # A kernel is used once per position of the output; a matrix once per row of the input,
            # which for a sequence is every time step, however many of them the output has.
            of, axis = (answer, 1) if parameter.dim() > 2 else (first, -1)
            total += parameter.numel() * (of.numel() // max(1, of.shape[axis]))

    handles = [module.register_forward_hook(count) for module in network.modules()]
    training = network.training
    try:
        with torch.inference_mode():
            network.eval()(*inputs)
    finally:
        network.train(training)
        for handle in handles:
            handle.remove()
    return total


def random_state(device: torch.device) -> dict[str, torch.Tensor]:
    """Return the state of the random numbers that layers draw on a device, by name."""
    states = {"cpu": torch.get_rng_state()}
    if device.type == "cuda":
        states["cuda"] = torch.cuda.get_rng_state(device)
    elif device.type == "mps":
        states["mps"] = torch.mps.get_rng_state()
    return states


def set_random_state(device: torch.device, states: Mapping[str, torch.Tensor]) -> None:
    """Let layers draw the random numbers that come after a state."""
    torch.set_rng_state(states["cpu"])
    if device.type == "cuda" and "cuda" in states:
        torch.cuda.set_rng_state(states["cuda"], device)
    elif device.type == "mps" and "mps" in states:
        torch.mps.set_rng_state(states["mps"])


@contextmanager
def keeping_threads() -> Iterator[None]:
    """Compute after the block with as many threads as before it."""
    before = torch.get_num_threads()
    try:
        yield
    finally:
        if torch.get_num_threads() != before:
            torch.set_num_threads(before)
