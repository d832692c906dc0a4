"""How many batches to take at a time, and when to speak."""

from collections.abc import Callable
from time import perf_counter

CHUNK_SECONDS = 0.04
REPORT_SECONDS = 0.1
FIRST_REPORTS = 3
REPORT_SHARE = 1 / 1_000
"""Of the training's time, what passes between two reports at least: from 100 s on they thin out."""
LARGEST_CHUNK_VALUES = 8_000_000


class Every:
    """Answers at most once in `seconds`; the first `eager` times at once.

    Args:
        share: Of all the time that has passed, what passes between two answers at least: with a
            thousandth there are ever fewer, 1,000 × ln 2 whenever the time has doubled.
    """

    def __init__(
        self,
        seconds: float,
        eager: int = 0,
        share: float = 0.0,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self._seconds, self._eager, self._share, self._clock = seconds, eager, share, clock
        self._last = self._began = clock()

    @property
    def passed(self) -> float:
        """Seconds that have passed in all."""
        return self._clock() - self._began

    @passed.setter
    def passed(self, seconds: float) -> None:
        self._began = self._clock() - seconds

    def due(self) -> bool:
        """Return whether it is time again, and remember that it was."""
        now = self._clock()
        if self._eager > 0:
            self._eager -= 1
        elif now - self._last < max(self._seconds, self._share * (now - self._began)):
            return False
        self._last = now
        return True


class Pace:
    """Chooses how many batches are taken before anything is looked at.

    The first chunk is one batch, so that the first point comes at once; then chunks grow until one
    takes `CHUNK_SECONDS`, which bounds how late a stop is noticed.

    Args:
        values: Numbers that a batch's outputs hold; they are kept until the end of the chunk.
    """

    def __init__(self, values: int) -> None:
        self._most = max(1, LARGEST_CHUNK_VALUES // max(1, values))
        self._last = 0
        self.seconds_per_batch = 0.0

    def batches(self, left: int) -> int:
        """Return how many of the `left` batches of the epoch to take now."""
        if self._last == 0:
            return 1
        fitting = int(CHUNK_SECONDS / self.seconds_per_batch) if self.seconds_per_batch else left
        return max(1, min(left, fitting, 4 * self._last, self._most))

    def took(self, batches: int, seconds: float) -> None:
        """Take in how long a chunk took."""
        each = seconds / batches
        # The first batch pays for warming up; it says little about the next.
        weight = 1.0 if self._last <= 1 else 0.3
        self.seconds_per_batch += weight * (each - self.seconds_per_batch)
        self._last = max(batches, self._last // 2)

    def forget(self) -> None:
        """Measure anew: the batches are taken in another way from now on."""
        self._last = max(1, self._last // 4)
