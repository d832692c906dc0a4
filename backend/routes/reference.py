"""The reference: a page per layer type and objective."""

import difflib

from fastapi import APIRouter

from backend.documents.server import ReferencePage
from backend.errors import ApiError
from backend.reference import LIST, names, page

router = APIRouter(prefix="/reference", tags=["reference"])


@router.get("")
def read_reference() -> ReferencePage:
    """What the reference has pages of."""
    return _found("", LIST)


@router.get("/{kind}")
def list_reference(kind: str) -> ReferencePage:
    """All layers, all losses and so on, each with a summary."""
    return _found(kind, LIST)


@router.get("/{kind}/{name}")
def read_reference_page(kind: str, name: str) -> ReferencePage:
    """The page of one layer type, loss, optimizer and so on, by its name in the catalogue."""
    return _found(kind, "" if name == LIST else name)


def _found(kind: str, name: str) -> ReferencePage:
    if (found := page(kind, name)) is not None:
        return found
    pages = [known for known in names().get(kind, ()) if known != LIST]
    kinds = [known for known in names() if known]
    wanted, asked = (pages, name) if pages else (kinds, kind)
    near = difflib.get_close_matches(asked, wanted, n=3) or wanted[:3]
    what = f"a page of {kind}" if pages else "a part of the reference"
    raise ApiError(
        404, "not_found", f"Expected {what} such as {', '.join(near)}, got {asked[:80]!r}."
    )
