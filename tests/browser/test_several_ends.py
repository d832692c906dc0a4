"""Two inputs, two outputs: columns, targets and a loss weight by mouse, and an answer from each."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

TYPES = {
    "petals": "Input",
    "sepals": "Input",
    "both": "Concatenate",
    "hidden": "Dense",
    "shares": "Dense",
    "amount": "Dense",
    "kind": "Output",
    "length": "Output",
}
PARAMS: dict[str, dict[str, Any]] = {
    "hidden": {"units": 16, "activation": "relu"},
    "shares": {"units": 3, "activation": "softmax"},
    "amount": {"units": 1},
}
WIRES = "petals>both sepals>both both>hidden hidden>shares hidden>amount shares>kind amount>length"


def post(page: Page, url: str, body: dict[str, Any]) -> Any:
    headers = {"Content-Type": "application/json"}
    answer = page.request.post(url, data=json.dumps(body), headers=headers)
    assert answer.ok, answer.text()
    return answer.json()


@pytest.fixture
def network(page: Page, base_url: str) -> str:
    """A saved network whose ends say nothing yet, on the flowers that ship with the app."""
    dataset = post(page, f"{base_url}/api/datasets", {"sample": "iris"})["id"]
    pairs = (wire.split(">") for wire in WIRES.split())
    architecture = {
        "format": "neuroloom/1",
        "name": "Two ends",
        "nodes": [
            {"id": node, "type": kind, "params": PARAMS.get(node, {})}
            for node, kind in TYPES.items()
        ],
        "edges": [{"source": source, "target": target} for source, target in pairs],
        "layout": {node: [150 * (at % 2), 110 * at] for at, node in enumerate(TYPES)},
    }
    body = {"architecture": architecture, "dataset_id": dataset, "recipe": {"epochs": 30}}
    return post(page, f"{base_url}/api/networks", body)["id"]


def select(page: Page, node: str) -> None:
    page.locator(f'.react-flow__node[data-id="{node}"]').click()
    expect(page.get_by_role("textbox", name="Name in the code")).to_have_value(node)


def choose(page: Page, field: str, option: str) -> None:
    page.get_by_role("combobox", name=field, exact=True).click()
    page.get_by_role("option", name=re.compile(f"^{re.escape(option)}")).first.click()


def test_each_input_gets_its_columns_and_each_output_learns_its_target(
    page: Page, network: str, base_url: str
) -> None:
    page.goto(f"/networks/{network}")
    select(page, "petals")
    page.get_by_role("checkbox", name=re.compile("^petal width")).check()
    expect(page.locator('[data-id="petals"] [data-shape]')).to_have_attribute("data-shape", "1")
    select(page, "kind")
    choose(page, "Target", "species")
    select(page, "length")
    choose(page, "Target", "petal length")
    choose(page, "Loss", "Huber")
    page.get_by_role("spinbutton", name="Loss weight").fill("0.5")
    page.get_by_role("spinbutton", name="Loss weight").press("Enter")
    expect(page.locator('[data-id="sepals"] [data-shape]')).to_have_attribute("data-shape", "2")

    page.get_by_role("tab", name="Data", exact=True).click()
    targets = page.get_by_role("region", name="Targets")
    expect(targets).to_contain_text("petal length (cm)")
    page.get_by_role("tab", name="Training", exact=True).click()
    expect(page.get_by_role("region", name="Losses")).to_contain_text("Huber × 0.5")

    page.get_by_role("button", name="Train", exact=True).first.click()
    expect(page.get_by_test_id("run-state")).to_contain_text("completed")
    for value in ("loss", "kind_loss", "kind_accuracy", "length_loss", "length_mae"):
        chart = page.get_by_test_id(f"chart-{value}")
        expect(chart).to_have_attribute("data-points", re.compile(r":\s*[1-9]"))
    expect(page.get_by_role("figure", name="species: Accuracy")).to_be_visible()

    page.get_by_role("tab", name="Result").click()
    verdicts = page.get_by_test_id("verdict")
    expect(verdicts).to_have_count(2)
    expect(verdicts.first).to_contain_text("Right on")
    expect(verdicts.last).to_contain_text("petal length (cm)")
    page.get_by_role("tab", name="Predict").click()
    page.get_by_role("button", name="Predict", exact=True).click()
    answers = page.get_by_test_id("prediction")
    expect(answers).to_have_count(2)
    expect(answers.first).to_contain_text("species")
    expect(answers.last).to_contain_text("petal length (cm)")
    run = page.request.get(f"{base_url}/api/runs?network_id={network}").json()["items"][0]
    told = page.request.get(f"{base_url}/api/runs/{run['id']}").json()
    assert told["recipe"]["inputs"] == [
        "petal width (cm)",
        "sepal length (cm)",
        "sepal width (cm)",
    ]
    assert [output["loss_weight"] for output in told["outputs"]] == [1.0, 0.5]
