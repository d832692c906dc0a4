"""The whole script in Keras: compile, fit, evaluate, predict."""

import inspect
import re
from typing import Any

from models.call import Call, Named
from models.export import keras, script_augment
from models.export.printed import Printed
from models.export.script import Asked, assembled, higher, unsaid, with_arguments
from models.export.script_output import ScriptOutput
from models.objectives.rates import RATES


def script(asked: Asked) -> str:
    """Return a script that trains as a run of the recipe does.

    Raises:
        DocumentError: network, data or recipe do not suit, or the recipe has what Keras cannot say;
            `where.path` names it.
    """
    _check_accumulation(asked)
    excluded = tuple(getattr(asked.optimizer, "exclude_layers", ()))
    network, names = keras.named(asked.architecture, asked.interface, asked.recipe, bool(excluded))
    mixes = script_augment.mixes(asked.augmentations)
    told = [_output(output, mixes) for output in asked.outputs]
    facts, precision = asked.facts(), asked.recipe.precision
    optimizer, callbacks, extra = _optimizer(asked, _excluded(excluded, names))
    rate = next((entry for entry in callbacks if entry.startswith("Rate(")), None)
    watches_scores = _watches_scores(asked, names, mixes)
    given = ", scales" if len(told) > 1 else ", scale"
    given = given if facts["any_standardised"] else ""
    if watches_scores:
        callbacks.insert(0, _scores(facts, len(told), given))
    callbacks += ["Steps(steps)"] if asked.recipe.max_steps else []
    callbacks += ["Tolerance()"] if asked.recipe.tolerance else []
    callbacks += _stopping(asked)
    schedule = asked.schedule.function() if rate and asked.schedule else None
    initial = repr(asked.optimizer.learning_rate)
    stepped = any("steps" in name for name in optimizer.names())
    facts |= {
        "outputs": told,
        "weighs": facts["weight"] or any(output["weighted"] for output in told),
        "any_root": any(output["root"] for output in told),
        "any_both": any(output["both"] for output in told),
        "compiled": any(output["compiled"] for output in told),
        "watches_scores": watches_scores,
        "optimizer": str(optimizer),
        "rate": with_arguments(schedule, f"self.step, self.steps, {initial}") if schedule else None,
        "uses_steps": rate is not None or bool(asked.recipe.max_steps) or stepped,
        "callbacks": ", ".join(callbacks),
        **script_augment.keras_facts(asked.augmentations, len(told)),
        "policy": f"mixed_{precision}" if precision in ("bfloat16", "float16") else None,
        "accumulated": asked.optimizer.gradient_accumulation_steps,
    }
    imports = network.imports | asked.imports()
    changed = facts["own_layers"] or any(step["layers"] for step in facts["batches"])
    if facts["any_root"] or facts["any_both"] or asked.recipe.tolerance or changed:
        imports |= {"from keras import ops"}
    body = Printed(network.docstring, _joined(imports), [*extra, *network.parts])
    return assembled(asked, body, facts, "keras")


def _check_accumulation(asked: Asked) -> None:
    """Check that gradients are gathered only where Keras counts steps as a run does.

    Raises:
        DocumentError: something is done at every batch that a run does at every step.
    """
    if asked.optimizer.gradient_accumulation_steps is None:
        return
    watching = asked.schedule is None or asked.schedule.watches() is not None
    by_batch = {
        "batch_size": "no full batch" * (asked.recipe.batch_size == "all"),
        "optimizer": "no moving average of the weights" * asked.optimizer.use_ema,
        "schedule": "no schedule" * (not watching),
        "max_steps": "no max_steps" * (asked.recipe.max_steps is not None),
        "tolerance": "no tolerance" * (asked.recipe.tolerance is not None),
    }
    for field, expected in by_batch.items():
        if expected:
            raise unsaid(
                f"{expected} beside gradient_accumulation_steps in a Keras script, where it would "
                "follow every batch instead of every step",
                field,
            )


def _joined(imports: set[str]) -> set[str]:
    """Return the imports with one line for all that comes from Keras."""
    head = "from keras import "
    names = {
        name for line in imports if line.startswith(head) for name in line[len(head) :].split(", ")
    }
    rest = {line for line in imports if not line.startswith(head)}
    return rest | {head + ", ".join(sorted(names))}


def _output(output: ScriptOutput, mixes: bool) -> dict[str, Any]:
    """Return what the template asks of an Output; `mixes` tells whether examples are mixed."""
    criterion, loss = output.criterion, output.loss
    both = criterion.width == 1 and output.classes is not None and criterion.loss.takes != "numbers"
    printed = loss.keras()
    if mixes and isinstance(printed, Call):
        # What is expected of mixed examples are shares of classes.
        printed = Call(printed.name.replace("Sparse", ""), printed.args, printed.kwargs)
    if both and isinstance(printed, Call):
        # Of both classes' probabilities, codes and distributions are compared alike.
        name = printed.name.replace("Sparse", "")
        printed = Call("OfBoth", (Call(name, printed.args, printed.kwargs),))
    return {
        **output.facts(),
        "loss": f"{printed}()" if isinstance(printed, Named) else str(printed),
        "both": both,
        "compiled": ", ".join(f'"{name}"' for name in _compiled(output, mixes)),
        "threshold": 0.0 if criterion.scores else 0.5,
        "targets": _targets(output, mixes),
        "apply": _applied(output),
    }


def _compiled(output: ScriptOutput, mixes: bool) -> list[str]:
    """Return the metrics that Keras tells after each epoch."""
    if mixes and (output.several or output.criterion.width == 1):
        # No answer of yes or no equals a share.
        return []
    metrics = [metric for metric, _ in output.metrics]
    names = [one.keras_of_labels() if output.several else one.keras() for one in metrics]
    return [name for name in names if isinstance(name, str)]


def _watches_scores(asked: Asked, names: keras.Names, mixes: bool) -> bool:
    """Return whether something watches a metric of the validation that Keras does not tell.

    Raises:
        DocumentError: it watches what is not told.
    """
    told = {"loss"}
    scored = set()
    for output in asked.outputs:
        aim = output.aim
        scored |= {f"val_{aim.prefix}{metric.label}" for metric, _ in output.metrics}
        if not aim.named or aim.name in names.outputs:
            told |= {aim.prefix + name for name in ("loss", *_compiled(output, mixes))}
    told |= {f"val_{name}" for name in told}
    needed = False
    for monitor, field in asked.monitors:
        if monitor in told:
            continue
        if monitor not in scored:
            raise unsaid(
                f"one of {', '.join(sorted(told | scored))} to watch in a Keras script, which "
                f"tells no other values of an epoch, got {monitor!r}",
                field,
                "monitor",
            )
        needed = True
    return needed


def _scores(facts: dict[str, Any], outputs: int, given: str) -> str:
    """Return the callback that works metrics of the validation out."""
    function = "all_scores" if outputs > 1 else "scores"
    if given:
        function = f"lambda outputs, truth: {function}(outputs, truth{given})"
    x = "pick(x, validation)" if facts["inputs"] > 1 else "x[validation]"
    truth = "pick(truth, validation)" if outputs > 1 else "truth[validation]"
    return f"Scores({function}, {x}, {truth})"


def _excluded(parts: tuple[str, ...], names: keras.Names) -> list[str]:
    """Return patterns of the paths of the layers whose names have one of these parts.

    Raises:
        DocumentError: one of them is inside a block, where Keras finds no name of ours.
    """
    for inner in names.inside:
        if any(part in inner for part in parts):
            raise unsaid(
                f"no layer inside a block among exclude_layers for a Keras script, got {inner!r}",
                "optimizer",
                "exclude_layers",
            )
    found = [shown for own, shown in names.parts.items() if any(part in own for part in parts)]
    return [f"{re.escape(name)}/" for name in found]


def _optimizer(asked: Asked, excluded: list[str]) -> tuple[Call, list[str], list[str]]:
    """Return the optimizer, callbacks for its schedule, and functions that these need."""
    made = asked.optimizer.keras()
    if "exclude_layers" in made.kwargs:
        made = Call(made.name, (), {**made.kwargs, "exclude_layers": excluded})
    if asked.schedule is None:
        return made, [], []
    schedule = asked.schedule.keras(asked.optimizer.learning_rate)
    if schedule is None:
        function = RATES[asked.schedule.function().name]
        return made, ["Rate(steps)"], [inspect.getsource(function).rstrip()]
    if schedule.name.startswith("keras.callbacks."):
        return made, [str(_in_unit(schedule, asked))], []
    return Call(made.name, (), {**made.kwargs, "learning_rate": schedule}), [], []


def _stopping(asked: Asked) -> list[str]:
    rule = asked.recipe.stopping_rule
    if rule is None:
        return []
    options: dict[str, Any] = {"monitor": rule.monitor, "patience": rule.patience}
    options |= {"min_delta": rule.min_delta} if rule.min_delta else {}
    options |= {"mode": "max" if higher(rule.monitor) else "min"}
    options |= {"restore_best_weights": True} if rule.restore_best else {}
    return [str(_in_unit(Call("keras.callbacks.EarlyStopping", (), options), asked))]


def _in_unit(callback: Call, asked: Asked) -> Call:
    """Return a callback whose least change is of the loss as Keras tells it, standardised."""
    change, monitor = callback.kwargs.get("min_delta"), callback.kwargs.get("monitor", "val_loss")
    for output in asked.outputs:
        watched = monitor.removeprefix("val_") == f"{output.aim.prefix}loss"
        scale = output.facts()["in_unit"].replace("*", "/", 1)
        if change and watched and scale:
            return Call(
                callback.name, (), {**callback.kwargs, "min_delta": Named(f"{change}{scale}")}
            )
    return callback


def _targets(output: ScriptOutput, mixes: bool) -> str:
    """Return what the loss compares with, as source."""
    place = f"[{output.aim.place}]" if output.aim.named else ""
    if output.several:
        return f'truth{place}.astype("float32")'
    if output.standardised:
        scale = f"scales{place}" if output.aim.named else "scale"
        return f'((truth{place} - {scale}[0]) / {scale}[1]).astype("float32")[:, None]'
    if output.criterion.width == 1:
        return f'truth{place}[:, None].astype("float32")'
    if output.loss.name == "SparseCategoricalCrossentropy" and not mixes:
        return f"truth{place}"
    return f"keras.utils.to_categorical(truth{place}, len({output.classes}))"


def _applied(output: ScriptOutput) -> str | None:
    """Return what makes probabilities of the outputs; None where they are some."""
    if not output.criterion.scores:
        return None
    if output.criterion.width == 1:
        return "1 / (1 + np.exp(-outputs))"
    return "np.exp(outputs) / np.exp(outputs).sum(axis=1, keepdims=True)"
