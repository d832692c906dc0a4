"""What is asked of an architecture, and what is told of it."""

from typing import Literal

from pydantic import Field

from backend.documents.base import Answer, ParsedArchitecture
from backend.parameters import Id
from models.architecture import Architecture
from models.errors import Document, Problem
from models.recipe import Objective, Reason, Recipe, Task


class CheckRequest(Document):
    architecture: ParsedArchitecture
    dataset_id: Id | None = None
    recipe: Recipe | None = None


class NodeCheck(Answer):
    """What is known of one layer: null where a problem before it leaves it open."""

    input_shapes: list[list[int]] = []
    output_shape: list[int] | None
    output_shapes: dict[str, list[int]] = Field(
        default={}, description="Of a Block, by the names of its Outputs"
    )
    parameters: int | None
    flops: int | None
    torch: str | None = Field(default=None, description="The layer in one line of PyTorch")
    keras: str | None = Field(default=None, description="The layer in one line of Keras")


class CheckAnswer(Answer):
    ok: bool = Field(description="True when nothing of severity 'error' was found")
    parameters: int
    trainable_parameters: int
    flops: int = Field(description="Floating-point operations of one forward pass of one example")
    memory: int = Field(description="Bytes of weights, gradients and optimizer state, estimated")
    nodes: dict[str, NodeCheck]
    problems: list[Problem]


class CodeRequest(Document):
    architecture: ParsedArchitecture
    recipe: Recipe | None = None
    dataset_id: Id | None = None
    target: Literal["pytorch", "keras"]
    alone: bool = Field(
        default=False,
        description="The network by itself; otherwise, with dataset and recipe, a whole script "
        "that reads the data, trains, evaluates and predicts",
    )


class CodeAnswer(Answer):
    filename: str
    source: str


class ImportNote(Answer):
    """What could not be carried over, or came over otherwise, and why."""

    layer: str | None = Field(description="What the file calls the layer; null: the whole model")
    node: str | None = Field(description="The layer of the architecture that it is about")
    message: str


class ImportAnswer(Answer):
    architecture: Architecture
    notes: list[ImportNote]


class RunOutput(Answer):
    """What one Output is trained for."""

    node: str
    target: str
    task: Task
    classes: list[str] | None = None
    loss: Objective = Field(description="In full")
    loss_weight: float
    metrics: list[str] = Field(description="By the names that they have in the values of the run")


class ProposalRequest(Document):
    """What is already decided; the rest is proposed."""

    dataset_id: Id
    architecture: ParsedArchitecture | None = None
    recipe: Recipe | None = None


class Proposal(Answer):
    """A network that fits the dataset, and a recipe in full, each value with its reason."""

    task: Task
    architecture: Architecture = Field(description="The one that was sent, or a first network")
    recipe: Recipe
    reasons: list[Reason]
    outputs: list[RunOutput] = Field(default=[], description="What each Output learns by it")
