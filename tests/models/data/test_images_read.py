"""Archives of images: what is read, what is converted, and that it is said."""

import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from models.data.description import ImageShape
from models.data.images import jpeg
from models.data.images.decode import Form, decode, probe
from tests.models.data.uploads import archive, encoded, notes, picture, pixels, two_classes


def with_file(name: str, data: bytes, each: int = 20) -> bytes:
    """Return an archive of two classes and one file more."""
    return archive({**two_classes(each), name: data})


def codes(upload) -> list[int]:
    return np.load(upload.folder / "labels.npy").tolist()


def test_a_folder_per_class_becomes_pixels_and_codes(upload):
    description = upload(archive(two_classes(3)))
    assert [(entry.name, entry.count) for entry in description.classes] == [
        ("cats", 3),
        ("dogs", 3),
    ]
    assert description.rows == 6
    assert description.problem.classes == ["cats", "dogs"]
    assert pixels(upload).dtype == np.uint8
    assert pixels(upload).shape == (6, 1, 4, 4)
    assert codes(upload) == [0, 0, 0, 1, 1, 1]
    assert np.unique(pixels(upload)[:3]).tolist() == [10]
    assert np.unique(pixels(upload)[3:]).tolist() == [200]


def test_every_pixel_stands_where_it_stood(upload):
    grid = np.arange(35, dtype=np.uint8).reshape(5, 7)
    colour = np.stack([grid, grid + 50, grid + 100], axis=2)
    files = {f"{c}/{i}.png": encoded(Image.fromarray(colour)) for c in "ab" for i in range(2)}
    description = upload(archive(files))
    assert description.image == ImageShape(channels=3, height=5, width=7)
    assert (pixels(upload)[0] == np.moveaxis(colour, 2, 0)).all()


def test_classes_of_numbers_are_in_order_of_size(upload):
    files = {f"{c}/{i}.png": picture() for c in ("10", "9", "2") for i in range(2)}
    assert [entry.name for entry in upload(archive(files)).classes] == ["2", "9", "10"]


def test_a_folder_around_all_classes_is_unwrapped_and_told(upload):
    files = {f"my data/inner/{name}": data for name, data in two_classes(2).items()}
    description = upload(archive(files))
    assert [entry.name for entry in description.classes] == ["cats", "dogs"]
    assert "my data/inner" in notes(description)["unwrapped"]


def test_what_systems_leave_behind_is_ignored_and_counted(upload):
    junk = {"__MACOSX/cats/._1.png": b"x", "cats/.DS_Store": b"x", "dogs/Thumbs.db": b"x"}
    description = upload(archive({**two_classes(3), **junk}))
    note = next(note for note in description.report if note.code == "junk")
    assert note.count == 3
    assert description.rows == 6
    assert "skipped" not in notes(description)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("cats/zero.png", b"", "empty"),
        ("cats/cut.png", picture((40, 40), "RGB", 9)[:-30], "cut off"),
        ("cats/cut.jpg", picture((200, 200), "RGB", 9, "JPEG")[:700], "cut off"),
        ("cats/text.jpg", b"this is no image\n", "text"),
        ("cats/drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        ("cats/phone.heic", b"\0\0\0\x18ftypheic" + bytes(40), "HEIC"),
        ("cats/page.pdf", b"%PDF-1.7\n\0", "PDF"),
        ("cats/noise.png", bytes(range(256)), "known format"),
        ("readme.txt", b"hello", "not in the folder of a class"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_no_image_is_skipped_with_the_reason(upload, name, data, reason):
    description = upload(with_file(name, data))
    note = next(note for note in description.report if note.code == "skipped")
    assert note.count == 1
    assert note.examples[0].startswith(name)
    assert reason in note.examples[0]
    assert description.rows == 40
    assert len(codes(upload)) == len(pixels(upload)) == 40


def test_a_header_of_a_huge_image_is_skipped_without_its_memory(upload):
    # The size stands in bytes 16 to 24 of a PNG; its checksum is not looked at before that.
    data = bytearray(picture(kind="BMP", mode="RGB"))
    data[18:26] = (50_000).to_bytes(4, "little") * 2
    description = upload(with_file("cats/huge.bmp", bytes(data)))
    example = next(note for note in description.report if note.code == "skipped").examples[0]
    assert "pixels" in example


def test_more_than_a_tenth_of_skipped_files_is_refused_with_their_reasons(upload):
    bad = {f"cats/bad{i}.png": b"text" for i in range(3)}
    problem = upload.refused(archive({**two_classes(10), **bad}))
    assert problem.code == "too_many_skipped"
    assert "3" in problem.message
    assert '"cats/bad0.png": it is text' in problem.message


def test_a_class_that_keeps_fewer_than_two_images_is_refused(upload):
    files = {**two_classes(20), "birds/1.png": picture(), "birds/2.png": b"text"}
    problem = upload.refused(archive(files))
    assert problem.code == "class_too_small"
    assert '"birds"' in problem.message


def test_a_class_that_loses_its_images_while_decoding_is_refused(upload):
    cut = picture((40, 40), "RGB", 9)[:-30]
    files = {**two_classes(20), "birds/1.png": picture(), "birds/2.png": cut}
    assert upload.refused(archive(files)).code == "class_too_small"


def test_one_class_only_is_refused(upload):
    files = {f"cats/{i}.png": picture() for i in range(4)}
    problem = upload.refused(archive(files))
    assert problem.code == "single_class"
    assert '"cats"' in problem.message


def test_an_empty_class_is_refused(upload):
    problem = upload.refused(archive({**two_classes(3), "birds/": b""}))
    assert problem.code == "empty_class"
    assert '"birds"' in problem.message


def test_images_without_folders_are_refused(upload):
    assert upload.refused(archive({"1.png": picture(), "2.png": picture()})).code == "no_classes"


def test_print_colours_are_converted_and_told(upload):
    image = picture((4, 4), "CMYK", (0, 255, 255, 0), "JPEG")
    description = upload(with_file("cats/print.jpg", image))
    assert "CMYK" in notes(description)["cmyk"]
    red, green, blue = pixels(upload)[20, :, 0, 0].tolist()
    assert red > 200
    assert max(green, blue) < 60


def test_sixteen_bits_are_scaled_so_that_grey_levels_survive(upload):
    ramp = Image.fromarray(np.linspace(0, 65_535, 64).astype(np.uint16).reshape(8, 8))
    files = {f"{c}/{i}.png": encoded(ramp) for c in "ab" for i in range(2)}
    description = upload(archive(files))
    assert "8 bits" in notes(description)["deep_pixels"]
    levels = pixels(upload)[0, 0].ravel()
    assert len(np.unique(levels)) == 64
    assert (levels[0], levels[-1]) == (0, 255)
    assert np.abs(levels - np.linspace(0, 255, 64)).max() <= 1


def test_twelve_bits_in_sixteen_are_scaled_by_their_own_range(upload):
    ramp = Image.fromarray(np.linspace(0, 4_095, 64).astype(np.uint16).reshape(8, 8))
    files = {f"{c}/{i}.png": encoded(ramp) for c in "ab" for i in range(2)}
    upload(archive(files))
    assert len(np.unique(pixels(upload)[0])) == 64


def test_a_palette_with_transparency_is_put_on_white(upload):
    image = Image.new("P", (4, 4), 0)
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.putpixel((1, 1), 1)
    description = upload(with_file("cats/palette.png", encoded(image, transparency=0)))
    assert "white" in notes(description)["transparency"]
    shown = pixels(upload)[20]
    assert shown[:, 0, 0].tolist() == [255, 255, 255]
    assert shown[:, 1, 1].tolist() == [0, 0, 255]


def test_half_transparent_pixels_are_mixed_with_white(upload):
    image = picture((4, 4), "RGBA", (0, 0, 0, 128))
    upload(with_file("cats/half.png", image))
    assert 120 < pixels(upload)[20, 0, 0, 0] < 135


def test_images_turned_by_their_camera_stand_upright(upload):
    image = Image.new("L", (8, 4), 0)
    image.paste(255, (0, 0, 4, 4))
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = encoded(image, exif=exif)
    files = {f"{c}/{i}.png": turned for c in "ab" for i in range(2)}
    description = upload(archive(files))
    assert (description.image.height, description.image.width) == (8, 4)
    assert "EXIF" in notes(description)["rotated"]
    assert (pixels(upload)[0, 0, :4] == 255).all()
    assert (pixels(upload)[0, 0, 4:] == 0).all()


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        *(("PNG", mode) for mode in ("RGB", "RGBA", "I;16")),
        *(("TIFF", mode) for mode in ("RGB", "RGBA", "I;16")),
        *(("WEBP", mode) for mode in ("RGB", "RGBA")),
    ],
)
def test_whatever_the_format_each_turn_is_undone(kind, mode):
    values = np.random.default_rng(0).integers(0, 256, (4, 6)).astype(np.uint8)
    colours = Image.fromarray(np.stack([values, values, values], 2))
    image = (
        Image.fromarray(values.astype(np.uint16) * 257) if mode == "I;16" else colours.convert(mode)
    )
    for turn in range(1, 9):
        exif = Image.Exif()
        exif[jpeg.ORIENTATION] = turn
        data = encoded(image, kind, exif=exif, **({"lossless": True} if kind == "WEBP" else {}))
        colours.getexif()[jpeg.ORIENTATION] = turn
        upright = np.asarray(ImageOps.exif_transpose(colours))[..., 0]
        facts = probe(data)
        assert (facts.height, facts.width) == upright.shape
        assert ("rotated" in facts.oddities) == (turn != 1)
        found = decode(data, Form(*upright.shape, grey=True))
        np.testing.assert_array_equal(found[0], upright, f"turned by {turn}")


def test_an_animation_gives_its_first_frame(upload):
    frames = [Image.new("L", (4, 4), level) for level in (30, 90, 150)]
    file = io.BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    description = upload(with_file("cats/moving.gif", file.getvalue()))
    assert "first" in notes(description)["animated"]
    assert np.unique(pixels(upload)[20]).tolist() == [30]


def test_mixed_sizes_are_brought_to_one_and_told(upload):
    files = {f"{c}/{i}.png": picture((8 + i, 8)) for c in "ab" for i in range(4)}
    description = upload(archive(files))
    assert pixels(upload).shape == (8, 1, 8, 9)
    assert "8 × 8 and 8 × 11" in notes(description)["resized"]
    assert np.unique(pixels(upload)).tolist() == [100]


def test_large_images_are_reduced_keeping_their_ratio(upload):
    files = {
        f"{c}/{i}.jpg": picture((400, 200), "RGB", kind="JPEG") for c in "ab" for i in range(2)
    }
    description = upload(archive(files))
    assert (description.image.height, description.image.width) == (32, 64)


def test_the_size_that_is_asked_for_is_used(upload):
    upload(archive(two_classes(2)), image_size=[6, 10])
    assert pixels(upload).shape == (4, 1, 6, 10)


def test_grey_images_among_coloured_ones_are_told(upload):
    description = upload(with_file("cats/red.png", picture((4, 4), "RGB", (255, 0, 0))))
    assert description.image.channels == 3
    assert "40 images" in notes(description)["grey_to_colour"]


def test_names_in_utf8_that_are_not_marked_as_such_are_read_right(upload):
    files = {name.replace("cats", "chien"): data for name, data in two_classes(3).items()}
    # As macOS packs them: the bytes are UTF-8, and no flag says so.
    data = archive(files).replace(b"chien", "ché".encode() + b"n")
    description = upload(data)
    assert [entry.name for entry in description.classes] == ["chén", "dogs"]
