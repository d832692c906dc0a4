"""The whole script in PyTorch: a plain training loop with the steps that a run takes."""

import inspect
import re
from collections.abc import Sequence
from typing import Any

from models.call import Call
from models.export import pytorch, script_augment
from models.export.brought import brought
from models.export.printed import Printed
from models.export.script import Asked, assembled, higher, with_arguments
from models.export.script_output import ScriptOutput
from models.modules import needed, source_of
from models.objectives import functions
from models.objectives.optimizers import Optimizer
from models.objectives.rates import RATES
from models.objectives.schedules import ReduceLROnPlateau
from models.resolve import resolve
from models.survey import survey
from models.training.augment import own_seed


def script(asked: Asked) -> str:
    """Return a script that trains as a run of the recipe does.

    Raises:
        DocumentError: network, data or recipe do not suit, or the recipe has what a script cannot
            say; `where.path` names it.
    """
    outputs = asked.outputs
    wanted = frozenset(output.aim.place for output in outputs if output.criterion.from_logits)
    network, raw = pytorch.printed(asked.architecture, asked.interface, asked.recipe, wanted)
    told = [_output(output, output.aim.place in raw) for output in outputs]
    own = _functions([output.loss.torch(output.aim.place in raw) for output in outputs])
    facts, precision = asked.facts(), asked.recipe.precision
    decay = _decay(asked.optimizer)
    optimizer = asked.optimizer.model_copy(update={"weight_decay": None}) if decay else None
    made = _without_defaults((optimizer or asked.optimizer).torch())
    groups = _groups(asked)
    extra = [source_of(name).rstrip() for name in needed(made.names())]
    rate = None
    if asked.schedule is not None and asked.schedule.watches() is None:
        function = asked.schedule.function()
        initial = repr(asked.optimizer.learning_rate)
        rate = with_arguments(function, f"step, steps, {initial}")
        extra.append(inspect.getsource(RATES[function.name]).rstrip())
    several = len(outputs) > 1
    scale = ", scales" if several else ", scale"
    powers = [2 if output["root"] else 1 for output in told]
    facts |= {
        "outputs": told,
        "weighs": facts["weight"] or any(output["weighted"] for output in told),
        "scale_name": scale if facts["any_standardised"] else "",
        "powers": (1, *powers) if several and 2 in powers else None,
        "penalized": any(part.startswith("def penalty(") for part in network.parts),
        "constrained": any("def constrain(" in part for part in network.parts),
        "optimizer": with_arguments(made, "groups" if groups else "parameters"),
        "groups": groups,
        "unlike": (optimizer or asked.optimizer).unlike_torch(),
        "decay": decay,
        "rate": rate,
        "clip": _clip(asked.optimizer),
        "averaging": _averaging(asked.optimizer),
        "accumulated": asked.optimizer.gradient_accumulation_steps,
        "drawn": own_seed(asked.recipe.seed or 0) if asked.augmentations else None,
        "mixes": script_augment.mixes(asked.augmentations),
        "autocast": f"torch.{precision}" if precision in ("bfloat16", "float16") else None,
        "scales_loss": precision == "float16",
        **_watching(asked),
    }
    device = asked.recipe.device or "auto"
    chosen = '"cuda" if torch.cuda.is_available() else "cpu"' if device == "auto" else f'"{device}"'
    imports = {*network.imports, *asked.imports(), "import torch", "from torch import nn"}
    imports.add("from torch.nn import functional as F")
    own += script_augment.torch_functions(asked.augmentations)
    if facts["mixes"]:
        imports.add("from typing import NamedTuple")
    if facts["stopping"]:
        imports.add("import copy")
    before = Printed(network.docstring, imports, [*own, *extra, *network.parts])
    return assembled(asked, before, facts, "pytorch", f"DEVICE = {chosen}\n")


def _groups(asked: Asked) -> dict[str, str] | None:
    """Return which weights the optimizer is given in a group of their own, if any."""
    apart = asked.optimizer.apart()
    layers = survey(asked.architecture, asked.interface).layers.values()
    conditions = [f'{part!r} in name.rpartition(".")[0]' for part in apart.layers]
    if apart.embeddings and any(layer.reads_codes for layer in layers):
        conditions.append(
            'isinstance(network.get_submodule(name.rpartition(".")[0]), nn.Embedding)'
        )
    if not conditions:
        return None
    return {
        "comment": f"# {apart.comment}.",
        "condition": " or ".join(conditions),
        "option": f'"{apart.option}": True',
    }


def _without_defaults(made: Call) -> Call:
    """Return the call without arguments that are what they would be anyway."""
    known = inspect.signature(resolve(made.name)).parameters
    return Call(
        made.name,
        made.args,
        {key: value for key, value in made.kwargs.items() if value != known[key].default},
    )


def _output(output: ScriptOutput, raw: bool) -> dict[str, Any]:
    """Return what the template asks of an Output; `raw` tells whether it gives logits."""
    criterion, facts = output.criterion, output.facts()
    applied = _applied(output, raw)
    return {
        **facts,
        **_loss(output.loss.torch(raw)),
        "logits": raw,
        "two_columns": criterion.width == 1
        and criterion.classes is not None
        and output.loss.takes != "numbers",
        "threshold": criterion.threshold if raw else 0.0 if criterion.scores else 0.5,
        "targets": _targets(output),
        "codes": output.loss.takes == "codes",
        "apply": applied if raw or criterion.scores else None,
        "activate": applied if raw else None,
    }


def _loss(printed: Call) -> dict[str, Any]:
    """Return how the mean loss is told, and the losses of each example."""
    if printed.name.startswith("F."):
        each = Call(printed.name, (), {**printed.kwargs, "reduction": "none"})
        by_column = printed.name != "F.cross_entropy"
    else:
        each = Call(printed.name, (), {**printed.kwargs, "mean": False})
        by_column = False
    return {
        "loss": with_arguments(printed, "outputs, targets"),
        "loss_each": with_arguments(each, "outputs, targets"),
        "by_column": by_column,
        "of_batches": printed.name in ("dice", "tversky", "cosine_similarity"),
    }


def _functions(printed: Sequence[Call]) -> list[str]:
    """Return the source of losses of ours, and of what they call."""
    names = (call.name for call in printed if not call.name.startswith("F."))
    sources = brought(functions, names)
    fuzz = [f"FUZZ = {functions.FUZZ}"] if any("FUZZ" in source for source in sources) else []
    return [*fuzz, *(re.sub(r"\bTensor\b", "torch.Tensor", source) for source in sources)]


def _targets(output: ScriptOutput) -> str:
    """Return what the loss compares with, as source."""
    criterion, loss = output.criterion, output.loss
    place = f"[{output.aim.place}]" if output.aim.named else ""
    if output.several:
        return f"truth{place}.float()"
    if output.standardised:
        scale = f"scales{place}" if output.aim.named else "scale"
        return f"((truth{place} - {scale}[0]) / {scale}[1]).float()[:, None]"
    if loss.takes == "codes":
        return f"truth{place}"
    if criterion.width == 1 and loss.takes == "numbers":
        return f"truth{place}[:, None].float()"
    return f"F.one_hot(truth{place}, len({output.classes})).float()"


def _applied(output: ScriptOutput, raw: bool) -> str:
    """Return what makes probabilities of scores."""
    criterion = output.criterion
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
