"""Asks the hub of this machine whether it is ready: exit status 0, or 1. For a container's health check."""

from __future__ import annotations

import contextlib
import http.client
import os
import ssl
import sys

from advocate_desk.hub import options
from advocate_desk.hub.options import BadOption, Options


def is_ready(chosen: Options) -> bool:
    """Whether the hub with these settings answers that it is ready."""
    line = http.client.HTTPConnection("127.0.0.1", chosen.port, timeout=8)
    if chosen.certificate:
        trust = ssl._create_unverified_context()  # noqa: S323 - itself, on loopback: the certificate names another host
        line = http.client.HTTPSConnection("127.0.0.1", chosen.port, timeout=8, context=trust)
    with contextlib.closing(line):
        try:
            line.request("GET", "/health")
            return line.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False


if __name__ == "__main__":
    try:
        sys.exit(0 if is_ready(options.read([], os.environ)) else 1)
    except BadOption as error:
        sys.exit(f"{error}.")
