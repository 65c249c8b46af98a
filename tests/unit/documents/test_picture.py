from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from advocate_desk.documents.picture import read_picture
from advocate_desk.errors import Refused


def png(width: int, height: int, mode: str = "RGBA") -> bytes:
    made = io.BytesIO()
    Image.new(mode, (width, height), "teal" if mode != "L" else 90).save(made, "PNG")
    return made.getvalue()


def jpeg_with_place() -> bytes:
    image = Image.new("RGB", (300, 200), "white")
    exif = image.getexif()
    exif[0x010F] = "Planted Camera"
    made = io.BytesIO()
    image.save(made, "JPEG", exif=exif)
    return made.getvalue()


def bomb() -> bytes:
    """A PNG of a few hundred bytes whose header asks for 100,000 by 100,000 pixels."""
    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    data = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def test_a_logo_keeps_its_shape_within_bounds() -> None:
    picture = read_picture(png(400, 100))
    assert picture.fit(100, 100) == (100, 25)


def test_a_large_logo_is_made_smaller() -> None:
    picture = read_picture(png(3000, 1500))
    assert max(picture.width_px, picture.height_px) == 1200


def test_what_a_camera_wrote_is_gone() -> None:
    assert b"Planted" not in read_picture(jpeg_with_place()).png


@pytest.mark.parametrize(
    "hostile",
    [
        bomb(),
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        png(10, 10)[:60],
        b"GIF89a" + b"\0" * 50,
        b"\x89PNG\r\n\x1a\n" + b"\0" * 2_000_001,
        png(4001, 10),
    ],
    ids=["bomb", "empty", "svg", "cut", "gif", "large", "wide"],
)
def test_a_hostile_picture_is_refused(hostile: bytes) -> None:
    with pytest.raises(Refused, match="Nothing was changed"):
        read_picture(hostile)


@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_are_a_picture_or_refused(data: bytes, with_head: bool) -> None:
    try:
        read_picture((b"\x89PNG\r\n\x1a\n" if with_head else b"") + data)
    except Refused as refused:
        assert "logo" in refused.advice
