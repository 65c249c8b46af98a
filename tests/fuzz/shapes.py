"""Changes that know the shape of what they change, so that an input gets past the first check of its parser.

A flipped bit in a ZIP archive only ever breaks a checksum: here the parts inside are changed and packed anew. The same
for the chunks of a PNG, the segments of a JPEG and the values of a JSON text.
"""

from __future__ import annotations

import io
import json
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Sequence
from typing import Any

from tests.fuzz.mutation import Mutate, bytewise

_TAG = re.compile(rb"<[^<>]*>")
_ATTRIBUTE = re.compile(rb'([\w:.-]+)="([^"]*)"')
_VALUES = (
    b"",
    b"0",
    b"-1",
    b"1",
    b"1.5",
    b"1048576",
    b"2147483648",
    b"4294967296",
    b"99999999999999999999",
    b"true",
    b"x",
    b"s",
    b"inlineStr",
    b"str",
    b"b",
    b"e",
    b"d",
    b"n",
    b"A1",
    b"XFD1048576",
    b"AAAAAAA1",
    b"A0",
    b"2026-02-30",
    b"PT99999999H",
    b"-1e308",
    b"NaN",
    b"\xc3\xa9",
    b"&#x10FFFF;",
    b"&amp;",
    b"&x;",
    b"../../x",
    b"rId1",
    b"hidden",
    b"float",
    b"time",
    b"date",
    b"percentage",
    b"string",
    b"boolean",
    b"50000",
    b"1000",
)
_TEXTS = (
    b"=CMD()",
    b"45000.9999999",
    b"1e999",
    b"-1",
    b"nan",
    b"\xe2\x80\xaeX",
    b"x" * 40_000,
    b"]]>",
    b"&lt;",
    b"0" * 400,
)


def markup(words: Sequence[bytes]) -> Mutate:
    """Changes to XML: a tag doubled, dropped or exchanged, an attribute's value, the text between; or any bytes."""
    anyhow = bytewise(words)

    def mutate(rng: random.Random, data: bytes) -> bytes:
        kind = rng.randrange(7)
        tags = list(_TAG.finditer(data)) if kind < 6 else []
        if not tags:
            return anyhow(rng, data)
        one, other = rng.choice(tags), rng.choice(tags)
        if kind == 0:
            return data[: one.end()] + other[0] + data[one.end() :]
        if kind == 1:
            return data[: one.start()] + data[one.end() :]
        if kind == 2:
            return data[: one.start()] + other[0] + data[one.end() :]
        if kind == 3:
            start, end = sorted((one.start(), other.end()))
            return data[:end] + data[start:end] * rng.choice((1, 1, 2, 30)) + data[end:]
        if kind == 4:
            return data[: one.end()] + rng.choice((*_TEXTS, *words)) + data[one.end() :]
        return _with_attribute(rng, data, one, words)

    return mutate


def _with_attribute(rng: random.Random, data: bytes, tag: re.Match[bytes], words: Sequence[bytes]) -> bytes:
    found = list(_ATTRIBUTE.finditer(tag[0]))
    value = rng.choice((*_VALUES, *words))
    if not found or rng.random() < 0.2:
        at = tag.end() - (2 if tag[0].endswith(b"/>") else 1)
        name = rng.choice((*[word for word in words if word[:1].isalpha()], b"r", b"t"))
        return data[:at] + b" " + name + b'="' + value + b'"' + data[at:]
    one = rng.choice(found)
    start, end = tag.start() + one.start(2), tag.start() + one.end(2)
    return data[:start] + value + data[end:]


def archived(words: Sequence[bytes]) -> Mutate:
    """Changes to the parts of a ZIP archive, to its list of parts, and seldom to its bytes."""
    inside, outside = markup(words), bytewise((b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x06"))

    def mutate(rng: random.Random, data: bytes) -> bytes:
        if rng.random() < 0.15:
            return outside(rng, data)
        try:
            parts = _unzipped(data)
        except Exception:
            return outside(rng, data)
        if not parts:
            return outside(rng, data)
        for _ in range(1 + rng.randrange(3)):
            at = rng.randrange(len(parts))
            name, content = parts[at]
            if rng.random() < 0.9:
                parts[at] = (name, inside(rng, content))
            else:
                _change_list(rng, parts, at)
                if not parts:
                    break
        return _zipped(parts, rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)))

    return mutate


def _change_list(rng: random.Random, parts: list[tuple[str, bytes]], at: int) -> None:
    name, content = parts[at]
    match rng.randrange(4):
        case 0:
            del parts[at]
        case 1:
            parts.append((name, content))
        case 2:
            parts[at] = (rng.choice(parts)[0], content)
        case _:
            parts[at] = (name.swapcase(), content)


def _unzipped(data: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(entry.filename, archive.read(entry)) for entry in archive.infolist() if entry.file_size < 1 << 20]


def _zipped(parts: Sequence[tuple[str, bytes]], method: int) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in parts:
            entry = zipfile.ZipInfo(name)
            entry.compress_type = method
            # Names used twice are what is wanted here; zipfile would warn of them.
            archive.NameToInfo.pop(name, None)
            archive.writestr(entry, content)
    return target.getvalue()


# --- pictures --------------------------------------------------------------------------------------------------------

_PNG = b"\x89PNG\r\n\x1a\n"
_CHUNKS = (
    b"IHDR",
    b"PLTE",
    b"IDAT",
    b"IEND",
    b"tEXt",
    b"zTXt",
    b"iTXt",
    b"eXIf",
    b"iCCP",
    b"tRNS",
    b"acTL",
    b"fcTL",
    b"fdAT",
    b"gAMA",
    b"pHYs",
    b"cHRM",
    b"sRGB",
    b"????",
)


def pictured(rng: random.Random, data: bytes) -> bytes:
    """Changes to the chunks of a PNG, checksums put right, or to any bytes of another picture."""
    if not data.startswith(_PNG) or rng.random() < 0.1:
        return bytewise((b"\xff\xd8", b"\xff\xc0", b"\xff\xc4", b"\xff\xda", b"\xff\xe1", b"Exif\0\0", b"\xff\xd9"))(
            rng, data
        )
    chunks = _chunks(data)
    anyhow = bytewise((b"\0\0\0\0", b"\x7f\xff\xff\xff", b"\xff\xff\xff\xff"))
    for _ in range(1 + rng.randrange(3)):
        at = rng.randrange(len(chunks)) if chunks else 0
        match rng.randrange(6) if chunks else 5:
            case 0:
                del chunks[at]
            case 1:
                chunks.insert(at, rng.choice(chunks))
            case 2:
                chunks[at] = (rng.choice(_CHUNKS), chunks[at][1])
            case 3 | 4:
                chunks[at] = (chunks[at][0], anyhow(rng, chunks[at][1]))
            case _:
                body = rng.choice((b"", b"k\0\0" + zlib.compress(b"A" * rng.choice((10, 1 << 22))), b"\0" * 26))
                chunks.insert(at, (rng.choice(_CHUNKS), body))
    return png_of(chunks)


def png_of(chunks: Sequence[tuple[bytes, bytes]]) -> bytes:
    """A PNG of chunks (kind, content), each with its right length and checksum."""
    made = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
    return _PNG + b"".join(made)


def _chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    found, at = [], len(_PNG)
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        found.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + length]))
        at += 12 + length
    return found


# --- JSON ------------------------------------------------------------------------------------------------------------

_ODD: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1.5,
    10**30,
    "",
    "yes",
    "x" * 3000,
    [],
    {},
    [[]],
    {"": None},
    "2026-11-21",
    "2026-02-30T99:99",
    "2026-11-21T10:15+01:00",
    "\ud800",
    "\u202e",
    "0" * 36,
    ["yes", 3, None],
    {"answer": "yes", "detail": []},
    "1e5",
    1e308,
)


def json_shaped(words: Sequence[bytes] = ()) -> Mutate:
    """Changes to the values of a JSON text: exchanged, dropped, doubled, made of another kind; seldom to its bytes."""
    anyhow = bytewise(words)

    def mutate(rng: random.Random, data: bytes) -> bytes:
        if rng.random() < 0.2:
            return anyhow(rng, data)
        try:
            value = json.loads(data)
        except (ValueError, RecursionError):
            return anyhow(rng, data)
        for _ in range(1 + rng.randrange(3)):
            value = _changed(rng, value)
        return json.dumps(value).encode()

    return mutate


def _changed(rng: random.Random, value: Any) -> Any:
    if isinstance(value, dict) and value and rng.random() < 0.85:
        key = rng.choice(list(value))
        return _changed_in(rng, value, key)
    if isinstance(value, list) and value and rng.random() < 0.85:
        at = rng.randrange(len(value))
        match rng.randrange(6):
            case 0:
                return value[:at] + value[at + 1 :]
            case 1:
                return value + [value[at]] * rng.choice((1, 2, 50))
            case _:
                return [*value[:at], _changed(rng, value[at]), *value[at + 1 :]]
    if isinstance(value, str) and rng.random() < 0.5:
        return bytewise()(rng, value.encode("utf-8", "surrogatepass")).decode("utf-8", "replace")
    return rng.choice(_ODD)


def _changed_in(rng: random.Random, value: dict[str, Any], key: str) -> dict[str, Any]:
    rest = {each: one for each, one in value.items() if each != key}
    match rng.randrange(8):
        case 0:
            return rest
        case 1:
            return {**rest, key + rng.choice((" ", "_", "2")): value[key]}
        case 2:
            return {**value, key: value[rng.choice(list(value))]}
        case _:
            return {**value, key: _changed(rng, value[key])}
