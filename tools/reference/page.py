"""A page of the reference, and how it is written in Markdown."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from models.modules import OWN


@dataclass(frozen=True)
class Kind:
    """What a folder of the reference is about.

    Attributes:
        folder: its name, which is also the catalogue's.
        title: of its list.
        summary: what they are for.
    """

    folder: str
    title: str
    summary: str


@dataclass(frozen=True)
class Page:
    """One entry of the catalogue.

    Attributes:
        group: the section of the list that it stands in, if that has any.
        sections: headings and their Markdown, in order; those without a text are left out.
        pictures: SVG by the names of their files.
    """

    name: str
    title: str
    summary: str
    sections: Sequence[tuple[str, str]]
    group: str | None = None
    pictures: Mapping[str, str] = field(default_factory=dict)

    def markdown(self, kind: Kind) -> str:
        """Return the page."""
        head = [f"# {escaped(self.title)}", escaped(self.summary), self._about(kind)]
        parts = [f"## {heading}\n\n{text}" for heading, text in self.sections if text]
        return "\n\n".join([*head, *parts]) + "\n"

    def _about(self, kind: Kind) -> str:
        name = "" if self.name == self.title else f" · in documents `{self.name}`"
        group = f" · {self.group}" if self.group else ""
        return f"[{kind.title}](README.md){group}{name}"


def picture(name: str, says: str) -> str:
    """Return the Markdown that shows the picture of this name."""
    return f"![{escaped(says)}]({name}.svg)"


def code(source: str, language: str = "text") -> str:
    """Return a block of code."""
    return f"```{language}\n{source}\n```"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of Markdown cells; empty when it has no rows."""
    if not rows:
        return ""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines
    )


def own_modules(source: str) -> str:
    """Return a note on what source calls that PyTorch lacks; empty where it has all."""
    called = re.findall(r"(?<![\w.])[A-Za-z]\w*(?=\()", source)
    own = sorted({name for name in called if name in OWN})
    return f"\n\nPyTorch has no {listed(own)}: printed source brings it along." if own else ""


def listed(names: Sequence[str]) -> str:
    """Return values as code, separated by commas."""
    return ", ".join(f"`{name}`" for name in names)


MEANT = re.compile(r"[\\*]|<(?=[\w/!?])|\](?=[(\[:])|(?<!\w)_|_(?!\w)")
"""Signs that Markdown would take for its own, where it would."""


def escaped(text: str) -> str:
    """Return text whose signs mean themselves in Markdown; what stands in backticks stays."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else MEANT.sub(r"\\\g<0>", part) for part in parts)
