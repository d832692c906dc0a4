"""Where a Keras layer keeps its weights in an archive."""

from collections.abc import Iterator, Sequence

from models.call import Call
from models.export.keras_weights import Array

_PROJECTIONS = {"attention_output": "output_dense", "gate": "_gate_dense"}
"""Of an attention, the layers inside whose attribute is not called as their variables are."""
Home = tuple[str, Array]


def homes(made: Call, names: Sequence[str], arrays: Sequence[Array]) -> Iterator[Home]:
    """Yield the weights of a layer by their paths inside it.

    Args:
        made: the call that makes the layer.
        names: of its weights, as `KerasWeight` has them.
        arrays: the weights, in the order of Keras's.
    """
    kind = made.name.rpartition(".")[2]
    inner = next((value for value in made.args if isinstance(value, Call)), None)
    if kind == "Bidirectional" and inner is not None:
        half = len(arrays) // 2
        for way, part in (("forward_layer", slice(half)), ("backward_layer", slice(half, None))):
            yield from _under(way, homes(inner, names[part], arrays[part]))
    elif kind == "TimeDistributed" and inner is not None:
        yield from _under("layer", homes(inner, names, arrays))
    elif kind == "SpectralNormalization" and inner is not None:
        # The matrix is the wrapper's too.
        matrix, vector, *rest = arrays
        yield from _under("layer", homes(inner, [names[0], *names[2:]], [matrix, *rest]))
        yield from _numbered("vars", [matrix, vector.reshape(1, -1)])
    elif kind in ("LSTM", "GRU", "SimpleRNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"):
        yield from _numbered("cell/vars", arrays)
    elif any("/" in name for name in names):
        for room in dict.fromkeys(name.partition("/")[0] for name in names):
            own = [a for name, a in zip(names, arrays, strict=True) if name.startswith(f"{room}/")]
            home = _PROJECTIONS.get(room, f"{room}_dense")
            home = f"_{home.strip('_')}" if kind == "GroupQueryAttention" else home
            yield from _numbered(f"{home}/vars", own)
    else:
        yield from _numbered("vars", arrays)


def _under(room: str, inner: Iterator[Home]) -> Iterator[Home]:
    return ((f"{room}/{path}", array) for path, array in inner)


def _numbered(room: str, arrays: Sequence[Array]) -> Iterator[Home]:
    return ((f"{room}/{place}", array) for place, array in enumerate(arrays))
