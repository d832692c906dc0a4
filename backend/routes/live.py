"""A run's events over a websocket, as they happen."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from uuid import UUID

from fastapi import APIRouter, WebSocket
from pydantic import TypeAdapter
from starlette.websockets import WebSocketDisconnect

from backend import state
from backend.errors import not_found
from backend.parameters import MAX_SEQ, Id
from backend.runs.live import UnknownRun
from backend.runs.log import Entry
from backend.websocket import send_texts
from models.errors import refuse

router = APIRouter(tags=["runs"])

_ID = TypeAdapter[UUID](Id)


@router.websocket("/runs/{run_id}/live")
async def watch_run(websocket: WebSocket, run_id: str) -> None:
    """Send the events with `seq` > `after`, each as one text message, and close after the last one.

    The messages are those of `GET /api/runs/{run_id}/events`: first what is stored, then what
    happens. The close code is 1000 after the event that ends the run, and 1013 for a reader that
    takes nothing for half a minute.
    """
    live = state.live(websocket)
    after = _after(websocket)
    try:
        id = _ID.validate_python(run_id)
        await live.check(id)
    except (ValueError, UnknownRun) as error:
        raise not_found("run", run_id) from error
    await websocket.accept()
    async with aclosing(live.watch(id, after)) as batches:
        sending = asyncio.create_task(_send(websocket, batches))
        leaving = asyncio.create_task(_left(websocket))
        try:
            await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                sending.result()
                await websocket.close(1000)
        except WebSocketDisconnect:
            return
        finally:
            sending.cancel()
            leaving.cancel()
            await asyncio.wait({sending, leaving})


async def _send(websocket: WebSocket, batches: AsyncIterator[list[Entry]]) -> None:
    async for entries in batches:
        await send_texts(websocket, (entry.text for entry in entries))


async def _left(websocket: WebSocket) -> None:
    """Return when the other side is gone; what it says until then is not asked for."""
    while (await websocket.receive())["type"] != "websocket.disconnect":
        pass


def _after(websocket: WebSocket) -> int:
    sent = websocket.query_params.get("after", "0")
    if not (sent.isascii() and sent.isdigit() and len(sent) < 12 and int(sent) <= MAX_SEQ):
        raise refuse(
            "invalid",
            f"Expected after to be the seq of an event or 0, got {sent[:40]!r}.",
            path=["query", "after"],
        )
    return int(sent)
