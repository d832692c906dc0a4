"""Multi-head attention as Keras has it."""

# Images take no masks.
# pyright: reportIncompatibleMethodOverride=false

import torch
from torch import nn
from torch.nn import functional as F

from models.modules.attention import added, allowed_pairs


class IntoHeads(nn.Module):
    """A projection for every head: (batch, positions, features) → (batch, heads, positions, size).

    Weights have Keras's axes in reverse, so that what is said of an axis there holds here too.
    """

    def __init__(self, features, heads, size, bias=True):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(size, heads, features))
        self.bias = nn.Parameter(torch.empty(size, heads)) if bias else None

    def forward(self, x):
        weight = self.weight.transpose(0, 1)
        bias = None if self.bias is None else self.bias.T.flatten()
        sums = F.linear(x, weight.flatten(0, 1), bias)
        return sums.unflatten(-1, weight.shape[:2]).transpose(1, 2)


class OutOfHeads(nn.Module):
    """A projection of all heads: (batch, heads, positions, size) → (batch, positions, outputs)."""

    def __init__(self, heads, size, outputs, bias=True):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(outputs, size, heads))
        self.bias = nn.Parameter(torch.empty(outputs)) if bias else None

    def forward(self, x):
        weight = self.weight.transpose(1, 2).flatten(1)
        return F.linear(x.transpose(1, 2).flatten(2), weight, self.bias)


class MultiHeadAttention(nn.Module):
    """Several attentions side by side, each with projections of its own ("heads").

    (batch, queries, features), (batch, values, value_features), keys likewise →
    (batch, queries, outputs). Without values, queries look at each other; without keys, values are
    their own. With fewer `groups` than heads, neighbouring heads share keys and values. With
    `gate`, a sigmoid of the query weighs what each head gathers.
    """

    def __init__(
        self,
        features,
        outputs,
        num_heads,
        key_dim,
        value_dim,
        value_features=None,
        key_features=None,
        groups=None,
        bias=True,
        dropout=0.0,
        causal=False,
        window=None,
        gate=False,
    ):
        super().__init__()
        groups = num_heads if groups is None else groups
        value_features = features if value_features is None else value_features
        key_features = value_features if key_features is None else key_features
        self.shared = num_heads // groups
        self.dropout, self.causal, self.window = dropout, causal, window
        self.query = IntoHeads(features, num_heads, key_dim, bias)
        self.key = IntoHeads(key_features, groups, key_dim, bias)
        self.gate = IntoHeads(features, num_heads, value_dim, bias) if gate else None
        self.value = IntoHeads(value_features, groups, value_dim, bias)
        self.attention_output = OutOfHeads(num_heads, value_dim, outputs, bias)

    def forward(self, query, value=None, key=None, query_mask=None, value_mask=None, key_mask=None):
        if value is None:
            value, value_mask = query, query_mask
        key = value if key is None else key
        allowed = None
        if not self.causal_alone(query_mask, value_mask, key_mask):
            masks = [value_mask, key_mask]
            allowed = allowed_pairs(query, value, query_mask, masks, self.causal, self.window)
        heads = self.attend(self.query(query), self.key(key), self.value(value), allowed)
        if self.gate is not None:
            heads = heads * torch.sigmoid(self.gate(query))
        return self.attention_output(heads)

    def causal_alone(self, *masks):
        """Return whether nothing but the order forbids a look; torch has a faster way for that."""
        return self.causal and self.window is None and all(mask is None for mask in masks)

    def attend(self, query, key, value, allowed):
        if self.shared > 1:
            key, value = (x.repeat_interleave(self.shared, 1) for x in (key, value))
        bias = None
        if allowed is not None:
            # Finite, so that a query that may look at nothing gets no NaN.
            bias = added(allowed, query, 0.7 * torch.finfo(query.dtype).min).unsqueeze(1)
        dropout = self.dropout if self.training else 0.0
        causal = self.causal and allowed is None
        return F.scaled_dot_product_attention(query, key, value, bias, dropout, causal)


class AxesAttention(MultiHeadAttention):
    """Multi-head attention between positions of images or volumes, (batch, channels, *positions).

    Positions look at those that differ from them only along `axes`.
    """

    def __init__(self, *args, axes, **options):
        super().__init__(*args, **options)
        self.axes = axes

    def forward(self, query, value=None, key=None):
        others = [self.in_row(x) for x in (value, key) if x is not None]
        result = super().forward(self.in_row(query), *others)
        order = self.order(query)
        shape = [query.shape[axis] for axis in order[:-1]]
        back = sorted(range(len(order)), key=order.__getitem__)
        return result.reshape(*shape, -1).permute(back)

    def order(self, x):
        """Return the axes in the order batch, those apart, those together, channels."""
        apart = [axis for axis in range(2, x.dim()) if axis not in self.axes]
        return [0, *apart, *self.axes, 1]

    def in_row(self, x):
        """Return x as (batch and axes apart, positions that look at each other, channels)."""
        together = x.dim() - 1 - len(self.axes)
        return x.permute(self.order(x)).flatten(together, -2).flatten(0, together - 1)
