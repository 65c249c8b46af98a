"""A hub in the wrong hands: whatever it does is refused or told, and once it is honest again nothing is missing.

Each attack is one line of a table: what the hub does, and how the desk that it is done to finds out. A word in capitals
is what the exchange refuses with (`Distrust`), any other a trouble that its report tells.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from advocate_desk.casework.notes import NoteDetails, write_note
from advocate_desk.casework.people import PersonDetails, save_person
from advocate_desk.desk.team.state_words import distrust_words, note_words
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.sync import ownership, owning, rights, statements, wire
from advocate_desk.sync.exchange import Exchange, Report
from advocate_desk.sync.hub import HubRefused
from advocate_desk.sync.manifest import Distrust
from advocate_desk.sync.messages import Held, Revisions
from advocate_desk.sync.ownership import Whose
from advocate_desk.sync.statements import ADMINISTRATOR, SUPERVISOR, AddDevice, SetPerson, SetTeam, Statement
from advocate_desk.sync.wire import (
    ACCEPTED,
    BEHIND,
    Current,
    Fill,
    Outcome,
    Page,
    Pull,
    PulledPush,
    Push,
    PushAnswer,
    SignedOwnership,
)
from advocate_desk.vault.device import new_device
from advocate_desk.vault.secret import SecretKey
from tests.builders import NOON, a_file
from tests.sync.desks import Desk, Team
from tests.sync.test_exchange import contents

Twist = Callable[["Scene", Any], Any]


@dataclass
class Scene:
    """Ann wrote twice in a file that all three hold, Cat once after seeing it; Ben, whose hub lies, pulls now."""

    team: Team
    file_id: FileId
    ann: Desk
    ben: Desk
    cat: Desk
    old_pushes: list[PulledPush] = field(default_factory=list)


class Liar:
    """A hub that twists its answers to one desk. `twists` are by the name of the call."""

    def __init__(self, scene: Scene, hub: Any, **twists: Twist) -> None:
        self._scene, self._hub, self._twists = scene, hub, twists
        self.asked = 0

    def __getattr__(self, name: str) -> Any:
        call, twist = getattr(self._hub, name), self._twists.get(name)

        def ask(*arguments: Any) -> Any:
            self.asked += 1
            if name == "push" and "take_push" in self._twists:
                return self._twists["take_push"](self._scene, arguments[0])
            answer = call(*arguments)
            return twist(self._scene, answer) if twist else answer

        return ask


@pytest.fixture
def scene(team: Team) -> Scene:
    ann, ben, cat = (team.join(name, SUPERVISOR) for name in ("Ann", "Ben", "Cat"))
    file_id = a_file(ann.work)
    team.exchange_all(2)
    old = ben.hub.pull(Pull(wire.Tip(0, bytes(32)), 0, 0, with_own=True)).pushes
    for text in ("First", "Second"):
        note(ann, file_id, text)
        ann.exchange()
    team.say(SetTeam(os.urandom(16), True, b""))
    cat.exchange()
    note(cat, file_id, "Third")
    cat.exchange()
    return Scene(team, file_id, ann, ben, cat, old)


def note(desk: Desk, file_id: FileId, text: str) -> None:
    write_note(desk.work, file_id, NoteDetails(NOON, "phone", text))


def exchange(desk: Desk, hub: Any) -> Report:
    return Exchange(desk.work.engine, desk.device, hub, desk.work.clock).run()


# --- what the hub does ---


def pushes(twist: Callable[[Scene, list[PulledPush]], Sequence[PulledPush]]) -> Twist:
    """A twist of the new pushes of a page."""
    return lambda scene, page: msgspec.structs.replace(page, pushes=list(twist(scene, page.pushes)))


def by(desk: Desk, found: Sequence[PulledPush]) -> list[PulledPush]:
    """The pushes of a desk with something in them."""
    own = desk.device.id.bytes
    said = ((each, wire.unpack(manifest_kind(), each.manifest)) for each in found)
    return [push for push, manifest in said if manifest.device == own and manifest.parts]


def manifest_kind() -> Any:
    from advocate_desk.sync.manifest import Manifest

    return Manifest


def without(scene: Scene, found: list[PulledPush], which: int) -> list[PulledPush]:
    gone = by(scene.ann, found)
    return [each for each in found if not gone or each is not gone[which]]


def first_part(change: Callable[[wire.PulledPart], wire.PulledPart | None]) -> Twist:
    """A twist of the first part of Ann's first push."""

    def twist(scene: Scene, found: list[PulledPush]) -> list[PulledPush]:
        target = by(scene.ann, found)[:1]
        if not target:
            return found
        at = found.index(target[0])
        made = change(target[0].parts[0])
        parts = [*([made] if made else []), *target[0].parts[1:]]
        return [*found[:at], msgspec.structs.replace(target[0], parts=parts), *found[at + 1 :]]

    return pushes(twist)


def spoiled(body: bytes) -> bytes:
    return body[:-1] + bytes([body[-1] ^ 1])


def forged(part: wire.PulledPart) -> wire.PulledPart:
    first = part.items[0]
    return wire.PulledPart(
        part.collection,
        [Current(first.item, first.revision, first.epoch, spoiled(first.envelope)), *part.items[1:]],
        part.entries,
    )


def swapped(scene: Scene, found: list[PulledPush]) -> list[PulledPush]:
    """The envelopes of Ann's two notes, each in the other's place."""
    one, two = by(scene.ann, found)[:2]
    turned = {id(one): two.parts[0].items[0], id(two): one.parts[0].items[0]}

    def with_other(push: PulledPush, other: Current) -> PulledPush:
        part = push.parts[0]
        items = [replace_item(part.items[0], envelope=other.envelope), *part.items[1:]]
        return msgspec.structs.replace(push, parts=[wire.PulledPart(part.collection, items, part.entries)])

    return [with_other(each, turned[id(each)]) if id(each) in turned else each for each in found]


def raised(part: wire.PulledPart) -> wire.PulledPart:
    return wire.PulledPart(part.collection, [replace_item(each, revision=99) for each in part.items], part.entries)


def replace_item(item: Current, **changed: Any) -> Current:
    return msgspec.structs.replace(item, **changed)


def as_overtaken(part: wire.PulledPart) -> wire.PulledPart:
    entries = b"".join(wire.entry(each.item, each.revision, each.epoch, each.envelope) for each in part.items)
    return wire.PulledPart(part.collection, [], part.entries or entries)


def cat_spoils(scene: Scene, found: list[PulledPush]) -> list[PulledPush]:
    return [msgspec.structs.replace(each, signature=spoiled(each.signature)) for each in found]


def replayed(scene: Scene, found: list[PulledPush]) -> list[PulledPush]:
    return [*found, msgspec.structs.replace(scene.old_pushes[0], sequence=found[-1].sequence + 1)]


def reordered(scene: Scene, found: list[PulledPush]) -> list[PulledPush]:
    one, two = by(scene.ann, found)[:2]
    turned = {id(one): two, id(two): one}
    return [msgspec.structs.replace(turned.get(id(each), each), sequence=each.sequence) for each in found]


def by_nobody(scene: Scene, page: Page) -> Page:
    """A member of the hub's own making."""
    members = scene.team.members
    eve = os.urandom(16)
    act = SetPerson(eve, [ADMINISTRATOR], [], True, b"")
    seed = os.urandom(32)
    body = statements.sign(Statement(members.organisation, members.number + 1, members.hash, act), eve, seed)
    return msgspec.structs.replace(page, statements=[*page.statements, body])


def signed_by_ben(scene: Scene, page: Page) -> Page:
    """A member with the help of one who is no administrator."""
    members, ben = scene.team.members, scene.ben.device
    act = AddDevice(os.urandom(16), ben.id.bytes, os.urandom(32), os.urandom(32), b"")
    statement = Statement(members.organisation, members.number + 1, members.hash, act)
    body = statements.sign(statement, ben.id.bytes, ben.sign_seed.buffer)
    return msgspec.structs.replace(page, statements=[*page.statements, body])


def a_right(scene: Scene, page: Page, **changed: Any) -> Page:
    """A key that Ann gives to Ben, changed."""
    by_ann = (scene.ann.device.id.bytes, scene.ann.device.sign_seed)
    to_ben = (scene.ben.device.id.bytes, scene.ben.device.exchange_public)
    given = rights.give(
        scene.team.organisation, scene.file_id.bytes, 9, SecretKey.random(), to_ben, by_ann, rights.Under()
    )
    made = msgspec.structs.replace(given, number=page.rights_head + 1, **changed)
    return msgspec.structs.replace(page, rights=[*page.rights, made], rights_upto=made.number)


def a_link(scene: Scene, page: Page, signer: Desk, **changed: Any) -> Page:
    """A link of the file after its last, signed with a desk's key and changed afterwards."""
    team, collection = scene.team, scene.file_id.bytes
    with scene.ben.work.engine.connect() as conn:
        before = owning.last(conn.connection.driver_connection, collection)
    to_one = Whose(None, None, is_restricted=True, readers=frozenset([signer.person]))
    link = ownership.following(team.members, collection, before, to_one, signer.person)
    made = ownership.sign(
        msgspec.structs.replace(link, **changed), signer.device.id.bytes, signer.device.sign_seed.buffer
    )
    return msgspec.structs.replace(page, owners=[*page.owners, made])


def a_forged_link(scene: Scene, page: Page) -> Page:
    """A link that would keep the file to Ann, in her name and with no signature of hers."""
    made = a_link(scene, page, scene.ann).owners[-1]
    return msgspec.structs.replace(page, owners=[msgspec.structs.replace(made, signature=bytes(64))])


def a_strangers_link(scene: Scene, page: Page) -> Page:
    return a_link(scene, page, a_stranger(scene.team))


def a_stranger(team: Team) -> Desk:
    """Somebody who belongs to another organisation."""
    return Desk("Eve", team.desks[0].work, new_device(), team.desks[0].hub)


def other_revision(scene: Scene, answer: PushAnswer) -> PushAnswer:
    return PushAnswer(answer.sequence, [Outcome(ACCEPTED, 2**50) for _ in answer.outcomes])


def always_behind(scene: Scene, push: Push) -> PushAnswer:
    return PushAnswer(1, [Outcome(BEHIND, each.expected + 5) for part in push.parts for each in part.changes])


def refuse(code: str, detail: int = 0, chain: bool = False) -> Twist:
    def twist(scene: Scene, _answer: Any) -> Any:
        seed = os.urandom(32)
        body = statements.sign(
            Statement(
                scene.team.organisation,
                1,
                bytes(32),
                statements.RevokeDevice(scene.ben.device.id.bytes, is_lost=True),
            ),
            statements.ROOT,
            seed,
        )
        raise HubRefused(code, detail, [body] if chain else [])

    return twist


def once(twist: Twist) -> Twist:
    """Only the first time."""
    left = [twist]
    return lambda scene, answer: left.pop()(scene, answer) if left else answer


def set_page(**changed: Any) -> Twist:
    return lambda _scene, page: msgspec.structs.replace(page, **changed)


def endless_revisions(scene: Scene, answer: Revisions) -> Revisions:
    return Revisions([Held(bytes(16), b"\x01" * 16, 1)], True, 0)


def made_up_revisions() -> Twist:
    """Page after page of items that nobody wrote, in their order."""
    count = itertools.count(1)

    def twist(_scene: Scene, _answer: Revisions) -> Revisions:
        held = [Held(next(count).to_bytes(16, "big"), b"\x01" * 16, 1) for _ in range(5)]
        return Revisions(held, True, 0)

    return twist


def huge_revisions(_scene: Scene, _answer: Revisions) -> Revisions:
    one = Held(bytes(16), b"\x01" * 16, 1)
    return Revisions([one] * 60_000, True, 0)


@dataclass(frozen=True)
class Attack:
    """`ben_writes`: he has something to send when the hub lies."""

    name: str
    told: str
    twists: dict[str, Twist]
    ben_writes: bool = False

    def __str__(self) -> str:
        return self.name


# fmt: off
ATTACKS = [
    Attack("drops a push in the middle", "GAP", {"pull": pushes(lambda s, p: without(s, p, 0))}),
    Attack("drops the last push of a desk, which a colleague has seen", "withheld", {"pull": pushes(lambda s, p: without(s, p, -1))}),  # noqa: E501
    Attack("keeps back all that came", "withheld", {"pull": pushes(lambda s, p: [each for each in p if not by(s.ann, [each])])}),  # noqa: E501
    Attack("leaves a file out of a push", "LEFT OUT", {"pull": first_part(lambda _part: None)}),
    Attack("keeps a record back and calls it overtaken", "withheld", {"pull": first_part(as_overtaken)}),
    Attack("forges a record", "ENTRIES", {"pull": first_part(forged)}),
    Attack("swaps two records", "ENTRIES", {"pull": pushes(swapped)}),
    Attack("lies about a revision", "ENTRIES", {"pull": first_part(raised)}),
    Attack("forges a signature", "SIGNATURE", {"pull": pushes(cat_spoils)}),
    Attack("replays an old push as new", "REPLAYED", {"pull": pushes(replayed)}),
    Attack("turns two pushes round", "GAP", {"pull": pushes(reordered)}),
    Attack("turns the sequence round", "ORDER", {"pull": pushes(lambda _s, p: p[::-1])}),
    Attack("shows pushes from before the tip", "ORDER", {"pull": pushes(lambda _s, p: [msgspec.structs.replace(each, sequence=1) for each in p])}),  # noqa: E501
    Attack("sends what is no manifest", "MALFORMED", {"pull": pushes(lambda _s, p: [msgspec.structs.replace(each, manifest=b"\x91" * 900) for each in p])}),  # noqa: E501
    Attack("adds a member of its own", "NO RIGHT", {"pull": by_nobody}),
    Attack("adds a device with the help of one who may not", "NO RIGHT", {"pull": signed_by_ben}),
    Attack("sends what is no statement", "MALFORMED", {"pull": set_page(statements=[b"\x93\x01"])}),
    Attack("keeps a statement of the members back", "withheld", {"pull": set_page(statements=[])}),
    Attack("gives a key of its own making", "RIGHT", {"pull": lambda s, p: a_right(s, p, signature=bytes(64))}),
    Attack("gives a key in a stranger's name", "RIGHT", {"pull": lambda s, p: a_right(s, p, by=os.urandom(16))}),
    Attack("gives another device's right", "RIGHT", {"pull": lambda s, p: a_right(s, p, device=os.urandom(16))}),
    Attack("numbers rights as it likes", "ORDER", {"pull": lambda s, p: msgspec.structs.replace(a_right(s, p), rights=[*a_right(s, p).rights, *a_right(s, p).rights])}),  # noqa: E501
    Attack("takes a file away in a member's name", "links_refused", {"pull": a_forged_link}),
    Attack("takes a file away in a stranger's name", "links_refused", {"pull": a_strangers_link}),
    Attack("leaves out a link of ownership", "links_refused", {"pull": lambda s, p: a_link(s, p, s.ann, number=9)}),
    Attack("shows another history of whose a file is", "links_refused", {"pull": lambda s, p: a_link(s, p, s.ann, number=1, previous_hash=bytes(32))}),  # noqa: E501
    Attack("sends what is no link", "links_refused", {"pull": lambda s, p: msgspec.structs.replace(p, owners=[SignedOwnership(b"\x91", s.ann.person, bytes(64))])}),  # noqa: E501
    Attack("promises more and gives nothing", "NO PROGRESS", {"pull": lambda _s, p: msgspec.structs.replace(p, pushes=[], statements=[], rights=[], has_more=True)}),  # noqa: E501
    Attack("fills a file that nobody asked for", "NOT ASKED", {"pull": lambda s, p: msgspec.structs.replace(p, fills=[Fill(s.file_id.bytes, 0, 9)])}),  # noqa: E501
    Attack("hides a desk's own pushes from it", "withheld", {"pull": pushes(lambda s, p: [each for each in p if not by(s.ben, [each])])}, ben_writes=True),  # noqa: E501
    Attack("answers a push with a revision far ahead", "ANSWER", {"push": other_revision}, ben_writes=True),
    Attack("answers a push with nothing", "ANSWER", {"push": lambda _s, a: PushAnswer(a.sequence, [])}, ben_writes=True),  # noqa: E501
    Attack("says that every change is behind", "withheld", {"take_push": always_behind}, ben_writes=True),
    Attack("says that the desk was removed", "REMOVAL", {"pull": refuse("revoked")}),
    Attack("makes a chain in which the desk was removed", "NO RIGHT", {"pull": refuse("revoked", chain=True)}),
    Attack("says that it has lost everything", "gave_back", {"pull": once(refuse("other_history"))}),
    Attack("has lost everything, and says so without end", "ORDER", {"pull": once(refuse("other_history")), "revisions": endless_revisions}),  # noqa: E501
    Attack("makes up what it holds without end", "NO END", {"pull": once(refuse("other_history")), "revisions": made_up_revisions()}),  # noqa: E501
    Attack("makes up a page that is far too long", "NO END", {"pull": once(refuse("other_history")), "revisions": huge_revisions}),  # noqa: E501
    Attack("counts fewer statements than there were", "gave_back", {"pull": once(set_page(members=1))}),
]
# fmt: on


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_what_a_hostile_hub_does_is_refused_or_told_and_does_no_harm(scene: Scene, attack: Attack) -> None:
    ben = scene.ben
    if attack.ben_writes:
        note(ben, scene.file_id, "Of Ben")
    before = contents(ben)
    liar = Liar(scene, ben.hub, **attack.twists)
    if attack.told.isupper():
        with pytest.raises(Distrust) as refusal:
            exchange(ben, liar)
        assert refusal.value.what == attack.told.lower()
        assert "cannot be true" in distrust_words(refusal.value.what)
        assert "does not fit together" not in distrust_words(refusal.value.what)
        if "pull" in attack.twists:
            assert contents(ben) == before
    else:
        assert attack.told in exchange(ben, liar).troubles
        if attack.told != "gave_back":  # which its own log entry tells
            assert note_words([attack.told], 0)
    scene.team.exchange_all(4)
    assert contents(scene.ann) == contents(ben) == contents(scene.cat)
    notes = {row[0] for row in ben.rows("SELECT text FROM contact_note")}
    assert notes == {"First", "Second", "Third"} | ({"Of Ben"} if attack.ben_writes else set())
    assert [desk.exchange().troubles for desk in scene.team.desks] == [[], [], []]


def test_a_refusal_without_proof_and_one_with_a_forged_chain_destroy_nothing(scene: Scene) -> None:
    before = contents(scene.ben)
    for has_chain in (False, True):
        with pytest.raises(Distrust):
            exchange(
                scene.ben, Liar(scene, scene.ben.hub, push=refuse("revoked", chain=has_chain), pull=refuse("revoked"))
            )
    assert contents(scene.ben) == before


def test_a_link_taken_once_counts_no_second_time(scene: Scene) -> None:
    """Kept to Ann on Monday, open again on Tuesday: the hub shows Monday's link once more on Wednesday."""
    team, ann, ben = scene.team, scene.ann, scene.ben
    ann.keep_to(scene.file_id, ann)
    for desk in (ann, ben):
        desk.exchange()
    assert ben.rows("SELECT count(*) FROM client_file") == [(0,)]
    with ann.work.engine.begin() as conn:
        conn.exec_driver_sql("UPDATE client_file SET is_restricted = 0, readers = NULL")
    team.exchange_all(3)
    assert contents(ben) == contents(ann)
    with ann.work.engine.connect() as conn:
        monday = list(owning.told(conn.connection.driver_connection))[1]

    def again(_scene: Scene, page: Page) -> Page:
        return msgspec.structs.replace(page, owners=[monday])

    exchange(ben, Liar(scene, ben.hub, pull=once(again)))
    assert contents(ben) == contents(ann)
    assert ben.rows("SELECT is_restricted FROM client_file") == [(0,)]


def test_a_hub_that_accepts_one_revision_of_two_desks_loses_neither(scene: Scene) -> None:
    team, ann, ben = scene.team, scene.ann, scene.ben
    team.exchange_all(2)
    client = RecordId(UUID(ann.rows("SELECT id FROM person WHERE role = 'client'")[0][0]))
    for desk, where in ((ann, "with her sister"), (ben, "in a refuge")):
        save_person(desk.work, scene.file_id, client, PersonDetails("client", "Testina", "Sampleby", whereabouts=where))

    def into_the_void(_scene: Scene, push: Push) -> PushAnswer:
        return PushAnswer(1, [Outcome(ACCEPTED, each.expected + 1) for part in push.parts for each in part.changes])

    exchange(ben, Liar(scene, ben.hub, take_push=into_the_void))
    ann.exchange()
    report = ben.exchange()
    assert "forked" in report.troubles
    team.exchange_all(3)
    assert contents(ann) == contents(ben) == contents(scene.cat)
    told = repr(contents(ann)["person"]) + repr(contents(ann)["conflict"])
    assert "with her sister" in told
    assert "in a refuge" in told


def test_two_views_of_the_history_show_when_desks_hear_of_each_other(scene: Scene, tmp_path: Path) -> None:
    """The hub parts in two: Ben and Ann each see one half; Cat, who sees both, tells."""
    team, ann, ben = scene.team, scene.ann, scene.ben
    team.exchange_all(2)
    note(ann, scene.file_id, "Only for one half")
    ann.exchange()
    scene.cat.exchange()
    note(scene.cat, scene.file_id, "Of Cat")
    scene.cat.exchange()
    half = Liar(scene, ben.hub, pull=pushes(lambda s, p: [each for each in p if not by(s.ann, [each])]))
    assert "withheld" in exchange(ben, half).troubles


def test_what_fills_a_file_is_held_to_the_history(team: Team) -> None:
    ann, ben = team.join("Ann", SUPERVISOR), team.join("Ben", "advocate")
    file_id = a_file(ann.work)
    note(ann, file_id, "Before she was asked in")
    team.exchange_all(2)
    with ann.work.engine.begin() as conn:
        conn.exec_driver_sql("UPDATE client_file SET allocated_person = ?", (ben.person.hex(),))
    ann.exchange()

    def empty(_scene: Scene, page: Page) -> Page:
        return msgspec.structs.replace(page, filled=[], fills=[])

    scene = Scene(team, file_id, ann, ben, ann)
    with pytest.raises(Distrust, match="left out"):
        exchange(ben, Liar(scene, ben.hub, pull=empty))
    ben.exchange()
    assert contents(ben) == contents(ann)
