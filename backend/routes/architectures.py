"""Architectures that need not be saved: check them, print them as code."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool

from backend import errors, ingestion, state
from backend.documents import (
    CheckAnswer,
    CheckRequest,
    CodeAnswer,
    CodeRequest,
    Proposal,
    ProposalRequest,
)
from backend.strict import StrictRoute
from models import proposal
from models.data.description import Description

router = APIRouter(tags=["architectures"], route_class=StrictRoute)


@router.post("/architectures/check")
async def check_architecture(body: CheckRequest, request: Request) -> CheckAnswer:
    """Shapes, parameter counts and problems with their fixes; nothing is allocated."""
    report = await state.engine(request).call(
        "check",
        body.architecture.model_dump(mode="json"),
        await _description(request, body.dataset_id),
        body.recipe.model_dump(mode="json") if body.recipe else None,
    )
    return CheckAnswer.model_validate(report)


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


@router.post("/proposals")
async def propose(body: ProposalRequest, request: Request) -> Proposal:
    """A network and a recipe that fit a dataset, each value with its reason."""
    known = Description.model_validate(await ingestion.ready(request, body.dataset_id))
    with errors.within("recipe"):
        found = await run_in_threadpool(proposal.propose, known, body.architecture, body.recipe)
    return Proposal(
        task=found.task,
        architecture=found.architecture,
        recipe=found.recipe,
        reasons=found.reasons,
    )


async def _description(request: Request, dataset_id: UUID | None) -> dict[str, Any] | None:
    return None if dataset_id is None else await ingestion.ready(request, dataset_id)
