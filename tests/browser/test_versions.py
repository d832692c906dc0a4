"""A dataset's file is replaced in the browser: what is new is told, and the way back is there."""

from playwright.sync_api import Page, expect

FIRST = "size,colour,label\n" + "".join(
    f"{n}.5,{'red' if n % 3 else 'blue'},{'ab'[n % 2]}\n" for n in range(40)
)
SECOND = FIRST.replace("colour", "shade") + "1.5,red,c\n" * 4


def test_a_file_is_replaced_and_gone_back_from(page: Page) -> None:
    sent = {"name": "first.csv", "mimeType": "text/csv", "buffer": FIRST.encode()}
    dataset = page.request.post("/api/datasets", multipart={"file": sent}).json()
    proposal = page.request.post("/api/proposals", data={"dataset_id": dataset["id"]}).json()
    saved = {"architecture": proposal["architecture"], "dataset_id": dataset["id"], "name": "Net"}
    page.request.post("/api/networks", data=saved)
    page.goto(f"/datasets/{dataset['id']}")
    page.get_by_role("button", name="More actions").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("menuitem", name="Replace file …").click()
    chooser.value.set_files({**sent, "name": "second.csv", "buffer": SECOND.encode()})

    expect(page.get_by_text("What is new in version 2")).to_be_visible()
    expect(page.get_by_text("44 rows now, 40 before.")).to_be_visible()
    expect(page.get_by_text('Gone: "colour".')).to_be_visible()
    expect(page.get_by_text("1 network of 1 no longer fits")).to_be_visible()
    expect(page.get_by_role("columnheader", name="shade")).to_be_visible()

    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Versions").click()
    page.get_by_role("button", name="Use this version").click()
    expect(page.get_by_text("Version 1 is in use").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("columnheader", name="colour")).to_be_visible()
    expect(page.get_by_text("What is new in version 2")).to_be_hidden()
