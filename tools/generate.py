"""Writes what is generated from the code; with --check, fails when a file is stale."""

import filecmp
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import tree
from tools.reference import book

ROOT = Path(__file__).resolve().parent.parent
OPENAPI = ROOT / "frontend" / "openapi.json"
CLIENT = ROOT / "frontend" / "src" / "api" / "generated"


def generate() -> None:
    """Write the OpenAPI document from the routes, then the client and its types from that.

    And the README's tree of files. The reference is apart, as it needs no other's output.
    """
    subprocess.run([sys.executable, "-m", "backend.openapi"], cwd=ROOT, check=True)
    subprocess.run(
        [sys.executable, "tools/frontend.py", "npm", "run", "generate", "--silent"],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    tree.update()


def differences(old: Path, new: Path) -> list[str]:
    """Return the names of files that differ between two folders, or are in one only."""
    names = {path.relative_to(folder) for folder in (old, new) for path in folder.rglob("*.ts")}
    return sorted(
        str(name)
        for name in names
        if not ((old / name).exists() and (new / name).exists())
        or not filecmp.cmp(old / name, new / name, shallow=False)
    )


def check() -> list[str]:
    """Generate anew and return the files that changed, leaving them as they were."""
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder)
        shutil.copy2(OPENAPI, kept / "openapi.json")
        shutil.copytree(CLIENT, kept / "generated")
        shutil.copy2(tree.README, kept / "README.md")
        try:
            generate()
            stale = [
                f"frontend/src/api/generated/{n}" for n in differences(kept / "generated", CLIENT)
            ]
            if not filecmp.cmp(kept / "openapi.json", OPENAPI, shallow=False):
                stale.insert(0, "frontend/openapi.json")
            if not filecmp.cmp(kept / "README.md", tree.README, shallow=False):
                stale.insert(0, "README.md (the tree of files)")
        finally:
            shutil.copy2(kept / "openapi.json", OPENAPI)
            shutil.copy2(kept / "README.md", tree.README)
            shutil.rmtree(CLIENT)
            shutil.copytree(kept / "generated", CLIENT)
    return stale


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        pages = [f"docs/reference/{path}" for path in book.stale()]
        if stale := [*check(), *pages]:
            sys.exit("Out of date:\n  " + "\n  ".join(stale) + "\nRenew with: make generate")
    else:
        book.update()
        generate()
