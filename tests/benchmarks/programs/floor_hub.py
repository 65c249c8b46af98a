"""The least that a server of records does: it copies what is posted into PostgreSQL, and gives it back in order.

    python floor_hub.py URL PORT

No organisations, no rights, no revisions, no history: what our hub costs is told beside this.
"""

from __future__ import annotations

import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

import msgspec
import psycopg

PAGE = 1_000


class Handler(BaseHTTPRequestHandler):
    """Answers on one kept connection after the other."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet
    disable_nagle_algorithm = True
    connection_to_database: psycopg.Connection[tuple[object, ...]]

    def do_GET(self) -> None:
        """Say that it is ready."""
        self._answer(b"ready")

    def do_POST(self) -> None:
        """Take records, or give a page of them."""
        said = msgspec.msgpack.decode(self.rfile.read(int(self.headers["Content-Length"])))
        with self.connection_to_database.transaction(), self.connection_to_database.cursor() as cursor:
            if self.path == "/push":
                with cursor.copy("COPY record (item, envelope) FROM STDIN (FORMAT BINARY)") as copy:
                    copy.set_types(["bytea", "bytea"])
                    for row in said:
                        copy.write_row(row)
                answer = b""
            else:
                cursor.execute(
                    "SELECT sequence, item, envelope FROM record WHERE sequence > %s ORDER BY sequence LIMIT %s",
                    (said, PAGE),
                    binary=True,
                )
                answer = msgspec.msgpack.encode(cursor.fetchall())
        self._answer(answer)

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Write nothing."""


def main(url: str, port: str) -> None:
    """Serve until it is killed."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE record (sequence BIGSERIAL PRIMARY KEY, item BYTEA, envelope BYTEA)")
        Handler.connection_to_database = connection
        HTTPServer(("127.0.0.1", int(port)), Handler).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
