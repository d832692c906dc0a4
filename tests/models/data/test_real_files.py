"""Files as people have them, from the packages that carry them, without a word of configuration."""

import importlib.resources
import math
from pathlib import Path

import pytest

from models.data.ingest import ingest
from models.data.prepare import prepare
from models.ends import ends
from models.evaluation.report import evaluate
from models.network import build
from models.proposal import propose
from models.training.events import Status
from models.training.loop import train

FILES = {
    # Tabs, and names in single quotation marks.
    "statsmodels.datasets:anes96/anes96.csv": "'vote'",
    "statsmodels.datasets:co2/co2.csv": "co2",
    "statsmodels.datasets:engel/engel.csv": "foodexp",
    # The last column is the year, which is no target.
    "statsmodels.datasets:grunfeld/grunfeld.csv": "firm",
    "statsmodels.datasets:longley/longley.csv": "POP",
    "statsmodels.datasets:macrodata/macrodata.csv": "realint",
    "statsmodels.datasets:modechoice/modechoice.csv": "psize",
    "statsmodels.datasets:star98/star98.csv": "PERSPEN_PTRATIO_PCTAF",
    # Texts, categories of many values, coordinates.
    "vega_datasets:_data/airports.csv": "longitude",
    # A column of dates each, written in three ways.
    "vega_datasets:_data/seattle-weather.csv": "weather",
    "vega_datasets:_data/stocks.csv": "price",
    "vega_datasets:_data/us-employment.csv": "nonfarm_change",
}


@pytest.mark.parametrize(("carried", "target"), FILES.items(), ids=lambda name: name[-20:])
def test_a_real_file_becomes_a_network_that_beats_its_baseline(
    carried: str, target: str, tmp_path: Path
) -> None:
    package, _, name = carried.partition(":")
    with importlib.resources.as_file(importlib.resources.files(package) / name) as path:
        description = ingest(path, tmp_path, path.name)
    assert description.problem is not None
    assert description.problem.target == target
    proposed = propose(description)
    prepared = prepare(tmp_path, description, proposed.recipe, ends(proposed.architecture))
    network = build(proposed.architecture, prepared.interface, seed=proposed.recipe.seed)
    *_, end = train(network, prepared, proposed.recipe, threads=1)
    assert isinstance(end, Status)
    assert end.state == "completed"
    assert prepared.test is not None
    report = evaluate(network, prepared, prepared.test, proposed.recipe)
    assert math.isfinite(report["metrics"]["loss"])
    assert report["metrics"]["loss"] < report["baseline"]["loss"]
