"""The frame of the unlocked desk: rail, header, pages with back and forward, forms over them, find and notices.

It assembles and routes; it holds no rule and no query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from advocate_desk.casework.drafts import Draft
from advocate_desk.desk import theme
from advocate_desk.desk.dialogs.keys import ShortcutsDialog
from advocate_desk.desk.drafts import PLACE_KEY, file_of
from advocate_desk.desk.drafts_button import DraftsButton
from advocate_desk.desk.file_menu import FileMenu, grouped
from advocate_desk.desk.find import Command, FindPopup
from advocate_desk.desk.focus_order import bring_into_view, reading_order
from advocate_desk.desk.forms.host import FormHost
from advocate_desk.desk.office import Office
from advocate_desk.desk.page import place_of
from advocate_desk.desk.shortcuts import sequences, shortcut, with_keys
from advocate_desk.desk.slices import Slices
from advocate_desk.desk.team.indicator import ExchangeIndicator
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Toast, made_in
from advocate_desk.desk.widgets.buttons import DeskButton, button, icon_button
from advocate_desk.desk.widgets.labels import icon_label, text_label
from advocate_desk.desk.widgets.tables import SearchField
from advocate_desk.domain.identity import FileId
from advocate_desk.errors import DeskError

_MOST_FILES = 4  # client files kept as live pages; older ones are read again
_KEYED_SCREENS = 7  # pages of the rail that Ctrl and their number show
_NARROW = 1150  # pixels at 100% text: below, the rail shows icons only


@dataclass(frozen=True)
class ScreenKind:
    """One page of the rail."""

    key: str
    title: str
    icon: str
    factory: Callable[..., QWidget]  # (office), and of a class also its parent
    on_rail: bool = True  # else a command leads there
    may_join_rail: bool = False  # it comes onto the rail, in its place, once the desk is somebody's who needs it
    needs_room: bool = False  # no form stands beside it: those that are open are put aside, as drafts


@dataclass(frozen=True)
class CommandKind:
    """Something that find offers by name. `shortcut` names one of `shortcuts.py` that the desk then listens to.

    `menu_group`: the part of the File menu that it stands in, from 1; 0 for none.
    """

    title: str
    icon: str
    run: Callable[[Office], object]
    shortcut: str = ""
    menu_group: int = 0


FileFactory = Callable[..., QWidget]  # (office, file id, section), and of a class also its parent


@dataclass(frozen=True)
class _Stop:
    """One stop of the way back: a screen ("today"), or a client file ("file:<id>"), and the place on it."""

    key: str
    place: dict[str, Any]


class DeskPage(QWidget):
    """The whole desk while it is unlocked."""

    lock_asked = Signal()
    hide_asked = Signal()
    quit_asked = Signal()
    text_step_asked = Signal(int)  # +1 larger, -1 smaller
    ready = Signal()  # drafts are read and the place is restored

    def __init__(
        self,
        office: Office,
        screens: Sequence[ScreenKind],
        file_factory: FileFactory,
        commands: Sequence[CommandKind] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.office = office
        self._screens = {each.key: each for each in screens}
        self._keys_on_rail = {each.key for each in screens if each.on_rail}
        self._file_factory = file_factory
        self._command_kinds = tuple(commands)
        self._live: dict[str, QWidget] = {}
        self._trail: list[_Stop] = []
        self._at = -1
        self._rail_buttons: dict[str, QPushButton] = {}
        self._starting = Slices(self)
        self.setProperty("surface", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._lay_out()
        self._connect()

    # --- what the window asks ---

    def start(self, unwritten: Sequence[Draft] = (), trouble: str = "") -> None:
        """Show the first screen in the next turn; then bring back the place and the forms that were open.

        `unwritten` are drafts that an earlier lock could not write, because of `trouble`: they are newer than the
        store's.
        """
        self.office.drafts.hold(unwritten, trouble)
        self._starting.run(self._start(unwritten), at_once=False)

    def _start(self, unwritten: Sequence[Draft]) -> Iterator[None]:
        """The frame and the first screen together took 50 ms of one turn."""
        if self._at < 0:  # nobody has asked for another screen meanwhile
            self._go_to(_Stop(next(iter(self._screens)), {}))
        yield
        job = self.office.jobs.run(self, self.office.drafts.load)
        job.done.connect(lambda found: self._on_drafts(found, unwritten))
        job.refused.connect(lambda error: self._on_drafts_lost(unwritten, error))
        job.broken.connect(lambda: self._on_drafts_lost(unwritten))

    def place(self) -> dict[str, Any]:
        """Where in the desk the user is."""
        stop = self._trail[self._at] if self._at >= 0 else None
        if stop is None:
            return {}
        kept = {"half_typed": self.office.half_typed.place(), "whose": self.office.whose.place()}
        there = {key: value for key, value in kept.items() if value}
        return {"page": stop.key, "place": place_of(self._live.get(stop.key)), **there}

    def restore(self, place: dict[str, Any]) -> None:
        """Go back to where the user was, if this version of the desk has such a place."""
        self.office.half_typed.restore(place.get("half_typed"))
        self.office.whose.restore(place.get("whose"))
        key, inside = str(place.get("page", "")), place.get("place")
        is_file = key.startswith("file:") and file_of({"file_id": key.removeprefix("file:")}) is not None
        if key in self._screens or is_file:
            self._go_to(_Stop(key, dict(inside) if isinstance(inside, dict) else {}))

    def current_page(self) -> QWidget | None:
        """The screen or client file that is shown."""
        return self._stack.currentWidget() if self._at >= 0 else None

    def set_on_rail(self, key: str, is_on: bool) -> None:
        """Put a screen that may join the rail onto it, or take it off: whoever is at the desk has another role."""
        (self._keys_on_rail.add if is_on else self._keys_on_rail.discard)(key)
        self._rail_buttons[key].setVisible(is_on)
        self._number_rail()

    # --- ways ---

    def show_screen(self, key: str, place: dict[str, Any] | None = None) -> None:
        """Show a screen of the rail."""
        if key in self._screens:
            self._forms.make_way(for_all=self._screens[key].needs_room)
            self._go_to(_Stop(key, place or {}))

    def open_file(self, file_id: object, section: str = "") -> None:
        """Show a client file, at a section if one is named."""
        self._go_to(_Stop(f"file:{file_id}", {"section": section} if section else {}))

    def back(self) -> None:
        """The page before."""
        self._step(-1)

    def forward(self) -> None:
        """The page that one came back from."""
        self._step(1)

    def refresh(self) -> None:
        """Have the page read its data again."""
        reload = getattr(self.current_page(), "reload", None)
        if callable(reload):
            reload()

    def show_shortcuts(self) -> None:
        """The overlay of shortcuts."""
        ShortcutsDialog(self).open()

    # --- inside ---

    def _go_to(self, stop: _Stop) -> None:
        self._note_place()
        same = self._at >= 0 and self._trail[self._at].key == stop.key
        if same:
            self._trail[self._at] = stop
        else:
            del self._trail[self._at + 1 :]
            self._trail.append(stop)
            self._at += 1
        self._show(stop)
        go_to_start = getattr(self._live[stop.key], "go_to_start", None)
        if same and not stop.place and callable(go_to_start):  # asked for while it is shown
            go_to_start()

    def _step(self, step: int) -> None:
        if 0 <= self._at + step < len(self._trail):
            self._note_place()
            self._at += step
            self._show(self._trail[self._at])

    def _note_place(self) -> None:
        if self._at >= 0:
            stop = self._trail[self._at]
            self._trail[self._at] = _Stop(stop.key, place_of(self._live.get(stop.key)) or stop.place)

    def _show(self, stop: _Stop) -> None:
        page = self._page(stop)
        self._stack.setCurrentWidget(page)
        restore = getattr(page, "restore", None)
        if stop.place and callable(restore):
            restore(stop.place)
        for key, rail_button in self._rail_buttons.items():
            rail_button.setChecked(key == stop.key)
        self._back.setEnabled(self._at > 0)
        self._forward.setEnabled(self._at < len(self._trail) - 1)
        if self._forms.top() is None:
            getattr(page, "focus_first", page.setFocus)()
        self.office.drafts.touch()

    def _page(self, stop: _Stop) -> QWidget:
        page = self._live.get(stop.key)
        if page is None:
            if stop.key.startswith("file:"):
                file_id = FileId(UUID(stop.key.removeprefix("file:")))
                section = str(stop.place.get("section", ""))
                page = made_in(self._stack, self._file_factory, self.office, file_id, section)
            else:
                page = made_in(self._stack, self._screens[stop.key].factory, self.office)
                page.setAccessibleName(page.accessibleName() or self._screens[stop.key].title)
            self._live[stop.key] = page
            self._stack.addWidget(page)
            self._retire_files(stop.key)
        elif stop.key.startswith("file:"):
            self._live[stop.key] = self._live.pop(stop.key)  # the one used last, last
        return page

    def _retire_files(self, keep: str) -> None:
        files = [key for key in self._live if key.startswith("file:") and key != keep]
        for key in files[: max(0, len(files) - _MOST_FILES + 1)]:
            page = self._live.pop(key)
            self._stack.removeWidget(page)
            page.deleteLater()

    def _on_drafts(self, found: tuple[Draft, ...], unwritten: Sequence[Draft]) -> None:
        newer = {one.key: one for one in unwritten}
        merged = [newer.pop(one.key, one) for one in found] + list(newer.values())
        self.office.drafts.loaded(found)
        place = next((dict(one.payload) for one in merged if one.key == PLACE_KEY), {})
        if place:
            self.restore(place)
        self._forms.reopen(merged)
        self.office.drafts.watch(self._forms.snapshot, self.place)
        self.ready.emit()

    def _on_drafts_lost(self, unwritten: Sequence[Draft], error: DeskError | None = None) -> None:
        """The store's drafts cannot be read: go on with what an earlier lock left in memory, and keep what comes."""
        if error is None:
            self.office.messages.broken()
        else:
            self.office.messages.refused(error)
        self._on_drafts((), unwritten)

    def _commands(self) -> list[Command]:
        own = [self._command(each) for each in self._command_kinds]
        own += [
            self._lock_command(),
            Command(self.tr("Hide the screen"), "eye-off", self.hide_asked.emit, _keys("hide")),
            Command(self.tr("Keyboard shortcuts"), "keyboard", self.show_shortcuts, _keys("help")),
            Command(self.tr("Larger text"), "accessibility", lambda: self.text_step_asked.emit(1), _keys("larger")),
            Command(self.tr("Smaller text"), "accessibility", lambda: self.text_step_asked.emit(-1), _keys("smaller")),
        ]
        pages = [
            Command(
                each.title,
                each.icon,
                partial(self.show_screen, each.key),
                _keys(f"screen_{number}") if number <= _KEYED_SCREENS else "",
                "screen",
            )
            for number, each in enumerate(self._on_rail(), 1)
        ]
        return own + pages

    def _command(self, kind: CommandKind) -> Command:
        return Command(kind.title, kind.icon, partial(kind.run, self.office), _keys(kind.shortcut))

    def _lock_command(self) -> Command:
        return Command(self.tr("Lock the desk"), "lock", self.lock_asked.emit, _keys("lock"))

    def _menu_groups(self) -> list[list[Command]]:
        """What the File menu offers, in its groups."""
        leave = Command(self.tr("Close Advocate Desk"), "x", self.quit_asked.emit, _keys("quit"))
        own = grouped([(each.menu_group, self._command(each)) for each in self._command_kinds])
        return [*own, [self._lock_command(), leave]]

    def _on_covered(self, is_covered: bool) -> None:
        """Take the screen out of reach of Tab and of assistive technology while a form stands over all of it."""
        self._stack.setVisible(not is_covered)

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Tab goes on in reading order, past what a form in front hides: nobody would see where the focus is."""
        now = QApplication.focusWidget()
        if now is None or not now.isVisibleTo(self):  # it is on its way out: Qt looks where the focus can go
            return super().focusNextPrevChild(is_next)
        order = [each for each in reading_order(self) if not self._forms.covers(each)]
        if not order:
            return super().focusNextPrevChild(is_next)
        if now in order:
            step = 1 if is_next else -1
            goal = order[(order.index(now) + step) % len(order)]
        else:  # a page or a list's part, which Tab itself does not stop at
            inside = [each for each in order if now.isAncestorOf(each)] or order
            goal = inside[0] if is_next else order[order.index(inside[0]) - 1]
        goal.setFocus(Qt.FocusReason.TabFocusReason if is_next else Qt.FocusReason.BacktabFocusReason)
        bring_into_view(goal)
        return True

    def _connect(self) -> None:
        office = self.office
        office.file_asked.connect(self.open_file)
        office.screen_asked.connect(self.show_screen)
        office.messages.noticed.connect(self._toast.say)
        office.exchanging.connect(self.exchange.follow)
        ways: dict[str, Callable[[], object]] = {
            "find": self._find.open,
            "lock": self.lock_asked.emit,
            "hide": self.hide_asked.emit,
            "help": self.show_shortcuts,
            "back": self.back,
            "forward": self.forward,
            "refresh": self.refresh,
            "drafts": self._drafts_button.showMenu,
            "file_menu": self.file_menu.open_menu,
            "larger": lambda: self.text_step_asked.emit(1),
            "smaller": lambda: self.text_step_asked.emit(-1),
            "quit": self.quit_asked.emit,
        }
        for number in range(1, _KEYED_SCREENS + 1):
            ways[f"screen_{number}"] = partial(self._show_numbered, number)
        for each in self._command_kinds:
            if each.shortcut:
                ways[each.shortcut] = partial(each.run, office)
        for name, run in ways.items():
            for keys in sequences(name):
                QShortcut(keys, self, run)

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._rail = self._make_rail()
        layout.addWidget(self._rail)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._make_header())
        self._content = QWidget()
        inside = QVBoxLayout(self._content)
        inside.setContentsMargins(0, 0, 0, 0)
        self._stack = QStackedWidget()
        inside.addWidget(self._stack)
        right.addWidget(self._content, 1)
        layout.addLayout(right, 1)
        self._forms = FormHost(self.office, self._content)
        self._forms.covers_changed.connect(self._on_covered)
        self.find_popup = self._find = FindPopup(self.office, self._line, self._commands, self)
        self._toast = Toast(self)

    @property
    def forms(self) -> FormHost:
        """The host of the open forms."""
        return self._forms

    def _make_rail(self) -> QFrame:
        rail = QFrame()
        rail.setProperty("box", "rail")
        layout = QVBoxLayout(rail)
        layout.setContentsMargins(px(12), px(16), px(12), px(16))
        layout.setSpacing(px(4))
        brand = QHBoxLayout()
        brand.setContentsMargins(px(8), 0, 0, px(16))
        brand.setSpacing(px(10))
        brand.addWidget(icon_label("heart-handshake", 24, "rail_text"))
        self._brand = text_label("Advocate Desk", "heading")
        brand.addWidget(self._brand, 1)
        layout.addLayout(brand)
        for each in self._screens.values():
            if not (each.on_rail or each.may_join_rail):
                continue
            rail_button = DeskButton(each.title)
            rail_button.setProperty("role", "rail")
            rail_button.setCheckable(True)
            rail_button.setAutoExclusive(False)
            rail_button.setAutoDefault(False)
            rail_button.setIcon(theme.icon(each.icon, "rail_text", "rail_on_text", before_words=True))
            rail_button.setIconSize(theme.worded_icon_size(19))
            rail_button.setAccessibleName(each.title)
            rail_button.clicked.connect(lambda _checked=False, key=each.key: self.show_screen(key))
            rail_button.setCursor(Qt.CursorShape.PointingHandCursor)
            self._rail_buttons[each.key] = rail_button
            layout.addWidget(rail_button)
            if not each.on_rail:
                rail_button.hide()
        layout.addStretch(1)
        self._number_rail()
        return rail

    def _on_rail(self) -> list[ScreenKind]:
        """The screens of the rail, from its top."""
        return [each for each in self._screens.values() if each.key in self._keys_on_rail]

    def _number_rail(self) -> None:
        for number, each in enumerate(self._on_rail(), 1):
            tip = with_keys(each.title, f"screen_{number}") if number <= _KEYED_SCREENS else each.title
            self._rail_buttons[each.key].setToolTip(tip)

    def _show_numbered(self, number: int) -> None:
        screens = self._on_rail()
        if number <= len(screens):
            self.show_screen(screens[number - 1].key)

    def _make_header(self) -> QFrame:
        header = QFrame()
        header.setProperty("box", "header")
        layout = QHBoxLayout(header)
        layout.setContentsMargins(px(12), px(8), px(16), px(8))
        layout.setSpacing(px(4))
        self._back = icon_button("arrow-left", with_keys(self.tr("Back"), "back"), self.back)
        self._forward = icon_button("arrow-right", with_keys(self.tr("Forward"), "forward"), self.forward)
        self.file_menu = FileMenu(self._menu_groups)
        layout.addWidget(self.file_menu)
        layout.addSpacing(px(4))
        layout.addWidget(self._back)
        layout.addWidget(self._forward)
        layout.addSpacing(px(8))
        hint = self.tr("Find a person, a reference, a note…   {0}").format(shortcut("find").shown())
        self._line = SearchField(self.tr("Find"), hint)
        self._line.setMaximumWidth(px(480))
        self._line.setMinimumWidth(px(180))
        layout.addWidget(self._line, 5)
        layout.addStretch(1)
        self._drafts_button = DraftsButton(self.office)
        layout.addWidget(self._drafts_button)
        layout.addSpacing(px(8))
        self.exchange = ExchangeIndicator(self.office)
        layout.addWidget(self.exchange)
        layout.addSpacing(px(12))
        hide = icon_button("eye-off", with_keys(self.tr("Hide the screen"), "hide"), self.hide_asked.emit)
        layout.addWidget(hide)
        lock = button(self.tr("Lock"), "", "lock", self.lock_asked.emit, with_keys(self.tr("Lock the desk"), "lock"))
        layout.addWidget(lock)
        self._drafts_button.refresh()
        return header

    def resizeEvent(self, event: object) -> None:
        """The rail shows icons only, and the header drops words, where there is no room."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        narrow = self.width() < px(_NARROW)
        self._brand.setVisible(not narrow)
        self.exchange.set_narrow(narrow)
        for key, rail_button in self._rail_buttons.items():
            rail_button.setText("" if narrow else self._screens[key].title)
        self._rail.setFixedWidth(px(64) if narrow else px(200))


def _keys(name: str) -> str:
    return shortcut(name).shown() if name else ""
