"""axe finds nothing serious on any page, in light and dark, with real data on it."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import APIRequestContext, Page, Playwright, expect

from tests.browser.waiting import PATIENCE
from tools.server import ROOT, Server, serving

AXE = (ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
CHANGE_THEME = """async (theme) => {
  document.documentElement.dataset.theme = theme;
  const frame = () => new Promise(requestAnimationFrame);
  const moving = () => document.getAnimations().some(({playState}) => playState === "running");
  do await frame(); while (moving());
}"""
"""Colours pass over into each other; they are judged when they have arrived."""
TRAINED = ("iris", "digits")
MISSING = "00000000-0000-0000-0000-000000000000"
TERMINAL = {"completed", "stopped", "diverged", "failed"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own, which is empty at first and furnished by the first test."""
    with serving(tmp_path_factory.mktemp("house")) as running:
        yield running


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], house: Server) -> dict[str, Any]:
    """Nothing moves, so that colours are judged at rest."""
    return {**browser_context_args, "base_url": house.url, "reduced_motion": "reduce"}


@pytest.fixture(scope="module")
def furnished(house: Server, playwright: Playwright) -> dict[str, dict[str, str]]:
    """Datasets, networks and finished runs: the ids of each by sample."""
    api = playwright.request.new_context(base_url=house.url, timeout=PATIENCE)
    made = {slug: furnish(api, slug) for slug in TRAINED}
    api.dispose()
    return made


def furnish(api: APIRequestContext, slug: str) -> dict[str, str]:
    """Add a sample, a network for it, and a short training of it."""
    dataset = api.post("/api/datasets", data={"sample": slug}).json()["id"]
    wait(lambda: api.get(f"/api/datasets/{dataset}").json()["state"] == "ready")
    proposal = api.post("/api/proposals", data={"dataset_id": dataset}).json()
    architecture = {**proposal["architecture"], "name": slug}
    body = {"architecture": architecture, "dataset_id": dataset}
    network = api.post("/api/networks", data=body).json()["id"]
    body = {"network_id": network, "dataset_id": dataset, "recipe": {"epochs": 2}}
    run = api.post("/api/runs", data=body).json()["id"]
    wait(lambda: api.get(f"/api/runs/{run}").json()["state"] in TERMINAL)
    return {"dataset": dataset, "network": network, "run": run}


def wait(done: Any, seconds: float = 120) -> None:
    """Ask until it is done."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.1)


def assert_accessible(page: Page) -> None:
    """Run axe on what is shown, in both themes."""
    page.wait_for_load_state("networkidle")
    for theme in ("dark", "light"):
        page.evaluate(CHANGE_THEME, theme)
        page.evaluate(AXE)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        grave = [
            f"{theme} {violation['id']}: {node['html']} {node['failureSummary']}"
            for violation in found["violations"]
            if violation["impact"] in ("serious", "critical")
            for node in violation["nodes"]
        ]
        assert not grave, "\n".join(grave)


def test_the_first_visit(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", name="Train your first network")).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize("path", ["/", "/networks", "/datasets", "/runs"])
@pytest.mark.usefixtures("furnished")
def test_the_lists(page: Page, path: str) -> None:
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize(
    "path", ["/nowhere", *(f"/{what}/{MISSING}" for what in ("networks", "datasets", "runs"))]
)
def test_what_is_not_there(page: Page, path: str) -> None:
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize(
    "path", ["", "/layers", "/layers/Conv2D", "/activations/relu", "/losses/Hinge", "/layers/Nope"]
)
def test_the_reference(page: Page, path: str) -> None:
    page.goto(f"/learn/reference{path}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize("slug", TRAINED)
def test_a_dataset_and_what_is_proposed_for_it(
    page: Page, furnished: dict[str, dict[str, str]], slug: str
) -> None:
    page.goto(f"/datasets/{furnished[slug]['dataset']}")
    use = page.get_by_role("button", name="Use in a new network")
    expect(use).to_be_visible()
    assert_accessible(page)
    use.click()
    expect(page.get_by_role("dialog").get_by_text("Early stopping", exact=True)).to_be_visible()
    assert_accessible(page)


def test_a_file_that_is_refused(page: Page, tmp_path: Path) -> None:
    broken = tmp_path / "broken.csv"
    broken.write_text("a,b\n1,2\n3\n")
    page.goto("/datasets")
    page.locator('input[type="file"]').first.set_input_files(broken)
    expect(page.get_by_role("alert")).to_contain_text("row 3")
    assert_accessible(page)


@pytest.mark.parametrize("slug", TRAINED)
def test_a_run(page: Page, furnished: dict[str, dict[str, str]], slug: str) -> None:
    page.goto(f"/runs/{furnished[slug]['run']}")
    expect(page.get_by_test_id("chart-loss")).to_be_visible()
    assert_accessible(page)
    for tab, shown in (
        ("Result", page.get_by_test_id("verdict")),
        ("Predict", page.get_by_role("button", name="the data")),
        ("Download", page.get_by_role("button", name="Download bundle.zip")),
        ("Recipe", page.get_by_role("cell", name="Adam")),
    ):
        page.get_by_role("tab", name=tab).click()
        expect(shown.first).to_be_visible()
        assert_accessible(page)


def test_the_editor(page: Page, furnished: dict[str, dict[str, str]]) -> None:
    page.goto(f"/networks/{furnished['iris']['network']}")
    expect(page.get_by_role("button", name="No problems")).to_be_visible()
    expect(page.get_by_test_id("chart-loss")).to_be_visible()
    assert_accessible(page)
    page.locator(".react-flow__node").nth(1).click()
    expect(page.get_by_role("spinbutton", name="Units")).to_be_visible()
    assert_accessible(page)
    for tab, shown in (
        ("Training", page.get_by_role("combobox", name="Optimizer")),
        ("Code", page.get_by_role("button", name="Copy")),
    ):
        page.get_by_role("tab", name=tab).click()
        expect(shown).to_be_visible()
        assert_accessible(page)


def test_what_the_editor_opens(page: Page, furnished: dict[str, dict[str, str]]) -> None:
    page.goto(f"/networks/{furnished['iris']['network']}")
    picture = page.get_by_label("The network as a picture")
    expect(picture).to_be_focused()
    for key, shown in (
        ("Tab", page.get_by_role("dialog", name="Search layers")),
        ("Control+k", page.get_by_role("dialog", name="Search everything")),
        ("?", page.get_by_role("dialog", name="Keyboard shortcuts")),
        ("Control+s", page.get_by_role("dialog", name="Save a revision")),
    ):
        page.keyboard.press(key)
        expect(shown).to_be_visible()
        assert_accessible(page)
        page.keyboard.press("Escape")
        expect(picture).to_be_focused()
    page.get_by_role("button", name="Saved").click()
    expect(page.get_by_role("dialog", name="Revisions").get_by_role("figure")).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("Escape")
    page.keyboard.press("l")
    expect(page.get_by_role("list", name="Layers of the network in order")).to_be_visible()
    assert_accessible(page)


def test_a_network_with_problems_and_one_without_layers(
    page: Page, furnished: dict[str, dict[str, str]]
) -> None:
    wrong = {
        "format": "neuroloom/1",
        "name": "A network whose name is as long as names get when nobody thinks of the room",
        "nodes": [
            {"id": "input", "type": "Input"},
            {"id": "dense", "type": "Dense", "params": {"units": 64}},
            {"id": "loose", "type": "Dense", "params": {"units": 2}},
            {"id": "output", "type": "Output"},
        ],
        "edges": [
            {"source": "input", "target": "dense"},
            {"source": "dense", "target": "output"},
        ],
    }
    empty = {"format": "neuroloom/1", "nodes": [], "edges": []}
    for architecture in (wrong, empty):
        body = {"architecture": architecture, "dataset_id": furnished["iris"]["dataset"]}
        network = page.request.post("/api/networks", data=body).json()["id"]
        page.goto(f"/networks/{network}")
        if architecture is wrong:
            page.get_by_role("button", name="problem").click()
        else:
            expect(page.get_by_role("button", name="Use the proposed network")).to_be_visible()
        assert_accessible(page)
        page.request.delete(f"/api/networks/{network}")
