"""Dates and times found out from the values of a column, and read as seconds since 1970."""

import polars as pl

from models.data.date_formats import EARLIEST, FORMATS, LATEST, Dates, seconds_from

_TRIED = 200


def find_dates(known: pl.Series) -> Dates | None:
    """Return how texts are written as dates; None where no one format reads all of them."""
    texts = known.head(_TRIED).unique(maintain_order=True).to_list()
    fitting = [format for format in FORMATS if all(_fits(text, format) for text in texts)]
    fitting = [format for format in fitting if not seconds_of(known, format).null_count()]
    if not fitting:
        return None
    return Dates(fitting[0], tuple(fitting[1:]))


def seconds_of(values: pl.Series, format: str) -> pl.Series:
    """Return texts as Float64 seconds since 1970, UTC where they name a zone; null where not one.

    Args:
        format: one of `FORMATS`.
    """
    told = format.replace(".%f", "%.f").replace("%z", "%#z")
    moments = values.str.to_datetime(told, strict=False, time_unit="us")
    seconds = moments.dt.epoch("us").cast(pl.Float64) / 1e6
    sane = seconds.is_between(EARLIEST, LATEST)
    return pl.select(pl.when(sane).then(seconds).alias(values.name)).to_series()


def _fits(text: str, format: str) -> bool:
    try:
        return EARLIEST <= seconds_from(text, format) <= LATEST
    except ValueError:
        return False
