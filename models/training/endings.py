"""How a training ends, in words."""

from models.budget import in_words
from models.training.checkpoint import NoRoom
from models.wording import counted

End = tuple[str, str]
"""The state in which a training ends, and why."""


def completed(epochs: int, step: int, max_steps: int | None) -> End:
    """Return the end of a training that took all its steps."""
    trained = (
        counted(step, "step") + ", as asked" if step == max_steps else counted(epochs, "epoch")
    )
    return "completed", f"Trained for {trained}"


def out_of_time(seconds: float, epoch: int) -> End:
    """Return the end of a training that was given so many seconds."""
    return "completed", f"Trained for {seconds:,g} s, as asked; ended in epoch {epoch:,}"


def settled(step: int, tolerance: float) -> End:
    """Return the end of a training whose weights stay where they are."""
    return (
        "completed",
        f"Settled at step {step}: no weight changed by as much as the tolerance {tolerance:g}",
    )


def diverged(step: int, epoch: int, rate: float, kept: int) -> End:
    """Return the end of a training whose loss is no number any more; `kept` is an epoch, or 0."""
    weights = f"epoch {kept}" if kept else "the beginning"
    return (
        "diverged",
        f"Diverged at step {step} (epoch {epoch}) with learning rate {rate:g}: the loss is no "
        f"longer a finite number. The weights are those of {weights}. "
        "Try a smaller learning rate.",
    )


def out_of_memory(taken: int, limit: int, epoch: int) -> End:
    """Return the end of a training that took more bytes than it was to take."""
    return (
        "failed",
        f"Ended in epoch {epoch:,}: the training takes {in_words(taken)} of memory, more than the "
        f"{in_words(limit)} of max_memory. Start a run with a smaller batch size or a larger limit",
    )


def no_room(error: NoRoom) -> End:
    """Return the end of a training that cannot be kept."""
    needed, free = (f"{size / 2**20:,.1f} MB" for size in (error.needed, error.free))
    return (
        "paused",
        f"The disk is full: a checkpoint needs {needed}, {free} are free. "
        "Free space on the server's disk, then resume",
    )
