"""From the printed name of a torch function or class to the thing itself."""

import operator
from functools import lru_cache, reduce
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from models.call import Call, Named
from models.modules import OWN

NAMESPACE: dict[str, Any] = {
    "torch": torch,
    "nn": nn,
    "F": functional,
    "operator": operator,
    **OWN,
}


@lru_cache(maxsize=1024)
def resolve(name: str) -> Any:
    """Return what a dotted name such as "nn.Linear" or "torch.optim.Adam" means."""
    first, *rest = name.split(".")
    return reduce(getattr, rest, NAMESPACE[first])


def make(call: Call, *args: Any, **kwargs: Any) -> Any:
    """Carry the call out, and first the calls among its arguments.

    `args` come before its own arguments, `kwargs` beside them.
    """
    own = [_made(value) for value in call.args]
    options = {name: _made(value) for name, value in call.kwargs.items()}
    return resolve(call.name)(*args, *own, **{**options, **kwargs})


def _made(value: Any) -> Any:
    if isinstance(value, Named):
        return resolve(value.name)
    return make(value) if isinstance(value, Call) else value
