"""`advocate-desk-hub`: starts the hub, from arguments or from the environment. See packaging/HUB.md."""

from __future__ import annotations

import logging
import os
import socket
import sys
import tempfile
from collections.abc import Sequence

import uvicorn
from starlette.applications import Starlette
from uvicorn.supervisors import Multiprocess

from advocate_desk.clock import SystemClock
from advocate_desk.hub import logs, options
from advocate_desk.hub.database import DatabaseAway, DatabaseForbids, open_database
from advocate_desk.hub.options import BadOption, Options
from advocate_desk.hub.schema import NewerSchema

MOST_CONNECTIONS = 4_000
"""Of one worker at once, the idle ones of desks between two exchanges included."""
STOP_S = 20
"""How long a request that was begun has to end when the hub is told to stop."""
FIGURES = "PROMETHEUS_MULTIPROC_DIR"

_NOT_OWNER = (
    "Nothing was started: the hub's user may not write in the database. Let it own the database (ALTER DATABASE hub "
    "OWNER TO hub) or the file (chown)."
)

log = logging.getLogger("advocate_desk.hub")


def app() -> Starlette:
    """One worker's application, as the environment says. For uvicorn."""
    # Imported here, because prometheus-client reads on import where the figures are kept.
    from advocate_desk.hub.app import Hub, make_app  # noqa: PLC0415

    logs.start()
    chosen = options.read([], os.environ)
    return make_app(Hub(open_database(chosen.database), chosen.limits, SystemClock(), chosen.addresses))


def main(argv: Sequence[str] | None = None) -> int:
    """Start the hub; the exit status of the process: 2 for wrong settings, 3 and 4 for a database that will not do."""
    os.umask(0o077)
    logs.start()
    try:
        chosen = options.read(sys.argv[1:] if argv is None else argv, os.environ)
        open_database(chosen.database).close()  # its schema is brought up to date once, before the workers begin
    except BadOption as error:
        return _refuse(2, f"Nothing was started: {error}.")
    except NewerSchema:
        return _refuse(3, "Nothing was changed: the database was written by a later version of the hub.")
    except DatabaseAway:
        return _refuse(4, "Nothing was started: the database does not answer.")
    except DatabaseForbids:
        return _refuse(4, _NOT_OWNER)
    os.environ.update(chosen.variables)  # the workers read it there, so that no secret stands in their arguments
    with tempfile.TemporaryDirectory(prefix="advocate-hub-") as folder:
        if chosen.metrics:
            os.environ[FIGURES] = folder
            from advocate_desk.hub import metrics  # noqa: PLC0415 - after the variable that it reads on import

            try:
                metrics.serve(*chosen.metrics_at, folder)
            except OSError:
                return _refuse(2, "Nothing was started: the address for the figures cannot be listened on.")
        log.info("starting", extra={"workers": chosen.workers, "is_address_checked": bool(chosen.addresses)})
        try:
            _serve(chosen)
        except OSError:
            return _refuse(2, "Nothing was started: the address cannot be listened on. Does another program have it?")
    return 0


def _refuse(status: int, sentence: str) -> int:
    sys.stderr.write(sentence + "\n")
    return status


def _serve(chosen: Options) -> None:
    """Serve until told to stop. A worker that dies is replaced. Raises OSError for an address that is not to be had."""
    config = uvicorn.Config(
        "advocate_desk.hub.server:app",
        factory=True,
        host=chosen.host,
        port=chosen.port,
        workers=chosen.workers,
        ssl_certfile=chosen.certificate or None,
        ssl_keyfile=chosen.key or None,
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=bool(chosen.trust_proxy),
        forwarded_allow_ips=chosen.trust_proxy or None,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=STOP_S,
        limit_concurrency=MOST_CONNECTIONS,
    )
    with _listening(chosen.host, chosen.port) as line:
        if chosen.workers == 1:
            uvicorn.Server(config).run([line])
        else:
            Multiprocess(config, [line]).run()


def _listening(host: str, port: int) -> socket.socket:
    """A socket bound to an address, which says that it is TCP.

    One that leaves its protocol open, as uvicorn's own does, has Nagle's delay on each connection: 40 ms an answer.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=socket.AI_PASSIVE)
    family, kind, protocol, _, address = found[0]
    line = socket.socket(family, kind, protocol)
    try:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        line.bind(address)
    except OSError:
        line.close()
        raise
    line.set_inheritable(True)
    return line


if __name__ == "__main__":
    sys.exit(main())
