"""Print or save the recovery sheet, then type two of its groups back: proof that the paper exists and can be read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import SystemRandom
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QStandardPaths, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from advocate_desk import paths
from advocate_desk.clock import Clock, today_in_london
from advocate_desk.desk import theme
from advocate_desk.desk.jobs import Job, Jobs
from advocate_desk.desk.screens.unlock.said import Said
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.flow import FlowLayout
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.errors import DeskError

ASKED_GROUPS = 2

ChooseFile = Callable[[QWidget, Path], Path | None]
PrintPdf = Callable[[bytes, QWidget], bool]


def choose_file(parent: QWidget, suggested: Path) -> Path | None:
    """Where the sheet shall be saved, or None if the user changed her mind."""
    title = QCoreApplication.translate("SheetForm", "Save the recovery sheet")
    chosen, _ = QFileDialog.getSaveFileName(parent, title, str(suggested), "PDF (*.pdf)")
    return Path(chosen) if chosen else None


def print_with_dialog(pdf: bytes, parent: QWidget) -> bool:
    """Print through the system's dialog; False if the user changed her mind. Raises Unavailable."""
    from advocate_desk.desk.screens.first_run.printing import print_pdf  # noqa: PLC0415 - rendering is seldom needed

    return print_pdf(pdf, parent)


class Code(Protocol):
    """What stands on a sheet, in groups: a recovery code, or a holder's share."""

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups of five characters."""

    def has_group(self, place: int, text: str) -> bool:
        """Whether `text` is the group at `place` (from 0)."""


class GroupField(QWidget):
    """The line for one group of the code, with a word about it."""

    changed = Signal()
    entered = Signal()

    def __init__(self, place: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place = place
        name = self.tr("Group {0}").format(place + 1)
        caption = text_label(name, "label")
        self.edit = QLineEdit()
        self.edit.setAccessibleName(self.tr("{0} of the recovery sheet").format(name))
        self.edit.setMaxLength(12)
        self.edit.setPlaceholderText(self.tr("5 characters"))
        self.edit.textChanged.connect(self.changed)
        self.edit.returnPressed.connect(self.entered)
        caption.setBuddy(self.edit)
        self._word = text_label("", "small")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(5))
        layout.addWidget(caption)
        layout.addWidget(self.edit)
        layout.addWidget(self._word)
        self.setFocusProxy(self.edit)

    def text(self) -> str:
        """What was typed."""
        return self.edit.text()

    def show_match(self, is_match: bool | None) -> None:
        """Right, wrong, or not whole yet."""
        self._word.setText({None: "", True: self.tr("Right."), False: self.tr("Not what the sheet says.")}[is_match])
        theme.set_role(self._word, tone={None: "", True: "ok", False: "danger"}[is_match])
        theme.set_role(self.edit, problem="true" if is_match is False else "false")


class SheetForm(QWidget):
    """The sheet of one code: a desk's recovery code here. `problem` says in words what is still to be done with it."""

    entered = Signal()
    changed = Signal()

    def __init__(
        self,
        jobs: Jobs,
        clock: Clock,
        *,
        choose: ChooseFile = choose_file,
        print_pdf: PrintPdf = print_with_dialog,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._jobs, self._clock, self._choose, self._print = jobs, clock, choose, print_pdf
        self._code: Code | None = None
        self._mark = ""
        self.is_out = False
        self.said = Said()
        self.print_button = button(self.tr("Print the sheet…"), icon="printer", clicked=self.print_sheet)
        self.save_button = button(self.tr("Save it as a PDF…"), icon="download", clicked=self.save_sheet)
        self._ask = text_label("", wrap=True)
        self._row = QHBoxLayout()
        self._row.setSpacing(px(16))
        self.fields: list[GroupField] = []
        self._lay_out()

    def _lay_out(self) -> None:
        holder = QWidget()
        buttons = FlowLayout(holder, px(10))
        buttons.addWidget(self.print_button)
        buttons.addWidget(self.save_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(12))
        layout.addWidget(text_label(self.tr("1. Put it on paper"), "subheading"))
        layout.addWidget(holder)
        layout.addWidget(self.said)
        layout.addSpacing(px(8))
        layout.addWidget(text_label(self.tr("2. Type two groups back from the paper"), "subheading"))
        layout.addWidget(self._ask)
        layout.addLayout(self._row)

    def show_code(self, code: Code, mark: str) -> None:
        """Start with a new code: nothing printed, nothing typed, two other groups asked."""
        self._code, self._mark, self.is_out = code, mark, False
        self.said.say("")
        for field in self.fields:
            field.deleteLater()
        places = sorted(SystemRandom().sample(range(len(code.groups)), ASKED_GROUPS))
        self.fields = [GroupField(place) for place in places]
        before: QWidget = self.save_button
        for field in self.fields:
            field.changed.connect(self._check)
            field.entered.connect(self.entered)
            self._row.addWidget(field)
            self.setTabOrder(before, field.edit)
            before = field.edit
        asked = self.tr("Take the sheet in your hand and type groups {0} and {1}, so that you know it can be read.")
        self._ask.setText(asked.format(places[0] + 1, places[1] + 1))
        self._set_typing(is_on=False)

    def forget(self) -> None:
        """Let go of the code."""
        self._code = None

    def problem(self) -> str:
        """What is still to be done, in a sentence; "" where the sheet is proven."""
        if not self.is_out:
            return self.tr(
                "Print the sheet or save it first. Without it nobody can help if the passphrase is forgotten."
            )
        if not all(self._matches(field) for field in self.fields):
            return self.tr("Type the two groups as they stand on the sheet.")
        return ""

    def focus_problem(self) -> None:
        """Put the cursor where something is to be done."""
        if not self.is_out:
            self.print_button.setFocus()
            return
        next((field for field in self.fields if not self._matches(field)), self.fields[0]).setFocus()

    @Slot()
    def print_sheet(self) -> None:
        """Make the sheet and print it."""
        job = self._make()
        if job is not None:
            job.done.connect(self._print_made)

    @Slot()
    def save_sheet(self) -> None:
        """Make the sheet and save it where the user says."""
        job = self._make()
        if job is not None:
            job.done.connect(self._save_made)

    def _make(self) -> Job | None:
        if self._code is None:
            return None
        self._set_buttons(is_on=False)
        job = self._jobs.run(self, self.pdf_maker(self._code.groups, self._mark, today_in_london(self._clock)))
        job.refused.connect(self._refused)
        job.broken.connect(self._broken)
        return job

    def pdf_maker(self, groups: tuple[str, ...], mark: str, today: date) -> Callable[[], bytes]:
        """What makes the page, off the GUI thread."""

        def make() -> bytes:
            from advocate_desk.documents.fonts import FontSet  # noqa: PLC0415 - reportlab takes its time to load
            from advocate_desk.documents.recovery_sheet import recovery_sheet_pdf  # noqa: PLC0415

            return recovery_sheet_pdf(FontSet(paths.resources() / "fonts"), groups, mark, today)

        return make

    def out_words(self, *, is_printed: bool) -> str:
        """What is said once the sheet is on paper, or on the disk."""
        if is_printed:
            return self.tr(
                "Sent to print. Fetch it now, and if it went into a file put that away: whoever has it can open this "
                "desk."
            )
        return self.tr(
            "Saved. Print it from there, or move it to a stick that stays locked away, and then delete the file: "
        ) + self.tr("it opens this desk for anybody who reads it.")

    @Slot(object)
    def _print_made(self, pdf: bytes) -> None:
        self._set_buttons(is_on=True)
        try:
            is_printed = self._print(pdf, self)
        except DeskError as error:
            self._refused(error)
            return
        if is_printed:
            self._out(self.out_words(is_printed=True))

    @Slot(object)
    def _save_made(self, pdf: bytes) -> None:
        from advocate_desk.documents.export import free_name, write_safely  # noqa: PLC0415 - only here

        self._set_buttons(is_on=True)
        folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or Path.home())
        path = self._choose(self, free_name(folder, "sheet", today_in_london(self._clock)))
        if path is None:
            return
        try:
            write_safely(path, pdf)
        except DeskError as error:
            self._refused(error)
            return
        self._out(self.out_words(is_printed=False))

    def _out(self, words: str) -> None:
        self.is_out = True
        self.changed.emit()
        self.said.say(words, "warning")
        self._set_typing(is_on=True)
        self.fields[0].setFocus()

    @Slot(object)
    def _refused(self, error: DeskError) -> None:
        self._set_buttons(is_on=True)
        self.said.say(error.advice)

    @Slot()
    def _broken(self) -> None:
        self._set_buttons(is_on=True)
        self.said.say(self.tr("The sheet could not be made. Nothing was changed. Try the other button."))

    @Slot()
    def _check(self) -> None:
        self.changed.emit()
        for field in self.fields:
            is_whole = len("".join(field.text().split())) >= 5
            field.show_match(self._matches(field) if is_whole else None)

    def _matches(self, field: GroupField) -> bool:
        return self._code is not None and self._code.has_group(field.place, field.text())

    def _set_typing(self, *, is_on: bool) -> None:
        for field in self.fields:
            field.setEnabled(is_on)

    def _set_buttons(self, *, is_on: bool) -> None:
        self.print_button.setEnabled(is_on)
        self.save_button.setEnabled(is_on)
