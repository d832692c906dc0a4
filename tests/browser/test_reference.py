"""From the layer and the setting in hand to their pages of the reference, and on from there."""

import re

from playwright.sync_api import Page, expect

ARCHITECTURE = {
    "format": "neuroloom/1",
    "name": "Read about",
    "nodes": [
        {"id": "input", "type": "Input", "params": {"shape": [4]}},
        {"id": "dense", "type": "Dense", "params": {"units": 3, "activation": "relu"}},
        {"id": "output", "type": "Output"},
    ],
    "edges": [{"source": "input", "target": "dense"}, {"source": "dense", "target": "output"}],
}


def test_the_inspector_and_the_recipe_lead_to_the_reference(page: Page) -> None:
    dataset = page.request.post("/api/datasets", data={"sample": "iris"}).json()["id"]
    body = {"architecture": ARCHITECTURE, "dataset_id": dataset}
    network = page.request.post("/api/networks", data=body).json()["id"]
    page.goto(f"/networks/{network}")
    page.locator(".react-flow__node").nth(1).click()

    for link, heading in (("Read more about Dense", "Dense"), ("Read more about ReLU", "ReLU")):
        opened = follow(page, link)
        expect(opened.get_by_role("heading", level=1)).to_have_text(heading)
        opened.close()
    page.get_by_role("tab", name="Training").click()
    opened = follow(page, "Read more about Adam")
    expect(opened.get_by_role("heading", level=1)).to_have_text("Adam")

    opened.get_by_role("link", name="Optimizers").click()
    expect(opened.get_by_role("heading", level=1)).to_have_text("Optimizers")
    opened.get_by_role("link", name="AdamW").click()
    expect(opened).to_have_url(re.compile("/learn/reference/optimizers/AdamW$"))
    expect(opened.get_by_role("heading", level=1)).to_have_text("AdamW")
    expect(opened.get_by_role("img").first).to_be_visible()
    opened.go_back()
    expect(opened.get_by_role("heading", level=1)).to_have_text("Optimizers")
    page.request.delete(f"/api/networks/{network}")
    page.request.delete(f"/api/datasets/{dataset}")


def follow(page: Page, name: str) -> Page:
    """Click a link that opens a tab, and return that."""
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=name).click()
    return opened.value
