"""Takes the README's pictures: a real browser on a real server, with a real run."""

import re
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tools.server import serving

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"


def take(page: Page, name: str) -> None:
    """Save what the page shows, once nothing moves any more."""
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")


def journey(page: Page, url: str) -> None:
    """Walk through the app and take a picture at each station."""
    page.goto(url)
    page.get_by_role("button", name="Sort into classes").wait_for()
    take(page, "home-light")
    page.get_by_role("button", name="Sort into classes").click()
    page.wait_for_url("**/networks/*")
    page.get_by_role("button", name="Train", exact=True).first.click()
    expect(page.get_by_test_id("run-state")).to_contain_text("completed", timeout=60_000)
    page.locator(".react-flow__node").nth(1).click()
    take(page, "editor-light")
    page.emulate_media(color_scheme="dark")
    take(page, "editor-dark")
    page.emulate_media(color_scheme="light")
    page.get_by_role("tab", name="Layers").click()
    take(page, "layers-light")
    page.get_by_role("tab", name="Result").click()
    page.get_by_test_id("verdict").wait_for()
    take(page, "result-light")
    page.get_by_role("tab", name="Predict").click()
    page.get_by_role("button", name="Predict", exact=True).click()
    page.get_by_test_id("prediction").wait_for()
    take(page, "predict-light")
    network = page.url
    page.get_by_role("button", name="Cross-validate").click()
    page.get_by_role("button", name="Train 5 times").click()
    page.wait_for_url("**/cross-validations/*")
    expect(page.get_by_text("completed")).to_have_count(5, timeout=120_000)
    take(page, "folds-light")
    page.goto(network)
    page.get_by_role("tab", name="Data").click()
    page.get_by_role("link", name="Look at the data").click()
    page.get_by_text("sepal length (cm)").first.wait_for()
    take(page, "dataset-light")
    page.goto(url)
    page.get_by_role("button", name="Recognise images").click()
    page.wait_for_url("**/networks/*")
    page.get_by_role("tab", name="Training", exact=True).click()
    for change in ("Rotation", "Shift"):
        page.get_by_role("combobox", name="Augmentation").click()
        page.get_by_role("option", name=change).first.click()
    page.get_by_role("img", name=re.compile("changed")).first.scroll_into_view_if_needed()
    take(page, "augmentation-light")
    forecast(page)


def forecast(page: Page) -> None:
    """Take a picture of a forecast."""
    sample = page.request.post("/api/datasets", data={"sample": "kiosks"}).json()
    proposal = page.request.post("/api/proposals", data={"dataset_id": sample["id"]}).json()
    body = {"architecture": proposal["architecture"], "dataset_id": sample["id"]}
    run = page.request.post("/api/runs", data=body).json()
    page.goto(f"/runs/{run['id']}")
    expect(page.get_by_test_id("run-state")).to_contain_text("completed", timeout=180_000)
    page.get_by_role("tab", name="Result").click()
    page.get_by_test_id("verdict").wait_for()
    take(page, "forecast-light")


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder)) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900}, base_url=server.url)
        journey(page, server.url)
        browser.close()


if __name__ == "__main__":
    main()
