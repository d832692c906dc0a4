"""From the click on Train to the first point of the curve, in a real browser on a warm server."""

import re
import shutil

from playwright.sync_api import sync_playwright

from bench import client
from bench.workloads import Workload

ANY_POINT = re.compile(r":\s*[1-9]")
WATCH = """
window.clicked = null;
window.drawn = new Promise((resolve) => {
  addEventListener("click", () => { window.clicked = performance.now(); }, { capture: true });
  const look = () => {
    const chart = document.querySelector('[data-testid="chart-loss"]');
    if (!/:\\s*[1-9]/.test(chart?.dataset.points ?? "")) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - window.clicked)));
  };
  const observer = new MutationObserver(look);
  observer.observe(document, { attributes: true, childList: true, subtree: true });
});
"""
"""Tells the time from the click to the end of the frame with the first point, in the page itself:
asking from outside again and again would count the wait until the next question."""


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
            page.add_init_script(WATCH)
            page.goto(f"{url}/networks/{network['id']}")
            button = page.get_by_role("button", name="Train", exact=True).first
            button.wait_for()
            page.wait_for_load_state("networkidle")
            button.click()
            times.append(page.evaluate("window.drawn"))
            page.close()
        browser.close()
    return sorted(times[1:])[rounds // 2]
