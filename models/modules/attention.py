"""Attention as Keras has it: every query gathers values, by how well their keys fit it."""

import torch
from torch import nn
from torch.nn import functional as F


def allowed_pairs(queries, values, query_mask, value_masks, causal, window=None):
    """Return which queries may look at which values, (batch or 1, queries or 1, values).

    None where all may look at all. Masks are (batch, queries) and (batch, values), or None.
    """
    found = [mask.unsqueeze(1) for mask in value_masks if mask is not None]
    if query_mask is not None:
        found.append(query_mask.unsqueeze(2))
    if causal or window is not None:
        place = torch.arange(max(queries.shape[1], values.shape[1]), device=queries.device)
        ahead = place[None, : queries.shape[1], None] - place[: values.shape[1]]
        if causal:
            found.append(ahead >= 0)
        if window is not None:
            found.append(ahead.abs() < window)
    if not found:
        return None
    allowed = found[0]
    for other in found[1:]:
        allowed = allowed & other
    return allowed


def added(allowed, scores, low):
    """Return what is added to scores: nothing where a pair is allowed, `low` where it is not."""
    return torch.zeros_like(allowed, dtype=scores.dtype).masked_fill(~allowed, low)


class Attention(nn.Module):
    """Attention without projections (Luong): scores are products of queries and keys.

    (batch, queries, features), (batch, values, features) → (batch, queries, features of values).
    Without values, queries look at each other; without keys, values are their own. A query that
    `query_mask` leaves out gets zeros.
    """

    def __init__(self, use_scale=False, dropout=0.0, causal=False):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(())) if use_scale else None
        self.dropout, self.causal = dropout, causal

    def forward(self, query, value=None, key=None, query_mask=None, value_mask=None):
        if value is None:
            value, value_mask = query, query_mask
        key = value if key is None else key
        allowed = allowed_pairs(query, value, None, [value_mask], self.causal)
        result = self.attend(query, key, value, allowed)
        if query_mask is None:
            return result
        return torch.where(query_mask.unsqueeze(2), result, 0.0)

    def attend(self, query, key, value, allowed):
        bias = None if allowed is None else added(allowed, query, -1e9)
        dropout = self.dropout if self.training else 0.0
        query = query if self.scale is None else query * self.scale
        # As a single head: attention without an axis of heads cannot be exported to ONNX.
        bias = bias if bias is None else bias.unsqueeze(1)
        heads = (entry.unsqueeze(1) for entry in (query, key, value))
        return F.scaled_dot_product_attention(*heads, bias, dropout, scale=1.0).squeeze(1)


class AdditiveAttention(Attention):
    """Attention without projections (Bahdanau): scores are sums of tanh(query + key), weighted.

    With `units` there is a learned weight for each feature.
    """

    def __init__(self, units=None, dropout=0.0, causal=False):
        super().__init__(dropout=dropout, causal=causal)
        self.scale = None if units is None else nn.Parameter(torch.ones(units))

    def attend(self, query, key, value, allowed):
        scores = self.scores(query.unsqueeze(2), key.unsqueeze(1))
        if allowed is not None:
            scores = scores + added(allowed, scores, -1e9)
        weights = F.dropout(scores.softmax(-1), self.dropout, self.training)
        return weights @ value

    def scores(self, query, key):
        terms = torch.tanh(query + key)
        return (terms if self.scale is None else terms * self.scale).sum(-1)


class ConcatAttention(AdditiveAttention):
    """Attention without projections, score_mode "concat": weighted sums of tanh(query + key)."""

    def __init__(self, use_scale=False, dropout=0.0, causal=False):
        super().__init__(dropout=dropout, causal=causal)
        self.scale = nn.Parameter(torch.ones(())) if use_scale else None
        self.concat_score_weight = nn.Parameter(torch.ones(()))

    def scores(self, query, key):
        sums = query + key
        terms = torch.tanh(sums if self.scale is None else sums * self.scale)
        return self.concat_score_weight * terms.sum(-1)
