"""The whole way by keyboard alone: no pointer, and no focus that is set from outside."""

import re

from playwright.sync_api import Locator, Page, expect

MOST_STOPS = 60


def tab_to(page: Page, locator: Locator, key: str = "Tab") -> None:
    """Press Tab until the element has the focus: so it can be reached, and nothing traps."""
    expect(locator).to_be_visible()
    for _ in range(MOST_STOPS):
        page.keyboard.press(key)
        if locator.evaluate("element => element === document.activeElement"):
            assert_visible_focus(locator)
            return
    raise AssertionError(f"{MOST_STOPS} × {key} did not reach {locator}")


def assert_visible_focus(locator: Locator) -> None:
    """The element that has the focus shows it by an outline."""
    style = locator.evaluate(
        "element => { const style = getComputedStyle(element);"
        " return [style.outlineStyle, parseFloat(style.outlineWidth)]; }"
    )
    assert style[0] != "none", locator
    assert style[1] >= 2, locator


def layer(page: Page, id: str) -> Locator:
    return page.locator(f'.react-flow__node[data-id="{id}"]')


def wire(page: Page, source: str, target: str) -> Locator:
    return page.locator(f'.react-flow__edge[data-id="{source}>{target}"]')


def add(page: Page, words: str, id: str) -> None:
    """Add a layer behind the selected one by the search on the canvas."""
    page.keyboard.press("Tab")
    expect(page.get_by_role("dialog", name="Search layers")).to_be_visible()
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    expect(layer(page, id)).to_be_focused()


def set_units(page: Page, units: str) -> None:
    """Go to the parameters of the selected layer, type its units, and go on to the next field."""
    page.keyboard.press("Enter")
    expect(page.get_by_role("spinbutton", name="Units")).to_be_focused()
    page.keyboard.type(units)
    page.keyboard.press("Enter")


def test_a_network_is_built_trained_and_asked_by_keyboard_alone(page: Page) -> None:
    page.goto("/")
    tab_to(page, page.get_by_role("button", name="Start from an empty canvas"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/networks/*")
    expect(page.get_by_label("The network as a picture")).to_be_focused()

    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search everything")).to_be_focused()
    page.keyboard.type("tab data")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Show the tab Data")
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Dataset")).to_be_focused()
    tab_to(page, page.get_by_role("button", name="Add a sample"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem").first).to_be_focused()
    page.keyboard.type("iris")
    expect(page.get_by_role("menuitem", name="Iris flowers")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Dataset")).to_have_text("Iris flowers")
    page.keyboard.press("Escape")
    expect(page.get_by_label("The network as a picture")).to_be_focused()

    add(page, "input", "input")
    add(page, "dense", "dense")
    set_units(page, "12")
    page.keyboard.press("Escape")
    expect(layer(page, "dense")).to_be_focused()
    page.keyboard.press("Shift+F6")
    expect(page.get_by_role("textbox", name="Search layers")).to_be_focused()
    page.keyboard.type("dense")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(layer(page, "dense_1")).to_be_visible()
    page.keyboard.press("Escape")
    add(page, "concat", "concatenate")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(layer(page, "dense")).to_be_focused()
    page.keyboard.press("c")
    page.keyboard.type("concat")
    page.keyboard.press("Enter")
    expect(wire(page, "dense", "concatenate")).to_be_attached()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(layer(page, "concatenate")).to_be_focused()
    add(page, "dense", "dense_2")
    set_units(page, "3")
    tab_to(page, page.get_by_role("combobox", name="Activation"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("option", selected=True)).to_be_focused()
    page.keyboard.type("softmax")
    expect(page.get_by_role("option", name="softmax", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(layer(page, "dense_2")).to_contain_text("3 · softmax")
    page.keyboard.press("Escape")
    add(page, "output", "output")
    expect(page.get_by_role("button", name="No problems")).to_be_visible()

    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("run-state")).to_contain_text("completed")
    page.keyboard.press("F6")
    expect(page.get_by_role("tab", name="Curves")).to_be_focused()
    for tab in ("Layers", "Result"):
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("tab", name=tab)).to_be_focused()
    expect(page.get_by_test_id("verdict")).to_be_visible()
    tab_to(page, page.get_by_role("region", name="Confusion matrix"))
    tab_to(page, page.get_by_role("tab", name="Result"), "Shift+Tab")
    page.keyboard.press("ArrowRight")
    tab_to(page, page.get_by_role("spinbutton", name=re.compile("petal length")))
    page.keyboard.type("1.4")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("prediction")).to_contain_text("setosa")


def test_every_stop_of_the_tab_key_is_seen_and_the_way_leads_around(page: Page) -> None:
    """On every page the Tab key comes back to where it began, and each stop shows an outline."""
    for path in ("/", "/networks", "/datasets", "/runs", "/nowhere"):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.keyboard.press("Tab")
        start = page.evaluate_handle("document.activeElement")
        for _ in range(200):
            page.keyboard.press("Tab")
            focused = page.locator(":focus")
            if page.evaluate("start => document.activeElement === start", start):
                break
            if focused.count() > 0:
                assert_visible_focus(focused)
        else:
            raise AssertionError(f"The Tab key does not come back to its start on {path}")
