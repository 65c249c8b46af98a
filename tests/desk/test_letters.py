"""A court letter from the file to the disk, by keyboard alone."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pikepdf
import pytest
from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from advocate_desk import settings
from advocate_desk.casework import settings as kept
from advocate_desk.casework.access import history
from advocate_desk.casework.files import save_consent
from advocate_desk.casework.hearings import Outcome, record_outcome
from advocate_desk.casework.intake import ConsentDetails, NeedDetails
from advocate_desk.casework.work import Work
from advocate_desk.desk import theme
from advocate_desk.desk.forms.letter_known import read_basis
from advocate_desk.desk.forms.letter_making import make
from advocate_desk.desk.screens.client_file.letters.ground import OtherGround
from advocate_desk.desk.screens.client_file.letters.section import LettersSection
from advocate_desk.documents.render import page_count, page_texts
from advocate_desk.domain.disclosure import ObjectionKind
from advocate_desk.domain.identity import RecordId
from advocate_desk.store.queries.justice import justice_view
from advocate_desk.store.queries.letter_facts import papers_of_file
from tests.desk.front import to_front
from tests.desk.keyboard import focused, press, tab_to, type_text
from tests.desk.letter_desk import ALT, CTRL, HOME, MOBILE, REFUGE, WORDS, LetterDesk, a_hearing, a_letter_file
from tests.desk.walk import assert_accessible, assert_fits


@pytest.fixture
def desk(work: Work, qtbot: QtBot) -> Iterator[LetterDesk]:
    made = LetterDesk(work, qtbot)
    yield made
    made.end()


NEEDS = (NeedDetails("childcare", "Court days"), NeedDetails("mental_health", "Something private"))


def test_facts_are_gathered_from_the_file(work: Work, desk: LetterDesk) -> None:
    file_id, hearing_id = a_letter_file(work, needs=NEEDS)
    panel = desk.open(file_id)
    values = desk.view().values()
    assert values["about"] == f"hearing:{hearing_id}"
    assert values["client_name"] == "Łucja Przykładowska"
    assert values["addressee"].splitlines()[:2] == ["The Court Manager", "Leeds Crown Court"]
    assert values["urn"] == "01EX000012326"
    assert values["hearing"] == "2026-12-07T10:00"
    assert values["perpetrator_is"] == "defendant"
    assert values["defendant_name"] == "Imagino Fabricant"
    assert values["supported_since"] == "2026-11-21"
    assert values["referral_route"] == "a referral from the police"
    assert values["contact_count"] == 2
    assert values["measures"] == ["SM_SCREEN"]
    assert "childcare" in values["practical_requests"]
    assert "private" not in values["practical_requests"]
    assert values["availability"] == "I will be at court on 7 December 2026."
    assert (values["gateway"], values["consent_on"]) == ("consent", "2026-11-18")
    assert panel.judged is not None
    assert "Defendant’s name" not in panel.judged.preflight.disclosed
    assert list(panel.judged.problems()) == ["tick_practical_requests"]  # what needs show is confirmed on this letter


def test_a_letter_is_written_seen_kept_and_exported_by_keyboard(
    work: Work, desk: LetterDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    file_id, hearing_id = a_letter_file(work, urn="")
    desk.open(file_id, hearing_id=hearing_id)
    press(Qt.Key.Key_S, modifiers=CTRL)  # the reference is missing: it is asked for
    assert focused().accessibleName() == "Case reference (URN)"
    type_text("01EX000099926")
    tab_to("How the case affects the client, in agreed words")
    type_text(WORDS)
    press(Qt.Key.Key_S, modifiers=CTRL)
    qtbot.waitUntil(lambda: focused().accessibleName() == "She agreed to these words")  # not confirmed yet
    assert work.read(papers_of_file, file_id).letters == ()
    press(Qt.Key.Key_Space)
    desk.settle()
    press(Qt.Key.Key_P, modifiers=ALT)
    preview = desk.preview()
    seen = preview.preview._pdf
    assert WORDS in preview.preview.text()
    assert focused().accessibleName() == "Save letter"
    press(Qt.Key.Key_Space)
    paper = desk.paper()
    tab_to("Password for the saved file, if wanted")
    type_text("pass phrase 7")
    tab_to("Save to disk…")
    press(Qt.Key.Key_Space)
    offered = the_file_dialog(qtbot)
    name = offered.findChild(QLineEdit)
    assert name is not None
    assert name.text() == "letter-2026-11-21-1.pdf"
    name.setFocus()
    press(Qt.Key.Key_A, modifiers=CTRL)
    target = tmp_path / "letter-2026-11-21-1.pdf"
    type_text(str(target))
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(target.exists)
    qtbot.waitUntil(lambda: "letter_export" in [line.kind for line in history(work, file_id)])
    (line,) = work.read(papers_of_file, file_id).letters
    assert paper._pdf == seen  # what was looked at is what was kept, and what leaves
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(target)
    with pikepdf.open(target, password="pass phrase 7") as opened:
        assert dict(opened.docinfo) == {"/Title": "Letter"}
        assert "/Metadata" not in opened.Root
    assert WORDS in "\n".join(page_texts(target.read_bytes(), "pass phrase 7"))
    assert paper.password.text() == ""
    assert line.facts["urn"] == "01EX000099926"


def the_file_dialog(qtbot: QtBot) -> QFileDialog:
    def shown() -> list[QFileDialog]:
        return [each for each in QApplication.topLevelWidgets() if isinstance(each, QFileDialog) and each.isVisible()]

    qtbot.waitUntil(lambda: bool(shown()))
    (dialog,) = shown()
    to_front(dialog, qtbot)
    return dialog


@pytest.mark.parametrize("state", ["refused", "withdrawn"])
def test_a_refused_or_withdrawn_consent_is_said_and_carries_no_letter(
    work: Work, desk: LetterDesk, qtbot: QtBot, state: str
) -> None:
    file_id, _ = a_letter_file(work, consent=state)
    panel = desk.open(file_id)
    assert desk.value("gateway") == ""
    assert desk.view().field_box(f"consent_{state}").isVisible()  # type: ignore[union-attr]
    desk.choose("gateway", "consent")
    assert desk.value("gateway") == "consent"
    desk.settle()
    assert panel.judged is not None
    assert panel.judged.objections[0].kind is ObjectionKind.REFUSED
    press(Qt.Key.Key_S, modifiers=CTRL)
    tab_to("The day on which she agreed")
    type_text("18/11/2026")
    press(Qt.Key.Key_S, modifiers=CTRL)
    qtbot.waitUntil(lambda: not desk.page().is_saving and "stands against it" in desk.page()._banner.text())
    assert work.read(papers_of_file, file_id).letters == ()


def test_another_ground_needs_its_reason_and_keeps_the_refusal_on_record(
    work: Work, desk: LetterDesk, qtbot: QtBot
) -> None:
    file_id, _ = a_letter_file(work, consent="refused")
    desk.open(file_id)
    desk.choose("gateway", "court order")
    press(Qt.Key.Key_S, modifiers=CTRL)
    assert focused().accessibleName() == "Why it is needed and in proportion"
    type_text("The court ordered it; she was told.")
    press(Qt.Key.Key_S, modifiers=CTRL)
    desk.paper()
    view = work.read(papers_of_file, file_id)
    assert (view.disclosures[0].gateway, view.disclosures[0].consent) == ("court_order", "refused")


def test_consent_recorded_while_the_form_is_open_is_taken_in(work: Work, desk: LetterDesk, qtbot: QtBot) -> None:
    file_id, _ = a_letter_file(work, consent="")
    panel = desk.open(file_id)
    assert panel.judged is not None
    assert panel.judged.consent.state == "not_sought"
    details = ConsentDetails("share_court", "given", date(2026, 11, 20), "phone")
    desk.office.do(desk.window, save_consent, file_id, None, details)
    qtbot.waitUntil(lambda: panel.judged is not None and panel.judged.consent.state == "given")
    assert panel.judged.consent.on == date(2026, 11, 20)
    assert (desk.value("gateway"), desk.value("consent_on")) == ("consent", "2026-11-20")
    assert panel.judged.may_be_made


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("I live at 14 Hidden Lane now.", "home address"),
        ("Write to me in ZZ1 1ZZ.", "home address"),
        ("Call me on +44 7700 900123.", "phone number"),
        ("I am at Marigold House.", "place where someone stays"),
        ("He comes to Exampleford Bakery.", "workplace"),
        ("My child is at Saint Example Primary School.", "school"),
        ("My visa ends soon.", "visa"),
        ("I have no leave to remain.", "leave to remain"),
        ("They talked of me at the Marac.", "Marac"),
    ],
)
def test_what_must_never_leave_stops_the_letter(work: Work, desk: LetterDesk, words: str, name: str) -> None:
    file_id, _ = a_letter_file(work)
    panel = desk.open(file_id)
    desk.view().restore_focus({"field": "effect_words"})
    type_text(words)
    tab_to("She agreed to these words")
    press(Qt.Key.Key_Space)
    desk.settle()
    assert panel.judged is not None
    refused = [each.text for each in panel.judged.objections if each.kind is ObjectionKind.REFUSED]
    assert len(refused) == 1
    assert name in refused[0]
    assert words not in refused[0]
    assert not panel.judged.may_be_made


def test_an_address_of_hers_is_refused_as_addressee_too(work: Work, desk: LetterDesk) -> None:
    file_id, _ = a_letter_file(work)
    panel = desk.open(file_id)
    desk.view().restore_focus({"field": "addressee"})
    press(Qt.Key.Key_A, modifiers=CTRL)
    type_text("My client, 14 Hidden Lane")
    desk.settle()
    assert panel.judged is not None
    assert "addressee" in panel.judged.problems()


def test_nothing_of_the_file_that_stays_out_is_in_the_pages(work: Work, desk: LetterDesk, qtbot: QtBot) -> None:
    file_id, _ = a_letter_file(work)
    desk.open(file_id)
    press(Qt.Key.Key_S, modifiers=CTRL)
    pdf = desk.paper()._pdf
    text = re.sub(r"\W", "", "".join(page_texts(pdf))).casefold()
    for secret in (*HOME.split(",")[::2], MOBILE, REFUGE.split(",")[0], "Exampleford Bakery", "Imagino", "Primary"):
        assert re.sub(r"\W", "", secret).casefold() not in text


NAMES = {
    "Welsh": ("Siân", "Ŵyn-Ŷates"),
    "Polish": ("Małgorzata", "Wiśniewska-Żółć"),
    "Arabic": ("سميرة", "النجار"),
    "Urdu": ("شازیہ", "پٹھان"),
    "Punjabi": ("ਸ਼੍ਰੀ", "ਵਿਲਬਰਫ਼ੋਰਸ"),
    "Bengali": ("শ্রেয়া", "গাঙ্গুলী"),
    "Chinese": ("德威", "彭"),
    "Tigrinya": ("መሓሪ", "ትግርኛ"),
}


@pytest.mark.parametrize("language", NAMES)
def test_a_name_goes_from_the_file_to_the_page_and_out_as_text(work: Work, desk: LetterDesk, language: str) -> None:
    given, family = NAMES[language]
    file_id, _ = a_letter_file(work, given=given, family=family)
    desk.open(file_id)
    press(Qt.Key.Key_S, modifiers=CTRL)
    text = unicodedata.normalize("NFC", "\n".join(page_texts(desk.paper()._pdf)))
    assert unicodedata.normalize("NFC", f"{given} {family}") in text.replace("\u00a0", " ")


def test_another_hearing_brings_its_own_facts_and_keeps_what_was_changed(work: Work, desk: LetterDesk) -> None:
    file_id, _ = a_letter_file(work)
    case_id = RecordId(work.read(justice_view, file_id).cases[0].case_id)
    other = a_hearing(work, file_id, case_id, date(2027, 1, 11), "Bradford")
    desk.open(file_id)
    desk.view().restore_focus({"field": "availability"})
    press(Qt.Key.Key_A, modifiers=CTRL)
    type_text("Call me.")
    desk.choose("about", "11 Jan")
    desk.settle()
    assert desk.value("about") == f"hearing:{other}"
    assert desk.value("hearing") == "2027-01-11T10:00"
    assert "Bradford" in desk.value("addressee")
    assert desk.value("availability") == "Call me."


def test_a_letter_that_changed_since_it_was_seen_is_not_kept(work: Work, desk: LetterDesk, qtbot: QtBot) -> None:
    file_id, _ = a_letter_file(work)
    desk.open(file_id)
    press(Qt.Key.Key_P, modifiers=ALT)
    desk.preview()
    work.clock.advance(timedelta(days=1))  # type: ignore[attr-defined]  # the letter is dated
    press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "changed since you looked" in desk.page()._banner.text())
    assert work.read(papers_of_file, file_id).letters == ()


def test_a_draft_of_a_letter_comes_back_with_its_flags_and_ticks(work: Work, desk: LetterDesk, qtbot: QtBot) -> None:
    file_id, hearing_id = a_letter_file(work)
    desk.open(file_id, hearing_id=hearing_id)
    desk.view().restore_focus({"field": "effect_words"})
    type_text(WORDS)
    tab_to("She agreed to these words")
    press(Qt.Key.Key_Space)
    before = desk.view().values()
    with qtbot.waitSignal(desk.office.drafts.kept):
        desk.office.drafts.flush()
    desk.end()
    again = LetterDesk(work, qtbot)
    found = again.office.drafts.load()
    again.office.drafts.loaded(found)
    again.host.reopen(list(found))
    qtbot.waitUntil(lambda: again.page().view is not None)
    assert {key: value for key, value in again.view().values().items() if key in before} == before
    assert focused().accessibleName() == "She agreed to these words"
    again.end()


def test_the_section_lists_letters_opens_them_and_starts_another(work: Work, desk: LetterDesk, qtbot: QtBot) -> None:
    file_id, _ = a_letter_file(work)
    section = LettersSection(desk.office, file_id, desk.window)
    section.reload()
    section.show()
    qtbot.waitUntil(lambda: section._cards.count() == 1)  # the empty state
    desk.open(file_id)
    press(Qt.Key.Key_S, modifiers=CTRL)
    pdf = desk.paper()._pdf
    desk.paper().reject()
    section.reload()
    qtbot.waitUntil(lambda: section.model.rowCount() == 1)
    (line,) = work.read(papers_of_file, file_id).letters
    section.open_letter(line.letter_id)
    assert desk.paper()._pdf == pdf
    desk.paper().reject()
    assert_accessible(section)
    section.open_form("letter", from_letter=line.letter_id)
    qtbot.waitUntil(lambda: desk.host.top() is not None and desk.page().view is not None)
    assert desk.value("urn") == "01EX000012326"
    assert not [key for key, value in desk.view().values().items() if key.startswith("tick_") and value]


def test_a_new_letter_from_an_old_one_is_for_the_hearing_that_was_listed_since(
    work: Work, desk: LetterDesk, qtbot: QtBot
) -> None:
    file_id, hearing_id = a_letter_file(work)
    desk.open(file_id)
    desk.view().restore_focus({"field": "availability"})
    press(Qt.Key.Key_S, modifiers=CTRL)
    desk.paper().reject()
    (line,) = work.read(papers_of_file, file_id).letters
    case_id = RecordId(work.read(justice_view, file_id).cases[0].case_id)
    work.clock.advance(timedelta(days=16))  # type: ignore[attr-defined]  # to the day of the trial
    record_outcome(work, hearing_id, Outcome("adjourned", "No time."))
    later = a_hearing(work, file_id, case_id, date(2027, 2, 1), "Bradford")
    desk.open(file_id, from_letter=line.letter_id)
    assert desk.value("about") == f"hearing:{later}"
    assert desk.value("hearing") == "2027-02-01T10:00"
    assert desk.value("availability") == "I will be at court on 1 February 2027."


def test_without_name_role_and_phone_of_the_worker_no_letter_is_made(work: Work, desk: LetterDesk) -> None:
    file_id, _ = a_letter_file(work)
    kept.put(work, settings.WORKER_KEY, settings.to_json(settings.WorkerDetails("Ash Advocate")))
    panel = desk.open(file_id)
    assert panel.judged is not None
    assert not panel.judged.may_be_made
    assert not panel.preview_button.isEnabled()


@pytest.mark.parametrize("percent", [100, 200])
def test_form_preview_and_page_dialog_can_be_used_without_a_mouse(
    work: Work, desk: LetterDesk, qtbot: QtBot, percent: int
) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme.apply(application, "light", percent)
    file_id, _ = a_letter_file(work, consent="")
    desk.open(file_id)
    assert_accessible(desk.page())
    assert_fits(desk.page(), 1366)
    desk.page().close_asked.emit()
    details = ConsentDetails("share_court", "given", date(2026, 11, 20), "phone")
    save_consent(work, file_id, None, details)
    desk.open(file_id, again="1")
    press(Qt.Key.Key_P, modifiers=ALT)
    preview = desk.preview()
    assert_accessible(preview)
    assert preview.width() <= 1366
    assert preview.height() <= 768
    preview._go_on()
    assert_accessible(desk.paper())


def test_a_letter_is_printed_page_by_page_and_put_on_record(
    work: Work, desk: LetterDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    file_id, _ = a_letter_file(work)
    desk.open(file_id)
    press(Qt.Key.Key_S, modifiers=CTRL)
    paper = desk.paper()
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    paper.print_on(printer)
    qtbot.waitUntil(lambda: "Sent to the printer" in paper.trouble.text())
    assert history(work, file_id)[0].kind == "letter_print"
    assert page_count((tmp_path / "printed.pdf").read_bytes()) == page_count(paper._pdf)


def test_a_letter_whose_consent_was_withdrawn_since_asks_for_another_ground(
    work: Work, desk: LetterDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    file_id, _ = a_letter_file(work)
    desk.open(file_id)
    press(Qt.Key.Key_S, modifiers=CTRL)
    paper = desk.paper()
    work.clock.advance(timedelta(minutes=5))  # type: ignore[attr-defined]
    withdrawn = ConsentDetails("share_court", "withdrawn", date(2026, 11, 21), withdrawn_on=date(2026, 11, 21))
    save_consent(work, file_id, None, withdrawn)  # while the page is open
    target = tmp_path / "letter.pdf"
    paper.save_to(target)
    qtbot.waitUntil(lambda: "was withdrawn on 21 November 2026" in paper.trouble.text())
    assert not target.exists()
    paper.reject()
    section = LettersSection(desk.office, file_id, desk.window)
    (line,) = work.read(papers_of_file, file_id).letters
    section.open_letter(line.letter_id, "save")  # asks first, though saving was wanted
    paper = desk.paper()
    asked = paper.findChild(OtherGround)
    assert asked is not None
    qtbot.waitUntil(asked.isVisible)
    assert "She withdrew her consent on 21 November 2026" in asked.why.text()
    assert_accessible(paper)
    tab_to("Another lawful ground")
    type_text("court")
    paper.save_to(target)
    qtbot.waitUntil(lambda: "Say why it is needed" in paper.trouble.text())
    assert not target.exists()
    tab_to("Why it is needed and in proportion")
    type_text("The court ordered it; she was told.")
    paper.save_to(target)
    qtbot.waitUntil(target.exists)
    newest = work.read(papers_of_file, file_id).disclosures[0]
    assert (newest.gateway, newest.necessity) == ("court_order", "The court ordered it; she was told.")
    assert not asked.isVisible()
    paper.reject()


def test_a_second_file_of_the_day_is_offered_under_the_next_number(
    work: Work, desk: LetterDesk, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _which: str(tmp_path))
    (tmp_path / "letter-2026-11-21-1.pdf").write_bytes(b"another")
    file_id, _ = a_letter_file(work)
    desk.open(file_id)
    press(Qt.Key.Key_S, modifiers=CTRL)
    desk.paper().choose_place()
    name = the_file_dialog(qtbot).findChild(QLineEdit)
    assert name is not None
    assert name.text() == "letter-2026-11-21-2.pdf"


def test_two_makings_of_the_same_letter_are_the_same_bytes(work: Work, desk: LetterDesk) -> None:
    file_id, _ = a_letter_file(work)
    desk.open(file_id)
    values = desk.view().values()
    first, second = (make(read_basis(desk.office, file_id), values, desk.office.fonts)[1] for _ in range(2))
    assert first == second
    with pikepdf.open(io.BytesIO(first)) as opened:
        assert "Przykładowska" not in str(dict(opened.docinfo))
