"""The layer types of the catalogue: one class each, one file per family."""

from models.layers import (
    activation_layers,
    attention,
    axis_activations,
    axis_normalization,
    block,
    borders,
    conv_lstm,
    convolution,
    core,
    heads,
    io,
    learned_activations,
    masking,
    merging,
    normalization,
    pooling,
    positions,
    products,
    recurrent,
    regularization,
    reshaping,
    scaling,
    separable,
    sized_pooling,
    spectral,
    transposed,
    upsampling,
    wrappers,
)
from models.layers.base import Layer

_FAMILIES = (
    io,
    core,
    masking,
    scaling,
    activation_layers,
    axis_activations,
    learned_activations,
    regularization,
    normalization,
    axis_normalization,
    spectral,
    reshaping,
    borders,
    upsampling,
    convolution,
    transposed,
    separable,
    pooling,
    sized_pooling,
    recurrent,
    conv_lstm,
    wrappers,
    attention,
    heads,
    positions,
    merging,
    products,
    block,
)
LAYERS: dict[str, type[Layer]] = {
    layer.__name__: layer for family in _FAMILIES for layer in family.LAYERS
}
"""By type name, in the order of the palette. Each family lists its own at its end."""

GROUPS: dict[str, str] = {
    "Input and output": "io",
    "Core": "core",
    "Activation": "activation",
    "Regularization": "regularization",
    "Normalization": "normalization",
    "Reshaping": "reshaping",
    "Convolution": "convolution",
    "Pooling": "pooling",
    "Recurrent": "recurrent",
    "Attention": "recurrent",
    "Merging": "merging",
}
"""The palette's sections in order, each with its design token."""
