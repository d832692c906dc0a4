"""How good a model is on rows that it has not seen, and what a trivial one would reach."""

from models.evaluation.baseline import baseline, persistence, strongest
from models.evaluation.report import evaluate

__all__ = ["baseline", "evaluate", "persistence", "strongest"]
