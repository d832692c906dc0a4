"""From a table of sentences to the answer for one that is typed, by mouse and keyboard."""

import re
from itertools import product

from playwright.sync_api import FilePayload, Page, expect

PARTS = ["handle", "lid", "strap", "screen", "cable", "switch", "lamp", "zip", "motor", "case"]
WORDS = {"praise": ["good", "solid", "great"], "blame": ["bad", "poor", "awful"]}
WHEN = ["", " today", " after a week", " all year", " at home"]


def table() -> bytes:
    """Return reviews that praise or blame by a single word, each different."""
    rows = [
        f"The {part} is quite {word}{when},{kind}"
        for part, when in product(PARTS, WHEN)
        for kind, words in WORDS.items()
        for word in words
    ]
    return "\n".join(["remark,verdict", *rows]).encode()


def test_a_table_of_sentences_becomes_a_model_that_reads_what_is_typed(page: Page) -> None:
    page.goto("/datasets")
    upload = FilePayload(name="remarks.csv", mimeType="text/csv", buffer=table())
    page.locator('input[type="file"]').first.set_input_files(files=[upload])
    expect(page.get_by_text(re.compile("different words, most often"))).to_be_visible()

    page.get_by_role("button", name=re.compile("How remark enters a network")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("spinbutton", name="Length").fill("8")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name=re.compile("first 8"))).to_be_visible()

    page.get_by_role("button", name="Use in a new network").click()
    expect(page.get_by_text(re.compile("Cut into words"))).to_be_visible()
    page.get_by_role("button", name="Make this network").click()
    page.wait_for_url("**/networks/*")
    expect(page.get_by_text("Embedding", exact=True).first).to_be_visible()
    page.get_by_role("tab", name="Training", exact=True).click()
    page.get_by_role("spinbutton", name="Epochs").fill("25")
    page.get_by_role("button", name="Train", exact=True).first.click()
    expect(page.get_by_test_id("run-state")).to_contain_text("completed", timeout=200_000)

    page.get_by_role("tab", name="Predict").click()
    field = page.get_by_role("textbox", name="remark")
    for kind, text in (("praise", "The lid is quite great"), ("blame", "The lid\nis quite awful")):
        field.fill(text)
        page.get_by_role("button", name="Predict", exact=True).click()
        expect(page.get_by_test_id("prediction")).to_contain_text(kind)
