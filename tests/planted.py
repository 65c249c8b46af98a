"""Invented people and words that are put into everything, so that any trace of them on a disk or in a log is a leak."""

from __future__ import annotations

import base64
import gzip
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from urllib.parse import quote

CLIENT_GIVEN = "Zanzibarina"
CLIENT_FAMILY = "Quillfeather"
KNOWN_AS = "Zazzquill"
PERPETRATOR_GIVEN = "Bartholomewson"
PERPETRATOR_FAMILY = "Grimthwaite"
CHILD = "Peregrinette"
FOREIGN = "Żółcińska"
MOBILE = "07700 900471"
LANDLINE = "01632 960983"
EMAIL = "zq.hidden@sheltered.example"
ADDRESS = "47 Ptarmigan Mews"
POSTCODE = "ZZ99 7QX"
PLACE = "Cobblewick Nursery"
CODE_WORD = "marmaladefox"
NOTE = "She slept at Thistledown Lodge"
STORY = "He broke the lilac door on Fenugreek Row"
OFFICER = "DC Wolverhamptonia"
CRIME_REF = "QX/778899/26"
ADDRESSEE = "Clerk Featherstonehaugh"
REASON = "because Auntie Bumblethorpe rang"
TASK = "Ring Mrs Snodgrasston"
SHEET_NAME = "Quennelotte"
PASSPHRASE = "vermilion otters juggle eleven parsnips"
NEW_PASSPHRASE = "seventeen damp accordions climb Mooncrest"
PAPER_PASSWORD = "gargoyle-teacup-99"

MORE = (
    "Wrenzibelle",
    "Oglethorpington",
    "Siân Ŵynfferth",
    "Ioana Ștefănucă",
    "Trần Thị Bạchlan",
    "سلمى الياسمينية",
    "Ελευθερία Μαυροπετρά",
    "O’Shaughnessyville",
    "07700 900862",
    "+44 7700 900315",
    "020 7946 0958",
    "quiet.heron@elsewhere.example",
    "9434765919",
    "943 476 5870",
    "QQ 12 34 56 C",
    "62GW0987654",
    "NHS-77-31415926",
    "MARAC/2026/90210",
    "Flat 9, 3 Sandpiper Wynd",
    "ZZ98 3PL",
    "Honeysuckle Infants",
    "14 Nettlecombe Parade",
    "periwinkle lamppost",
    "The Gooseberry Hostel",
    "a burn the shape of Zealandria",
    "PC 90417 Thunderpebble",
    "Judge Quibblethorpe",
    "her brother Eusebiusz",
)
"""What a whole session at the desk types beside the words above."""

ALL = (
    CLIENT_GIVEN,
    CLIENT_FAMILY,
    KNOWN_AS,
    PERPETRATOR_GIVEN,
    PERPETRATOR_FAMILY,
    CHILD,
    FOREIGN,
    MOBILE,
    LANDLINE,
    EMAIL,
    ADDRESS,
    POSTCODE,
    PLACE,
    CODE_WORD,
    NOTE,
    STORY,
    OFFICER,
    CRIME_REF,
    ADDRESSEE,
    REASON,
    TASK,
    SHEET_NAME,
    PASSPHRASE,
    NEW_PASSPHRASE,
    PAPER_PASSWORD,
    *MORE,
)


def _forms(word: str) -> set[bytes]:
    """A word in every form in which a file could hold it; ASCII letters in lower case."""
    utf8 = word.encode()
    found = {utf8.lower(), json.dumps(word)[1:-1].lower().encode()}
    found |= {word.encode(code).lower() for code in ("utf-16-le", "utf-16-be", "utf-32-le")}
    found.add(quote(word).lower().encode())
    found.add(quote(word, safe="").lower().encode())
    found.add(utf8.hex().encode())
    return found


def _base64_forms(word: str) -> set[bytes]:
    """What stands in base64 wherever the word begins: the characters that only the word's own bytes decide."""
    found = set()
    for data in (word.encode(), word.encode("utf-16-le")):
        for shift in range(3):
            coded = base64.b64encode(bytes(shift) + data + bytes(3))
            first, last = -(-shift * 8 // 6), (shift + len(data)) * 8 // 6
            found |= {coded[first:last], base64.urlsafe_b64encode(bytes(shift) + data + bytes(3))[first:last]}
    return found


_FOLDED = {word: _forms(word) for word in ALL}
_EXACT = {word: _base64_forms(word) for word in ALL}


def traces(data: bytes | str) -> list[str]:
    """The planted words that `data` holds in any form."""
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    lowered = raw.lower()
    return [
        word
        for word in ALL
        if any(form in lowered for form in _FOLDED[word]) or any(form in raw for form in _EXACT[word])
    ]


_MOST_UNPACKED = 20_000_000
_PACKED = re.compile(rb"x[\x01\x5e\x9c\xda]")


def unpacked(data: bytes) -> Iterator[bytes]:
    """`data`, then whatever is packed in it: members of an archive, and zlib streams such as those of a PDF."""
    yield data
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from (archive.read(each) for each in archive.infolist() if each.file_size < _MOST_UNPACKED)
    if data[:2] == b"\x1f\x8b":
        yield gzip.decompress(data)
    for found in _PACKED.finditer(data):
        try:
            inner = zlib.decompressobj().decompress(data[found.start() :], _MOST_UNPACKED)
        except zlib.error:
            continue
        if len(inner) > 3:
            yield inner


def deep_traces(data: bytes) -> list[str]:
    """The planted words that `data` holds in any form, packed or not."""
    return sorted({word for part in unpacked(data) for word in traces(part)})
