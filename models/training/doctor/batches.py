"""Diagnoses of how many rows a step sees."""

from collections.abc import Iterator

from models.errors import SetRecipe
from models.training.doctor.base import Diagnosis, Sign, fix, number
from models.training.doctor.case import Case, with_rate
from models.training.doctor.curve import fall
from models.training.doctor.rate import FEW_ROWS, jumping

USUAL = 32


class BatchTooLarge(Diagnosis):
    """So many rows a step that the epochs are over before the network has learnt.

    A step costs as much as its rows, but brings the weights hardly further than one of 32 rows:
    the gradient's noise falls with the root of their number only (Bottou et al. 2018, section 3).
    It is told at the end of a run with at most 4 steps an epoch, from at least 128 rows, whose
    training loss is still above a third of what always giving the same answer costs and fell by 3%
    or more over the second half of the epochs.
    """

    code = "batch_too_large"
    title = "Batch too large"
    severity = "suggestion"
    moments = ("end",)
    follows = ("inputs_not_scaled", "learning_rate_too_high", "learning_rate_too_low")
    remedy = "32 rows a step: more steps for the same time."
    STEPS, ROWS, LEVEL, FALL = 4, 128, 1 / 3, 0.03

    def signs(self, case: Case) -> Iterator[Sign]:
        """Yield that there were too few steps."""
        if case.ended != "completed" or not case.judged or case.trivial is None:
            return
        if case.plan.work.batches.steps > self.STEPS or case.rows < self.ROWS:
            return
        falls = fall(case.loss.end(0.5))
        if case.loss.last < self.LEVEL * case.trivial or falls < self.FALL:
            return
        title = f"Set the batch size to {USUAL}"
        yield Sign(
            f"With {case.batch_size:,} rows a step there were {case.step:,} steps in "
            f"{case.epoch:,} epochs, and the training loss, {number(case.loss.last)}, was still "
            f"falling. {title}: more steps for the same time.",
            fix=fix(title, SetRecipe(values={"batch_size": USUAL})),
        )


class BatchTooSmall(Diagnosis):
    """So few rows a step that their noise keeps the network from settling.

    The gradient of a row or two points somewhere else every time. With a small learning rate that
    evens out, as in stochastic gradient descent; where it does not, the loss jumps about its level.
    It is told for batches of at most 4 rows, from at least 64, under the conditions of a plateau.
    """

    code = "batch_too_small"
    title = "Batch too small"
    moments = ("epoch", "end")
    follows = (
        *("inputs_not_scaled", "learning_rate_too_high", "dead_relu", "constant_output"),
        *("overfitting", "too_little_data", "shuffled_labels"),
    )
    remedy = "32 rows a step: their mean has a sixth of the noise of one."
    ROWS = 64

    def signs(self, case: Case) -> Iterator[Sign]:
        """Yield that the loss jumps."""
        if case.batch_size > FEW_ROWS or case.rows < self.ROWS or not case.judged:
            return
        found = jumping(case)
        if found is not None:
            # So many rows a step allow longer ones: their noise falls with the root of the number.
            longer = case.optimizer.learning_rate * (USUAL / case.batch_size) ** 0.5
            rate = with_rate(case, longer)
            title = f"Set batch size to {USUAL}, learning rate to {rate['learning_rate']:g}"
            yield Sign(
                f"{found} A step sees {case.batch_size} of {case.rows:,} rows. {title}.",
                fix=fix(title, SetRecipe(values={"batch_size": USUAL, "optimizer": rate})),
            )


DIAGNOSES = (BatchTooLarge, BatchTooSmall)
