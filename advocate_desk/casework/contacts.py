"""Contact attempts, behind the safe-contact guard: what her rule does not allow needs a reason, and is recorded."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from advocate_desk.casework import follow_up
from advocate_desk.casework.work import Activity, Done, Work
from advocate_desk.clock import in_london
from advocate_desk.domain.contact import (
    Channel,
    ContactMethod,
    Verdict,
    may_contact,
    may_contact_otherwise,
    may_see_place,
)
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import Blocked, Invalid
from advocate_desk.store.queries.client_file import alert_lines
from advocate_desk.store.queries.safe_contact import contact_method_by_id
from advocate_desk.store.tables.work import contact_attempt

REVEALED = "revealed"
"""The outcome of an entry that is no attempt: a number or address was taken against her rule, with the reason."""

PAPER_MADE = "paper_made"
"""The outcome of an entry that is no attempt: a paper was made against her rule, with the reason."""


@dataclass(frozen=True, slots=True)
class AttemptDetails:
    """A try to reach the client. `attempted_at` is aware; against her safe-contact rule it needs `override_reason`."""

    attempted_at: datetime
    channel: str
    outcome: str
    contact_method_id: RecordId | None = None
    text: str = ""
    override_reason: str = ""


def verdict(method: ContactMethod, channel: Channel, moment: datetime, alerts: Collection[str] = ()) -> Verdict:
    """What her safe-contact rule says of this channel at `moment` (aware), given the kinds of her standing alerts."""
    return may_contact(method, channel, in_london(moment).replace(tzinfo=None), alerts)


def record_attempt(work: Work, file_id: FileId, details: AttemptDetails) -> Done:
    """Record a contact attempt. Raises Invalid, or Blocked when her rule forbids the channel and no reason is given."""
    with work.activity("contact_attempted", file_id) as act:
        problems: dict[str, str] = {}
        if not details.outcome:
            problems["outcome"] = "Choose what came of it."
        if not details.channel:
            problems["channel"] = "Choose how you tried."
        if details.attempted_at > act.now:
            problems["attempted_at"] = "This is in the future."
        if problems:
            raise Invalid("The attempt was not saved yet. What you typed is still here.", problems)
        said = _verdict_on(act, file_id, details)
        is_override = not said.allowed
        if is_override and not details.override_reason.strip():
            raise Blocked(f"{' '.join(said.reasons)} To record it all the same, say why.")
        attempt_id = act.insert(
            contact_attempt,
            file_id,
            {
                "contact_method_id": details.contact_method_id,
                "attempted_at": details.attempted_at,
                "channel": details.channel,
                "outcome": details.outcome,
                "text": details.text,
                "is_override": is_override,
                "override_reason": details.override_reason if is_override else "",
                "made_by": act.actor.name,
            },
        )
        follow_up.after_attempt(act, file_id, details.outcome, attempt_id)
        act.audit(
            "contact_attempted", file_id, "contact_attempt", attempt_id, outcome=details.outcome, override=is_override
        )
        return act.done(attempt_id, file_id)


def _verdict_on(act: Activity, file_id: FileId, details: AttemptDetails) -> Verdict:
    if details.contact_method_id is None:
        return may_contact_otherwise(_standing(act, file_id))
    method = contact_method_by_id(act.conn, details.contact_method_id)
    return verdict(method, Channel(details.channel), details.attempted_at, _standing(act, file_id))


def _standing(act: Activity, file_id: FileId) -> list[str]:
    return [each.kind for each in alert_lines(act.conn, file_id) if each.ended_on is None]


@dataclass(frozen=True, slots=True)
class Reveal:
    """A number or address that is taken from the file. `how` is "shown", "copied" or "changed"."""

    contact_method_id: RecordId
    channel: str
    how: str
    override_reason: str = ""


def record_reveal(work: Work, file_id: FileId, details: Reveal) -> Done:
    """Put on record that a number or address was taken from the file.

    Raises Blocked when her rule forbids the channel now and no reason is given; with one, the reason is kept beside the
    contact attempts.
    """
    with work.activity("contact_revealed", file_id) as act:
        method = contact_method_by_id(act.conn, details.contact_method_id)
        said = verdict(method, Channel(details.channel), act.now, _standing(act, file_id))
        _keep_reason(act, file_id, said, details.override_reason, details.channel, details.contact_method_id)
        act.audit(
            "contact_revealed",
            file_id,
            "contact_method",
            details.contact_method_id,
            how=details.how,
            channel=details.channel,
            override=not said.allowed,
        )
        return act.done(details.contact_method_id, file_id)


def record_place(work: Work, file_id: FileId, person_id: RecordId, how: str, override_reason: str = "") -> Done:
    """Put on record that the place where somebody stays was "shown" or opened to be "changed".

    Raises Blocked while an alert says not to contact and no reason is given; with one, the reason is kept.
    """
    with work.activity("contact_revealed", file_id) as act:
        said = may_see_place(_standing(act, file_id))
        _keep_reason(act, file_id, said, override_reason, Channel.VISIT.value)
        act.audit("contact_revealed", file_id, "person", person_id, how=how, override=not said.allowed)
        return act.done(person_id, file_id)


def record_paper(work: Work, file_id: FileId, what: str, override_reason: str) -> Done:
    """Put on record why a paper for the client was made against her rule. `what` is a kind of page, never a name.

    Raises Blocked without a reason.
    """
    with work.activity("file_exported", file_id) as act:
        said = Verdict(False, ("Her rule does not say that this paper is safe.",))
        _keep_reason(act, file_id, said, override_reason, "", outcome=PAPER_MADE)
        act.audit("file_exported", file_id, what=what, how="made", override=True)
        return act.done(None, file_id)


def _keep_reason(
    act: Activity,
    file_id: FileId,
    said: Verdict,
    reason: str,
    channel: str,
    contact_method_id: RecordId | None = None,
    outcome: str = REVEALED,
) -> None:
    """Keep why something was done that her rule does not allow, beside the contact attempts."""
    if said.allowed:
        return
    if not reason.strip():
        raise Blocked(f"{' '.join(said.reasons)} To go on all the same, say why.")
    row = {
        "contact_method_id": contact_method_id,
        "attempted_at": act.now,
        "channel": channel,
        "outcome": outcome,
        "is_override": True,
        "override_reason": reason.strip(),
        "made_by": act.actor.name,
    }
    act.insert(contact_attempt, file_id, row)


def record_opened(work: Work, file_id: FileId, contact_id: RecordId) -> None:
    """Put on record that a number or address was opened to be changed, and so was seen."""
    with work.activity("contact_revealed", file_id) as act:
        act.audit("contact_revealed", file_id, "contact_method", contact_id, how="changed")
