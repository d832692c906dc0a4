"""Diagnoses of units that take no part: dead, saturated, or the same for everyone."""

from collections.abc import Iterator

from models.errors import Change, Fix, SetRecipe
from models.training.doctor.base import Diagnosis, Sign, fix, in_block, set_params, share
from models.training.doctor.case import Case, with_rate
from models.training.watched import Watched

PLAIN = ("nn.Linear", "nn.Conv1d", "nn.Conv2d", "nn.Conv3d")
"""Modules of layers whose weights are one kernel, with a parameter `kernel_initializer`."""
RECTIFIERS = ("relu", "relu6")


def has_activation(layer: Watched) -> bool:
    """Return whether a layer has a parameter `activation` of its own."""
    has = any(step.suffix == "activation" for step in layer.steps)
    return has and "activation" not in layer.given


def has_kernel(layer: Watched) -> bool:
    """Return whether a layer has a parameter `kernel_initializer` of its own."""
    has = any(step.call.name in PLAIN for step in layer.steps)
    return has and "kernel_initializer" not in layer.given


class DeadReLU(Diagnosis):
    """Most units of a layer with ReLU give 0 for every example.

    Below zero a ReLU is flat: a unit that is there for all examples has no gradient, so that
    nothing brings it back. What drives units there is a step that was too long, or weights and
    biases that begin far below zero. A few dead units are usual, and in a small network a third of
    them; CS231n's notes tell of 40% after too high a learning rate. So it is told from 60% on, of
    at least 8 units, when it was so at two looks one after another.
    """

    code = "dead_relu"
    title = "Dead ReLUs"
    moments = ("look",)
    follows = ("inputs_not_scaled", "exploding_gradients", "learning_rate_too_high")
    remedy = (
        "A slope below zero (`leaky_relu`) keeps a gradient, so that units come back. A smaller "
        "learning rate keeps them from dying."
    )
    SHARE, UNITS = 0.6, 8

    def signs(self, case: Case) -> Iterator[Sign]:
        """Yield the layers most of whose units are dead."""
        for layer in case.layers:
            shares = [told.dead or 0.0 for told in case.both(layer)]
            if layer.activation not in RECTIFIERS or not shares or min(shares) < self.SHARE:
                continue
            count = _units(layer)
            if count is not None and count < self.UNITS:
                continue
            what = f"{share(shares[-1])} of the units of this layer"
            if count is not None:
                what += f" ({round(shares[-1] * count):,} of {count:,})"
            yield Sign(
                f"{what} give 0 for every example. A ReLU has no slope there, so they learn no "
                "more. Give the function a slope below zero, or lower the learning rate.",
                layer,
                self._fix(case, layer),
            )

    def _fix(self, case: Case, layer: Watched) -> Fix:
        if has_activation(layer):
            change = set_params(layer, {"activation": "leaky_relu"})
            return fix("Set activation to leaky_relu" + in_block(layer), change)
        rate = with_rate(case, case.optimizer.learning_rate / 10)
        title = f"Lower the learning rate to {rate['learning_rate']:g}"
        return fix(title, SetRecipe(values={"optimizer": rate}))


class Saturated(Diagnosis):
    """A hidden layer's sigmoid or tanh lies on its flat ends for nearly all examples.

    There its slope is below 8% of its largest, σ' = σ(1 − σ) and tanh' = 1 − tanh², so that hardly
    any gradient passes: Glorot and Bengio (2010) saw top layers stuck so for whole trainings. It
    comes from sums that are too large: large initial weights, unscaled inputs, long steps. A part
    of the units of a trained network decides clearly; so it is told from 80% of all outputs on, at
    two looks one after another, and not of the last layer, which is to be sure of its answer.
    """

    code = "saturated"
    title = "Saturated sigmoid or tanh"
    moments = ("look",)
    follows = (
        *("inputs_not_scaled", "overfitting", "too_little_data"),
        *("exploding_gradients", "learning_rate_too_high"),
    )
    remedy = (
        "A ReLU has no upper end. Smaller initial weights (`glorot_uniform`) and scaled inputs "
        "keep sigmoid and tanh in their middle."
    )
    SHARE = 0.8

    def signs(self, case: Case) -> Iterator[Sign]:
        """Yield the hidden layers that are nearly all saturated."""
        for layer in case.layers:
            shares = [told.saturated or 0.0 for told in case.both(layer)]
            if not shares or min(shares) < self.SHARE or layer == case.last_layer:
                continue
            yield Sign(
                f"{share(shares[-1])} of the outputs of this layer lie where {layer.activation} is "
                "all but flat, so that hardly any gradient passes it. Use a ReLU with initial "
                "weights of its kind.",
                layer,
                self._fix(layer),
            )

    def _fix(self, layer: Watched) -> Fix | None:
        if not has_activation(layer):
            return None
        params = {"activation": "relu"}
        if has_kernel(layer):
            params["kernel_initializer"] = "he_normal"
        return fix("Set activation to relu" + in_block(layer), set_params(layer, params))


class ConstantOutput(Diagnosis):
    """The network gives the same answer to every example.

    What reaches the last layer no longer depends on the input, and its bias alone learns the mean
    or the most frequent class. Layers whose weights all begin with the same number do so: their
    units all do the same, and with zeros nothing passes at all. It is told when the answers to all
    examples looked at differ by less than 0.1% of their size, at two looks one after another and
    not before step 8, since a last layer may well begin with zeros.
    """

    code = "constant_output"
    title = "The same answer for everyone"
    severity = "error"
    moments = ("look",)
    follows = (
        *("inputs_not_scaled", "dead_relu", "saturated", "learning_rate_too_high"),
        *("exploding_gradients", "output_mismatch", "vanishing_gradients"),
    )
    remedy = (
        "Begin with random weights (`glorot_uniform`). Where the weights were random, a smaller "
        "learning rate keeps them from running away."
    )
    FIRST_STEP = 8

    def signs(self, case: Case) -> Iterator[Sign]:
        """Yield the last layer, if its answers are all the same."""
        layer = case.last_layer
        told = [entry.constant for entry in case.both(layer)]
        if not told or min(value or 0.0 for value in told) < 1.0 or case.step < self.FIRST_STEP:
            return
        alike = [other for other in case.trained() if has_kernel(other) and _begins_alike(other)]
        changes: list[Change] = [
            set_params(other, {"kernel_initializer": "glorot_uniform"}) for other in alike
        ]
        message = "The network gives all examples the same answer: what enters makes no difference."
        if changes:
            names = ", ".join(f'"{other.path}"' for other in alike)
            message += f" The weights of {names} begin alike. Begin with random ones."
            yield Sign(message, layer, fix("Begin with random weights", *changes))
            return
        rate = with_rate(case, case.optimizer.learning_rate / 10)
        title = f"Lower the learning rate to {rate['learning_rate']:g}"
        message += f" {title}."
        yield Sign(message, layer, fix(title, SetRecipe(values={"optimizer": rate})))


def _units(layer: Watched) -> int | None:
    """Return how many units a layer has, where its first module says so."""
    for name in ("out_features", "out_channels"):
        found = getattr(layer.modules[0], name, None)
        if isinstance(found, int):
            return found
    return None


def _begins_alike(layer: Watched) -> bool:
    """Return whether all weights of a layer begin with one number."""
    begun = [
        initial.call.name
        for step in layer.steps
        for initial in step.initial
        if initial.tensor == "weight"
    ]
    return bool(begun) and all(name.endswith(("zeros_", "ones_", "constant_")) for name in begun)


DIAGNOSES = (DeadReLU, Saturated, ConstantOutput)
