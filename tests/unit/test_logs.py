"""The log names no person: not through an exception's text, not through an argument."""

from __future__ import annotations

import io
import logging

from advocate_desk.logs import PeopleFilter


def test_an_exception_is_logged_without_its_text() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(PeopleFilter())
    quiet = logging.Logger("a test")  # noqa: LOG001 - one that no other handler hears
    quiet.addHandler(handler)
    try:
        try:
            raise KeyError("Testina Sampleby")
        except KeyError as cause:
            raise ValueError("12 Nowhere Street") from cause
    except ValueError as error:
        quiet.exception("background work failed: %s", error)
    written = stream.getvalue()
    assert "ValueError" in written
    assert "KeyError" in written
    assert "test_logs.py" in written
    assert "Testina" not in written
    assert "Nowhere" not in written
