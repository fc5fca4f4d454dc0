"""Which encoding a text file is in."""

import codecs
from typing import BinaryIO

from analytics.importing.problems import FileRefused

READ_BYTES = 4 * 1024 * 1024


def encoding_of(file: BinaryIO, sample: bytes) -> str:
    """By byte-order mark, else by what the bytes can be read as."""
    if sample.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\x00" in sample[:4096]:
        return _wide_encoding(sample)
    if _is_surely_utf8(sample) or _is_utf8(file):
        return "utf-8"
    header = sample.split(b"\n", 1)[0]
    try:
        # A header in good UTF-8 Chinese: the file is UTF-8 with a damaged line further down.
        return "utf-8" if not header.isascii() and header.decode() else "gb18030"
    except UnicodeDecodeError:
        return "gb18030"


def _wide_encoding(sample: bytes) -> str:
    even, odd = sample[0:4096:2].count(0), sample[1:4096:2].count(0)
    if odd > len(sample[:4096]) // 8 and not even:
        return "utf-16-le"
    if even > len(sample[:4096]) // 8 and not odd:
        return "utf-16-be"
    if even + odd > 16:
        raise FileRefused("not_text")
    return "utf-8"


def _is_surely_utf8(sample: bytes) -> bool:
    """Many different Chinese characters that all fit three bytes each: no other encoding does."""
    decoder = codecs.getincrementaldecoder("utf-8")()  # the sample may end inside a character
    try:
        characters = set(decoder.decode(sample))
    except UnicodeDecodeError:
        return False
    return sum("\u4e00" <= character <= "\u9fff" for character in characters) >= 20


def _is_utf8(file: BinaryIO) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while raw := file.read(READ_BYTES):
            decoder.decode(raw)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
