"""Modules that PyTorch lacks. They are printed word for word into the source that is handed out.

So each stands on its own: it needs nothing but `torch`, `nn`, `F` and others of these.
"""

import ast
import inspect
from collections.abc import Iterable
from typing import Any

from models.modules.activations import (
    Exponential,
    Maxout,
    PReLU,
    ReLU,
    Softmax,
    Sparsemax,
    SparsePlus,
    SparseSigmoid,
    Squareplus,
)
from models.modules.attention import (
    AdditiveAttention,
    Attention,
    ConcatAttention,
    added,
    allowed_pairs,
)
from models.modules.convolution import SeparableConv1d, SeparableConv2d
from models.modules.embedding import Embedding
from models.modules.heads import AxesAttention, IntoHeads, MultiHeadAttention, OutOfHeads
from models.modules.initial import identity_, orthogonal_filters_, scaled_, seeded
from models.modules.masking import Masking, nothing_masked, where_differs
from models.modules.merging import (
    aligned_axes,
    batch_dot,
    masked_choice,
    masked_product,
    merged_by,
    with_axes,
    with_masks,
)
from models.modules.noise import (
    AlphaDropout,
    Dropout,
    GaussianDropout,
    GaussianNoise,
    Noise,
    scrambled,
)
from models.modules.normalization import (
    BatchNormalization,
    GroupNormalization,
    LayerNormalization,
    RMSNormalization,
    UnitNormalization,
)
from models.modules.optimizers import Adafactor, Ftrl, Lamb, Lion, Muon
from models.modules.pooling import GlobalAveragePooling1D
from models.modules.positions import PositionEmbedding, SinePositionEncoding
from models.modules.recurrent import GRU, LSTM, Recurrence, SimpleRNN
from models.modules.reshaping import Permute, RepeatVector
from models.modules.scaling import Normalization, Rescaling
from models.modules.spectral import SpectralNormalization
from models.modules.stepwise import ConvLSTM2d, Stepwise, StepwiseGRU, StepwiseLSTM, StepwiseRNN
from models.modules.time_first import (
    AdaptiveAvgPool1d,
    AdaptiveMaxPool1d,
    AvgPool1d,
    Conv1d,
    ConvTranspose1d,
    MaxPool1d,
    TimeFirst,
    Upsample1d,
)
from models.modules.weights import (
    ActivityPenalty,
    frozen,
    l1_penalty,
    l2_penalty,
    max_norm_,
    min_max_norm_,
    non_neg_,
    orthogonal_penalty,
    stacked_,
    unit_norm_,
)
from models.modules.wrappers import Bidirectional, TimeDistributed, steps_back, steps_first

OWN: dict[str, Any] = {
    thing.__name__: thing
    for thing in (
        *(Squareplus, SparsePlus, SparseSigmoid, Exponential, Sparsemax),
        *(ReLU, PReLU, Softmax, Maxout),
        BatchNormalization,
        *(LayerNormalization, RMSNormalization, GroupNormalization, UnitNormalization),
        SpectralNormalization,
        *(scrambled, Noise, Dropout, AlphaDropout, GaussianDropout, GaussianNoise),
        Embedding,
        *(Rescaling, Normalization),
        Masking,
        where_differs,
        nothing_masked,
        *(with_axes, aligned_axes, merged_by, with_masks, masked_product, masked_choice, batch_dot),
        Recurrence,
        SimpleRNN,
        LSTM,
        GRU,
        Stepwise,
        StepwiseRNN,
        StepwiseLSTM,
        StepwiseGRU,
        ConvLSTM2d,
        Bidirectional,
        *(steps_first, steps_back, TimeDistributed),
        TimeFirst,
        *(Conv1d, ConvTranspose1d, SeparableConv2d, SeparableConv1d),
        *(MaxPool1d, AvgPool1d, AdaptiveMaxPool1d, AdaptiveAvgPool1d),
        *(GlobalAveragePooling1D, Upsample1d, Permute, RepeatVector),
        *(Lion, Lamb, Adafactor, Ftrl, Muon),
        allowed_pairs,
        added,
        Attention,
        AdditiveAttention,
        ConcatAttention,
        IntoHeads,
        OutOfHeads,
        MultiHeadAttention,
        AxesAttention,
        PositionEmbedding,
        SinePositionEncoding,
        seeded,
        scaled_,
        identity_,
        orthogonal_filters_,
        frozen,
        *(l1_penalty, l2_penalty, orthogonal_penalty, ActivityPenalty),
        *(non_neg_, max_norm_, unit_norm_, min_max_norm_, stacked_),
    )
}
"""By the name that Calls use, each after what it needs."""


def source_of(name: str) -> str:
    """Return the source of one of our own modules or functions."""
    return inspect.getsource(OWN[name])


def needed(names: Iterable[str]) -> list[str]:
    """Return those of our own that are named, with the others that they need, in printing order."""
    wanted: set[str] = set()
    waiting = [name for name in names if name in OWN]
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting += _names_in(OWN[name]) & OWN.keys()
    return [name for name in OWN if name in wanted]


def _names_in(thing: Any) -> set[str]:
    """Return the names that the source of a class or function uses on their own, not as nn.Name."""
    tree = ast.parse(inspect.getsource(thing))
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
