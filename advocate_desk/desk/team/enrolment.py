"""Founding an organisation, inviting, joining and letting in: what the team's pages do. `changing` has the rest.

No window and no Qt: each function takes a `Link`, runs on the thread of the exchange, and raises a DeskError in words
that can be shown as they are.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from advocate_desk.desk.team.places import Place, has_hub, open_door, parse_place
from advocate_desk.domain.caseload import initials
from advocate_desk.errors import Blocked, Invalid, Refused, Stopped, Unavailable
from advocate_desk.hub.bundle import NOT_THERE
from advocate_desk.sync import enrol, membership, parting, share_codes, state
from advocate_desk.sync.enrol import Founding, Offer, Reply, Ticket
from advocate_desk.sync.hub import HubRefused, Unreachable
from advocate_desk.sync.link import Link
from advocate_desk.sync.manifest import Distrust
from advocate_desk.sync.membership import Kept, NotEnrolled
from advocate_desk.sync.names import Name
from advocate_desk.sync.share_codes import ShareCode
from advocate_desk.sync.statements import Members
from advocate_desk.sync.transport import NO_ANSWER
from advocate_desk.vault.recovery import RecoveryCode

MOST_SHARES = 9
NAME_MISSING = "Give a name."
NO_SUCH_INVITATION = (
    "There is no invitation under this code, at this hub or in this file. Nothing was changed here. Compare the code "
    "and the address with what you were told; if they are right, the invitation was taken back: ask for a new one."
)
USED = (
    "This invitation has been used already, by you or by somebody else. Nothing was changed here. Tell whoever invited "
    "you, and ask for a new one."
)
ENDED = "This invitation has expired. Nothing was changed here. Ask for a new one."
LAST_ADMINISTRATOR = (
    "An organisation needs an administrator, and this is the last one. Nothing was changed. Make somebody else an "
    "administrator first."
)
_REFUSALS = {
    "no_right": "Only an administrator may do this. Nothing was changed.",
    "unknown": "The hub does not know this desk yet. Nothing was changed. Try again when it has been let in.",
    "taken": "A colleague is changing the members at this moment. Nothing was changed. Try again.",
    "other_members": (
        "The hub has another list of members than this desk. Nothing was changed. Do this on the desk of another "
        "administrator."
    ),
    "too_many": "The hub has been asked too often, or too many invitations are open. Nothing was changed. Wait.",
    "full": "The organisation has used up its space at the hub. Nothing was changed. Tell whoever runs the hub.",
    "revoked": "This desk was taken out of the organisation. Nothing was changed.",
    "ended": "The invitation has expired. Nothing was changed. Make a new one.",
}
_NO_FOUNDING = (
    "The hub takes a new organisation only with its founding code. Nothing was sent but the founding itself, and "
    "nothing was changed. Ask whoever runs the hub for the code, and type it here: the sheets stay good."
)
_WRONG_FOUNDING = (
    "This is not the founding code of the hub. Nothing was sent but the founding itself, and nothing was changed. "
    "Compare it with what whoever runs the hub gave you, and type it again: the sheets stay good."
)
_NO_ANSWER = (
    "The hub did not answer, so this was not done here. Look at the network, and at the address if you typed it, then "
    "do it again."
)
_FILE_AWAY = (
    "The exchange file cannot be reached, so this was not done. Bring the stick or folder back, and do it again."
)
_OTHER = "The hub refused this. Nothing was changed. Try again, and if it stays so, tell whoever runs the hub."
_NOT_TRUSTED = (
    "What the hub shows of the members does not fit together, so nothing was changed. Tell whoever runs the hub, and "
    "do not go on with it until it is explained."
)
_LOCKED = "The desk was locked before this was done. Nothing was changed here. Do it again."
_PARTING_LOCKED = (
    "The desk was locked before it had begun anew. It still knows the organisation; files that others there have may "
    "be gone from this computer already. Nothing that you wrote was lost. Choose Begin anew again: it goes on from "
    "there."
)
_NOBODY_ASKS = (
    "No device asks under this code. Nothing was changed. The code is made on the computer that she has, and typed on "
    "the new one before you use it here."
)
_LOCK_FIRST = (
    "This desk was let go by an organisation and needs a new identity first, which it makes when it is unlocked. "
    "Nothing was changed. Lock it with Ctrl+L, unlock it, and do this again."
)
_BRINGS = (
    "There are client files on this computer that came from another organisation, and nobody agreed that they go "
    "along. Nothing was changed. Begin this again."
)
_NOT_ENROLLED = "This desk belongs to no organisation with a hub. Nothing was changed."


@contextmanager
def in_words(refusals: dict[str, str] | None = None) -> Iterator[None]:
    """Turn what the exchange raises into words for whoever is at the desk."""
    try:
        yield
    except HubRefused as refusal:
        words = {**_REFUSALS, **(refusals or {})}.get(refusal.code, _OTHER)
        raise Refused(words) from refusal
    except Unreachable as error:  # their own words promise that it will be sent, or is kept
        raise Unreachable({NO_ANSWER: _NO_ANSWER, NOT_THERE: _FILE_AWAY}.get(error.advice, error.advice)) from error
    except Distrust as error:
        if error.what == "no administrator":
            raise Blocked(LAST_ADMINISTRATOR) from error
        if error.what == "no right":
            raise Blocked(_REFUSALS["no_right"]) from error
        raise Unavailable(_NOT_TRUSTED) from error
    except NotEnrolled as error:
        raise Refused(_NOT_ENROLLED) from error
    except Stopped as error:
        raise Unavailable(_LOCKED) from error


# --- founding ---


@dataclass(frozen=True, slots=True)
class FoundingWishes:
    """What is asked before an organisation is founded. `needed` of `made` sheets rebuild its secret."""

    name: str
    hub_address: str
    person_name: str
    device_name: str
    roles: tuple[str, ...]
    needed: int = 2
    made: int = 3
    founding_code: str = ""

    def address(self) -> Place:
        """Where its desks will meet. Raises Invalid, naming the field."""
        return parse_place(self.hub_address)

    def check(self) -> None:
        """Raises Invalid for what cannot be founded."""
        missing = {field: NAME_MISSING for field in ("name", "person_name") if not getattr(self, field).strip()}
        if missing:
            raise Invalid("Some names are missing.", missing)
        if not 2 <= self.needed <= self.made <= MOST_SHARES:
            words = f"Make 2 to {MOST_SHARES} sheets, and let at least two of them be needed."
            raise Invalid(words, {"made": words})
        self.address()


@dataclass
class Draft:
    """An organisation that exists in memory only, until `found` has told the hub or `discard` has forgotten it.

    `brought`: as `Seen` has it.
    """

    wishes: FoundingWishes
    founding: Founding
    sheets: tuple[ShareCode, ...]
    brought: int = 0

    def discard(self) -> None:
        """Wipe the key and let the shares go. Safe to repeat."""
        self.founding.key.wipe()
        self.founding.shares.clear()
        self.sheets = ()


@in_words()
def prepare(link: Link, wishes: FoundingWishes) -> Draft:
    """See that a hub is there, or room for a file, and make the organisation in memory: sheets come before `found`.

    Raises Invalid, Unreachable, Refused.
    """
    wishes.check()
    _check_identity(link)
    door = open_door(link, wishes.address())
    try:
        door.check()
    finally:
        door.close()
    at = int(link.clock.now().timestamp())
    name = Name(wishes.person_name.strip(), initials(wishes.person_name))
    founding = enrol.found(
        link.device, name, wishes.roles, wishes.needed, wishes.made, device_name=wishes.device_name.strip(), at=at
    )
    sheets = share_codes.codes(founding.shares, founding.root_public)
    return Draft(wishes, founding, sheets, _count_brought(link, founding.organisation))


@in_words()
def found(link: Link, draft: Draft, may_bring: int = 0) -> UUID:
    """Tell the hub, then keep it: from now on the desk belongs to it. The founder's id.

    `may_bring`: as `join` has it. Raises Unreachable, Refused, Blocked, and Invalid for the founding code alone: with
    another one in its wishes the draft may be tried again.

    Where the hub's answer was lost, it may be asked again: that it has this very founding already is as good.
    """
    _check_brought(link, draft.founding.organisation, may_bring)
    address = draft.wishes.address()
    door = open_door(link, address)
    try:
        with in_words():
            try:
                door.found(draft.wishes.founding_code.strip(), draft.founding.statement)
            except HubRefused as refusal:
                if refusal.code == "no_right":
                    words = _WRONG_FOUNDING if draft.wishes.founding_code.strip() else _NO_FOUNDING
                    raise Invalid(words, {"code": words}) from refusal
                if refusal.code != "taken":  # its id is 128 random bits: only our own founding can be there
                    raise
    finally:
        door.close()
    membership.begin(link, draft.founding, address.text, draft.wishes.name.strip())
    return UUID(bytes=draft.founding.person)


@in_words()
def part(link: Link) -> None:
    """Forget the organisation that let this desk go: the next unlock makes it a new device.

    Raises Blocked, and Unavailable where a lock cuts it off: done again, it goes on from there.
    """
    try:
        is_done = parting.part(link)
    except Stopped as error:
        raise Unavailable(_PARTING_LOCKED) from error
    if not is_done:
        raise Blocked("This desk has not been let go by its organisation. Nothing was changed.")


# --- inviting ---


@dataclass(frozen=True, slots=True)
class Guest:
    """Who is invited: a new person, or one who is here already with another device (`person`, 32 hex digits)."""

    name: str
    roles: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    person: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an invitation. `device_name` is "" while nobody has answered; `is_over`: it has ended unanswered."""

    kept: Kept
    device_name: str = ""
    is_answered: bool = False
    is_over: bool = False
    trouble: str = ""


def invite(link: Link, guest: Guest, inviter: str) -> tuple[RecoveryCode, Kept]:
    """Leave an invitation at the hub; its code, for the newcomer alone, which nobody keeps. Raises DeskError."""
    if not guest.name.strip():
        raise Invalid(NAME_MISSING, {"name": NAME_MISSING})
    if not guest.person and not guest.roles:
        raise Invalid("Choose a role.", {"roles": "Choose a role."})
    code = RecoveryCode.new()
    with in_words():
        with membership.driver_of(link) as driver:
            stand = membership.standing(driver)
            name = driver.execute("SELECT name FROM organisation").fetchone()[0]
            is_own = guest.person == stand.person.hex()  # an administrator lets it in, by the same code
            if not is_own and not state.members(driver, stand).is_administrator(link.device.id.bytes):
                raise Blocked(_REFUSALS["no_right"])
        offer = Offer(
            stand.organisation,
            stand.root_public,
            stand.hub_address if has_hub(stand.hub_address) else "",
            name,
            bytes.fromhex(guest.person) if guest.person else os.urandom(16),
            guest.name.strip(),
            list(guest.roles),
            [bytes.fromhex(each) for each in guest.teams],
            inviter,
        )
        return code, membership.invite(link, enrol.ticket(code), offer)


def answers(link: Link) -> tuple[Answer, ...]:
    """What has come of this desk's open invitations. Raises Unreachable, Refused."""
    with membership.driver_of(link) as driver:
        kept = membership.invitations(driver)
    with in_words():
        return tuple(_answer(link, each) for each in kept)


def _answer(link: Link, kept: Kept) -> Answer:
    try:
        answered = membership.hub_of(link).answer_to(kept.ticket.name)
    except HubRefused as refusal:
        if refusal.code != "unknown":
            raise
        return Answer(kept, is_over=True)
    if not answered.answer:
        return Answer(kept, is_over=kept.ends_at <= link.clock.now())
    try:
        said = enrol.open_reply(kept.ticket, answered.answer)
    except Refused as error:
        return Answer(kept, is_answered=True, trouble=error.advice)
    return Answer(kept, said.device_name, is_answered=True)


def admit(link: Link, name: bytes) -> Members:
    """Let in whoever answered the invitation of that name. Raises DeskError."""
    with in_words():
        kept, said = _reply(link, name)
        return membership.admit(link, kept, said)


def _reply(link: Link, name: bytes) -> tuple[Kept, Reply]:
    with membership.driver_of(link) as driver:
        kept = next((each for each in membership.invitations(driver) if each.ticket.name == name), None)
    if kept is None:
        raise Refused(NO_SUCH_INVITATION)
    answered = membership.hub_of(link).answer_to(name)
    if not answered.answer:
        raise Refused("Nobody has answered this invitation yet. Nothing was changed.")
    return kept, enrol.open_reply(kept.ticket, answered.answer)


@dataclass(frozen=True, slots=True)
class Asking:
    """A device that answered an invitation which a member made for herself; `person` is who she says that she is."""

    ticket: Ticket
    reply: Reply

    @property
    def person(self) -> bytes:
        """Whose device it is to be."""
        return self.reply.person


@in_words({"unknown": _NOBODY_ASKS})
def look_who_asks(link: Link, code_text: str) -> Asking:
    """Who asks under this code for another device of hers. Raises Invalid, Unreachable, Refused."""
    code = RecoveryCode.parse(code_text)
    ticket = enrol.ticket(code)
    code.wipe()
    answered = membership.hub_of(link).answer_to(ticket.name)
    if not answered.answer:
        raise Refused(_NOBODY_ASKS)
    asking = Asking(ticket, enrol.open_reply(ticket, answered.answer))
    with membership.driver_of(link) as driver:
        known = state.members(driver, membership.standing(driver)).people.get(asking.person)
    if known is None or not known.is_active:
        raise Refused("This code does not ask for a device of anybody who is a member. Nothing was changed.")
    return asking


@in_words()
def let_in(link: Link, asking: Asking) -> Members:
    """Sign that the device belongs to the member who asks for it. Raises DeskError."""
    with membership.driver_of(link) as driver:
        stand = membership.standing(driver)
    offer = Offer(stand.organisation, stand.root_public, "", "", asking.person, "", [], [])
    return membership.admit(link, Kept(asking.ticket, offer, link.clock.now()), asking.reply)


def take_back(link: Link, name: bytes) -> None:
    """End an invitation: its code opens nothing any more. Raises Unreachable, Refused."""
    with in_words():
        membership.hub_of(link).take_back(name)
        membership.forget_invitation(link, name)


# --- joining ---


@dataclass(frozen=True, slots=True)
class Seen:
    """What an invitation says, once its code has opened it; `ticket` is what answers it.

    `brought`: how many files that came from another organisation would go along.
    """

    offer: Offer
    address: Place
    ticket: Ticket
    brought: int = 0


def look_at_invitation(link: Link, hub_address: str, code_text: str) -> Seen:
    """Open an invitation; nothing is answered yet. Raises Invalid, Unreachable, Refused."""
    address, code = parse_place(hub_address), RecoveryCode.parse(code_text)
    ticket = enrol.ticket(code)
    code.wipe()
    door = open_door(link, address)
    try:
        with in_words({"unknown": NO_SUCH_INVITATION, "taken": USED, "ended": ENDED}):
            offer = enrol.open_offer(ticket, door.invitation(ticket.name))
            return Seen(offer, address, ticket, _count_brought(link, offer.organisation))
    finally:
        door.close()


@in_words()
def join(link: Link, seen: Seen, device_name: str, may_bring: int = 0) -> UUID:
    """Answer an invitation and pin what it says; the inviter has to let this desk in then. Our person's id.

    The hub is called where the invitation was found. `may_bring`: how many files of another organisation whoever is at
    the desk has agreed to take along. Raises Unreachable, Refused, Blocked.
    """
    with membership.driver_of(link) as driver:
        if state.standing(driver) is not None:
            raise Blocked("This desk belongs to an organisation already. Nothing was changed.")
    _check_identity(link)
    _check_brought(link, seen.offer.organisation, may_bring)
    door = open_door(link, seen.address)
    try:
        with in_words({"unknown": NO_SUCH_INVITATION, "taken": USED, "ended": ENDED}):
            door.answer(seen.ticket.name, enrol.reply(seen.ticket, link.device, device_name.strip(), seen.offer.person))
    finally:
        door.close()
    membership.begin_joining(link, seen.offer, seen.address.text)
    return UUID(bytes=seen.offer.person)


def _check_identity(link: Link) -> None:
    with membership.driver_of(link) as driver:
        if parting.is_spent(driver, link.device.id):
            raise Blocked(_LOCK_FIRST)


def _count_brought(link: Link, organisation: bytes) -> int:
    with membership.driver_of(link) as driver:
        return parting.count_brought(driver, organisation)


def _check_brought(link: Link, organisation: bytes, may_bring: int) -> None:
    if _count_brought(link, organisation) > may_bring:
        raise Blocked(_BRINGS)


@in_words()
def give_up_joining(link: Link) -> None:
    """Forget the organisation that has not let this desk in. Raises Blocked where it has."""
    if not membership.give_up_joining(link):
        raise Blocked("This desk has been let in meanwhile. Nothing was changed.")
