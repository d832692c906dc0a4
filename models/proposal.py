"""A network and a recipe that fit a dataset, each value with its reason."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from models.aims import Aim, aims
from models.architecture import Architecture
from models.data.dealt_by import DealtBy, dealt_by, shares_of
from models.data.description import Description, GivenSplit
from models.data.features import first_ends
from models.data.interface import Interface, interface
from models.data.sequence import count_of, steps_of
from models.data.shares import sizes, stratified_sizes
from models.data.target import natural_task
from models.data.text import in_words, proposals
from models.draft import Draft
from models.ends import ends
from models.errors import DocumentError
from models.first_network import first_network
from models.objectives.augmentations import AUGMENTATIONS
from models.objectives.losses import LOSSES
from models.objectives.metrics import metric_of, named
from models.objectives.optimizers import OPTIMIZERS
from models.objectives.schedules import SCHEDULES
from models.recipe import EarlyStopping, Objective, Reason, Recipe, Split, Task
from models.recipe_check import check_recipe, in_full, labelled
from models.sequence_choice import with_sequence
from models.sequence_proposal import fill_sequence, fill_split

SEED = 42
"""One for every dataset. On small data the split decides a few hundredths of any figure."""
LARGE = 20_000
"""Rows from which a tenth is enough to judge by."""
TABLE_STEPS = 20_000
SLOW_STEPS = 2_000
"""Optimizer steps that a first training may take: under a minute on two cores."""
PATIENT_STEPS = 1_000
"""Steps that small data are given to get over a plateau, which lasts steps rather than epochs."""


class Proposal(BaseModel):
    """What is proposed: the task (of the first Output), a network, a recipe in full, and why."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    task: Task
    architecture: Architecture
    recipe: Recipe
    reasons: list[Reason]


AS_GIVEN = (
    *("max_steps", "max_seconds", "validate_every", "tolerance", "clip_norm", "class_weight"),
    *("deterministic", "max_memory"),
)
"""Fields that nothing is proposed for."""


def propose(
    description: Description,
    architecture: Architecture | None = None,
    recipe: Recipe | None = None,
) -> Proposal:
    """Fill in what is not decided, and check what is.

    An architecture without layers, like none at all, gets a first network. Of the recipe in full,
    only schedule, sample_weight, sequence and what is left as it is given may still be None: they
    are not used. With several Outputs task, target and loss may be too: each Output has its own,
    see `models.aims`.

    Raises:
        DocumentError: the recipe contradicts itself, the network's output layer or the data;
            `where.path` is a path of the recipe.
    """
    given = recipe or Recipe()
    recipe = with_sequence(given, description, architecture)
    draft = Draft(given)
    if architecture is None or not architecture.nodes:
        asked = interface(description, recipe, first_ends(description, recipe))
        loss = LOSSES.get(recipe.loss.type) if recipe.loss else None
        architecture, reasons = first_network(asked, labelled(description, asked)[0], loss)
        draft.reasons += reasons
    asked = interface(description, recipe, ends(architecture))
    rows, _ = labelled(description, asked)
    check_recipe(recipe, asked, description)
    _fill_problem(draft, description, asked)
    draft.reasons += _of_texts(description, asked)
    steps = steps_of(description, recipe)
    if steps is None:
        draft.values["sequence"] = recipe.sequence
        split = _fill_split(draft, description, asked)
    else:
        rows = count_of(description, steps, rows)
        fill_sequence(draft, description, steps)
        split = fill_split(draft, description, steps, rows)
    _fill_objectives(draft, asked)
    _fill_training(draft, sizes(rows, split).train, split, slow=_is_slow(asked))
    full = Recipe(
        **draft.values,
        schedule=recipe.schedule and in_full(SCHEDULES, recipe.schedule, "schedule"),
        **{name: getattr(recipe, name) for name in AS_GIVEN},
        sample_weight=asked.weight,
        augmentation=[
            in_full(AUGMENTATIONS, entry, "augmentation", place)
            for place, entry in enumerate(recipe.augmentation)
        ],
    )
    # The whole may break a rule that no given part breaks, such as what is monitored.
    check_recipe(full, asked, description)
    return Proposal(task=asked.task, architecture=architecture, recipe=full, reasons=draft.reasons)


def _fill_problem(draft: Draft, description: Description, asked: Interface) -> None:
    if description.kind == "images":
        known = description.problem.reason if description.problem else ""
        told = known or "The labels of the images are what is to be learnt"
        draft.propose("task", asked.task, told)
        draft.propose("target", asked.target, "Images have one target, their label")
        draft.values["inputs"] = None
        return
    if len(asked.goals) == 1:
        target = next(column for column in description.columns if column.name == asked.target)
        proposed = description.problem
        chosen = proposed is not None and proposed.target == asked.target
        draft.propose(
            "target",
            asked.target,
            proposed.reason if proposed is not None and chosen else "The target that was chosen",
        )
        draft.propose("task", asked.task, natural_task(target)[1])
    else:
        _fill_targets(draft, asked)
    if asked.weight is not None and draft.given.sample_weight is None:
        why = f'"{asked.weight}" has the role of the weight of the rows'
        draft.reasons.append(Reason(path=["recipe", "sample_weight"], reason=why))
    known = {goal.target for goal in asked.goals} | {asked.weight, *asked.columns}
    ignored = [column.name for column in description.columns if column.name not in known]
    left_out = f"; left out: {', '.join(ignored[:10])}" if ignored else ""
    beside = "target" if len(asked.goals) == 1 else "targets"
    forecasts = bool({goal.target for goal in asked.goals} & {*asked.columns})
    draft.propose(
        "inputs",
        list(asked.columns),
        f"Every column that can be an input; what the {beside} was before is one of them{left_out}"
        if forecasts
        else f"Every column that can be an input beside the {beside}{left_out}",
    )


def _of_texts(description: Description, asked: Interface) -> list[Reason]:
    """Return why texts enter as they do, as far as nothing else was chosen."""
    told = []
    for column in description.columns:
        if column.kind == "text" and column.name in asked.columns:
            found = proposals(column.treatment.tokenizer, column.text)
            why = "; ".join(
                in_words(name, proposed)
                for name, proposed in found.items()
                if getattr(column.treatment, name) is None
            )
            if why:
                reason = why[0].upper() + why[1:]
                told.append(Reason(path=["columns", column.name], reason=reason))
    return told


def _fill_targets(draft: Draft, asked: Interface) -> None:
    """Leave to the Outputs what differs between them."""
    draft.values["target"] = draft.given.target
    draft.values["task"] = draft.given.task
    draft.reasons += [
        Reason(
            path=["architecture", goal.end.node or "", "params", "target"],
            reason=f'"{goal.end.node}" predicts "{goal.target}": {goal.task}',
        )
        for goal in asked.goals
    ]


def _fill_split(draft: Draft, description: Description, asked: Interface) -> Split:
    rows, members = labelled(description, asked)
    share = 0.1 if rows >= LARGE else 0.2
    wish = Split(validation=share, test=share, seed=SEED)
    why = (
        f"Of {rows:,} rows, {share:.0%} judge each epoch and {share:.0%} are kept for the final "
        "test: enough to judge by, and most is left to learn from"
    )
    dealt = dealt_by(description, draft.given.split)
    if dealt.column is not None:
        return _fill_dealt(draft, wish, dealt, rows)
    if dealt.by == "given" and description.split is not None:
        return _fill_given(draft, wish, description.split)
    if asked.stratified is None:
        wish = wish.model_copy(update={"stratify": False})
        if asked.task == "multilabel":
            why += (
                "; dealt at random, not stratified, because an image that is chosen for one of its "
                "labels brings the others along"
            )
    elif members is not None:
        try:
            stratified_sizes(members, wish)
            of = f' of "{asked.stratified.target}"' if len(asked.goals) > 1 else ""
            why += f"; every class{of} keeps its share in each part"
        except DocumentError:
            wish = wish.model_copy(update={"stratify": False})
            rare = min(members, key=lambda name: members[name])
            why += (
                f'; not stratified, because the class "{rare}" has only {members[rare]} of the '
                "rows: it will be missing from some part"
            )
    return draft.propose("split", wish, why)


def _fill_given(draft: Draft, wish: Split, given: GivenSplit) -> Split:
    """Return a split that the data bring along, in full; what it lacks is dealt out as else."""
    rows = given.train + given.validation + given.test
    own: dict[str, Any] = {"by": "given"}
    lacking = [name for name in ("validation", "test") if not getattr(given, name)]
    own |= {
        name: getattr(given, name) / rows for name in ("validation", "test") if name not in lacking
    }
    why = (
        f"The images bring their split along: {given.train:,} train, {given.validation:,} validate "
        f"and {given.test:,} are the final test"
    )
    if lacking:
        why += f"; what it lacks ({' and '.join(lacking)}) is dealt out of those that train"
    split = draft.propose("split", wish.model_copy(update=own), why)
    draft.values["split"] = split.model_copy(update=own)
    return draft.values["split"]


def _fill_dealt(draft: Draft, wish: Split, dealt: DealtBy, rows: int) -> Split:
    """Return a split by groups, by time or by a column, in full."""
    name = dealt.column.name if dealt.column is not None else ""
    own: dict[str, Any] = {"by": dealt.by, "column": name, "stratify": False}
    if dealt.by == "column" and dealt.column is not None:
        shares = shares_of(dealt.column)
        own |= {"validation": shares["validation"], "test": shares["test"], "shuffle": False}
        why = f'Each row goes where "{name}" says'
    elif dealt.by in ("group", "stratified_group"):
        if dealt.column is not None and dealt.column.unique == 2:
            # One group learns and the other tests: there is none left to validate.
            wish = wish.model_copy(update={"validation": 0.0})
        why = (
            f"About {wish.validation:.0%} of the rows judge each epoch and {wish.test:.0%} are the "
            f'final test; "{name}" says what belongs together, and no group of it is in two parts'
        )
    else:
        own["shuffle"] = False
        why = (
            f'The latest {wish.test:.0%} of {rows:,} rows by "{name}" are the final test, those '
            "before them judge each epoch: the network is to predict what comes, not what was"
        )
    split = draft.propose("split", wish.model_copy(update=own), why)
    if dealt.by != "column":
        own = {"by": dealt.by, "column": name}
    draft.values["split"] = split.model_copy(update=own)
    return draft.values["split"]


def _fill_objectives(draft: Draft, asked: Interface) -> None:
    own = aims(asked, draft.given)
    if len(own) == 1:
        name, why = own[0].suited
        wish = own[0].goal.end.loss or Objective(type=name)
        if own[0].goal.end.loss is not None:
            why = "The loss that the Output has of its own"
        loss = draft.propose("loss", wish, why)
        draft.values["loss"] = in_full(LOSSES, loss, "loss")
    else:
        _fill_losses(draft, own)
    optimizer = draft.propose(
        "optimizer",
        Objective(type="Adam"),
        "Adam finds a step size for every weight, so that 0.001 suits most networks",
    )
    draft.values["optimizer"] = in_full(OPTIMIZERS, optimizer, "optimizer")
    metrics: dict[str, str] = {}
    tasks = {goal.task for goal in asked.goals}
    if "classification" in tasks:
        metrics["accuracy"] = "The share of right answers is easy to read"
    if "multilabel" in tasks:
        metrics["accuracy"] = (
            "The share of labels told rightly as there or not there, which is high where labels "
            "are rare; and the mean F1 score of the labels, which tells whether they are found"
        )
        metrics["macro_f1"] = metrics["accuracy"]
    if "regression" in tasks:
        metrics["mae"] = (
            "The typical error in the target's own unit, and the share of its variation explained"
        )
        metrics["r2"] = metrics["mae"]
    draft.propose("metrics", list(metrics), "; ".join(dict.fromkeys(metrics.values())))
    if "regression" not in tasks:
        what = "Classes" if "classification" in tasks else "Labels"
        draft.propose("target_scaling", "none", f"{what} have no scale")
    else:
        plain = next((aim.loss.name for aim in own if aim.loss.own_unit), None)
        draft.propose(
            "target_scaling",
            "none" if plain else "standard",
            f"{plain} means nothing on a standardised target"
            if plain
            else "Trained on the standardised target, so that the learning rate suits any unit; "
            "all values are told in the target's own unit",
        )
    draft.values["metrics"] = [
        named(metric_of(entry, ["metrics", index]))
        for index, entry in enumerate(draft.values["metrics"])
    ]


def _fill_losses(draft: Draft, own: tuple[Aim, ...]) -> None:
    """Leave the loss to each Output; one that is given serves those that have none."""
    given = draft.given.loss
    draft.values["loss"] = in_full(LOSSES, given, "loss") if given else None
    draft.reasons += [
        Reason(
            path=["architecture", aim.name, "params", "loss"],
            reason=f'"{aim.name}": {aim.suited[0]}. {aim.suited[1]}',
        )
        for aim in own
        if aim.goal.end.loss is None and given is None
    ]


def _is_slow(asked: Interface) -> bool:
    """Return whether a step takes long: one that looks at images, or reads sequences or texts."""
    return any(len(entry.shape) > 1 or entry.text for entry in asked.entries)


def _fill_training(draft: Draft, rows: int, split: Split, *, slow: bool) -> None:
    size = _batch_size(rows)
    batch = draft.propose(
        "batch_size",
        size,
        f"{size} rows a step: noisy enough to find a way, and about {max(1, rows // size):,} steps "
        "an epoch",
    )
    batches = 1 if batch == "all" else max(1, -(-rows // batch))
    gathered = draft.values["optimizer"].params["gradient_accumulation_steps"] or 1
    steps = -(-batches // gathered)
    budget, most = (SLOW_STEPS, 40) if slow else (TABLE_STEPS, 600)
    count = min(most, max(5, budget // steps))
    why = f"about {count * steps:,} steps, under a minute"
    stopping = draft.given.early_stopping or (None if split.validation > 0 else "none")
    if stopping == "none":
        why = why[0].upper() + why[1:]
    else:
        why = f"At most {count}: {why}; early stopping ends it sooner when nothing is gained"
    if (wanted := draft.given.max_steps) is not None:
        count = min(1_000_000, -(-wanted // steps))
        why = f"As many as {wanted:,} steps take"
    epochs = draft.propose("epochs", count, why)
    if split.validation > 0:
        patience = epochs // 5 if slow else min(30, epochs // 10)
        if not slow:
            patience = max(patience, min(epochs // 4, -(-PATIENT_STEPS // steps)))
        patience = max(3, patience)
        every = draft.given.validate_every
        checks = 1 if every is None else 1 + (steps - 1) // every
        counted = f", or {patience * checks} validations," if checks > 1 else ""
        draft.propose(
            "early_stopping",
            EarlyStopping(patience=min(100_000, patience * checks)),
            f"Stops when the validation loss has not fallen for {patience} epochs{counted} and "
            "keeps the best weights: this is what holds back overfitting",
        )
    else:
        draft.propose(
            "early_stopping", "none", "Nothing is validated, so that nothing tells when to stop"
        )
    draft.propose("seed", SEED, "Fixes initial weights and order, so that the run can be repeated")
    draft.propose("device", "auto", "A GPU where there is one")
    draft.propose("precision", "auto", "What is fast and exact enough on the device")


def _batch_size(rows: int) -> int:
    """Return a power of two from 32 to 1024 that makes a few hundred steps of an epoch."""
    size = 32
    while size < 1_024 and rows / size > 400:
        size *= 2
    return size
