"""A whole script: reads the data as a run does, builds the network, trains, evaluates, predicts."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from models.aims import aims
from models.architecture import Architecture
from models.call import Call, repr_argument
from models.data.description import Description
from models.data.interface import Interface, interface
from models.data.sequence import Steps, steps_of
from models.ends import ends
from models.errors import DocumentError, refuse
from models.export import (
    script_data,
    script_images,
    script_split,
    script_treatments,
    script_windows,
)
from models.export.brought import brought
from models.export.formatted import formatted
from models.export.printed import Printed
from models.export.script_output import ScriptOutput
from models.export.unsaid import unsaid
from models.objectives import scores
from models.objectives.augmentations import Augmentation
from models.objectives.base import declare
from models.objectives.criterion import Criterion
from models.objectives.metrics import sign
from models.objectives.optimizers import OPTIMIZERS, Optimizer
from models.objectives.schedules import SCHEDULES, Schedule
from models.recipe import Recipe
from models.survey import survey
from models.training.augment import declared

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


@dataclass(frozen=True)
class Asked:
    """What a script is to do, with the declarations that its recipe names.

    Attributes:
        recipe: in full.
    """

    architecture: Architecture
    description: Description
    recipe: Recipe

    @cached_property
    def interface(self) -> Interface:
        """What the data asks of the network."""
        return interface(self.description, self.recipe, ends(self.architecture))

    @cached_property
    def outputs(self) -> tuple[ScriptOutput, ...]:
        """The network's Outputs, in the document's order."""
        measured = survey(self.architecture, self.interface)
        errors = [problem for problem in measured.problems if problem.severity == "error"]
        if errors:
            raise DocumentError(errors)
        scaling, found = self.recipe.target_scaling == "standard", []
        same = script_split.alike(self.interface)
        all_aims, ids = aims(self.interface, self.recipe), measured.body.of_role("output")
        for aim, end in zip(all_aims, ids, strict=True):
            (source,) = measured.graph.inputs_of(end)
            activation = measured.measures[source].activation
            width = measured.measures[end].output[-1]
            classes, several = aim.asked.classes, aim.asked.task == "multilabel"
            criterion = Criterion(aim.loss, activation, width, classes, several)
            found.append(ScriptOutput(aim, criterion, scaling and classes is None, same))
        return tuple(found)

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
    def steps(self) -> Steps | None:
        """What an example is where rows are steps."""
        return steps_of(self.description, self.recipe)

    @cached_property
    def augmentations(self) -> list[Augmentation]:
        """What is done to the images of each batch that is learnt from."""
        return declared(self.recipe.augmentation)

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
        recipe, split = self.recipe, _needed(self.recipe.split, "split")
        if recipe.validate_every is not None and any(
            m.startswith("val_") for m, _ in self.monitors
        ):
            raise unsaid("no validation within epochs to watch in a script", "validate_every")
        epochs, batches = recipe.epochs or 1, self.optimizer.gradient_accumulation_steps or 1
        of_step = f"(batch * {batches})" if batches > 1 else "batch"
        most = f"{epochs} * math.ceil(len(train) / {of_step})"
        steps, dated = self.steps, script_split.dated(self.description, split, self.steps)
        told = script_data.facts(self.description, self.interface)
        dealt = script_split.facts(self.description, self.interface, split, steps)
        parted = dealt["given"] is not None
        return {
            **told,
            **dealt,
            **script_images.facts(self.description, self.interface, parted=parted),
            "moments": bool(told["dates"]) or dated,
            **script_windows.facts(steps, split, self.description, self.interface),
            "several": len(self.outputs) > 1,
            "seed": recipe.seed or 0,
            "epochs": epochs,
            "batch": recipe.batch_size or 32,
            "tolerance": recipe.tolerance,
            "max_steps": recipe.max_steps,
            "most_steps": most if recipe.max_steps is None else f"min({recipe.max_steps}, {most})",
            "any_standardised": any(output.standardised for output in self.outputs),
        }

    def data(self, facts: dict[str, Any]) -> str:
        """Return the functions that read the data, prepare it and deal it out."""
        name = {None: "data_table", "folders": "data_images", "table": "data_images"}.get(
            facts["images"], f"data_{facts['images']}"
        )
        names = (name, "data_split", "data_scale")
        parts = [_TEMPLATES.get_template(f"{part}.py.j2") for part in names]
        return "".join(part.render(facts) for part in parts)

    def imports(self) -> set[str]:
        """Return the imports of these functions and of the metrics."""
        lines = script_data.imports(self.description, self.interface)
        if script_split.dated(self.description, _needed(self.recipe.split, "split"), self.steps):
            lines |= script_treatments.OF_DATES
        if any(output.metrics for output in self.outputs):
            lines.add("from sklearn import metrics")
        return lines - {"from datetime import datetime"} if script_data.OF_CELLS in lines else lines

    def scores(self) -> list[str]:
        """Return the functions of metrics that scikit-learn lacks."""
        own = (scored.own for output in self.outputs for _, scored in output.metrics)
        return brought(scores, set().union(*own))


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
    file = script_data.file_name(asked.description)
    told = f'{network.docstring[:-3].rstrip()}\n\n    python {target}.py {file}\n"""'
    end = 'if __name__ == "__main__":\n    main(sys.argv[1])'
    split = _needed(asked.recipe.split, "split")
    known = [head + script_data.constants(asked.description, asked.interface)]
    if asked.steps is not None:
        known += script_windows.constants(asked.steps)
    known += script_split.constants(asked.description, split, asked.steps)
    parts = ["\n".join(known), asked.data(facts), *asked.scores(), *network.parts, body, end]
    text = "\n".join(parts)
    used = {line for line in network.imports if _uses(text, line)}
    return formatted(str(Printed(told, used, [part.strip("\n") for part in parts])))


def _uses(text: str, line: str) -> bool:
    """Return whether source uses what a line imports."""
    name = line.split()[-1]
    if line.startswith("from ") and name not in ("metrics", "F"):
        return True
    return bool(re.search(rf"\b{name}\.", text))


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
