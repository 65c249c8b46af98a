"""Pushes and pulls, on both databases: revisions, repeats, rights, pages, and commits in flight."""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import cast

import pytest

from advocate_desk.hub import members as hub_members
from advocate_desk.hub import pulls, pushes
from advocate_desk.hub.database import Database, Row, Session
from advocate_desk.hub.refusals import RefusedByHub
from advocate_desk.sync import manifest, wire
from advocate_desk.sync.manifest import NONE, Manifest
from advocate_desk.sync.statements import RevokeDevice
from advocate_desk.sync.wire import ACCEPTED, BEHIND, Fill, Part, Pull, Push, Tip
from advocate_desk.vault.secret import SecretKey
from tests.hub.members import QUOTA, Device, Organisation, changes, items_in

ITEM, OTHER = b"1" * 16, b"2" * 16


def refused(act: Callable[[], object]) -> RefusedByHub:
    with pytest.raises(RefusedByHub) as refusal:
        act()
    return refusal.value


def test_what_one_device_pushes_another_pulls(database: Database, organisation: Organisation) -> None:
    ann, ben = organisation.founder, organisation.join()
    file = organisation.open_file(ann, ben)
    answer = ann.send(database, Part(file, changes((ITEM, 0), (OTHER, 0))))
    assert [(each.state, each.revision) for each in answer.outcomes] == [(ACCEPTED, 1), (ACCEPTED, 1)]
    assert items_in(ben.pull(database), file) == {ITEM: 1, OTHER: 1}
    assert items_in(ben.pull(database), file) == {}


def test_a_change_from_an_old_revision_is_answered_with_the_newer_one(
    database: Database, organisation: Organisation
) -> None:
    ann, ben = organisation.founder, organisation.join()
    file = organisation.open_file(ann, ben)
    ann.send(database, Part(file, changes((ITEM, 0))))
    answer = ben.send(database, Part(file, changes((ITEM, 0), (OTHER, 0))))
    assert [(each.state, each.revision) for each in answer.outcomes] == [(BEHIND, 1), (ACCEPTED, 1)]
    assert ben.send(database, Part(file, changes((ITEM, 1)))).outcomes[0].state == ACCEPTED


def test_a_push_sent_again_is_answered_as_before_and_kept_once(database: Database, organisation: Organisation) -> None:
    ann, ben = organisation.founder, organisation.join()
    file = organisation.open_file(ann, ben)
    push = ann.push([Part(file, changes((ITEM, 0)))])
    first = pushes.take_push(database, ann.caller, push, QUOTA)
    ben.send(database, Part(file, changes((ITEM, 1))))
    assert pushes.take_push(database, ann.caller, push, QUOTA) == first
    assert items_in(ben.pull(database, with_own=True), file) == {ITEM: 2}


def test_an_overtaken_change_leaves_its_entry_and_the_manifest_still_checks(
    database: Database, organisation: Organisation
) -> None:
    ann, ben = organisation.founder, organisation.join()
    file = organisation.open_file(ann, ben)
    ann.send(database, Part(file, changes((ITEM, 0), (OTHER, 0))))
    ann.send(database, Part(file, changes((ITEM, 1))))
    chains = manifest.Chains(organisation.id, organisation.members.key_of_manifest)
    listed = [
        each
        for page in ben.pull(database)
        for push in page.pushes
        for part in push.parts
        for each in manifest.check_part(chains.take(push), part)
    ]
    assert [(each.item, each.revision, each.is_here) for each in listed] == [
        (ITEM, 1, False),
        (OTHER, 1, True),
        (ITEM, 2, True),
    ]


@pytest.mark.parametrize("spoil", ["envelope", "collection", "device", "signature", "twice", "manifest"])
def test_a_push_that_is_not_what_its_manifest_says_is_refused_whole(
    database: Database, organisation: Organisation, spoil: str
) -> None:
    ann, ben = organisation.founder, organisation.join()
    file, other_file = organisation.open_file(ann, ben), organisation.open_file(ann, ben)
    part = Part(file, changes((ITEM, 0)))
    push = ann.push([part])
    spoiled = {
        "envelope": Push(push.manifest, push.signature, [Part(file, changes((ITEM, 0)))]),
        "collection": Push(push.manifest, push.signature, [Part(other_file, part.changes)]),
        "device": ben.push([part]),
        "signature": Push(push.manifest, bytes(64), [part]),
        "twice": ann.push([Part(file, [*part.changes, *part.changes])]),
        "manifest": Push(b"junk", push.signature, [part]),
    }[spoil]
    refusal = refused(lambda: pushes.take_push(database, ann.caller, spoiled, QUOTA))
    assert refusal.code in {"malformed", "wrong_signature"}
    assert items_in(ben.pull(database), file) == {}


def test_a_manifest_out_of_its_order_is_refused_with_the_last_number(
    database: Database, organisation: Organisation
) -> None:
    ann = organisation.founder
    file = organisation.open_file(ann)
    ann.send(database, Part(file, changes((ITEM, 0))))
    ann.number += 1
    refusal = refused(lambda: ann.send(database, Part(file, changes((ITEM, 1)))))
    assert (refusal.code, refusal.detail) == ("out_of_order", 1)


def test_a_device_that_says_what_the_hub_lost_goes_on_from_there(
    database: Database, organisation: Organisation
) -> None:
    ann = organisation.founder
    file = organisation.open_file(ann)
    ann.send(database, Part(file, changes((ITEM, 0))))
    part = Part(file, changes((ITEM, 1)))
    said = Manifest(organisation.id, ann.id, 9, 1, ann.last, [], [manifest.named(file, part.changes)])
    body, signature = manifest.sign(said, ann.seed.buffer)
    assert pushes.take_push(database, ann.caller, Push(body, signature, [part]), QUOTA).sequence == 2


def test_a_file_is_written_and_read_by_those_who_hold_it_and_nobody_else(
    database: Database, organisation: Organisation
) -> None:
    ann, ben = organisation.founder, organisation.join()
    file = organisation.open_file(ann)
    ann.send(database, Part(file, changes((ITEM, 0))))
    assert refused(lambda: ben.send(database, Part(file, changes((OTHER, 0))))).code == "no_right"
    assert items_in(ben.pull(database), file) == {}


def test_a_withdrawn_device_delivers_what_it_had_and_reads_no_more(
    database: Database, organisation: Organisation
) -> None:
    ann, ben = organisation.founder, organisation.join()
    file = organisation.open_file(ann, ben)
    organisation.own(ann, file, ann)
    ann.send(database, Part(file, changes((ITEM, 0))))
    assert items_in(ben.pull(database), file) == {}
    assert ben.send(database, Part(file, changes((OTHER, 0)))).outcomes[0].state == ACCEPTED
    hub_members.confirm_cleared(database, ben.caller, file)
    assert refused(lambda: ben.send(database, Part(file, changes((b"3" * 16, 0))))).code == "no_right"
    assert items_in(ann.pull(database), file) == {OTHER: 1}


def test_a_revoked_device_is_refused_even_within_its_session(database: Database, organisation: Organisation) -> None:
    ann, ben = organisation.founder, organisation.join()
    file = organisation.open_file(ann, ben)
    organisation.say(RevokeDevice(ben.id, is_lost=True))
    assert refused(lambda: ben.send(database, Part(file, changes((ITEM, 0))))).code == "revoked"


def test_a_history_that_the_hub_does_not_have_is_said(database: Database, organisation: Organisation) -> None:
    ann = organisation.founder
    file = organisation.open_file(ann)
    ann.send(database, Part(file, changes((ITEM, 0))))
    for tip in (Tip(1, b"x" * 32), Tip(7, b"x" * 32)):
        refusal = refused(lambda tip=tip: pulls.answer_pull(database, ann.caller, Pull(tip, 0, 0)))  # type: ignore[misc]
        assert (refusal.code, refusal.detail) == ("other_history", 1)


def test_who_knows_another_statement_of_a_number_is_told_so_and_is_taken_nothing_from(
    database: Database, organisation: Organisation
) -> None:
    ann = organisation.founder
    last = organisation.members
    said = [(last.number, last.hash), (last.number + 1, b"x" * 32), (last.number, b""), (last.number, b"x" * 32)]
    asked = [Pull(Tip(0, NONE), number, 0, statements_hash=digest) for number, digest in said]
    pages = [pulls.answer_pull(database, ann.caller, each) for each in asked]
    assert [each.has_other_members for each in pages] == [False, False, False, True]
    for digest, is_taken in ((b"x" * 32, False), (last.hash, True)):
        manifest_said = Manifest(ann.organisation, ann.id, 1, 0, NONE, [], [], last.number, digest)
        push = Push(*manifest.sign(manifest_said, ann.seed.buffer), [])
        if is_taken:
            assert pushes.take_push(database, ann.caller, push, QUOTA).sequence == 1
        else:
            refusal = refused(lambda push=push: pushes.take_push(database, ann.caller, push, QUOTA))  # type: ignore[misc]
            assert refusal.code == "other_members"


def test_a_page_is_no_larger_than_asked_and_the_pages_are_the_whole(
    database: Database, organisation: Organisation
) -> None:
    ann, ben = organisation.founder, organisation.join()
    file = organisation.open_file(ann, ben)
    wanted = {os.urandom(16): 1 for _ in range(60)}
    items = list(wanted)
    for start in range(0, 60, 6):
        ann.send(database, Part(file, changes(*((item, 0) for item in items[start : start + 6]))))
    pages = ben.pull(database, most_bytes=4_000)
    assert len(pages) > 3
    assert items_in(pages, file) == wanted


class Reading:
    """A database that counts the envelopes that are read out of it."""

    def __init__(self, database: Database) -> None:
        self.database, self.session, self.envelopes = database, cast(Session, None), 0

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        with self.database.reading() as self.session:
            yield self

    def rows(self, sql: str, *parameters: object) -> list[Row]:
        found = self.session.rows(sql, *parameters)
        self.envelopes += len(found) if "i.envelope" in sql else 0
        return found

    def __getattr__(self, name: str) -> object:
        return getattr(self.session, name)


def test_what_a_device_wrote_itself_between_others_is_not_read_for_it(
    database: Database, organisation: Organisation
) -> None:
    ann, ben = organisation.founder, organisation.join()
    file = organisation.open_file(ann, ben)
    for each in (ben, *[ann] * 5, ben, *[ann] * 3, ben):
        each.send(database, Part(file, changes((os.urandom(16), 0))))
    seen = Reading(database)
    assert len(items_in(ann.pull(cast(Database, seen)), file)) == 3
    assert seen.envelopes == 3
    assert len(items_in(ben.pull(database), file)) == 8


def test_a_file_that_is_given_later_is_filled_from_its_beginning(
    database: Database, organisation: Organisation
) -> None:
    ann, ben = organisation.founder, organisation.join()
    file, own = organisation.open_file(ann), organisation.open_file(ann, ben)
    items = {os.urandom(16): 1 for _ in range(30)}
    for item in items:
        ann.send(database, Part(file, changes((item, 0))), Part(own, changes((os.urandom(16), 0))))
    ben.pull(database)

    organisation.own(ann, file, ann, ben)
    organisation.give(ann, file, SecretKey.random(), ben)
    assert items_in(ben.pull(database), file) == {}
    pages = ben.pull(database, fills=[Fill(file, 0, ben.tip.sequence)], most_bytes=2_000)
    assert len(pages) > 2
    assert items_in(pages, file) == items
    assert items_in(pages, own) == {}


def test_a_bare_pull_gives_the_chains_and_no_envelope(database: Database, organisation: Organisation) -> None:
    ann, ben = organisation.founder, organisation.join()
    file = organisation.open_file(ann, ben)
    ann.send(database, Part(file, changes((ITEM, 0))))
    pages = ben.pull(database, is_bare=True)
    assert [len(page.pushes) for page in pages] == [1]
    assert items_in(pages, file) == {}
    assert items_in(ben.pull(database, fills=[Fill(file, 0, 1)]), file) == {ITEM: 1}


def test_files_own_records_come_alone_and_only_to_who_may_read_them(
    database: Database, organisation: Organisation
) -> None:
    ann, ben = organisation.founder, organisation.join()
    files = [organisation.open_file(ann, ben) for _ in range(3)]
    hidden = organisation.open_file(ann)
    for file in (*files, hidden):
        ann.send(database, Part(file, changes((file, 0), (os.urandom(16), 0))))
    ann.send(database, Part(files[0], changes((files[0], 1))))
    (page,) = ben.pull(database, is_bare=True, heads=[*files[:2], hidden, os.urandom(16)])
    assert {each.collection: each.items[0].revision for each in page.heads} == {files[0]: 2, files[1]: 1}


def test_many_files_are_filled_in_the_order_asked_and_what_was_overtaken_is_named(
    database: Database, organisation: Organisation
) -> None:
    ann, ben = organisation.founder, organisation.join()
    files = [organisation.open_file(ann, ben) for _ in range(70)]
    ann.send(database, *(Part(file, changes((file, 0), (ITEM, 0))) for file in files))
    ann.send(database, Part(files[5], changes((ITEM, 1))))
    ben.pull(database, is_bare=True)
    wanted = list(reversed(files))
    pages = ben.pull(database, fills=[Fill(file, 0, 2) for file in wanted], most_bytes=6_000)
    came = [part for page in pages for part in page.filled]
    assert len(pages) > 3
    assert list(dict.fromkeys(part.collection for part in came)) == wanted
    assert {part.collection: len(part.entries) // wire.ENTRY_BYTES for part in came if part.entries} == {files[5]: 2}
    assert all(items_in(pages, file) == {file: 1, ITEM: 2 if file == files[5] else 1} for file in files)


def test_an_organisation_that_is_full_is_told_and_may_still_shrink(
    database: Database, organisation: Organisation
) -> None:
    ann = organisation.founder
    file = organisation.open_file(ann)
    ann.send(database, Part(file, changes((ITEM, 0), text=b"x" * 5_000)))
    push = ann.push([Part(file, changes((OTHER, 0), text=b"x" * 6_000))])
    assert refused(lambda: pushes.take_push(database, ann.caller, push, 10_000)).code == "full"
    ann.number, ann.last = 1, wire.digest(_manifest_of(database, organisation))
    smaller = ann.push([Part(file, changes((ITEM, 1), text=b"x"))])
    assert pushes.take_push(database, ann.caller, smaller, 400).outcomes[0].state == ACCEPTED


def _manifest_of(database: Database, organisation: Organisation) -> bytes:
    with database.reading() as session:
        return bytes(session.rows("SELECT manifest FROM push WHERE organisation = ?", organisation.id)[0][0])


def test_one_organisation_sees_nothing_of_another(database: Database, organisation: Organisation) -> None:
    ann = organisation.founder
    file = organisation.open_file(ann)
    ann.send(database, Part(file, changes((ITEM, 0))))
    elsewhere = Organisation(database)
    assert elsewhere.founder.pull(database)[0].pushes == []
    assert refused(lambda: elsewhere.founder.send(database, Part(file, changes((ITEM, 1))))).code == "no_right"


def test_no_pull_passes_over_a_commit_in_flight(database: Database, organisation: Organisation) -> None:
    """Writers of one organisation at once, and a reader that never looks back: it must end with every item."""
    writers = [organisation.founder, *(organisation.join() for _ in range(3))]
    reader = organisation.join()
    file = organisation.open_file(*writers, reader)
    done = threading.Event()
    seen: dict[bytes, int] = {}

    def write(device: Device) -> int:
        chance = random.Random(device.id)
        for _ in range(15):
            device.send(database, Part(file, changes(*((os.urandom(16), 0) for _ in range(chance.randint(1, 20))))))
        return 15

    def read() -> None:
        while not done.is_set():
            seen.update(items_in(reader.pull(database, most_bytes=20_000), file))

    with ThreadPoolExecutor(5) as pool:
        reading = pool.submit(read)
        try:
            assert sum(pool.map(write, writers)) == 60
        finally:
            done.set()  # else a writer that fails leaves the reader at work for ever
        reading.result(30)
    seen.update(items_in(reader.pull(database), file))
    with database.reading() as session:
        (count,) = session.rows("SELECT count(*) FROM item WHERE organisation = ?", organisation.id)[0]
    assert len(seen) == count
    assert reader.tip.sequence == 60
