"""The catalogue as the browser reads it: every layer type and objective, declared once each."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.data.treatment import TreatmentOption
from models.layers.base import Role
from models.recipe import Task


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Arity(_Entry):
    """How many wires a layer takes: `maximum` None means any number."""

    minimum: int
    maximum: int | None


class LayerType(_Entry):
    """A layer type: its palette entry, its form and what it may be connected to."""

    type: str
    group: str
    title: str
    summary: str
    description: str
    glyph: str = Field(description="One or two letters for its icon")
    role: Role
    inputs: Arity
    ports: list[str] = Field(
        default=[],
        description="Names of its inputs in order, where they differ in meaning; those beyond the "
        "minimum are optional",
    )
    has_output: bool
    params: dict[str, Any] = Field(description="JSON Schema of the parameters, with defaults")
    headline: list[str] = Field(description="The parameters that the node shows in one line")


class Group(_Entry):
    """A section of the palette; `color` names a design token."""

    name: str
    color: str


class ObjectiveType(_Entry):
    """A loss, optimizer, schedule, metric, augmentation, initializer, regularizer or constraint."""

    type: str
    title: str
    summary: str
    formula: str | None = None
    tasks: list[Task] | None = Field(default=None, description="The tasks it suits; null means any")
    classes: Literal["two"] | None = Field(
        default=None, description="How many classes it suits; null means any number"
    )
    better: Literal["lower", "higher"] | None = Field(
        default=None, description="Of a loss or a metric: which values are better"
    )
    share: bool = Field(
        default=False, description="Of a metric: a share from 0 to 1, best read in percent"
    )
    params: dict[str, Any] = Field(description="JSON Schema of the parameters, with defaults")


class ActivationType(_Entry):
    """An activation function, with points of its curve and of its derivative for a plot."""

    type: str
    title: str
    summary: str
    formula: str
    curve: list[tuple[float, float, float]] = Field(
        description="(x, f(x), f'(x)); empty for functions of a whole vector"
    )


class Catalog(_Entry):
    """All of it."""

    groups: list[Group]
    layers: list[LayerType]
    activations: list[ActivationType]
    losses: list[ObjectiveType]
    optimizers: list[ObjectiveType]
    schedules: list[ObjectiveType]
    metrics: list[ObjectiveType]
    augmentations: list[ObjectiveType]
    initializers: list[ObjectiveType]
    regularizers: list[ObjectiveType]
    constraints: list[ObjectiveType]
    treatments: list[TreatmentOption] = Field(
        description="How the columns of a table can be prepared, by field of a treatment"
    )
