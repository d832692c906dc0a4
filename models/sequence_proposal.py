"""What is proposed where rows are steps: the windows, and a split that does not leak."""

from models.data.dealt_by import shares_of
from models.data.description import Description
from models.data.sequence import Steps, proposed_window, why_window
from models.data.sequence_split import dealt_steps, gap_of
from models.draft import Draft
from models.recipe import Reason, Split

SEED = 42
LARGE = 20_000
"""Examples from which a tenth is enough to judge by."""


def fill_sequence(draft: Draft, description: Description, steps: Steps) -> None:
    """Fill in what an example is, and tell why where nobody said."""
    given = draft.given.sequence
    draft.values["sequence"] = steps.asked()
    why: list[str] = []
    if given is None:
        why.append(
            f'"{steps.time.name}" has the role time and a number is predicted: a forecast, from '
            "the rows before"
            if steps.time is not None
            else "Rows are steps"
        )
    chosen = given if given is not None and given != "none" else None
    if chosen is None or chosen.window is None:
        if steps.forecasts:
            own = steps.window != proposed_window(description)
            length = "as the Input's shape has it" if own else why_window(description)
            why.append(f"{steps.window} rows in a window: {length}")
        else:
            why.append(f"{steps.window} steps: as many as the longest group has, at most 1,000")
    if steps.forecasts and (chosen is None or chosen.horizon is None):
        why.append("the very next row is predicted")
    if why:
        draft.reasons.append(Reason(path=["recipe", "sequence"], reason="; ".join(why)))


def fill_split(draft: Draft, description: Description, steps: Steps, examples: int) -> Split:
    """Fill in a split in which no example of one part holds rows of another."""
    dealt = dealt_steps(description, draft.given.split, steps)
    share = 0.1 if examples >= LARGE else 0.2
    name = dealt.column.name if dealt.column is not None else None
    own = {"by": dealt.by, "column": name}
    whole = dealt.by in ("group", "stratified_group")
    wish = Split(validation=share, test=share, shuffle=whole, seed=SEED)
    if dealt.by == "column" and dealt.column is not None:
        shares = shares_of(dealt.column)
        own |= {"validation": shares["validation"], "test": shares["test"]}
        why = f'Each example goes where "{name}" says for all of its rows'
    elif whole:
        wish = wish.model_copy(update={"stratify": not steps.forecasts})
        why = (
            f"{share:.0%} of the series judge each epoch and {share:.0%} are the final test; none "
            "is in two parts"
            + ("; each part keeps about the shares of the classes" * (dealt.by != "group"))
        )
    else:
        gap = gap_of(draft.given.split, steps)
        own |= {"gap": gap if steps.forecasts else 0}
        why = (
            f"The latest {share:.0%} are the final test, those before them judge each epoch. "
            f"{gap} rows lie between the parts, so that no window reaches into another"
            if steps.forecasts
            else f"The latest {share:.0%} are the final test, those before them judge each epoch"
        )
    wish = wish.model_copy(update={} if whole else {"stratify": False})
    split = draft.propose("split", wish.model_copy(update=own), why)
    draft.values["split"] = split.model_copy(update=own)
    return draft.values["split"]
