"""What each layer's weights, gradients and activations look like while it learns, at small cost."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from models.layers.base import features_axis
from models.network import Network
from models.training.events import LayerStatistics, TensorStatistics
from models.training.watched import Watched, watched

SAMPLE_ROWS = 256
"""Examples whose activations are looked at."""
SAMPLE_VALUES = 2_048
"""Numbers of a tensor that its histogram counts, evenly spaced."""
MOST_VALUES = 2**18
"""Of weights and gradients more than these are looked at by so many, evenly spaced."""
MOST_BINS, FEWEST_BINS = 30, 8
ALL_BINS = 3_000
"""Bins of all layers, three tensors each: what keeps the events of a deep network small. Where a
layer would get fewer than `FEWEST_BINS` there are no histograms."""
CONSTANT = 1e-3
"""A unit whose answers differ by less than this share of their size is the same for everyone."""
SATURATED = {"sigmoid": (0.02, 0.98), "tanh": (-0.96, 0.96)}
"""Beyond these a function's slope is below 8 % of its largest: σ' = σ(1 − σ), tanh' = 1 − tanh²."""


class Gauge:
    """Measures the layers of a network.

    Args:
        parameters: The trainable ones, as the optimizer changes them.
        inputs: At most `SAMPLE_ROWS` examples as the network takes them.
    """

    def __init__(
        self, network: Network, parameters: Sequence[Tensor], inputs: Sequence[Tensor]
    ) -> None:
        self.layers = watched(network)
        self._network, self._inputs = network, inputs
        self._parameters = [parameter.detach() for parameter in parameters]
        self._place = {id(parameter): place for place, parameter in enumerate(parameters)}
        self._before: list[Tensor] | None = None
        self._ratios: dict[str, float | None] = {}
        bins = min(MOST_BINS, ALL_BINS // max(1, len(self.layers)))
        self._bins = bins if bins >= FEWEST_BINS else 0

    def begin(self) -> None:
        """Remember the weights, so that `measure` knows what the step in between changed."""
        self._before = [parameter.clone() for parameter in self._parameters]

    def measure(self, gradients: Sequence[Tensor]) -> dict[str, LayerStatistics]:
        """Return the statistics of every layer, by its path.

        A layer's activations are taken after its own activation function. They come from a forward
        pass in evaluation mode, which changes nothing.

        Args:
            gradients: Those of the last step, one per parameter, or none at all.
        """
        outputs = self._outputs()
        asked = [one for layer in self.layers for one in self._asked(layer, gradients, outputs)]
        if not asked:
            return {}
        changed = self._changed()
        # One reading for all layers: on a GPU each reading waits for everything before it.
        numbers = torch.stack([_numbers(one) for one in asked])
        counts = _histograms([one.values for one in asked], self._bins)
        read = torch.cat([numbers.flatten(), counts.flatten(), changed]).tolist()
        sizes = (numbers.numel(), counts.numel())
        changes = read[sum(sizes) :]
        if changes:
            self._ratios = {layer.path: self._ratio(layer, changes) for layer in self.layers}
        found: dict[str, LayerStatistics] = {}
        for place, one in enumerate(asked):
            row = read[place * numbers.shape[1] :]
            start = sizes[0] + place * self._bins
            histogram = [int(count) for count in read[start : start + self._bins]]
            entry = found.setdefault(
                one.layer.path, LayerStatistics(update_ratio=self._ratios.get(one.layer.path))
            )
            setattr(entry, one.what, _statistics(row, histogram))
            if one.units is not None:
                entry.dead, entry.constant = _told(row[5]), _told(row[6])
            if one.limits is not None:
                entry.saturated = _told(row[7])
        return found

    def _asked(
        self, layer: Watched, gradients: Sequence[Tensor], outputs: dict[str, Tensor]
    ) -> "Iterator[_Asked]":
        own = [p for module in layer.modules for p in module.parameters() if p.requires_grad]
        if own:
            yield _Asked(layer, "weights", _joined([parameter.detach() for parameter in own]))
        slopes = [
            gradients[place]
            for parameter in own
            if (place := self._place.get(id(parameter), len(gradients))) < len(gradients)
        ]
        if slopes:
            yield _Asked(layer, "gradients", _joined(slopes))
        output = outputs.get(layer.path)
        if output is not None and output.is_floating_point() and output.numel():
            axis = features_axis(tuple(output.shape[1:]))
            units = output.movedim(min(axis, output.dim() - 1), -1)
            units = units.reshape(-1, units.shape[-1])
            limits = SATURATED.get(layer.activation or "")
            yield _Asked(layer, "activations", output.reshape(-1), units, limits)

    def _outputs(self) -> dict[str, Tensor]:
        kept: dict[str, Tensor] = {}

        def keep(path: str) -> Callable[[nn.Module, object, object], None]:
            def hook(module: nn.Module, _: object, output: object) -> None:
                answer = output[0] if isinstance(output, tuple) else output
                if isinstance(answer, Tensor):
                    kept[path] = answer

            return hook

        handles = [
            layer.modules[-1].register_forward_hook(keep(layer.path)) for layer in self.layers
        ]
        training = self._network.training
        try:
            with torch.inference_mode():
                self._network.eval()(*self._inputs)
        finally:
            self._network.train(training)
            for handle in handles:
                handle.remove()
        return kept

    def _changed(self) -> Tensor:
        """Return the norms of the last step's changes, then those of the weights before it."""
        before, self._before = self._before, None
        if before is None:
            return torch.empty(0, device=self._parameters[0].device)
        changes = torch._foreach_sub(self._parameters, before)
        return torch.stack([*torch._foreach_norm(changes), *torch._foreach_norm(before)])

    def _ratio(self, layer: Watched, norms: Sequence[float]) -> float | None:
        places = [
            place
            for module in layer.modules
            for parameter in module.parameters()
            if (place := self._place.get(id(parameter))) is not None
        ]
        change = math.hypot(*(norms[place] for place in places))
        size = math.hypot(*(norms[len(self._parameters) + place] for place in places))
        return _told(change / size) if size else None


@dataclass(frozen=True)
class _Asked:
    """A tensor of a layer, flat; of activations also (values of a unit, units)."""

    layer: Watched
    what: str
    values: Tensor
    units: Tensor | None = None
    limits: tuple[float, float] | None = None


def _joined(tensors: Sequence[Tensor]) -> Tensor:
    """Return the numbers of tensors in a row; of very many some, evenly spaced."""
    stride = -(-sum(tensor.numel() for tensor in tensors) // MOST_VALUES)
    return torch.cat([tensor.reshape(-1)[::stride] for tensor in tensors])


def _numbers(one: _Asked) -> Tensor:
    """Return mean, deviation, zeros, ends, and of units the dead, constant and saturated: (8,)."""
    values = one.values.float()
    variance, mean = torch.var_mean(values, correction=0)
    low, high = torch.aminmax(values)
    zeros = 1 - values.count_nonzero() / values.numel()
    none = torch.zeros_like(mean)
    dead = constant = saturated = none
    if one.units is not None:
        least, most = one.units.float().amin(0), one.units.float().amax(0)
        dead = ((least == 0) & (most == 0)).float().mean()
        size = torch.maximum(least.abs(), most.abs())
        constant = (most - least <= CONSTANT * size).float().mean()
    if one.limits is not None:
        below, above = one.limits
        saturated = ((values < below) | (values > above)).float().mean()
    return torch.stack([mean, variance.sqrt(), zeros, low, high, dead, constant, saturated])


def _histograms(tensors: Sequence[Tensor], bins: int) -> Tensor:
    """Return how many of each tensor's sampled values fall in equal parts of their range."""
    if bins == 0:
        return torch.empty(len(tensors), 0, device=tensors[0].device)
    samples = torch.stack([_sample(tensor) for tensor in tensors])
    known = samples.isfinite()
    low = torch.where(known, samples, math.inf).amin(1, keepdim=True)
    high = torch.where(known, samples, -math.inf).amax(1, keepdim=True)
    width = torch.where(high > low, high - low, 1.0)
    place = ((samples - low) / width * bins).clamp(0, bins - 1)
    # What is not finite is counted in a bin of its own, which is left out.
    place = torch.where(known, place, float(bins)).long()
    rows = torch.arange(len(tensors), device=place.device)[:, None] * (bins + 1)
    counts = torch.bincount((place + rows).flatten(), minlength=len(tensors) * (bins + 1))
    return counts.reshape(len(tensors), bins + 1)[:, :bins].float()


def _sample(values: Tensor) -> Tensor:
    values = values.float()
    if values.numel() < SAMPLE_VALUES:
        return nn.functional.pad(values, (0, SAMPLE_VALUES - values.numel()), value=math.nan)
    # An odd stride meets all channels of a tensor in which they come in turns.
    stride = values.numel() // SAMPLE_VALUES
    stride -= stride > 1 and stride % 2 == 0
    return values[::stride][:SAMPLE_VALUES]


def _statistics(row: Sequence[float], histogram: list[int]) -> TensorStatistics:
    mean, std, zeros, low, high = map(_told, row[:5])
    return TensorStatistics(
        mean=mean, std=std, zeros=zeros, low=low, high=high, histogram=histogram
    )


def _told(value: float) -> float | None:
    """Return a number with the digits that float32 has, None where it is not finite."""
    return float(f"{value:.6g}") if math.isfinite(value) else None
