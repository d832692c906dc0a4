"""The page: its shell around what Vite built, and the files that belong to it."""

import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from backend import errors, security
from backend.responses import without_range

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
ENTRY = "src/main.tsx"
YEAR = 365 * 24 * 3600
OWN_PATHS = ("/api", "/static", "/openapi.json")

_templates = Environment(
    loader=FileSystemLoader(FOLDER / "templates"), autoescape=True, undefined=StrictUndefined
)


class BuiltFiles(StaticFiles):
    """What Vite built: a name with a hash in it never changes its content."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the file, whole."""
        await super().__call__(without_range(scope), receive, send)

    async def check_config(self) -> None:
        """Accept that nothing is built yet: every file is 404 then."""

    def file_response(self, full_path: Any, *args: Any, **kwargs: Any) -> Response:
        """Return the file with how long it may be kept."""
        response = super().file_response(full_path, *args, **kwargs)
        hashed = "assets" in Path(full_path).parts
        keep = f"public, max-age={YEAR}, immutable" if hashed else "no-cache"
        response.headers["Cache-Control"] = keep
        response.headers["Content-Security-Policy"] = "default-src 'self'; frame-ancestors 'none'"
        return response


def install(app: FastAPI) -> None:
    """Serve the built files below /static, and the page for every address that is not the API's."""
    app.mount("/static", BuiltFiles(directory=STATIC, check_dir=False), name="static")
    app.router.redirect_slashes = False
    app.router.default = _otherwise


async def _otherwise(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer what no route answers: with the page, or with 404 in the one shape."""
    if scope["type"] == "websocket":
        response = errors.of_exception(HTTPException(404)).response()
        await WebSocket(scope, receive, send).send_denial_response(response)
        return
    path = scope["path"]
    if scope["method"] not in ("GET", "HEAD") or any(
        path == own or path.startswith(own + "/") for own in OWN_PATHS
    ):
        raise HTTPException(404)
    await shell(Request(scope)).__call__(scope, receive, send)


def shell(request: Request) -> Response:
    """Return the page: one for all addresses, as the browser's own router tells them apart."""
    nonce = security.new_nonce()
    headers = {"Content-Security-Policy": security.page_policy(nonce), "Cache-Control": "no-store"}
    assets = built()
    name = "shell.html" if assets else "unbuilt.html"
    html = _templates.get_template(name).render(
        nonce=nonce, assets=assets, boot={"version": request.app.version, "nonce": nonce}
    )
    return HTMLResponse(html, 200 if assets else 503, headers)


def built() -> dict[str, Any] | None:
    """Return the addresses of script, styles and preloads; None when nothing is built."""
    manifest = STATIC / "manifest.json"
    try:
        return _assets(manifest, os.stat(manifest).st_mtime_ns)
    except FileNotFoundError:
        return None


@lru_cache(maxsize=1)
def _assets(manifest: Path, changed: int) -> dict[str, Any]:
    chunks = json.loads(manifest.read_text(encoding="utf-8"))
    seen: dict[str, None] = {}

    def follow(name: str) -> None:
        if name not in seen:
            seen[name] = None
            for imported in chunks[name].get("imports", []):
                follow(imported)

    follow(ENTRY)
    styles = dict.fromkeys(css for name in seen for css in chunks[name].get("css", []))
    return {
        "script": f"/static/{chunks[ENTRY]['file']}",
        "styles": [f"/static/{css}" for css in styles],
        "preloads": [f"/static/{chunks[name]['file']}" for name in seen if name != ENTRY],
    }
