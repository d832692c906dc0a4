"""Changes of the recipe in mid-run: each is taken up at a step, and at the same one again."""

from collections.abc import Callable, Iterator, Sequence

from models.recipe import AppliedChange

Asked = Callable[[], Sequence[AppliedChange]]
"""Returns all changes of a run in their order, those that have been taken up first."""


class Changes:
    """The changes of one run.

    Attributes:
        taken: How many of them have been taken up.
    """

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self.taken = 0

    def again(self, count: int) -> Sequence[AppliedChange]:
        """Return those that a training had taken up where it was interrupted."""
        self.taken = count
        return self._asked()[:count]

    def due(self, step: int) -> Iterator[AppliedChange]:
        """Take up those that are new, and those that were taken up after so many steps before."""
        for change in self._asked()[self.taken :]:
            if change.step is not None and change.step > step:
                return
            self.taken += 1
            yield change

    def ahead(self, step: int, most: int) -> int:
        """Return how many steps can be taken until the next one is due, at most `most`."""
        for change in self._asked()[self.taken : self.taken + 1]:
            if change.step is not None:
                return min(most, change.step - step)
        return most
