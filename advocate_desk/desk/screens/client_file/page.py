"""The page of one client file: the permanent banner over a rail of sections and the section that is shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from advocate_desk.desk import theme
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.client_file.banner import FileBanner
from advocate_desk.desk.screens.client_file.presenter import FilePresenter
from advocate_desk.desk.screens.client_file.sections import SECTIONS, SectionKind
from advocate_desk.desk.shortcuts import sequences, with_keys
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Banner, scrolled
from advocate_desk.desk.widgets.buttons import DeskButton
from advocate_desk.desk.widgets.conflict_flag import FileConflicts
from advocate_desk.domain.identity import FileId

_WIDE_RAIL = 184  # pixels at 100% text
_NARROW_RAIL = 60
_NARROW = 900  # of the page: below, the rail shows icons only


class ClientFilePage(QWidget):
    """A client file. Sections are made when they are first shown, and read again whenever they are."""

    form_asked = Signal(str)

    def __init__(self, office: Office, file_id: FileId, section: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.office, self.file_id = office, file_id
        self._live: dict[str, QWidget] = {}
        self._places: dict[str, dict[str, Any]] = {}
        self._links: dict[str, QPushButton] = {}
        self._key = ""
        self.setProperty("surface", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.banner = FileBanner(office, self)
        self.trouble = Banner()
        self._stack = QStackedWidget()
        self._lay_out()
        self._bind_keys()
        self.banner.asked.connect(self.form_asked)
        self.presenter = FilePresenter(self, office, file_id)
        self.presenter.reload()
        self.show_section(section or SECTIONS[0].key)

    # --- the desk asks ---

    def place(self) -> dict[str, Any]:
        """The section, where one is in each, and whether numbers are covered."""
        places = {**self._places, **{key: self._place_of(made) for key, made in self._live.items()}}
        return {"section": self._key, "sections": places, "covered": self.banner.is_private_covered}

    def restore(self, place: dict[str, Any]) -> None:
        """Go back there."""
        self._places.update(place.get("sections") or {})
        if "covered" in place:
            self.banner.cover_private(bool(place["covered"]))
        for key, inner in (place.get("sections") or {}).items():
            if key in self._live:
                self._live[key].restore(inner)  # type: ignore[attr-defined]
        if place.get("section"):
            self.show_section(str(place["section"]))

    def reload(self) -> None:
        """Read the banner and the section again."""
        self.presenter.reload()
        self._reload(self._key)

    def focus_first(self) -> None:
        """Go to the rail, at the section that is shown."""
        link = self._links.get(self._key)
        if link is not None:
            link.setFocus()

    # --- sections ---

    def section_key(self) -> str:
        """The section that is shown."""
        return self._key

    def section(self) -> QWidget | None:
        """The widget of the section that is shown."""
        return self._live.get(self._key)

    def show_section(self, key: str) -> None:
        """Show a section, freshly read; an unknown one changes nothing."""
        kind = next((each for each in SECTIONS if each.key == key), None)
        if kind is None:
            if self._key:
                return
            kind = SECTIONS[0]
        self._key = kind.key
        self._stack.setCurrentWidget(self._made(kind))
        for own, link in self._links.items():
            link.setChecked(own == kind.key)
        self._reload(kind.key)
        self.office.drafts.touch()

    def step_section(self, step: int) -> None:
        """The next section, or the one before."""
        keys = [each.key for each in SECTIONS]
        self.show_section(keys[(keys.index(self._key) + step) % len(keys)])

    def on_changed(self, kinds: frozenset[str]) -> None:
        """Records of these kinds changed in this file: the section in sight is read again if it shows them."""
        shown = self._live.get(self._key)
        if shown is not None and kinds & shown.kinds:  # type: ignore[attr-defined]
            self._reload(self._key)

    # --- inside ---

    def _made(self, kind: SectionKind) -> QWidget:
        made = self._live.get(kind.key)
        if made is None:
            made = self._live[kind.key] = kind.factory(self.office, self.file_id)
            wanted = getattr(made, "section_asked", None)
            if wanted is not None:
                wanted.connect(self.show_section)
            if kind.key in self._places:
                made.restore(self._places[kind.key])  # type: ignore[attr-defined]
            self._stack.addWidget(made)
        return made

    def _reload(self, key: str) -> None:
        shown = self._live.get(key)
        if shown is not None:
            shown.reload()  # type: ignore[attr-defined]

    def _place_of(self, made: QWidget) -> dict[str, Any]:
        return dict(made.place())  # type: ignore[attr-defined]

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.banner)
        holder = QVBoxLayout()
        holder.setContentsMargins(px(24), px(8), px(24), 0)
        holder.addWidget(FileConflicts(self, self.office, self.file_id))
        holder.addWidget(self.trouble)
        layout.addLayout(holder)
        below = QHBoxLayout()
        below.setSpacing(0)
        below.addWidget(self._make_rail())
        below.addWidget(self._stack, 1)
        layout.addLayout(below, 1)

    def _make_rail(self) -> QWidget:
        panel = QFrame()
        self._rail = scrolled(panel)  # while it is empty: see `made_in`
        self._rail.setParent(self)
        panel.setProperty("surface", "canvas")
        column = QVBoxLayout(panel)
        column.setContentsMargins(px(12), px(14), px(4), px(12))
        column.setSpacing(px(2))
        for number, kind in enumerate(SECTIONS, 1):
            link = DeskButton(kind.words())
            link.setProperty("role", "section")
            link.setCheckable(True)
            link.setAutoDefault(False)
            link.setIcon(theme.icon(kind.icon, "muted", "accent_text"))
            link.setIconSize(theme.icon_size(17))
            link.setAccessibleName(kind.words())
            link.setToolTip(with_keys(kind.words(), f"section_{number}"))
            link.clicked.connect(partial(self._on_link, kind.key))
            self._links[kind.key] = link
            column.addWidget(link)
        column.addStretch(1)
        self._rail.setFixedWidth(px(_WIDE_RAIL))
        return self._rail

    def _on_link(self, key: str, _checked: bool = False) -> None:
        self.show_section(key)

    def _go_by_key(self, step: int, key: str = "") -> None:
        """Show a section, and have the keyboard there too."""
        if key:
            self.show_section(key)
        else:
            self.step_section(step)
        self.focus_first()

    def _bind_keys(self) -> None:
        ways: dict[str, Callable[[], object]] = {
            "new_note": partial(self.form_asked.emit, "note"),
            "new_attempt": partial(self.form_asked.emit, "attempt"),
            "new_task": partial(self.form_asked.emit, "task"),
            "show_number": self.banner.turn_number,
            "next_section": partial(self._go_by_key, 1),
            "last_section": partial(self._go_by_key, -1),
        }
        for number, kind in enumerate(SECTIONS, 1):
            ways[f"section_{number}"] = partial(self._go_by_key, 0, kind.key)
        for name, run in ways.items():
            for keys in sequences(name):
                QShortcut(keys, self, run)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The rail gives way where the page is narrow or the text large."""
        super().resizeEvent(event)
        is_narrow = self.width() < px(_NARROW)
        self._rail.setFixedWidth(px(_NARROW_RAIL if is_narrow else _WIDE_RAIL))
        bars = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if is_narrow else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self._rail.setVerticalScrollBarPolicy(bars)
        for kind in SECTIONS:
            self._links[kind.key].setText("" if is_narrow else kind.words())
