"""The log: what happened, never to whom. Ids and kinds are logged; values, names and paths of people's files are not.

An exception's text may quote what somebody typed (a database error quotes its parameters), so only its class and the
places in the code that it passed are written.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

from advocate_desk.errors import DeskError

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_MOST_BYTES = 256_000

log = logging.getLogger(__name__)


class PeopleFilter(logging.Filter):
    """Takes the text out of exceptions, and the arguments that are exceptions themselves."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, without what people typed."""
        if isinstance(record.args, tuple):
            record.args = tuple(_nameless(each) for each in record.args)
        if isinstance(record.msg, BaseException):
            record.msg = _nameless(record.msg)
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = places(record.exc_info[1])
        return True


def places(error: BaseException) -> str:
    """An exception and its causes: classes and places in the code, without their text."""
    lines: list[str] = []
    seen: BaseException | None = error
    while seen is not None:
        lines.append(f"{type(seen).__module__}.{type(seen).__qualname__}")
        lines += [f"  {Path(f.filename).name}:{f.lineno} {f.name}" for f in traceback.extract_tb(seen.__traceback__)]
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
        if seen is not None:
            lines.append("after")
    return "\n".join(lines)


def _nameless(value: object) -> object:
    return type(value).__qualname__ if isinstance(value, BaseException) else value


def start(path: Path | None, level: int = logging.INFO) -> None:
    """Send the log to the standard error stream and, when given, to the file `path`, kept small."""
    handlers: list[logging.Handler] = []
    if sys.stderr is not None:
        handlers.append(logging.StreamHandler(sys.stderr))
    if path is not None:
        from logging.handlers import RotatingFileHandler  # noqa: PLC0415 - it imports sockets and pickle

        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handlers.append(RotatingFileHandler(path, maxBytes=_MOST_BYTES, backupCount=1, encoding="utf-8", delay=True))
    root = logging.getLogger()
    root.setLevel(level)
    for library in ("alembic", "pikepdf"):  # they tell of every step that goes well
        logging.getLogger(library).setLevel(logging.WARNING)
    for handler in handlers:
        handler.addFilter(PeopleFilter())
        handler.setFormatter(logging.Formatter(_FORMAT))
        root.addHandler(handler)
    sys.excepthook = _uncaught
    threading.excepthook = lambda raised: _uncaught(raised.exc_type, raised.exc_value, raised.exc_traceback)
    sys.unraisablehook = lambda raised: _uncaught(raised.exc_type, raised.exc_value, raised.exc_traceback)


def _uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> Any:  # noqa: ANN401
    """What Python itself would print with the error's text: from the main thread, another, or an object's end."""
    if error is None or issubclass(kind, SystemExit):
        return
    if isinstance(error, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    elif not isinstance(error, DeskError):
        log.critical("uncaught", exc_info=(kind, error, trace))
    for name in ("last_exc", "last_type", "last_value", "last_traceback"):  # they keep every frame, and what it held
        if hasattr(sys, name):
            delattr(sys, name)
