"""Half precision: near single precision, with losses scaled where gradients would be lost."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from models.errors import DocumentError
from models.training import device as devices
from models.training import loop, stepping
from models.training.checkpoint import read
from models.training.loop import train
from models.training.plan import plan
from models.training.scaler import Scaler
from models.training.work import Work
from tests.models.training.cases import CASES, CLASSES, REGRESSION, Case
from tests.models.training.plain import apart, curve, trainable
from tests.models.training.test_capture import ORDER
from tests.models.training.test_resume import after, fresh

CPU = torch.device("cpu")
SGD = {"type": "SGD", "learning_rate": 0.05, "momentum": 0.9}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bfloat16_learns_what_float32_learns_within_its_eight_bits(case):
    curves, networks = [], []
    for precision in ("float32", "bfloat16"):
        network = case.network()
        recipe = case.recipe(precision=precision)
        curves.append(curve(list(train(network, case.prepared(), recipe))))
        networks.append(network)
    single, half = curves
    assert half == pytest.approx(single, rel=2 * 2**-8)
    assert 0 < apart(*networks) < 2 * 2**-8
    assert all(p.dtype == torch.float32 for p in networks[1].parameters())


def test_float16_is_refused_where_it_gains_nothing():
    with pytest.raises(DocumentError, match="faster on 'cuda' only") as told:
        plan(CLASSES.network(), CLASSES.prepared(), CLASSES.recipe(precision="float16"))
    [problem] = told.value.problems
    assert problem.fix is not None
    assert problem.fix.changes[0].model_dump()["values"] == {"precision": "bfloat16"}


@pytest.mark.parametrize(
    ("capability", "chosen"),
    [((9, 0), "bfloat16"), ((8, 0), "bfloat16"), ((7, 5), "float16"), ((6, 1), "float32")],
)
def test_auto_is_what_the_gpu_gains_by(capability, chosen, monkeypatch):
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _: capability)
    gpu = torch.device("cuda")
    assert devices.precision("auto", gpu) == getattr(torch, chosen)
    assert devices.precision("float16", gpu) == torch.float16
    assert devices.precision("float32", gpu) == torch.float32
    for other in ("cpu", "mps"):
        assert devices.precision("auto", torch.device(other)) == torch.float32


def scaled(case: Case, initial: float, **changes: Any) -> Work:
    """Return steps in float16 on the CPU, which computes it too, though slowly."""
    work = plan(case.network(), case.prepared(), case.recipe(optimizer=SGD, **changes)).work
    work.autocast = partial(torch.autocast, "cpu", dtype=torch.float16)
    work.scaler = Scaler(CPU, initial)
    work.network.train()
    return work


@pytest.mark.parametrize("initial", [2.0**10, 2.0**24], ids=["fits", "overflows at first"])
@pytest.mark.parametrize("clip_norm", [None, 0.1])
@pytest.mark.parametrize("case", [REGRESSION, CLASSES], ids=lambda case: case.name)
def test_scaled_losses_give_the_weights_and_scales_of_torchs_grad_scaler(case, initial, clip_norm):
    work = scaled(case, initial, clip_norm=clip_norm)
    plain = case.in_pytorch(case.network())
    optimizer = torch.optim.SGD(trainable(plain), lr=0.05, momentum=0.9)
    theirs = torch.amp.GradScaler("cpu", init_scale=initial)
    part, scales = case.prepared().train, []
    for rows in ORDER.split(16):
        optimizer.zero_grad()
        with torch.autocast("cpu", dtype=torch.float16):
            raw = plain(case.shaped(part.x[rows]))
        loss = case.criterion(raw.float(), part.y[rows]).mean()
        theirs.scale(loss).backward()
        theirs.unscale_(optimizer)
        if clip_norm is not None:
            torch.nn.utils.clip_grad_norm_(trainable(plain), clip_norm)
        theirs.step(optimizer)
        theirs.update()
        scales.append(theirs.get_scale())
    ours = []
    for batch in range(work.batches.count):
        work.run(ORDER, batch, [0.05], batch)
        assert work.scaler is not None
        ours.append(float(work.scaler.scale))
    assert ours == scales
    assert work.scaler is not None
    assert (int(work.scaler.skipped) > 0) == (initial > 2.0**20)
    assert apart(work.network, plain) < 2e-3


def test_the_scale_grows_after_many_steps_without_an_overflow(monkeypatch):
    monkeypatch.setattr("models.training.scaler.INTERVAL", 3)
    scaler, gradients = Scaler(CPU, 8.0), [torch.ones(2)]
    seen = []
    for overflow in (False, False, False, False, True, False):
        given = [g * (float("inf") if overflow else 8.0) for g in gradients]
        assert scaler.fit(given) != overflow
        seen.append(float(scaler.scale))
    assert seen == [8.0, 8.0, 16.0, 16.0, 8.0, 8.0]
    assert int(scaler.skipped) == 1


def test_a_step_that_is_left_out_changes_nothing_but_the_scale():
    work = scaled(CLASSES, 2.0**60)
    before = [tensor.clone() for tensor in [*work.weights, *work.averages]]
    work.run(ORDER, 0, [0.05], 0)
    pairs: list[tuple[Tensor, Tensor]] = list(zip([*work.weights], before, strict=True))
    assert all(torch.equal(now, then) for now, then in pairs)


def test_the_scale_is_in_the_checkpoint_and_resumed_bit_for_bit(tmp_path: Path, monkeypatch):
    # As a GPU would choose it; the CPU computes it too.
    monkeypatch.setattr(devices, "precision", lambda *_: torch.float16)
    monkeypatch.setattr(loop, "ASK_SECONDS", 0.0)
    monkeypatch.setattr(stepping.Pace, "batches", lambda self, left: 1)
    optimizer = {"type": "Adam", "gradient_accumulation_steps": 2}
    recipe, whole = CLASSES.recipe(optimizer=optimizer), fresh(CLASSES)
    list(train(whole, CLASSES.prepared(), recipe))
    file, ended = tmp_path / "kept", False
    while not ended:
        network = fresh(CLASSES)
        arguments = {"checkpoint": file, "resume": file.exists(), "pause": after(3)}
        *_, end = train(network, CLASSES.prepared(), recipe, **arguments)
        ended = end.state == "completed"
    assert apart(network, whole) == 0
    saved = [float(t) for t in read(file)["work"].values() if isinstance(t, Tensor) and not t.dim()]
    assert 2.0**15 in saved  # halved once, after the first step
