"""What a run is made of, decided from a request: network, version of the data, recipe in full."""

from typing import Any
from uuid import UUID

from backend import errors
from backend.database.engine import Database
from backend.database.tables import DatasetRow, NetworkRow
from backend.documents.runs import RunRequest
from backend.errors import ApiError, not_found
from backend.outputs import outputs
from models.architecture import Architecture
from models.data.description import Description
from models.errors import refuse
from models.parse import parse
from models.proposal import propose
from models.recipe import Recipe

Columns = dict[str, Any]
DATA = ("dataset_id", "dataset_name", "dataset_version", "description")
"""What a run's row says of its data."""


def columns(
    architecture: Architecture,
    recipe: Recipe,
    *,
    dataset_id: UUID,
    dataset_name: str,
    dataset_version: int,
    description: dict[str, Any],
) -> Columns:
    """Return what a run's row says of its network, its data and its recipe, which is made full.

    Raises:
        DocumentError: the recipe does not suit the network or the data.
    """
    known = Description.model_validate(description)
    with errors.within("recipe"):
        proposal = propose(known, architecture, recipe)
    learnt = outputs(architecture, known, proposal.recipe)
    return {
        "dataset_id": dataset_id,
        "dataset_name": dataset_name,
        "dataset_version": dataset_version,
        "description": description,
        "architecture": architecture.model_dump(mode="json"),
        "recipe": proposal.recipe.model_dump(mode="json"),
        "reasons": [reason.model_dump(mode="json") for reason in proposal.reasons],
        "outputs": [output.model_dump(mode="json") for output in learnt],
    }


def data_in_use(dataset: DatasetRow) -> Columns:
    """Return what a run's row says of a dataset, of which it takes the version in use.

    Raises:
        ApiError: 409 when it is not ready.
    """
    version = dataset.current
    if version.state != "ready" or version.description is None:
        raise ApiError(
            409,
            "dataset_not_ready",
            f"Expected a dataset that is ready, got {dataset.name!r}, which is {version.state}.",
        )
    return {
        "dataset_id": dataset.id,
        "dataset_name": dataset.name,
        "dataset_version": version.version,
        "description": version.description,
    }


def decide(database: Database, body: RunRequest) -> Columns:
    """Return the columns of the run that is asked for, with a recipe in full.

    Raises:
        ApiError: 404 when the network or the dataset is not there, 409 when that is not ready.
        DocumentError: the request contradicts itself, or the recipe does not suit.
    """
    if (body.network_id is None) == (body.architecture is None):
        found = "neither" if body.network_id is None else "both"
        raise refuse(
            "invalid",
            f"Expected a network_id or an architecture, got {found}.",
            path=["network_id"],
        )
    with database.reading() as session:
        dataset = session.get(DatasetRow, body.dataset_id)
        network = session.get(NetworkRow, body.network_id) if body.network_id else None
    if body.network_id is not None and network is None:
        raise not_found("network", body.network_id)
    if dataset is None:
        raise not_found("dataset", body.dataset_id)
    data = data_in_use(dataset)
    architecture = _architecture(body, network)
    return {
        "network_id": body.network_id,
        "network_name": network.name if network else architecture.name,
        **columns(architecture, body.recipe, **data),
    }


def _architecture(body: RunRequest, network: NetworkRow | None) -> Architecture:
    if network is not None:
        return parse(network.architecture)
    assert body.architecture is not None
    return parse(body.architecture.model_dump(mode="json"))
