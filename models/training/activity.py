"""Mean, spread and zeros of each layer's weights, gradients and activations."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from models.modules.weights import ActivityPenalty
from models.training.events import LayerStatistics, TensorStatistics

SAMPLE_ROWS = 256
ACTIVATION_SUFFIX = "_activation"


def activity(
    network: nn.Module,
    parameters: Sequence[Tensor],
    gradients: Sequence[Tensor],
    inputs: Sequence[Tensor],
) -> dict[str, LayerStatistics]:
    """Return the statistics of the network's direct children, by node.

    A layer's activations are taken after its own activation function. They come from a forward pass
    in evaluation mode, which changes nothing; the gradients are those of the last step.

    Args:
        parameters: The trainable parameters.
        gradients: One per parameter, or none at all.
        inputs: At most `SAMPLE_ROWS` rows as the network takes them.
    """
    gradient_of = {id(p): g for p, g in zip(parameters, gradients, strict=False)}
    kept = _activations(network, inputs)
    asked: list[tuple[str, str, Tensor]] = []
    for name, module in network.named_children():
        if name.endswith(ACTIVATION_SUFFIX) or isinstance(module, ActivityPenalty):
            continue
        own = [p for p in module.parameters() if p.requires_grad]
        flat = [p.detach().reshape(-1) for p in own]
        if flat:
            asked.append((name, "weights", torch.cat(flat)))
        slopes = [gradient_of[id(p)].reshape(-1) for p in own if id(p) in gradient_of]
        if slopes:
            asked.append((name, "gradients", torch.cat(slopes)))
        output = kept.get(name + ACTIVATION_SUFFIX, kept.get(name))
        if output is not None and output.is_floating_point():
            asked.append((name, "activations", output.reshape(-1)))
    if not asked:
        return {}
    # One reading for all layers: on a GPU each reading waits for everything before it.
    rows = torch.stack([_statistics(tensor) for _, _, tensor in asked]).tolist()
    found: dict[str, LayerStatistics] = {}
    for (name, what, _), row in zip(asked, rows, strict=True):
        entry = found.setdefault(name, LayerStatistics())
        mean, std, zeros = (value if math.isfinite(value) else None for value in row)
        setattr(entry, what, TensorStatistics(mean=mean, std=std, zeros=zeros))
    return found


def _activations(network: nn.Module, inputs: Sequence[Tensor]) -> dict[str, Tensor]:
    kept: dict[str, Tensor] = {}

    def keep(name: str) -> object:
        def hook(module: nn.Module, _: object, output: object) -> None:
            answer = output[0] if isinstance(output, tuple) else output
            if isinstance(answer, Tensor):
                kept[name] = answer

        return hook

    handles = [
        module.register_forward_hook(keep(name))  # pyright: ignore[reportArgumentType]
        for name, module in network.named_children()
    ]
    training = network.training
    try:
        with torch.inference_mode():
            network.eval()(*(x[:SAMPLE_ROWS] for x in inputs))
    finally:
        network.train(training)
        for handle in handles:
            handle.remove()
    return kept


def _statistics(tensor: Tensor) -> Tensor:
    values = tensor.detach().float()
    zeros = (values == 0).float().mean()
    return torch.stack([values.mean(), values.std(correction=0), zeros])
