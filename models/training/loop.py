"""Training, as a generator of events. Closing it is cancelling it."""

import math
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from models.recipe import AppliedChange, Recipe, RecipeChange
from models.training import capture, endings
from models.training import device as devices
from models.training.activity import SAMPLE_ROWS, Gauge
from models.training.changes import Asked, Changes
from models.training.checkpoint import Keeper, NoRoom, State, numbered, put_back, read
from models.training.doctor.doctor import Doctor
from models.training.dry import check_memory
from models.training.endings import End
from models.training.events import Change, Checkpoint, Event, Layers, Progress, Status
from models.training.inheritance import lasting
from models.training.meters import Meters
from models.training.pace import FIRST_REPORTS, REPORT_SECONDS, REPORT_SHARE, Every, Pace
from models.training.plan import Plan, plan
from models.training.points import Epochs, Point, Steps
from models.training.position import Position
from models.training.rounds import Rounds
from models.training.stopping import Snapshot, Stopping
from models.training.validation import validate
from models.training.work import Chunk, as_network_sees

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
    check_memory(decided.work)
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
        self._steps: capture.Steps = plan.work
        self._tried = False
        self._stop, self._pause, self._changes = stop, pause, changes
        self._ask_due = Every(ASK_SECONDS, eager=1)
        self._threads = torch.get_num_threads() if threads is None else threads
        self._keeper = keeper
        sample = [as_network_sees(x[:SAMPLE_ROWS]) for x in plan.train.inputs]
        self._gauge = Gauge(plan.network, self.work.parameters, sample)
        self._rounds = Rounds(len(self._gauge.layers))
        self._look_due = Every(REPORT_SECONDS, eager=FIRST_REPORTS)
        self._report_due = Every(0.0, share=REPORT_SHARE)
        self._kept_due = Every(0.0, share=REPORT_SHARE)
        self._steps_told, self._epochs_told = Steps(), Epochs()
        self._doctor = Doctor(plan, prepared, self._gauge.layers)
        self._pace = Pace(self.work.batch_size * plan.criterion.width)
        self._lasting = [*self.work.weights, *self.work.frozen, *self.work.buffers]
        self._stopping: Stopping | None = None
        self._best: Snapshot | None = None
        self._watch()
        self._finite = Snapshot(self._lasting)
        self._finite.take(0)
        self._epoch_meter, self._step_meter, self._validation_meter = (
            Meters(plan.tallies) for _ in range(3)
        )
        self._at = Position(self.work, plan.recipe.seed or 0)
        self._gradients: list[Tensor] = []
        self._seconds, self._learnt = 0.0, 0

    def restore(self, saved: Mapping[str, State]) -> None:
        """Stand where a training stood that wrote a checkpoint.

        Raises:
            Damaged: it was of another network or another recipe.
        """
        put_back(self.work.state(), saved["work"])
        self._at.restore(saved["position"])
        for change in self._changes.again(saved["run"]["changes"]):
            self._take_up(change.recipe, change.epoch or 1, change.step or 0)
        self._epoch_meter.restore(saved["meter"], self.plan.train.origins)
        self.plan.rate.restore(saved["rate"])
        self._finite.load(saved["finite"])
        self._epochs_told.restore(saved["told"])
        for due in (self._report_due, self._kept_due):
            due.passed = saved["run"]["seconds"]
        self._doctor.restore(saved["doctor"])
        if self._best is not None and "best" in saved:
            self._best.load(saved["best"])
        if self._stopping is not None and "stopping" in saved:
            self._stopping.restore(saved["stopping"])
            if saved["run"]["epochs"] != self.plan.epochs:
                self._stopping.forgive()

    def events(self) -> Iterator[Event]:
        yield from self._doctor.begin()
        yield from self._change()
        end = self._exhausted(self._at.epoch - 1)
        while end is None and self._at.step < self.plan.steps:
            end = yield from self._epoch(self._at.order())
        state, message = end or endings.completed(
            self.plan.epochs, self._at.step, self.plan.recipe.max_steps
        )
        yield from self._rest()
        if state != "diverged":
            try:
                yield from self._keep(last=True)
            except NoRoom as error:
                state, message = endings.no_room(error)
            message += self._conclude()
        yield from self._doctor.end(state, self._at.step)
        yield Status.model_validate({"state": state, "message": message})

    def _epoch(self, order: Tensor) -> Generator[Event, None, End | None]:
        """Learn the epoch's remaining rows; return how the training ends, if it does."""
        at, settled = self._at, False
        if at.first == 0:
            self._epoch_meter.reset()
        self.plan.network.train()
        while at.first < self.work.steps_per_epoch and at.step < self.plan.steps and not settled:
            if (asked := self._asked()) is not None:
                yield self._progress()
                return asked
            if self._keeper.due():
                try:
                    yield from self._keep()
                except NoRoom as error:
                    return endings.no_room(error)
            yield from self._change()
            left = min(self.work.steps_per_epoch - at.first, self.plan.steps - at.step)
            if left <= 0:
                break
            self._capture(order)
            if looked := self._rounds.due(at.step):
                self._gauge.begin()
            left = self._changes.ahead(at.step, self._pace.steps(left))
            chunk, unfit = self._run(order, 1 if looked else self._rounds.until(at.step, left))
            if unfit is not None:
                at.step = unfit
                yield Point("train", at.epoch, unfit, {"loss": None}).told("step")
                return self._diverged(unfit)
            settled = chunk.settled
            if self._look_due.due():
                self._look()
                if self._report_due.due():
                    yield self._progress()
                    yield self._steps_told.read(at.epoch, at.step)
            if looked:
                yield from self._layers()
        return (yield from self._after(settled)) if at.first else None

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
            self._watch()
        elif change.epochs is not None and self._stopping is not None:
            self._stopping.forgive()

    def _watch(self) -> None:
        """Watch for what ends the training early, as the recipe has it now."""
        rule, before = self.plan.recipe.stopping_rule, self._stopping
        self._stopping = Stopping(rule, self.plan.reported(), before) if rule else None
        keeps = rule is not None and rule.restore_best
        self._best = (self._best or Snapshot(self._lasting)) if keeps else None

    def _asked(self) -> End | None:
        """Return how the training ends, if somebody wants it to."""
        if not self._ask_due.due():
            return None
        if self._stop():
            return "stopped", f"Stopped in epoch {self._at.epoch}"
        limit = self.plan.recipe.max_seconds
        if limit is not None and self._report_due.passed >= limit:
            return endings.out_of_time(limit, self._at.epoch)
        if self._pause():
            return "paused", f"Paused in epoch {self._at.epoch}"
        return None

    def _capture(self, order: Tensor) -> None:
        """Go over to steps without Python, if it is time and they are faster."""
        step, per_step = self._at.step, self._pace.seconds_per_step
        left = (self.plan.steps - step) * per_step
        if self._tried or not capture.due(self.work, self._seconds, left):
            return
        self._tried = True
        self._use_threads()
        (rate,) = self.plan.rates(step, 1)
        self._steps = capture.faster(self.work, order, rate, step, per_step, left)
        if self._steps is not self.work:
            self._pace.forget()

    def _run(self, order: Tensor, count: int) -> tuple[Chunk, int | None]:
        """Take steps and add up what they bring; also return the first whose loss is not finite."""
        at = self._at
        self._use_threads()
        rates = self.plan.rates(at.step, count)
        began = perf_counter()
        chunk = self._steps.run(order, at.first, rates, at.step)
        losses: list[list[float]] = (
            torch.stack(chunk.losses).reshape(len(chunk.losses), -1).tolist()
        )
        seconds = perf_counter() - began
        sizes = [self.work.size(at.first + taken) for taken in range(len(losses))]
        self._pace.took(len(losses), seconds)
        self._seconds += seconds
        self._learnt += sum(sizes)
        for taken, (loss, *_) in enumerate(losses, start=1):
            if not math.isfinite(loss):
                return chunk, at.step + taken
        start = at.first * self.work.batch_size
        rows = order[start : start + sum(sizes)]
        with torch.inference_mode():
            told = self.plan.tallies.of(
                torch.cat(chunk.outputs),
                [y.index_select(0, rows) for y in self.plan.train.y],
                self.plan.train.origins,
            )
        self._epoch_meter.add(losses, sizes, told)
        self._step_meter.add(losses, sizes, told)
        at.first += len(losses)
        at.step += len(losses)
        self._gradients = list(chunk.gradients)
        return chunk, None

    def _after(self, settled: bool) -> Generator[Event, None, End | None]:
        """Report an epoch, validate, and decide whether to go on."""
        at, epoch = self._at, self._at.epoch
        if not self._weights_finite():
            return self._diverged(at.step)
        self._finite.take(epoch)
        values = self._epoch_meter.values()
        points = [Point("train", epoch, at.step, values)]
        if self.plan.validation is not None:
            found = validate(self.plan, self.plan.validation, self._validation_meter)
            points.append(Point("validation", epoch, at.step, found))
            values = values | {f"val_{name}": value for name, value in found.items()}
        self.plan.rate.after_epoch(values)
        improved = self._stopping is not None and self._stopping.improved(epoch, values)
        if improved and self._best is not None:
            self._best.take(epoch)
        yield from self._epochs_told.take(points, improved and self._best is not None)
        last = at.step == self.plan.steps or settled
        yield from self._doctor.epoch(epoch, at.step, values)
        end = self._exhausted(epoch)
        if settled:
            end = endings.settled(at.step, self.plan.recipe.tolerance or 0.0)
        if end is not None or last:
            if self._rounds.step != at.step:
                yield from self._layers()
            yield self._progress(done=True)
        at.turn()
        return end

    def _exhausted(self, epoch: int) -> End | None:
        """Return how the training ends where nothing has got better for too long."""
        if self._stopping is None or not self._stopping.exhausted:
            return None
        return "completed", f"Stopped early in epoch {epoch}: {self._stopping.reason()}"

    def _look(self) -> None:
        """Read what the last steps brought."""
        meter = self._step_meter
        self._steps_told.take(meter.values(), meter.extremes(), meter.examples)
        meter.reset()

    def _rest(self) -> Iterator[Event]:
        """Tell what was left out last."""
        if self._steps_told.waiting:
            if self._step_meter.examples:
                self._look()
            yield self._steps_told.read(self._at.reached, self._at.step)
        yield from self._epochs_told.rest()

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
            "told": self._epochs_told.state(),
            "position": self._at.state(),
            "work": numbered(self.work.state()),
            "meter": self._epoch_meter.state(),
            "rate": self.plan.rate.state(),
            "finite": self._finite.state(),
            "doctor": self._doctor.state(),
        }
        if self._stopping is not None:
            parts["stopping"] = self._stopping.state()
        if self._best is not None:
            parts["best"] = self._best.state()
        written = self._weights_finite() and self._keeper.keep(parts)
        if written and (self._kept_due.due() or last):
            yield Checkpoint(epoch=self._at.reached, best=False)

    def _progress(self, done: bool = False) -> Progress:
        left = self.plan.steps - self._at.step
        return Progress(
            epoch=self._at.epoch,
            step=self._at.step,
            steps_per_epoch=self.work.steps_per_epoch,
            samples_per_second=self._learnt / self._seconds if self._seconds else 0.0,
            seconds_left=0.0 if done else left * self._pace.seconds_per_step,
        )

    def _layers(self) -> Iterator[Event]:
        """Tell of the layers, and what is wrong with them."""
        began = perf_counter()
        nodes = self._gauge.measure(self._gradients)
        self._rounds.looked(self._at.step, perf_counter() - began)
        layers = Layers(epoch=self._at.epoch, step=self._at.step, nodes=nodes)
        yield layers
        yield from self._doctor.look(layers)

    def _use_threads(self) -> None:
        dealt = self._threads() if callable(self._threads) else self._threads
        wanted = dealt if self.plan.threaded else 1
        if torch.get_num_threads() != wanted:
            torch.set_num_threads(wanted)

    def _weights_finite(self) -> bool:
        norms = torch.stack(torch._foreach_norm(self.work.weights))
        return bool(norms.sum().isfinite())

    def _diverged(self, step: int) -> End:
        (rate,) = self.plan.rates(step - 1, 1)
        self._finite.restore()
        return endings.diverged(step, self._at.epoch, rate, self._finite.epoch)

    def _conclude(self) -> str:
        """Leave the weights as the model is to have them; return what there is to say of it."""
        if self._best is not None and self._best.epoch:
            self._best.restore()
            return f". The weights are those of the best epoch, {self._best.epoch}"
        self.work.conclude()
        return ""
