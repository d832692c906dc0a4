"""The processes that know torch: warm, replaced when lost, and gone with the server."""

import asyncio
import json
import os
import signal
from collections.abc import Iterator
from typing import Any

import psutil
import pytest

from backend import forkserver
from backend.engine import Engine
from backend.errors import ApiError
from models.errors import DocumentError
from models.lifeline import die_with_parent

NETWORK = {
    "format": "neuroloom/1",
    "nodes": [
        {"id": "input", "type": "Input", "params": {"shape": [4]}},
        {"id": "dense", "type": "Dense", "params": {"units": 3}},
        {"id": "output", "type": "Output", "params": {}},
    ],
    "edges": [
        {"source": "input", "target": "dense"},
        {"source": "dense", "target": "output"},
    ],
}


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = Engine()
    yield engine
    engine.close()


def light_worker(engine: Engine) -> psutil.Process:
    """Return the one process of the quick lane."""
    pool, future = engine._light.submit("devices", ())
    future.result()
    return psutil.Process(next(iter(pool._processes)))


def test_a_call_answers_with_plain_data(engine: Engine) -> None:
    report = json.loads(asyncio.run(engine.call("check", NETWORK, None, None)))
    assert report["ok"]
    assert report["parameters"] == 4 * 3 + 3
    assert report["nodes"]["dense"]["output_shape"] == [3]


def test_a_refusal_crosses_the_processes_with_its_place(engine: Engine) -> None:
    with pytest.raises(DocumentError) as refused:
        asyncio.run(engine.call("change", "/nowhere", TABLE, [{"name": "b", "role": "target"}]))
    assert refused.value.problems[0].where.path == ["columns"]


TABLE = {
    "kind": "images",
    "rows": 0,
    "bytes": 0,
}


def test_a_failure_is_told_as_500_and_logged(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ApiError) as told:
        asyncio.run(engine.call("image", "/nowhere/at/all", 0))
    assert told.value.status == 500
    assert "/nowhere" not in told.value.message
    assert "/nowhere/at/all" in caplog.text


def test_a_lost_process_costs_one_503_and_is_replaced(engine: Engine) -> None:
    async def lose_one() -> None:
        worker = await asyncio.to_thread(light_worker, engine)
        worker.suspend()
        waiting = asyncio.create_task(engine.call("check", NETWORK, None, None))
        pool = engine._light._pool
        assert pool is not None
        while not pool._pending_work_items:
            await asyncio.sleep(0)
        worker.kill()
        with pytest.raises(ApiError) as told:
            await waiting
        assert (told.value.status, told.value.code) == (503, "worker_lost")
        assert told.value.headers == {"Retry-After": "1"}
        assert await engine.call("check", NETWORK, None, None)

    asyncio.run(lose_one())


def test_a_process_lost_while_idle_costs_nothing(engine: Engine) -> None:
    worker = light_worker(engine)
    pool = engine._light._pool
    assert pool is not None
    manager: Any = pool._executor_manager_thread
    worker.kill()
    manager.join(10)
    assert asyncio.run(engine.call("check", NETWORK, None, None))


def test_long_calls_run_at_the_lowest_priority(engine: Engine) -> None:
    _, future = engine._heavy.submit("devices", ())
    future.result()
    assert engine._heavy._pool is not None
    assert [psutil.Process(pid).nice() for pid in engine._heavy._pool._processes] == [19]
    assert light_worker(engine).nice() == os.nice(0)


def test_closing_ends_every_process() -> None:
    engine = Engine()
    worker = light_worker(engine)
    engine.close()
    gone, alive = psutil.wait_procs([worker], 60)
    assert (gone, alive) == ([worker], [])
    with pytest.raises(ApiError) as told:
        asyncio.run(engine.call("check", NETWORK, None, None))
    assert told.value.status == 503


def _live_until_told(started, told) -> None:
    die_with_parent()
    started.set()
    told.wait()


def test_a_process_ends_with_the_one_that_started_it() -> None:
    """The parent is itself a process here, so that it can be killed."""
    reader, writer = forkserver.context.Pipe(duplex=False)
    parent = forkserver.context.Process(target=_start_a_child, args=(writer,))
    parent.start()
    child = psutil.Process(reader.recv())
    assert parent.pid is not None
    os.kill(parent.pid, signal.SIGKILL)
    parent.join()
    gone, _ = psutil.wait_procs([child], 60)
    assert gone == [child]


def _start_a_child(writer) -> None:
    started, told = forkserver.context.Event(), forkserver.context.Event()
    child = forkserver.context.Process(target=_live_until_told, args=(started, told))
    child.start()
    started.wait()
    writer.send(child.pid)
    told.wait()
