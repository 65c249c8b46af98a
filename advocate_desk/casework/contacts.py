"""Contact attempts, behind the safe-contact guard: what her rule does not allow needs a reason, and is recorded."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from advocate_desk.casework import follow_up
from advocate_desk.casework.work import Done, Work
from advocate_desk.clock import in_london
from advocate_desk.domain.contact import Channel, ContactMethod, Verdict, may_contact
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import Blocked, Invalid
from advocate_desk.store.queries.client_file import alert_lines
from advocate_desk.store.queries.safe_contact import contact_method_by_id
from advocate_desk.store.tables.work import contact_attempt

REVEALED = "revealed"
"""The outcome of an entry that is no attempt: a number or address was taken against her rule, with the reason."""


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
        is_override = False
        if details.contact_method_id is not None:
            method = contact_method_by_id(act.conn, details.contact_method_id)
            standing = [each.kind for each in alert_lines(act.conn, file_id) if each.ended_on is None]
            said = verdict(method, Channel(details.channel), details.attempted_at, standing)
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


@dataclass(frozen=True, slots=True)
class Reveal:
    """A number or address that is shown in full or copied. `how` is "shown" or "copied"."""

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
        standing = [each.kind for each in alert_lines(act.conn, file_id) if each.ended_on is None]
        said = verdict(method, Channel(details.channel), act.now, standing)
        if not said.allowed and not details.override_reason.strip():
            raise Blocked(f"{' '.join(said.reasons)} To go on all the same, say why.")
        if not said.allowed:
            row = {
                "contact_method_id": details.contact_method_id,
                "attempted_at": act.now,
                "channel": details.channel,
                "outcome": REVEALED,
                "is_override": True,
                "override_reason": details.override_reason.strip(),
                "made_by": act.actor.name,
            }
            act.insert(contact_attempt, file_id, row)
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


def record_opened(work: Work, file_id: FileId, contact_id: RecordId) -> None:
    """Put on record that a number or address was opened to be changed, and so was seen."""
    with work.activity("contact_revealed", file_id) as act:
        act.audit("contact_revealed", file_id, "contact_method", contact_id, how="changed")
