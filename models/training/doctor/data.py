"""Diagnoses of what enters the network, and of how it ends."""

from collections.abc import Iterator

import torch
from torch import Tensor

from models.aims import Aim
from models.data.preprocess import entering
from models.data.windows import Examples
from models.errors import Fix, InsertNode, RemoveNode
from models.fitting import suited
from models.layers.activations import ACTIVATIONS
from models.training.doctor.base import Diagnosis, Sign, fix, in_block, number, set_params, share
from models.training.doctor.case import Case, size
from models.training.doctor.units import has_activation
from models.training.watched import Watched

RANGES = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0), "relu": (0.0, None), "softplus": (0.0, None)}
"""What functions give that do not give every number."""
INDIFFERENT = ("Embedding", "Normalization", "Norm", "Norm1d", "Norm2d")
"""What modules end with that look codes up, or scale what enters by themselves."""


class InputsNotScaled(Diagnosis):
    """What enters the first layer with weights is far from the scale of 1.

    Weights begin small enough for inputs of about the size 1, and one learning rate suits features
    of about the same size (LeCun et al. 1998, section 4.3). The preparation of the data sees to it:
    columns are standardised, pixels lie between 0 and 1. Layers before the first weights may undo
    it, such as a Rescaling. It is told when the root of the mean square of what enters is above 20
    or below a fiftieth, and not where codes are looked up.
    """

    code = "inputs_not_scaled"
    title = "Inputs not scaled"
    severity = "error"
    moments = ("start", "look")
    remedy = "Take the layer out that scales, or put batch normalization before the first weights."
    MOST, LEAST = 20.0, 0.02

    def signs(self, case: Case) -> Iterator[Sign]:
        """Yield the first layers with weights that get numbers of another scale."""
        plan = case.plan.network.plan
        values: dict[str, tuple[str, Watched | None]] = {
            name: (name, None) for name, _ in plan.inputs
        }
        by_node = {layer.path: layer for layer in case.layers if not layer.inside}
        readers = {layer.path for layer in case.trained() if not layer.inside}
        entering = dict(zip((name for name, _ in plan.inputs), case.plan.train.inputs, strict=True))
        for stage in plan.stages:
            source = values.get(stage.inputs[0]) if stage.inputs else None
            if source is None:
                continue
            layer = by_node.get(stage.node)
            if stage.node in readers and layer is not None:
                if not any(step.call.name.endswith(INDIFFERENT) for step in layer.steps):
                    yield from self._reader(case, layer, source, entering)
            elif stage.step is not None:
                origin = layer if layer is not None and layer.block is False else source[1]
                values |= dict.fromkeys(stage.outputs, (source[0], origin))

    def _reader(
        self,
        case: Case,
        layer: Watched,
        source: tuple[str, Watched | None],
        entering: dict[str, Examples],
    ) -> Iterator[Sign]:
        name, before = source
        if before is None:
            length = _size(entering[name])
        elif (told := case.newest(before)) is not None:
            length = size(told.activations)
        else:
            return
        if length is None or length == 0 or self.LEAST <= length <= self.MOST:
            return
        yield Sign(
            f"What enters this layer has a size of about {number(length)}, where its weights "
            "expect about 1. "
            + (
                f'It comes from "{before.node}": take that out.'
                if before is not None
                else "Put batch normalization before it."
            ),
            layer,
            self._fix(case, layer, before),
        )

    def _fix(self, case: Case, layer: Watched, before: Watched | None) -> Fix | None:
        if before is not None and any(
            step.call.name in ("Rescaling", "Normalization") for step in before.steps
        ):
            return fix(f"Remove {before.node}", RemoveNode(node=before.node))
        sources = case.sources(layer.node)
        if len(sources) != 1:
            return None
        insert = InsertNode(type="BatchNormalization", source=sources[0], target=layer.node)
        return fix("Insert batch normalization", insert)


class OutputMismatch(Diagnosis):
    """The last activation cannot give the answers that the target asks for.

    Numbers need a linear output: a sigmoid ends at 1, a ReLU at 0, and targets beyond are never
    reached. Classes need probabilities: sigmoid for two, softmax for more, as the cross entropy
    takes their logarithm; of several labels each has its own, a sigmoid. It is told of a number
    when 5% of the training targets lie outside of what the function gives, and of classes when the
    function is none that the loss is made for.
    """

    code = "output_mismatch"
    title = "Wrong output layer for the problem"
    severity = "error"
    moments = ("start",)
    remedy = "Regression: linear. Two classes: sigmoid. More classes: softmax. Labels: sigmoid."
    SHARE = 0.05

    def signs(self, case: Case) -> Iterator[Sign]:
        """Yield the last layers with the wrong function."""
        plan = case.plan.network.plan
        for place, aim in enumerate(case.plan.aims):
            found = case.plan.network.output_activations[place] or "linear"
            answer = plan.answers[place]
            if answer.stage is None or found not in ACTIVATIONS:
                continue
            last = plan.stages[answer.stage].node
            layer = next((one for one in case.layers if one.path == last), None)
            targets = case.plan.train.y[place]
            _, wanted = suited(aim.asked, answer.shape[-1])
            if aim.asked.classes is None:
                message = self._of_numbers(found, targets)
            else:
                message = self._of_classes(found, aim.loss.activations or (wanted,), aim)
            if message is not None and layer is not None:
                yield Sign(f"{message} Set it to {wanted}.", layer, self._fix(layer, wanted))

    def _of_numbers(self, found: str, targets: Tensor) -> str | None:
        low, high = RANGES.get(found, (None, None))
        outside = torch.zeros_like(targets, dtype=torch.bool)
        if low is not None:
            outside |= targets < low
        if high is not None:
            outside |= targets > high
        beyond = float(outside.float().mean())
        if beyond < self.SHARE:
            return None
        ends = f"from {low:g}" + (f" to {high:g}" if high is not None else " up")
        return (
            f"The last activation, {found}, gives numbers {ends} only, and {share(beyond)} of the "
            "targets, as they are trained on, lie outside."
        )

    def _of_classes(self, found: str, suiting: tuple[str, ...], aim: Aim) -> str | None:
        if found in suiting:
            return None
        if found == "softmax" and aim.goal.exclusive is None:
            return (
                "The last activation, softmax, makes the labels share one probability, where each "
                "needs its own."
            )
        return f"The last activation, {found}, gives no probabilities, which classes need."

    def _fix(self, layer: Watched, wanted: str) -> Fix | None:
        if has_activation(layer) or layer.activation is None:
            change = set_params(layer, {"activation": wanted})
            return fix(f"Set activation to {wanted}" + in_block(layer), change)
        return None


def _size(inputs: Examples) -> float:
    """Return the largest size of any feature, or of all numbers of images and sequences."""
    rows = entering(inputs[:4_096]).float()
    if rows.dim() == 2:
        return float(rows.square().mean(0).sqrt().max())
    return float(rows.square().mean().sqrt())


DIAGNOSES = (InputsNotScaled, OutputMismatch)
