"""Training, as a generator of events. Closing it is cancelling it."""

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import torch

from models.recipe import AppliedChange, Recipe, RecipeChange
from models.training import device as devices
from models.training import endings
from models.training.activity import SAMPLE_ROWS, Gauge
from models.training.changes import Asked, Changes
from models.training.checkpoint import Keeper, NoRoom, State, numbered, put_back, read
from models.training.curves import Curves
from models.training.determinism import check_deterministic
from models.training.doctor.doctor import Doctor
from models.training.dry import check_memory
from models.training.endings import End
from models.training.events import Change, Checkpoint, Event, Layers, Status
from models.training.inheritance import lasting
from models.training.pace import FIRST_REPORTS, REPORT_SECONDS, REPORT_SHARE, Every
from models.training.plan import Plan, plan
from models.training.points import Point
from models.training.position import Position
from models.training.resident import MEGABYTE, Memory
from models.training.rounds import Rounds
from models.training.stepping import Stepper
from models.training.stopping import Snapshot
from models.training.validation import as_validation
from models.training.watch import Watch
from models.training.work import as_network_sees

if TYPE_CHECKING:
    from models.data.prepare import Prepared
    from models.network import Network

ASK_SECONDS = 0.02


def never() -> bool:
    """Return False: nobody asks the training to stop."""
    return False


def unchanged() -> tuple[AppliedChange, ...]:
    """Return nothing: nobody changes the recipe."""
    return ()


def train(
    network: "Network",
    prepared: "Prepared",
    recipe: Recipe,
    *,
    stop: Callable[[], bool] = never,
    pause: Callable[[], bool] = never,
    changes: Asked = unchanged,
    threads: int | Callable[[], int] | None = None,
    checkpoint: Path | None = None,
    resume: bool = False,
) -> Iterator[Event]:
    """Train a network in place, telling what happens.

    The weights come out as those of a plain loop: one permutation of the training rows an epoch,
    from a `torch.Generator` with the recipe's seed; batches in that order, the last one smaller.

    Args:
        network: The network, with its initial weights. It is left on the device it was trained on.
        prepared: Data as tensors.
        recipe: A full recipe, as it was when the training began.
        stop: Asked between steps, at most every 20 ms; training ends soon after it says True.
        pause: Asked as `stop` is. A training that was paused can be resumed where it ended.
        changes: Asked between steps for what was changed of the recipe since it began. What has no
            step yet is taken up at once, and told by a Change; what has one, after that step.
        threads: CPU threads that may be used, or a function that says how many at this moment; None
            means as many as torch has. Small networks use one.
        checkpoint: The file in which the training keeps where it stands, every few seconds and at
            its end, so that it can be resumed.
        resume: Go on from where that file stands. The weights come out as if there had been no
            interruption, bit for bit. A recipe of more epochs goes on for those.

    Yields:
        Events: progress and step metrics about ten times a second, the metrics of every epoch,
        layer statistics ever more rarely, a checkpoint for each new best epoch that is to be
        restored and each time the file is written, and last a Status: completed, stopped, diverged,
        or paused, which it also is when there is no room for the file. Of a long training ever
        fewer are told, see `points` and `pace`.

    Raises:
        DocumentError: when recipe, network and data do not go together, or not into the memory.
        FileNotFoundError, Damaged: there is nothing that could be resumed.
    """
    decided = plan(network, prepared, recipe)
    limit = recipe.max_memory and recipe.max_memory * MEGABYTE
    check_memory(decided.work, limit)
    if recipe.deterministic:
        check_deterministic(decided.work)
    saved = read(checkpoint) if resume and checkpoint is not None else None
    with ExitStack() as stack:
        stack.callback(network.to, memory_format=torch.contiguous_format)  # pyright: ignore[reportCallIssue]
        stack.enter_context(devices.keeping_threads())
        stack.callback(network.eval)
        training = _Training(
            decided, prepared, stop, pause, Changes(changes), threads, Keeper(checkpoint)
        )
        if saved is not None:
            training.restore(saved)
        yield from training.events()


class _Training:
    """One training from its first step to its last event."""

    def __init__(
        self,
        plan: Plan,
        prepared: "Prepared",
        stop: Callable[[], bool],
        pause: Callable[[], bool],
        changes: Changes,
        threads: int | Callable[[], int] | None,
        keeper: Keeper,
    ) -> None:
        self.plan, self.work = plan, plan.work
        self._stop, self._pause, self._changes = stop, pause, changes
        self._ask_due = Every(ASK_SECONDS, eager=1)
        self._keeper = keeper
        self._memory = Memory(plan.device, plan.recipe.max_memory)
        sample = [as_network_sees(x[:SAMPLE_ROWS]) for x in plan.train.inputs]
        self._gauge = Gauge(plan.network, self.work.parameters, sample)
        self._rounds = Rounds(len(self._gauge.layers))
        self._look_due = Every(REPORT_SECONDS, eager=FIRST_REPORTS)
        self._report_due = Every(0.0, share=REPORT_SHARE)
        self._kept_due = Every(0.0, share=REPORT_SHARE)
        self._doctor = Doctor(plan, prepared, self._gauge.layers)
        self._at = Position(self.work, plan.recipe.seed or 0)
        self._stepper = Stepper(plan, self._at, threads)
        self._curves = Curves(plan, self._at)
        kept = [*self.work.weights, *self.work.frozen, *self.work.buffers]
        self._watch = Watch(plan, self._at, kept)
        self._finite = Snapshot(kept)
        self._finite.take(0)

    def restore(self, saved: Mapping[str, State]) -> None:
        """Stand where a training stood that wrote a checkpoint.

        Raises:
            Damaged: it was of another network or another recipe.
        """
        put_back(self.work.state(), saved["work"])
        self._at.restore(saved["position"])
        for change in self._changes.again(saved["run"]["changes"]):
            self._take_up(change.recipe, change.epoch or 1, change.step or 0)
        self._curves.restore(saved)
        self.plan.rate.restore(saved["rate"])
        self._finite.load(saved["finite"])
        for due in (self._report_due, self._kept_due):
            due.passed = saved["run"]["seconds"]
        self._doctor.restore(saved["doctor"])
        self._watch.restore(saved)

    def events(self) -> Iterator[Event]:
        yield from self._doctor.begin()
        yield from self._change()
        end = self._watch.exhausted(self._at.reached)
        while end is None and self._at.step < self.plan.steps:
            end = yield from self._epoch()
        state, message = end or endings.completed(
            self.plan.epochs, self._at.step, self.plan.recipe.max_steps
        )
        yield from self._curves.rest()
        if state != "diverged":
            try:
                yield from self._keep(last=True)
            except NoRoom as error:
                state, message = endings.no_room(error)
            message += self._conclude()
        yield from self._doctor.end(state, self._at.step)
        yield Status.model_validate({"state": state, "message": message})

    def _epoch(self) -> Generator[Event, None, End | None]:
        """Learn the epoch's remaining batches; return how the training ends, if it does."""
        at, order, settled = self._at, self._at.order(), False
        if at.first == 0:
            self._curves.begin_epoch()
        self.plan.network.train()
        while at.first < self.work.batches.count and at.step < self.plan.steps and not settled:
            if (asked := self._asked()) is not None:
                yield self._stepper.progress()
                return asked
            if self._keeper.due():
                try:
                    yield from self._keep()
                except NoRoom as error:
                    return endings.no_room(error)
            yield from self._change()
            if at.step >= self.plan.steps:
                break
            self._stepper.capture(order)
            count, looked = self._ahead()
            before = at.step
            if looked:
                self._gauge.begin()
            chunk, losses = self._stepper.take(order, count)
            if (unfit := self._stepper.unfit) is not None:
                at.step = unfit
                yield Point("train", at.epoch, unfit, {"loss": None}).told("step")
                return self._diverged(unfit)
            self._curves.add(order, chunk, losses)
            settled = chunk.settled
            if at.step > before and self._look_due.due():
                self._curves.look()
                if self._report_due.due():
                    yield self._stepper.progress()
                    yield self._curves.steps()
            if looked:
                yield from self._layers()
            if at.step > before and (end := (yield from self._check())) is not None:
                return end
        return (yield from self._after(settled)) if at.first else None

    def _ahead(self) -> tuple[int, bool]:
        """Return how many batches to take now, and whether the layers are looked at after them."""
        at, batches = self._at, self.work.batches
        steps = self._changes.ahead(at.step, self.plan.steps - at.step)
        steps = min(steps, self.plan.until_validation(at.step) or steps)
        if not self._rounds.due(at.step):
            steps = self._rounds.until(at.step, steps)
            return self._stepper.fitting(batches.of_steps(at.first, steps)), False
        if batches.ends(at.first):
            return 1, True
        # What the step changes is seen by the weights before its last batch.
        return self._stepper.fitting(batches.of_steps(at.first, 1) - 1), False

    def _change(self) -> Iterator[Event]:
        """Take up what was changed of the recipe."""
        at = self._at
        for change in self._changes.due(at.step):
            self._take_up(change.recipe, at.reached, at.step)
            if change.step is None:
                yield Change(epoch=at.reached, step=at.step, recipe=change.recipe)

    def _take_up(self, change: RecipeChange, epoch: int, step: int) -> None:
        self.plan.change(change, epoch, step)
        if change.early_stopping is not None:
            self._watch.begin()
        elif change.epochs is not None:
            self._watch.forgive()

    def _asked(self) -> End | None:
        """Return how the training ends, if somebody wants it to."""
        if not self._ask_due.due():
            return None
        if self._stop():
            return "stopped", f"Stopped in epoch {self._at.epoch}"
        limit = self.plan.recipe.max_seconds
        if limit is not None and self._report_due.passed >= limit:
            return endings.out_of_time(limit, self._at.epoch)
        if (exceeded := self._memory.exceeded()) is not None:
            return endings.out_of_memory(*exceeded, self._at.epoch)
        if self._pause():
            return "paused", f"Paused in epoch {self._at.epoch}"
        return None

    def _check(self) -> Generator[Event, None, End | None]:
        """Validate within the epoch, if it is time; return how the training ends, if it does."""
        at, every = self._at, self.plan.recipe.validate_every
        if every is None or at.step % every or at.first == self.work.batches.count:
            return None
        point = self._curves.validate()
        self.plan.network.train()
        if point is None:
            return None
        best = self._watch.take(as_validation(point.values), within=True)
        yield from self._curves.check(point, best)
        end = self._watch.exhausted(at.epoch)
        if end is not None:
            yield from self._rest()
        return end

    def _after(self, settled: bool) -> Generator[Event, None, End | None]:
        """Report an epoch, validate, and decide whether to go on."""
        at, epoch = self._at, self._at.epoch
        if not self._weights_finite():
            return self._diverged(at.step)
        self._finite.take(epoch)
        points = [self._curves.of_epoch()]
        values = dict(points[0].values)
        if (validated := self._curves.validate()) is not None:
            points.append(validated)
            values |= as_validation(validated.values)
        self.plan.rate.after_epoch(values)
        yield from self._curves.epoch(points, self._watch.take(values))
        last = at.step == self.plan.steps or settled
        yield from self._doctor.epoch(epoch, at.step, values)
        end = self._watch.exhausted(epoch)
        if settled:
            end = endings.settled(at.step, self.plan.recipe.tolerance or 0.0)
        if end is not None or last:
            yield from self._rest()
        at.turn()
        return end

    def _rest(self) -> Iterator[Event]:
        """Tell how the training stands at its end."""
        if self._rounds.step != self._at.step:
            yield from self._layers()
        yield self._stepper.progress(done=True)

    def _keep(self, last: bool = False) -> Iterator[Event]:
        """Write where the training stands.

        Raises:
            NoRoom: the disk is full.
        """
        parts: dict[str, State] = {
            "run": {
                "epochs": self.plan.epochs,
                "seconds": self._report_due.passed,
                "changes": self._changes.taken,
                "names": [name for name, _ in lasting(self.plan.network)],
            },
            "position": self._at.state(),
            "work": numbered(self.work.state()),
            "rate": self.plan.rate.state(),
            "finite": self._finite.state(),
            "doctor": self._doctor.state(),
            **self._curves.state(),
            **self._watch.state(),
        }
        written = self._weights_finite() and self._keeper.keep(parts)
        if written and (self._kept_due.due() or last):
            yield Checkpoint(epoch=self._at.reached, best=False)

    def _layers(self) -> Iterator[Event]:
        """Tell of the layers, and what is wrong with them."""
        began = perf_counter()
        nodes = self._gauge.measure(self._stepper.gradients)
        self._rounds.looked(self._at.step, perf_counter() - began)
        layers = Layers(epoch=self._at.epoch, step=self._at.step, nodes=nodes)
        yield layers
        yield from self._doctor.look(layers)

    def _weights_finite(self) -> bool:
        norms = torch.stack(torch._foreach_norm(self.work.weights))
        return bool(norms.sum().isfinite())

    def _diverged(self, step: int) -> End:
        (rate,) = self.plan.rates(step - 1, 1)
        self._finite.restore()
        return endings.diverged(step, self._at.epoch, rate, self._finite.epoch)

    def _conclude(self) -> str:
        """Leave the weights as the model is to have them; return what there is to say of it."""
        told = self._watch.conclude()
        if not told:
            self.work.conclude()
        return told
