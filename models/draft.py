"""A recipe that is being filled in."""

from dataclasses import dataclass, field
from typing import Any

from models.recipe import Reason, Recipe


@dataclass
class Draft:
    """The recipe being filled in: what is given stays, the rest is proposed with a reason."""

    given: Recipe
    values: dict[str, Any] = field(default_factory=dict)
    reasons: list[Reason] = field(default_factory=list)

    def propose(self, name: str, value: Any, reason: str) -> Any:
        """Take the value unless the field is given, and return what it has then."""
        given = getattr(self.given, name)
        if given is not None:
            self.values[name] = given
            return given
        self.values[name] = value
        self.reasons.append(Reason(path=["recipe", name], reason=reason))
        return value
