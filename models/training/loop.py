"""Training, as a generator of events. Closing it is cancelling it."""

import math
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from time import perf_counter
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from models.recipe import Recipe
from models.training import capture
from models.training import device as devices
from models.training.activity import SAMPLE_ROWS, activity
from models.training.events import Checkpoint, Event, Layers, Metrics, Progress, Status
from models.training.meter import Meter
from models.training.pace import FIRST_REPORTS, REPORT_SECONDS, Every, Pace
from models.training.plan import Examples, Plan, plan
from models.training.stopping import Snapshot, Stopping
from models.training.work import Chunk, as_network_sees

if TYPE_CHECKING:
    from models.data.prepare import Prepared
    from models.network import Network

STOP_SECONDS = 0.02
LAYERS_SECONDS = 0.5


def never() -> bool:
    """Return False: nobody asks the training to stop."""
    return False


def train(
    network: "Network",
    prepared: "Prepared",
    recipe: Recipe,
    *,
    stop: Callable[[], bool] = never,
    threads: int | Callable[[], int] | None = None,
) -> Iterator[Event]:
    """Train a network in place, telling what happens.

    The weights come out as those of a plain loop: one permutation of the training rows an epoch,
    from a `torch.Generator` with the recipe's seed; batches in that order, the last one smaller.

    Args:
        network: The network, with its initial weights. It is left on the device it was trained on.
        prepared: Data as tensors.
        recipe: A full recipe.
        stop: Asked between steps, at most every 20 ms; training ends soon after it says True.
        threads: CPU threads that may be used, or a function that says how many at this moment; None
            means as many as torch has. Small networks use one.

    Yields:
        Events: progress and step metrics about ten times a second, the metrics of every epoch,
        layer statistics at most twice a second, a checkpoint for each new best epoch that is to be
        restored, and last a Status: completed, stopped or diverged.

    Raises:
        DocumentError: when recipe, network and data do not go together.
    """
    decided = plan(network, prepared, recipe)
    with ExitStack() as stack:
        stack.callback(network.to, memory_format=torch.contiguous_format)  # pyright: ignore[reportCallIssue]
        stack.enter_context(devices.keeping_threads())
        stack.callback(network.eval)
        yield from _Training(decided, stop, threads).events()


class _Training:
    """One training from its first step to its last event."""

    def __init__(
        self, plan: Plan, stop: Callable[[], bool], threads: int | Callable[[], int] | None
    ) -> None:
        self.plan, self.work = plan, plan.work
        self._steps: capture.Steps = plan.work
        self._tried = False
        self._stop, self._stop_due = stop, Every(STOP_SECONDS, eager=1)
        self._threads = torch.get_num_threads() if threads is None else threads
        self._report_due = Every(REPORT_SECONDS, eager=FIRST_REPORTS)
        self._layers_due = Every(LAYERS_SECONDS, eager=1)
        self._pace = Pace(self.work.batch_size * plan.criterion.width)
        rule = plan.recipe.stopping_rule
        self._stopping = Stopping(rule, plan.reported()) if rule else None
        lasting = [*self.work.weights, *self.work.buffers]
        self._best = Snapshot(lasting) if rule and rule.restore_best else None
        self._finite = Snapshot(lasting)
        self._epoch_meter, self._step_meter, self._validation_meter = (
            Meter(plan.tallies) for _ in range(3)
        )
        self._step = 0
        self._gradients: list[Tensor] = []
        self._seconds, self._learnt = 0.0, 0

    def events(self) -> Iterator[Event]:
        seed = self.plan.recipe.seed or 0
        generator = torch.Generator().manual_seed(seed)
        torch.manual_seed(seed)
        self._finite.take(0)
        for epoch in range(1, self.plan.epochs + 1):
            end = yield from self._epoch(epoch, self.work.order(generator))
            if end is not None:
                yield end
                return
        yield self._ended("completed", f"Trained for {_count(self.plan.epochs, 'epoch')}")

    def _epoch(self, epoch: int, order: Tensor) -> Iterator[Event]:
        """Learn every row once; return the last status when this was the last epoch."""
        self._epoch_meter.reset()
        self.plan.network.train()
        first, settled = 0, False
        while first < self.work.steps_per_epoch and self._step < self.plan.steps and not settled:
            if self._stop_due.due() and self._stop():
                yield self._progress(epoch)
                return self._ended("stopped", f"Stopped in epoch {epoch}")
            self._capture(order)
            left = min(self.work.steps_per_epoch - first, self.plan.steps - self._step)
            count = self._pace.steps(left)
            chunk, unfit = self._run(order, first, count)
            if unfit is not None:
                self._step = unfit
                yield from self._point("train", epoch, {"loss": None}, "step")
                return self._diverged(epoch, unfit)
            first += len(chunk.losses)
            settled = chunk.settled
            if self._report_due.due():
                yield self._progress(epoch)
                yield from self._point("train", epoch, self._step_meter.values(), "step")
                self._step_meter.reset()
        return (yield from self._after(epoch, settled))

    def _capture(self, order: Tensor) -> None:
        """Go over to steps without Python, if it is time and they are faster."""
        per_step = self._pace.seconds_per_step
        left = (self.plan.steps - self._step) * per_step
        if self._tried or not capture.due(self.work, self._seconds, left):
            return
        self._tried = True
        self._use_threads()
        (rate,) = self.plan.rates(self._step, 1)
        self._steps = capture.faster(self.work, order, rate, self._step, per_step, left)
        if self._steps is not self.work:
            self._pace.forget()

    def _run(self, order: Tensor, first: int, count: int) -> tuple[Chunk, int | None]:
        """Take steps and add up what they bring; also return the first whose loss is not finite."""
        self._use_threads()
        rates = self.plan.rates(self._step, count)
        began = perf_counter()
        chunk = self._steps.run(order, first, rates, self._step)
        losses: list[float] = torch.stack(chunk.losses).tolist()
        seconds = perf_counter() - began
        sizes = [self.work.size(first + taken) for taken in range(len(losses))]
        self._pace.took(len(losses), seconds)
        self._seconds += seconds
        self._learnt += sum(sizes)
        for taken, loss in enumerate(losses):
            if not math.isfinite(loss):
                return chunk, self._step + taken + 1
        start = first * self.work.batch_size
        rows = order[start : start + sum(sizes)]
        with torch.inference_mode():
            told = self.plan.tallies.of(
                torch.cat(chunk.outputs),
                self.plan.train.y.index_select(0, rows),
                self.plan.train.origin,
            )
        self._epoch_meter.add(losses, sizes, told)
        self._step_meter.add(losses, sizes, told)
        self._step += len(losses)
        self._gradients = list(chunk.gradients)
        return chunk, None

    def _after(self, epoch: int, settled: bool) -> Iterator[Event]:
        """Report an epoch, validate, and decide whether to go on."""
        if not self._weights_finite():
            return self._diverged(epoch, self._step)
        self._finite.take(epoch)
        values = self._epoch_meter.values()
        yield from self._point("train", epoch, values, "epoch")
        if self.plan.validation is not None:
            found = self._validate(self.plan.validation)
            yield from self._point("validation", epoch, found, "epoch")
            values = values | {f"val_{name}": value for name, value in found.items()}
        self.plan.rate.after_epoch(values)
        last = self._step == self.plan.steps or settled
        if self._layers_due.due() or last:
            yield self._layers(epoch)
        end: Status | None = None
        if self._stopping is not None:
            improved = self._stopping.improved(epoch, values)
            if improved and self._best is not None:
                self._best.take(epoch)
                yield Checkpoint(epoch=epoch, best=True)
            if self._stopping.exhausted:
                end = self._ended(
                    "completed", f"Stopped early in epoch {epoch}: {self._stopping.reason()}"
                )
        if self._step == self.plan.recipe.max_steps:
            end = self._ended("completed", f"Trained for {_count(self._step, 'step')}, as asked")
        if settled:
            end = self._ended(
                "completed",
                f"Settled at step {self._step}: no weight changed by as much as the tolerance "
                f"{self.plan.recipe.tolerance:g}",
            )
        if end is not None or last:
            yield self._progress(epoch, done=True)
        return end

    def _validate(self, part: Examples) -> dict[str, float | None]:
        criterion, meter = self.plan.criterion, self._validation_meter
        meter.reset()
        self.plan.network.eval()
        with torch.inference_mode():
            for rows in part.batches():
                with self.work.autocast():
                    raw = criterion.raw(
                        self.plan.network, *(as_network_sees(x[rows]) for x in part.inputs)
                    ).float()
                loss = float(criterion.value(raw, part.targets[rows]))
                told = self.plan.tallies.of(raw, part.y[rows], part.origin)
                meter.add([loss], [raw.shape[0]], told)
        return meter.values()

    def _point(
        self, split: str, epoch: int, values: dict[str, float | None], scope: str
    ) -> Iterator[Event]:
        yield Metrics.model_validate(
            {"split": split, "epoch": epoch, "step": self._step, "values": values, "scope": scope}
        )

    def _progress(self, epoch: int, done: bool = False) -> Progress:
        left = self.plan.steps - self._step
        return Progress(
            epoch=epoch,
            step=self._step,
            steps_per_epoch=self.work.steps_per_epoch,
            samples_per_second=self._learnt / self._seconds if self._seconds else 0.0,
            seconds_left=0.0 if done else left * self._pace.seconds_per_step,
        )

    def _layers(self, epoch: int) -> Layers:
        rows = [as_network_sees(x[:SAMPLE_ROWS]) for x in self.plan.train.inputs]
        nodes = activity(self.plan.network, self.work.parameters, self._gradients, rows)
        return Layers(epoch=epoch, step=self._step, nodes=nodes)

    def _use_threads(self) -> None:
        dealt = self._threads() if callable(self._threads) else self._threads
        wanted = dealt if self.plan.threaded else 1
        if torch.get_num_threads() != wanted:
            torch.set_num_threads(wanted)

    def _weights_finite(self) -> bool:
        norms = torch.stack(torch._foreach_norm(self.work.weights))
        return bool(norms.sum().isfinite())

    def _diverged(self, epoch: int, step: int) -> Status:
        rate = self.plan.rates(step - 1, 1)[0]
        self._finite.restore()
        kept = f"epoch {self._finite.epoch}" if self._finite.epoch else "the beginning"
        return Status(
            state="diverged",
            message=(
                f"Diverged at step {step} (epoch {epoch}) with learning rate {rate:g}: the loss is "
                f"no longer a finite number. The weights are those of {kept}. "
                "Try a smaller learning rate."
            ),
        )

    def _ended(self, state: str, message: str) -> Status:
        if self._best is not None and self._best.epoch:
            self._best.restore()
            message += f". The weights are those of the best epoch, {self._best.epoch}"
        else:
            self.work.conclude()
        return Status.model_validate({"state": state, "message": message})


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
