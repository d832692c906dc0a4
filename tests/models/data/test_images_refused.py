"""Archives that are out to harm, or damaged: refused with the entry, and nothing is written."""

import stat
import struct
import zipfile

import pytest

from models.data.images import archive as archives
from tests.models.data.uploads import archive, picture, two_classes


@pytest.mark.parametrize(
    "name",
    [
        "../cats/x.png",
        "cats/../../x.png",
        "/etc/x.png",
        "C:/cats/x.png",
        "c:x.png",
        "cats\\x.png",
        "..\\x.png",
        "cats/a\nb.png",
    ],
)
def test_paths_that_lead_elsewhere_are_refused_with_the_entry(upload, tmp_path, name):
    problem = upload.refused(archive({**two_classes(3), name: picture()}))
    assert problem.code == "unsafe_path"
    assert name.split("\n")[0] in problem.message
    assert {path.name for path in tmp_path.iterdir()} == {"upload", "dataset"}


def test_symbolic_links_are_refused_with_the_entry(upload):
    def link(entry):
        if entry.filename == "cats/link.png":
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16

    data = archive({**two_classes(3), "cats/link.png": b"/etc/passwd"}, link)
    problem = upload.refused(data)
    assert problem.code == "link_entry"
    assert "cats/link.png" in problem.message


def test_encrypted_entries_are_refused(upload):
    data = bytearray(archive(two_classes(3)))
    # The flags stand 8 bytes into each entry of the table of contents, and 6 into its own header.
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    problem = upload.refused(bytes(data))
    assert problem.code == "encrypted_entry"
    assert "cats/0.png" in problem.message


@pytest.mark.parametrize("name", ["cats/more.zip", "cats/more.tar.gz", "cats/MORE.7Z"])
def test_archives_inside_the_archive_are_refused(upload, name):
    problem = upload.refused(archive({**two_classes(3), name: archive(two_classes(1))}))
    assert problem.code == "nested_archive"
    assert name in problem.message


def test_a_compression_bomb_is_refused_before_it_is_unpacked(upload):
    problem = upload.refused(archive({**two_classes(3), "cats/bomb.bmp": bytes(20_000_000)}))
    assert problem.code == "compression_bomb"
    assert "cats/bomb.bmp" in problem.message


def test_an_archive_too_large_in_all_is_refused(upload, monkeypatch):
    monkeypatch.setattr(archives, "MAX_TOTAL", 100)
    assert upload.refused(archive(two_classes(3))).code == "archive_too_large"


def test_too_many_entries_are_refused(upload, monkeypatch):
    monkeypatch.setattr(archives, "MAX_ENTRIES", 5)
    assert upload.refused(archive(two_classes(3))).code == "too_many_entries"


def test_an_entry_that_understates_its_size_is_refused_and_not_unpacked_further(upload):
    image = picture((60, 60), "RGB", (1, 2, 3), "BMP")
    data = bytearray(archive({**two_classes(3), "cats/liar.bmp": image}))
    at = data.rindex(b"PK\x01\x02")
    assert struct.unpack_from("<I", data, at + 24)[0] == len(image)
    struct.pack_into("<I", data, at + 24, 100)
    problem = upload.refused(bytes(data))
    assert problem.code == "damaged_entry"
    assert "cats/liar.bmp" in problem.message


@pytest.mark.parametrize(
    "packing",
    [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA],
)
def test_an_entry_is_read_as_zipfile_reads_it(tmp_path, packing):
    path = tmp_path / "packed.zip"
    with zipfile.ZipFile(path, "w", packing) as packed:
        packed.writestr("größe/1.bin", bytes(range(256)) * 40)
        packed.writestr("plain.bin", b"")
        with packed.open(zipfile.ZipInfo("streamed.bin"), "w") as file:
            file.write(b"said afterwards")
    with archives.open_archive(path) as opened:
        for entry in archives.safe_entries(opened, path):
            assert archives.read_entry(opened, entry) == opened.read(entry)


def test_an_entry_that_calls_itself_otherwise_than_the_table_does_is_refused(upload):
    data = bytearray(archive(two_classes(3)))
    at = data.index(b"cats/1.png")
    data[at : at + 4] = b"dogs"
    problem = upload.refused(bytes(data))
    assert problem.code == "damaged_entry"
    assert "cats/1.png" in problem.message


def test_overlapping_entries_are_refused(upload):
    data = bytearray(archive(two_classes(3)))
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 4)
    # Both entries now stand for the same bytes of the archive.
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    assert upload.refused(bytes(data)).code == "overlapping_entry"


def test_an_entry_that_reaches_into_the_table_of_contents_is_refused(upload):
    data = bytearray(archive(two_classes(3)))
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 20, 100_000)
    assert upload.refused(bytes(data)).code == "overlapping_entry"


def test_damaged_bytes_are_refused_with_the_entry(upload):
    # Stored, not deflated, so that a changed byte changes the content and nothing else.
    import io

    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as packed:
        for name, content in two_classes(3).items():
            packed.writestr(name, content)
    data = bytearray(file.getvalue())
    data[data.index(b"IDAT") + 6] ^= 0xFF
    problem = upload.refused(bytes(data))
    assert problem.code == "damaged_entry"
    assert "cats/0.png" in problem.message


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_truncated_archive_is_refused(upload, share):
    data = archive(two_classes(5))
    problem = upload.refused(data[: int(len(data) * share)], "images.zip")
    assert problem.code == "damaged_archive"
    assert "truncated" in problem.message


def test_an_archive_without_entries_is_refused(upload):
    assert upload.refused(archive({}), "images.zip").code == "no_classes"


def test_a_fault_while_decoding_leaves_nothing_behind(upload, monkeypatch):
    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("models.data.images.store._header", full)
    with pytest.raises(OSError, match="No space"):
        upload(archive(two_classes(3)))
    assert list(upload.folder.iterdir()) == []


def test_an_entry_packed_by_an_unknown_method_is_named_with_the_method(upload):
    data = bytearray(archive(two_classes(3)))
    data[data.index(b"PK\x01\x02") + 10] = 9
    problem = upload.refused(bytes(data))
    assert problem.code == "unknown_packing"
    assert '"cats/0.png" packed by method 9' in problem.message


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"data.csv": b"a,b\n1,2\n"}, 'Upload the table "data.csv" by itself'),
        ({f"{n}.png": picture() for n in range(4)}, "4 files outside of folders"),
        ({}, "got no files"),
    ],
)
def test_an_archive_without_folders_says_what_it_holds_instead(upload, files, said):
    problem = upload.refused(archive(files))
    assert problem.code == "no_classes"
    assert said in problem.message
