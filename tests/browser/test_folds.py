"""A network is trained once for each fold, and what the folds come to together is told."""

import re

from playwright.sync_api import Page, expect


def test_three_folds_are_trained_and_told_together(page: Page) -> None:
    sample = page.request.post("/api/datasets", data={"sample": "iris"}).json()
    proposal = page.request.post("/api/proposals", data={"dataset_id": sample["id"]}).json()
    saved = {"architecture": proposal["architecture"], "dataset_id": sample["id"], "name": "Folded"}
    network = page.request.post("/api/networks", data={**saved, "recipe": {"epochs": 15}}).json()
    page.goto(f"/networks/{network['id']}")
    page.get_by_role("button", name="Cross-validate").click()
    folds = page.get_by_role("spinbutton", name="Folds")
    folds.fill("3")
    page.get_by_role("button", name="Train 3 times").click()

    page.wait_for_url("**/cross-validations/*")
    expect(page.get_by_role("heading", name="3 folds of Folded")).to_be_visible()
    expect(page.get_by_text("completed")).to_have_count(3)
    total = page.get_by_role("row", name=re.compile("Mean ± standard deviation"))
    answer = page.request.get(page.url.replace("/cross-v", "/api/cross-v")).json()
    accuracy = next(score for score in answer["scores"] if score["name"] == "val_accuracy")
    expect(total).to_contain_text(f"{accuracy['mean']:.1%}")

    page.get_by_role("link", name="Runs").first.click()
    row = page.get_by_role("row", name=re.compile("Folded"))
    expect(row.filter(has_text="3 folds")).to_have_count(1)
