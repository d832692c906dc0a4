"""Writes the README's tree of files, each with the first sentence of its own docstring."""

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
ROOMS = {"models": "models", "backend": "backend", "frontend": "frontend/src", "tools": "tools"}
LEFT_OUT = re.compile(
    r"\.test\.tsx?$|/generated/|/versions/|/samples/.*\.(csv|zip)$|/gallery/.*\.json$"
)


def tracked(folder: str) -> list[Path]:
    """Return the folder's files as git sees them, sorted, without tests and generated ones."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", folder],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    paths = {Path(name) for name in listed if not LEFT_OUT.search(name)}
    return sorted(
        (path for path in paths if (ROOT / path).is_file()), key=lambda p: (p.parent, p.name)
    )


def phrase(path: Path) -> str:
    """Return what the file says of itself: the first sentence of its first docstring or comment."""
    text = (ROOT / path).read_text(encoding="utf-8", errors="replace")
    if path.suffix == ".py":
        said = ast.get_docstring(ast.parse(text)) or ""
    elif path.suffix in {".ts", ".tsx", ".css"}:
        found = re.match(r"\s*/\*\*?(.*?)\*/", text, re.DOTALL)
        said = re.sub(r"^\s*\* ?", "", found.group(1), flags=re.MULTILINE) if found else ""
    elif path.suffix == ".sh":
        said = " ".join(line[2:] for line in text.splitlines()[1:4] if line.startswith("# "))
    else:
        said = ""
    first = re.split(r"(?<=\.)\s", " ".join(said.split()), maxsplit=1)[0]
    return first.rstrip(".")


def tree(folder: str) -> str:
    """Return the folder as indented lines: a line for each folder, a phrase for each file."""
    lines = [f"{folder}/"]
    seen: set[Path] = {Path(folder)}
    for path in tracked(folder):
        depth = len(path.parent.parts) - len(Path(folder).parts)
        if path.parent not in seen:
            seen.add(path.parent)
            lines.append("  " * depth + f"{path.parent.name}/")
        if path.name == "__init__.py" and not phrase(path):
            continue
        name = "  " * (depth + 1) + path.name
        lines.append(f"{name:<34} {phrase(path)}".rstrip())
    return "\n".join(lines)


def filled(text: str) -> str:
    """Return the README with each block between `<!-- tree:ROOM -->` and `<!-- end -->` renewed."""
    for room, folder in ROOMS.items():
        block = f"<!-- tree:{room} -->\n```\n{tree(folder)}\n```\n<!-- end -->"
        text = re.sub(
            rf"<!-- tree:{room} -->.*?<!-- end -->", lambda _, b=block: b, text, flags=re.DOTALL
        )
    return text


def update() -> None:
    """Write the trees into the README."""
    README.write_text(filled(README.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    sys.stdout.write("\n\n".join(tree(folder) for folder in ROOMS.values()) + "\n")
