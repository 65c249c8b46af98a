"""`advocate-desk-hub`: starts the hub, from arguments or from the environment. See packaging/HUB.md."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import uvicorn
from starlette.applications import Starlette

from advocate_desk.clock import SystemClock
from advocate_desk.hub.app import Hub, make_app
from advocate_desk.hub.database import open_database
from advocate_desk.hub.limits import STRANGER_RATE, Limits
from advocate_desk.hub.schema import NewerSchema

PORT = 8765
GIB = 1024**3
PREFIX = "ADVOCATE_HUB_"


class JsonLines(logging.Formatter):
    """One JSON object a line, of fields that are named here: nothing else of a record is ever written."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"at": moment, "level": record.levelname.lower(), "event": str(record.msg)}
        for name in ("route", "status", "milliseconds", "sent_bytes"):
            if hasattr(record, name):
                line[name] = getattr(record, name)
        if record.exc_info and record.exc_info[0]:
            line["fault"] = record.exc_info[0].__name__
        return json.dumps(line)


def arguments(argv: Sequence[str], environ: Mapping[str, str]) -> argparse.Namespace:
    """What was asked on the command line; what was not, from the environment, else as it is best."""
    parser = argparse.ArgumentParser(prog="advocate-desk-hub", description="Keeps what desks exchange, sealed.")
    parser.add_argument("--database", help="postgresql:// URL, or a file for SQLite (default: hub.db here)")
    parser.add_argument("--host", help="address to listen on (default: 127.0.0.1, for a proxy on the same machine)")
    parser.add_argument("--port", type=int, help=f"port to listen on (default: {PORT})")
    parser.add_argument("--certificate", help="TLS certificate file, where no proxy stands before the hub")
    parser.add_argument("--key", help="TLS key file")
    parser.add_argument("--workers", type=int, help="processes (default: 1; more only on PostgreSQL)")
    parser.add_argument("--quota-gib", type=float, help="space of each organisation (default: 20)")
    parser.add_argument("--stranger-rate", type=int, help="requests a minute of a caller without session (default: 60)")
    parser.add_argument("--founding-code", help="code without which nobody founds an organisation here")
    parser.add_argument("--trust-proxy", help="addresses of proxies whose X-Forwarded-For is believed")
    kept = {name.removeprefix(PREFIX).lower(): value for name, value in environ.items() if name.startswith(PREFIX)}
    parser.set_defaults(
        database=kept.get("database", "hub.db"),
        host=kept.get("host", "127.0.0.1"),
        port=int(kept.get("port", PORT)),
        certificate=kept.get("certificate"),
        key=kept.get("key"),
        workers=int(kept.get("workers", 1)),
        quota_gib=float(kept.get("quota_gib", 20)),
        stranger_rate=int(kept.get("stranger_rate", STRANGER_RATE)),
        founding_code=kept.get("founding_code", ""),
        trust_proxy=kept.get("trust_proxy"),
    )
    return parser.parse_args(argv)


def app() -> Starlette:
    """One worker's application, as the environment says. For uvicorn."""
    start_logging()
    asked = arguments([], os.environ)
    limits = Limits(
        quota_bytes=int(asked.quota_gib * GIB), stranger_rate=asked.stranger_rate, founding_code=asked.founding_code
    )
    return make_app(Hub(open_database(asked.database), limits, SystemClock()))


def start_logging() -> None:
    """Structured lines on standard output, for the hub and for the server under it."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)


def main(argv: Sequence[str] | None = None) -> int:
    """Start the hub; the exit status of the process."""
    asked = arguments(sys.argv[1:] if argv is None else argv, os.environ)
    is_postgres = asked.database.startswith(("postgresql://", "postgres://"))
    if asked.workers > 1 and not is_postgres:
        sys.stderr.write("Several workers need PostgreSQL: SQLite has one writer. Nothing was started.\n")
        return 2
    for name, value in vars(asked).items():  # the workers read it there, so that no secret stands in their arguments
        if value is not None:
            os.environ[PREFIX + name.upper()] = str(value)
    try:
        open_database(asked.database).close()
    except NewerSchema:
        sys.stderr.write("The database was written by a later version of the hub. Nothing was changed.\n")
        return 3
    start_logging()
    uvicorn.run(
        "advocate_desk.hub.server:app",
        factory=True,
        host=asked.host,
        port=asked.port,
        workers=asked.workers,
        ssl_certfile=asked.certificate,
        ssl_keyfile=asked.key,
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=asked.trust_proxy is not None,
        forwarded_allow_ips=asked.trust_proxy,
        timeout_keep_alive=75,
        limit_concurrency=500,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
