"""The recipe: everything `compile` and `fit` need."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from models.errors import Document

Task = Literal["regression", "classification", "multilabel"]
"""multilabel: an example has any number of the labels, each a yes or no of its own."""
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Number = Annotated[float, Field(ge=-3.4e38, le=3.4e38)]
"""A number that single precision holds, in which networks compute.

A field of this type says no `ge` or `le` of its own: these here would win.
"""


class Split(Document):
    """How rows are dealt out. The test part is never seen by training, fitting or stopping."""

    validation: float = Field(
        default=0.2, ge=0, lt=1, description="Share of rows that validate each epoch"
    )
    test: float = Field(
        default=0.1, ge=0, lt=1, description="Share of rows kept for the evaluation"
    )
    seed: int = Field(default=0, ge=0, le=2**32 - 1, description="Fixes which row goes where")
    stratify: bool = Field(
        default=True, description="Keep each class's share in every part, where rows are dealt"
    )
    shuffle: bool = Field(
        default=True, description="Deal rows, or groups, at random; otherwise in file order"
    )
    by: Literal["rows", "group", "stratified_group", "time", "column", "given"] | None = Field(
        default=None,
        exclude_if=lambda by: by is None,
        description="What is dealt out: single rows; whole groups, none of which is in two parts; "
        "such groups so that each part keeps about the shares of the classes; rows in order "
        "of time, the latest for the test; or rows as a column says: its values name "
        "the parts; or images as their folders, arrays or table give it. null is given where they "
        "bring a split along, else rows, unless a column has the role group or time",
    )
    column: Name | None = Field(
        default=None,
        exclude_if=lambda column: column is None,
        description="The column of groups, times or parts; null means the one whose role says so",
    )
    gap: int = Field(
        default=0,
        exclude_if=lambda gap: gap == 0,
        ge=0,
        le=1_000_000_000,
        description="By time: so many rows are left out before the validation and the test part; "
        "of windows, so many at least that none reaches into another part",
    )
    folds: int | None = Field(
        default=None,
        exclude_if=lambda folds: folds is None,
        ge=2,
        le=20,
        description="Cross-validation: into how many folds the rows are dealt that are not kept "
        "for the test; they take turns to validate, by time in windows that grow. null: the share "
        "of validation says",
    )
    fold: int | None = Field(
        default=None,
        exclude_if=lambda fold: fold is None,
        ge=1,
        le=20,
        description="Which of the folds validates, from 1; the others train",
    )


class Sequence(Document):
    """What of a table is one example where its rows are steps; null is proposed.

    `windows`: `window` consecutive rows of one series, ordered by time; the target is that of the
    row `horizon` rows after the last of them. `groups`: all rows of a group; the target, the same
    in each of them, is that of the group.
    """

    kind: Literal["windows", "groups"] = Field(
        default="windows",
        description="windows: consecutive rows, to predict a later one. groups: each group of rows "
        "is one sequence, to predict what it is",
    )
    window: int | None = Field(
        default=None,
        ge=1,
        le=100_000,
        description="Steps of an example: the rows of a window; of groups the length to which each "
        "is filled up with zeros, or cut, at its end",
    )
    horizon: int | None = Field(
        default=None,
        ge=1,
        le=100_000,
        description="Windows: how many rows after the window's last one the target is; null is 1",
    )
    stride: int | None = Field(
        default=None,
        ge=1,
        le=100_000,
        description="Windows: rows from the start of one to the start of the next; null is 1",
    )
    time: Name | None = Field(
        default=None,
        description="The column that orders the rows; null means the one whose role is time, or, "
        "where there is none, the order of the file",
    )
    group: Name | None = Field(
        default=None,
        description="The column that says which series a row belongs to; null means the one whose "
        "role is group, or, for windows, that all rows are one series",
    )


class Objective(Document):
    """A loss, optimizer or schedule by its catalogue type, with its parameters beside the type.

    `{"type": "Adam", "learning_rate": 0.001}`. Which parameters a type has, the catalogue says.
    """

    model_config = {**Document.model_config, "extra": "allow"}

    type: Name

    @property
    def params(self) -> dict[str, Any]:
        return dict(self.__pydantic_extra__ or {})


class EarlyStopping(Document):
    """Stop when `monitor` has not got better for `patience` epochs.

    Where the recipe validates within epochs too, a value of the validation is watched each time,
    and patience counts validations.
    """

    monitor: Name = "val_loss"
    patience: int = Field(default=10, ge=1, le=100_000)
    min_delta: float = Field(
        default=0.0, ge=0, le=3.4e38, description="A smaller change does not count as better"
    )
    restore_best: bool = Field(
        default=True, description="Keep the weights of the best epoch or validation, not the last"
    )


class Recipe(Document):
    """A recipe as it is sent: what is null or absent is proposed from dataset and network."""

    task: Task | None = None
    inputs: list[Name] | None = Field(
        default=None, description="Input columns; null means every usable one"
    )
    target: Name | None = Field(
        default=None,
        description="Target column, where the network's Outputs name none; images have one target, "
        "'label'",
    )
    split: Split | None = None
    sequence: Sequence | Literal["none"] | None = Field(
        default=None,
        exclude_if=lambda sequence: sequence is None,
        description="What of a table of steps is one example; 'none': each row by itself. null is "
        "proposed: windows where a column has the role time, the target is a number, and the "
        "network reads sequences or is proposed too; else each row by itself",
    )
    loss: Objective | None = None
    optimizer: Objective | None = None
    schedule: Objective | None = None
    metrics: list[Name | Objective] | None = Field(
        default=None,
        description="By name, or as an objective with its parameters; a metric with parameters "
        "that are not the usual ones is called 'name(parameter=value)' in the values of a run",
    )
    batch_size: Annotated[int, Field(ge=1, le=1_000_000)] | Literal["all"] | None = Field(
        default=None, description="Rows per step; 'all' is plain gradient descent, 1 is stochastic"
    )
    epochs: int | None = Field(default=None, ge=1, le=1_000_000)
    max_steps: int | None = Field(
        default=None,
        ge=1,
        le=1_000_000_000,
        description="Stop after so many steps of the optimizer, even within an epoch",
    )
    max_seconds: Number | None = Field(
        default=None,
        gt=0,
        le=1e8,
        description="Stop after so many seconds of training, even within an epoch",
    )
    validate_every: int | None = Field(
        default=None,
        exclude_if=lambda steps: steps is None,
        ge=1,
        le=1_000_000_000,
        description="Validate after every so many steps too, for long epochs; null means after "
        "each epoch only",
    )
    early_stopping: EarlyStopping | Literal["none"] | None = Field(
        default=None, description="'none' trains to the last epoch"
    )
    tolerance: Number | None = Field(
        default=None,
        gt=0,
        description="Stop when the largest change of a weight in a step falls below this",
    )
    clip_norm: Number | None = Field(
        default=None,
        gt=0,
        description="Largest norm of a step's whole gradient; the optimizer's global_clipnorm is "
        "the same",
    )
    class_weight: dict[str, Number] | Literal["balanced"] | None = Field(
        default=None,
        description="How much the examples of each class count in the loss; 'balanced' makes every "
        "class count alike",
    )
    sample_weight: Name | None = Field(
        default=None,
        description="Column that says how much each row counts in the loss; null means the one "
        "whose role is weight, if there is one",
    )
    target_scaling: Literal["standard", "none"] | None = Field(
        default=None,
        description="Regression: train on the standardised target; results stay in its own unit",
    )
    augmentation: list[Objective] = Field(
        default=[],
        max_length=20,
        description="What is done to the images of each training batch, one after another; for "
        "datasets of images",
    )
    seed: int | None = Field(
        default=None, ge=0, le=2**32 - 1, description="Fixes initial weights and order"
    )
    deterministic: bool = Field(
        default=False,
        exclude_if=lambda wanted: not wanted,
        description="The same weights bit for bit every time, on any number of cores and whatever "
        "else runs: one thread, step by step, and only operations that promise it. Costs speed",
    )
    device: Literal["auto", "cpu", "cuda", "mps"] | None = None
    precision: Literal["auto", "float32", "bfloat16", "float16"] | None = Field(
        default=None,
        description="In what matrices are multiplied; 'auto' is half precision on a GPU that gains "
        "by it, else float32. float16 is for 'cuda' alone, where losses are scaled for it",
    )
    max_memory: int | None = Field(
        default=None,
        exclude_if=lambda limit: limit is None,
        ge=1,
        le=100_000_000,
        description="Most memory of the run in MB, of the GPU where there is one, else of its "
        "process, of which about 300 MB are the program's own. A run that cannot fit is refused, "
        "one that takes more is ended",
    )

    @property
    def stopping_rule(self) -> EarlyStopping | None:
        """What may end training before the last epoch; None where nothing may."""
        return self.early_stopping if isinstance(self.early_stopping, EarlyStopping) else None


class RecipeChange(Document):
    """What may be changed of a recipe while it is followed; null or absent stays as it is."""

    learning_rate: Number | None = Field(
        default=None,
        gt=0,
        le=1e6,
        description="The optimizer's; a schedule goes on from it as if it had begun with it",
    )
    epochs: int | None = Field(default=None, ge=1, le=1_000_000)
    max_steps: int | None = Field(default=None, ge=1, le=1_000_000_000)
    max_seconds: Number | None = Field(default=None, gt=0, le=1e8)
    early_stopping: EarlyStopping | Literal["none"] | None = None

    def of(self, recipe: Recipe) -> Recipe:
        """Return the recipe with these fields changed."""
        fields = {
            name: value
            for name in ("epochs", "max_steps", "max_seconds", "early_stopping")
            if (value := getattr(self, name)) is not None
        }
        if self.learning_rate is not None and recipe.optimizer is not None:
            optimizer = recipe.optimizer.model_dump() | {"learning_rate": self.learning_rate}
            fields["optimizer"] = Objective.model_validate(optimizer)
        return recipe.model_copy(update=fields)


class AppliedChange(Document):
    """A change of the recipe in mid-run; epoch and step are null until it is taken up.

    It is taken up between the steps `step` and `step + 1` of the optimizer.
    """

    recipe: RecipeChange
    epoch: int | None = None
    step: int | None = None


class Reason(Document):
    """Why a field of a proposal has its value."""

    path: list[str | int]
    reason: str
