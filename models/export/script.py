"""A whole script: reads the data as a run does, builds the network, trains, evaluates, predicts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from models.architecture import Architecture
from models.call import Call, repr_argument
from models.data.description import Description, Reading
from models.data.interface import Interface, interface
from models.ends import ends
from models.errors import DocumentError, refuse
from models.export.formatted import formatted
from models.export.printed import Printed
from models.objectives.base import declare
from models.objectives.criterion import Criterion
from models.objectives.losses import LOSSES, Loss
from models.objectives.metrics import metric_of, sign
from models.objectives.metrics.base import Metric, Scored
from models.objectives.optimizers import OPTIMIZERS, Optimizer
from models.objectives.schedules import SCHEDULES, Schedule
from models.recipe import Recipe
from models.survey import survey

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_ARGUMENTS = {
    "classes": "expected, found",
    "probabilities": "expected, shares",
    "second": "expected, shares[:, 1]",
    "numbers": "expected, found",
}


@dataclass(frozen=True)
class Asked:
    """What a script is to do, with the declarations that its recipe names.

    Attributes:
        recipe: in full.
    """

    architecture: Architecture
    description: Description
    recipe: Recipe

    def __post_init__(self) -> None:
        """Check that a script can say it.

        Raises:
            DocumentError: there are several Inputs or Outputs, weights of rows, or weights that the
                Output has for itself.
        """
        known = ends(self.architecture)
        (output, *others) = known.outputs
        if others or len(known.inputs) > 1:
            raise unsaid("one Input and one Output for a script, got several")
        if output.class_weight is not None or output.loss_weight != 1.0:
            raise unsaid("no weights at the Output for a script, got some")
        if self.recipe.sample_weight is not None:
            raise unsaid("no weights of rows for a script, got some", "sample_weight")

    @cached_property
    def interface(self) -> Interface:
        """What the data asks of the network."""
        return interface(self.description, self.recipe, ends(self.architecture))

    @cached_property
    def loss(self) -> Loss:
        """The loss."""
        found = declare(LOSSES, _needed(self.recipe.loss, "loss"), "loss", ["loss"])
        assert isinstance(found, Loss)
        return found

    @cached_property
    def optimizer(self) -> Optimizer:
        """The optimizer, which clips as the recipe says."""
        told = _needed(self.recipe.optimizer, "optimizer")
        found = declare(OPTIMIZERS, told, "optimizer", ["optimizer"])
        assert isinstance(found, Optimizer)
        if self.recipe.clip_norm is None or found.clip() is not None:
            return found
        return found.model_copy(update={"global_clipnorm": self.recipe.clip_norm})

    @cached_property
    def schedule(self) -> Schedule | None:
        """The schedule, if there is one."""
        if self.recipe.schedule is None:
            return None
        found = declare(SCHEDULES, self.recipe.schedule, "schedule", ["schedule"])
        assert isinstance(found, Schedule)
        return found

    @cached_property
    def metrics(self) -> list[tuple[Metric, Scored]]:
        """The metrics, each with the function of scikit-learn that gives it.

        Raises:
            DocumentError: scikit-learn has none.
        """
        found = []
        for place, entry in enumerate(self.recipe.metrics or []):
            metric = metric_of(entry, ["metrics", place])
            scored = metric.sklearn(len(self.interface.classes or ()))
            if scored is None:
                raise unsaid(
                    f"a metric that scikit-learn has, for a script, got {metric.label}",
                    "metrics",
                    place,
                )
            found.append((metric, scored))
        return found

    @cached_property
    def criterion(self) -> Criterion:
        """The loss bound to the network's output."""
        measured = survey(self.architecture, self.interface)
        errors = [problem for problem in measured.problems if problem.severity == "error"]
        if errors:
            raise DocumentError(errors)
        (shape,) = measured.outputs or ((1,),)
        (end,) = measured.body.of_role("output")
        (source,) = measured.graph.inputs_of(end)
        activation = measured.measures[source].activation
        return Criterion(self.loss, activation, shape[-1], self.interface.classes)

    @property
    def monitors(self) -> list[tuple[str, str]]:
        """The values that are watched, each with the field of the recipe that says so."""
        rule, found = self.recipe.stopping_rule, []
        if rule is not None:
            found.append((rule.monitor, "early_stopping"))
        if self.schedule is not None and (watched := self.schedule.watches()) is not None:
            found.append((watched, "schedule"))
        return found

    def facts(self) -> dict[str, Any]:
        """Return what the templates of both libraries ask for."""
        recipe, split, asked = self.recipe, _needed(self.recipe.split, "split"), self.interface
        if recipe.precision in ("bfloat16", "float16"):
            raise unsaid(f"precision 'float32' for a script, got {recipe.precision!r}", "precision")
        if recipe.augmentation:
            raise unsaid("no augmentation for a script", "augmentation")
        columns = [entry for entry in self.description.columns if entry.name in asked.columns]
        reading = self.description.reading or Reading(
            encoding="utf-8", delimiter=",", decimal=".", header=True
        )
        epochs = recipe.epochs or 1
        most = f"{epochs} * math.ceil(len(train) / batch)"
        weighted = recipe.class_weight is not None
        names = asked.classes or ()
        weights = recipe.class_weight if isinstance(recipe.class_weight, dict) else {}
        return {
            "encoding": repr_argument(
                "utf-8-sig" if reading.encoding == "utf-8" else reading.encoding
            ),
            "delimiter": repr_argument(reading.delimiter),
            "decimal": reading.decimal,
            "header": reading.header,
            "missing": _set(reading.missing),
            "texts": any(_is_text(column.kind) for column in columns),
            "booleans": any(column.kind == "boolean" for column in columns),
            "images": self.description.kind == "images",
            "stratify": bool(names) and split.stratify and split.shuffle,
            "shuffle": split.shuffle,
            "split_seed": split.seed,
            "validation": split.validation,
            "test": split.test,
            "validates": split.validation > 0,
            "tests": split.test > 0,
            "classes": bool(names),
            "scaling": not names and recipe.target_scaling == "standard",
            "width": self.criterion.width,
            "threshold": 0.0 if self.criterion.scores else 0.5,
            "seed": recipe.seed or 0,
            "epochs": epochs,
            "batch": recipe.batch_size or 32,
            "most_steps": most if recipe.max_steps is None else f"min({recipe.max_steps}, {most})",
            "weighted": weighted,
            "balanced": recipe.class_weight == "balanced",
            "class_weight": [float(weights.get(name, 1.0)) for name in names],
            "root": self.loss.combine == "root_mean_square",
            "uses": {of: any(s.of == of for _, s in self.metrics) for of in _ARGUMENTS},
            "metrics": [
                (repr_argument(metric.label), with_arguments(scored.call, _ARGUMENTS[scored.of]))
                for metric, scored in self.metrics
            ],
        }

    def constants(self) -> str:
        """Return what is known of the data, as the script's first lines."""
        asked, lines = self.interface, []
        if self.description.kind == "images":
            lines += [f"SHAPE = {asked.input_shape}  # channels, height, width"]
            lines += ['JUNK = {".DS_Store", "Thumbs.db", "desktop.ini"}']
        else:
            columns = {column.name: column for column in self.description.columns}
            lines.append(
                "# The input columns: of text with their categories, of numbers with None."
            )
            lines.append("INPUTS = {")
            for name in asked.columns:
                column = columns[name]
                told = _list(column.categories or []) if _is_text(column.kind) else "None"
                lines.append(f"{repr_argument(name)}: {told},")
            lines.append("}")
            booleans = [name for name in asked.columns if columns[name].kind == "boolean"]
            if booleans:
                lines.append(f"BOOLEANS = {_set(booleans)}")
            lines.append(f"TARGET = {repr_argument(asked.target)}")
        if asked.classes is not None:
            lines.append(f"CLASSES = {_list(asked.classes)}")
        return "\n".join(lines)

    def data(self, facts: dict[str, Any]) -> str:
        """Return the functions that read the data, prepare it and deal it out."""
        name = "data_images" if self.description.kind == "images" else "data_table"
        parts = [_TEMPLATES.get_template(f"{part}.py.j2") for part in (name, "data_split")]
        return "".join(part.render(facts) for part in parts)

    def imports(self) -> set[str]:
        """Return the imports of these functions and of the metrics."""
        images = self.description.kind == "images"
        needed = {"io", "zipfile"} if images else {"csv"}
        lines = {f"import {name}" for name in ("math", "sys", *needed)} | {"import numpy as np"}
        if images:
            lines.add("from PIL import Image, ImageOps")
        if self.metrics:
            lines.add("from sklearn import metrics")
        return lines


def assembled(
    asked: Asked, network: Printed, facts: dict[str, Any], target: str, head: str = ""
) -> str:
    """Return the script, formatted.

    Args:
        network: the source of the network, and what else comes before the training.
        target: the library, such as "keras".
        head: lines to begin with.
    """
    body = _TEMPLATES.get_template(f"train_{target}.py.j2").render(facts)
    file = "images.zip" if asked.description.kind == "images" else "data.csv"
    told = f'{network.docstring[:-3].rstrip()}\n\n    python {target}.py {file}\n"""'
    end = 'if __name__ == "__main__":\n    main(sys.argv[1])'
    parts = [head + asked.constants(), asked.data(facts), *network.parts, body, end]
    text = "\n".join(parts)
    used = {line for line in network.imports if _uses(text, line)}
    return formatted(str(Printed(told, used, [part.strip("\n") for part in parts])))


def _uses(text: str, line: str) -> bool:
    """Return whether source uses what a line imports; those from packages are asked for as used."""
    name = line.split()[-1]
    return line.startswith("from ") or bool(re.search(rf"\b{name}\.", text))


def unsaid(expected: str, *path: str | int) -> DocumentError:
    """Return the refusal of something that a script cannot say."""
    return refuse(
        "not_in_script",
        f"Expected {expected}. Change it, or take the source of the network alone.",
        path=["recipe", *path],
    )


def with_arguments(call: Call, arguments: str) -> str:
    """Return a call with arguments before those that it has."""
    told = [repr_argument(value) for value in call.args]
    told += [f"{key}={repr_argument(value)}" for key, value in call.kwargs.items()]
    return f"{call.name}({', '.join([arguments, *told])})"


def higher(monitor: str) -> bool:
    """Return whether a higher value is better."""
    return sign(monitor) < 0


def _needed(value: Any, name: str) -> Any:
    if value is None:
        raise refuse("incomplete_recipe", f"Expected a recipe with its {name}.", path=[name])
    return value


def _is_text(kind: str) -> bool:
    return kind in ("category", "boolean")


def _list(names: Sequence[str]) -> str:
    return f"[{', '.join(map(repr_argument, names))}]"


def _set(names: Sequence[str]) -> str:
    return f"{{{', '.join(map(repr_argument, names))}}}" if names else ""
