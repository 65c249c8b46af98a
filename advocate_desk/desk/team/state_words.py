"""How the exchange stands, in words: a few for the header; for each trouble what happened, what was kept, what to do.

No signal is no trouble: it is the normal state in a courtroom, and is said calmly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication

from advocate_desk.clock import in_london
from advocate_desk.desk.screens.list_words import short_day
from advocate_desk.desk.team.exchange_state import Ended, ExchangeState
from advocate_desk.desk.theme import Tone
from advocate_desk.sync.overview import Event

LONG_WITHHELD = timedelta(days=1)


def _tr(text: str) -> str:
    return QCoreApplication.translate("ExchangeWords", text)


@dataclass(frozen=True, slots=True)
class Headline:
    """What the header shows: an icon, a few words, and whether it asks to be looked at."""

    icon: str
    words: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Told:
    """One trouble as the panel tells it. `action` names a button that belongs to it, or is empty."""

    text: str
    tone: Tone = "warning"
    action: str = ""


def headline(state: ExchangeState, now: datetime) -> Headline:
    """The few words of the header."""
    is_grave = state.trouble is not None and _is_grave(state.trouble)
    if state.alarms or not _TO_READ.isdisjoint(state.notes) or is_grave or _is_long_withheld(state, now):
        return Headline("triangle-alert", _tr("Exchange: please read"), "danger")
    if state.is_out:
        return Headline("laptop", _tr("Organisation left"))
    if state.is_paused:
        return Headline("pause", _with_waiting(_tr("Exchange paused"), state))
    if not state.has_hub and (state.is_away or not state.has_file):
        return Headline("laptop", _with_waiting(_tr("Exchange by a file"), state))
    if state.progress is not None:
        return Headline("refresh-cw", _tr("Receiving {0}").format(percent_words(state.progress)))
    if state.trouble is not None and state.trouble.kind == "knocking":
        return Headline("clock", _tr("Waiting to be let in"))
    if state.trouble is not None:
        return Headline("circle-alert", _with_waiting(_short_trouble(state.trouble, state.has_hub), state))
    return _calm_headline(state, now)


def _calm_headline(state: ExchangeState, now: datetime) -> Headline:
    """Where nothing is wrong."""
    if state.is_at_documents:
        return Headline("refresh-cw", _tr("Documents on their way"))
    if words := _waiting_words(state):
        return Headline("upload", words)
    if state.last_at is None:
        return Headline("refresh-cw", _tr("First exchange"))
    return Headline("circle-check", _tr("Exchanged {0}").format(when_words(state.last_at, now)))


def _is_long_withheld(state: ExchangeState, now: datetime) -> bool:
    """After something was given back, others have a day to do the same; then it is to be read."""
    at = state.withheld_at
    return "withheld" in state.notes and at is not None and now - at > LONG_WITHHELD


def when_words(at: datetime, now: datetime) -> str:
    """A moment, by the clock in London: "14:03" today, "Mon 23 Nov, 14:03" on another day."""
    there, today = in_london(at), in_london(now).date()
    return f"{there:%H:%M}" if there.date() == today else f"{short_day(there.date(), today)}, {there:%H:%M}"


def percent_words(progress: tuple[int, int]) -> str:
    """How far, in per cent."""
    done, of = progress
    return f"{min(99, 100 * done // of) if of else 0}%"


def progress_words(progress: tuple[int, int]) -> str:
    """How far, in counts."""
    done, of = progress
    return _tr("{0} of {1} parcels have come. You can go on working meanwhile.").format(f"{done:,}", f"{of:,}")


def _with_waiting(words: str, state: ExchangeState) -> str:
    waiting = _waiting_words(state)
    return f"{words} · {waiting}" if waiting else words


def _waiting_words(state: ExchangeState) -> str:
    """What waits here: changes, or else the bytes of documents; "" where nothing does."""
    if state.waiting:
        count = f"{state.waiting:,}"
        return _tr("1 change to send") if state.waiting == 1 else _tr("{0} changes to send").format(count)
    if not state.unsent_documents:
        return ""
    count = f"{state.unsent_documents:,}"
    return _tr("1 document to send") if state.unsent_documents == 1 else _tr("{0} documents to send").format(count)


def _short_trouble(ended: Ended, has_hub: bool) -> str:
    return _tr("No connection") if ended.kind == "unreachable" and has_hub else _tr("Exchange stopped")


def _is_grave(ended: Ended) -> bool:
    return ended.kind in {"distrust", "lost"} or ended.code in _GRAVE


_TO_READ = frozenset({"many_withdrawn", "statements_refused"})
_GRAVE = frozenset({"unknown", "wrong_signature", "other_address", "revoked", "full"})

# --- troubles ---

_KEPT = "What you wrote is kept here and will be sent later."
_REFUSED = {
    "malformed": (
        "The hub could not read what this desk sent. {kept} Look whether there is a newer version of the program, and "
        "tell whoever runs the hub."
    ),
    "no_session": "The hub ended the connection. {kept} Nothing is to be done: this desk signs in again by itself.",
    "wrong_signature": (
        "The hub does not accept this desk’s signature. {kept} Tell your administrator: this desk may have to be "
        "invited again."
    ),
    "other_address": (
        "The hub says that it is reached by another address than this desk has, so it let nobody in. {kept} "
        "Ask your administrator for the right address; whoever runs the hub sets it there, too."
    ),
    "revoked": (
        "The hub says that this desk was removed, but does not prove it. Nothing was deleted. {kept} Tell your "
        "administrator."
    ),
    "no_right": (
        "The hub did not take some changes, because this desk may not write to those files any more. {kept} Tell your "
        "administrator or supervisor if that is not as it should be."
    ),
    "may_read": (
        "A file that was to be taken off this desk has been handed back to you, so it was kept. {kept} Nothing is to "
        "be done."
    ),
    "unknown": (
        "The hub does not know this desk or its organisation. {kept} Look whether the address of the hub is right, and "
        "tell your administrator."
    ),
    "other_history": (
        "The hub has lost a part of what it held. {kept} Nothing is to be done: the desks give it back to it, this one "
        "at the next exchange."
    ),
    "other_members": (
        "The hub has another list of members than this desk, so it takes nothing from here. {kept} Tell your "
        "administrator, who looks on another desk which of the two is right."
    ),
    "out_of_order": (
        "The hub and this desk counted differently. {kept} Nothing is to be done: the next exchange puts it right. If "
        "this stays for a day, tell whoever runs the hub."
    ),
    "taken": "Another desk was quicker. {kept} Nothing is to be done: the next exchange puts both together.",
    "ended": "The hub’s question had ended before it was answered. {kept} Nothing is to be done: it is tried again.",
    "too_large": (
        "Something in this desk is larger than the hub takes. {kept} The rest is exchanged. Tell whoever runs the hub."
    ),
    "too_many": "The hub is busy and asked this desk to wait. {kept} Nothing is to be done: it is tried again.",
    "busy": "The hub is busy and asked this desk to wait. {kept} Nothing is to be done: it is tried again.",
    "too_slow": "The connection was too slow for the hub. {kept} Nothing is to be done: it is tried again.",
    "full": (
        "Your organisation has used up its space on the hub. {kept} Tell whoever runs the hub that it needs more space."
    ),
}
"""For each word by which a hub refuses."""
_OTHER_REFUSAL = (
    "The hub refused the exchange for a reason that this version does not know. {kept} Look whether there is a newer "
    "version of the program, and tell whoever runs the hub."
)
_NOT_SO = (
    "What the hub gave cannot be true, so it was not taken: {what}. Nothing here was changed by it. {kept} Tell your "
    "administrator and whoever looks after data protection: the hub may be broken or in the wrong hands."
)
_NOT_SO_WHAT = {
    "signature": "it is not signed by the desk that it names",
    "no member": "it comes from somebody who is no member",
    "right": "a key to a file was not given by a member",
    "removal": "it says that this desk was removed, and the members’ own list does not say so",
    "replayed": "something old was given again as new",
    "gap": "something between two parcels was left out",
    "order": "the order of the parcels was changed",
    "another history": "it tells another history than the one that this desk has seen",
    "another organisation": "it belongs to another organisation",
    "no end": "what it says that it holds comes to no end",
    "no progress": "it promises more and gives nothing",
    "not named": "it holds what its sender did not list",
    "entries": "it does not hold what its sender listed",
    "repeated": "it holds one change twice",
    "malformed": "it is not in the form that desks write",
    "no administrator": "the list of members would be left without an administrator",
    "another root": "the list of members does not begin where this desk knows that it began",
    "no right": "somebody changed the list of members who may not",
    "left out": "a part of a parcel was left out",
    "answer": "its answer does not fit what this desk sent",
    "not asked": "it gives what this desk did not ask for",
}


def trouble_words(ended: Ended) -> Told:
    """A trouble: what happened, what was kept, what to do."""
    kept = _tr(_KEPT)
    if ended.kind == "unreachable":
        return Told(ended.advice or _tr("The hub did not answer. {kept}").format(kept=kept), "info")
    if ended.kind == "refused":
        return Told(_tr(_REFUSED.get(ended.code, _OTHER_REFUSAL)).format(kept=kept))
    if ended.kind == "distrust":
        return Told(distrust_words(ended.code), "danger")
    if ended.kind == "knocking":
        return Told(
            _tr(
                "Nobody has let this desk in yet. What you write is kept here meanwhile. Ask whoever invited you to "
                "let you in, under Team on their own desk; this desk tries again by itself."
            ),
            "info",
        )
    if ended.kind == "left":
        return Told(_left_words(ended.detail), "info")
    return Told(
        ended.advice
        or _tr("The exchange failed by a fault of the program. {kept} It is tried again.").format(kept=kept)
    )


def _left_words(files_kept: int) -> str:
    if not files_kept:
        return _tr(
            "This desk belongs to the organisation no more. All that you had written was delivered, and its files were "
            "taken from this computer. Nothing is to be done here. To come back, choose Begin anew under Team, and ask "
            "an administrator for an invitation."
        )
    return _tr(
        "This desk belongs to the organisation no more, and its files were taken from this computer. Some changes "
        "could not be delivered: they are kept here, with {0}. Show them to your supervisor. To come back, choose "
        "Begin anew under Team, and ask an administrator for an invitation."
    ).format(
        _tr("the file that they belong to")
        if files_kept == 1
        else _tr("the {0} files that they belong to").format(files_kept)
    )


def out_words() -> Told:
    """Of a desk that was let go earlier: what stayed of the files stands on the page of the team."""
    return Told(
        _tr(
            "This desk belongs to the organisation no more and exchanges nothing. What is still here of its files, and "
            "the way back, stand under Team and devices."
        ),
        "info",
    )


def file_result_words(ended: Ended) -> Told:
    """How an exchange by a file went."""
    if ended.kind != "done":
        return trouble_words(ended)
    sent, received = ended.report.sent, ended.report.received
    if not sent and not received:
        return Told(_tr("The file and this desk have the same. Nothing was to be exchanged."), "ok")
    words = _tr("Exchanged: {0} given to the file, {1} taken from it.").format(_records(sent), _records(received))
    if ended.report.clashes:
        words += " " + _tr(
            "In some places you and a colleague wrote different things; both are kept, and marked where they are shown."
        )
    return Told(words, "ok")


def _records(count: int) -> str:
    return _tr("1 record") if count == 1 else _tr("{0} records").format(f"{count:,}")


def distrust_words(what: str) -> str:
    """What is not to be trusted, and what to do."""
    said = _NOT_SO_WHAT.get(what, "it does not fit together")
    return _tr(_NOT_SO).format(what=_tr(said), kept=_tr(_KEPT))


_MANY_WITHDRAWN = (
    "{0} files were taken from this desk at once. All of them are still here, and what you wrote in them was "
    "delivered. If you have changed teams, that is right: take them away. If not, leave them and ask your "
    "administrator."
)
_NOTES: dict[str, Told] = {
    "withheld": Told(
        "Some of what other desks wrote has not come yet. That is usual after a hub was restored and after an exchange "
        "by a file, until those desks have exchanged too. Nothing here is lost. If this stays for a day, tell your "
        "administrator and whoever runs the hub.",
        "info",
    ),
    "forked": Told(
        "The hub told two desks that each of their changes was the one that counts. Both are kept, and marked where "
        "they are shown. Tell your administrator and whoever runs the hub.",
        "danger",
    ),
    "handed_back": Told(
        "A file was handed back to you just before it was to be taken off this desk. It stands here as it was. What "
        "others write in it comes once a colleague’s desk has given its key again, at her next exchange. If this stays "
        "for a day, tell your administrator and whoever runs the hub.",
        "info",
    ),
    "links_refused": Told(
        "Somebody who may not tried to change whose a file is, or the hub left out a part of that. Nothing was changed "
        "here. Tell your administrator and whoever runs the hub.",
        "danger",
    ),
    "statements_refused": Told(
        "The list of members at the hub is another than the one here. Usually the hub was restored, and somebody "
        "changed the list before what it had lost was given back. What you wrote is kept here; it may be that this "
        "desk cannot deliver it. Tell your administrator, who looks on another desk whether everybody who was removed "
        "is still out and all roles are right, and who may have to invite you anew, on a new desk.",
        "danger",
    ),
    "final_changed": Told(
        "A colleague’s desk changed a record that was final. Here it stands as it was, and was sent again as it was. "
        "Tell your administrator.",
        "danger",
    ),
    "unreadable": Told(
        "Some of what came cannot be read here: it was written by a newer version of the program, or under a key that "
        "this desk was not given. It is kept, and shown as soon as it can be. Look for an update; if there is none, "
        "tell your administrator.",
        "info",
    ),
}
"""For each word of a `Report` that is told, in the order in which they are: what it says, and its tone."""


def note_words(troubles: Sequence[str], withdrawn: int) -> list[Told]:
    """What an exchange that ended well had to say."""
    told = []
    if "many_withdrawn" in troubles:
        told.append(Told(_tr(_MANY_WITHDRAWN).format(withdrawn), "warning", _tr("Take them away")))
    return told + [_translated(note) for kind, note in _NOTES.items() if kind in troubles]


def _translated(told: Told) -> Told:
    return replace(told, text=_tr(told.text))


# --- what was told, as the log shows it ---


_EVENTS: dict[str, Told] = {
    **{kind: _NOTES[kind] for kind in ("forked", "final_changed", "links_refused", "statements_refused")},
    "awaited": Told(
        "Some of what had been lost was not there again yet. Nothing is to be done: the desks that have it give it "
        "back when they next exchange.",
        "info",
    ),
    "withheld": Told(
        "The hub keeps something back: other desks have seen changes that it did not give to this one. Nothing here "
        "was changed by that. It is asked for again by itself. If this stays for a day, tell your administrator and "
        "whoever runs the hub.",
        "danger",
    ),
    "spoiled_document": Told(
        "A document came with other content than its sender gave it. It was not kept. Ask whoever added it to add it "
        "again, and tell whoever runs the hub.",
        "danger",
    ),
    "push_refused": Told(
        "The hub did not take some changes as they were. They are kept and were made ready anew.",
        "info",
    ),
    "unfit_right": Told(
        "A key to a file came that does not open. Whoever gave it has to give it again.",
        "warning",
    ),
}
"""For each kind of event that always says the same: what, and in which tone."""
_UNKNOWN = Told("Something else was noted by another version of the program.", "plain")


def event_words(event: Event) -> Told:
    """One entry of the log of the exchange."""
    if event.kind == "distrust":
        return Told(distrust_words(str(event.detail.get("what", ""))), "danger")
    if event.kind in {"contradicted", "rival_key"} or (event.kind == "withheld" and event.detail.get("by")):
        return _claim_words(event)
    if event.kind == "statements_refused" and event.detail.get("last") in _SAID:
        return _other_members_words(event)
    if event.kind in {"gave_back", "cleared", "by_file"}:
        return _count_words(event)
    if event.kind == "not_taken":
        words = _tr(
            "You and a colleague changed the same things apart from each other: {0}. What reached the hub first was "
            "taken. Yours is kept under Values that differ, Settled, and can still be used instead."
        )
        return Told(words.format(_values(int(event.detail.get("values", 0)))), "info")
    return _translated(_EVENTS.get(event.kind, _UNKNOWN))


_SAID = {
    "team": "a team was made, changed or ended",
    "person": "somebody was added, left, or changed role or team",
    "device": "a device was added",
    "revoke": "a device was removed",
    "rules": "what a caseload weighs was set",
}
"""What each kind of statement of the members' chain does."""


def _other_members_words(event: Event) -> Told:
    """That the hub has another list, and what of the one here it does not have at the least."""
    told = _translated(_NOTES["statements_refused"])
    last = _tr(_SAID[event.detail["last"]])
    who = ", ".join(event.names)
    if who:
        words = _tr("At least the last change here is not in the hub’s list: {0}, by {1}.").format(last, who)
    else:
        words = _tr("At least the last change here is not in the hub’s list: {0}.").format(last)
    return replace(told, text=f"{told.text} {words}")


def _values(count: int) -> str:
    return _tr("1 value") if count == 1 else _tr("{0} values").format(f"{count:,}")


def _count_words(event: Event) -> Told:
    """What was done with so many records."""
    records = _records(int(event.detail.get("records", 0)))
    if event.kind == "gave_back":
        words = _tr(
            "The hub or the exchange file did not have all that it should. This desk gave it {0}; nothing was lost."
        )
        return Told(words.format(records), "info")
    if event.kind == "cleared":
        words = _tr("A file was taken from this desk after your changes to it were delivered: {0}.").format(records)
        by = _tr("Who may read it was changed by {0}.").format(", ".join(event.names)) if event.names else ""
        return Told(" ".join(part for part in (words, by) if part), "info")
    sent, received = (_records(int(event.detail.get(each, 0))) for each in ("sent", "received"))
    return Told(_tr("Exchanged by a file: {0} sent, {1} received.").format(sent, received), "ok")


def _claim_words(event: Event) -> Told:
    """What a colleague's desk said or gave that does not fit what others did."""
    who = ", ".join(event.names) or _tr("a colleague")
    if event.kind == "rival_key":
        words = _tr(
            "Two different keys to one file came; the later is from the desk of {0}. What either opens is shown, and "
            "what you write goes under a new key. If this comes again and again, tell your administrator."
        )
        return Told(words.format(who))
    if event.kind == "withheld":
        words = _tr(
            "By what the desk of {0} says, the hub keeps something back from this one. Nothing here was changed by "
            "that. It is asked for again, and this is told once. If it is not the hub, that desk says what is not "
            "so: tell your administrator and whoever runs the hub."
        )
        return Told(words.format(who), "danger")
    words = _tr(
        "The desk of {0} said that it had seen changes which there never were, by the word of the desk that would have "
        "made them. Nothing here was changed by it, and what that desk says of others’ changes is not gone by any "
        "more. Tell your administrator: its device may have to be removed."
    )
    return Told(words.format(who), "danger")
