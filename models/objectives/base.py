"""The one declaration of an objective: its fields are its parameters, its docstring its page."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeVar

from pydantic import ValidationError

from models import declaration
from models.catalog import ObjectiveType
from models.errors import DocumentError, Fix, Problem, SetRecipe, Where
from models.recipe import Objective, Task
from models.repair import repair
from models.wording import message, show, suggest


@dataclass(frozen=True)
class Contradiction:
    """Parameters of one objective that do not go together.

    `changes` to its parameters mend it, and `title` says so on the button.
    """

    field: str
    expected: str
    received: str
    changes: Mapping[str, Any]
    title: str


class Declaration(declaration.Declaration):
    """Base of losses, optimizers, schedules and metrics, which recipes name."""

    aliases: ClassVar[tuple[str, ...]] = ()
    """Other names that recipes may use; a recipe in full has `name`."""
    tasks: ClassVar[tuple[Task, ...] | None] = None
    """The tasks it suits; None means any."""
    classes: ClassVar[Literal["two"] | None] = None
    """The number of classes it suits, where each example is of one; None means any."""

    def contradiction(self) -> Contradiction | None:
        """Return what is wrong about the parameters together, each being right by itself."""
        return None

    @classmethod
    def entry(cls) -> ObjectiveType:
        """Return what the catalogue tells of this declaration."""
        return ObjectiveType(
            type=cls.name,
            title=cls.title,
            summary=cls.summary(),
            formula=cls.formula,
            tasks=list(cls.tasks) if cls.tasks is not None else None,
            classes=cls.classes,
            params=cls.parameters(),
        )


Declared = TypeVar("Declared", bound=Declaration)


def table(*declarations: type[Declared]) -> dict[str, type[Declared]]:
    """Return a lookup table of declarations by the names that recipes use."""
    return {declaration.name: declaration for declaration in declarations}


def find(
    known: Mapping[str, type[Declared]], name: str, what: str, path: Sequence[str | int]
) -> type[Declared]:
    """Return the declaration called `name`.

    Raises:
        DocumentError: when there is none, naming those that come near, or else all of them.
    """
    names = {alias: key for key, kind in known.items() for alias in (key, *kind.aliases)}
    if name in names:
        return known[names[name]]
    lowered = {alias.lower(): key for alias, key in names.items()}
    close = difflib.get_close_matches(name.lower(), lowered, n=3)
    near = list(dict.fromkeys(lowered[alias] for alias in close))
    choice = f"Did you mean {' or '.join(near)}?" if near else f"Choose one of {', '.join(known)}."
    raise DocumentError(
        [
            Problem(
                code=f"unknown_{what}",
                message=f"Expected the name of a known {what}, got {name[:80]!r}. {choice}",
                where=Where(path=list(path)),
            )
        ]
    )


def declare(
    known: Mapping[str, type[Declared]], objective: Objective, what: str, path: Sequence[str | int]
) -> Declared:
    """Return the declaration that a recipe's `{"type": …, parameters …}` means, validated.

    Raises:
        DocumentError: for an unknown type, for each parameter that is unknown or out of range, and
            for parameters that contradict each other; `where.path` starts with `path`, the
            objective's place in the recipe.
    """
    kind = find(known, objective.type, what, [*path, "type"])
    try:
        declaration = kind(**objective.params)
    except ValidationError as error:
        raise DocumentError(
            [_problem(kind, detail, objective, path) for detail in error.errors(include_url=False)]
        ) from error
    if (found := declaration.contradiction()) is not None:
        raise DocumentError([_contradiction(found, objective, path)])
    return declaration


def _contradiction(
    found: Contradiction, objective: Objective, path: Sequence[str | int]
) -> Problem:
    return Problem(
        code="contradiction",
        message=f"{objective.type}: expected {found.expected}, got {found.received}. "
        f"{found.title}.",
        fix=_fix(found.title, objective, found.changes, path),
        where=Where(path=[*path, found.field]),
    )


def _fix(
    title: str, objective: Objective, changes: Mapping[str, Any], path: Sequence[str | int]
) -> Fix | None:
    """Return what changes parameters of an objective, if it is not one of a list."""
    if not isinstance(path[-1], str):
        return None
    mended = {"type": objective.type, **objective.params, **changes}
    return Fix(title=title, changes=[SetRecipe(values={path[-1]: mended})])


def _problem(
    kind: type[Declaration], detail: Any, objective: Objective, path: Sequence[str | int]
) -> Problem:
    where = Where(path=[*path, *detail["loc"]])
    field = ".".join(str(part) for part in detail["loc"])
    if detail["type"] == "extra_forbidden":
        known = list(kind.model_fields)
        ends = suggest(field, known) if known else "It has no parameters."
        text = f"Expected a parameter of {kind.name}, got {show(field)}. {ends}"
        return Problem(code="unknown_parameter", message=text, where=where)
    text = message(detail, f"{field} of {kind.name}")
    found = repair(kind, kind, objective.params, detail["loc"], detail) if detail["loc"] else None
    fix = _fix(found.title, objective, {found.field: found.value}, path) if found else None
    return Problem(code="invalid_parameter", message=text, fix=fix, where=where)
