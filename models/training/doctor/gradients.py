"""Diagnoses of gradients that get lost or run away on their way back through the layers."""

import math
from collections.abc import Iterator

from models.errors import Change, Fix, InsertNode, SetRecipe
from models.training.doctor.base import Diagnosis, Sign, fix, number, set_params
from models.training.doctor.case import Case, size, updates
from models.training.doctor.units import has_activation, has_kernel
from models.training.watched import Watched


class VanishingGradients(Diagnosis):
    """The gradient of the first layers is a tiny part of that of the last ones.

    Backpropagation multiplies by every layer's weights and slopes on its way. A sigmoid's slope is
    at most ¼, so that ten layers leave a millionth (Hochreiter 1991; Bengio et al. 1994): the
    layers near the input learn nothing. In healthy networks the layers' gradients differ by a
    factor of 10, at times of 100. So it is told below a ten-thousandth, at two looks one after
    another.
    """

    code = "vanishing_gradients"
    title = "Vanishing gradients"
    moments = ("look",)
    follows = ("inputs_not_scaled", "dead_relu", "saturated", "constant_output")
    remedy = (
        "ReLU with `he_normal` weights passes gradients on whole; batch normalization and skip "
        "connections keep their size in deep networks."
    )
    RATIO = 1e-4
    SMALLEST = 1e-12
    """With a last layer's gradient below this there is nothing left to learn."""

    def signs(self, case: Case) -> Iterator[Sign]:
        """Yield the layer whose gradient is the smallest part of that of a later one."""
        found = [self._weakest(case, place) for place in range(len(case.looks))[-2:]]
        if len(found) < 2 or None in found:
            return
        (weak, part, strong) = found[-1]  # type: ignore[misc]
        yield Sign(
            f'The gradient of this layer is {number(part)} of that of "{strong.path}", so that '
            "it hardly learns: it gets lost on the way back. Use ReLU in the layers between, or "
            "batch normalization.",
            weak,
            self._fix(case),
        )

    def _weakest(self, case: Case, place: int) -> tuple[Watched, float, Watched] | None:
        told = case.looks[place].nodes
        sizes = [
            (layer, length)
            for layer in case.trained()
            if (length := size(told[layer.path].gradients if layer.path in told else None))
            is not None
        ]
        if not sizes:
            return None
        for at, (layer, length) in enumerate(sizes):
            strong, most = max(sizes[at:], key=lambda entry: entry[1])
            if most > self.SMALLEST and 0 < length < self.RATIO * most:
                return layer, length / most, strong
        return None

    def _fix(self, case: Case) -> Fix | None:
        squashing = [
            layer
            for layer in case.layers
            if layer.activation in ("sigmoid", "tanh", "softsign", "hard_sigmoid")
            and has_activation(layer)
            and layer != case.last_layer
        ]
        if squashing:
            changes = [
                set_params(
                    layer,
                    {
                        "activation": "relu",
                        **({"kernel_initializer": "he_normal"} if has_kernel(layer) else {}),
                    },
                )
                for layer in squashing
            ]
            return fix(f"Use relu in {len(changes)} layers", *changes)
        inserts = [
            InsertNode(type="BatchNormalization", source=source, target=layer.node)
            for layer in case.trained()[1:]
            if not layer.inside and len(sources := case.sources(layer.node)) == 1
            for source in sources
        ]
        return fix("Insert batch normalization", *inserts) if inserts else None


class ExplodingGradients(Diagnosis):
    """The gradient is so large from the first steps on that one step ruins the weights.

    The opposite of vanishing: weights that enlarge what passes do so once for every layer, and a
    recurrent layer once for every time step (Pascanu et al. 2013). The gradient of a healthy
    network has about the size of its loss. So it is told when the norm of the whole gradient is
    more than 1,000 times the loss of a trivial answer while no step has yet moved the weights far;
    a gradient that grows only after long steps speaks of the learning rate.
    """

    code = "exploding_gradients"
    title = "Exploding gradients"
    severity = "error"
    moments = ("look",)
    follows = ("inputs_not_scaled", "learning_rate_too_high")
    remedy = (
        "Clip the gradient's norm to 1, as Pascanu et al. advise. Smaller initial weights and "
        "normalization mend the cause."
    )
    TIMES = 1_000
    FAR = 0.3
    """A step that moved the weights by more than this share of their size was a long one."""

    def signs(self, case: Case) -> Iterator[Sign]:
        """Yield the layer with the largest gradient, if the whole is too large."""
        if case.plan.work.clip is not None or not case.looks:
            return
        if any(updates(look) > self.FAR for look in case.looks[:-1]):
            return
        norms = []
        for layer in case.trained():
            told = case.newest(layer)
            length = size(told.gradients) if told else None
            if length is not None:
                count = sum(p.numel() for m in layer.modules for p in m.parameters())
                norms.append((length * math.sqrt(count), layer))
        if not norms:
            return
        whole = math.hypot(*(norm for norm, _ in norms))
        if whole <= self.TIMES * max(1.0, case.trivial_trained):
            return
        _, layer = max(norms, key=lambda entry: entry[0])
        yield Sign(
            f"The gradient's norm is {number(whole)} at step {case.step:,}; in a healthy network "
            "it has about the size of the loss. This layer has the largest part. Clip the "
            "gradient's norm to 1, and begin with smaller weights where they are large.",
            layer,
            self._fix(case),
        )

    def _fix(self, case: Case) -> Fix:
        clip = SetRecipe(values={"clip_norm": 1.0})
        large: list[Change] = [
            set_params(layer, {"kernel_initializer": "he_normal"})
            for layer in case.trained()
            if has_kernel(layer) and self._large(case, layer)
        ]
        if large:
            return fix("Begin with smaller weights and clip the gradient", *large, clip)
        return fix("Clip the gradient's norm to 1", clip)

    def _large(self, case: Case, layer: Watched) -> bool:
        """Return whether weights spread more than twice as far as He et al. (2015) let them."""
        told = case.newest(layer)
        weight = getattr(layer.modules[0], "weight", None)
        if told is None or weight is None or (length := size(told.weights)) is None:
            return False
        return length > 2 * math.sqrt(2 / weight[0].numel())


DIAGNOSES = (VanishingGradients, ExplodingGradients)
