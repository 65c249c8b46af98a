"""What a caseload weighs in an organisation, sealed under its own key in a statement of the members' chain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from advocate_desk.sync import names

ABOUT = bytes(16)
"""Where the id of a person, team or device stands in what is sealed: rules are the organisation's."""


def seal_rules(rules: Mapping[str, Any], organisation: bytes, keys: Mapping[int, bytes]) -> bytes:
    """`rules`, a JSON object, under the newest of the organisation's keys."""
    return names.seal_value(msgspec.json.encode(rules), organisation, ABOUT, keys)


def open_rules(sealed: bytes, organisation: bytes, keys: Mapping[int, bytes]) -> dict[str, Any] | None:
    """The rules, or None where they cannot be read."""
    body = names.open_value(sealed, organisation, ABOUT, keys)
    try:
        # JSON, as they are kept: nothing comes of it that a store could not keep
        return msgspec.json.decode(body, type=dict[str, Any]) if body is not None else None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None
