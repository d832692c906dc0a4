"""A real file system that is full: reading goes on, writing is refused whole, room mends it."""

import io
import os
import shutil
import subprocess
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest
from PIL import Image

from backend.database.engine import Database
from backend.storage import Storage
from tests.backend.runs.lab import ARCHITECTURE, ENDLESS, QUICK, Lab, table, until
from tests.backend.runs.test_full_disk import large, refused
from tools.server import serving

MOUNT = 'mount -t tmpfs -o size=16m none "$DATA_DIR" && exec "$@"'
NAMESPACE = ["unshare", "--mount"] if os.getuid() == 0 else ["unshare", "-Urm"]
THROUGH = [*NAMESPACE, "sh", "-c", MOUNT, "sh"]
CSV = table(40_000)
"""Not much larger than what is made of it."""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A server whose data folder is a small file system of its own."""
    data = tmp_path_factory.mktemp("small") / "data"
    data.mkdir()
    environment = {**os.environ, "DATA_DIR": str(data)}
    if subprocess.run([*THROUGH, "true"], env=environment, check=False).returncode != 0:
        pytest.skip("only an administrator may mount a file system here")
    with (
        serving(data, THROUGH, SLOTS="1", CORES="1") as server,
        httpx2.Client(base_url=server.url, timeout=60) as client,
    ):
        inside = Path(f"/proc/{server.process.pid}/root{data}")
        # SQLite does not open a file by such a path, but a copy of it can be looked into.
        copy = data / "copy.sqlite3"
        lab = Lab(client, Database(f"sqlite:///{copy}"), Storage(inside))
        yield lab
        shutil.copy(inside / "neuroloom.sqlite3", copy)
        lab.finish()
        lab.database.close()


@contextmanager
def only(lab: Lab, free: int = 0) -> Iterator[None]:
    """Leave so many bytes of the disk free."""
    filler = lab.storage.root / "filler"
    system = os.statvfs(lab.storage.root)
    try:
        # Where a run writes meanwhile, the room is gone sooner: it is full all the same.
        with suppress(OSError):
            filler.write_bytes(bytes(system.f_bavail * system.f_frsize - free))
        yield
    finally:
        filler.unlink()


@contextmanager
def unchanged(lab: Lab) -> Iterator[None]:
    """Nothing that the user can list, and no file, may come of what is done."""

    def present() -> list[Any]:
        lists = ("networks", "datasets", "runs")
        told = [lab.client.get(f"/api/{name}").json() for name in lists]
        files = [sorted(folder.iterdir()) for folder in (lab.storage.datasets, lab.storage.runs)]
        return [*told, *files, list(lab.storage.uploads.iterdir())]

    before = present()
    yield
    assert present() == before


def pictures() -> bytes:
    """Return images of noise: their pixels take as much room as their files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(40):
            image = io.BytesIO()
            Image.frombytes("RGB", (100, 100), os.urandom(30_000)).save(image, "PNG")
            archive.writestr(f"{'ab'[number % 2]}/{number}.png", image.getvalue())
    return packed.getvalue()


def post(lab: Lab, filename: str, content: bytes) -> Any:
    return lab.client.post("/api/datasets", files={"file": (filename, content)})


def test_an_upload_that_is_announced_larger_than_the_disk_is_refused_at_once(lab: Lab):
    with unchanged(lab), only(lab, 100_000):
        answer = post(lab, "table.csv", CSV.encode())
        refused(answer)
        assert f"{len(CSV) // 1000:,}"[:3] in answer.json()["error"]["message"]


def test_an_upload_of_unknown_size_that_fills_the_disk_leaves_nothing(lab: Lab):
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    form = head + table(150_000).encode() + b"\r\n--x--\r\n"
    chunks = (form[at : at + 65_536] for at in range(0, len(form), 65_536))
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    with unchanged(lab), only(lab, 1_500_000):
        refused(lab.client.post("/api/datasets", content=chunks, headers=headers))


@pytest.mark.parametrize(
    ("filename", "content"), [("table.csv", CSV.encode()), ("pictures.zip", pictures())]
)
def test_a_dataset_that_has_no_room_beside_its_file_leaves_nothing(
    lab: Lab, filename: str, content: bytes
):
    with unchanged(lab), only(lab, len(content) + 200_000):
        refused(post(lab, filename, content))
    answer = post(lab, filename, content)
    assert answer.status_code == 201, answer.text
    assert lab.client.delete(f"/api/datasets/{answer.json()['id']}").status_code == 204


def test_a_network_is_kept_as_it_was_and_can_be_saved_when_there_is_room(lab: Lab):
    made = lab.client.post("/api/networks", json={"architecture": ARCHITECTURE}).json()
    url, match = f"/api/networks/{made['id']}", {"If-Match": '"1"'}
    body = {"architecture": large("larger")}
    with unchanged(lab), only(lab):
        refused(lab.client.put(url, json=body, headers=match))
        refused(lab.client.post("/api/networks", json=body))
        assert lab.client.get(url).json() == made
    assert lab.client.put(url, json=body, headers=match).status_code == 200
    assert lab.client.delete(url).status_code == 204


def test_on_a_full_disk_a_run_can_be_looked_at_but_not_begun_or_downloaded(lab: Lab):
    run = lab.start()
    found = lab.until(run, "completed")
    url = f"/api/runs/{run}"
    kinds = ("bundle.zip", "weights.safetensors", "state_dict.pt", "pytorch.py", "history.csv")
    with unchanged(lab), only(lab):
        assert lab.read(run) == found
        assert lab.client.get(f"{url}/evaluation").status_code == 200
        rows = {"rows": [{"x0": 1, "x1": 2}]}
        assert lab.client.post(f"{url}/predict", json=rows).status_code == 200
        assert lab.client.get(f"/api/datasets/{lab.dataset}/rows").status_code == 200
        assert lab.client.get("/api/health").status_code == 200
        for what in kinds:
            refused(lab.client.get(f"{url}/download/{what}"))
        refused(lab.client.post("/api/runs", json=lab.body(QUICK)))
    for what in kinds:
        assert lab.client.get(f"{url}/download/{what}").status_code == 200


def test_a_run_whose_disk_fills_up_waits_and_loses_nothing(lab: Lab):
    run = lab.start(ENDLESS)
    lab.until_epoch(run, 1)

    def nothing_new() -> bool:
        before = lab.read(run)["last_seq"]
        time.sleep(1)
        return lab.read(run)["last_seq"] == before

    with only(lab):
        until(nothing_new, "the run waits for room")
        waiting = lab.read(run)
        assert waiting["state"] == "running"
        refused(lab.client.post(f"/api/runs/{run}/stop"))
    goal = waiting["epoch"] + 2

    def settled() -> dict[str, Any] | None:
        found = lab.read(run)
        return found if found["state"] == "paused" or found["epoch"] >= goal else None

    # Which it is depends on what met the full disk: a checkpoint pauses the run, events only wait.
    found = until(settled, "the run is paused or goes on")
    if found["state"] == "paused":
        assert "disk is full" in found["message"]
        assert lab.client.post(f"/api/runs/{run}/resume").status_code == 200
        lab.until_epoch(run, found["epoch"] + 1)
    assert lab.stop(run)["state"] == "stopped"
    assert lab.client.get(f"/api/runs/{run}/evaluation").status_code == 200
