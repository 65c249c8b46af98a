"""Invented people and words that are put into everything, so that any trace of them on a disk or in a log is a leak."""

from __future__ import annotations

import base64
import json
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
