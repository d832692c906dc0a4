"""When the layers of a network are looked at while it trains."""

from collections.abc import Callable
from time import perf_counter

FIRST_SECONDS = 0.5
GROWTH = 0.03
"""Share of the training's time so far that passes between two looks: an hour has some 200."""
MANY_LAYERS = 150
"""With more layers than this looks grow rarer in proportion, as their events are larger."""
SHARE = 0.02
"""Of the training's time, what looking may take."""
QUICK_SECONDS = 0.05
"""Where a look takes less, steps 1, 2, 4, 8 … are looked at too, however fast they go by."""


class Rounds:
    """Says when: often at first, then ever more rarely.

    Attributes:
        step: The last one that was looked at.
    """

    def __init__(self, layers: int, clock: Callable[[], float] = perf_counter) -> None:
        self._clock, self._began = clock, clock()
        self._growth = GROWTH * max(1.0, layers / MANY_LAYERS)
        self._due, self._next, self._quick = self._began, 1, True
        self.step = 0

    def due(self, step: int) -> bool:
        """Return whether the step after the first `step` is to be looked at."""
        return self._clock() >= self._due or (self._quick and step + 1 == self._next)

    def until(self, step: int, most: int) -> int:
        """Return how many of the next steps, `most` at most, come before one that is due."""
        left = self._next - step - 1
        return min(most, left) if self._quick and left > 0 else most

    def looked(self, step: int, seconds: float) -> None:
        """Take in that the layers were looked at after a step, and how long it took."""
        # The first look also loads what looking needs, and says nothing of the cost of the next.
        cost = seconds if self.step else 0.0
        self.step = step
        while self._next <= step:
            self._next *= 2
        self._quick = cost < QUICK_SECONDS
        now = self._clock()
        pause = max(FIRST_SECONDS, self._growth * (now - self._began), cost / SHARE)
        self._due = now + pause
