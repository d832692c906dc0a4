"""Datasets that ship with the app. `tools/make_samples.py` writes the files anew."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from models.recipe import Task

_FOLDER = Path(__file__).parent
_UCI = "CC BY 4.0"


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
    path: Path


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
        terms="CC0 1.0",
        target="spiral",
        path=_FOLDER / "two_spirals.csv",
    ),
]
