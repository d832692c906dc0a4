"""Write the datasets that ship with the app, from scikit-learn's copies and from formulas.

    python -m tools.make_samples [FOLDER]

The same files come out each time; scikit-learn is needed here only, not by the app.
"""

import csv
import datetime
import io
import sys
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from sklearn import datasets

from tools.reviews import reviews

FOLDER = Path(__file__).parent.parent / "models" / "data" / "samples"
ZIP_TIME = (2000, 1, 1, 0, 0, 0)
CLASSES = [
    ("iris", datasets.load_iris, "species"),
    ("breast_cancer", datasets.load_breast_cancer, "diagnosis"),
    ("wine", datasets.load_wine, "cultivar"),
]


def main(folder: Path = FOLDER) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for slug, load, target in CLASSES:
        bunch: Any = load()
        classes = [str(bunch.target_names[code]) for code in bunch.target]
        write_table(folder / f"{slug}.csv", bunch.feature_names, target, bunch.data, classes)
    write_diabetes(folder / "diabetes.csv")
    write_digits(folder / "digits.zip")
    write_spirals(folder / "two_spirals.csv")
    write_reviews(folder / "product_reviews.csv")
    write_kiosks(folder / "kiosks.csv")


def write_table(
    path: Path, features: Iterable[Any], target: str, data: np.ndarray, values: Sequence[str]
) -> None:
    rows = ([*map(shortest, row), value] for row, value in zip(data.tolist(), values, strict=True))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*features, target])
        writer.writerows(rows)


def shortest(value: float) -> str:
    """Return the shortest text that reads back as the value, without a trailing '.0'."""
    return repr(int(value)) if value == int(value) else repr(value)


def write_diabetes(path: Path) -> None:
    bunch: Any = datasets.load_diabetes(scaled=False)
    meaning = {
        "bp": "blood_pressure",
        "s1": "total_cholesterol",
        "s2": "ldl",
        "s3": "hdl",
        "s4": "cholesterol_hdl_ratio",
        "s5": "log_triglycerides",
        "s6": "glucose",
    }
    features = [meaning.get(name, name) for name in bunch.feature_names]
    # The scaled-back sums carry rounding noise past the few decimals that were measured.
    data = np.round(bunch.data, 4)
    write_table(path, features, "disease_progression", data, [shortest(v) for v in bunch.target])


def write_reviews(path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["review", "sentiment"])
        writer.writerows(reviews(4_000, seed=0))


def write_digits(path: Path) -> None:
    bunch: Any = datasets.load_digits()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for index, (pixels, digit) in enumerate(zip(bunch.images, bunch.target, strict=True)):
            image = Image.fromarray(np.round(pixels * 255 / 16).astype(np.uint8))
            png = io.BytesIO()
            image.save(png, "PNG", optimize=True)
            entry = zipfile.ZipInfo(f"digits/{digit}/{index:04}.png", ZIP_TIME)
            archive.writestr(entry, png.getvalue())


def write_spirals(path: Path, rows: int = 1_000, turns: float = 1.5, noise: float = 0.02) -> None:
    """Two arms that turn `turns` times around the origin, half a turn apart."""
    generator = np.random.default_rng(0)
    per_arm = rows // 2
    # The square root spreads the points evenly along the arm instead of crowding the centre.
    radius = np.sqrt(generator.uniform(0.01, 1, rows))
    arm = np.repeat([0, 1], per_arm)
    angle = radius * turns * 2 * np.pi + arm * np.pi
    points = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    points += generator.normal(0, noise, points.shape)
    order = generator.permutation(rows)
    names = np.array(["first", "second"])[arm]
    write_table(path, ["x", "y"], "spiral", np.round(points[order], 4), names[order].tolist())


def write_kiosks(path: Path, days: int = 730) -> None:
    """Two years of four kiosks: what is sold follows season, weekday, weather, offers and habit.

    sold(t) = size · weekday(t) · exp(0.045 · (temperature(t) − 15) + h(t)) · (1.35 on offer), with
    h(t) = 0.6 · h(t − 1) + noise; the weather is the same for all, and lasts some days.
    """
    generator = np.random.default_rng(7)
    first = datetime.date(2022, 3, 1)
    dates = [first + datetime.timedelta(days=day) for day in range(days)]
    year = np.array([date.timetuple().tm_yday for date in dates])
    spell = np.zeros(days)
    for day in range(1, days):
        spell[day] = 0.8 * spell[day - 1] + generator.normal(0, 1.6)
    temperature = 13 - 9 * np.cos(2 * np.pi * (year - 20) / 365.25) + spell
    weekday = np.array([0.8, 0.75, 0.8, 0.9, 1.15, 1.6, 1.5])[[date.weekday() for date in dates]]
    rows: list[list[str]] = []
    for name, size in (("harbour", 220), ("park", 160), ("station", 120), ("zoo", 90)):
        offer = np.zeros(days, dtype=int)
        for begin in generator.integers(0, days - 3, days // 25):
            offer[begin : begin + 3] = 1
        habit = np.zeros(days)
        for day in range(1, days):
            habit[day] = 0.6 * habit[day - 1] + generator.normal(0, 0.07)
        mean = size * weekday * np.exp(0.045 * (temperature - 15)) * np.where(offer, 1.35, 1)
        sold = np.round(mean * np.exp(habit)).astype(int)
        rows += [
            [str(date), name, f"{warm:.1f}", "yes" if cheap else "no", str(count)]
            for date, warm, cheap, count in zip(dates, temperature, offer, sold, strict=True)
        ]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["date", "kiosk", "temperature", "offer", "sold"])
        writer.writerows(rows)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
