"""Metrics that scikit-learn lacks, on arrays. Scripts bring along those that they use."""

import numpy as np


def percentage_error(expected, found):
    """Return the mean error in percent of what was expected, kept away from 0."""
    return np.mean(np.abs((found - expected) / np.maximum(np.abs(expected), 1e-7))) * 100


def logarithmic_error(expected, found):
    """Return the mean squared difference of log(1 + y); what is below 0 counts as 0."""
    expected, found = np.maximum(expected, 1e-7), np.maximum(found, 1e-7)
    return np.mean((np.log1p(found) - np.log1p(expected)) ** 2)


def log_cosh(expected, found):
    """Return the mean of log cosh e; e is the error."""
    error = found - expected
    return np.mean(np.logaddexp(error, -error)) - np.log(2)


def poisson(expected, found):
    """Return the mean of ŷ − y·log ŷ."""
    return np.mean(found - expected * np.log(found + 1e-7))


def correlation(expected, found):
    """Return Pearson's correlation; 0 where one of both is constant."""
    if np.ptp(expected) == 0 or np.ptp(found) == 0:
        return 0.0
    return np.corrcoef(expected, found)[0, 1]


def concordance(expected, found):
    """Return Lin's concordance correlation; 0 where both are one constant."""
    apart = np.var(expected) + np.var(found) + (np.mean(expected) - np.mean(found)) ** 2
    return 2 * np.cov(expected, found, bias=True)[0, 1] / apart if apart else 0.0


def label_accuracy(expected, found):
    """Return the share of all labels that are told rightly, as there or not there."""
    return np.mean(expected == found)


def told_apart(expected, shares):
    """Return both for the labels that some examples have and others lack, (N, those labels)."""
    kept = expected.min(axis=0) < expected.max(axis=0)
    return expected[:, kept], shares[:, kept]


def kl_divergence(expected, shares):
    """Return the mean over the examples of Σ y·log(y / ŷ); both are kept above 0."""
    right = np.clip(np.eye(shares.shape[1])[expected], 1e-7, 1)
    return np.mean(np.sum(right * np.log(right / np.clip(shares, 1e-7, 1)), axis=1))


def margins(expected, outputs):
    """Return y·ŷ, (N, outputs): y is 1 for what is right, otherwise −1."""
    one = outputs.shape[1] == 1
    right = expected[:, None] if one else np.eye(outputs.shape[1])[expected]
    return (2 * right - 1) * outputs


def hinge(expected, outputs):
    """Return the mean of max(1 − y·ŷ, 0)."""
    return np.mean(np.maximum(1 - margins(expected, outputs), 0))


def squared_hinge(expected, outputs):
    """Return the mean of max(1 − y·ŷ, 0)²."""
    return np.mean(np.maximum(1 - margins(expected, outputs), 0) ** 2)


def categorical_hinge(expected, outputs):
    """Return the mean of max(1 + max ŷ of the others, at least 0, − ŷ of the right one, 0)."""
    if outputs.shape[1] == 1:
        outputs = np.concatenate([1 - outputs, outputs], axis=1)
    right = np.eye(outputs.shape[1])[expected]
    best = np.max((1 - right) * outputs, axis=1)
    return np.mean(np.maximum(1 + best - np.sum(right * outputs, axis=1), 0))


def cosine_similarity(expected, shares):
    """Return the mean cosine of the angle to the right class."""
    lengths = np.maximum(np.linalg.norm(shares, axis=1), 1e-7)
    return np.mean(shares[np.arange(len(shares)), expected] / lengths)


def best_rate(expected, shares, wanted, given, least):
    """Return the best of one rate at any threshold where another is at least `least`.

    The rates are sensitivity, specificity and precision of the second of two classes.
    """
    order = np.argsort(-shares, kind="stable")
    shares, right = shares[order], expected[order] == 1
    # Equal shares are on the same side of every threshold; the first one is above them all.
    ends = np.append(shares[1:] != shares[:-1], True)
    hits, misses = (np.append(0, np.cumsum(these)[ends]) for these in (right, ~right))
    rates = {
        "sensitivity": hits / hits[-1],
        "specificity": 1 - misses / misses[-1],
        "precision": hits / np.maximum(hits + misses, 1),
    }
    fitting = rates[wanted][rates[given] >= least]
    return fitting.max() if len(fitting) else 0.0
