"""Merging that operators do not do: inputs of other ranks, masks, products along axes."""

import torch
from torch.nn import functional as F


def aligned_axes(values):
    """Give all values as many axes as the longest has: of size 1, after the batch in Keras's order.

    Keras has channels last. Here those of three axes or more have them first.
    """
    most = max(value.dim() for value in values)
    return [with_axes(value, most) for value in values]


def with_axes(x, count):
    """Return a value with this many axes, the batch's included; see `aligned_axes`."""
    if x.dim() == 3 and count > 3:
        x = x.transpose(1, 2)
    while x.dim() < count:
        x = x.unsqueeze(2 if count > 3 else 1)
    return x


def merged_by(values, function):
    """Return a function of two tensors carried out between all values, once they are aligned."""
    first, *rest = aligned_axes(values)
    for value in rest:
        first = function(first, value)
    return first


def with_masks(values, masks):
    """Return pairs of aligned values and their masks, which get an axis for the features, or None.

    The mask of a value that lacks axes is left out. `masks` has the mask of the first value,
    (batch, *positions), as "mask_1", and so on.
    """
    most = max(value.dim() for value in values)
    pairs = []
    for number, value in enumerate(values, 1):
        mask = masks.get(f"mask_{number}") if value.dim() == most else None
        if mask is not None:
            mask = mask.unsqueeze(2 if most == 3 else 1)
        pairs.append((with_axes(value, most), mask))
    return pairs


def masked_product(values, **masks):
    """Return the product of values as Keras has it: a masked position counts as 1.

    Where all values have masks, positions that none of them counts are 0.
    """
    pairs = with_masks(values, masks)
    given = [value if mask is None else torch.where(mask, value, 1.0) for value, mask in pairs]
    product, found = merged_by(given, torch.mul), [mask for _, mask in pairs if mask is not None]
    if len(found) < len(pairs):
        return product
    return torch.where(merged_by(found, torch.logical_or), product, 0.0)


def masked_choice(values, choose, **masks):
    """Return the largest or smallest of values as Keras has it: masked positions give way.

    Only as long as every value so far has had a mask does one give way to a later value.
    """
    (chosen, counted), *rest = with_masks(values, masks)
    for value, mask in rest:
        if mask is not None:
            value = torch.where(mask, value, chosen)
        if counted is not None:
            chosen = torch.where(counted, chosen, value)
        counted = None if mask is None or counted is None else counted | mask
        chosen = choose(chosen, value)
    return chosen


def batch_dot(x, y, equation, normalized=None):
    """Return the sums of products that einsum's equation tells of; of two rows, (batch, 1).

    With `normalized`, vectors along these axes of x and y are first scaled to length 1.
    """
    if normalized is not None:
        x, y = (F.normalize(v, dim=a, eps=1e-7) for v, a in zip((x, y), normalized, strict=True))
    result = torch.einsum(equation, x, y)
    return result.unsqueeze(1) if result.dim() == 1 else result
