"""Runs the server and the frontend side by side, each reloading on a change, until Ctrl-C."""

import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "uvicorn", "--factory", "backend.app:create_app"),
            *("--reload", "--reload-dir", "backend", "--reload-dir", "models"),
            *("--host", host, "--port", port),
        ],
        cwd=ROOT,
    )
    frontend = subprocess.Popen(
        [sys.executable, "tools/frontend.py", "npm", "run", "dev"],
        cwd=ROOT,
        env={**os.environ, "API_URL": f"http://{host}:{port}"},
    )
    print(f"Open http://127.0.0.1:5173 (the server itself is on http://{host}:{port})")
    try:
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
    finally:
        for process in (frontend, server):
            process.terminate()
            process.wait()


if __name__ == "__main__":
    main()
