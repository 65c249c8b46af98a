"""Finds text and bytes that this process can still reach: through Python's objects, and in what Qt's objects show.

Objects that the tests themselves hold are left out by identity; what the program made of them is not.
"""

from __future__ import annotations

import gc
import logging
import sys
import types
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt
from PySide6.QtGui import QAction, QGuiApplication, QTextDocument
from PySide6.QtWidgets import QApplication, QGraphicsItem, QWidget

_OWN = ("tests", "_pytest", "pytest")
_SHOWN = (
    "text",
    "toPlainText",
    "windowTitle",
    "title",
    "accessibleName",
    "accessibleDescription",
    "toolTip",
    "statusTip",
    "whatsThis",
    "placeholderText",
    "currentText",
    "objectName",
)
_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.EditRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
)
_MOST_ROWS = 200
_AT_ONCE = 2000
Text = str | bytes | bytearray


def own_objects() -> set[int]:
    """The ids of what the modules of the tests hold: the planted words themselves."""
    seen: set[int] = set()
    modules = [each for name, each in list(sys.modules.items()) if name.partition(".")[0] in _OWN or name == "__main__"]
    waiting: deque[Any] = deque(vars(each) for each in modules)
    while waiting:
        one = waiting.popleft()
        if id(one) in seen or _is_of_program(one) or isinstance(one, logging.Logger | QObject):
            continue
        seen.add(id(one))
        if isinstance(one, types.FunctionType | types.MethodType):
            waiting.append(one.__code__)
        waiting.extend(_inside(one))
    return seen


def _is_of_program(one: Any) -> bool:
    if isinstance(one, types.ModuleType):
        return one.__name__.partition(".")[0] not in _OWN
    named = getattr(one, "__module__", "") if isinstance(one, type | types.FunctionType) else ""
    return bool(named) and str(named).partition(".")[0] not in (*_OWN, "__main__")


def _inside(one: Any) -> Iterable[Any]:
    if isinstance(one, types.CodeType):
        return one.co_consts
    return gc.get_referents(one)


def reachable(skip: set[int]) -> Iterator[tuple[list[Text], list[Any]]]:
    """Every text and every bytes that Python's objects reach: some at a time, with the objects that hold them."""
    gc.unfreeze()  # what the program read at its start, it keeps out of the collector's sight
    gc.unfreeze()  # the program leaves what it began with out of its collections
    gc.collect()
    extra: list[Any] = [getattr(sys, name, None) for name in ("last_exc", "last_value", "last_traceback")]
    extra += [sys.modules, logging.root.__dict__, *sys._current_frames().values()]
    seen = {id(skip), id(extra), id(sys._getframe()), id(sys._getframe(1))} | skip
    waiting = list(_unseen([*gc.get_objects(), *extra], seen))
    while waiting:
        some = waiting[-_AT_ONCE:]
        del waiting[-_AT_ONCE:]
        texts: list[Text] = []
        for inner in _unseen(gc.get_referents(*some), seen):
            if isinstance(inner, str | bytes | bytearray | memoryview):
                texts.append(bytes(inner) if isinstance(inner, memoryview) else inner)
            else:
                waiting.append(inner)
        yield texts, some


def _unseen(found: list[Any], seen: set[int]) -> Iterator[Any]:
    """Each of the objects once, if it was not among those seen. Code is left out: it holds nothing that was typed."""
    by_id = {id(each): each for each in found}
    new = by_id.keys() - seen
    seen |= new
    return (by_id[each] for each in new if type(by_id[each]) is not types.CodeType)


def holder(text: Text, some: list[Any]) -> Any:
    """Which of the objects holds the text."""
    return next((one for one in some if any(each is text for each in gc.get_referents(one))), None)


def shown() -> Iterator[tuple[str, str]]:
    """Every text that a widget, an action, a document, a model or the clipboard holds, and where."""
    clipboard = QGuiApplication.clipboard()
    for mode in (clipboard.Mode.Clipboard, clipboard.Mode.Selection):
        yield clipboard.text(mode), f"clipboard {mode}"
    application = QApplication.instance()
    roots: list[QObject] = [*QApplication.allWidgets(), *QGuiApplication.allWindows()]
    if application is not None:
        roots.append(application)
    seen: set[int] = set()
    for root in roots:
        for each in (root, *root.findChildren(QObject)):
            if id(each) not in seen:
                seen.add(id(each))
                yield from _texts_of(each)


def _texts_of(one: QObject) -> Iterator[tuple[str, str]]:
    kind = type(one).__name__
    if isinstance(one, QWidget | QAction | QTextDocument):
        for name in _SHOWN:
            method: Callable[[], object] | None = getattr(one, name, None)
            if callable(method):
                try:
                    yield str(method()), f"{kind}.{name}"
                except TypeError:
                    continue  # a method of that name that asks for something
    for given in one.dynamicPropertyNames():
        try:
            value = one.property(bytes(given.data()).decode())
        except RuntimeError:
            continue  # a value of Qt's own that Python has no type for: no text
        if isinstance(value, str):
            yield value, f"{kind} property"
    if isinstance(one, QAbstractItemModel) and not isinstance(one, QGraphicsItem):
        for row in range(min(one.rowCount(), _MOST_ROWS)):
            for column in range(one.columnCount()):
                for role in _ROLES:
                    yield str(one.data(one.index(row, column, QModelIndex()), role)), f"{kind} row"


def holders(one: Any, skip: set[int], most: int = 4) -> list[str]:
    """The way from an object outwards, by type: where a text that was found hangs."""
    way: list[str] = []
    for _ in range(most):
        name = getattr(one, "__qualname__", "") or getattr(one, "__name__", "")
        way.append(f"{type(one).__module__}.{type(one).__qualname__} {name}".strip())
        above = [
            each
            for each in gc.get_referrers(one)
            if not isinstance(each, types.FrameType) and id(each) not in skip and type(each) is not deque
        ]
        if not above:
            break
        one = above[0]
    return way
