"""The parameters that all recurrent layers share, those of vectors and those of images."""

from typing import Any

from pydantic import Field

from models.layers.activations import ActivationName
from models.layers.base import ONES, Initial, Mask, Shape, usual
from models.layers.weight_fields import Activity, Bias, Kernel, RecurrentKernel


class Remembering(Kernel, RecurrentKernel, Bias, Activity):
    """What all recurrent layers have in common."""

    group = "Recurrent"

    return_sequences: bool = Field(
        default=False,
        description="Give the output of every step, for a further recurrent layer, not only the "
        "last one's",
    )
    go_backwards: bool = Field(default=False, description="Read the sequence from its end")
    activation: ActivationName = Field(
        default="tanh", description="Function applied to what is to be remembered"
    )
    dropout: float = Field(
        default=0.0,
        ge=0,
        lt=1,
        description="Share of the inputs that is set to zero in training, the same ones at every "
        "step of a sequence",
        json_schema_extra=usual(0, 0.9),
    )
    recurrent_dropout: float = Field(
        default=0.0,
        ge=0,
        lt=1,
        description="Share of the memory that is not heard in training, the same at every step of "
        "a sequence; more than 0 makes training slower",
        json_schema_extra=usual(0, 0.9),
    )

    def mask(self, masked: tuple[bool, ...], *inputs: Shape) -> Mask | None:
        """Return the mask of the input, if the output is a sequence too."""
        return Mask() if self.return_sequences and masked[0] else None

    def _reading(self) -> dict[str, Any]:
        """Return the options that modules of all these layers take."""
        options: dict[str, Any] = {} if self.use_bias else {"bias": False}
        if self.dropout > 0:
            options["input_dropout"] = self.dropout
        return options | {
            flag: True for flag in ("return_sequences", "go_backwards") if getattr(self, flag)
        }


class Gates(Remembering):
    """What the recurrent layers with gates have in common."""

    recurrent_activation: ActivationName = Field(
        default="sigmoid", description="Function of the gates, which open at 1 and close at 0"
    )


class ForgetGate(Gates):
    """What the kinds of LSTM have in common."""

    unit_forget_bias: bool = Field(
        default=True, description="Begin with the forget gate's bias at 1, which means: remember"
    )

    def _remember(self, size: int) -> tuple[Initial, ...]:
        """Return the initial values of the forget gate's biases, `size` of them."""
        if not self.use_bias or not self.unit_forget_bias:
            return ()
        return (Initial("bias_ih_l0", ONES, part=(size, 2 * size)),)
