"""Is the server there, and what can it train on?"""

from fastapi import APIRouter, Request

from backend.documents import Health

router = APIRouter(tags=["health"])


@router.get("/health")
def read_health(request: Request) -> Health:
    """Answer without a login; `devices` are those that runs can train on."""
    raise NotImplementedError
