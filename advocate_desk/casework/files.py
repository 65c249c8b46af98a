"""The client file as a whole: consents, alerts, allocation, status, closing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from uuid import UUID

from sqlalchemy import update

from advocate_desk.casework.intake import AlertDetails, ConsentDetails, NeedDetails, ReferralDetails, add_referral
from advocate_desk.casework.work import Activity, Done, Work
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import Blocked, Invalid
from advocate_desk.store.queries.closing import open_matters
from advocate_desk.store.tables.files import access_need, alert, client_file, consent
from advocate_desk.store.tables.work import contact_note, task

_REMOVABLE = {"alert": alert, "consent": consent, "access_need": access_need}


def save_consent(work: Work, file_id: FileId, consent_id: RecordId | None, details: ConsentDetails) -> Done:
    """Record what the client agreed to or did not, or its withdrawal. Raises Invalid."""
    with work.activity("consent_recorded", file_id) as act:
        if problems := consent_problems(details, act.today):
            raise Invalid("The consent was not saved yet.", problems)
        row = asdict(details)
        if consent_id is None:
            consent_id = act.insert(consent, file_id, row)
        else:
            act.update(consent, consent_id, row)
        act.audit("consent_recorded", file_id, "consent", consent_id, scope=details.scope, decision=details.decision)
        return act.done(consent_id, file_id)


def consent_problems(details: ConsentDetails, today: date) -> dict[str, str]:
    """Which of two decisions stands is told by their days, so there is always one, and none lies ahead."""
    problems = {}
    if not details.scope or not details.decision:
        problems["scope"] = "Choose what it is about, and whether it was given."
    if details.decided_on is None:
        problems["decided_on"] = "Give the day on which she decided."
    for key, on in (("decided_on", details.decided_on), ("withdrawn_on", details.withdrawn_on)):
        if on is not None and on > today:
            problems[key] = "This day has not come yet."
    return problems


def save_alert(work: Work, file_id: FileId, alert_id: RecordId | None, details: AlertDetails) -> Done:
    """Add an alert, change it, or end it. Raises Invalid."""
    with work.activity("alert_saved", file_id) as act:
        if not details.kind:
            raise Invalid("The alert was not saved yet.", {"kind": "Choose what the alert is."})
        row = {**asdict(details), "told_at": act.now}
        if alert_id is None:
            alert_id = act.insert(alert, file_id, row)
        else:
            act.update(alert, alert_id, row)
        act.audit("alert_saved", file_id, "alert", alert_id, alert_kind=details.kind)
        return act.done(alert_id, file_id)


def save_need(work: Work, file_id: FileId, need_id: RecordId | None, details: NeedDetails) -> Done:
    """Add or change an access need. Raises Invalid."""
    with work.activity("access_need_saved", file_id) as act:
        if not details.kind:
            raise Invalid("The access need was not saved yet.", {"kind": "Choose what would help."})
        if need_id is None:
            need_id = act.insert(access_need, file_id, asdict(details))
        else:
            act.update(access_need, need_id, asdict(details))
        return act.done(need_id, file_id)


def record_referral(work: Work, file_id: FileId, details: ReferralDetails) -> Done:
    """Put one more referral into a file that is already known. Raises Invalid."""
    with work.activity("referral_recorded", file_id) as act:
        if not details.source:
            raise Invalid("The referral was not saved yet.", {"source": "Choose where it came from."})
        referral_id = add_referral(act, file_id, details)
        return act.done(referral_id, file_id)


def set_status(work: Work, file_id: FileId, status: str) -> Done:
    """Change the status of an open file. Closing goes through `close_file`. Raises Invalid."""
    with work.activity("status_changed", file_id) as act:
        if not status or status == "closed":
            raise Invalid("The status was not changed.", {"status": "Choose a status; close the file to end it."})
        act.update(client_file, RecordId(file_id), {"status": status, "closed_on": None, "closure_reason": ""})
        act.audit("status_changed", file_id, "client_file", RecordId(file_id), status=status)
        return act.done(RecordId(file_id), file_id)


def close_file(work: Work, file_id: FileId, reason: str, closed_on: date, override: str = "") -> Done:
    """Close the file.

    Raises Blocked while a hearing lies ahead or bail runs, unless `override` says who agreed and why: that becomes a
    note of the file.
    """
    with work.activity("file_closed", file_id) as act:
        if not reason:
            raise Invalid("The file was not closed.", {"reason": "Choose the reason for closing."})
        if closed_on > act.today:
            raise Invalid("The file was not closed.", {"closed_on": "This date is in the future."})
        if act.row(client_file, RecordId(file_id))["status"] == "closed":
            raise Blocked("This file is closed already. Nothing was changed.")
        ahead = open_matters(act.conn, file_id, act.today)
        if ahead and not override.strip():
            raise Blocked(
                f"The file was not closed: {' and '.join(ahead)}. To close it all the same, write who agreed and why."
            )
        act.update(
            client_file,
            RecordId(file_id),
            {"status": "closed", "closed_on": closed_on, "closure_reason": reason},
        )
        if ahead:
            words = f"The file was closed although {' and '.join(ahead)}. {override.strip()}"
            note = {"happened_at": act.now, "method": "record", "text": words, "written_by": act.actor.name}
            act.insert(contact_note, file_id, note)
        _end_tasks(act, file_id)
        act.audit("file_closed", file_id, "client_file", RecordId(file_id), reason=reason, overridden=bool(override))
        return act.done(RecordId(file_id), file_id)


def _end_tasks(act: Activity, file_id: FileId) -> None:
    """What was still to do ends with the file; the tasks stay readable, with the reason that they ended."""
    act.conn.execute(
        update(task)
        .where(task.c.file_id == file_id, task.c.completed_at.is_(None), task.c.deleted_at.is_(None))
        .values(completed_at=act.now, completed_by=act.actor.name, outcome="file_closed", changed_at=act.now)
    )
    act.touch("task", file_id)


def remove_record(work: Work, kind: str, record_id: RecordId) -> Done:
    """Take an alert, consent or access need out of the file; `kind` names its table. It stays until retention ends."""
    with work.activity(f"{kind}_removed") as act:
        file_id = act.remove(_REMOVABLE[kind], record_id)
        act.audit(f"{kind}_removed", file_id, kind, record_id)
        return act.done(record_id, file_id)


def restore_record(work: Work, kind: str, record_id: RecordId) -> Done:
    """Take back what `remove_record` did."""
    with work.activity(f"{kind}_restored") as act:
        file_id = act.restore(_REMOVABLE[kind], record_id)
        act.audit(f"{kind}_restored", file_id, kind, record_id)
        return act.done(record_id, file_id)


def set_restricted(
    work: Work, file_id: FileId, is_restricted: bool, conflict_note: str, readers: Sequence[UUID] = ()
) -> Done:
    """Restrict the file to the people named for it, or lift that, and keep the note on why.

    `readers`: who may read it beside its advocate, by their ids in the organisation.
    """
    with work.activity("restriction_changed", file_id) as act:
        named = sorted(each.hex for each in set(readers)) if is_restricted else []
        values = {"is_restricted": is_restricted, "conflict_note": conflict_note.strip(), "readers": named or None}
        act.update(client_file, RecordId(file_id), values)
        act.audit(
            "restriction_changed",
            file_id,
            "client_file",
            RecordId(file_id),
            restricted=is_restricted,
            **({"readers": len(named)} if named else {}),
        )
        return act.done(RecordId(file_id), file_id)
