"""An exchange by a file, on the thread of the exchange: what a hub would hold lies in it, sealed.

The members' chain goes into the file first: a file that was made before somebody joined lets her in with whoever knows
her. To the desk the file is a hub that lacks a part of the history; what it lacks is given to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from advocate_desk.casework.work import Work
from advocate_desk.desk.team.places import FilePlace, has_hub
from advocate_desk.errors import Refused
from advocate_desk.hub import bundle, members
from advocate_desk.hub.callers import Caller
from advocate_desk.hub.near import NearHub
from advocate_desk.hub.refusals import RefusedByHub
from advocate_desk.sync import choices, overview
from advocate_desk.sync.attachments import Attachments, Moved
from advocate_desk.sync.exchange import Exchange, Report
from advocate_desk.sync.hub import HubRefused, Unreachable
from advocate_desk.sync.overview import Overview
from advocate_desk.vault.device import Device

OTHER_ORGANISATION = (
    "This exchange file belongs to another organisation. Nothing was changed, here or in the file. Choose the file of "
    "your own organisation, or make a new one."
)
NO_ORGANISATION = (
    "This desk belongs to no organisation yet, so there is nobody to exchange with. Nothing was changed. Found one, or "
    "join one with an invitation."
)
NOT_LET_IN = (
    "Nobody has let this desk in yet, so it cannot make a file for the others. Nothing was changed. Choose the file in "
    "which your invitation was, when it is back from whoever lets you in."
)
PAUSED = (
    "The exchange of this desk is paused, so nothing was exchanged and nothing was changed. Choose Go on in the panel "
    "of the exchange, and try again."
)


def by_file(
    work: Work,
    device: Device,
    path: Path,
    is_new: bool,
    is_stopped: Callable[[], bool],
    progress: Callable[..., None],
    *,
    is_asked: bool = True,
    may_clear_many: bool = False,
) -> tuple[Report, Moved]:
    """Exchange with the file at `path`, which is made first where `is_new`; what was done, of documents too.

    `is_asked`: by a person, for the log. `may_clear_many`: as `Exchange` has it. Raises what an exchange raises,
    Refused, and Unreachable where the stick or folder does not answer.
    """
    seen, said = _looked(work), overview.statements(work.engine)
    if is_new:
        if not said:
            raise Refused(NOT_LET_IN)
        bundle.make(path, lambda database: members.found_organisation(database, said[0], 0))
    caller = Caller(seen.organisation, device.id.bytes, device.sign_public)

    def run(hub: NearHub) -> tuple[Report, Moved | HubRefused]:
        _bring_statements(hub, seen, said)
        report = Exchange(work.engine, device, hub, work.clock, is_stopped, progress, may_clear_many).run()
        try:
            return report, Attachments(work.engine, seen.organisation, hub, work.clock, is_stopped).run()
        except HubRefused as refusal:  # of a document: what was given and taken besides stays
            return report, refusal

    if seen.waiting or seen.unsent_documents:
        bundle.see_room(path)
    try:
        report, moved = bundle.exchange_through(path, caller, run)
    except Unreachable:  # what went into it is not there, and is given back to it the next time
        choices.set_exchanged_at(work.engine, seen.exchanged_at)
        raise
    if not has_hub(seen.hub_address):  # a stick may be found under another name tomorrow
        choices.set_hub_address(work.engine, FilePlace(path).text)
    if is_asked:
        overview.tell(work.engine, work.clock.now(), "by_file", {"sent": report.sent, "received": report.received})
    if isinstance(moved, HubRefused):
        raise moved
    return report, moved


def _looked(work: Work) -> Overview:
    """How the desk stands. Raises Refused where it exchanges with nobody."""
    seen = overview.read(work.engine)
    if seen is None:
        raise Refused(NO_ORGANISATION)
    if seen.is_paused:
        raise Refused(PAUSED)
    return seen


def _bring_statements(hub: NearHub, seen: Overview, said: Sequence[bytes]) -> None:
    """Let the file know every member that this desk knows. One that another desk has told it of already stays."""
    try:
        with hub.database.reading() as session:
            there = members.members_of(session, seen.organisation).number
        for body in said[there:]:
            members.add_statement(hub.database, seen.organisation, body)
    except RefusedByHub as refusal:
        if refusal.code == "unknown":
            raise Refused(OTHER_ORGANISATION) from refusal
        if refusal.code != "out_of_order":  # a revoked device has used the file meanwhile: its last word is refused
            raise Refused(bundle.NO_BUNDLE) from refusal
