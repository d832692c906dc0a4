"""The whole script in PyTorch: a plain training loop with the steps that a run takes."""

import ast
import inspect
import re
from typing import Any

from models.call import Call
from models.export import pytorch
from models.export.printed import Printed
from models.export.script import Asked, assembled, higher, unsaid, with_arguments
from models.modules import needed, source_of
from models.objectives import functions
from models.objectives.optimizers import Optimizer
from models.objectives.rates import RATES
from models.objectives.schedules import ReduceLROnPlateau
from models.resolve import resolve
from models.survey import survey


def script(asked: Asked) -> str:
    """Return a script that trains as a run of the recipe does.

    Raises:
        DocumentError: network, data or recipe do not suit, or the recipe has what a script cannot
            say; `where.path` names it.
    """
    criterion, loss = asked.criterion, asked.loss
    _check(asked)
    network, raw = pytorch.printed(
        asked.architecture, asked.interface, asked.recipe, criterion.from_logits
    )
    printed = loss.torch(raw)
    own = _functions(printed)
    facts = asked.facts()
    decay = _decay(asked.optimizer)
    optimizer = asked.optimizer.model_copy(update={"weight_decay": None}) if decay else None
    made = _without_defaults((optimizer or asked.optimizer).torch())
    extra = [source_of(name).rstrip() for name in needed(made.names())]
    rate = None
    if asked.schedule is not None and asked.schedule.watches() is None:
        told = asked.schedule.function()
        initial = repr(asked.optimizer.learning_rate)
        rate = with_arguments(told, f"step, steps, {initial}")
        extra.append(inspect.getsource(RATES[told.name]).rstrip())
    facts |= {
        "logits": raw,
        "threshold": criterion.threshold if raw else facts["threshold"],
        "two_columns": criterion.width == 1
        and criterion.classes is not None
        and loss.takes != "numbers",
        **_loss(printed),
        "of_batches": printed.name in ("dice", "tversky", "cosine_similarity"),
        "targets": _targets(asked),
        "apply": _applied(asked, raw),
        "penalized": any(part.startswith("def penalty(") for part in network.parts),
        "constrained": any("def constrain(" in part for part in network.parts),
        "optimizer": with_arguments(made, "parameters"),
        "unlike": (optimizer or asked.optimizer).unlike_torch(),
        "decay": decay,
        "rate": rate,
        "clip": _clip(asked.optimizer),
        "averaging": _averaging(asked.optimizer),
        "tolerance": asked.recipe.tolerance,
        **_watching(asked),
    }
    device = asked.recipe.device or "auto"
    chosen = '"cuda" if torch.cuda.is_available() else "cpu"' if device == "auto" else f'"{device}"'
    imports = {*network.imports, *asked.imports(), "import torch"}
    if "functional." in "".join((facts["loss"], facts["loss_each"], *own)):
        imports.add("from torch.nn import functional")
    if facts["stopping"]:
        imports.add("import copy")
    before = Printed(network.docstring, imports, [*own, *extra, *network.parts])
    return assembled(asked, before, facts, "pytorch", f"DEVICE = {chosen}\n")


def _check(asked: Asked) -> None:
    for monitor, field in asked.monitors:
        if monitor != "loss" and not monitor.startswith("val_"):
            raise unsaid(
                f"a value of the validation or the loss to watch in a script, got {monitor!r}",
                field,
                "monitor",
            )
    if asked.recipe.max_steps is not None:
        raise unsaid("epochs only, no max_steps, for a script", "max_steps")
    told = asked.optimizer.unsaid_in_torch()
    embeddings = survey(asked.architecture, asked.interface).layers.values()
    if told is None and asked.optimizer.tells_embeddings:
        told = next((type(e).__name__ for e in embeddings if e.reads_codes), None)
    if told is not None:
        raise unsaid(f"an optimizer that a script can write, got {told}", "optimizer")


def _without_defaults(made: Call) -> Call:
    """Return the call without arguments that are what they would be anyway."""
    known = inspect.signature(resolve(made.name)).parameters
    return Call(
        made.name,
        made.args,
        {key: value for key, value in made.kwargs.items() if value != known[key].default},
    )


def _loss(printed: Call) -> dict[str, Any]:
    """Return how the mean loss is told, and the losses of each example."""
    if printed.name.startswith("functional."):
        each = Call(printed.name, (), {**printed.kwargs, "reduction": "none"})
        by_column = printed.name != "functional.cross_entropy"
    else:
        each = Call(printed.name, (), {**printed.kwargs, "mean": False})
        by_column = False
    return {
        "loss": with_arguments(printed, "outputs, targets"),
        "loss_each": with_arguments(each, "outputs, targets"),
        "by_column": by_column,
    }


def _functions(printed: Call) -> list[str]:
    """Return the source of a loss of ours, and of what it calls."""
    if printed.name.startswith("functional."):
        return []
    wanted, waiting = {printed.name}, [printed.name]
    while waiting:
        tree = ast.parse(inspect.getsource(getattr(functions, waiting.pop())))
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        for name in names - wanted:
            if inspect.isfunction(getattr(functions, name, None)):
                wanted.add(name)
                waiting.append(name)
    known = {name: getattr(functions, name) for name in vars(functions) if name in wanted}
    sources = [inspect.getsource(function).rstrip() for function in known.values()]
    fuzz = [f"FUZZ = {functions.FUZZ}"] if any("FUZZ" in source for source in sources) else []
    return [*fuzz, *(re.sub(r"\bTensor\b", "torch.Tensor", source) for source in sources)]


def _targets(asked: Asked) -> str:
    criterion, loss = asked.criterion, asked.loss
    if loss.takes == "codes":
        return "truth"
    if criterion.width == 1 and loss.takes == "numbers":
        return "truth[:, None].float()"
    return "nn.functional.one_hot(truth, len(CLASSES)).float()"


def _applied(asked: Asked, raw: bool) -> str | None:
    """Return what makes probabilities of the outputs; None where they are some."""
    criterion = asked.criterion
    if not raw and not criterion.scores:
        return None
    sigmoid = criterion.width == 1 or (raw and criterion.loss.stable_after == "sigmoid")
    return "outputs.sigmoid()" if sigmoid else "outputs.softmax(dim=1)"


def _decay(optimizer: Optimizer) -> float | None:
    """Return the weight decay that PyTorch's optimizer would couple with the gradient."""
    return optimizer.weight_decay if optimizer.weight_decay and optimizer.couples else None


def _clip(optimizer: Optimizer) -> str | None:
    if optimizer.clipnorm is not None:
        return (
            "for weight in parameters:\n                "
            f"nn.utils.clip_grad_norm_(weight, {optimizer.clipnorm})"
        )
    if optimizer.clipvalue is not None:
        return f"nn.utils.clip_grad_value_(parameters, {optimizer.clipvalue})"
    if optimizer.global_clipnorm is not None:
        return f"nn.utils.clip_grad_norm_(parameters, {optimizer.global_clipnorm})"
    return None


def _averaging(optimizer: Optimizer) -> dict[str, Any] | None:
    if not optimizer.use_ema:
        return None
    share = f"1 - {optimizer.ema_momentum}"
    return {"share": share, "frequency": optimizer.ema_overwrite_frequency}


def _watching(asked: Asked) -> dict[str, Any]:
    rule, schedule = asked.recipe.stopping_rule, asked.schedule
    plateau = schedule if isinstance(schedule, ReduceLROnPlateau) else None
    return {
        "stopping": {
            "monitor": f'"{rule.monitor}"',
            "higher": higher(rule.monitor),
            "min_delta": rule.min_delta,
            "patience": rule.patience,
            "restore": rule.restore_best,
        }
        if rule
        else None,
        "plateau": with_arguments(plateau.torch(), "optimizer") if plateau else None,
        "plateau_monitor": f'"{plateau.monitor}"' if plateau else None,
    }
