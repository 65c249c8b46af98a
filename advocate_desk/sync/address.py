"""Where a hub is: the one way in which its address is written, at a desk and by its operator."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from advocate_desk.errors import Invalid


@dataclass(frozen=True, slots=True)
class Address:
    """Where a hub is."""

    is_secure: bool
    host: str
    port: int
    path: str

    @property
    def text(self) -> str:
        """As it is shown and kept."""
        scheme, usual = ("https", 443) if self.is_secure else ("http", 80)
        port = "" if self.port == usual else f":{self.port}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}{port}{self.path}"


def parse_address(text: str) -> Address:
    """The address that was typed. Without TLS only on this computer. Raises Invalid."""
    typed = text.strip()
    said = "This is not the address of a hub. It looks like https://hub.example.org."
    try:
        parts = urlsplit(typed if "://" in typed else f"https://{typed}")
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise Invalid(said, {"address": said}) from error
    if parts.scheme not in {"https", "http"} or not host or parts.username or parts.query or parts.fragment:
        raise Invalid(said, {"address": said})
    is_secure = parts.scheme == "https"
    if not is_secure and host not in {"localhost", "127.0.0.1", "::1"}:
        said = "The address must begin with https://: without it anybody on the way could see who talks to the hub."
        raise Invalid(said, {"address": said})
    return Address(is_secure, host, port or (443 if is_secure else 80), parts.path.rstrip("/"))
