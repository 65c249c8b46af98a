"""Errors of casework name nobody: not in their advice, not in their text, not in the log."""

from __future__ import annotations

import io
import logging
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest

from advocate_desk.casework.work import Work
from advocate_desk.errors import DeskError, Invalid
from advocate_desk.logs import PeopleFilter
from tests import planted
from tests.casework_calls import CALLS, Call, Standing
from tests.faults.failing_store import broken_rule, defect, disk_fault, failing_write

FAULTS = (broken_rule, defect, disk_fault)


class KeptLog:
    """A log as the program keeps it, as text, with the errors handed to it the way the desk's catch-all does."""

    def __init__(self) -> None:
        self._stream = io.StringIO()
        self._handler = logging.StreamHandler(self._stream)
        self._handler.addFilter(PeopleFilter())
        self._handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))

    def take(self, error: BaseException) -> str:
        """Log an error; what was written."""
        self._stream.seek(0)
        self._stream.truncate()
        raised = (type(error), error, error.__traceback__)
        said = "background work failed: %s"
        record = logging.getLogger("kept").makeRecord("kept", logging.ERROR, __file__, 1, said, (error,), raised)
        self._handler.handle(record)
        return self._stream.getvalue()


@pytest.fixture
def kept_log() -> KeptLog:
    return KeptLog()


def check_nameless(error: BaseException, kept_log: KeptLog) -> None:
    """Fail if an expected error shows a planted word, or the log holds one of any error."""
    if isinstance(error, DeskError):
        assert planted.traces(error.advice) == []
    if isinstance(error, Invalid):
        assert planted.traces(repr(error.problems)) == []
    assert planted.traces(kept_log.take(error)) == []


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_a_forced_error_names_nobody_anywhere(
    call: Call, work: Work, standing: Standing, kept_log: KeptLog, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for fault in FAULTS:
        for nth in (1, 2, 5):
            with failing_write(work.engine, nth, fault) as struck:
                try:
                    call.run(work, standing)
                except Exception as error:
                    check_nameless(error, kept_log)
                    quoted = "".join(traceback.format_exception(type(error), error, None))
                    assert planted.traces(quoted) == [], "an error quotes what was typed"
            if not struck.fired:
                break
    assert planted.traces(caplog.text) == []


def test_an_error_of_the_database_does_not_quote_the_row(work: Work, standing: Standing) -> None:
    call = next(each for each in CALLS if str(each) == "notes.write_note")
    with failing_write(work.engine, 1, broken_rule), pytest.raises(Exception, match="forced") as caught:
        call.run(work, standing)
    assert 'INSERT INTO "contact_note"' in str(caught.value)
    assert "hide_parameters" in str(caught.value)


# ------------------------------------------------------------------------- what is typed in the wrong place is not told

FAR = timedelta(days=36_500)


def spoiled(value: Any) -> Iterator[Any]:
    """The same arguments with one thing wrong at a time: planted text for a key, nothing for text, a far day."""
    if isinstance(value, str):
        yield from (planted.STORY, "", f"{value}\ud800")
    elif isinstance(value, date):
        yield from (value + FAR, value - FAR)
    elif is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            for wrong in spoiled(getattr(value, each.name)):
                yield replace(value, **{each.name: wrong})
    elif isinstance(value, tuple):
        for place, each in enumerate(value[:2]):
            for wrong in spoiled(each):
                yield (*value[:place], wrong, *value[place + 1 :])
    elif isinstance(value, Mapping):
        for key in list(value)[:2] + list(value)[-2:]:
            for wrong in spoiled(value[key]):
                yield {**value, key: wrong}


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_whatever_is_wrong_with_what_was_typed_the_words_do_not_repeat_it(
    call: Call, work: Work, standing: Standing, kept_log: KeptLog, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for given in spoiled(call.given(standing)):
        try:
            call.function(work, *given, **call.named(standing))
        except Exception as error:
            check_nameless(error, kept_log)
    assert planted.traces(caplog.text) == []
