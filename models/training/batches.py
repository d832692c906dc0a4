"""Which rows of an epoch make a batch, and which batches a step of the optimizer."""


def share_of_step(batch: int, size: int, per_step: int, rows: int) -> float:
    """Return which share of the rows of its step a batch has, counted from 0 in its epoch.

    The captured step compiles its source, so that it keeps to what TorchScript understands.
    """
    begin = batch - batch % per_step
    of_step = min((begin + per_step) * size, rows) - begin * size
    return float(min(size, rows - batch * size)) / float(of_step)


class Batches:
    """The batches of an epoch, numbered from 0, and the steps that they make.

    An epoch's last batch takes the rows that are left, and its last step the batches that are left:
    no step reaches into the next epoch. So `per_step` batches of `size` rows are learnt from as one
    batch of `per_step` × `size` rows is.

    Attributes:
        size: rows per batch.
        per_step: batches whose gradients are gathered for a step; 1 where an epoch has but one.
        count: batches per epoch.
        steps: steps per epoch.
    """

    def __init__(self, rows: int, size: int, per_step: int = 1) -> None:
        self._rows, self.size = rows, size
        self.count = -(-rows // size)
        self.per_step = min(per_step, self.count)
        self.steps = -(-self.count // self.per_step)

    def rows(self, batch: int) -> int:
        """Return how many rows a batch has."""
        return min(self.size, self._rows - batch * self.size)

    def begins(self, batch: int) -> bool:
        """Return whether a batch is the first of its step."""
        return batch % self.per_step == 0

    def ends(self, batch: int) -> bool:
        """Return whether a batch is the last of its step, after which the weights change."""
        return (batch + 1) % self.per_step == 0 or batch + 1 == self.count

    def share(self, batch: int) -> float:
        """Return which share of the rows of its step a batch has."""
        return share_of_step(batch, self.size, self.per_step, self._rows)

    def steps_within(self, first: int, count: int) -> int:
        """Return how many steps end with one of `count` batches from `first` on."""
        return self._steps_after(first + count) - self._steps_after(first)

    def of_steps(self, first: int, steps: int) -> int:
        """Return how many batches from `first` on the next `steps` steps of the epoch take."""
        return min((self._steps_after(first) + steps) * self.per_step, self.count) - first

    def _steps_after(self, batches: int) -> int:
        return self.steps if batches == self.count else batches // self.per_step
