"""A run from another one: its network and recipe with some changes, queued at once."""

import shutil
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from backend.database.engine import Database
from backend.database.tables import DatasetRow, EventRow, NetworkRow, RunRow, now
from backend.documents.runs import Fork, ForkRequest
from backend.errors import ApiError, not_found
from backend.runs import creation, decision, files
from backend.runs.decision import Columns
from backend.storage import Storage
from models.architecture import Architecture
from models.errors import Change, Fix, SetRecipe
from models.mending import alters, mended
from models.parse import parse
from models.recipe import Recipe


def decide(database: Database, storage: Storage, run_id: UUID, body: ForkRequest) -> Columns:
    """Return the columns of the run that is asked for, with a recipe in full.

    Raises:
        ApiError: 404 when there is no such run or finding, or its dataset was deleted; 409 when the
            run left no weights to begin with; 422 when the finding has no fix.
        DocumentError: the changes do not fit the network or the recipe.
    """
    with database.reading() as session:
        parent = session.get(RunRow, run_id)
        if parent is None:
            raise not_found("run", run_id)
        dataset = session.get(DatasetRow, parent.dataset_id)
        if dataset is None:
            raise not_found("dataset", parent.dataset_id)
        fix = _fix(session, parent, body.finding)
    changes = [*(fix.changes if fix else []), *body.changes]
    recipe = Recipe.model_validate(parent.recipe)
    if body.weights != "start":
        _check_weights(storage.run(run_id), parent, recipe, body.weights)
    architecture, recipe = mended(Architecture.model_validate(parent.architecture), recipe, changes)
    architecture = parse(architecture.model_dump(mode="json"))
    data = {name: getattr(parent, name) for name in decision.DATA}
    if body.dataset_version == "in_use":
        data = decision.data_in_use(dataset)
    told = Fork(
        run_id=run_id,
        number=parent.number,
        title=fix.title if fix else _title(changes, parent, data),
        finding=body.finding,
        weights=body.weights,
        changes=changes,
    )
    return {
        "parent_id": run_id,
        "fork": told.model_dump(mode="json"),
        "network_id": parent.network_id,
        "network_name": parent.network_name,
        **decision.columns(architecture, recipe, **data),
    }


def create(database: Database, storage: Storage, columns: Columns) -> RunRow:
    """Save what has to be there before it begins, queue the run, and return its row.

    Raises:
        ApiError: 404 when the dataset was deleted, 409 when the weights were, meanwhile.
    """
    own = uuid4()
    _hand_down(storage, columns, own)
    try:
        row = creation.insert(database, {**columns, "id": own}, _save_network)
    except Exception:
        shutil.rmtree(storage.run(own), ignore_errors=True)
        raise
    if row.id != own:
        # Another request with the same key was quicker.
        shutil.rmtree(storage.run(own), ignore_errors=True)
    return row


def _save_network(session: Session, columns: Columns) -> Columns:
    """Save a changed architecture: as a new revision of the run's network, or as a new network.

    A network that has been changed otherwise since the run began is left as it is.

    Returns:
        The columns of the run, in accord with what was saved.
    """
    fork = Fork.model_validate(columns["fork"])
    if not alters(fork.changes):
        return columns
    note = f"Run {fork.number}: {fork.title}"[:500]
    parent = session.get(RunRow, fork.run_id)
    row = None
    if columns["network_id"] is not None:
        row = session.get(NetworkRow, columns["network_id"], with_for_update=True)
    if row is not None and parent is not None and _same(row.architecture, parent.architecture):
        row.architecture = {**columns["architecture"], "name": row.architecture["name"]}
        row.recipe = _recipe(row.recipe, fork.changes)
        row.revision += 1
        row.updated_at = now()
    else:
        name = f"{columns['network_name']} (from run {fork.number})"[:200]
        row = NetworkRow(
            revision=1,
            name=name,
            architecture=columns["architecture"],
            dataset_id=columns["dataset_id"],
            recipe=columns["recipe"],
        )
        session.add(row)
    session.flush()
    session.add(row.kept(note))
    return columns | {"network_id": row.id, "network_name": row.name}


def _hand_down(storage: Storage, columns: Columns, run_id: UUID) -> None:
    """Give a new run the checkpoint of its parent, should that be deleted before it begins."""
    fork = Fork.model_validate(columns["fork"])
    if fork.weights == "start":
        return
    folder = storage.run(run_id)
    folder.mkdir(parents=True, exist_ok=True)
    # A checkpoint is replaced, never written over: the link keeps what it is now.
    try:
        (folder / files.INHERITED).hardlink_to(storage.run(fork.run_id) / files.CHECKPOINT)
    except FileNotFoundError:
        shutil.rmtree(folder, ignore_errors=True)
        raise _no_checkpoint(fork.number) from None


def _fix(session: Session, parent: RunRow, seq: int | None) -> Fix | None:
    if seq is None:
        return None
    event = session.get(EventRow, (parent.id, seq))
    if event is None or event.kind != "finding":
        raise not_found("finding of the run", seq)
    if event.data.get("fix") is None:
        raise ApiError(
            422,
            "no_fix",
            f"Expected a finding with a fix, got number {seq}, which has none. Send changes.",
        )
    return Fix.model_validate(event.data["fix"])


def _check_weights(folder: Path, parent: RunRow, recipe: Recipe, wanted: str) -> None:
    rule = recipe.stopping_rule
    if wanted == "best" and not (rule is not None and rule.restore_best):
        raise ApiError(
            422,
            "no_best",
            f"Expected a run that keeps the weights of its best epoch, got Run {parent.number}, "
            'whose recipe does not ask for it. Send "last".',
        )
    if not (folder / files.CHECKPOINT).exists():
        raise _no_checkpoint(parent.number)


def _no_checkpoint(number: int) -> ApiError:
    return ApiError(
        409,
        "no_checkpoint",
        f"Expected a run that kept a checkpoint, got Run {number}, which has none. "
        'Wait for it if it trains, or send "start".',
    )


def _title(changes: list[Change], parent: RunRow, data: Columns) -> str:
    renewed = data["dataset_version"] != parent.dataset_version
    if not changes:
        return f"On version {data['dataset_version']} of the data" if renewed else "The same again"
    names = [
        ", ".join(change.values) if isinstance(change, SetRecipe) else change.op.replace("_", " ")
        for change in changes
    ]
    return f"Changed: {'; '.join(names)}"[:200]


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Return whether two architectures compute the same, wherever their layers stand."""
    apart = ("layout", "name")
    return {k: v for k, v in one.items() if k not in apart} == {
        k: v for k, v in other.items() if k not in apart
    }


def _recipe(given: dict[str, Any] | None, changes: list[Change]) -> dict[str, Any] | None:
    values = [change.values for change in changes if isinstance(change, SetRecipe)]
    if not values:
        return given
    merged = dict(given or Recipe().model_dump(mode="json"))
    for each in values:
        merged |= each
    return merged
