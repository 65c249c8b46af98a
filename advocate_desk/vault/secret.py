"""Key material that is overwritten after use and never shows itself."""

from __future__ import annotations

from types import TracebackType
from typing import NoReturn

from advocate_desk.vault import memory, sodium


class SecretKey:
    """A secret in one buffer that `wipe` zeroes. As a context manager it wipes itself at the end."""

    __slots__ = ("__weakref__", "_buffer")

    def __init__(self, buffer: bytearray) -> None:
        """Takes the buffer over: the caller keeps no copy."""
        memory.keep_from_swap(buffer)
        self._buffer: bytearray | None = buffer

    @classmethod
    def random(cls, size: int = sodium.KEY_BYTES) -> SecretKey:
        """A new secret of `size` random bytes."""
        return cls(sodium.random(size))

    @property
    def buffer(self) -> bytearray:
        """The secret itself, not a copy. Raises ValueError once it is wiped."""
        if self._buffer is None:
            raise ValueError("this key has been wiped")
        return self._buffer

    @property
    def is_wiped(self) -> bool:
        """Whether the secret is gone."""
        return self._buffer is None

    def hex(self) -> str:
        """The secret in hexadecimal, as the database driver wants it. The string cannot be wiped: drop it at once."""
        return self.buffer.hex()

    def copy(self) -> SecretKey:
        """A second key of the same value, wiped on its own."""
        return SecretKey(bytearray(self.buffer))

    def wipe(self) -> None:
        """Zero the buffer and let it go. Safe to repeat."""
        if self._buffer is not None:
            sodium.wipe(self._buffer)
            self._buffer = None

    def __enter__(self) -> SecretKey:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.wipe()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SecretKey) and sodium.same(self.buffer, other.buffer)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return "SecretKey(wiped)" if self.is_wiped else "SecretKey(...)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is never pickled")
