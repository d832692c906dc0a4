"""A file is what its content is, whatever it is called."""

import gzip
import io
import struct
import tarfile

import numpy as np
import pytest

from tests.models.data.uploads import archive, picture, two_classes


@pytest.mark.parametrize(
    ("data", "detected"),
    [
        (picture(), "a PNG image"),
        (picture(mode="RGB", kind="JPEG"), "a JPEG image"),
        (picture(kind="GIF"), "a GIF image"),
        (picture(mode="RGB", kind="BMP"), "a BMP image"),
        (picture(mode="RGB", kind="WEBP"), "a WebP image"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "a PDF document"),
        (gzip.compress(b"a,b\n1,2\n", mtime=0), "a gzip archive"),
        (b'{"a": [1, 2]}', "a JSON document"),
        (b'[\n  {"a": 1}]', "a JSON document"),
        (b"<!DOCTYPE html><html></html>", "an HTML page"),
        (b'<?xml version="1.0"?><svg xmlns="x"/>', "an SVG image"),
        (b"SQLite format 3\x00" + bytes(80), "an SQLite database"),
        (b"\x00\x00\x08\x03\x00\x00\x00\x05" + bytes(80), "an IDX file, as of MNIST"),
        (b"\x93NUMPY\x01\x00" + bytes(80), "a NumPy array"),
        (bytes(range(256)) * 8, "binary data"),
    ],
)
def test_other_types_named_csv_are_refused_with_the_detected_type(upload, data, detected):
    problem = upload.refused(data, "data.csv")
    assert problem.code == "unsupported_type"
    assert detected in problem.message
    assert '"data.csv"' in problem.message


def npy(*shape: int) -> bytes:
    file = io.BytesIO()
    np.save(file, np.zeros(shape, dtype=np.uint8))
    return file.getvalue()


IMAGES = b"\x00\x00\x08\x03" + struct.pack(">III", 2, 4, 4) + bytes(32)
LABELS = b"\x00\x00\x08\x01" + struct.pack(">I", 2) + bytes(2)


@pytest.mark.parametrize(
    ("data", "found", "advice"),
    [
        (IMAGES, "2 × 4 × 4 values, images without their labels", "one ZIP"),
        (
            gzip.compress(IMAGES, mtime=0),
            "2 × 4 × 4 values, images without their labels",
            "one ZIP",
        ),
        (LABELS, "2 values, labels without their images", "one ZIP"),
        (gzip.compress(LABELS, mtime=0), "2 values, labels without their images", "one ZIP"),
        (npy(3, 4, 4), "3 × 4 × 4 values, images without their labels", "numpy.savez"),
        (npy(3), "3 values, labels without their images", "numpy.savez"),
        (npy(30, 5), "30 × 5 values (", "numpy.savetxt"),
        (b"\x93NUMPY\x01\x00\x05\x00abc", "a NumPy array (", "numpy.savez"),
    ],
)
def test_an_array_that_comes_alone_is_told_what_it_lacks_and_how_to_send_it(
    upload, data, found, advice
):
    problem = upload.refused(data, "train-images-idx3-ubyte.gz")
    assert problem.code == "unsupported_type"
    assert found in problem.message
    assert advice in problem.message


def test_a_tar_archive_is_detected_past_its_first_bytes(upload):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as packed:
        packed.addfile(tarfile.TarInfo("a.txt"))
    assert "tar archive" in upload.refused(file.getvalue()).message


@pytest.mark.parametrize(
    ("name", "code", "told"),
    [
        ("xl/workbook.xml", "unreadable", "an Excel workbook"),
        ("xl/workbook.bin", "unsupported_type", "a binary Excel workbook"),
        ("word/document.xml", "unsupported_type", "an Office document"),
    ],
)
def test_an_office_file_is_told_from_an_archive_of_images(upload, name, code, told):
    data = archive({"[Content_Types].xml": b"<Types/>", name: b"<workbook/>"})
    problem = upload.refused(data, "data.xlsx")
    assert problem.code == code
    assert told in problem.message


def test_text_named_zip_is_refused_as_no_archive(upload):
    problem = upload.refused("a,b\n1,2\n", "images.zip")
    assert problem.code == "unsupported_type"
    assert "not a ZIP" in problem.message


def test_an_archive_of_images_named_csv_is_read_as_images(upload):
    assert upload(archive(two_classes()), "data.csv").kind == "images"


def test_a_table_without_an_extension_is_read_as_a_table(upload):
    assert upload("a,b\n1,2\n", "measurements").kind == "table"


def test_only_the_base_name_of_a_file_is_shown(upload):
    message = upload.refused(picture(), "../../etc/x.csv").message
    assert '"x.csv"' in message
    assert "etc" not in message
