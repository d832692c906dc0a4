"""Is the server there, and what can it train on?"""

from fastapi import APIRouter, Request

from backend import state
from backend.documents.server import Health

router = APIRouter(tags=["health"])


@router.get("/health")
def read_health(request: Request) -> Health:
    """Answer without a login; `devices` are those that runs can train on."""
    return Health(
        status="ok",
        version=request.app.version,
        devices=state.engine(request).devices,
        workers=state.queue(request).workers(),
    )
