"""What a desk does as a member: speaks into the chain of members, invites, admits, begins to belong, gives up.

Everything here runs on the thread of the exchange, on a `Link`. The hub takes a statement before this desk keeps it, so
that the chain here is never longer than the hub's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from advocate_desk.sync import enrol, giving_back, keeping, parting, state, statements, wire
from advocate_desk.sync.aside import Aside
from advocate_desk.sync.enrol import Founding, Offer, Ticket
from advocate_desk.sync.exchange import Exchange
from advocate_desk.sync.hub import HubRefused
from advocate_desk.sync.link import Link, TeamHub
from advocate_desk.sync.manifest import Distrust
from advocate_desk.sync.outbox import Driver
from advocate_desk.sync.state import Standing
from advocate_desk.sync.statements import ROOT, Act, Members, RevokeDevice, Statement
from advocate_desk.sync.wire import Pull
from advocate_desk.vault.secret import SecretKey

LASTS = timedelta(days=3)
"""How long a hub lets an invitation lie."""
MOST_TRIES = 5
"""How often a statement is made again, after a colleague's that came between."""


class NotEnrolled(Exception):
    """The desk belongs to no organisation, or to one without a hub."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An invitation that this desk made and keeps until it is answered. `ends_at`: see `_end_of`."""

    ticket: Ticket
    offer: Offer
    ends_at: datetime


@contextmanager
def driver_of(link: Link) -> Iterator[Driver]:
    """A connection for what follows."""
    with link.engine.connect() as conn:
        yield conn.connection.driver_connection


def standing(driver: Driver) -> Standing:
    """Where the desk stands. Raises NotEnrolled."""
    found = state.standing(driver)
    if found is None:
        raise NotEnrolled
    return found


def hub_of(link: Link) -> TeamHub:
    """The hub. Raises NotEnrolled."""
    if link.hub is None:
        raise NotEnrolled
    return link.hub


# --- beginning to belong ---


def begin(link: Link, founding: Founding, hub_address: str, name: str) -> None:
    """Keep what was founded: the hub has taken it."""
    with driver_of(link) as driver, link.writing(driver):
        now = link.clock.now()
        parting.begin_anew(driver, founding.organisation, founding.person)
        state.join(driver, founding.organisation, founding.root_public, founding.person, hub_address, now, name)
        state.keep_statement(driver, 1, founding.statement)
        state.keep_key(driver, founding.organisation, 1, bytes(founding.key.buffer))


def begin_joining(link: Link, offer: Offer, hub_address: str) -> None:
    """Pin the organisation's root key: from now on an exchange is tried, which works once the inviter has let us in."""
    with driver_of(link) as driver, link.writing(driver):
        now = link.clock.now()
        parting.begin_anew(driver, offer.organisation, offer.person)
        state.join(
            driver,
            offer.organisation,
            offer.root_public,
            offer.person,
            hub_address,
            now,
            offer.organisation_name,
        )


def give_up_joining(link: Link) -> bool:
    """Forget an organisation that has not let this desk in. False, and nothing is done, where it has."""
    with driver_of(link) as driver, link.writing(driver):
        if driver.execute("SELECT 1 FROM member_statement").fetchone():
            return False
        parting.note_given_up(driver)
        driver.execute("DELETE FROM organisation")
    return True


# --- the chain ---


def say(link: Link, make: Callable[[Members], Act | None], root: SecretKey | None = None) -> Members:
    """Add what `make` says to the members' chain, as the chain stands; None: it is so already.

    `root`: the root key, which signs in this device's stead. Where a colleague spoke first, her statement is taken in
    and `make` is asked again. Raises Unreachable, HubRefused, Distrust, NotEnrolled, and what `make` raises.
    """
    hub = hub_of(link)
    with driver_of(link) as driver:
        stand = standing(driver)
        for _ in range(MOST_TRIES):
            members = state.members(driver, stand)
            act = make(members)
            if act is None:
                return members
            at = int(link.clock.now().timestamp())
            statement = Statement(members.organisation, members.number + 1, members.hash, act, at)
            signer, seed = (ROOT, root) if root is not None else (link.device.id.bytes, link.device.sign_seed)
            body = statements.sign(statement, signer, seed.buffer)
            statements.take(members, body)  # what no desk would believe is not sent
            try:
                hub.statement(body)
            except HubRefused as refusal:
                if refusal.code != "taken":
                    raise
                if body in _caught_up(link, driver, hub, stand):  # an answer of the hub was lost on the way
                    break
                continue
            _keep(link, driver, members, [body])
            break
        else:
            raise HubRefused(_why_in_vain(driver, hub, stand))
        return state.members(driver, stand)


def _why_in_vain(driver: Driver, hub: TeamHub, stand: Standing) -> str:
    """The word for a statement that does not follow at the hub: colleagues were quicker, or it has another list."""
    number, digest = state.last_statement(driver)
    page = hub.pull(Pull(stand.tip, number, stand.rights_number, statements_hash=digest))
    return "other_members" if page.has_other_members else "taken"


def catch_up(link: Link) -> Members:
    """The organisation as the hub's chain says now. Raises Unreachable, HubRefused, Distrust, NotEnrolled."""
    with driver_of(link) as driver:
        stand = standing(driver)
        _caught_up(link, driver, hub_of(link), stand)
        return state.members(driver, stand)


def _caught_up(link: Link, driver: Driver, hub: TeamHub, stand: Standing) -> list[bytes]:
    """Take in what the chain has grown by; the rest of the pages waits for the next exchange.

    A hub that has lost statements is given them back: what is said next follows on them.
    """
    taken: list[bytes] = []
    while True:
        before = state.members(driver, stand)
        page = hub.pull(Pull(stand.tip, before.number, stand.rights_number, []))
        if page.members < before.number:
            giving_back.give_statements(driver, hub)
        if not page.statements:
            return taken
        _keep(link, driver, before, page.statements)
        taken += page.statements


def _keep(link: Link, driver: Driver, before: Members, bodies: Sequence[bytes]) -> None:
    after = before
    for body in bodies:
        after = statements.take(after, body)
    with link.writing(driver):
        for number, body in enumerate(bodies, before.number + 1):
            state.keep_statement(driver, number, body)
        keeping.mark_stale(driver, link.device.id.bytes, before, after)
        keeping.judge(driver, after, link.device.id.bytes, lambda _: statements.said(bodies[-1])[0])


def revoke(link: Link, device: bytes, *, is_lost: bool) -> Members:
    """Take a device out. First everything that it sent is fetched, so that its honest work stays believed."""
    try:
        Exchange(link.engine, link.device, hub_of(link), link.clock, aside=Aside(link.waiting)).run()
    except (HubRefused, Distrust):
        catch_up(link)  # what troubles the exchange must not keep a lost device in

    def make(members: Members) -> Act | None:
        found = members.devices.get(device)
        if found is None or found.revoked_by:
            return None
        with driver_of(link) as driver:
            row = driver.execute("SELECT number FROM chain_end WHERE device = ?", (device,)).fetchone()
        return RevokeDevice(device, is_lost, max(row[0] if row else 0, least))

    least = 0
    for _ in range(MOST_TRIES - 1):
        try:
            return say(link, make)
        except HubRefused as refusal:
            if refusal.code != "out_of_order":
                raise
            least = refusal.detail  # it sent more in this very moment, which the hub has taken and all will see
    return say(link, make)


# --- invitations ---


def invite(link: Link, ticket: Ticket, offer: Offer) -> Kept:
    """Leave an invitation at the hub, and keep what opens its answer. Raises Unreachable, HubRefused, NotEnrolled."""
    answered = hub_of(link).invite(enrol.invitation(ticket, offer))
    kept = Kept(ticket, offer, _end_of(answered.ends_at, link.clock.now()))
    with driver_of(link) as driver, link.writing(driver):
        driver.execute(
            "INSERT OR REPLACE INTO invitation (name, key, offer, ends_at) VALUES (?, ?, ?, ?)",
            (ticket.name, ticket.key, wire.pack(offer), state.moment(kept.ends_at)),
        )
    return kept


def _end_of(ends_at: int, now: datetime) -> datetime:
    """When an invitation ends, by the hub's clock; by ours, where the hub's says what cannot be.

    The desk keeps what opens an answer until then, and no longer than an invitation may lie.
    """
    latest = now + LASTS
    seconds = int(latest.timestamp())
    return datetime.fromtimestamp(ends_at, UTC) if int(now.timestamp()) < ends_at <= seconds else latest


def invitations(driver: Driver) -> list[Kept]:
    """The invitations of this desk that are open still, the one that ends last first."""
    rows = driver.execute("SELECT name, key, offer, ends_at FROM invitation ORDER BY ends_at DESC, name").fetchall()
    return [
        Kept(
            Ticket(bytes(name), bytes(key)),
            wire.unpack(Offer, bytes(offer)),
            datetime.fromisoformat(ends_at),
        )
        for name, key, offer, ends_at in rows
    ]


def forget_invitation(link: Link, name: bytes) -> None:
    """It is answered, ended or taken back."""
    with driver_of(link) as driver, link.writing(driver):
        driver.execute("DELETE FROM invitation WHERE name = ?", (name,))


def admit(link: Link, kept: Kept, answer: enrol.Reply) -> Members:
    """Let in whoever answered: the person, where she is new or had left, then her device. Raises as `say` does.

    Who comes back comes with the device that answered: those that she left with stay out.
    """
    with driver_of(link) as driver:
        keys = state.keys(driver).get(kept.offer.organisation, {})

    def left(members: Members) -> list[Act]:
        return [] if answer.device in members.devices else enrol.admission(kept.offer, answer, members, keys)

    members = catch_up(link)
    person = members.people.get(kept.offer.person)
    if person is not None and not person.is_active:
        for each in members.devices.values():
            if each.person == person.person and not each.revoked_by:
                members = revoke(link, each.device, is_lost=False)
    while left(members):
        members = say(link, lambda now: next(iter(left(now)), None))
    forget_invitation(link, kept.ticket.name)
    return members
