"""All pages of the reference and their lists, as files of docs/reference."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from models.catalog_of import catalog
from tools.reference import activations, findings, layers, objectives, parts
from tools.reference.page import Kind, Page, escaped, table

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "docs" / "reference"
INTRODUCTION = """\
# Reference

What networks and recipes are made of. Names, parameters and numbers are Keras's; every page is made
from the declaration that the app itself goes by."""

Section = tuple[Kind, list[Page]]


def sections() -> Iterator[Section]:
    """Make all pages, kind by kind."""
    known = catalog()
    yield layers.KIND, [layers.page(entry) for entry in known.layers]
    yield activations.KIND, [activations.page(entry) for entry in known.activations]
    for kind, page in objectives.KINDS.items():
        yield kind, [page(entry) for entry in getattr(known, kind.folder)]
    for kind in parts.KINDS:
        yield kind, [parts.page(entry, kind) for entry in getattr(known, kind.folder)]
    yield findings.KIND, findings.pages()


def files() -> dict[str, str]:
    """Return every file of the reference by its path in the folder."""
    made: dict[str, str] = {}
    kinds = list(sections())
    made["README.md"] = _contents(kinds)
    for kind, pages in kinds:
        made[f"{kind.folder}/README.md"] = _list(kind, pages)
        for page in pages:
            made[f"{kind.folder}/{page.name}.md"] = page.markdown(kind)
            for name, drawn in page.pictures.items():
                made[f"{kind.folder}/{name}.svg"] = drawn
    return made


def update(folder: Path = FOLDER) -> None:
    """Write what has changed, and remove what is no longer in the catalogue."""
    made = files()
    for path in stale(folder, made):
        place = folder / path
        if path in made:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(made[path], encoding="utf-8")
        else:
            place.unlink()


def stale(folder: Path = FOLDER, made: dict[str, str] | None = None) -> list[str]:
    """Return the paths of files that are missing, changed, or too many."""
    made = files() if made is None else made
    there = {
        path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()
    }
    changed = [
        path
        for path, text in made.items()
        if path not in there or there[path].read_text(encoding="utf-8") != text
    ]
    return sorted([*changed, *(there.keys() - made.keys())])


def _contents(kinds: Sequence[Section]) -> str:
    rows = [
        (f"[{kind.title}]({kind.folder}/README.md)", escaped(kind.summary)) for kind, _ in kinds
    ]
    return f"{INTRODUCTION}\n\n{table(('Kind', 'What it is'), rows)}\n"


def _list(kind: Kind, pages: Sequence[Page]) -> str:
    parts = [f"# {kind.title}", escaped(kind.summary), "[Reference](../README.md)"]
    groups = list(dict.fromkeys(page.group for page in pages))
    for group in groups:
        members = [page for page in pages if page.group == group]
        rows = [
            (f"[{escaped(page.title)}]({page.name}.md)", escaped(page.summary)) for page in members
        ]
        parts += [*([f"## {group}"] if group else []), table(("Name", "What it does"), rows)]
    return "\n\n".join(parts) + "\n"
