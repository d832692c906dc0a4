"""Architectures that need not be saved: check them, print them as code."""

from fastapi import APIRouter

from backend.documents import (
    CheckAnswer,
    CheckRequest,
    CodeAnswer,
    CodeRequest,
    Proposal,
    ProposalRequest,
)

router = APIRouter(tags=["architectures"])


@router.post("/architectures/check")
async def check_architecture(body: CheckRequest) -> CheckAnswer:
    """Shapes, parameter counts and problems with their fixes; nothing is allocated."""
    raise NotImplementedError


@router.post("/architectures/code")
async def print_architecture(body: CodeRequest) -> CodeAnswer:
    """The architecture as source that runs without Neuroloom."""
    raise NotImplementedError


@router.post("/proposals")
async def propose(body: ProposalRequest) -> Proposal:
    """A network and a recipe that fit a dataset, each value with its reason."""
    raise NotImplementedError
