"""Identifiers, each of its own type so that a person's cannot pass for a file's."""

from __future__ import annotations

from typing import NewType
from uuid import UUID

FileId = NewType("FileId", UUID)
RecordId = NewType("RecordId", UUID)


def uuid7(unix_ms: int, random_bits: bytes) -> UUID:
    """A version 7 UUID: 48 bits of milliseconds since 1970, then 74 of the 80 bits in `random_bits` (10 bytes).

    Source: RFC 9562, section 5.7.
    """
    if len(random_bits) != 10:
        raise ValueError("random_bits must be 10 bytes")
    noise = int.from_bytes(random_bits, "big")
    value = (unix_ms & (1 << 48) - 1) << 80 | noise
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)
