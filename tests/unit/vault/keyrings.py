"""Keyring backends for tests: they stand for what leaves the process."""

from __future__ import annotations

import threading


class MemoryBackend:
    """Keeps secrets in a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class ForgetfulBackend(MemoryBackend):
    """Says that it kept a secret, and did not."""

    def set_password(self, service: str, username: str, password: str) -> None:
        return


class LockedBackend(MemoryBackend):
    """Its user dismissed the prompt that would unlock it."""

    def get_password(self, service: str, username: str) -> str | None:
        raise RuntimeError("locked")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise RuntimeError("locked")


class SilentBackend(MemoryBackend):
    """Never answers, until the test is over."""

    def __init__(self) -> None:
        super().__init__()
        self.over = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.over.wait()
        return None


def named(module: str, name: str) -> MemoryBackend:
    """A backend that says that it is the class `name` of `module`."""
    made = type(name, (MemoryBackend,), {"__module__": module, "__qualname__": name})()
    assert isinstance(made, MemoryBackend)
    return made


def chain(*links: object) -> MemoryBackend:
    """A chain of backends, as `keyring` makes one where several are installed."""
    made = named("keyring.backends.chainer", "ChainerBackend")
    made.backends = list(links)  # type: ignore[attr-defined]
    return made
