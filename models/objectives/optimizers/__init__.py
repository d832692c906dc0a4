"""Optimizers: how a gradient changes the weights. Keras's names, parameters, defaults and numbers.

`models.training.updates` carries their steps out, by the rule that each one names.
"""

from models.objectives.base import table
from models.objectives.optimizers import adaptive, gradient
from models.objectives.optimizers.base import Kind, Optimizer, Slot, clip_by_norm

__all__ = ["OPTIMIZERS", "Kind", "Optimizer", "Slot", "clip_by_norm"]

OPTIMIZERS: dict[str, type[Optimizer]] = table(
    adaptive.Adam,
    gradient.SGD,
    adaptive.AdamW,
    gradient.RMSprop,
    adaptive.Nadam,
    adaptive.Adamax,
    gradient.Adagrad,
    gradient.Adadelta,
    gradient.Lion,
    adaptive.Lamb,
    adaptive.Adafactor,
    adaptive.Muon,
    gradient.Ftrl,
)
