"""A file with all that a court letter states, and a window with the letter form on a real encrypted store."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from advocate_desk import settings
from advocate_desk.casework import settings as kept
from advocate_desk.casework.cases import CaseDetails, StageDetails, open_case, record_stage
from advocate_desk.casework.contacts import AttemptDetails, record_attempt
from advocate_desk.casework.hearings import HearingDetails, list_hearing
from advocate_desk.casework.intake import ConsentDetails, NeedDetails
from advocate_desk.casework.notes import NoteDetails, write_note
from advocate_desk.casework.people import ContactDetails, PersonDetails
from advocate_desk.casework.work import Work
from advocate_desk.desk.dialogs.letter_preview import LetterPreview
from advocate_desk.desk.dialogs.paper import PaperDialog
from advocate_desk.desk.forms import file as file_forms
from advocate_desk.desk.forms import letters
from advocate_desk.desk.forms.builder import FormView
from advocate_desk.desk.forms.host import FormHost
from advocate_desk.desk.forms.letter_panel import LetterPanel
from advocate_desk.desk.forms.page import FormPage
from advocate_desk.desk.forms.registry import FormRegistry
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.office import Office
from advocate_desk.domain.identity import FileId, RecordId
from tests.builders import NOON, PACKS, a_file
from tests.desk.front import to_front
from tests.desk.keyboard import press, type_text

ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier

D = TypeVar("D", bound=QWidget)

LETTERHEAD = settings.Letterhead("Exampleford Advocacy", "PO Box 1\nExampleford\nZZ2 2ZZ", "01632 960 500")
WORKER = settings.WorkerDetails(
    "Ash Advocate", "an independent domestic violence adviser", "Adviser", "01632 960 501", "ash@exampleford.example"
)
HOME = "14 Hidden Lane, Exampleford, ZZ1 1ZZ"
REFUGE = "Marigold House, Anytown"
MOBILE = "07700 900123"
WORDS = "I have not slept properly since the date was changed."


def a_letter_file(
    work: Work,
    *,
    consent: str = "given",
    urn: str = "01EX000012326",
    given: str = "Łucja",
    family: str = "Przykładowska",
    needs: tuple[NeedDetails, ...] = (),
) -> tuple[FileId, RecordId]:
    """A client with a listed trial; the file and the hearing. `consent` "" records none."""
    kept.put(work, settings.LETTERHEAD_KEY, settings.to_json(LETTERHEAD))
    kept.put(work, settings.WORKER_KEY, settings.to_json(WORKER))
    decided = (ConsentDetails("share_court", consent, date(2026, 11, 18), "phone"),) if consent else ()
    file_id = a_file(
        work,
        client=PersonDetails(
            "client", given, family, language="polish", occupation="Exampleford Bakery", whereabouts=REFUGE
        ),
        children=(PersonDetails("child", "Tiny", family, note="Goes to Saint Example Primary School"),),
        contacts=(ContactDetails("mobile", MOBILE, is_safe="yes"), ContactDetails("post", HOME, is_safe="no")),
        consents=decided,
        access_needs=needs,
    )
    case_id = open_case(work, file_id, CaseDetails(force=PACKS.forces()[0].key, urn=urn), ()).record_id
    assert case_id is not None
    record_stage(work, case_id, StageDetails("charged", date(2026, 9, 1)))
    hearing_id = a_hearing(work, file_id, case_id, date(2026, 12, 7), "Leeds")
    record_attempt(work, file_id, AttemptDetails(NOON - timedelta(days=30), "phone", "spoke"))
    visit = NoteDetails(NOON - timedelta(days=4), "in_person", "A visit to the court.", spoke_with_client=True)
    write_note(work, file_id, visit)
    return file_id, hearing_id


def a_hearing(work: Work, file_id: FileId, case_id: RecordId, on: date, town: str) -> RecordId:
    """A trial at the Crown Court of a town."""
    court = next(each for each in PACKS.courts() if each.kind == "crown" and town in each.name)
    details = HearingDetails(
        on,
        "10:00",
        court.key,
        court.name,
        "Court 4",
        "trial",
        ("idva", "client"),
        measures={"SM_SCREEN": "granted", "SM_LIVELINK": "opted_out"},
    )
    made = list_hearing(work, file_id, case_id, details).record_id
    assert made is not None
    return made


class LetterDesk:
    """The window. `end` closes its worker."""

    def __init__(self, work: Work, qtbot: QtBot, width: int = 1366, height: int = 768) -> None:
        self.work, self.qtbot = work, qtbot
        self.window = QWidget()
        self.window.resize(width, height)
        self.said: list[str] = []
        self.office = self._open()
        qtbot.addWidget(self.window)
        to_front(self.window, qtbot)

    def _open(self) -> Office:
        office = Office(self.work, Jobs(), FormRegistry([*letters.FORM_KINDS, *file_forms.FORM_KINDS]))
        office.messages.noticed.connect(lambda notice: self.said.append(notice.text))
        self.host = FormHost(office, self.window)
        office.drafts.watch(lambda: tuple(self.host.snapshot()), dict)
        return office

    def end(self) -> None:
        """Stop the worker."""
        self.office.jobs.close()

    def open(self, file_id: FileId, **params: Any) -> LetterPanel:
        """Open the letter form and wait until it is judged."""
        given = {key: str(value) for key, value in params.items()}
        self.office.open_form("letter", {"file_id": str(file_id), **given})
        self.qtbot.waitUntil(lambda: self.page().view is not None)
        self.qtbot.waitUntil(lambda: self.panel().judged is not None)
        return self.panel()

    def page(self) -> FormPage:
        """The form on top."""
        page = self.host.top()
        assert page is not None
        return page

    def view(self) -> FormView:
        """Its fields."""
        view = self.page().view
        assert view is not None
        return view

    def panel(self) -> LetterPanel:
        """What stands beside it."""
        found = self.page().findChildren(LetterPanel)
        assert len(found) == 1
        return found[0]

    def value(self, key: str) -> Any:
        """What a field holds."""
        return self.view().values()[key]

    def choose(self, key: str, text: str) -> None:
        """Type into a list that finds, and take what it finds; the window system gives the window back."""
        self.view().restore_focus({"field": key})
        press(Qt.Key.Key_A, modifiers=CTRL)
        type_text(text)
        press(Qt.Key.Key_Return)
        to_front(self.window, self.qtbot)

    def settle(self) -> None:
        """Wait until the panel has judged what stands in the form."""
        panel = self.panel()
        self.qtbot.waitUntil(lambda: not panel._timer.isActive())
        panel.look()

    def preview(self) -> LetterPreview:
        """The preview that has opened."""
        return self._dialog(LetterPreview)

    def paper(self) -> PaperDialog:
        """The page dialog that has opened."""
        return self._dialog(PaperDialog)

    def _dialog(self, kind: type[D]) -> D:
        def shown() -> list[D]:
            return [each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()]

        self.qtbot.waitUntil(lambda: bool(shown()))
        (dialog,) = shown()
        to_front(dialog, self.qtbot)
        return dialog
