"""A file of rows, or of images, to a table of predictions and to a file to keep."""

import csv
import io
from pathlib import Path
from typing import Any

from playwright.sync_api import FilePayload, Page, expect

from tests.models.data.uploads import archive

ENDED = ("completed", "failed", "stopped")


def finished_run(page: Page, sample: str, epochs: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Train the proposed network on a sample; return the dataset and the run."""

    def post(path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = page.request.post(f"/api/{path}", data=body)
        assert answer.ok, answer.text()
        return answer.json()

    dataset = post("datasets", {"sample": sample})
    about = {"dataset_id": dataset["id"]}
    architecture = post("proposals", about)["architecture"]
    asked = {**about, "architecture": architecture, "recipe": {"epochs": epochs}}
    run = post("runs", asked)
    page.goto(f"/runs/{run['id']}")
    expect(page.get_by_test_id("run-state")).to_contain_text("completed")
    return dataset, run


def choose(page: Page, name: str, content: bytes) -> None:
    file = FilePayload(name=name, mimeType="application/octet-stream", buffer=content)
    page.locator('input[type="file"]').last.set_input_files(files=[file])


def test_a_table_is_predicted_from_and_its_answers_are_kept(page: Page) -> None:
    dataset, run = finished_run(page, "iris", 5)
    rows = page.request.get(f"/api/datasets/{dataset['id']}/rows?limit=150").json()
    lines = [";".join([*map(str, row), f"flower {n}"]) for n, row in enumerate(rows["rows"])]
    table = "\n".join([";".join([*rows["columns"], "note"]), *lines]).replace(".", ",")
    names = rows["columns"][:4]
    sent = {"rows": [dict(zip(names, row, strict=False)) for row in rows["rows"]]}
    told = page.request.post(f"/api/runs/{run['id']}/predict", data=sent).json()["predictions"]

    page.get_by_role("tab", name="Predict").click()
    page.get_by_role("radio", name="Predict a file").click()
    choose(page, "wrong.csv", f"{table}\ntall;1;1;1;x;y".encode())
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("wrong.csv cannot be predicted from")
    expect(alert).to_contain_text("Row 152 · Column “sepal length (cm)”")

    choose(page, "flowers.csv", table.encode("utf-16"))
    region = page.get_by_role("region", name="Predictions")
    expect(region.get_by_role("row")).to_have_count(101)
    first = region.get_by_role("row").nth(1).get_by_role("cell")
    expect(first.nth(1)).to_have_text(told[0]["value"])
    expect(first.nth(3)).to_have_text("5,1")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download as CSV").click()
    text = Path(waiting.value.path()).read_text(encoding="utf-8")
    kept = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [row["note"] for row in kept] == [f"flower {n}" for n in range(150)]
    assert [row["predicted_species"] for row in kept] == [each["value"] for each in told]


def test_a_zip_of_images_is_predicted_from(page: Page) -> None:
    dataset, _ = finished_run(page, "digits", 2)
    image = f"/api/datasets/{dataset['id']}/images"
    files = {f"mine/{n}.png": page.request.get(f"{image}/{n}").body() for n in (0, 900, 1700)}
    page.get_by_role("tab", name="Predict").click()
    page.get_by_role("radio", name="Predict a file").click()
    choose(page, "mine.zip", archive({**files, "notes.txt": b"no picture"}))
    region = page.get_by_role("region", name="Predictions")
    for name in files:
        picture = region.get_by_role("img", name=name)
        expect(picture).to_be_visible()
        expect(picture).to_have_js_property("naturalWidth", 8)
    expect(page.get_by_text("notes.txt: it is text, not an image")).to_be_visible()
