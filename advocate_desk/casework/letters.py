"""Letters as they leave: the exact PDF kept in the file, with its hash and a record of what it disclosed to whom."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from advocate_desk.casework.work import Activity, Done, Work
from advocate_desk.domain.consent import GIVEN, NOT_SOUGHT, WITHDRAWN, Consent, in_force
from advocate_desk.domain.days import long_day
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import Blocked, Invalid, Unavailable
from advocate_desk.packs.packs import Packs
from advocate_desk.store.queries.letter_facts import consents_of_file, file_of_letter, last_disclosure
from advocate_desk.store.tables.papers import disclosure, letter, stored_document

CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class LetterMade:
    """A composed letter, ready to be kept. `facts` are the form's values; `disclosed` the labels of what it tells.

    `consent` is how the client's consent to this sharing stands: given, refused, withdrawn or not_sought; "" to say
    given or not_sought by `client_agreed_on`.
    """

    template: str
    template_version: str
    title: str
    addressee_kind: str
    addressee: str
    facts: Mapping[str, Any]
    disclosed: tuple[str, ...]
    pdf: bytes
    gateway: str
    necessity: str = ""
    client_agreed_on: date | None = None
    case_id: RecordId | None = None
    hearing_id: RecordId | None = None
    consent: str = ""


def save_letter(work: Work, file_id: FileId, made: LetterMade) -> Done:
    """Keep the exact PDF, the letter's record and its disclosure record, in one act. Raises Invalid."""
    with work.activity("letter_saved", file_id) as act:
        if not made.addressee.strip():
            raise Invalid("The letter was not saved yet.", {"addressee": "Say who the letter is for."})
        if not made.gateway:
            raise Invalid(
                "The letter was not saved yet.",
                {"gateway": "Say on what ground this may be shared: consent, or another."},
            )
        if made.gateway == "consent" and made.client_agreed_on is None:
            raise Invalid(
                "The letter was not saved yet.", {"client_agreed_on": "Give the day on which the client agreed."}
            )
        document_id = act.insert(
            stored_document,
            file_id,
            {
                "title": made.title,
                "media_type": "application/pdf",
                "size_bytes": len(made.pdf),
                "sha256": hashlib.sha256(made.pdf).hexdigest(),
                "content": made.pdf,
            },
        )
        letter_id = act.insert(
            letter,
            file_id,
            {
                "template": made.template,
                "template_version": made.template_version,
                "addressee_kind": made.addressee_kind,
                "addressee": made.addressee,
                "case_id": made.case_id,
                "hearing_id": made.hearing_id,
                "facts": dict(made.facts),
                "document_id": document_id,
                "made_at": act.now,
                "made_by": act.actor.name,
            },
        )
        act.insert(
            disclosure,
            file_id,
            {
                "letter_id": letter_id,
                "to_whom": made.addressee,
                "addressee_kind": made.addressee_kind,
                "what": list(made.disclosed),
                "gateway": made.gateway,
                "consent": made.consent or ("given" if made.client_agreed_on else "not_sought"),
                "necessity": made.necessity,
                "decided_by": act.actor.name,
                "decided_at": act.now,
                "client_agreed_on": made.client_agreed_on,
                "how": "letter",
            },
        )
        act.audit("letter_saved", file_id, "letter", letter_id, template=made.template, items=len(made.disclosed))
        return act.done(letter_id, file_id)


@dataclass(frozen=True, slots=True)
class Ground:
    """Another lawful ground than consent: a key of gateway, and why it is needed and in proportion."""

    gateway: str
    necessity: str


def letter_pdf(work: Work, letter_id: RecordId) -> bytes:
    """The PDF of a kept letter, proved against its hash, to be looked at: that goes into the audit chain.

    Before it leaves, `record_leaving` is asked. Raises Unavailable when the bytes are not those that were saved.
    """
    with work.activity("letter_read") as act:
        found = act.row(letter, letter_id)
        content = _proved(act, found)
        act.audit("letter_preview", found["file_id"], "letter", letter_id)
        return content


def missing_consent(work: Work, letter_id: RecordId) -> Consent | None:
    """How her consent stands now, if a kept letter rests on it and may not: None when nothing is in the way."""
    return work.read(_missing_consent, work.packs, letter_id)


def record_leaving(work: Work, letter_id: RecordId, how: str, ground: Ground | None = None) -> Done:
    """Put on record that a kept letter leaves, before it does; `how` is "export" or "print".

    Looks again at the consent that the letter rests on. Raises Blocked when it no longer stands and no other `ground`
    is given, Invalid when the ground is not whole; a ground that is used gets an entry of its own in the register.
    Raises Unavailable when the bytes are not those that were saved.
    """
    with work.activity("letter_left") as act:
        found = act.row(letter, letter_id)
        _proved(act, found)
        missing = _missing_consent(act.conn, act.packs, letter_id)
        if missing is not None:
            if ground is None:
                raise Blocked(_not_agreed(missing))
            _rest_on(act, found, ground, missing)
        act.audit(f"letter_{how}", found["file_id"], "letter", letter_id, other_ground=missing is not None)
        return act.done(letter_id, FileId(found["file_id"]))


def record_not_left(work: Work, letter_id: RecordId, how: str) -> Done:
    """Put on record that a letter did not leave after all: the disk or the printer refused it."""
    with work.activity("letter_left") as act:
        found = act.row(letter, letter_id)
        act.audit(f"letter_{how}_failed", found["file_id"], "letter", letter_id)
        return act.done(letter_id, FileId(found["file_id"]))


def _proved(act: Activity, found: RowMapping) -> bytes:
    kept = select(stored_document).where(stored_document.c.id == found["document_id"])
    document = act.conn.execute(kept).mappings().one()
    if hashlib.sha256(document["content"]).hexdigest() != document["sha256"]:
        raise Unavailable("This letter is not the one that was saved. Do not use it; make it again.")
    return bytes(document["content"])


def _missing_consent(conn: Connection, packs: Packs, letter_id: RecordId) -> Consent | None:
    told = last_disclosure(conn, letter_id)
    if told is None or told.gateway != CONSENT:
        return None
    rules = packs.disclosure_rules().addressee
    scope = next((rule.scope for rule in rules if rule.key == told.addressee_kind), "")
    stands = in_force(consents_of_file(conn, file_of_letter(conn, letter_id))).get(scope, Consent(NOT_SOUGHT))
    return None if stands.state == GIVEN else stands


def _not_agreed(stands: Consent) -> str:
    on = f" on {long_day(stands.on)}" if stands.on else ""
    words = {WITHDRAWN: f"was withdrawn{on}", NOT_SOUGHT: "is no longer in the file"}.get(stands.state, f"ended{on}")
    return (
        f"The letter did not leave: it rests on the client’s consent, which {words}. Talk with her first, or choose "
        "another lawful ground and say why it is needed."
    )


def _rest_on(act: Activity, found: RowMapping, ground: Ground, stands: Consent) -> None:
    """Put the other ground into the register."""
    known = {each.key for each in act.packs.choices("gateway")} - {CONSENT}
    problems = {} if ground.gateway in known else {"gateway": "Choose another lawful ground."}
    if not ground.necessity.strip():
        problems["necessity"] = "Say why it is needed and in proportion, and whether she was told."
    if problems:
        raise Invalid(f"The letter did not leave yet. {' '.join(problems.values())}", problems)
    told = last_disclosure(act.conn, found["id"])
    act.insert(
        disclosure,
        FileId(found["file_id"]),
        {
            "letter_id": found["id"],
            "to_whom": found["addressee"],
            "addressee_kind": found["addressee_kind"],
            "what": list(told.what or ()) if told else [],
            "gateway": ground.gateway,
            "consent": stands.state,
            "necessity": ground.necessity.strip(),
            "decided_by": act.actor.name,
            "decided_at": act.now,
            "client_agreed_on": None,
            "how": "letter",
        },
    )
