"""Cases whose Keras network is the one that our layers describe themselves."""

from typing import Any

from models.network import Network
from models.parse import parse
from tests.models.documents import chain
from tests.models.layers.twins import keras_model
from tests.models.training.cases import Case, Layers


class Described(Case):
    """A chain of layers, on data as that of the other cases."""

    def in_keras(self, network: Network) -> Any:
        """Return Keras's network, with the weights that ours has now."""
        return keras_model(parse(chain(*self.layers, shape=list(self.input_shape))), network)


def described(name: str, *layers: tuple[str, dict[str, Any]], shape: Any = (6,)) -> Described:
    """Return a case of these layers, and a last one that tells three classes apart."""
    last = ("Dense", {"units": 3, "activation": "softmax"})
    given: Layers = [*layers, last]
    return Described(name, shape, 3, given, _none, _none)


def _none() -> Any:
    raise NotImplementedError("Keras's network follows from the layers")
