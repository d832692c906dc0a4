"""`make bench`: prints each figure as a ratio to a peer, medians over interleaved runs."""

import argparse
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

from bench import batches, checking, client, drawn, first_point, load, reading, startup
from bench.peers import PEERS
from bench.product import Product
from bench.workloads import WORKLOADS, Workload
from tools.server import Server, serving

GOALS = {"MLP": 2.5, "CNN": 1.4, "LSTM": 1.05}
PLAIN = next(iter(PEERS))
"""The peer that the goals are told against."""
VIEWERS = 100
MANY_VIEWERS = 500
"""Of whom one reads nothing."""


def verdict(reached: bool) -> str:
    """Return how a figure stands to its goal, in a word that can be searched for."""
    return "reached" if reached else "MISSED"


def in_processes(peer: str, workload: Workload, count: int = 1, **environment: str) -> list[float]:
    """Return seconds per step of as many trainings at once.

    Each is in a process of its own, so that no peer warms another.
    """
    command = [sys.executable, "-m", "bench", "--peer", peer]
    command += ["--workload", str(WORKLOADS.index(workload))]
    trainings = [
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | environment,
        )
        for _ in range(count)
    ]
    told = [training.communicate() for training in trainings]
    for training, (_, complaint) in zip(trainings, told, strict=True):
        if training.returncode != 0:
            raise SystemExit(f"{peer} failed:\n{complaint[-2000:]}")
    return [float(answer.split()[-1]) for answer, _ in told]


def training(product: Product, rounds: int) -> None:
    """Print microseconds per step of the product and its peers, and the ratios."""
    print(f"{'training step, µs':<20}{'Neuroloom':>10}", *(f"{peer:>17}" for peer in PEERS))
    for workload in WORKLOADS:
        ours: list[float] = []
        theirs: dict[str, list[float]] = {peer: [] for peer in PEERS}
        for _ in range(rounds):
            ours.append(product.train(workload))
            for peer, times in theirs.items():
                times += in_processes(peer, workload)
        mine = statistics.median(ours)
        medians = {peer: statistics.median(times) for peer, times in theirs.items()}
        cells = [f"{time * 1e6:>9,.0f} {time / mine:>5.1f} ×" for time in medians.values()]
        goal = GOALS[workload.name]
        end = f"  goal {goal} × {PLAIN}: {verdict(medians[PLAIN] / mine >= goal)}"
        name = f"{workload.name}, batch {workload.batch_size}"
        print(f"{name:<20}{mine * 1e6:>10,.0f}", *cells, end, flush=True)


def watching(product: Product, rounds: int) -> None:
    """Print what viewers cost the training, and how long an event is on its way to one."""
    workload = WORKLOADS[0]
    crowds = {0: 0, 1: 0, VIEWERS: 0, MANY_VIEWERS: 1}
    times: dict[int, list[float]] = {crowd: [] for crowd in crowds}
    for _ in range(rounds):
        for crowd, stalled in crowds.items():
            times[crowd].append(product.train(workload, crowd, stalled))
    cost = {crowd: statistics.median(times[crowd]) / statistics.median(times[0]) for crowd in times}
    for crowd in (1, VIEWERS):
        more = cost[crowd] - 1
        print(f"{crowd} viewers against none: {more:+.1%} (goal 3%: {verdict(more <= 0.03)})")
    print(f"{MANY_VIEWERS} viewers, one of them stalled: {cost[MANY_VIEWERS] - 1:+.1%}")
    p95 = _p95(product.latencies(workload))
    print(f"event written to received: p95 {p95:,.0f} ms (goal 150: {verdict(p95 <= 150)})")
    p95 = _p95(product.latencies(workload, MANY_VIEWERS, stalled=1))
    print(
        f"event written to received beside {MANY_VIEWERS} viewers, one stalled: p95 {p95:,.0f} ms"
    )


def _p95(late: list[float]) -> float:
    """Return the 95th percentile of sorted seconds, in milliseconds."""
    return late[int(len(late) * 0.95)] * 1e3


def sharing(product: Product, rounds: int) -> None:
    """Print the work that two runs do together against one alone, and what two processes can do.

    Cores that share their parts, and other work of the machine, leave two processes of plain
    PyTorch on one thread each less than twice the work of one.
    """
    workload = WORKLOADS[0]
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(product.at_once(workload, 2) / product.at_once(workload, 1))
        one, two = (in_processes(PLAIN, workload, count, OMP_NUM_THREADS="1") for count in (1, 2))
        theirs.append(sum(one[0] / step for step in two))
    ratio, peer = statistics.median(ours), statistics.median(theirs)
    print(
        f"two runs at once against one: {ratio:.2f} × (goal 1.8: {verdict(ratio >= 1.8)}); "
        f"two processes of {PLAIN}: {peer:.2f} ×"
    )


def uploading(server: Server, folder: Path, rounds: int) -> None:
    """Print what it takes from a file to a dataset, against reading it plainly."""
    csv = reading.table(server, folder, rounds)
    quick, small = verdict(csv.ratio <= 2), verdict(csv.peak <= 2 * csv.size)
    print(f"CSV of {csv.size / 1e6:,.0f} MB to dataset: {csv.product:.2f} s, ", end="")
    print(f"{csv.ratio:.1f} × polars (goal 2: {quick}), ", end="")
    print(f"memory {csv.peak / csv.size:.1f} × the file (goal 2: {small})")
    jpegs = reading.pictures(server, folder, rounds)
    faster = 1 / jpegs.ratio
    print(
        f"{reading.PICTURES:,} JPEGs to dataset: {jpegs.product:.2f} s, {faster:.1f} × as fast as "
        f"Pillow (goal 4: {verdict(faster >= 4)})"
    )


def feeding(folder: Path, rounds: int) -> None:
    """Print what the batches of images cost the steps that learn from them."""
    for workload in WORKLOADS:
        if workload.name == "CNN":
            place = folder / f"fed_{workload.batch_size}"
            place.mkdir()
            cost = batches.measure(workload, place, rounds)
            print(
                f"batches of {workload.batch_size} images against one in memory: {cost:+.1%} of "
                f"the step (goal 5%: {verdict(cost <= 0.05)})"
            )


def editing(url: str) -> None:
    """Print how long the check of a large network takes."""
    found = checking.measure(url, layers=100)
    quick, quicker = verdict(found.first <= 150), verdict(found.edited <= 10)
    print(
        f"check of 100 layers: {found.first:,.0f} ms the first time (goal 150: {quick}), ", end=""
    )
    print(f"{found.edited:,.1f} ms after an edit (goal 10: {quicker})")
    most = checking.measure(url, layers=2_000, rounds=1)
    print(
        f"check of 2,000 layers: {most.first:,.0f} ms (goal 2,000: {verdict(most.first <= 2000)})"
    )


def starting() -> None:
    """Print how the server starts."""
    began = startup.measure()
    quick, small = verdict(began.seconds <= 1.5), verdict(began.resident <= 150)
    torch = "imported: MISSED" if began.imports_torch else "never imported: reached"
    print(f"start to first answer: {began.seconds:.2f} s (goal 1.5: {quick})")
    print(f"web process: {began.resident:.0f} MiB resident (goal 150: {small}), torch {torch}")
    little = verdict(began.worker <= 40)
    print(f"an idle worker: {began.worker:.0f} MiB of its own (goal 40: {little})")


def main() -> None:
    # As at its users, the app is compiled once and not at every start.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--rounds", type=int, default=3, help="interleaved rounds (default 3)")
    parser.add_argument("--peer", choices=PEERS, help=argparse.SUPPRESS)
    parser.add_argument("--workload", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peer:
        warnings.simplefilter("ignore")
        logging.disable(logging.WARNING)
        workload = WORKLOADS[options.workload]
        print(PEERS[options.peer](workload, workload.peer_epochs))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        with serving(folder / "data") as server:
            product = Product(server.url)
            for workload in {workload.name: workload for workload in WORKLOADS}.values():
                dataset = client.upload(server.url, workload.file(folder))
                product.datasets[workload.name] = dataset["id"]
            training(product, options.rounds)
            watching(product, options.rounds)
            sharing(product, options.rounds)
            uploading(server, folder, options.rounds)
            feeding(folder, options.rounds)
            editing(server.url)
            small = WORKLOADS[0]
            dataset = product.datasets[small.name]
            taken = first_point.measure(server.url, small, dataset)
            late = drawn.measure(server.url, small, dataset)
            asked = load.measure(server.url, small, dataset)
    print(f"click on Train to first point: {taken:,.0f} ms (goal 500: {verdict(taken <= 500)})")
    print(f"event written to drawn: p95 {late:,.0f} ms (goal 150: {verdict(late <= 150)})")
    print(
        f"lists at {load.A_SECOND} requests a second beside a run: p99 {asked:,.0f} ms "
        f"(goal 100: {verdict(asked <= 100)})"
    )
    starting()


if __name__ == "__main__":
    main()
