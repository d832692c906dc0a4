"""`make bench`: prints each figure as a ratio to a peer, medians over interleaved runs."""

import argparse
import logging
import statistics
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

from bench import client, first_point, startup
from bench.peers import PEERS
from bench.product import Product
from bench.workloads import WORKLOADS, Workload
from tools.server import serving

GOALS = {"MLP": 2.5, "CNN": 1.4}


def peer_in_a_process(peer: str, workload: Workload, epochs: int) -> float:
    """Return seconds per step, measured in a process of its own, so that no peer warms another."""
    arguments = [sys.executable, "-m", "bench", "--peer", peer]
    arguments += ["--workload", str(WORKLOADS.index(workload)), "--epochs", str(epochs)]
    answer = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        raise SystemExit(f"{peer} failed:\n{answer.stderr[-2000:]}")
    return float(answer.stdout.split()[-1])


def training(url: str, folder: Path, rounds: int) -> Product:
    """Print microseconds per step of the product and its peers, and the ratios."""
    product = Product(url)
    for workload in {workload.name: workload for workload in WORKLOADS}.values():
        product.datasets[workload.name] = client.upload(url, workload.file(folder))["id"]
    print(f"{'training step, µs':<26}{'Neuroloom':>10}", *(f"{peer:>16}" for peer in PEERS))
    for workload in WORKLOADS:
        ours: list[float] = []
        theirs: dict[str, list[float]] = {peer: [] for peer in PEERS}
        for _ in range(rounds):
            ours.append(product.train(workload, workload.epochs))
            for peer in PEERS:
                theirs[peer].append(peer_in_a_process(peer, workload, max(2, workload.epochs // 4)))
        mine = statistics.median(ours)
        cells = [
            f"{(median := statistics.median(times)) * 1e6:>9,.0f} {median / mine:>4.1f} ×"
            for times in theirs.values()
        ]
        name = f"{workload.name}, batch {workload.batch_size} (goal {GOALS[workload.name]} ×)"
        print(f"{name:<26}{mine * 1e6:>10,.0f}", *cells, flush=True)
    return product


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--rounds", type=int, default=3, help="interleaved rounds (default 3)")
    parser.add_argument("--peer", choices=PEERS, help=argparse.SUPPRESS)
    parser.add_argument("--workload", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--epochs", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peer:
        warnings.simplefilter("ignore")
        logging.disable(logging.WARNING)
        print(PEERS[options.peer](WORKLOADS[options.workload], options.epochs))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        with serving(folder / "data") as server:
            product = training(server.url, folder, options.rounds)
            small = WORKLOADS[0]
            milliseconds = first_point.measure(server.url, small, product.datasets[small.name])
    print(f"\nclick on Train to first point drawn: {milliseconds:,.0f} ms (goal 500)")
    began = startup.measure()
    torch = "imported" if began.imports_torch else "never imported"
    print(f"start to first answer: {began.seconds:.2f} s (goal 1.5)")
    print(f"web process: {began.resident:.0f} MiB resident (goal 150), torch {torch}")


if __name__ == "__main__":
    main()
