"""Blocks on the canvas: folded, opened, edited for all uses, repeated, exposed, trained, undone."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

RESIDUAL = {
    "format": "neuroloom/1",
    "name": "Residual",
    "nodes": [
        {"id": "input", "type": "Input", "params": {"shape": [16]}},
        {"id": "stem", "type": "Dense", "params": {"units": 8}},
        {"id": "wide", "type": "Dense", "params": {"units": 8, "activation": "relu"}},
        {"id": "back", "type": "Dense", "params": {"units": 8}},
        {"id": "add", "type": "Add", "params": {}},
        {"id": "head", "type": "Dense", "params": {"units": 1}},
        {"id": "output", "type": "Output", "params": {}},
    ],
    "edges": [
        {"source": "input", "target": "stem"},
        {"source": "stem", "target": "wide"},
        {"source": "wide", "target": "back"},
        {"source": "back", "target": "add"},
        {"source": "stem", "target": "add"},
        {"source": "add", "target": "head"},
        {"source": "head", "target": "output"},
    ],
}
FIVE = [16 * 8 + 8, 8 * 8 + 8, 8 * 8 + 8, 8 + 1]


@pytest.fixture
def edit(page: Page) -> Callable[..., str]:
    """Return a function that opens an architecture in the editor and returns its id."""

    def opened(architecture: dict[str, Any] = RESIDUAL, **more: Any) -> str:
        answer = page.request.post("/api/networks", data={"architecture": architecture, **more})
        network = answer.json()["id"]
        page.goto(f"/networks/{network}")
        expect(page.locator(".react-flow__node")).to_have_count(len(architecture["nodes"]))
        return network

    return opened


def layer(page: Page, id: str) -> Locator:
    return page.locator(f'.react-flow__node[data-id="{id}"]')


def wire(page: Page, source: str, target: str) -> Locator:
    return page.locator(f'.react-flow__edge[data-id="{source}>{target}"]')


def select(page: Page, *ids: str) -> None:
    for number, id in enumerate(ids):
        layer(page, id).click(modifiers=["Control"] if number else [])
    expect(page.locator(".react-flow__node.selected")).to_have_count(len(ids))


def parameters(page: Page, count: int) -> None:
    """Expect the whole network to have so many parameters."""
    expect(page.get_by_test_id("parameters")).to_have_text(f"{count:,}")


def fold(page: Page, title: str) -> None:
    """Fold the middle of the residual network and call the block by a name."""
    select(page, "wide", "back", "add")
    page.keyboard.press("Control+g")
    field = page.get_by_role("textbox", name="Block", exact=True)
    expect(field).to_be_focused()
    page.keyboard.type(title)
    page.keyboard.press("Enter")
    expect(layer(page, "block")).to_contain_text(title)


def saved(page: Page, network: str) -> dict[str, Any]:
    """Return the architecture as the server has it, once everything is saved."""
    expect(page.get_by_role("button", name=re.compile("^Saved"))).to_be_visible()
    return page.request.get(f"/api/networks/{network}").json()["architecture"]


def test_layers_fold_into_a_named_block_and_unfold_again(page: Page, edit: Any) -> None:
    network = edit()
    parameters(page, sum(FIVE))
    fold(page, "Way around")
    parameters(page, sum(FIVE))
    expect(wire(page, "stem", "block")).to_be_attached()
    expect(wire(page, "block", "head")).to_be_attached()
    expect(page.locator(".react-flow__node")).to_have_count(5)
    blocks = saved(page, network)["blocks"]
    assert list(blocks) == ["way_around"]
    assert blocks["way_around"]["title"] == "Way around"

    layer(page, "block").click()
    page.keyboard.press("Control+Shift+g")
    expect(page.locator(".react-flow__node")).to_have_count(7)
    expect(wire(page, "stem", "add")).to_be_attached()
    parameters(page, sum(FIVE))
    assert saved(page, network)["blocks"] == {}

    page.keyboard.press("Control+z")
    expect(layer(page, "block")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(layer(page, "block")).to_contain_text("Block")
    page.keyboard.press("Control+z")
    expect(page.locator(".react-flow__node")).to_have_count(7)
    page.keyboard.press("Control+y")
    expect(layer(page, "block")).to_be_visible()


def test_what_cannot_be_folded_says_why(page: Page, edit: Any) -> None:
    edit()
    select(page, "input", "stem")
    page.keyboard.press("Control+g")
    told = page.get_by_role("region", name=re.compile("^Notifications"))
    expect(told).to_contain_text("input begins what is on the canvas")
    page.keyboard.press("Escape")
    select(page, "stem", "back")
    page.keyboard.press("Control+g")
    expect(told).to_contain_text("wide would have to come after the block and before it")
    expect(page.locator(".react-flow__node")).to_have_count(7)


def test_a_block_is_opened_edited_for_all_uses_and_left(page: Page, edit: Any) -> None:
    edit()
    fold(page, "Way around")
    layer(page, "block").click()
    page.locator('[data-layer-type="block way_around"]').click()
    expect(wire(page, "block", "way_around:input")).to_be_attached()
    parameters(page, sum(FIVE) + FIVE[1] + FIVE[2])

    layer(page, "way_around").dblclick()
    crumbs = page.get_by_role("navigation", name="Open blocks")
    expect(crumbs).to_contain_text("Way around")
    expect(crumbs).to_contain_text("2 uses")
    shape = layer(page, "wide").locator("[data-shape]")
    expect(shape).to_have_attribute("data-shape", "8")
    layer(page, "wide").click()
    page.get_by_role("spinbutton", name="Units").fill("3")
    page.get_by_role("spinbutton", name="Units").press("Enter")
    expect(shape).to_have_attribute("data-shape", "3")
    inner = (8 * 3 + 3) + (3 * 8 + 8)
    parameters(page, FIVE[0] + 2 * inner + FIVE[3])

    layer(page, "back").click()
    page.get_by_role("spinbutton", name="Units").fill("5")
    page.get_by_role("spinbutton", name="Units").press("Enter")
    expect(layer(page, "add").get_by_text("Expected").first).to_be_attached()
    crumbs.get_by_role("button", name="Residual").click()
    expect(layer(page, "way_around")).to_be_visible()
    page.get_by_role("button", name=re.compile("problem")).click()
    page.get_by_role("button", name=re.compile("Expected .* in the block")).first.click()
    expect(layer(page, "add")).to_have_class(re.compile("selected"))

    page.keyboard.press("Control+z")
    expect(page.get_by_text("No problems")).to_be_visible()
    page.locator(".react-flow").focus()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(crumbs).to_be_hidden()
    expect(page.locator(".react-flow__node.selected")).to_have_count(1)


def test_a_use_repeats_its_block_and_sets_what_is_exposed(page: Page, edit: Any) -> None:
    network = edit()
    fold(page, "Way around")
    layer(page, "block").click()
    repeat = page.get_by_role("spinbutton", name="Repeat")
    repeat.fill("3")
    repeat.press("Enter")
    expect(layer(page, "block")).to_contain_text("×3")
    parameters(page, FIVE[0] + 3 * (FIVE[1] + FIVE[2]) + FIVE[3])

    page.get_by_role("button", name="Open", exact=True).click()
    layer(page, "wide").click()
    page.get_by_role("button", name=re.compile("^Expose units")).click()
    page.keyboard.press("Escape")
    page.locator(".react-flow__pane").click(position={"x": 20, "y": 120})
    field = page.get_by_role("textbox", name="Name of the argument units")
    field.fill("width")
    field.press("Enter")
    expect(page.get_by_role("textbox", name="Name of the argument width")).to_be_visible()
    page.get_by_role("button", name="Leave the block").click()

    width = page.get_by_role("spinbutton", name="Width")
    width.fill("4")
    width.press("Enter")
    expect(layer(page, "block")).to_contain_text("width 4")
    inner = (8 * 4 + 4) + (4 * 8 + 8)
    parameters(page, FIVE[0] + 3 * inner + FIVE[3])
    architecture = saved(page, network)
    assert architecture["blocks"]["way_around"]["parameters"] == {
        "width": {"default": 8, "sets": [["wide", "units"]]}
    }
    assert architecture["nodes"][2]["params"] == {
        "block": "way_around",
        "repeat": 3,
        "arguments": {"width": 4},
    }


def test_layers_that_share_weights_say_so_and_can_have_their_own(page: Page, edit: Any) -> None:
    edit()
    parameters(page, sum(FIVE))
    layer(page, "stem").click(button="right")
    page.get_by_role("menuitem", name=re.compile("^Duplicate with shared weights")).click()
    expect(layer(page, "stem_1")).to_contain_text("shared")
    expect(layer(page, "stem")).to_contain_text("shared")
    page.get_by_role("button", name="Give it its own weights").click()
    expect(page.get_by_role("spinbutton", name="Units")).to_have_value("8")
    expect(layer(page, "stem")).not_to_contain_text("shared")


def test_a_network_with_a_block_trains(page: Page, edit: Any) -> None:
    rows = [
        f"{n / 50:.2f},{(n * 7 % 50) / 50:.2f},{n / 25 - (n * 7 % 50) / 50:.3f}" for n in range(200)
    ]
    table = "\n".join(["a,b,target", *rows]).encode()
    file = FilePayload(name="plane.csv", mimeType="text/csv", buffer=table)
    dataset = page.request.post("/api/datasets", multipart={"file": file}).json()["id"]
    architecture = {**RESIDUAL, "nodes": [{"id": "input", "type": "Input", "params": {}}]}
    architecture["nodes"] += RESIDUAL["nodes"][1:]
    edit(architecture, dataset_id=dataset, recipe={"target": "target", "epochs": 5})
    fold(page, "Way around")
    repeat = page.get_by_role("spinbutton", name="Repeat")
    repeat.fill("2")
    repeat.press("Enter")
    parameters(page, (2 * 8 + 8) + 2 * (FIVE[1] + FIVE[2]) + FIVE[3])
    expect(page.get_by_text("No problems")).to_be_visible()
    page.get_by_role("button", name="Train", exact=True).first.click()
    expect(page.get_by_test_id("run-state")).to_contain_text("completed")
    run = page.request.get(f"/api/runs?dataset_id={dataset}").json()["items"][0]
    events = page.request.get(f"/api/runs/{run['id']}/events").json()["events"]
    losses = [
        event["values"]["loss"]
        for event in events
        if event["kind"] == "metrics" and event["scope"] == "epoch" and event["split"] == "train"
    ]
    assert len(losses) == 5
    assert losses[-1] < losses[0]
    assert {"stem", "head"} < set(next(e for e in events if e["kind"] == "layers")["nodes"])


def test_a_block_saved_for_reuse_is_in_the_palette_of_other_networks(page: Page, edit: Any) -> None:
    edit()
    fold(page, "Kept")
    layer(page, "block").click()
    page.get_by_role("button", name="Save for reuse").click()
    entry = page.get_by_role("region", name="Saved blocks").get_by_role("button", name="Kept")
    expect(entry.first).to_be_visible()

    other = edit({**RESIDUAL, "name": "Other"})
    layer(page, "add").click()
    entry.first.click()
    expect(wire(page, "add", "kept:input")).to_be_attached()
    parameters(page, sum(FIVE) + FIVE[1] + FIVE[2])
    assert list(saved(page, other)["blocks"]) == ["kept"]

    entry.first.hover()
    page.get_by_role("button", name="Delete the saved block Kept").click()
    expect(page.get_by_role("region", name="Saved blocks")).to_have_count(0)
    expect(layer(page, "kept")).to_be_visible()
    page.get_by_role("button", name="Undo").last.click()
    expect(entry.first).to_be_visible()
    page.get_by_role("button", name="Delete the saved block Kept").click()
    expect(page.get_by_role("region", name="Saved blocks")).to_have_count(0)


def test_a_block_that_was_saved_over_comes_back(page: Page, edit: Any) -> None:
    kept = {
        "format": "neuroloom/1",
        "name": "Kept",
        "nodes": [{"id": "kept", "type": "Block", "params": {"block": "kept"}}],
        "edges": [],
        "blocks": {
            "kept": {
                "title": "Kept",
                "nodes": [
                    {"id": "input", "type": "Input", "params": {}},
                    {"id": "only", "type": "Dense", "params": {"units": 3}},
                    {"id": "output", "type": "Output", "params": {}},
                ],
                "edges": [
                    {"source": "input", "target": "only"},
                    {"source": "only", "target": "output"},
                ],
            }
        },
    }
    block = page.request.post("/api/blocks", data={"architecture": kept}).json()
    address = f"/api/blocks/{block['id']}"
    edit()
    fold(page, "Kept")
    layer(page, "block").click()
    with page.expect_response(f"**{address}") as over:
        page.get_by_role("button", name="Save for reuse").click()
    assert over.value.request.method == "PUT"
    assert over.value.ok
    told = page.get_by_role("region", name=re.compile("^Notifications"))
    with page.expect_response(f"**{address}") as back:
        told.get_by_role("button", name="Undo").click()
    assert back.value.ok
    (found,) = page.request.get("/api/blocks").json()["items"]
    assert found["architecture"] == block["architecture"]
    assert page.request.delete(address).ok
