"""The class of each block in Keras source: a layer made of layers."""

from collections.abc import Sequence

from models.call import Call
from models.export.body import docstring, title_of
from models.export.classes import BlockClass
from models.export.forms import Value
from models.layers import LAYERS
from models.stages import Plan, Stage


def parameter_at(value: Value) -> str:
    """Return what a Keras layer names the argument at its place."""
    kind = LAYERS.get(value.called.rpartition(".")[2])
    names = kind.required if kind is not None else ()
    return names[value.place] if value.place < len(names) else "value"


def block(written: BlockClass) -> str:
    """Return the class of a block, which can be saved and loaded as Keras's own layers can."""
    plan, parameters = written.plan, written.parameters
    lines = [
        "@keras.saving.register_keras_serializable()",
        f"class {written.name}(layers.Layer):",
        *docstring(plan),
        "",
        f"    def __init__({', '.join(('self', *parameters, '**kwargs'))}):",
        "        super().__init__(**kwargs)",
        *(f"        self.{name} = {name}" for name in parameters),
        *(f"        self.{part.name} = {made(calls)}" for part, calls in written.forms.made),
        "",
        f"    def call({', '.join(('self', *plan.takes))}):",
        *_called(plan),
        f"        return {', '.join(plan.gives)}",
    ]
    if parameters:
        told = ", ".join(f'"{name}": self.{name}' for name in parameters)
        lines += ["", "    def get_config(self):"]
        lines += [f"        return {{**super().get_config(), {told}}}"]
    return "\n".join(lines)


def made(calls: Sequence[Call]) -> str:
    """Return what makes a layer, or the copies of a block in a row."""
    if len(calls) == 1:
        return str(calls[0])
    return f"keras.Sequential([{copies(calls)}])"


def copies(calls: Sequence[Call]) -> str:
    """Return the copies of a block as entries of a list."""
    shown = [str(call) for call in calls]
    if len(set(shown)) == 1:
        return f"{shown[0]} for _ in range({len(shown)})"
    return ", ".join(shown)


def taken(stage: Stage) -> str:
    """Return what a stage is called with."""
    return ", ".join(stage.inputs)


def _called(plan: Plan) -> list[str]:
    lines = []
    titled: set[str] = set()
    for stage in plan.stages:
        if stage.node not in titled:
            titled.add(stage.node)
            lines += title_of(plan, stage.node, 8)
        lines.append(f"        {', '.join(stage.outputs)} = self.{stage.part}({taken(stage)})")
    return lines
