"""Qt's own warnings go to the log, without what they quote: a name in quotes may be a file that somebody named.

Qt writes them to the standard error stream otherwise, where a desktop may keep them for weeks.
"""

from __future__ import annotations

import logging
import re

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

log = logging.getLogger("qt")

_QUOTED = re.compile(r"\"[^\"]*\"?|'[^']*'?|“[^”]*”?|(?<![\w:/])/.*|\b[A-Za-z]:[\\/].*|\d{3,}")
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def take_over() -> None:
    """From here on what Qt says is logged."""
    qInstallMessageHandler(_on_message)


def without_quotes(text: str) -> str:
    """The first line of a message of Qt, without what stands in quotes, long numbers, and all from a path on."""
    return _QUOTED.sub("…", text.partition("\n")[0])


def _on_message(kind: QtMsgType, _where: QMessageLogContext, text: str) -> None:
    log.log(_LEVELS.get(kind, logging.WARNING), "%s", without_quotes(text))
