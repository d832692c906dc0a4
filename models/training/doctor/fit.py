"""Diagnoses of what was learnt: by heart, too little, or nothing that carries over."""

from collections.abc import Iterator
from math import sqrt

from models.errors import Change, Fix, InsertNode, SetParams, SetRecipe
from models.training.doctor.base import Diagnosis, Sign, fix, number, share
from models.training.doctor.case import Case
from models.training.doctor.curve import fall
from models.training.watched import Watched

LEARNT = 0.95
"""A validation loss above this share of the trivial one: nothing was learnt that carries over."""


def drifting(case: Case) -> tuple[int, float] | None:
    """Return the epoch of the best validation loss and how much it has risen since, if it has."""
    if not case.judged or case.trivial_val is None or not len(case.val_loss):
        return None
    if case.restores_best:
        return None
    epoch, best = case.val_loss.best
    since = case.val_loss.since(epoch + 1)
    if len(since) < max(Overfitting.EPOCHS, Overfitting.SHARE * case.epoch) or best <= 0:
        return None
    now = sorted(since[-3:])[1] if len(since) >= 3 else since[-1]
    risen = now - best
    if risen < Overfitting.RISE * best or risen < Overfitting.PART * case.trivial_val:
        return None
    if case.loss.last > Overfitting.FALL * case.loss.at(epoch):
        return None
    return (epoch, now / best - 1) if best < LEARNT * case.trivial_val else None


class Overfitting(Diagnosis):
    """The training loss falls on while the validation loss rises: it learns by heart.

    It is told when the best validation loss lies some epochs back (5, and a tenth of all), has
    risen since by a fifth and by a twentieth of what always giving the same answer costs, and the
    training loss has fallen by a tenth meanwhile. A run that restores the weights of the best epoch
    is not told of: it has the cure.
    """

    code = "overfitting"
    title = "Overfitting"
    moments = ("epoch", "end")
    follows = ("shuffled_labels", "too_little_data")
    remedy = (
        "Stop early and keep the best epoch's weights. More data, dropout, weight penalties and "
        "fewer units hold it back."
    )
    EPOCHS, SHARE, RISE, PART, FALL = 5, 0.1, 0.2, 0.05, 0.9

    def signs(self, case: Case) -> Iterator[Sign]:
        """Yield that the validation loss rises."""
        found = drifting(case)
        if found is None:
            return
        epoch, risen = found
        rule = {"monitor": "val_loss", "patience": max(5, case.plan.epochs // 10)}
        title = "Stop early and keep the best weights"
        yield Sign(
            f"The validation loss was best in epoch {epoch:,} and has risen by {share(risen)} "
            f"since, while the training loss fell from {number(case.loss.at(epoch))} to "
            f"{number(case.loss.last)}: the network learns the training rows by heart. {title}.",
            fix=fix(title, SetRecipe(values={"early_stopping": {**rule, "restore_best": True}})),
        )


class TooLittleData(Diagnosis):
    """The network has so many weights for so few rows that it simply keeps the rows.

    It is overfitting whose cause is plain: more than 50 numbers to train for each training row.
    Large networks may learn well from few rows while something holds them back, so the number
    alone says nothing: it is told only where the validation loss rises as well.
    """

    code = "too_little_data"
    title = "Too little data for the parameters"
    moments = ("epoch", "end")
    follows = ("shuffled_labels", "overfitting")
    remedy = "Fewer units, dropout before the last layer, early stopping; or more rows."
    PARAMETERS_PER_ROW, WANTED = 50, 5

    def signs(self, case: Case) -> Iterator[Sign]:
        """Yield the layer with the most parameters."""
        ratio = case.parameters / case.rows
        found = drifting(case)
        if ratio < self.PARAMETERS_PER_ROW or found is None:
            return
        largest = max(case.trained(), key=_parameters)
        yield Sign(
            f"{case.parameters:,} parameters learn from {case.rows:,} rows, {ratio:,.0f} for each, "
            f"and the validation loss has risen by {share(found[1])} since epoch {found[0]:,}. "
            "This layer has the most. Use fewer units, and stop early.",
            largest,
            self._fix(case, ratio),
        )

    def _fix(self, case: Case, ratio: float) -> Fix:
        shrink = sqrt(ratio / self.WANTED)
        changes: list[Change] = []
        for layer in case.trained():
            width, units = _width(layer)
            if width and layer != case.last_layer and units > 8:
                smaller = max(8, round(units / shrink))
                changes.append(SetParams(node=layer.node, params={width: smaller}))
        rule = {"monitor": "val_loss", "patience": max(5, case.plan.epochs // 10)}
        stop = SetRecipe(values={"early_stopping": {**rule, "restore_best": True}})
        title = "Use fewer units and stop early" if changes else "Stop early"
        return fix(title, *changes, stop)


class Underfitting(Diagnosis):
    """Even the training rows are hardly predicted better than by always giving the same answer.

    Either the network cannot bend as the data does, such as one without a hidden layer on classes
    that no straight line parts, or it was not given the time. It is told at the end of a run of 200
    steps or more whose training loss is above 90% of the trivial one.
    """

    code = "underfitting"
    title = "Underfitting"
    moments = ("end",)
    follows = (
        *("inputs_not_scaled", "dead_relu", "saturated", "vanishing_gradients"),
        *("exploding_gradients", "learning_rate_too_high", "learning_rate_too_low"),
        *("constant_output", "batch_too_large", "batch_too_small", "plateau", "output_mismatch"),
        "loss_not_finite",
    )
    remedy = "A hidden layer with ReLU, more units or more epochs."
    STEPS, LEVEL, FALLING = 200, 0.9, 0.02

    def signs(self, case: Case) -> Iterator[Sign]:
        """Yield it at the end, on the layer that could be wider."""
        if case.ended != "completed" or not case.judged or case.trivial is None:
            return
        if case.step < self.STEPS or case.loss.best[1] < self.LEVEL * case.trivial:
            return
        message = (
            f"After {case.step:,} steps the training loss is {number(case.loss.last)}; always "
            f"giving the same answer costs {number(case.trivial)}."
        )
        if fall(case.loss.end(0.5)) > self.FALLING:
            epochs = 3 * case.plan.epochs
            title = f"Train for {epochs:,} epochs"
            yield Sign(
                f"{message} It still falls. {title}.",
                fix=fix(title, SetRecipe(values={"epochs": epochs})),
            )
            return
        hidden = [layer for layer in case.trained() if layer != case.last_layer]
        layer = min(hidden, key=lambda one: _width(one)[1]) if hidden else case.last_layer
        mended = self._wider(case, layer) if hidden else self._deeper(case, layer)
        told = f" {mended.title}." if mended else ""
        yield Sign(f"{message} The network cannot bend as the data does.{told}", layer, mended)

    def _wider(self, case: Case, layer: Watched) -> Fix | None:
        width, units = _width(layer)
        if width is None:
            return None
        wanted = max(32, 4 * units)
        change = SetParams(node=layer.node, params={width: wanted})
        return fix(f"Set {width} to {wanted}", change)

    def _deeper(self, case: Case, layer: Watched) -> Fix | None:
        sources = case.sources(layer.node)
        if layer.inside or len(sources) != 1:
            return None
        params = {"units": 64, "activation": "relu"}
        insert = InsertNode(type="Dense", params=params, source=sources[0], target=layer.node)
        return fix("Insert a hidden layer with 64 units", insert)


class ShuffledLabels(Diagnosis):
    """The training rows are learnt, but for rows not seen the answers are worth nothing.

    So it is when targets do not belong to their rows, as after sorting a column by itself, or do
    not depend on the inputs at all: what is learnt is each row by heart (Zhang et al. 2017 trained
    networks on random labels to no error). It is told when the training loss has fallen by 30%
    below what always giving the same answer costs while the validation loss has never been 5%
    below it, in ten epochs or more and with 20 validation rows.
    """

    code = "shuffled_labels"
    title = "Labels that look shuffled"
    severity = "error"
    moments = ("epoch", "end")
    remedy = (
        "Look at a few rows: does each target belong to its row? Was a column sorted by itself? "
        "Nothing in the network mends that."
    )
    LEARNT, EPOCHS, ROWS = 0.7, 10, 20

    def signs(self, case: Case) -> Iterator[Sign]:
        """Yield that nothing carries over."""
        part = case.plan.validation
        if not case.judged or case.trivial is None or case.trivial_val is None or part is None:
            return
        if part.rows < self.ROWS or len(case.val_loss) < self.EPOCHS:
            return
        epoch, best = case.val_loss.best
        if case.loss.last > self.LEARNT * case.trivial or best < LEARNT * case.trivial_val:
            return
        yield Sign(
            f"The training loss fell to {number(case.loss.last)}, but on rows not seen the best "
            f"was {number(best)}, in epoch {epoch:,}; always giving the same answer costs "
            f"{number(case.trivial_val)} there. The targets look as if they did not belong to "
            "their rows. Look at some rows of the dataset."
        )


def _parameters(layer: Watched) -> int:
    return sum(p.numel() for m in layer.modules for p in m.parameters() if p.requires_grad)


def _width(layer: Watched) -> tuple[str | None, int]:
    """Return the parameter that sets the units of a layer of the network, and their number."""
    names = {"nn.Linear": "units", "nn.Conv1d": "filters", "nn.Conv2d": "filters"}
    for step, module in zip(layer.steps, layer.modules, strict=False):
        count = getattr(module, "out_features", None) or getattr(module, "out_channels", None)
        if step.call.name in names and isinstance(count, int):
            return (None if layer.inside else names[step.call.name]), count
    return None, 2**31


DIAGNOSES = (ShuffledLabels, TooLittleData, Overfitting, Underfitting)
