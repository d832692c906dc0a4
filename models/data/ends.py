"""What the Inputs and Outputs of a network say for themselves of the data."""

from dataclasses import dataclass
from typing import Literal

from models.recipe import Objective, Task

ClassWeight = dict[str, float] | Literal["balanced"]


@dataclass(frozen=True)
class InputEnd:
    """An Input.

    Attributes:
        node: its id; None stands for the only Input of a network that is not known yet.
        columns: that enter there; None means those that no other Input names.
    """

    node: str | None = None
    columns: tuple[str, ...] | None = None


@dataclass(frozen=True)
class OutputEnd:
    """An Output.

    Attributes:
        node: its id; None stands for the only Output of a network that is not known yet.
        target: the column that is predicted there; None leaves it to the recipe and the dataset.
        loss: None means the recipe's, or the one that suits.
        task: the one that this loss asks for of a column.
        loss_weight: how much the loss counts in the sum of all.
        class_weight: how much the examples of each class count; None means as the recipe says.
        units: of the last layer before it, where that says; `activation` the same.
    """

    node: str | None = None
    target: str | None = None
    loss: Objective | None = None
    task: Task | None = None
    loss_weight: float = 1.0
    class_weight: ClassWeight | None = None
    units: int | None = None
    activation: str | None = None


NOTHING = OutputEnd()
"""An Output that says nothing for itself."""


@dataclass(frozen=True)
class Ends:
    """All Inputs and Outputs of a network, in the document's order."""

    inputs: tuple[InputEnd, ...] = (InputEnd(),)
    outputs: tuple[OutputEnd, ...] = (NOTHING,)
