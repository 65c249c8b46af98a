"""What a locked desk asks for without the passphrase: the recovery code, and then a new passphrase.

Made when somebody asks for them, which is seldom: the page that everybody sees is painted without.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from advocate_desk.desk import theme
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.screens.unlock.new_passphrase import NewPassphrase
from advocate_desk.desk.screens.unlock.pages import Page
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.vault.recovery import GROUP_CHARACTERS, GROUPS, SHARE_GROUPS, group_advice


class RecoveryPage(Page):
    """Asks for the code of the recovery sheet, or for sheets of the organisation one after another.

    Names the group that has a typing mistake.
    """

    passphrase_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self._verb, self._busy_verb = self.tr("Open with this code"), self.tr("Opening…")
        self._asks_for_share = False
        self.edit = QLineEdit()
        self.edit.setAccessibleName(self.tr("Recovery code"))
        self.edit.setMaxLength(120)
        self.edit.textEdited.connect(self._on_edited)
        self.edit.returnPressed.connect(self.ask)
        caption = text_label(self.tr("Recovery code"), "label")
        caption.setBuddy(self.edit)
        self._note = text_label("", "small", wrap=True)
        self.count = text_label("", "small")
        back = button(
            self.tr("Use the passphrase instead"), "link", icon="arrow-left", clicked=self.passphrase_asked.emit
        )
        entry = QVBoxLayout()
        entry.setSpacing(px(6))
        for part in (caption, self.edit, self.count, self._note):
            entry.addWidget(part)
        self.column.addLayout(entry)
        self.column.addWidget(self.said)
        self.column.addWidget(self.go)
        self.column.addWidget(back, 0, Qt.AlignmentFlag.AlignHCenter)
        self.setFocusProxy(self.edit)
        self.set_busy(False)
        self._ask_for_share(False)
        self.show_sheet("")

    def show_sheet(self, mark: str) -> None:
        """Say which recovery sheet is the one in force, once it is known."""
        where = self.tr("It stands on the recovery sheet.")
        if mark:
            where = self.tr("It stands on the recovery sheet marked {0}.").format(mark)
        plain = self.tr("Capitals, spaces and dashes do not matter.")
        sheets = self.tr("Holders of an organisation’s sheets type theirs here too, one after another.")
        self._note.setText(f"{where} {plain} {sheets}")

    def show_shares(self, count: int) -> None:
        """So many sheets of the organisation are typed; the next holder's turn."""
        self.clear()
        self._ask_for_share(True)
        self.set_busy(False)
        words = self.tr("1 sheet is typed.") if count == 1 else self.tr("{0} sheets are typed.").format(count)
        self.said.say(words + " " + self.tr("Now another holder types hers into the same line."), "info")
        self.setFocus()

    @Slot()
    def ask(self) -> None:
        """Ask for the code to be tried."""
        if not self.is_busy:
            self.said.say("")
            self.asked.emit(self.edit.text())

    def clear(self) -> None:
        """Forget what was typed."""
        self.edit.setText("")
        self.said.say("")
        self._ask_for_share(False)

    def _ask_for_share(self, is_share: bool) -> None:
        """Whether a holder's sheet is expected now, which has more groups."""
        self._asks_for_share = is_share
        self.edit.setPlaceholderText(
            self.tr("fourteen groups of five") if is_share else self.tr("eight groups of five")
        )
        self._show_count()

    def _on_edited(self) -> None:
        advice = next(
            (found for place, group in enumerate(self._groups()) if (found := group_advice(place, group))), ""
        )
        self.said.say(advice, "warning")
        theme.set_role(self.edit, problem="true" if advice else "false")
        self._show_count()

    def _show_count(self) -> None:
        whole = sum(len(group) == GROUP_CHARACTERS for group in self._groups())
        of = SHARE_GROUPS if self._asks_for_share or len(self._groups()) > GROUPS else GROUPS
        self.count.setText(self.tr("{0} of {1} groups typed").format(whole, of))

    def _groups(self) -> list[str]:
        plain = "".join(character for character in self.edit.text() if character.isalnum())
        starts = range(0, min(len(plain), SHARE_GROUPS * GROUP_CHARACTERS), GROUP_CHARACTERS)
        return [plain[start : start + GROUP_CHARACTERS] for start in starts]


class NewPassphrasePage(Page):
    """Offers a new passphrase to somebody who came in by the recovery code."""

    kept = Signal()

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self._verb, self._busy_verb = self.tr("Set it and open"), self.tr("Setting it…")
        self.form = NewPassphrase(jobs)
        self.form.entered.connect(self.ask)
        self.form.changed.connect(lambda: self.said.say(""))
        keep = button(self.tr("Keep the present passphrase"), "link", clicked=self.kept.emit)
        self.column.addWidget(self.form)
        self.column.addWidget(self.said)
        row = QHBoxLayout()
        row.addWidget(self.go)
        self.column.addLayout(row)
        self.column.addWidget(keep, 0, Qt.AlignmentFlag.AlignHCenter)
        self.setFocusProxy(self.form)
        self.set_busy(False)

    def clear(self) -> None:
        """Forget both lines."""
        self.form.clear()

    @Slot()
    def ask(self) -> None:
        """Ask for it to be set, or say what is not right yet."""
        if self.is_busy:
            return
        problem = self.form.problem()
        self.said.say(problem)
        if problem:
            self.form.focus_problem()
        else:
            self.asked.emit(self.form.passphrase())
