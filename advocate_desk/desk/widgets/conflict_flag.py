"""The flag that stands with a value on which two people differ, on every page that shows it, until one decides."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from advocate_desk.desk import conflict_words as words
from advocate_desk.desk.office import Office
from advocate_desk.desk.theme import Tone
from advocate_desk.desk.widgets.boxes import Banner
from advocate_desk.store.queries.conflicts import Conflict

CONFLICTS_SCREEN = "conflicts"
MOST_NAMED = 2


def tr(text: str) -> str:
    """In the user's language."""
    return QCoreApplication.translate("ConflictFlag", text)


class ConflictFlag(QFrame):
    """Nothing to see, and no place taken, while nobody differs on `record_ids`. Put it where their values are shown."""

    def __init__(self, parent: QWidget, office: Office, *record_ids: UUID) -> None:
        super().__init__(parent)  # given at once: one that is shown without would open as a window of its own
        self._office, self._record_ids = office, record_ids
        self._said: Banner | None = None
        self._shown: tuple[Conflict, ...] = ()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.hide()
        office.conflicts.changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Look again whether anybody differs."""
        found = self._found()
        if found and found != self._shown:
            if self._said is None:
                self._said = Banner(can_dismiss=False)
                self._said.acted.connect(self.decide)
                self._layout.addWidget(self._said)
            tone: Tone = "danger" if any(each.is_critical for each in found) else "warning"
            about = words.record_words(self._office.packs, found[0])
            self._said.say(self._words(found), tone, self.tr("Decide"), about)
        self._shown = found
        self.setVisible(bool(found))

    def text(self) -> str:
        """What it says; "" while it says nothing."""
        return self._said.text() if self._said is not None and self._shown else ""

    def decide(self) -> None:
        """Go to where it is decided."""
        if self._shown:
            self._office.go(CONFLICTS_SCREEN, {"conflict": self._shown[0].ids[0].hex})

    def _found(self) -> tuple[Conflict, ...]:
        return self._office.conflicts.about(*self._record_ids)

    def _words(self, found: Sequence[Conflict]) -> str:
        return " ".join(words.differ_words(each) for each in found)


class FileConflicts(ConflictFlag):
    """The same for a whole client file, at its top: every value in it on which two people differ."""

    def __init__(self, parent: QWidget, office: Office, file_id: UUID) -> None:
        self._file_id = file_id
        super().__init__(parent, office)

    def _found(self) -> tuple[Conflict, ...]:
        return self._office.conflicts.of_file(self._file_id)

    def _words(self, found: Sequence[Conflict]) -> str:
        named = [
            f"{words.record_words(self._office.packs, each)} ({words.field_words(each)})" for each in found[:MOST_NAMED]
        ]
        if len(found) > MOST_NAMED:
            named.append(self.tr("and {0} more").format(len(found) - MOST_NAMED))
        return self.tr("Two people said different things. Decide what is right: {0}.").format("; ".join(named))


class AllConflicts(ConflictFlag):
    """The same for the whole desk: how many, in how many files, as Today says it. It names nobody."""

    def _found(self) -> tuple[Conflict, ...]:
        return self._office.conflicts.all()

    def _words(self, found: Sequence[Conflict]) -> str:
        return count_words(found)


def count_words(found: Sequence[Conflict]) -> str:
    """How many values wait for a decision, and how many of them matter for safety."""
    files = len({each.file_id for each in found})
    grave = sum(each.is_critical for each in found)
    what = (
        tr("One value waits for a decision")
        if len(found) == 1
        else tr("{0} values wait for a decision, in one file").format(len(found))
        if files == 1
        else tr("{0} values wait for a decision, in {1} files").format(len(found), files)
    )
    matters = tr("{0} matter for safety").format(grave)
    if grave == len(found):
        matters = tr("it matters for safety") if len(found) == 1 else tr("all matter for safety")
    said = tr("Two people said different things. {0}").format(what)
    return f"{said}: {matters}." if grave else f"{said}."
