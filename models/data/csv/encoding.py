"""The text of a file as UTF-8 with plain line ends, block by block."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from models.errors import DocumentError, refuse
from models.wording import show

BLOCK = 8 * 2**20
_NO_ENCODINGS = ("idna", "punycode", "raw_unicode_escape", "unicode_escape")
"""What Python lists among the text encodings, and no file is in."""
"""Bytes read at a time: large enough for vectorised work, small beside the file."""
_BOMS = [
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
]
_TITLES = {
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32-le": "UTF-32",
    "utf-32-be": "UTF-32",
}
_ASIAN = [("shift_jis", "Japanese"), ("gb18030", "Chinese"), ("euc_kr", "Korean")]


@dataclass
class Text:
    """A text file as it is read: its encoding, and what line ends it turned out to have."""

    path: Path
    codec: str
    bom: int
    line_ends: dict[str, int] = field(default_factory=lambda: {"LF": 0, "CRLF": 0, "CR": 0})
    bytes_read: int = 0

    @property
    def title(self) -> str | None:
        """The encoding's name when it is worth telling, else None."""
        return None if self.codec == "utf-8" else _TITLES.get(self.codec, self.codec)

    def blocks(self) -> Iterator[bytes]:
        r"""Yield the file as UTF-8 in which every line ends with ``\n``.

        Raises:
            DocumentError: the bytes are not of the encoding; names the offset and proposes another.
        """
        held = b""
        self.line_ends = dict.fromkeys(self.line_ends, 0)
        for block in self._decoded():
            block = held + block
            # A carriage return at the end may be the first half of CRLF.
            held = b"\r" if block.endswith(b"\r") else b""
            yield self._plain_line_ends(block[: len(block) - len(held)])
        if held:
            yield self._plain_line_ends(held)

    def _plain_line_ends(self, block: bytes) -> bytes:
        if b"\r" not in block:
            # Counting would cost a pass; that there are some is all that matters.
            self.line_ends["LF"] += b"\n" in block
            return block
        crlf = block.count(b"\r\n")
        self.line_ends["CRLF"] += crlf
        self.line_ends["CR"] += block.count(b"\r") - crlf
        self.line_ends["LF"] += block.count(b"\n") - crlf
        return block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    def _decoded(self) -> Iterator[bytes]:
        decode = codecs.getincrementaldecoder(self.codec)()
        self.bytes_read = self.bom
        with self.path.open("rb") as file:
            file.seek(self.bom)
            held = b""
            while True:
                raw = file.read(BLOCK)
                if not raw and not held:
                    break
                data = held + raw
                start = self.bytes_read - len(held)
                self.bytes_read += len(raw)
                if self.codec == "utf-8":
                    whole = data if data.isascii() else data[: self._check(data, start, not raw)]
                    held = data[len(whole) :]
                    yield whole
                else:
                    held = b""
                    yield self._decode(decode, raw, start, final=False)
        if self.codec != "utf-8":
            yield self._decode(decode, b"", self.bytes_read, final=True)

    def _check(self, data: bytes, start: int, final: bool) -> int:
        try:
            return codecs.utf_8_decode(data, "strict", final)[1]
        except UnicodeDecodeError as error:
            raise _wrong_encoding(data, error.start, start, "UTF-8") from error

    def _decode(
        self, decoder: codecs.IncrementalDecoder, raw: bytes, start: int, final: bool
    ) -> bytes:
        try:
            return decoder.decode(raw, final).encode()
        except UnicodeDecodeError as error:
            raise _wrong_encoding(error.object, error.start, start, self.title or "") from error
        except UnicodeError as error:
            # Half a character that stands for itself, or no byte order mark where one must be.
            raise refuse(
                "wrong_encoding",
                f"Expected {self.title or self.codec} text, got bytes that are none. Save the file "
                "as UTF-8, or leave the option encoding out, so that it is found out.",
                path=["options", "encoding"],
            ) from error


def open_text(path: Path, wish: str | None) -> Text:
    """Find out the encoding: the one asked for, else by byte order mark, else UTF-16 or UTF-8.

    Raises:
        DocumentError: the encoding asked for is not known.
    """
    with path.open("rb") as file:
        head = file.read(4_096)
    bom = next(((mark, name) for mark, name in _BOMS if head.startswith(mark)), None)
    if wish is not None:
        codec = _known(wish)
        if bom is not None and bom[1].startswith(codec):
            return Text(path, bom[1], len(bom[0]))
        return Text(path, codec, 0)
    if bom is not None:
        return Text(path, bom[1], len(bom[0]))
    # Mostly Latin text in UTF-16 has a zero in nearly every other byte.
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = max(1, len(head) // 2)
    if odd > 0.4 * half and even < 0.05 * half:
        return Text(path, "utf-16-le", 0)
    if even > 0.4 * half and odd < 0.05 * half:
        return Text(path, "utf-16-be", 0)
    return Text(path, "utf-8", 0)


def _known(name: str) -> str:
    try:
        codec = codecs.lookup(name).name
        "".encode(codec)  # refuses codecs that are not of text, such as base64
    except (LookupError, ValueError) as error:
        raise _unknown(name) from error
    if codec.replace("-", "_") in _NO_ENCODINGS:
        raise _unknown(name)
    return codec


def _unknown(name: str) -> DocumentError:
    return refuse(
        "unknown_encoding",
        'Expected the name of a text encoding such as "utf-8" or "windows-1252", got '
        f"{show(name)}.",
        path=["options", "encoding"],
    )


def _wrong_encoding(data: bytes, position: int, start: int, expected: str) -> DocumentError:
    proposal, sample = propose_encoding(data, position)
    return refuse(
        "wrong_encoding",
        f"Expected {expected} text, got byte 0x{data[position]:02x} at byte offset "
        f"{start + position:,}. It is probably {proposal}, in which the place reads "
        f'"{sample}". Save the file as UTF-8, or upload it with the option encoding set to '
        f'"{proposal}".',
        path=["options", "encoding"],
    )


def propose_encoding(data: bytes, position: int) -> tuple[str, str]:
    """Guess the encoding of text that is not UTF-8; return it and the text around `position`."""
    part = data[max(0, position - 20_000) : position + 20_000]
    name = _guess(part)
    around = data[max(0, position - 12) : position + 12].decode(name, "replace")
    return name, " ".join(around.replace("�", "").split())


def _guess(part: bytes) -> str:
    high = [byte for byte in part if byte >= 0x80]
    runs = sum(1 for a, b in pairwise(part) if a >= 0x80 and b >= 0x80)
    if runs < 0.5 * len(high):
        # Single accented letters among plain ones: a Western or Central European alphabet.
        central = sum(
            byte in b"\x8a\x8c\x8d\x8f\x9a\x9c\x9d\x9f\xb9\xb3\xb1\xbf\xea\xf1" for byte in high
        )
        polish = sum(byte in b"\xb9\xb3\xbf\x9c\x9f" for byte in high)
        return "windows-1250" if central > 0.5 * len(high) and polish else "windows-1252"
    for name, _ in _ASIAN:
        try:
            text = part[: len(part) - 1].decode(name)
        except UnicodeDecodeError as error:
            if error.start < len(part) - 4:
                continue
            text = part[: error.start].decode(name)
        letters = [character for character in text if ord(character) > 0x7F]
        common = sum("぀" <= c <= "鿿" or "가" <= c <= "힣" for c in letters)
        # Half-width katakana is what Cyrillic and Korean bytes look like in Shift JIS.
        if letters and common > 0.9 * len(letters) and not _cyrillic(high):
            return name
    return "windows-1251"


def _cyrillic(high: list[int]) -> bool:
    """Return whether the bytes are letters of windows-1251, mostly small ones."""
    return sum(byte >= 0xE0 for byte in high) > 0.7 * len(high)
