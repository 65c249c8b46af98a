"""Letters as they leave: the exact PDF kept in the file, with its hash and a record of what it disclosed to whom."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from advocate_desk.casework.work import Done, Work
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import Invalid, Unavailable
from advocate_desk.store.tables.papers import disclosure, letter, stored_document


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


def letter_pdf(work: Work, letter_id: RecordId, how: str) -> bytes:
    """The PDF of a kept letter, proved against its hash. `how` (preview, export, print) goes into the audit chain.

    Raises Unavailable when the bytes are not those that were saved.
    """
    with work.activity("letter_read") as act:
        found = act.row(letter, letter_id)
        document = (
            act.conn.execute(select(stored_document).where(stored_document.c.id == found["document_id"]))
            .mappings()
            .one()
        )
        if hashlib.sha256(document["content"]).hexdigest() != document["sha256"]:
            raise Unavailable("This letter is not the one that was saved. Do not use it; make it again.")
        act.audit(f"letter_{how}", found["file_id"], "letter", letter_id)
        return bytes(document["content"])
