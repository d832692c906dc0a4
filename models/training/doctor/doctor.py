"""Watches a training and tells each thing that is wrong with it once."""

import logging
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from models.evaluation.baseline import baseline
from models.training.doctor.base import Diagnosis, Moment, Sign
from models.training.doctor.case import Case, Look
from models.training.doctor.curve import Curve
from models.training.doctor.diagnoses import DIAGNOSES
from models.training.events import Finding, Layers
from models.training.plan import Plan
from models.training.watched import Watched

if TYPE_CHECKING:
    from models.data.prepare import Part, Prepared

logger = logging.getLogger(__name__)

GONE = 10
"""Examinations in a row without a sign, after which it counts as gone and may be told again."""
MOST_LAYERS = 5
"""Layers of which one thing is told at one moment."""
OFTEN = 20
"""Epochs are examined one by one up to this one, then about so many for each doubling."""


class Doctor:
    """Examines a training at its moments. What it sees costs the training nothing but arithmetic.

    Args:
        layers: In the order in which they compute.
    """

    def __init__(self, plan: Plan, prepared: "Prepared", layers: Sequence[Watched]) -> None:
        self._diagnoses = [diagnosis() for diagnosis in DIAGNOSES]
        self._case = Case(
            plan,
            layers,
            _trivial(plan, prepared, prepared.train),
            _trivial(plan, prepared, prepared.validation) if plan.validation else None,
            _unit(plan),
        )
        self._known: dict[tuple[str, str | None], int] = {}
        """By code and layer: in how many examinations in a row there was no sign of it."""
        self._told_codes: set[str] = set()
        self._next = 1

    def begin(self) -> Iterator[Finding]:
        """Examine what is known before the first step."""
        return self._examine("start")

    def look(self, event: Layers) -> Iterator[Finding]:
        """Examine the layers."""
        self._at(event.epoch, event.step)
        self._case.add(Look(event.step, event.epoch, event.nodes))
        return self._examine("look")

    def epoch(self, epoch: int, step: int, values: Mapping[str, float | None]) -> Iterator[Finding]:
        """Take in loss and metrics of an epoch, and examine them; ever more rarely."""
        self._at(epoch, step)
        for name, curve in (("loss", self._case.loss), ("val_loss", self._case.val_loss)):
            if (value := values.get(name)) is not None:
                curve.add(epoch, value)
        if epoch < self._next:
            return iter(())
        self._next = epoch + max(1, epoch // OFTEN)
        return self._examine("epoch")

    def end(self, state: str, step: int) -> Iterator[Finding]:
        """Examine the whole run."""
        self._at(self._case.epoch, step)
        self._case.ended = state
        return self._examine("end")

    def state(self) -> dict[str, Any]:
        """Return what `restore` takes."""
        case = self._case
        return {
            "known": [[code, path, missed] for (code, path), missed in self._known.items()],
            "told": sorted(self._told_codes),
            "next": self._next,
            "curves": [[c.epochs, c.values] for c in (case.loss, case.val_loss)],
            "updates": [case.first_update, case.largest_update],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Know what the doctor of an interrupted training knew."""
        self._known = {(code, path): missed for code, path, missed in state["known"]}
        self._told_codes = set(state["told"])
        self._next = state["next"]
        self._case.loss, self._case.val_loss = (Curve(*curve) for curve in state["curves"])
        self._case.first_update, self._case.largest_update = state["updates"]

    def _at(self, epoch: int, step: int) -> None:
        self._case.epoch, self._case.step = epoch, step

    def _examine(self, moment: Moment) -> Iterator[Finding]:
        for diagnosis in self._diagnoses:
            if moment not in diagnosis.moments:
                continue
            if self._told_codes.intersection(diagnosis.follows):
                continue
            try:
                signs = list(diagnosis.signs(self._case))
            except (ArithmeticError, LookupError):
                # A training is worth more than what is said of it.
                logger.exception("the doctor could not look for %s", diagnosis.code)
                continue
            yield from self._told(diagnosis, signs)

    def _told(self, diagnosis: Diagnosis, signs: Sequence[Sign]) -> Iterator[Finding]:
        """Return the findings of signs that are new, and forget what is gone."""
        seen = {(diagnosis.code, sign.layer.path if sign.layer else None): sign for sign in signs}
        for key in [key for key in self._known if key[0] == diagnosis.code]:
            self._known[key] = 0 if key in seen else self._known[key] + 1
            if self._known[key] >= GONE:
                del self._known[key]
        fresh = [key for key in seen if key not in self._known]
        for key in fresh:
            self._known[key] = 0
            self._told_codes.add(diagnosis.code)
        for key in fresh[:MOST_LAYERS]:
            yield self._finding(diagnosis, seen[key])

    def _finding(self, diagnosis: Diagnosis, sign: Sign) -> Finding:
        layer = sign.layer
        return Finding(
            node=layer.node if layer else None,
            layer=layer.path if layer and layer.inside else None,
            code=diagnosis.code,
            title=diagnosis.title,
            severity=diagnosis.severity,
            message=sign.message,
            epoch=self._case.epoch,
            step=self._case.step,
            fix=sign.fix,
        )


def _trivial(plan: Plan, prepared: "Prepared", part: "Part | None") -> float | None:
    """Return the loss of always giving the same answer; None where it says nothing."""
    if part is None:
        return None
    value = baseline(prepared, plan.recipe, part).get("loss")
    return value if value is not None and math.isfinite(value) and value > 0 else None


def _unit(plan: Plan) -> float:
    """Return what the told loss is divided by to have it as it is trained on."""
    first, *others = plan.tallies.parts
    return 1.0 if others else first.scale.unit**first.criterion.loss.unit
