"""The pages of the guide. Each knows its title, what is not right on it yet, and where the cursor belongs."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from advocate_desk.clock import Clock
from advocate_desk.desk import theme
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.screens.first_run.details import ProfileDetails
from advocate_desk.desk.screens.first_run.sheet_form import ChooseFile, PrintPdf, SheetForm
from advocate_desk.desk.screens.unlock.new_passphrase import NewPassphrase
from advocate_desk.desk.screens.unlock.said import Said
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.labels import icon_label, text_label
from advocate_desk.vault.keyring import KeyringCheck

MOST_CHARACTERS = 120


class Step(QWidget):
    """One page. `short` names it in the list of steps; `verb` is what its button says."""

    entered = Signal()  # Enter in its last line: go on
    changed = Signal()  # something was typed: what was said about it no longer holds

    def __init__(self, short: str, title: str, lead: str, verb: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.short, self.title, self.lead, self.verb = short, title, lead, verb
        self.busy_verb = verb
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(px(14))

    def problem(self) -> str:
        """What is not right yet, in a sentence; "" where the next page can come."""
        return ""

    def focus_first(self) -> None:
        """Put the cursor where the page begins."""

    def focus_problem(self) -> None:
        """Put the cursor where something is to be done."""
        self.focus_first()


class WelcomeStep(Step):
    """What the desk is, and what it keeps private."""

    backup_asked = Signal()

    def __init__(self) -> None:
        super().__init__(
            self.tr("Welcome"),
            self.tr("Your caseload, on your own computer"),
            self.tr("Setting up takes about three minutes. You need a printer, or somewhere safe to keep one sheet."),
            self.tr("Begin"),
        )
        points = (
            (
                "laptop",
                self.tr("It works without a network."),
                self.tr("Everything you need is here, in a corridor too."),
            ),
            (
                "lock",
                self.tr("It is locked to everybody else."),
                self.tr("All of it is encrypted under your passphrase."),
            ),
            ("shield-check", self.tr("It keeps quiet."), self.tr("No names in file names, window titles or messages.")),
        )
        self.column.setSpacing(px(20))
        for icon, first, rest in points:
            row = QHBoxLayout()
            row.setSpacing(px(16))
            row.addWidget(icon_label(icon, 24, "accent_text"), 0, Qt.AlignmentFlag.AlignTop)
            words = QVBoxLayout()
            words.setSpacing(px(2))
            words.addWidget(text_label(first, "subheading", wrap=True))
            words.addWidget(text_label(rest, "muted", wrap=True))
            row.addLayout(words, 1)
            self.column.addLayout(row)
        self.backup = button(self.tr("I have a backup of my desk…"), "link", clicked=self.backup_asked.emit)
        self.column.addWidget(self.backup)


class AboutStep(Step):
    """Who works at the desk."""

    def __init__(self) -> None:
        super().__init__(
            self.tr("About you"),
            self.tr("Who works at this desk?"),
            self.tr("This stands under your letters and in the record of who did what. You can change it later."),
            self.tr("Continue"),
        )
        self.name = self._line(self.tr("Your name"), "")
        self.role = self._line(self.tr("Your role"), self.tr("for example Court IDVA"))
        self.service = self._line(self.tr("Your service"), self.tr("as it stands on your letters"))
        self.service.returnPressed.connect(self.entered)
        self.name.returnPressed.connect(self.role.setFocus)
        self.role.returnPressed.connect(self.service.setFocus)

    def _line(self, label: str, hint: str) -> QLineEdit:
        edit = QLineEdit()
        edit.setAccessibleName(label)
        edit.setPlaceholderText(hint)
        edit.setMaxLength(MOST_CHARACTERS)
        edit.textChanged.connect(lambda: theme.set_role(edit, problem="false"))
        edit.textChanged.connect(self.changed)
        caption = text_label(label, "label")
        caption.setBuddy(edit)
        box = QVBoxLayout()
        box.setSpacing(px(6))
        box.addWidget(caption)
        box.addWidget(edit)
        self.column.addLayout(box)
        return edit

    def details(self) -> ProfileDetails:
        """What was typed."""
        return ProfileDetails(self.name.text().strip(), self.role.text().strip(), self.service.text().strip())

    def problem(self) -> str:
        """The name is the one thing that is needed."""
        return "" if self.details().name else self.tr("Type your name: it stands in the record of who did what.")

    def focus_first(self) -> None:
        """The name."""
        self.name.setFocus()

    def focus_problem(self) -> None:
        """The name."""
        theme.set_role(self.name, problem="true")
        self.name.setFocus()


class PassphraseStep(Step):
    """The passphrase, and whether the computer keeps a second key."""

    def __init__(self, jobs: Jobs, about: AboutStep) -> None:
        super().__init__(
            self.tr("Passphrase"),
            self.tr("Choose a passphrase"),
            self.tr(
                "You type it each time you open the desk. Nobody can look it up or reset it, not even your service."
            ),
            self.tr("Continue"),
        )
        self.busy_verb = self.tr("Making the keys…")
        self.form = NewPassphrase(jobs, lambda: (about.name.text(), about.service.text(), "advocate", "desk"))
        self.form.entered.connect(self.entered)
        self.form.changed.connect(self.changed)
        self.keyring = Said()
        self.column.addWidget(self.form)
        self.column.addSpacing(px(4))
        self.column.addWidget(self.keyring)

    def show_keyring(self, check: KeyringCheck) -> None:
        """Say in words what the computer's password store means for this desk."""
        self.form.set_keyring(check.keyring is not None)
        if check.keyring is not None:
            self.keyring.say(check.reason, "ok", aloud=False)
        else:
            more = self.tr("It has to be a strong one.")
            self.keyring.say(f"{check.reason} {more}", "info", aloud=False)

    def problem(self) -> str:
        """As the form says."""
        return self.form.problem()

    def focus_first(self) -> None:
        """The first line."""
        self.form.setFocus()

    def focus_problem(self) -> None:
        """Where the form says."""
        self.form.focus_problem()


class SheetStep(Step):
    """The recovery sheet, printed or saved, and typed back."""

    def __init__(self, jobs: Jobs, clock: Clock, choose: ChooseFile, print_pdf: PrintPdf) -> None:
        super().__init__(
            self.tr("Recovery sheet"),
            self.tr("Put the recovery sheet in a safe place"),
            self.tr(
                "Its code is the only other way in when the passphrase is forgotten or the computer is gone. "
                "It is shown on paper only, never on the screen."
            ),
            self.tr("Continue"),
        )
        self.form = SheetForm(jobs, clock, choose=choose, print_pdf=print_pdf)
        self.form.entered.connect(self.entered)
        self.form.changed.connect(self.changed)
        self.column.addWidget(self.form)

    def problem(self) -> str:
        """As the form says."""
        return self.form.problem()

    def focus_first(self) -> None:
        """The first button."""
        self.form.print_button.setFocus()

    def focus_problem(self) -> None:
        """Where the form says."""
        self.form.focus_problem()


class ReadyStep(Step):
    """The last page before anything is written."""

    def __init__(self) -> None:
        super().__init__(
            self.tr("Ready"),
            self.tr("Ready to open"),
            self.tr("Nothing has been written yet. When you open the desk, its keys are made and the guide is over."),
            self.tr("Open my desk"),
        )
        self.busy_verb = self.tr("Opening…")
        points = (
            self.tr("The passphrase is chosen. Only you know it."),
            self.tr("The recovery sheet exists and can be read. Lock it away now, not beside the computer."),
            self.tr("Ctrl+L locks the desk at once, and keeps every word that you have typed."),
        )
        for words in points:
            row = QHBoxLayout()
            row.setSpacing(px(12))
            row.addWidget(icon_label("circle-check", 20, "ok"), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(text_label(words, wrap=True), 1)
            self.column.addLayout(row)
        self.joins = QCheckBox(self.tr("I have a code: then join an organisation"))
        self.joins.setAccessibleName(self.joins.text())
        self.column.addSpacing(px(10))
        self.column.addWidget(self.joins)
