"""Architectures that need not be saved: check them, print them as code."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from backend import errors, state, upload
from backend.datasets import versions
from backend.documents.architectures import (
    CheckAnswer,
    CheckRequest,
    CodeAnswer,
    CodeRequest,
    ImportAnswer,
    Proposal,
    ProposalRequest,
)
from backend.outputs import outputs
from backend.strict import StrictRoute, content_type, read_json
from models import proposal
from models.data.description import Description
from models.errors import refuse
from models.importing import container
from models.parse import parse

IMPORT_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "title": "ArchitectureUpload",
                "properties": {"file": {"type": "string", "format": "binary"}},
                "required": ["file"],
            }
        },
        "application/json": {
            "schema": {
                "type": "object",
                "title": "ArchitectureDocument",
                "description": "What model.to_json() gives, or a Neuroloom document",
                "additionalProperties": True,
            }
        },
    },
}

router = APIRouter(tags=["architectures"], route_class=StrictRoute)


@router.post("/architectures/check", response_model=CheckAnswer)
async def check_architecture(body: CheckRequest, request: Request) -> Response:
    """Shapes, parameter counts and problems with their fixes; nothing is allocated."""
    report = await state.engine(request).call(
        "check",
        body.architecture.model_dump(mode="json"),
        await _description(request, body.dataset_id),
        body.recipe.model_dump(mode="json") if body.recipe else None,
    )
    # A report on a large network is long; it goes on as the engine wrote it.
    return Response(report, media_type="application/json")


@router.post("/architectures/code")
async def print_architecture(body: CodeRequest, request: Request) -> CodeAnswer:
    """The architecture as source that runs without Neuroloom."""
    source = await state.engine(request).call(
        "code",
        body.architecture.model_dump(mode="json"),
        await _description(request, body.dataset_id),
        body.recipe.model_dump(mode="json") if body.recipe else None,
        body.target,
        body.alone,
    )
    return CodeAnswer(filename=f"{body.target}.py", source=source)


@router.post(
    "/architectures/import",
    openapi_extra={"requestBody": IMPORT_BODY},
)
async def import_architecture(request: Request) -> ImportAnswer:
    """A `.keras` file, `model.to_json()` or a Neuroloom document as an architecture with layout.

    Multipart `file`, or the JSON as the body. Only the configuration is read: no code of the file
    is run, and its weights stay where they are.
    """
    if content_type(request) == "multipart/form-data":
        async with upload.receive(request, state.storage(request).new_upload()) as received:
            if received.fields:
                name = min(received.fields)
                raise refuse("unknown_key", f"Expected the part file, got {name!r}.", path=[name])
            document, weights = await run_in_threadpool(container.configuration, received.path)
    else:
        document, weights = await read_json(request), False
    if isinstance(document, dict) and "format" in document:
        network = await run_in_threadpool(parse, document)
        return ImportAnswer(architecture=network, notes=[])
    found = await state.engine(request).call("imported", document, weights)
    return ImportAnswer.model_validate(found)


@router.post("/proposals")
async def propose(body: ProposalRequest, request: Request) -> Proposal:
    """A network and a recipe that fit a dataset, each value with its reason."""
    known = Description.model_validate(await _description(request, body.dataset_id))
    with errors.within("recipe"):
        found = await run_in_threadpool(proposal.propose, known, body.architecture, body.recipe)
    return Proposal(
        task=found.task,
        architecture=found.architecture,
        recipe=found.recipe,
        reasons=found.reasons,
        outputs=outputs(found.architecture, known, found.recipe),
    )


async def _description(request: Request, dataset_id: UUID | None) -> dict[str, Any] | None:
    if dataset_id is None:
        return None
    version = await run_in_threadpool(versions.ready, state.database(request), dataset_id)
    return version.description or {}
