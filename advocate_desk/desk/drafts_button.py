"""The button of the header that counts the forms left half done, and its list, from which each goes on."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from advocate_desk.casework.drafts import Draft
from advocate_desk.clock import in_london
from advocate_desk.desk import theme
from advocate_desk.desk.forms.values import day_words
from advocate_desk.desk.office import Office
from advocate_desk.desk.shortcuts import with_keys


class DraftsButton(QToolButton):
    """Hidden while nothing was left. What the disk refused is held in this window alone, and is said to be."""

    def __init__(self, office: Office, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._office = office
        self._has_unkept = False
        self.setProperty("role", "quiet")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setIconSize(theme.worded_icon_size(17))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._list = QMenu(self)
        self.setMenu(self._list)
        self.hide()
        office.drafts.listed.connect(self.refresh)
        office.drafts.failed.connect(self.refresh)
        office.drafts.kept.connect(self._on_kept)

    @Slot()
    def refresh(self) -> None:
        """Count them again."""
        drafts = self._office.drafts
        left = drafts.aside()
        unkept = {one.key for one in left if not drafts.is_kept(one)}
        self._has_unkept = bool(unkept)
        words = self.tr("1 draft") if len(left) == 1 else self.tr("{0} drafts").format(len(left))
        if unkept:
            words = self.tr("{0} · not kept").format(words)
        self.setText(words)
        self.setAccessibleName(words)
        colour = theme.look().tone("danger") if unkept else "muted"
        self.setIcon(theme.icon("file-pen-line", colour, before_words=True))
        tip = self.tr("The disk refused what is not kept. It is held in this window and tried again.")
        usual = self.tr("Forms that were left half done")
        self.setToolTip(with_keys(tip if unkept else usual, "drafts"))
        self._list.clear()
        for one in left:
            title = str(one.payload.get("title") or one.form).replace("&", "&&")
            saved = in_london(one.saved_at)
            when = self.tr("not kept") if one.key in unkept else f"{day_words(saved.date())} {saved:%H:%M}"
            action = QAction(f"{title}   {when}", self._list)
            action.triggered.connect(partial(self._continue, one))
            self._list.addAction(action)
        self.setVisible(bool(left))

    @Slot()
    def _on_kept(self) -> None:
        """Each write ends here: the list is made anew only where it says that something was not kept."""
        if self._has_unkept:
            self.refresh()

    def _continue(self, draft: Draft, _is_checked: bool = False) -> None:
        self._office.reopen_form(draft.form, dict(draft.params), dict(draft.payload))
