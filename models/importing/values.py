"""A layer's parameters from its Keras configuration, by what its type declares."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from models.layers import LAYERS, Layer
from models.layers.inner import OneLayer, written
from models.layers.one_of import OneOf, Part
from models.wording import show

_OF_NO_MATTER = frozenset(
    {
        "name",
        "dtype",
        "batch_input_shape",
        "input_shape",
        "input_length",
        "implementation",
        "unroll",
        "use_cudnn",
        "seed",
        "sparse",
        "ragged",
        "autocast",
        "noise_shape",
        "build_config",
    }
)
"""What changes no number, or says again what is known."""
_MAX_DEPTH = 8


@dataclass
class Read:
    """A layer, and for each parameter that could not be carried over why."""

    layer: Layer
    lost: list[str] = field(default_factory=list)


def layer_of(kind: str, config: Mapping[str, Any], depth: int = 0) -> Read | None:
    """Return the layer that a configuration means; None where there is no such type here."""
    declared = LAYERS.get(kind)
    if declared is None or declared.role != "layer" or depth > _MAX_DEPTH:
        return None
    params: dict[str, Any] = {}
    lost: list[str] = []
    for key, value in config.items():
        if key in declared.model_fields:
            params[key] = _value(declared, key, value, lost, depth)
        elif not _is_neutral(key, value) and not declared.says_again(key, config):
            lost.append(f"{show(key)}={show(value)} has no place here.")
    while True:
        try:
            return Read(declared.model_validate(params), lost)
        except ValidationError as error:
            wrong = {str(detail["loc"][0]): detail for detail in error.errors() if detail["loc"]}
            if not wrong.keys() & params.keys():
                return None
            for key, detail in wrong.items():
                given = params.pop(key, None)
                if (code := _code(key, config.get(key))) is not None:
                    rest = ", or put a layer behind it that computes the same"
                    lost.append(
                        f"{show(key)} is {code}: {_usual(declared, key)} stands for it. Choose "
                        f"what comes nearest{rest if key == 'activation' else ''}."
                    )
                else:
                    lost.append(f"{show(key)}={show(given)} does not fit here: {detail['msg']}.")


def _code(key: str, value: Any) -> str | None:
    """Return what function or class a value is that there is not here; None for plain values."""
    if isinstance(value, str) and key.endswith("activation"):
        return f"the function {show(value)}, which there is not here"
    if not isinstance(value, Mapping):
        return None
    kind, module = value.get("class_name"), str(value.get("module"))
    if kind == "function" and isinstance(value.get("config"), str):
        return f"the function {show(value['config'])}, code of its own that no file holds"
    if kind in (None, "__lambda__"):
        return "a lambda, and no code of a file is run"
    if module.split(".")[0] in ("keras", "builtins"):
        return f"{show(kind)} of Keras, which there is not here"
    name = value.get("registered_name") or kind
    return f"the class {show(name)}, code of its own that no file holds"


def _usual(declared: type[Layer], key: str) -> str:
    """Return what a parameter is where nobody says."""
    default = declared.model_fields[key].get_default(call_default_factory=True)
    if isinstance(default, Layer):
        return type(default).__name__
    return "none" if default is None else str(getattr(default, "name", default))


def _is_neutral(key: str, value: Any) -> bool:
    if key in _OF_NO_MATTER or value in (None, False, [], {}):
        return True
    # What has no weights cannot be frozen.
    return (key, value) in (("trainable", True), ("data_format", "channels_last"), ("groups", 1))


def _value(declared: type[Layer], key: str, value: Any, lost: list[str], depth: int) -> Any:
    """Return a value as documents have it."""
    if isinstance(value, list):
        return [_value(declared, key, entry, lost, depth) for entry in value]
    if not isinstance(value, Mapping):
        return value
    kind, config = value.get("class_name"), value.get("config")
    if kind == "__tuple__":
        return value.get("items")
    if kind == "function":
        return config if isinstance(config, str) else None
    choice = next(
        (entry for entry in declared.model_fields[key].metadata if isinstance(entry, OneOf)), None
    )
    config = config if isinstance(config, Mapping) else {}
    if choice is None or not isinstance(kind, str):
        return value
    if isinstance(choice, OneLayer):
        own = {name: entry for name, entry in config.items() if name not in declared.sets_inside}
        inner = layer_of(kind, own, depth + 1)
        if inner is None:
            return {"type": kind}
        lost += inner.lost
        return written(inner.layer)
    parts = [part for part in choice.known.values() if part.__name__ == kind]
    if not parts or not issubclass(parts[0], Part):
        return {"type": kind}
    fields = parts[0].model_fields
    given = {
        name: _plain(entry)
        for name, entry in config.items()
        if name in fields and entry is not None
    }
    return {"type": parts[0].name, **given}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping) and value.get("class_name") == "__tuple__":
        return value.get("items")
    return value
