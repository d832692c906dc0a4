"""How many steps to take at a time, and when to speak."""

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
    """Chooses how many steps are taken before anything is looked at.

    The first chunk is one step, so that the first point comes at once; then chunks grow until one
    takes `CHUNK_SECONDS`, which bounds how late a stop is noticed.

    Args:
        values: Numbers that a step's outputs hold; they are kept until the end of the chunk.
    """

    def __init__(self, values: int) -> None:
        self._most = max(1, LARGEST_CHUNK_VALUES // max(1, values))
        self._last = 0
        self.seconds_per_step = 0.0

    def steps(self, left: int) -> int:
        """Return how many of the `left` steps of the epoch to take now."""
        if self._last == 0:
            return 1
        fitting = int(CHUNK_SECONDS / self.seconds_per_step) if self.seconds_per_step else left
        return max(1, min(left, fitting, 4 * self._last, self._most))

    def took(self, steps: int, seconds: float) -> None:
        """Take in how long a chunk took."""
        per_step = seconds / steps
        # The first step pays for warming up; it says little about the next.
        weight = 1.0 if self._last <= 1 else 0.3
        self.seconds_per_step += weight * (per_step - self.seconds_per_step)
        self._last = max(steps, self._last // 2)

    def forget(self) -> None:
        """Measure anew: the steps are taken in another way from now on."""
        self._last = max(1, self._last // 4)
