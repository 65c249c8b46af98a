"""Takes the fields of a JSON object one by one, each checked, and refuses what is left over."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from uuid import UUID

_HEX = re.compile(r"(?:[0-9a-f]{2})*\Z")


class Malformed(Exception):
    """The object is not what the format says. The text names the field, never its value."""


class Reader:
    """The fields of one object. Each is taken once; `finish` refuses any that the format does not know."""

    def __init__(self, content: object) -> None:
        if not isinstance(content, dict):
            raise Malformed("not an object")
        self._left: dict[str, object] = dict(content)

    def take(self, key: str) -> object:
        """The value under `key`, whatever it is. Raises Malformed where it is missing."""
        try:
            return self._left.pop(key)
        except KeyError:
            raise Malformed(key) from None

    def finish(self) -> None:
        """Raises Malformed if a field was not taken."""
        if self._left:
            raise Malformed("unknown field")

    def text(self, key: str, most: int) -> str:
        """A string of at most `most` characters."""
        value = self.take(key)
        if not isinstance(value, str) or len(value) > most:
            raise Malformed(key)
        return value

    def whole(self, key: str, least: int, most: int) -> int:
        """A whole number in the closed range; `true` and `1.0` are none."""
        value = self.take(key)
        if type(value) is not int or not least <= value <= most:
            raise Malformed(key)
        return value

    def flag(self, key: str) -> bool:
        """`true` or `false`."""
        value = self.take(key)
        if not isinstance(value, bool):
            raise Malformed(key)
        return value

    def octets(self, key: str, size: int) -> bytes:
        """Exactly `size` bytes, in lower-case hexadecimal."""
        value = self.text(key, size * 2)
        if len(value) != size * 2 or not _HEX.match(value):
            raise Malformed(key)
        return bytes.fromhex(value)

    def uuid(self, key: str) -> UUID:
        """A UUID in its usual spelling."""
        value = self.text(key, 36)
        try:
            found = UUID(value)
        except ValueError:
            raise Malformed(key) from None
        if str(found) != value:
            raise Malformed(key)
        return found

    def day(self, key: str) -> date:
        """A date, year first."""
        try:
            return datetime.strptime(self.text(key, 10), "%Y-%m-%d").replace(tzinfo=UTC).date()
        except ValueError:
            raise Malformed(key) from None

    def moment(self, key: str) -> datetime:
        """A moment in UTC, to the second."""
        try:
            return datetime.strptime(self.text(key, 20), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError:
            raise Malformed(key) from None

    def items(self, key: str, most: int) -> list[object]:
        """A list of at most `most` values."""
        value = self.take(key)
        if not isinstance(value, list) or len(value) > most:
            raise Malformed(key)
        return value
