"""The character encoding of a delimited text file, which never says it."""

from __future__ import annotations

import codecs

from charset_normalizer import from_bytes

from advocate_desk.errors import Invalid

ENCODINGS: tuple[tuple[str, str], ...] = (
    ("utf-8", "UTF-8"),
    ("cp1252", "Windows Western European (1252)"),
    ("utf-16", "UTF-16"),
    ("cp1250", "Windows Central European (1250)"),
    ("cp1251", "Windows Cyrillic (1251)"),
    ("cp1254", "Windows Turkish (1254)"),
    ("cp1256", "Windows Arabic (1256)"),
    ("iso8859_15", "Latin 9 (ISO 8859-15)"),
    ("cp850", "DOS Western European (850)"),
    ("mac_roman", "Macintosh Western European"),
)
"""What the wizard offers, as (codec, label). The guess always is one of these."""

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SAMPLE_BYTES = 200_000
# How much better (0 to 1) another code page must read before it displaces 1252, which nearly every system
# that sends referrals in England and Wales writes.
_CLEARLY_BETTER = 0.10
_UNDEFINED_1252 = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))


def decode(data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """The text of `data` and the codec that read it (one of ENCODINGS). A byte order mark is dropped.

    Raises Invalid if the encoding asked for cannot have written this file.
    """
    chosen = encoding or guess_encoding(data)
    # A guess reads what it can (five bytes of 1252 mean nothing, UTF-16 may be cut): the user sees it and chooses.
    errors = "replace" if encoding is None else "strict"
    try:
        text = _decode_utf16(data, errors) if chosen == "utf-16" else data.decode(chosen, errors)
    except (UnicodeDecodeError, LookupError) as error:
        raise Invalid("The file was not written in that character encoding. Choose another one.") from error
    return text.removeprefix("\ufeff"), chosen


def guess_encoding(data: bytes) -> str:
    """The most likely codec: a mark, the pattern of UTF-16, valid UTF-8, else the code page that reads best."""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return codec
    sample = data[:_SAMPLE_BYTES]
    if _looks_utf16(sample):
        return "utf-16"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _best_code_page(sample)
    return "utf-8"


def _looks_utf16(sample: bytes) -> bool:
    """UTF-16 without a mark: in mostly Latin text every second byte is zero."""
    if len(sample) < 8:
        return False
    half = len(sample) // 2
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    return max(even, odd) > 0.6 * half and min(even, odd) < 0.1 * half


def _decode_utf16(data: bytes, errors: str) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors)
    even, odd = data[0::2].count(0), data[1::2].count(0)
    return data.decode("utf-16-be" if even > odd else "utf-16-le", errors)


def _best_code_page(sample: bytes) -> str:
    """1252 unless it cannot have written the sample, or another code page reads it clearly better."""
    high = [byte for byte in sample if byte >= 0x80]
    pages = [codec for codec, _label in ENCODINGS if codec.startswith(("cp", "iso", "mac"))]
    # Few accents say nothing about the code page: a dozen French or Polish names fit five of them.
    if len(high) < 12 and not any(byte in _UNDEFINED_1252 for byte in high):
        return "cp1252"
    matches = {match.encoding: match.chaos for match in from_bytes(sample, cp_isolation=pages, threshold=0.5)}
    if not matches:
        return "cp1252"
    best = min(matches, key=lambda codec: (matches[codec], pages.index(codec) if codec in pages else 99))
    fallback = matches.get("cp1252")
    if best not in pages or (fallback is not None and fallback - matches[best] < _CLEARLY_BETTER):
        return "cp1252"
    return best
