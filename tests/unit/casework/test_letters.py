"""Letters kept exactly as they left, with what they told, to whom and why."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from advocate_desk.casework.access import history
from advocate_desk.casework.contacts import AttemptDetails, record_attempt
from advocate_desk.casework.files import remove_record, save_consent
from advocate_desk.casework.intake import ConsentDetails
from advocate_desk.casework.letters import (
    Ground,
    LetterMade,
    letter_pdf,
    missing_consent,
    record_leaving,
    record_not_left,
    save_letter,
)
from advocate_desk.casework.notes import NoteDetails, amend_note, write_note
from advocate_desk.casework.work import Work
from advocate_desk.domain.consent import Consent
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import Blocked, Invalid, Refused, Unavailable
from advocate_desk.store.queries.client_file import file_view
from advocate_desk.store.queries.letter_facts import contact_count, letter_by_id, papers_of_file
from advocate_desk.store.tables.papers import stored_document
from tests.builders import NOON, a_file, a_work

PDF = b"%PDF-1.7 not really, but the bytes must stay the same"
MADE = LetterMade(
    template="L_COURT",
    template_version="1",
    title="Court support letter",
    addressee_kind="court",
    addressee="The Court Manager, Leeds Crown Court",
    facts={"urn": "01EX000012326"},
    disclosed=("Client’s name", "Court"),
    pdf=PDF,
    gateway="consent",
    client_agreed_on=date(2026, 11, 18),
)


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Work]:
    made = a_work(tmp_path)
    yield made
    made.engine.dispose()


@pytest.fixture
def file_id(work: Work) -> FileId:
    return a_file(work, consents=(ConsentDetails("share_court", "given", date(2026, 11, 18)),))


def kept(work: Work, file_id: FileId, **changed: object) -> RecordId:
    letter_id = save_letter(work, file_id, replace(MADE, **changed)).record_id  # type: ignore[arg-type]
    assert letter_id is not None
    return letter_id


def test_a_letter_is_kept_byte_for_byte_with_its_hash(work: Work, file_id: FileId) -> None:
    letter_id = kept(work, file_id)
    assert letter_pdf(work, letter_id) == PDF
    line = work.read(letter_by_id, letter_id)
    assert line is not None
    assert line.sha256 == hashlib.sha256(PDF).hexdigest()
    assert line.facts == {"urn": "01EX000012326"}


def test_what_it_told_stands_in_the_register(work: Work, file_id: FileId) -> None:
    letter_id = kept(work, file_id)
    view = work.read(papers_of_file, file_id)
    (told,) = view.disclosures
    assert told.letter_id == letter_id
    assert told.what == ["Client’s name", "Court"]
    assert (told.gateway, told.consent, told.client_agreed_on) == ("consent", "given", date(2026, 11, 18))


def test_a_refused_consent_is_put_on_record_with_the_other_ground(work: Work, file_id: FileId) -> None:
    kept(work, file_id, gateway="court_order", client_agreed_on=None, consent="refused", necessity="Ordered.")
    (told,) = work.read(papers_of_file, file_id).disclosures
    assert (told.gateway, told.consent, told.necessity) == ("court_order", "refused", "Ordered.")


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"addressee": " "}, "addressee"),
        ({"gateway": ""}, "gateway"),
        ({"client_agreed_on": None}, "client_agreed_on"),
    ],
)
def test_a_letter_without_addressee_ground_or_day_of_consent_is_not_kept(
    work: Work, file_id: FileId, changed: dict[str, object], problem: str
) -> None:
    with pytest.raises(Invalid) as refused:
        kept(work, file_id, **changed)
    assert problem in refused.value.problems
    assert work.read(papers_of_file, file_id).letters == ()


def test_each_way_a_letter_leaves_is_in_the_audit_chain(work: Work, file_id: FileId) -> None:
    letter_id = kept(work, file_id)
    letter_pdf(work, letter_id)
    record_leaving(work, letter_id, "export")
    record_not_left(work, letter_id, "export")
    record_leaving(work, letter_id, "print")
    kinds = [line.kind for line in history(work, file_id)]
    assert kinds[:5] == ["letter_print", "letter_export_failed", "letter_export", "letter_preview", "letter_saved"]


GONE = [
    ConsentDetails("share_court", "withdrawn", date(2026, 11, 21), withdrawn_on=date(2026, 11, 21)),
    ConsentDetails("share_court", "refused", date(2026, 11, 21)),
]


@pytest.mark.parametrize("gone", GONE, ids=["withdrawn", "refused"])
def test_a_letter_whose_consent_is_gone_leaves_only_on_another_ground(
    work: Work, file_id: FileId, gone: ConsentDetails
) -> None:
    letter_id = kept(work, file_id)
    assert missing_consent(work, letter_id) is None
    work.clock.advance(timedelta(minutes=5))  # type: ignore[attr-defined]
    save_consent(work, file_id, None, gone)
    assert missing_consent(work, letter_id) == Consent(gone.decision, date(2026, 11, 21))
    with pytest.raises(Blocked, match="21 November 2026"):
        record_leaving(work, letter_id, "export")
    for ground in (Ground("consent", "She agreed before."), Ground("court_order", " "), Ground("made up", "Because.")):
        with pytest.raises(Invalid):
            record_leaving(work, letter_id, "print", ground)
    assert not {"letter_export", "letter_print"} & {line.kind for line in history(work, file_id)}
    record_leaving(work, letter_id, "export", Ground("court_order", "The court ordered it; she was told."))
    newest, first = work.read(papers_of_file, file_id).disclosures
    assert (newest.letter_id, newest.gateway, newest.consent) == (letter_id, "court_order", gone.decision)
    assert newest.necessity == "The court ordered it; she was told."
    assert (first.gateway, newest.what) == ("consent", first.what)
    assert missing_consent(work, letter_id) is None  # it rests on the order from now on
    record_leaving(work, letter_id, "print")


def test_a_letter_whose_consent_was_taken_out_of_the_file_is_held_back(work: Work, file_id: FileId) -> None:
    letter_id = kept(work, file_id)
    (line,) = work.read(file_view, file_id).consents
    remove_record(work, "consent", RecordId(line.consent_id))
    with pytest.raises(Blocked, match="no longer in the file"):
        record_leaving(work, letter_id, "export")


def test_a_letter_on_another_ground_does_not_ask_for_consent(work: Work, file_id: FileId) -> None:
    letter_id = kept(work, file_id, gateway="court_order", client_agreed_on=None, necessity="Ordered.")
    save_consent(work, file_id, None, GONE[0])
    assert missing_consent(work, letter_id) is None
    record_leaving(work, letter_id, "export")


def test_changed_bytes_are_never_handed_out(work: Work, file_id: FileId) -> None:
    letter_id = kept(work, file_id)
    with pytest.raises(IntegrityError), work.engine.begin() as conn:
        conn.execute(update(stored_document).values(content=PDF + b" "))
    with work.engine.begin() as conn:  # as somebody would who goes round the store's own guard
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'stored_document'"
        for (name,) in conn.execute(text(triggers)).all():
            conn.execute(text(f'DROP TRIGGER "{name}"'))
        conn.execute(update(stored_document).values(content=PDF + b" "))
    with pytest.raises(Unavailable):
        letter_pdf(work, letter_id)
    with pytest.raises(Unavailable):
        record_leaving(work, letter_id, "export")


def test_a_letter_that_is_not_there_is_refused(work: Work) -> None:
    with pytest.raises(Refused):
        letter_pdf(work, RecordId(UUID(int=7)))


def test_contacts_are_counted_once_and_only_with_her(work: Work, file_id: FileId) -> None:
    record_attempt(work, file_id, AttemptDetails(NOON - timedelta(days=9), "phone", "spoke"))
    record_attempt(work, file_id, AttemptDetails(NOON - timedelta(days=8), "phone", "no_answer"))
    record_attempt(work, file_id, AttemptDetails(NOON - timedelta(days=7, hours=1), "phone", "spoke"))
    call = NoteDetails(NOON - timedelta(days=7), "phone", "The same call.", spoke_with_client=True)
    first = write_note(work, file_id, call).record_id
    write_note(work, file_id, NoteDetails(NOON - timedelta(days=6), "professional", "With the officer."))
    write_note(work, file_id, NoteDetails(NOON - timedelta(days=5), "in_person", "A visit.", spoke_with_client=True))
    write_note(work, file_id, NoteDetails(NOON - timedelta(days=4), "phone", "Her sister answered."))
    assert first is not None
    longer = NoteDetails(NOON - timedelta(days=7), "phone", "The same call, longer.", spoke_with_client=True)
    amend_note(work, first, longer, "More")
    assert work.read(contact_count, file_id) == 3
