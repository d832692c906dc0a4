"""Diagnoses of how long the steps are, and of a loss that goes nowhere or out of range."""

import math
from collections.abc import Iterator
from itertools import pairwise

from models.errors import SetRecipe
from models.training.doctor.base import Diagnosis, Sign, fix, number, share
from models.training.doctor.case import Case, updates, with_rate
from models.training.doctor.curve import fall, level, noise

FEW_ROWS = 4
"""Batches of so few rows are noisy by themselves."""


class LearningRateTooHigh(Diagnosis):
    """The loss jumps about or rises instead of falling: the steps overshoot.

    A step follows the slope at one point; if it goes further than the valley is wide, it lands
    higher up than it began (LeCun et al. 1998, section 5). It is told when an epoch's training loss
    is more than 1.5 times what always giving the same answer would cost, from the third epoch on,
    without getting better and while a step moves the weights by 2% or more, or when of the last
    eight epochs three have risen by a quarter and by a tenth of that cost: healthy training
    ripples, by a few hundredths.
    """

    code = "learning_rate_too_high"
    title = "Learning rate too high"
    severity = "error"
    moments = ("epoch", "end")
    follows = ("inputs_not_scaled", "exploding_gradients", "dead_relu", "output_mismatch")
    remedy = "Lower the learning rate, by a factor of ten at first."
    TIMES, EPOCHS, BETTER, LONG = 1.5, 3, 0.98, 0.02
    WINDOW, RISES, RISE, PART = 8, 3, 1.25, 0.1

    def signs(self, case: Case) -> Iterator[Sign]:
        """Yield that the loss is far too high or jumps."""
        if not case.judged or case.trivial is None or len(case.loss) < self.EPOCHS:
            return
        found = self._high(case, case.trivial) or self._jumping(case, case.trivial)
        if found is None:
            return
        rate = with_rate(case, case.optimizer.learning_rate / 10)
        title = f"Lower the learning rate to {rate['learning_rate']:g}"
        update = (
            f", a step moves weights by up to {share(updates(case.looks[-1]))}"
            if case.looks
            else ""
        )
        yield Sign(
            f"{found} The steps overshoot: the learning rate is {case.learning_rate:g}{update}. "
            f"{title}.",
            fix=fix(title, SetRecipe(values={"optimizer": rate})),
        )

    def _high(self, case: Case, trivial: float) -> str | None:
        recent = case.loss.values[-self.EPOCHS :]
        if min(recent) <= self.TIMES * trivial or recent[-1] < self.BETTER * recent[0]:
            return None
        if not case.looks or updates(case.looks[-1]) < self.LONG:
            return None
        return (
            f"The training loss is {number(recent[-1])} after {case.epoch:,} epochs; always giving "
            f"the same answer would cost {number(trivial)}."
        )

    def _jumping(self, case: Case, trivial: float) -> str | None:
        recent = case.loss.values[-self.WINDOW :]
        pairs = list(pairwise(recent))
        rises = [b for a, b in pairs if b > self.RISE * a and b - a > self.PART * trivial]
        if len(rises) < self.RISES or case.batch_size <= FEW_ROWS:
            return None
        return (
            f"The training loss rose by a quarter or more in {len(rises)} of the last "
            f"{len(pairs)} epochs, between {number(min(recent))} and {number(max(recent))}."
        )


class LearningRateTooLow(Diagnosis):
    """The weights hardly move, and the loss with them.

    A step usually changes the weights by about a thousandth of their size. It is told when no step
    of the whole run changed any layer by a ten-thousandth, after 50 steps and a third of the
    epochs, while the loss has fallen by less than a tenth and is still near what always giving the
    same answer costs. A schedule that ends with tiny steps is none of it, as the earlier ones were
    longer.
    """

    code = "learning_rate_too_low"
    title = "Learning rate too low"
    moments = ("epoch", "end")
    follows = ("vanishing_gradients", "dead_relu", "saturated", "constant_output")
    remedy = "Raise the learning rate until a step moves the weights by about a thousandth."
    UPDATE, WANTED = 1e-4, 1e-3
    STEPS, PART, FALL, LEVEL = 50, 1 / 3, 0.1, 0.5

    def signs(self, case: Case) -> Iterator[Sign]:
        """Yield that the weights stand still."""
        if not case.judged or case.trivial is None or len(case.loss) < 2:
            return
        if case.step < self.STEPS or case.epoch < self.PART * case.plan.epochs:
            return
        update = case.largest_update
        if not 0 < update < self.UPDATE or case.loss.last < self.LEVEL * case.trivial:
            return
        if case.loss.first - case.loss.last > self.FALL * case.loss.first:
            return
        # A power of ten, as learning rates go; no more than the longest step asks for.
        factor = 10 ** max(1, min(5, math.ceil(math.log10(self.WANTED / update))))
        rate = with_rate(case, case.optimizer.learning_rate * factor)
        title = f"Raise the learning rate to {rate['learning_rate']:g}"
        yield Sign(
            f"In {case.step:,} steps the training loss went from {number(case.loss.first)} to "
            f"{number(case.loss.last)}: no step moved a layer's weights by more than "
            f"{number(update)} of their size, where about 0.001 is usual. {title}.",
            fix=fix(title, SetRecipe(values={"optimizer": rate})),
        )


class LossNotFinite(Diagnosis):
    """The loss is no number any more: a sum outgrew what a float can hold.

    float32 ends at 3.4 · 10³⁸; beyond are infinity and, in differences of infinities, NaN. Nothing
    can be learnt from there, so the run ends, with the last weights that were finite. The usual
    cause is a step so long that each one makes the next longer.
    """

    code = "loss_not_finite"
    title = "The loss is not finite"
    severity = "error"
    moments = ("end",)
    follows = ("inputs_not_scaled", "exploding_gradients", "learning_rate_too_high")
    remedy = "Lower the learning rate and clip the gradient, so that no step is that long."
    UPDATE = 0.01

    def signs(self, case: Case) -> Iterator[Sign]:
        """Yield it where the run ends as diverged."""
        if case.ended != "diverged":
            return
        rate = with_rate(case, self._rate(case))
        title = f"Lower the learning rate to {rate['learning_rate']:g} and clip the gradient"
        yield Sign(
            f"At step {case.step:,} the loss was no finite number any more, with learning rate "
            f"{case.plan.rates(max(0, case.step - 1), 1)[0]:g}: the weights ran away. {title}.",
            fix=fix(title, SetRecipe(values={"optimizer": rate, "clip_norm": 1.0})),
        )

    def _rate(self, case: Case) -> float:
        """Return a rate whose first step moves weights by a hundredth: a tenth of it at most."""
        present, seen = case.optimizer.learning_rate, case.first_update
        wanted = present * self.UPDATE / seen if seen > 0 else present
        return max(present / 1e6, min(present / 10, wanted))


class Plateau(Diagnosis):
    """The loss has stopped falling and only jumps up and down at its level.

    With a fixed learning rate the noise of the batches keeps the weights at a distance from the
    lowest point; smaller steps come nearer (Robbins and Monro 1951). It is told when over the last
    third of the epochs, 15 at least, the loss fell by less than 2%, while from one epoch to the
    next it changes by 8% of its level, which is above a twentieth of what always giving the same
    answer costs. The validation loss is looked at where layers draw random numbers. A loss that is
    flat and quiet has simply arrived.
    """

    code = "plateau"
    title = "Plateau"
    moments = ("epoch", "end")
    follows = (
        *("inputs_not_scaled", "learning_rate_too_high", "batch_too_small", "dead_relu"),
        *("constant_output", "vanishing_gradients", "overfitting", "too_little_data"),
        *("shuffled_labels", "saturated", "exploding_gradients"),
    )
    remedy = "Lower the learning rate when nothing gets better (`ReduceLROnPlateau`)."
    SHARE, EPOCHS = 1 / 3, 15
    FALL, NOISE, LEVEL = 0.02, 0.08, 0.05

    def signs(self, case: Case) -> Iterator[Sign]:
        """Yield that the loss jumps at its level."""
        if case.recipe.schedule is not None or not case.judged or case.batch_size <= FEW_ROWS:
            return
        found = jumping(case)
        if found is None:
            return
        monitor = "val_loss" if case.plan.validation is not None else "loss"
        schedule = {"type": "ReduceLROnPlateau", "monitor": monitor, "patience": 5}
        title = "Lower the learning rate on plateaus"
        yield Sign(f"{found} {title}.", fix=fix(title, SetRecipe(values={"schedule": schedule})))


def jumping(case: Case) -> str | None:
    """Return how the loss jumps about its level, if it does and nothing else."""
    curve, name, trivial = case.loss, "training", case.trivial
    if case.noisy:
        curve, name, trivial = case.val_loss, "validation", case.trivial_val
    recent = curve.end(Plateau.SHARE) if len(curve) else []
    if trivial is None or len(recent) < Plateau.EPOCHS:
        return None
    if abs(fall(recent)) > Plateau.FALL or noise(recent) < Plateau.NOISE:
        return None
    if not Plateau.LEVEL * trivial < level(recent) < trivial:
        return None
    return (
        f"Over the last {len(recent)} epochs the {name} loss stays at {number(level(recent))} and "
        f"changes by {share(noise(recent))} from one epoch to the next: the steps are too long or "
        "too noisy to come nearer."
    )


DIAGNOSES = (LearningRateTooHigh, LearningRateTooLow, LossNotFinite, Plateau)
