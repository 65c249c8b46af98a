"""The sections of a client file, in the order of its rail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.client_file.access.section import AccessSection
from advocate_desk.desk.screens.client_file.justice.bail import BailSection
from advocate_desk.desk.screens.client_file.justice.cases import CasesSection
from advocate_desk.desk.screens.client_file.justice.hearings import HearingsSection
from advocate_desk.desk.screens.client_file.letters.section import LettersSection
from advocate_desk.desk.screens.client_file.notes.section import NotesSection
from advocate_desk.desk.screens.client_file.overview.section import OverviewSection
from advocate_desk.desk.screens.client_file.people.section import PeopleSection
from advocate_desk.desk.screens.client_file.plan.section import PlanSection
from advocate_desk.desk.screens.client_file.risk.section import RiskSection
from advocate_desk.domain.identity import FileId


class Section(Protocol):
    """What the page asks of a section; it is a QWidget too."""

    kinds: frozenset[str]

    def reload(self) -> None:
        """Read and draw again."""

    def place(self) -> dict[str, Any]:
        """Where the user is in it, as JSON."""
        ...

    def restore(self, place: dict[str, Any]) -> None:
        """Go back there."""


@dataclass(frozen=True)
class SectionKind:
    """One section. `title` is English, translated when it is shown."""

    key: str
    title: str
    icon: str
    factory: Callable[[Office, FileId], QWidget]

    def words(self) -> str:
        """The title in the user's language."""
        return QCoreApplication.translate("FileSections", self.title)


SECTIONS: tuple[SectionKind, ...] = (
    SectionKind("overview", "Overview", "layers", OverviewSection),
    SectionKind("people", "People", "users", PeopleSection),
    SectionKind("risk", "Risk", "gauge", RiskSection),
    SectionKind("plan", "Safety plan", "list-checks", PlanSection),
    SectionKind("justice", "Criminal justice", "scale", CasesSection),
    SectionKind("bail", "Bail", "shield", BailSection),
    SectionKind("hearings", "Hearings", "gavel", HearingsSection),
    SectionKind("notes", "Notes", "notebook-pen", NotesSection),
    SectionKind("letters", "Letters", "mail", LettersSection),
    SectionKind("access", "Access", "history", AccessSection),
)
