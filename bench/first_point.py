"""From the click on Train to the first point of the curve, in a real browser on a warm server."""

import re
import shutil

from playwright.sync_api import expect, sync_playwright

from bench import client
from bench.workloads import Workload

ANY_POINT = re.compile(r":\s*[1-9]")


def measure(url: str, workload: Workload, dataset: str, rounds: int = 5) -> float:
    """Return the median milliseconds until a chart says that it has drawn a point."""
    times = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        for _ in range(rounds + 1):
            network = client.request(
                f"{url}/api/networks",
                {
                    "architecture": workload.architecture(),
                    "dataset_id": dataset,
                    "recipe": {**workload.recipe(), "epochs": 3},
                },
            )
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(f"{url}/networks/{network['id']}")
            button = page.get_by_role("button", name="Train", exact=True).first
            button.wait_for()
            page.wait_for_load_state("networkidle")
            began = page.evaluate("performance.now()")
            button.click()
            expect(page.get_by_test_id("chart-loss")).to_have_attribute("data-points", ANY_POINT)
            times.append(page.evaluate("performance.now()") - began)
            page.close()
        browser.close()
    return sorted(times[1:])[rounds // 2]
