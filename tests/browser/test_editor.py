"""What people expect of an editor's canvas, by mouse and by key."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.browser.waiting import eventually

CHAIN = {
    "format": "neuroloom/1",
    "name": "Chain",
    "nodes": [
        {"id": "input", "type": "Input", "params": {"shape": [4]}},
        {"id": "first", "type": "Dense", "params": {"units": 8}},
        {"id": "second", "type": "Dense", "params": {"units": 3}},
        {"id": "output", "type": "Output", "params": {}},
    ],
    "edges": [
        {"source": "input", "target": "first"},
        {"source": "first", "target": "second"},
        {"source": "second", "target": "output"},
    ],
    "layout": {"input": [0, 0], "first": [0, 92], "second": [0, 184], "output": [0, 276]},
}


@pytest.fixture
def edit(page: Page) -> Callable[..., str]:
    """Return a function that opens an architecture in the editor and returns its id."""

    def opened(architecture: dict[str, Any] = CHAIN) -> str:
        answer = page.request.post("/api/networks", data={"architecture": architecture})
        network = answer.json()["id"]
        page.goto(f"/networks/{network}")
        expect(layers(page)).to_have_count(len(architecture["nodes"]))
        return network

    return opened


def layers(page: Page) -> Locator:
    return page.locator(".react-flow__node")


def layer(page: Page, id: str) -> Locator:
    return page.locator(f'.react-flow__node[data-id="{id}"]')


def selected(page: Page) -> Locator:
    return page.locator(".react-flow__node.selected")


def wires(page: Page) -> Locator:
    return page.locator(".react-flow__edge")


def wire(page: Page, source: str, target: str) -> Locator:
    return page.locator(f'.react-flow__edge[data-id="{source}>{target}"]')


def box(locator: Locator) -> FloatRect:
    """Return where an element is on the screen, once it rests."""
    locator.hover(trial=True)
    found = locator.bounding_box()
    assert found is not None
    return found


def middle(locator: Locator) -> tuple[float, float]:
    place = box(locator)
    return place["x"] + place["width"] / 2, place["y"] + place["height"] / 2


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=4)
    page.mouse.move(*end, steps=4)
    page.mouse.up()


def handle(page: Page, id: str, side: str) -> tuple[float, float]:
    box(layer(page, id))
    place = layer(page, id).locator(f".react-flow__handle.{side}").bounding_box()
    assert place is not None
    return place["x"] + place["width"] / 2, place["y"] + place["height"] / 2


def empty_place(page: Page) -> tuple[float, float]:
    """Return a point of the canvas with nothing near it."""
    canvas = page.get_by_role("region", name="Canvas").bounding_box()
    assert canvas is not None
    return canvas["x"] + 160, canvas["y"] + 90


def test_a_double_click_opens_the_search_and_enter_adds_there(page: Page, edit: Any) -> None:
    edit()
    x, y = empty_place(page)
    page.mouse.dblclick(x, y)
    expect(page.get_by_role("dialog", name="Search layers")).to_be_visible()
    page.keyboard.type("dropout")
    page.keyboard.press("Enter")
    expect(layer(page, "dropout")).to_be_focused()
    place = box(layer(page, "dropout"))
    assert abs(place["x"] + place["width"] / 2 - x) < 4
    assert abs(place["y"] + place["height"] / 2 - y) < 4
    expect(wires(page)).to_have_count(3)


def test_tab_opens_the_search_and_tab_again_goes_on(page: Page, edit: Any) -> None:
    edit()
    layer(page, "first").click()
    page.keyboard.press("Tab")
    search = page.get_by_role("dialog", name="Search layers")
    expect(search.get_by_role("combobox")).to_be_focused()
    page.keyboard.press("Tab")
    expect(search).to_be_hidden()
    expect(page.get_by_role("button", name="Zoom out")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(layer(page, "first")).to_be_focused()
    page.keyboard.press("Tab")
    expect(search.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("batchn")
    page.keyboard.press("Enter")
    expect(wire(page, "first", "batch_normalization")).to_be_attached()
    expect(wire(page, "batch_normalization", "second")).to_be_attached()
    expect(layer(page, "batch_normalization")).to_be_focused()


def test_a_wire_dropped_on_the_empty_canvas_offers_what_fits(page: Page, edit: Any) -> None:
    edit()
    drag(page, handle(page, "first", "source"), empty_place(page))
    search = page.get_by_role("dialog", name="Search layers")
    expect(search.get_by_role("option", name=re.compile("^Dense"))).to_be_attached()
    expect(search.get_by_role("option", name=re.compile("^Input"))).to_have_count(0)
    page.keyboard.type("dense")
    page.keyboard.press("Enter")
    expect(wire(page, "first", "dense")).to_be_attached()


def test_what_is_dropped_on_a_wire_goes_into_it(page: Page, edit: Any) -> None:
    edit()
    above, below = box(layer(page, "first")), box(layer(page, "second"))
    canvas = page.get_by_role("region", name="Canvas").bounding_box()
    assert canvas is not None
    x = above["x"] + above["width"] / 2
    y = (above["y"] + above["height"] + below["y"]) / 2
    page.locator('[data-layer-type="Dropout"]').drag_to(
        page.get_by_role("region", name="Canvas"),
        target_position={"x": x - canvas["x"], "y": y - canvas["y"]},
    )
    expect(wire(page, "first", "dropout")).to_be_attached()
    expect(wire(page, "dropout", "second")).to_be_attached()

    page.mouse.dblclick(*empty_place(page))
    expect(page.get_by_role("dialog", name="Search layers")).to_be_visible()
    page.keyboard.type("batchn")
    page.keyboard.press("Enter")
    loose = layer(page, "batch_normalization")
    expect(loose).to_be_visible()
    above, below = box(layer(page, "second")), box(layer(page, "output"))
    between = (above["y"] + above["height"] + below["y"]) / 2
    drag(page, middle(loose), (above["x"] + above["width"] / 2, between))
    expect(wire(page, "second", "batch_normalization")).to_be_attached()
    expect(wire(page, "batch_normalization", "output")).to_be_attached()


def test_a_wire_that_may_not_be_is_refused_with_the_reason(page: Page, edit: Any) -> None:
    edit()
    drag(page, handle(page, "second", "source"), handle(page, "first", "target"))
    expect(page.get_by_text("This wire would close a cycle").first).to_be_visible()
    expect(wires(page)).to_have_count(3)


def test_a_wire_is_pulled_off_by_its_end(page: Page, edit: Any) -> None:
    edit()
    x, y = handle(page, "second", "target")
    drag(page, (x, y - 6), empty_place(page))
    expect(wire(page, "first", "second")).to_have_count(0)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+z")
    expect(wire(page, "first", "second")).to_be_attached()


@pytest.mark.parametrize("key", ["Delete", "Backspace"])
def test_a_removed_layer_leaves_its_neighbours_connected(page: Page, edit: Any, key: str) -> None:
    edit()
    layer(page, "first").click()
    page.keyboard.press(key)
    expect(layer(page, "first")).to_have_count(0)
    expect(wire(page, "input", "second")).to_be_attached()
    expect(layer(page, "input")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(wire(page, "first", "second")).to_be_attached()
    page.keyboard.press("Control+Shift+z")
    expect(layer(page, "first")).to_have_count(0)
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+y")
    expect(layer(page, "first")).to_have_count(0)


def test_layers_are_selected_in_a_frame_one_by_one_and_all(page: Page, edit: Any) -> None:
    edit()
    first, second = box(layer(page, "first")), box(layer(page, "second"))
    page.keyboard.down("Shift")
    drag(
        page,
        (first["x"] - 30, first["y"] - 8),
        (first["x"] + first["width"] + 30, second["y"] + second["height"] + 8),
    )
    page.keyboard.up("Shift")
    expect(selected(page)).to_have_count(2)
    page.get_by_role("region", name="Canvas").click(position={"x": 20, "y": 20})
    expect(selected(page)).to_have_count(0)
    layer(page, "input").click()
    layer(page, "output").click(modifiers=["Control"])
    expect(selected(page)).to_have_count(2)
    layer(page, "output").click(modifiers=["Control"])
    expect(selected(page)).to_have_count(1)
    page.keyboard.press("Control+a")
    expect(selected(page)).to_have_count(4)
    page.keyboard.press("Escape")
    expect(selected(page)).to_have_count(0)


def test_layers_are_copied_cut_pasted_and_duplicated_as_json(page: Page, edit: Any) -> None:
    edit()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    layer(page, "first").click()
    page.keyboard.press("Control+c")
    copied = json.loads(page.evaluate("navigator.clipboard.readText()"))
    assert copied["format"] == "neuroloom/1"
    assert [node["id"] for node in copied["nodes"]] == ["first"]
    page.keyboard.press("Control+v")
    expect(layers(page)).to_have_count(5)
    page.keyboard.press("Control+x")
    expect(layers(page)).to_have_count(4)
    page.keyboard.press("Control+v")
    expect(layers(page)).to_have_count(5)
    page.keyboard.press("Control+d")
    expect(layers(page)).to_have_count(6)
    page.evaluate("text => navigator.clipboard.writeText(text)", json.dumps(CHAIN))
    page.keyboard.press("Control+v")
    expect(layers(page)).to_have_count(10)
    page.evaluate("navigator.clipboard.writeText('not a network')")
    page.keyboard.press("Control+v")
    expect(page.get_by_text("Not pasted").first).to_be_visible()


def view(page: Page) -> str:
    return page.locator(".react-flow__viewport").evaluate("element => element.style.transform")


def test_the_view_is_moved_and_zoomed(page: Page, edit: Any) -> None:
    edit()
    start = middle(layer(page, "first"))
    page.keyboard.down("Space")
    drag(page, start, (start[0] + 90, start[1] + 40))
    page.keyboard.up("Space")
    moved = middle(layer(page, "first"))
    assert moved[0] - start[0] == pytest.approx(90, abs=3)
    page.mouse.move(*empty_place(page))
    page.mouse.down(button="middle")
    page.mouse.move(empty_place(page)[0] - 50, empty_place(page)[1], steps=4)
    page.mouse.up(button="middle")
    assert middle(layer(page, "first"))[0] - moved[0] == pytest.approx(-50, abs=3)

    expect(selected(page)).to_have_count(0)
    full = page.get_by_role("button", name="show at full size")
    page.keyboard.press("1")
    expect(full).to_have_text("100%")
    page.keyboard.press("+")
    expect(full).to_have_text("120%")
    page.keyboard.press("-")
    page.keyboard.press("-")
    expect(full).to_have_text("83%")
    page.keyboard.press("0")
    expect(layer(page, "input")).to_be_in_viewport(ratio=0.99)
    expect(layer(page, "output")).to_be_in_viewport(ratio=0.99)


def test_arrows_walk_and_extend_f2_renames_and_enter_edits(page: Page, edit: Any) -> None:
    edit()
    layer(page, "input").click()
    page.keyboard.press("ArrowDown")
    expect(layer(page, "first")).to_be_focused()
    page.keyboard.press("Shift+ArrowDown")
    expect(selected(page)).to_have_count(2)
    page.keyboard.press("ArrowUp")
    expect(layer(page, "first")).to_be_focused()
    page.keyboard.press("F2")
    expect(page.get_by_role("textbox", name="Title")).to_be_focused()
    page.keyboard.type("Eyes")
    page.keyboard.press("Enter")
    expect(layer(page, "first")).to_contain_text("Eyes")
    page.keyboard.press("Escape")
    expect(layer(page, "first")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("spinbutton", name="Units")).to_be_focused()


def flows_to_the_right(page: Page) -> bool:
    """Tell whether the second layer is beside the first, whose wire leaves it on that side."""
    first, second = box(layer(page, "first")), box(layer(page, "second"))
    side = first["x"] + first["width"]
    return second["x"] > side and abs(handle(page, "first", "source")[0] - side) <= 4


def test_the_network_flows_downwards_or_to_the_right(page: Page, edit: Any) -> None:
    edit()
    page.keyboard.press("Shift+T")
    expect(layer(page, "output")).to_be_in_viewport(ratio=0.99)
    eventually(page, lambda: flows_to_the_right(page))
    layer(page, "first").click()
    page.keyboard.press("ArrowRight")
    expect(layer(page, "second")).to_be_focused()
    expect(page.get_by_role("button", name=re.compile("^Saved"))).to_be_visible()
    page.reload()
    eventually(page, lambda: flows_to_the_right(page))


def test_a_revision_is_named_compared_and_brought_back(page: Page, edit: Any) -> None:
    network = edit()
    page.keyboard.press("Control+s")
    name = page.get_by_role("textbox", name="Name of the revision")
    expect(name).to_be_focused()
    expect(name).not_to_have_value("")
    page.keyboard.type("The good one")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved as “The good one”").first).to_be_visible()
    layer(page, "first").click()
    page.keyboard.press("Delete")
    expect(page.get_by_role("button", name=re.compile("^Saved"))).to_contain_text("revision 3")

    page.get_by_role("button", name=re.compile("^Saved")).click()
    revisions = page.get_by_role("dialog", name="Revisions")
    revisions.get_by_role("button", name="The good one").click()
    expect(revisions).to_contain_text("Removed Dense first.")
    expect(revisions).to_contain_text("Connected input → second.")
    revisions.get_by_role("button", name="Bring it back").click()
    expect(layer(page, "first")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Saved"))).to_contain_text("revision 4")
    newest = page.request.get(f"/api/networks/{network}/revisions").json()["items"][0]
    assert newest["note"] == "Revision 2 brought back"
    page.keyboard.press("Control+z")
    expect(layer(page, "first")).to_have_count(0)


def drop_file(page: Page, name: str, text: str) -> None:
    """Let go of a file over the canvas, as from the desktop."""
    transfer = page.evaluate_handle(
        "([name, text]) => { const data = new DataTransfer();"
        " data.items.add(new File([text], name, {type: 'application/json'})); return data; }",
        [name, text],
    )
    page.get_by_role("region", name="Canvas").dispatch_event("drop", {"dataTransfer": transfer})


def test_a_dropped_file_is_opened_beside_what_is_there(page: Page, edit: Any) -> None:
    network = edit()
    drop_file(page, "other.json", json.dumps({**CHAIN, "name": "Other"}))
    page.wait_for_url(lambda address: network not in address)
    expect(page.get_by_role("textbox", name="Name of the network")).to_have_value("Other")
    drop_file(page, "rows.csv", "a,b\n1,2\n")
    expect(page.get_by_text("rows.csv was not opened").first).to_be_visible()


def test_the_command_palette_reaches_every_part_of_the_editor(page: Page, edit: Any) -> None:
    edit()

    def choose(words: str, option: str) -> None:
        page.keyboard.press("Control+k")
        page.get_by_role("dialog").get_by_role("combobox").fill(words)
        expect(page.get_by_role("option", selected=True)).to_contain_text(option)
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog", name="Search everything")).to_be_hidden()

    choose("second", "second")
    expect(layer(page, "second")).to_be_focused()
    choose("add dropout", "Add Dropout")
    expect(layer(page, "dropout")).to_be_focused()
    expect(wire(page, "second", "dropout")).to_be_attached()
    choose("undo", "Undo")
    expect(layer(page, "dropout")).to_have_count(0)
    choose("picture list", "Change between picture and list")
    expect(page.get_by_role("list", name="Layers of the network in order")).to_be_visible()
    choose("picture list", "Change between picture and list")
    choose("tab training", "Show the tab Training")
    expect(page.get_by_role("tab", name="Training")).to_have_attribute("data-state", "active")
    types = page.request.get("/api/catalog").json()["layers"]
    page.keyboard.press("Control+k")
    # A block is made of layers first; each that there is can be added by its name.
    for declared in [each for each in types if each["role"] != "block"]:
        page.get_by_role("dialog").get_by_role("combobox").fill(f"add {declared['title']}")
        expect(page.get_by_role("option", name=f"Add {declared['title']}").first).to_be_attached()


def test_the_sheet_lists_the_keys_of_the_editor(page: Page, edit: Any) -> None:
    edit()
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    for words in ("Duplicate", "Walk along the network", "Save a revision", "Select in a frame"):
        expect(sheet).to_contain_text(words)
    page.keyboard.press("Escape")
    expect(page.get_by_label("The network as a picture")).to_be_focused()


def test_the_list_does_what_the_picture_does(page: Page, edit: Any) -> None:
    edit()
    page.keyboard.press("l")
    rows = page.get_by_role("list", name="Layers of the network in order")
    expect(rows.get_by_role("button", name=re.compile("^input"))).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(rows.get_by_role("button", name=re.compile("^first"))).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(rows.get_by_role("button", name="Cut the wire from first to second")).to_have_count(0)
    rows.get_by_role("button", name="Connect first to …").press("Enter")
    expect(page.get_by_role("dialog").get_by_role("combobox")).to_be_focused()
    page.keyboard.type("second")
    page.keyboard.press("Enter")
    cut = rows.get_by_role("button", name="Cut the wire from first to second")
    expect(cut).to_be_visible()


def ends_above_the_edge(page: Page) -> bool:
    canvas, last = box(page.locator(".react-flow")), box(layer(page, "output"))
    return last["y"] + last["height"] <= canvas["y"] + canvas["height"]


def test_a_network_in_view_stays_in_view_when_the_window_shrinks(page: Page, edit: Any) -> None:
    edit()
    page.set_viewport_size({"width": 1024, "height": 600})
    for id in ("input", "first", "second", "output"):
        expect(layer(page, id)).to_be_in_viewport(ratio=0.99)
    eventually(page, lambda: ends_above_the_edge(page))

    page.locator(".react-flow").focus()
    page.keyboard.press("1")
    zoom = page.get_by_text("100%", exact=True)
    expect(zoom).to_be_visible()
    page.set_viewport_size({"width": 1024, "height": 560})
    expect(zoom).to_be_visible()


def test_at_a_zoom_of_200_percent_every_part_has_room_and_can_be_reached(
    page: Page, edit: Any
) -> None:
    page.set_viewport_size({"width": 720, "height": 450})
    edit()
    parts = [f'[data-pane="{name}"]' for name in ("canvas", "run", "inspector")]
    for part in parts:
        expect(page.locator(part)).to_be_visible()
    canvas, run, inspector = page.evaluate(
        "parts => parts.map(part => document.querySelector(part).getBoundingClientRect().toJSON())",
        parts,
    )
    assert canvas["width"] >= 400
    assert canvas["height"] >= 300
    assert canvas["bottom"] <= run["top"] + 1
    assert run["bottom"] <= inspector["top"] + 1
    page.get_by_role("tab", name="Training").click()
    panel = page.get_by_role("tabpanel", name="Training")
    panel.scroll_into_view_if_needed()
    expect(panel).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_check_that_fails_is_told_and_tried_again(page: Page, edit: Any) -> None:
    broken = {"error": {"code": "internal", "message": "It broke.", "where": None}}
    address = "**/api/architectures/check"
    page.route(address, lambda route: route.fulfill(status=500, json=broken))
    edit()
    told = page.get_by_role("alert").filter(has_text="Not checked")
    expect(told).to_contain_text("It broke.")
    page.unroute(address)
    told.get_by_role("button", name="Check again").click()
    expect(page.get_by_text("No problems")).to_be_visible()
    expect(told).to_be_hidden()
