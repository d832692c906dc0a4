"""From an event that the worker writes to the frame in which a browser has drawn it."""

import shutil

from playwright.sync_api import expect, sync_playwright

from bench import client
from bench.first_point import ANY_POINT
from bench.workloads import Workload

WATCH = """
window.late = [];
let newest = null;
const Plain = window.WebSocket;
window.WebSocket = class extends Plain {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", ({ data }) => {
      const event = JSON.parse(data);
      if (event.kind === "metrics" && newest === null) newest = Date.parse(event.time);
    });
  }
};
window.observe = (chart) =>
  new MutationObserver(() => {
    const written = newest;
    newest = null;
    if (written === null) return;
    requestAnimationFrame(() => setTimeout(() => window.late.push(Date.now() - written)));
  }).observe(chart, { attributes: true, attributeFilter: ["data-points"] });
"""
"""Keeps, of each change of the chart, how old the oldest event in it was once it was on screen."""
SECONDS = 8


def measure(url: str, workload: Workload, dataset: str) -> float:
    """Return the 95th percentile, in milliseconds, over a few seconds of a run in view."""
    run = client.request(
        f"{url}/api/runs",
        {
            "architecture": workload.architecture(),
            "dataset_id": dataset,
            "recipe": {**workload.recipe(), "epochs": 100_000},
        },
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.add_init_script(WATCH)
        page.goto(f"{url}/runs/{run['id']}")
        chart = page.get_by_test_id("chart-loss")
        expect(chart).to_have_attribute("data-points", ANY_POINT)
        chart.evaluate("chart => window.observe(chart)")
        page.wait_for_timeout(1_000 * SECONDS)
        late = sorted(page.evaluate("window.late"))
        browser.close()
    client.request(f"{url}/api/runs/{run['id']}/stop", {})
    client.ended(url, run)
    if not late:
        raise RuntimeError("the chart was not drawn anew in the time that it was watched")
    return late[int(len(late) * 0.95)]
