"""A bundle as its receiver uses it: unpacked anywhere, run by a Python that knows nothing of us."""

import csv
import subprocess
import sys
import zipfile
from pathlib import Path

from playwright.sync_api import Page


def download(page: Page, folder: Path) -> Path:
    """Download the bundle of the run that is shown, and return the folder it is unpacked in."""
    # It proves itself in a process of the lowest priority, which waits for all that is running.
    with page.expect_download(timeout=300_000) as taken:
        page.get_by_role("button", name="Download bundle.zip").click()
    archive = folder / "bundle.zip"
    taken.value.save_as(archive)
    zipfile.ZipFile(archive).extractall(folder / "bundle")
    return folder / "bundle"


def answers(bundle: Path, *arguments: Path) -> list[dict[str, str]]:
    """Run the bundle's script in a clean process and return the rows of its CSV."""
    script = next(bundle.rglob("predict.py"))
    output = bundle / "answers.csv"
    subprocess.run(
        [sys.executable, "-I", str(script), *map(str, arguments), "-o", str(output)],
        check=True,
        cwd=bundle,
        timeout=120,
    )
    with output.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
