"""What the operator sets: arguments, environment variables, or files that those name. See packaging/HUB.md.

`ADVOCATE_HUB_PORT=8765` says what `--port 8765` does; `ADVOCATE_HUB_DATABASE_FILE=/path` names a file whose content is
the value, for what must stand in no argument and no unit file. An argument comes before a variable, and a variable
before a file. No message repeats a value.
"""

from __future__ import annotations

import argparse
import math
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from advocate_desk.errors import Invalid
from advocate_desk.hub.limits import MEMBER_RATE, STRANGER_RATE, Limits
from advocate_desk.sync.address import parse_address

PREFIX = "ADVOCATE_HUB_"
POSTGRES = ("postgresql://", "postgres://")
PORT = 8765
GIB = 1024**3
MOST_PORT = 65_535

HELP = {
    "database": "postgresql:// URL without a password, or a file for SQLite (default: hub.db here)",
    "address": "address that desks are told, several with commas, as https://hub.example.org (default: not checked)",
    "host": "address to listen on (default: 127.0.0.1, for a proxy on the same machine)",
    "port": f"port to listen on (default: {PORT})",
    "certificate": "TLS certificate file, where no proxy stands before the hub",
    "key": "TLS key file",
    "workers": "processes (default: 1; more only on PostgreSQL)",
    "quota_gib": "space of each organisation (default: 20)",
    "member_rate": f"requests a minute of one device (default: {MEMBER_RATE})",
    "stranger_rate": f"requests a minute of one address without a session (default: {STRANGER_RATE})",
    "trust_proxy": "addresses of proxies, with commas, whose X-Forwarded-For is believed (default: none)",
    "metrics": "address and port of the figures for Prometheus, as 127.0.0.1:8766 (default: none are served)",
    "founding_code": "code without which nobody founds an organisation here",
}
HIDDEN = frozenset({"founding_code"})
"""What is no argument: every user of the machine reads the arguments of a process."""

_NO_ADDRESS = "address wants what desks are told, as https://hub.example.org; without TLS only on this machine"


class BadOption(Exception):
    """A setting that cannot be used. Its text names the setting, never the value."""


@dataclass(frozen=True, slots=True)
class Options:
    """Every setting of a hub."""

    database: str = "hub.db"
    address: str = ""
    host: str = "127.0.0.1"
    port: int = PORT
    certificate: str = ""
    key: str = ""
    workers: int = 1
    quota_gib: float = 20
    member_rate: int = MEMBER_RATE
    stranger_rate: int = STRANGER_RATE
    trust_proxy: str = ""
    metrics: str = ""
    founding_code: str = ""

    @property
    def is_postgres(self) -> bool:
        """Whether the database is PostgreSQL."""
        return self.database.startswith(POSTGRES)

    @property
    def addresses(self) -> frozenset[str]:
        """The addresses by which desks reach the hub, as desks sign them; none: whatever they sign is taken.

        Raises BadOption.
        """
        return frozenset(_plain(each) for each in self.address.split(",") if each.strip())

    @property
    def limits(self) -> Limits:
        """How much is taken from whom."""
        return Limits(
            quota_bytes=int(self.quota_gib * GIB),
            member_rate=self.member_rate,
            stranger_rate=self.stranger_rate,
            founding_code=self.founding_code,
        )

    @property
    def metrics_at(self) -> tuple[str, int]:
        """Where the figures are served. Raises BadOption."""
        host, _, port = self.metrics.rpartition(":")
        if not host or not port.isdecimal() or int(port) > MOST_PORT:
            raise BadOption("metrics wants an address and a port, as 127.0.0.1:8766")
        return host.strip("[]"), int(port)

    @property
    def variables(self) -> dict[str, str]:
        """As the environment of a worker says them."""
        return {PREFIX + name.upper(): str(value) for name, value in asdict(self).items()}


def read(argv: Sequence[str], environ: Mapping[str, str]) -> Options:
    """The settings, from arguments before variables before files. Raises BadOption; SystemExit for wrong arguments."""
    parser = argparse.ArgumentParser(
        prog="advocate-desk-hub",
        description="Keeps what desks exchange, sealed.",
        epilog=f"Every setting is also a variable ({PREFIX}PORT), or a file that one names ({PREFIX}DATABASE_FILE).",
    )
    for name, words in HELP.items():
        if name not in HIDDEN:
            parser.add_argument(f"--{name.replace('_', '-')}", metavar="VALUE", help=words)
    asked = {name: value for name, value in vars(parser.parse_args(argv)).items() if value is not None}
    if "database" in asked and _has_password(asked["database"]):
        raise BadOption(
            "database is an argument with a password in it, which every user of this machine can read there. Put it "
            f"into the variable {PREFIX}DATABASE or a file that {PREFIX}DATABASE_FILE names, and change the password"
        )
    found = {**_from_environment(environ), **asked}
    values: dict[str, Any] = {name: _value(name, text) for name, text in found.items()}
    chosen = Options(**values)
    _check(chosen)
    return chosen


def _has_password(database: str) -> bool:
    """Whether a PostgreSQL URL carries a password: before the host, or among what follows the question mark."""
    if not database.startswith(POSTGRES):
        return False
    user, _, _ = database.partition("//")[2].rpartition("@")
    return ":" in user or "password=" in database.partition("?")[2]


def _from_environment(environ: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for name in HELP:
        variable = PREFIX + name.upper()
        if variable in environ:
            found[name] = environ[variable]
        elif f"{variable}_FILE" in environ:
            try:
                found[name] = Path(environ[f"{variable}_FILE"]).read_text(encoding="utf-8").strip()
            except (OSError, ValueError) as error:
                raise BadOption(f"the file that {variable}_FILE names cannot be read") from error
    return found


def _plain(address: str) -> str:
    """An address as desks keep and sign it. Raises BadOption for one that no desk would take."""
    if "://" not in address:  # a desk takes it for https; whoever sets it up is to say so
        raise BadOption(_NO_ADDRESS)
    try:
        return parse_address(address).text
    except Invalid as error:
        raise BadOption(_NO_ADDRESS) from error


def _value(name: str, text: str) -> object:
    kind = {"int": int, "float": float}.get(str(Options.__dataclass_fields__[name].type), str)
    try:
        return kind(text)
    except ValueError as error:
        raise BadOption(f"{name} wants a number") from error


def _check(options: Options) -> None:
    is_quota = math.isfinite(options.quota_gib) and options.quota_gib > 0
    if options.workers < 1 or not is_quota or options.member_rate < 1 or options.stranger_rate < 1:
        raise BadOption("workers, quota_gib and the rates want a number above zero")
    if not 0 <= options.port <= MOST_PORT:
        raise BadOption(f"port wants a number up to {MOST_PORT}")
    if options.workers > 1 and not options.is_postgres:
        raise BadOption("several workers need PostgreSQL: SQLite has one writer")
    if options.address.strip() and not options.addresses:
        raise BadOption(_NO_ADDRESS)
    if bool(options.certificate) != bool(options.key):
        raise BadOption("certificate and key are given together or not at all")
    for path in (options.certificate, options.key):
        if path and not Path(path).is_file():
            raise BadOption("the file of the certificate or of its key is not there")
    if options.certificate:
        _check_certificate(options)
    if options.metrics:
        assert options.metrics_at


def _check_certificate(options: Options) -> None:
    """Raises BadOption where no connection could be made with the certificate and its key."""
    try:  # a key under a passphrase is refused: nobody is there to be asked for it when a worker starts again
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(options.certificate, options.key, lambda: b"")
    except OSError as error:
        raise BadOption(
            "certificate and key cannot be used: see that the hub may read both files, that they belong together, and "
            "that the key has no passphrase"
        ) from error
