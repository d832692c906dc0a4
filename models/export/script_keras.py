"""The whole script in Keras: compile, fit, evaluate, predict."""

import inspect
from typing import Any

from models.call import Call
from models.export import keras
from models.export.printed import Printed
from models.export.script import Asked, assembled, higher, unsaid, with_arguments
from models.objectives.rates import RATES


def script(asked: Asked) -> str:
    """Return a script that trains as a run of the recipe does.

    Raises:
        DocumentError: network, data or recipe do not suit, or the recipe has what Keras cannot say;
            `where.path` names it.
    """
    _check(asked)
    network = keras.printed(asked.architecture, asked.interface, asked.recipe)
    facts = asked.facts()
    optimizer, callbacks, extra = _optimizer(asked)
    rate = next((entry for entry in callbacks if entry.startswith("Rate(")), None)
    loss = asked.loss.keras()
    stopping = _stopping(asked)
    callbacks += [stopping] if stopping else []
    schedule = asked.schedule.function() if rate and asked.schedule else None
    initial = repr(asked.optimizer.learning_rate)
    facts |= {
        "targets": _targets(asked),
        "apply": _applied(asked),
        "optimizer": str(optimizer),
        "rate": with_arguments(schedule, f"self.step, self.steps, {initial}") if schedule else None,
        "uses_steps": rate is not None or any("steps" in name for name in optimizer.names()),
        "loss": str(loss),
        "compiled": ", ".join(f'"{name}"' for name in _compiled(asked)),
        "callbacks": ", ".join(callbacks),
    }
    imports = network.imports | asked.imports()
    imports |= {"from keras import ops"} if facts["root"] else set()
    body = Printed(network.docstring, _joined(imports), [*extra, *network.parts])
    return assembled(asked, body, facts, "keras")


def _joined(imports: set[str]) -> set[str]:
    """Return the imports with one line for all that comes from Keras."""
    head = "from keras import "
    names = {
        name for line in imports if line.startswith(head) for name in line[len(head) :].split(", ")
    }
    rest = {line for line in imports if not line.startswith(head)}
    return rest | {head + ", ".join(sorted(names))}


def _check(asked: Asked) -> None:
    recipe, criterion = asked.recipe, asked.criterion
    for name in ("tolerance", "max_steps"):
        if getattr(recipe, name) is not None:
            raise unsaid(f"no {name} for a Keras script, which fits by epochs", name)
    if criterion.width == 1 and criterion.classes is not None and asked.loss.takes != "numbers":
        raise unsaid(
            f"BinaryCrossentropy for one output in a Keras script, got {asked.loss.name}", "loss"
        )
    compiled = {"loss", *_compiled(asked)}
    for monitor, field in asked.monitors:
        if monitor.removeprefix("val_") not in compiled:
            raise unsaid(
                f"one of {', '.join(sorted(compiled))} to watch in a Keras script, got {monitor!r}",
                field,
                "monitor",
            )
    if getattr(asked.optimizer, "exclude_layers", None):
        raise unsaid("no exclude_layers for a script", "optimizer", "exclude_layers")


def _compiled(asked: Asked) -> list[str]:
    """Return the metrics that Keras tells after each epoch."""
    names = [metric.keras() for metric, _ in asked.metrics]
    return [name for name in names if isinstance(name, str)]


def _optimizer(asked: Asked) -> tuple[Call, list[str], list[str]]:
    """Return the optimizer, callbacks for its schedule, and functions that these need."""
    made = asked.optimizer.keras()
    if asked.schedule is None:
        return made, [], []
    schedule = asked.schedule.keras(asked.optimizer.learning_rate)
    if schedule is None:
        function = RATES[asked.schedule.function().name]
        return made, ["Rate(steps)"], [inspect.getsource(function).rstrip()]
    if schedule.name.startswith("keras.callbacks."):
        return made, [str(schedule)], []
    return Call(made.name, (), {**made.kwargs, "learning_rate": schedule}), [], []


def _stopping(asked: Asked) -> str | None:
    rule = asked.recipe.stopping_rule
    if rule is None:
        return None
    options: dict[str, Any] = {"monitor": rule.monitor, "patience": rule.patience}
    options |= {"min_delta": rule.min_delta} if rule.min_delta else {}
    options |= {"mode": "max" if higher(rule.monitor) else "min"}
    options |= {"restore_best_weights": True} if rule.restore_best else {}
    return str(Call("keras.callbacks.EarlyStopping", (), options))


def _targets(asked: Asked) -> str:
    if asked.loss.name == "SparseCategoricalCrossentropy":
        return "truth"
    if asked.criterion.width == 1:
        return 'truth[:, None].astype("float32")'
    return "keras.utils.to_categorical(truth, len(CLASSES))"


def _applied(asked: Asked) -> str | None:
    """Return what makes probabilities of the outputs; None where they are some."""
    if not asked.criterion.scores:
        return None
    if asked.criterion.width == 1:
        return "1 / (1 + np.exp(-outputs))"
    return "np.exp(outputs) / np.exp(outputs).sum(axis=1, keepdims=True)"
