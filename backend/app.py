"""Build the app: middleware, routes, and what lives as long as the server does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.middleware import Middleware
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware

from backend import errors, page
from backend.database.engine import Database
from backend.database.migrate import migrate
from backend.datasets import ingestion
from backend.documents.base import Error
from backend.engine import Engine
from backend.routes import (
    architectures,
    blocks,
    catalog,
    cross_validations,
    datasets,
    forks,
    gallery,
    health,
    live,
    networks,
    reference,
    results,
    runs,
    versions,
)
from backend.runs.live import Live
from backend.runs.queue import Queue
from backend.security import Guard, ResponseHeaders
from backend.settings import Settings
from backend.storage import Storage
from backend.strict import BodyLimit

ROUTERS = (
    health,
    catalog,
    reference,
    gallery,
    architectures,
    networks,
    blocks,
    datasets,
    versions,
    runs,
    forks,
    cross_validations,
    results,
    live,
)
BINARY = ("application/octet-stream", "application/zip")


def app_version() -> str:
    """Return the version that is installed, or that of the source tree."""
    try:
        return version("neuroloom")
    except PackageNotFoundError:
        return "0.1.0"


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the app; nothing is opened or started before its lifespan begins."""
    settings = settings or Settings()
    app = FastAPI(
        title="Neuroloom",
        version=app_version(),
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_function_name,
        middleware=[
            Middleware(ResponseHeaders),
            Middleware(errors.CatchAll),
            Middleware(Guard, hosts=settings.hosts),
            Middleware(BodyLimit, settings.max_json_bytes, settings.max_upload_bytes),
            Middleware(
                GZipMiddleware,
                compresslevel=5,
                exclude_content_types=(*DEFAULT_EXCLUDED_CONTENT_TYPES, *BINARY),
            ),
        ],
    )
    app.state.settings = settings
    errors.install(app)
    api = APIRouter(
        prefix="/api", responses={"default": {"model": Error, "description": "An error"}}
    )
    for module in ROUTERS:
        api.include_router(module.router)
    app.include_router(api)
    page.install(app)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    storage = Storage(settings.data_dir)
    storage.prepare()
    database = Database(settings.database)
    migrate(database)
    ingestion.recover(database, storage)
    engine = Engine()
    engine.start()
    queue = Queue(database, settings, storage)
    queue.start()
    feeds = Live(database)
    app.state.storage, app.state.database, app.state.engine = storage, database, engine
    app.state.queue, app.state.live, app.state.tasks = queue, feeds, set()
    try:
        yield
    finally:
        for task in app.state.tasks:
            task.cancel()
        await feeds.close()
        await asyncio.to_thread(queue.close)
        await asyncio.to_thread(engine.close)
        database.close()


def _function_name(route: APIRoute) -> str:
    return route.name
