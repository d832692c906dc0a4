"""What can be wrong with a document, told so that its author can mend it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Severity = Literal["error", "warning", "suggestion"]


class Document(BaseModel):
    """Base of everything that is read from JSON: strict types, no unknown keys, no NaN."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False, frozen=True)


class Where(Document):
    """The place of a problem: a layer, a path inside a document, or a row and column of data."""

    node: str | None = None
    path: list[str | int] = []
    row: int | None = Field(
        default=None, description="Row of the data file, the header being row 1"
    )
    column: str | None = None


class SetParams(Document):
    """Change parameters of a layer, leaving its other parameters as they are."""

    op: Literal["set_params"] = "set_params"
    node: str
    params: dict[str, Any]
    block: str | None = Field(
        default=None,
        exclude_if=lambda block: block is None,
        description="The block whose layer it is, and with it every use of that block; null means "
        "the network itself",
    )


class InsertNode(Document):
    """Put a new layer on the wire from `source` to `target`, replacing that edge by two."""

    op: Literal["insert_node"] = "insert_node"
    type: str
    params: dict[str, Any] = {}
    source: str
    target: str


class RemoveNode(Document):
    """Remove a layer and its wires; the layers before it are connected to those after it."""

    op: Literal["remove_node"] = "remove_node"
    node: str


class AddNode(Document):
    """Add an unconnected layer."""

    op: Literal["add_node"] = "add_node"
    id: str
    type: str
    params: dict[str, Any] = {}


class AddEdge(Document):
    """Connect two layers."""

    op: Literal["add_edge"] = "add_edge"
    source: str
    target: str
    port: str | None = Field(default=None, description="The target's named input")
    output: str | None = Field(default=None, description="The source's named output")


class RemoveEdge(Document):
    """Take a wire away."""

    op: Literal["remove_edge"] = "remove_edge"
    source: str
    target: str
    port: str | None = Field(
        default=None, description="The named input that it leads to; null means whichever"
    )
    output: str | None = Field(
        default=None, description="The named output that it comes from; null means whichever"
    )


class SetShares(Document):
    """Let a layer compute with the weights of another; null gives it weights of its own."""

    op: Literal["set_shares"] = "set_shares"
    node: str
    shares: str | None = None


class SetRecipe(Document):
    """Change fields of the recipe, leaving its other fields as they are."""

    op: Literal["set_recipe"] = "set_recipe"
    values: dict[str, Any]


Change = Annotated[
    SetParams | InsertNode | RemoveNode | AddNode | AddEdge | RemoveEdge | SetShares | SetRecipe,
    Field(discriminator="op"),
]


class Fix(Document):
    """A change that mends a problem: what the button says, and what it does."""

    title: str = Field(description="What the button says, as an imperative: 'Set units to 3'")
    changes: list[Change]


class Problem(Document):
    """Something wrong, where it is, and how to mend it."""

    severity: Severity = "error"
    code: str = Field(description="A stable snake_case name of the kind of problem")
    message: str = Field(description="What was expected, what was found, and what to do")
    fix: Fix | None = None
    where: Where = Where()


class DocumentError(ValueError):
    """A document (architecture, recipe, data file) that is readable but wrong.

    Carries every problem that was found; the first one is the message.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems[0].message)
        self.problems = list(problems)

    def __reduce__(self) -> tuple[Any, ...]:
        # Its message alone, which exceptions take along to another process, would not make it.
        return type(self), (self.problems,)


def refuse(code: str, message: str, fix: Fix | None = None, **where: Any) -> DocumentError:
    """Return a DocumentError of one problem; keyword arguments are those of `Where`."""
    return DocumentError([Problem(code=code, message=message, fix=fix, where=Where(**where))])


def at_node(problem: Problem, node: str) -> Problem:
    """Return the problem of an objective as one of the layer that names it."""
    where, fix = problem.where.model_copy(update={"node": node}), problem.fix
    if fix is not None:
        changes = [
            SetParams(node=node, params=change.values) if isinstance(change, SetRecipe) else change
            for change in fix.changes
        ]
        fix = fix.model_copy(update={"changes": changes})
    return problem.model_copy(update={"where": where, "fix": fix})


class Problems:
    """Gathers what several checks find, so that all that is wrong is told at once."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """Take in the problems of a DocumentError that is raised inside the block."""
        try:
            yield
        except DocumentError as error:
            self.found += error.problems

    def tell(self) -> None:
        """Raise a DocumentError of all problems, if there are any."""
        if self.found:
            raise DocumentError(self.found)
