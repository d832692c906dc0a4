"""A forecast by hand: from a sample to what will be sold tomorrow."""

from playwright.sync_api import Page, expect

from tests.browser.test_predict_file import finished_run


def test_the_data_panel_makes_windows_and_says_what_does_not_fit(page: Page) -> None:
    dataset, run = finished_run(page, "kiosks", 2)
    saved = {"architecture": run["architecture"], "dataset_id": dataset["id"]}
    network = page.request.post("/api/networks", data=saved).json()
    page.goto(f"/networks/{network['id']}")
    page.get_by_role("tab", name="Data").click()
    window = page.get_by_role("spinbutton", name="Window")
    expect(window).to_have_value("14")
    expect(page.get_by_text("Forecast “sold” 1 row ahead from the 14 rows before")).to_be_visible()
    node = page.locator('.react-flow__node[data-id="input"]')
    expect(node).to_contain_text("14×3")
    window.fill("21")
    window.press("Enter")
    expect(node).to_contain_text("21×3")
    window.fill("900")
    window.press("Enter")
    alert = page.get_by_role("alert").filter(has_text="730 rows")
    expect(alert).to_contain_text("900")
    page.get_by_role("button", name="Set the window to").click()
    expect(alert).to_be_hidden()


def test_what_comes_next_is_predicted_from_the_newest_rows_and_from_any(page: Page) -> None:
    dataset, _ = finished_run(page, "kiosks", 3)
    page.get_by_role("tab", name="Result").click()
    expect(page.get_by_test_id("verdict")).to_contain_text("Always saying the last value")
    expect(page.get_by_role("columnheader", name="Always the last value")).to_be_visible()
    page.get_by_role("tab", name="Predict").click()
    row = page.get_by_role("spinbutton", name="Last row of the window")
    expect(row).to_have_value("2920")
    seen = page.get_by_role("region", name="The rows that the model sees")
    expect(seen.get_by_role("row")).to_have_count(15)
    rows = page.request.get(f"/api/datasets/{dataset['id']}/rows?offset=100&limit=1").json()
    sold = rows["rows"][0][rows["columns"].index("sold")]
    row.fill("100")
    row.press("Enter")
    expect(page.get_by_text(f"The data says {sold}")).to_be_visible()
    row.fill("3")
    row.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("13 rows before it")
