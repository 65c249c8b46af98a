"""What the hub says of itself: one JSON object a line, of fields that are named here.

A line tells the operator that something happened, on which route, how it ended, how large it was and how long it took.
It never holds an identifier, an address or a byte of a message, whatever a library puts into its own records.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

FIELDS = ("route", "status", "code", "milliseconds", "received_bytes", "sent_bytes", "workers", "is_address_checked")

_ARGUMENTS = re.compile(r"[\s:]*[\[(]?%.*", re.DOTALL)
"""From the first argument of a message on: what a library would put in there is not ours to write."""


class JsonLines(logging.Formatter):
    """A record as a line: its fixed words, our fields, and for a fault its kind and place in the code."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line. Arguments of a message, and the message of a fault, are left out."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"at": moment, "level": record.levelname.lower(), "event": _ARGUMENTS.sub("", str(record.msg))}
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[0]:
            line |= {"fault": record.exc_info[0].__name__, "place": _place(record.exc_info[2])}
        return json.dumps(line)


def _place(trace: TracebackType | None) -> str:
    """The files and lines that a fault came through, innermost last."""
    steps = traceback.extract_tb(trace)[-4:]
    return " > ".join(f"{Path(step.filename).name}:{step.lineno}" for step in steps)


def start() -> None:
    """Lines on standard output, for the hub and for the server under it."""
    logging.raiseExceptions = False  # a line that cannot be written would be told whole, its arguments with it
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    logging.getLogger("psycopg.pool").setLevel(logging.WARNING)
