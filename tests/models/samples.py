"""The datasets that ship with the app, as files to read."""

from pathlib import Path

from models.data.samples import SampleInfo
from models.data.samples.playground import points


def file_of(sample: SampleInfo, folder: Path) -> Path:
    """Return the file of a sample; one that is made is written into the folder."""
    if sample.path is not None:
        return sample.path
    path = folder / f"{sample.slug}.csv"
    path.write_text(points(sample.slug, sample.rows, sample.noise or 0.0))
    return path
