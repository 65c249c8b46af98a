"""What a desk is at when it is killed: it says what is kept as a screen would, and is judged by it.

An activity runs in a process of its own on the real vault and the real encrypted store, again and again until it is
killed. Its `judge` then looks at what is on the disk, given all that was heard before the kill.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import shutil
import threading
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Any, ClassVar

from PySide6.QtCore import QCoreApplication, QEventLoop
from sqlalchemy import ColumnElement, select

from advocate_desk.casework import drafts, imports, letters, notes
from advocate_desk.casework.drafts import Draft
from advocate_desk.casework.work import Done, Work, out_of_draft
from advocate_desk.clock import FixedClock
from advocate_desk.desk import drafts as desk_drafts
from advocate_desk.desk.composition import form_registry
from advocate_desk.desk.drafts import PLACE_KEY, Drafts, draft_key
from advocate_desk.desk.jobs import Jobs
from advocate_desk.domain.backups import Why
from advocate_desk.errors import Refused
from advocate_desk.store import migrate
from advocate_desk.store.backup import check_copy
from advocate_desk.store.backup_files import FOLDER_NAME, copies_in
from advocate_desk.store.backup_round import Places, run_round, sweep
from advocate_desk.store.engine import DATABASE_NAME, open_store
from advocate_desk.store.tables.files import referral
from advocate_desk.store.tables.local import audit_event, audit_head, import_batch
from advocate_desk.store.tables.papers import disclosure, letter, stored_document
from advocate_desk.store.tables.work import contact_note
from advocate_desk.vault import keyfile
from advocate_desk.vault.change import change_passphrase
from tests.builders import NOON
from tests.casework_calls import ACTS, LETTER, SHEET, a_row
from tests.data.vaults.reading import Rows, rows_of
from tests.faults.profiles import Profile, opened
from tests.unit.vault.vaults import CHEAP, OTHER_PASSPHRASE, PASSPHRASE

Heard = Sequence[tuple[Any, ...]]


class Say:
    """The screen of an activity: what it says was kept goes to whoever will judge."""

    def __init__(self, wire: Any) -> None:
        self._wire = wire

    def __call__(self, *words: object) -> None:
        """Say it, and go on only when it is said."""
        self._wire.send(words)


class Activity(ABC):
    """One thing that a desk can be at. `lasts_s`: kills fall into so many seconds of it.

    Some kills follow one of the first `most_words` things that it says.
    """

    lasts_s: ClassVar[float] = 0.1
    most_words: ClassVar[int] = 6

    def prepare(self, profile: Profile) -> Profile:
        """What is done to the copied profile before the activity begins."""
        return profile

    @abstractmethod
    def run(self, profile: Profile, number: int, say: Say) -> None:
        """Go on until killed, or end; numbers of what is written count from `number`."""

    def passphrases(self, heard: Heard) -> tuple[str, ...]:
        """Which passphrases may be in force; the first is tried first."""
        return (PASSPHRASE,)

    @abstractmethod
    def judge(self, profile: Profile, heard: Heard, work: Work) -> None:
        """Fail unless all that was said is there and nothing is half done."""


def _last(heard: Heard, word: str) -> Any:
    """The last of what was said under `word`, None where nothing was."""
    return next((said for said in reversed(heard) if said[0] == word), None)


def _pairs(work: Work, key: ColumnElement[Any], value: ColumnElement[Any]) -> dict[Any, Any]:
    """One column of a table by another."""
    return {row[0]: row[1] for row in work.read(lambda conn: conn.execute(select(key, value)).all())}


# ------------------------------------------------------------------------------------------------------------- notes


def words(number: int) -> str:
    """The numbered words of a note: long enough to fill pages."""
    return f"note {number}. " + "She told me what had happened since. " * (number % 40)


class Notes(Activity):
    """Notes that are written, and every third one amended."""

    def run(self, profile: Profile, number: int, say: Say) -> None:
        """Write until killed."""
        work = profile.work()
        say("begun")
        for each in itertools.count(number):
            done = notes.write_note(work, profile.file_id, notes.NoteDetails(NOON, "phone", words(each)))
            say("note", done.record_id, words(each))
            if each % 3 == 0 and done.record_id is not None:
                details = notes.NoteDetails(NOON, "phone", words(each + 1))
                amended = notes.amend_note(work, done.record_id, details, "A name was wrong.")
                say("note", amended.record_id, words(each + 1))

    def judge(self, profile: Profile, heard: Heard, work: Work) -> None:
        """Every note is there, word for word."""
        kept = _pairs(work, contact_note.c.id, contact_note.c.text)
        for _, record_id, text in heard:
            assert kept[record_id] == text


# ------------------------------------------------------------------------------------------------------------ typing


class Typing(Activity):
    """Every kind of form, typed into by turns: the desk's own timer and worker keep the drafts."""

    def run(self, profile: Profile, number: int, say: Say) -> None:
        """Type a burst into a form, wait until the screen says that it is kept, and turn to the next."""
        desk_drafts.KEEP_AFTER_MS = 3
        application = QCoreApplication([])
        open_forms: dict[str, Draft] = {}
        keeper = Drafts(profile.work(), Jobs())
        kept: list[object] = []
        keeper.kept.connect(kept.append)
        keeper.watch(lambda: list(open_forms.values()), lambda: {"page": "today", "place": {"number": number}})
        moments = Random(number)
        say("begun")
        for form in itertools.cycle(form_registry().keys()):
            for _ in range(moments.randrange(1, 6)):
                number += 1
                one = self._typed(profile, form, number, len(open_forms))
                open_forms[one.key] = replace(one, position=open_forms.get(one.key, one).position)
                keeper.touch()
            kept.clear()
            while not kept:
                application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            say("kept", one.key, number, len(open_forms))

    @staticmethod
    def _typed(profile: Profile, form: str, number: int, position: int) -> Draft:
        params = {"file_id": str(profile.file_id)}
        payload = {"values": {"text": words(number)}, "focus": {"field": f"field {number}", "at": number}}
        return Draft(draft_key(form, params), form, profile.file_id, params, payload, True, position, NOON)

    def judge(self, profile: Profile, heard: Heard, work: Work) -> None:
        """Every form that was said to be kept is open, in its order, at its field, with those words or later ones."""
        kept = {each.key: each for each in drafts.all_drafts(work)}
        order: list[str] = []
        for _, key, number, _count in heard:
            order += [] if key in order else [key]
            at = kept[key].payload["focus"]["at"]
            assert at >= number
            assert kept[key].payload == self._typed(profile, kept[key].form, at, 0).payload
            assert kept[key].is_open
        assert [key for key in kept if key in order] == order
        if heard:
            assert kept[PLACE_KEY].payload["page"] == "today"


# ------------------------------------------------------------------------------------------------------- form saves


class Saves(Activity):
    """Every act of casework in any order, each out of the draft that it was typed in."""

    lasts_s = 0.25

    def run(self, profile: Profile, number: int, say: Say) -> None:
        """Keep a draft, say so, save it, say so."""
        work, order, standing = profile.work(), list(ACTS), profile.standing
        Random(number).shuffle(order)
        say("begun")
        for call in order:
            number += 1
            key = f"form {number}"
            drafts.keep(work, Draft(key, "note", None, {}, {"number": number}, True, 0, NOON))
            say("draft", key, *self._head(work))
            try:
                with out_of_draft(work, key):
                    answer = call.run(work, standing)
            except Refused:  # an earlier one changed what it is about
                say("refused", key)
                continue
            record = answer.record_id if isinstance(answer, Done) else None
            say("saved", key, *self._head(work), record)

    @staticmethod
    def _head(work: Work) -> tuple[int, bytes]:
        found = work.read(lambda conn: conn.execute(select(audit_head.c.position, audit_head.c.hash)).one())
        return found.position, found.hash

    def judge(self, profile: Profile, heard: Heard, work: Work) -> None:
        """What was saved is in the chain and out of the drafts; what was not is one or the other, never both."""
        open_now = {each.key for each in drafts.all_drafts(work)}
        position, _ = self._head(work)
        chain = _pairs(work, audit_event.c.position, audit_event.c.hash)
        for said in heard:
            if said[0] == "saved":
                assert chain[said[2]] == said[3]
                assert said[1] not in open_now
            elif said[0] == "refused":
                assert said[1] in open_now
        if heard and heard[-1][0] == "draft":
            _, key, before, _hash = heard[-1]
            assert (key in open_now) == (position == before), (
                "a record and the form that it was typed in are both there"
            )


# ------------------------------------------------------------------------------------------------------------ import


class Import(Activity):
    """Lists taken in one after the other, each held in hand first."""

    lasts_s = 0.3
    ROWS = 12

    def run(self, profile: Profile, number: int, say: Say) -> None:
        """Prepare a list, say so, import it, say so; take every third back."""
        work = profile.work()
        say("begun")
        for each in itertools.count(number):
            imports.keep_in_hand(work, {**SHEET, "number": each}, {"2": "edited"})
            say("in hand", each)
            rows = [a_row(each * self.ROWS + row) for row in range(self.ROWS)]
            done = imports.import_rows(work, rows, {}, "a header", {"columns": {"number": each}})
            say("imported", done.batch_id)
            if each % 3 == 2:
                later = replace(work, clock=FixedClock(NOON))
                imports.undo_import(later, done.batch_id)
                say("undone", done.batch_id)

    def judge(self, profile: Profile, heard: Heard, work: Work) -> None:
        """Each import is whole or absent, and the list that was not imported yet is still in hand."""
        batches = {each.id: each for each in work.read(lambda conn: conn.execute(select(import_batch)).all())}
        for _, batch_id in (said for said in heard if said[0] == "imported"):
            assert batch_id in batches
        for _, batch_id in (said for said in heard if said[0] == "undone"):
            assert batches[batch_id].undone_at is not None
        of_batch = work.read(lambda conn: conn.execute(select(referral.c.import_batch_id, referral.c.deleted_at)).all())
        for batch_id, batch in batches.items():
            mine = [row for row in of_batch if row.import_batch_id == batch_id]
            assert len(mine) == batch.row_count
            assert {row.deleted_at is None for row in mine} == {batch.undone_at is None}
        prepared = _last(heard, "in hand")
        if prepared is not None:
            held = work.read(imports.in_hand)
            new = set(batches) - {profile.batch_id} - {said[1] for said in heard if said[0] == "imported"}
            is_imported = heard[-1] is not prepared or bool(new)
            assert is_imported or (held is not None and held[0]["number"] == prepared[1])
            if held is not None:
                assert held[0].get("number", -1) >= prepared[1] or held[0] == SHEET


# ------------------------------------------------------------------------------------------------------------ letter


class Letter(Activity):
    """Letters that are finalised to a PDF, looked at and put on record as leaving."""

    def run(self, profile: Profile, number: int, say: Say) -> None:
        """Keep letters until killed."""
        work = profile.work()
        say("begun")
        for each in itertools.count(number):
            pdf = b"%PDF-1.7 " + Random(each).randbytes(40_000 + each % 7 * 20_000)
            done = letters.save_letter(work, profile.file_id, replace(LETTER, pdf=pdf))
            say("letter", done.record_id, hashlib.sha256(pdf).hexdigest())

    def judge(self, profile: Profile, heard: Heard, work: Work) -> None:
        """A letter has its PDF and its disclosure, or there is no trace of it."""
        kept = {each.id: each for each in work.read(lambda conn: conn.execute(select(letter)).all())}
        documents = {each.id: each for each in work.read(lambda conn: conn.execute(select(stored_document)).all())}
        told = work.read(lambda conn: list(conn.execute(select(disclosure.c.letter_id)).scalars()))
        assert {each.document_id for each in kept.values()} == set(documents)
        assert set(told) == set(kept)
        for each in documents.values():
            assert hashlib.sha256(each.content).hexdigest() == each.sha256
        for _, letter_id, digest in heard:
            assert documents[kept[letter_id].document_id].sha256 == digest


# ---------------------------------------------------------------------------------------------------------- passphrase


class Passphrase(Activity):
    """The passphrase, changed to and fro."""

    lasts_s = 0.4
    TURNS = (PASSPHRASE, OTHER_PASSPHRASE)

    def run(self, profile: Profile, number: int, say: Say) -> None:
        """Change it until killed."""
        vault = opened(profile.folder)
        say("begun")
        for turn in itertools.count(1):
            before, after = self.TURNS[(turn - 1) % 2], self.TURNS[turn % 2]
            change_passphrase(vault, before, after, keyring=None, clock=FixedClock(NOON), cost=CHEAP)
            say("in force", turn)

    def passphrases(self, heard: Heard) -> tuple[str, ...]:
        """The one that was said to be in force, or the one that was on its way."""
        turn = len(heard)
        return self.TURNS[turn % 2], self.TURNS[(turn + 1) % 2]

    def judge(self, profile: Profile, heard: Heard, work: Work) -> None:
        """It opened: that is all."""


class Unlock(Activity):
    """A desk that is opened and locked again: the count of attempts is written each time."""

    lasts_s = 0.3

    def run(self, profile: Profile, number: int, say: Say) -> None:
        """Open and close until killed."""
        say("begun")
        while True:
            opened(profile.folder).close()
            say("opened")

    def judge(self, profile: Profile, heard: Heard, work: Work) -> None:
        """It opened: that is all."""


# ----------------------------------------------------------------------------------------------------------- migration


class Migration(Activity):
    """A store that is brought to the present schema, after a copy of it was put aside."""

    lasts_s = 0.6
    most_words = 1
    OLDEST = "0001"

    def run(self, profile: Profile, number: int, say: Say) -> None:
        """Bring it up, say so, and wait."""
        engine = open_store(profile.folder / DATABASE_NAME, profile.key)
        say("begun")
        migrate.prepare(engine, profile.key, profile.folder / FOLDER_NAME, NOON)
        say("migrated")

    def prepare(self, profile: Profile) -> Profile:
        """A store as the oldest version left it; with only one version so far, a store that holds nothing yet."""
        path = profile.folder / DATABASE_NAME
        for left in profile.folder.glob(f"{DATABASE_NAME}*"):
            left.unlink()
        shutil.copy(profile.oldest, path)
        return profile

    def judge(self, profile: Profile, heard: Heard, work: Work) -> None:
        """Every row of before is there, at the old revision or at the new one, and the rest can be done now."""
        wanted: Rows = json.loads((profile.oldest.with_suffix(".json")).read_text("utf-8"))
        if heard:
            assert migrate.revision_of(work.engine) == migrate.HEAD
        migrate.prepare(work.engine, profile.key, profile.folder / FOLDER_NAME, NOON)
        assert migrate.revision_of(work.engine) == migrate.HEAD
        found = rows_of(work.engine)
        for table, rows in wanted.items():
            assert [{column: row.get(column) for column in rows[0]} for row in found[table]] == rows, table


# -------------------------------------------------------------------------------------------------------------- backup


class Backup(Activity):
    """Rounds of backing up, with a note written before each."""

    lasts_s = 0.3

    def run(self, profile: Profile, number: int, say: Say) -> None:
        """Write, back up, say so."""
        work, places = profile.work(), self._places(profile)
        say("begun")
        for each in itertools.count(number):
            done = notes.write_note(work, profile.file_id, notes.NoteDetails(NOON, "phone", words(each)))
            made = run_round(work.engine, profile.key, places, Why.ASKED, NOON + timedelta(hours=each)).made
            if made is not None:
                say("backed up", made.path.name, done.record_id)

    @staticmethod
    def _places(profile: Profile) -> Places:
        return Places(profile.folder, keyfile.load(profile.folder).key_id)

    def judge(self, profile: Profile, heard: Heard, work: Work) -> None:
        """Every backup that is listed is whole; the last that was said is listed and holds the note before it."""
        places = self._places(profile)
        sweep(places)
        listed = {each.path.name: each.path for each in copies_in(places.own)}
        for path in listed.values():
            check_copy(path, profile.key)
        assert {each.name for each in places.own.glob("*.db*")} <= set(listed), "something that is no backup was left"
        if heard:
            _, name, note_id = heard[-1]
            shutil.copy(listed[name], profile.folder / "looked-at.db")
            engine = open_store(profile.folder / "looked-at.db", profile.key)
            kept = _pairs(replace(work, engine=engine), contact_note.c.id, contact_note.c.text)
            engine.dispose()
            assert note_id in kept


@dataclass(frozen=True)
class Share:
    """An activity, and how many of a thousand kills fall into it."""

    activity: Activity
    per_mille: int


SHARES: dict[str, Share] = {
    "notes": Share(Notes(), 130),
    "typing": Share(Typing(), 200),
    "saves": Share(Saves(), 190),
    "import": Share(Import(), 110),
    "letter": Share(Letter(), 90),
    "passphrase": Share(Passphrase(), 70),
    "unlock": Share(Unlock(), 30),
    "migration": Share(Migration(), 60),
    "backup": Share(Backup(), 50),
}


def run(name: str, profile: Profile, number: int, wire: Any) -> None:
    """Be at the activity `name` until killed. The body of a process."""
    SHARES[name].activity.run(profile, number, Say(wire))
    threading.Event().wait()  # done: whoever kills has yet to come
