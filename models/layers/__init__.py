"""The layer types of the catalogue: one class each, one file per family."""

from models.layers.base import Layer
from models.layers.convolution import Conv2D
from models.layers.core import Activation, Dense, Embedding, Flatten
from models.layers.io import Input, Output
from models.layers.merging import Add, Concatenate
from models.layers.normalization import BatchNormalization
from models.layers.pooling import AveragePooling2D, MaxPooling2D
from models.layers.recurrent import GRU, LSTM, SimpleRNN
from models.layers.regularization import Dropout

LAYERS: dict[str, type[Layer]] = {
    layer.__name__: layer
    for layer in (
        Input,
        Output,
        Dense,
        Embedding,
        Activation,
        Dropout,
        BatchNormalization,
        Flatten,
        Conv2D,
        MaxPooling2D,
        AveragePooling2D,
        SimpleRNN,
        LSTM,
        GRU,
        Add,
        Concatenate,
    )
}
"""By type name, in the order of the palette."""

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
    "Merging": "merging",
}
"""The palette's sections in order, each with its design token."""
