"""From a CSV on disk to a bundle that gives the app's answers: the whole way, by mouse."""

import csv
import json
import math
import random
import re
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.bundle import answers, download

ROWS = 6_000
TEN_POINTS = re.compile(r":\s*[1-9]\d+")
"""A chart tells how many points of each curve it has drawn: ten or more of one."""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A table whose target can be learnt: the price of a flat by its size, age and district."""
    shuffled = random.Random(7)
    path = tmp_path / "flats.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["size", "age", "district", "price"])
        for _ in range(ROWS):
            size, age = shuffled.uniform(20, 150), shuffled.uniform(0, 90)
            district = shuffled.choice(["north", "south", "harbour"])
            factor = {"north": 1.0, "south": 1.3, "harbour": 1.9}[district]
            price = factor * size * (3 - math.tanh(age / 40)) + shuffled.gauss(0, 8)
            writer.writerow([f"{size:.1f}", f"{age:.1f}", district, f"{price:.1f}"])
    return path


def drag(page: Page, layer: str, x: float, y: float) -> None:
    """Drag a layer type from the palette to a point of the canvas."""
    canvas = page.get_by_role("region", name="Canvas")
    entry = page.locator(f'[data-layer-type="{layer}"]')
    entry.scroll_into_view_if_needed()
    entry.drag_to(canvas, target_position={"x": x, "y": y})


def connect(page: Page, source: str, target: str) -> None:
    """Draw a wire from one layer's output to another's input."""
    start = page.locator(f'.react-flow__node[data-id="{source}"] .react-flow__handle.source')
    end = page.locator(f'.react-flow__node[data-id="{target}"] .react-flow__handle.target')
    start.drag_to(end)


def test_a_csv_becomes_a_network_that_runs_elsewhere(
    page: Page, table: Path, downloads: Path, base_url: str
) -> None:
    page.goto("/datasets")
    upload = FilePayload(name=table.name, mimeType="text/csv", buffer=table.read_bytes())
    page.locator('input[type="file"]').first.set_input_files(files=[upload])
    expect(page.get_by_text("district").first).to_be_visible()
    dataset = page.url.rsplit("/", 1)[-1]

    page.goto("/")
    page.get_by_role("button", name="Start from an empty canvas").click()
    page.wait_for_url("**/networks/*")
    page.get_by_role("tab", name="Data").click()
    page.get_by_role("combobox", name="Dataset").click()
    page.get_by_role("option", name=re.compile("flats")).first.click()

    for place, layer in enumerate(["Input", "Dense", "Dense", "Output"]):
        drag(page, layer, 420, 40 + 105 * place)
    expect(page.locator(".react-flow__node")).to_have_count(4)
    order = page.locator(".react-flow__node").evaluate_all(
        "nodes => nodes.map(n => [n.getBoundingClientRect().top, n.dataset.id])"
        ".sort((a, b) => a[0] - b[0]).map(([, id]) => id)"
    )
    for source, target in pairwise(order):
        connect(page, source, target)
    expect(page.locator(".react-flow__edge")).to_have_count(3)

    page.locator(f'.react-flow__node[data-id="{order[1]}"]').click()
    page.get_by_role("spinbutton", name="Units").fill("24")
    page.get_by_role("spinbutton", name="Units").press("Enter")
    page.locator(f'.react-flow__node[data-id="{order[2]}"]').click()
    page.get_by_role("spinbutton", name="Units").fill("1")
    page.get_by_role("spinbutton", name="Units").press("Enter")
    shape = page.locator(f'.react-flow__node[data-id="{order[1]}"] [data-shape]')
    expect(shape).to_have_attribute("data-shape", "24")
    expect(page.get_by_test_id("parameters")).to_have_text("169")

    page.get_by_role("button", name="Train", exact=True).first.click()
    expect(page.get_by_role("button", name=re.compile("^Stop"))).to_be_visible()
    chart = page.get_by_test_id("chart-loss")
    expect(chart).to_have_attribute("data-points", TEN_POINTS)
    page.reload()
    expect(chart).to_have_attribute("data-points", TEN_POINTS)
    run = page.request.get(f"{base_url}/api/runs?dataset_id={dataset}").json()["items"][0]
    expect(page.get_by_test_id("run-state")).to_contain_text("completed")
    events = page.request.get(f"{base_url}/api/runs/{run['id']}/events").json()["events"]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    losses = [
        event["values"]["loss"]
        for event in events
        if event["kind"] == "metrics" and event["scope"] == "epoch" and event["split"] == "train"
    ]
    assert losses[-1] < losses[0] / 2

    page.get_by_role("tab", name="Download").click()
    theirs = answers(download(page, downloads), table)
    assert_answers_alike(page, base_url, run["id"], theirs, table)


def assert_answers_alike(
    page: Page, base_url: str, run: str, answers: list[dict[str, str]], table: Path
) -> None:
    """Compare what the bundle says of every row with what the app says."""
    theirs = [float(list(answer.values())[-1]) for answer in answers]
    with table.open(encoding="utf-8") as file:
        rows = [
            {"size": float(row["size"]), "age": float(row["age"]), "district": row["district"]}
            for row in csv.DictReader(file)
        ]
    answer = page.request.post(
        f"{base_url}/api/runs/{run}/predict",
        data=json.dumps({"rows": rows}),
        headers={"Content-Type": "application/json"},
    ).json()
    ours = [prediction["value"] for prediction in answer["predictions"]]
    assert len(theirs) == len(ours) == ROWS
    scale = max(map(abs, ours))
    assert max(abs(a - b) for a, b in zip(ours, theirs, strict=True)) <= 1e-5 * scale
