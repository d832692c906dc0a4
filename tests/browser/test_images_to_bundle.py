"""From a zip of images to a convolutional network whose bundle gives the app's answers."""

import io
import json
import random
import re
import zipfile
from pathlib import Path

import numpy
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.bundle import answers, download

SIDE = 24
CLASSES = ("cross", "disc", "frame")
EACH = 70
TEN_POINTS = re.compile(r":\s*[1-9]\d+")


def drawing(kind: str, chance: random.Random) -> Image.Image:
    """Draw a shape, light on dark, of some size at some place."""
    image = Image.new("L", (SIDE, SIDE), chance.randrange(40))
    pen = ImageDraw.Draw(image)
    ink, size = chance.randrange(150, 256), chance.randrange(10, 18)
    left, top = chance.randrange(SIDE - size), chance.randrange(SIDE - size)
    right, bottom = left + size, top + size
    if kind == "disc":
        pen.ellipse((left, top, right, bottom), fill=ink)
    elif kind == "frame":
        pen.rectangle((left, top, right, bottom), outline=ink, width=2)
    else:
        pen.line((left, top, right, bottom), fill=ink, width=3)
        pen.line((left, bottom, right, top), fill=ink, width=3)
    return image


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of images for each class."""
    chance = random.Random(5)
    for kind in CLASSES:
        (tmp_path / "shapes" / kind).mkdir(parents=True)
        for number in range(EACH):
            drawing(kind, chance).save(tmp_path / "shapes" / kind / f"{number:03}.png")
    return tmp_path / "shapes"


def zipped(folder: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(folder.rglob("*.png")):
            archive.write(path, path.relative_to(folder))
    return packed.getvalue()


def photograph(path: Path) -> FilePayload:
    """Return an image as one of other colours and another size, which has to be brought to form."""
    taken = io.BytesIO()
    Image.open(path).convert("RGB").resize((97, 61)).save(taken, "JPEG", quality=60)
    return FilePayload(name="photo.jpg", mimeType="image/jpeg", buffer=taken.getvalue())


def test_images_become_a_network_that_runs_elsewhere(
    page: Page, folder: Path, downloads: Path, base_url: str
) -> None:
    page.goto("/datasets")
    upload = FilePayload(name="shapes.zip", mimeType="application/zip", buffer=zipped(folder))
    page.locator('input[type="file"]').first.set_input_files(files=[upload])
    page.wait_for_url(re.compile("/datasets/."))
    for kind in CLASSES:
        expect(page.get_by_role("button", name=re.compile(f"^{kind} {EACH}"))).to_be_visible()
    thumbnail = page.get_by_role("img", name=re.compile("^frame, number")).first
    thumbnail.scroll_into_view_if_needed()
    expect(thumbnail).to_have_js_property("naturalWidth", SIDE)

    page.get_by_role("button", name="Use in a new network").click()
    page.get_by_role("button", name="Make this network").click()
    page.wait_for_url("**/networks/*")
    expect(page.locator(".react-flow__node", has_text="Conv2D").first).to_be_visible()
    shape = page.locator('.react-flow__node[data-id="input"] [data-shape]')
    expect(shape).to_have_attribute("data-shape", f"1,{SIDE},{SIDE}")
    page.get_by_role("tab", name="Training").click()
    epochs = page.get_by_role("spinbutton", name="Epochs")
    epochs.fill("12")
    epochs.press("Enter")

    page.get_by_role("button", name="Train", exact=True).first.click()
    expect(page.get_by_test_id("chart-loss")).to_have_attribute("data-points", TEN_POINTS)
    expect(page.get_by_test_id("run-state")).to_contain_text("completed")
    page.get_by_role("tab", name="Result").click()
    matrix = page.get_by_role("region", name="Confusion matrix")
    expect(matrix).to_be_visible()
    for kind in CLASSES:
        expect(matrix.get_by_role("rowheader", name=kind)).to_be_visible()

    run = page.request.get(f"{base_url}/api/runs").json()["items"][0]["id"]
    examples = [folder / kind / f"{number:03}.png" for kind in CLASSES for number in range(4)]
    ours = app_answers(page, base_url, run, examples)

    page.get_by_role("tab", name="Predict").click()
    draw_a_cross(page)
    answer = page.get_by_test_id("prediction")
    expect(answer).to_contain_text(re.compile("|".join(CLASSES)))
    picture = page.get_by_label("Run").locator('input[accept="image/*"]')
    picture.set_input_files(examples[5])
    share = ours[5]["probabilities"]["disc"]
    expect(answer.get_by_role("listitem").nth(1)).to_have_text(f"disc{share:.1%}")

    photo = photograph(folder / "disc" / "001.png")
    picture.set_input_files(files=[photo])
    told = page.request.post(f"{base_url}/api/runs/{run}/predict", multipart={"file": photo})
    share = told.json()["predictions"][0]["probabilities"]["disc"]
    expect(answer.get_by_role("listitem").nth(1)).to_have_text(f"disc{share:.1%}")

    page.get_by_role("tab", name="Download").click()
    theirs = answers(download(page, downloads), *examples)
    assert [row["label"] for row in theirs] == [each["value"] for each in ours]
    for row, each in zip(theirs, ours, strict=True):
        for kind in CLASSES:
            told = float(row[f"probability of {kind}"])
            assert told == pytest.approx(each["probabilities"][kind], abs=1e-5)


def draw_a_cross(page: Page) -> None:
    """Draw two strokes over the board with the mouse."""
    board = page.get_by_test_id("drawing-board")
    board.scroll_into_view_if_needed()
    box = board.bounding_box()
    assert box is not None
    seen = min(box["height"], page.viewport_size["height"] - box["y"]) if page.viewport_size else 0
    near, far = seen * 0.2, seen * 0.8
    for (x1, y1), (x2, y2) in (((near, near), (far, far)), ((near, far), (far, near))):
        page.mouse.move(box["x"] + x1, box["y"] + y1)
        page.mouse.down()
        page.mouse.move(box["x"] + x2, box["y"] + y2, steps=8)
        page.mouse.up()


def app_answers(page: Page, base_url: str, run: str, examples: list[Path]) -> list[dict]:
    """Return what the app says of the images."""
    rows = [{"image": numpy.asarray(Image.open(path))[None].tolist()} for path in examples]
    answer = page.request.post(
        f"{base_url}/api/runs/{run}/predict",
        data=json.dumps({"rows": rows}),
        headers={"Content-Type": "application/json"},
    )
    return answer.json()["predictions"]
