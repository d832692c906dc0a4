"""Source in its parts, so that a script can add to them."""

import sys
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Printed:
    """Python source.

    Attributes:
        docstring: of the module, with its quotes.
        imports: lines, in any order.
        parts: what follows, such as functions and classes.
    """

    docstring: str
    imports: set[str]
    parts: list[str]

    def __str__(self) -> str:
        own, theirs = (
            sorted((line for line in self.imports if _is_stdlib(line) == stdlib), key=_order)
            for stdlib in (True, False)
        )
        imports = "\n\n".join("\n".join(lines) for lines in (own, theirs) if lines)
        # One blank line before anything but functions and classes, as linters ask.
        first = self.parts[0].startswith(("def ", "class ", "@"))
        rest = "\n\n\n".join(self.parts)
        return "\n\n".join([self.docstring, imports, "\n" + rest if first else rest]) + "\n"

    def with_part(self, part: str) -> "Printed":
        """Return it with one part more at the end."""
        return replace(self, parts=[*self.parts, part])


def _order(line: str) -> tuple[bool, str, str]:
    """Imports of modules come before those from them, as linters ask."""
    return line.startswith("from "), line.split()[1].casefold(), line


def _is_stdlib(line: str) -> bool:
    return line.split()[1].partition(".")[0] in sys.stdlib_module_names
