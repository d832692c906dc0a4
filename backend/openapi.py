"""`python -m backend.openapi` writes the OpenAPI document that the frontend's types come from."""

import json
from pathlib import Path

from backend.app import create_app
from backend.settings import Settings

PATH = Path(__file__).parent.parent / "frontend" / "openapi.json"


def document() -> str:
    """Return the document as text, always the same for the same routes."""
    app = create_app(Settings(_env_file=None))  # pyright: ignore[reportCallIssue] — not a field
    # The released version is no part of the contract; it would make the file stale at each release.
    schema = {**app.openapi(), "info": {"title": app.title, "version": "1"}}
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PATH.write_text(document(), encoding="utf-8")
