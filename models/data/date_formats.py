"""How people write dates and times, and what a format says of itself."""

from calendar import timegm
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

DAY = 86_400
"""Seconds."""
EARLIEST = -9_214_560_000
"""1678-01-01: a year before that is a slip, or no date at all."""
LATEST = 9_214_646_400
"""2262-01-01."""
_ISO = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d")
_DAY_FIRST = ("%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%y", "%d/%m/%y", "%d-%m-%y")
_MONTH_FIRST = ("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y", "%m/%d/%y", "%m-%d-%y")
_NAMED = (
    *("%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%d %B %Y", "%d. %B %Y"),
    *("%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y"),
)
_DATES = (*_ISO, *_DAY_FIRST, *_MONTH_FIRST, *_NAMED, "%Y%m%d")
_CLOCKS = ("%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%I:%M %p", "%I:%M:%S %p")
_ZONES = ("", "%z", " %z")
FORMATS = (
    *_DATES,
    *(f"{date}{between}{clock}" for date in _DATES for between in (" ", "T") for clock in _CLOCKS),
    *(
        f"{_ISO[0]}{between}{clock}{zone}"
        for between in (" ", "T")
        for clock in _CLOCKS[:3]
        for zone in _ZONES[1:]
    ),
)
"""As `datetime.strptime` has them; of two that fit, the earlier one is proposed."""


@dataclass(frozen=True)
class Dates:
    """How the values of a column are written as dates.

    Attributes:
        format: the one that is proposed.
        others: further ones that fit every value just as well.
    """

    format: str
    others: tuple[str, ...]


def seconds_from(text: str, format: str) -> float:
    """Return one text as seconds since 1970.

    Raises:
        ValueError: it is not written so.
    """
    moment = datetime.strptime(text, format)
    return timegm(moment.utctimetuple()) + moment.microsecond / 1e6


def has_time(format: str) -> bool:
    """Return whether a format tells the time of the day."""
    return "%H" in format or "%I" in format


def shown(seconds: float, *, time: bool) -> str:
    """Return seconds since 1970 as people read them: 2024-01-31, with hours where they matter."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.strftime("%Y-%m-%d %H:%M" if time else "%Y-%m-%d")


def example_of(format: str) -> str:
    """Return how a format writes 31 December 2024, three in the afternoon."""
    return datetime(2024, 12, 31, 15, 0, tzinfo=UTC).strftime(format)


def ambiguity(dates: Dates) -> str | None:
    """Return what is open where the day and the month of all values could change places."""
    first = _order(dates.format)
    others = [format for format in dates.others if _order(format) not in (None, first)]
    if first is None or not others:
        return None
    return (
        f"no day is above 12, so that {example_of(dates.format)} (day first) and "
        f"{example_of(others[0])} (month first) would both read all values; the day is taken to "
        "stand first"
    )


def _order(format: str) -> str | None:
    return "day" if format.startswith("%d") else "month" if format.startswith("%m") else None


def known_formats(formats: Sequence[str]) -> str:
    """Return formats as a list for a message."""
    return ", ".join(f'"{format}"' for format in formats)
