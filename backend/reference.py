"""The pages of docs/reference as the app shows them: Markdown made HTML, pictures drawn in."""

import posixpath
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from backend.documents.server import ReferencePage

PACKED = Path(__file__).parent / "docs" / "reference"
FOLDER = PACKED if PACKED.is_dir() else Path(__file__).parents[1] / "docs" / "reference"
"""In a wheel the pages lie in this package, in a source tree where they are written."""
ADDRESS = "/learn/reference"
LIST = "README"
"""The name of the file that lists the others of its folder."""


@lru_cache
def names() -> dict[str, tuple[str, ...]]:
    """Return the names of the pages by their folder; "" is the folder of all of them."""
    found: dict[str, list[str]] = {}
    for path in sorted(FOLDER.rglob("*.md")):
        folder = path.parent.relative_to(FOLDER).as_posix().removeprefix(".")
        found.setdefault(folder, []).append(path.stem)
    return {folder: tuple(pages) for folder, pages in found.items()}


@lru_cache
def page(folder: str = "", name: str = LIST) -> ReferencePage | None:
    """Return a page, or the list of a folder; None when there is none of that name."""
    # Only names that were found are looked up, so that no other file can be asked for.
    if name not in names().get(folder, ()):
        return None
    text = (FOLDER / folder / f"{name}.md").read_text(encoding="utf-8")
    tokens = _markdown.parse(text)
    title, rest = tokens[1].content, tokens[3:]
    html = _markdown.renderer.render(rest, _markdown.options, {"folder": folder})
    return ReferencePage(title=_plain(title), html=str(html))


def _plain(text: str) -> str:
    """Return what Markdown shows of a title."""
    return re.sub(r"\\([^\w\s])", r"\1", text)


def _link(
    self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: dict[str, Any]
) -> str:
    """Lead from file to file as the app's addresses do."""
    path = posixpath.normpath(posixpath.join(env["folder"], str(tokens[at].attrGet("href"))))
    place = path.removesuffix(".md").removesuffix(LIST).rstrip("/")
    tokens[at].attrSet("href", f"{ADDRESS}/{place}".rstrip("/"))
    return self.renderToken(tokens, at, options, env)


def _image(
    self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: dict[str, Any]
) -> str:
    """Draw the picture into the page, which colours its classes by the theme."""
    name = Path(str(tokens[at].attrGet("src"))).name
    drawn = (FOLDER / env["folder"] / name).read_text(encoding="utf-8")
    return re.sub(r"<style>.*?</style>\s*", "", drawn, flags=re.DOTALL)


_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
_markdown.add_render_rule("link_open", _link)
_markdown.add_render_rule("image", _image)
