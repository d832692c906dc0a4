"""How much a column tells of a target: mutual information, and whether it tells all."""

import numpy as np
import polars as pl

from models.data.columns import numbers
from models.data.dates import seconds_of
from models.data.description import Column
from models.data.kinds import as_text
from models.data.target import NUMERIC

BINS = 10
"""Numbers are cut at these quantiles, so that each bin holds about as many rows."""
ROWS = 20_000
"""Of larger tables so many rows, spread evenly, tell as much."""


def binned(values: pl.Series, column: Column) -> np.ndarray:
    """Return a whole number for each row, int64 (N,), the same for rows that are alike; −1 missing.

    Categories, and numbers of few values, are taken as they are; other numbers and dates by their
    decile.
    """
    if column.kind == "date":
        values = seconds_of(as_text(values), column.date_format or "")
    elif column.kind in NUMERIC:
        values = numbers(values)
    if values.dtype == pl.String or column.unique <= 2 * BINS:
        codes = values.rank("dense").cast(pl.Int64) - 1
        return codes.fill_null(-1).to_numpy()
    raw = values.to_numpy().astype(np.float64)
    known = np.isfinite(raw)
    edges = np.quantile(raw[known], np.linspace(0, 1, BINS + 1)[1:-1]) if known.any() else []
    codes = np.searchsorted(np.unique(edges), raw, side="right")
    return np.where(known, codes, -1)


def mutual_information(x: np.ndarray, y: np.ndarray) -> float:
    """Return the mutual information of two columns of whole numbers, in nats, from their counts.

    I(x, y) = Σ p(x, y) · ln(p(x, y) / (p(x) · p(y))), as scikit-learn's `mutual_info_score`.
    """
    return max(0.0, entropy(x) + entropy(y) - entropy(_paired(x, y)))


def entropy(x: np.ndarray) -> float:
    """Return the entropy of a column of whole numbers, in nats: −Σ p(x) · ln p(x)."""
    if not len(x):
        return 0.0
    counts = np.unique(x, return_counts=True)[1]
    shares = counts / len(x)
    return float(-(shares * np.log(shares)).sum())


def told(x: np.ndarray, y: np.ndarray) -> float:
    """Return the share, from 0 to 1, of a target's uncertainty that a column takes away.

    That is the uncertainty coefficient I(x, y) / H(y), where both are taken less what as many
    random values would seem to tell: (|x| − 1) · (|y| − 1) / 2N nats, after Miller (1955).
    """
    both = (x >= 0) & (y >= 0)
    x, y = x[both], y[both]
    if not len(x):
        return 0.0
    chance = (len(np.unique(x)) - 1) * (len(np.unique(y)) - 1) / (2 * len(x))
    whole = entropy(y) - chance
    return min(1.0, max(0.0, (mutual_information(x, y) - chance) / whole)) if whole > 0 else 0.0


def _paired(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return one whole number for each pair of values."""
    _, codes = np.unique(y, return_inverse=True)
    return x.astype(np.int64) * (int(codes.max(initial=0)) + 1) + codes
