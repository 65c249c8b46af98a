"""The real program killed at any moment of a day's work in its window: the next start finds what it had shown.

Each session finds what the one before it left, goes on from there and is killed in its turn.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.context import BaseContext
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from advocate_desk.store.tables.work import contact_note
from tests.faults.activities import Heard
from tests.faults.killing import KILLS, Moment, a_moment, desk_to_kill, kill_one, processes
from tests.faults.profiles import Profile, opened
from tests.faults.window_session import Form, run
from tests.store_state import check_sound

__all__ = ["desk_to_kill", "processes"]

SEED = 21112026
SESSIONS = KILLS * 7 // 100
IN_A_ROW = 7
LASTS_S = 2.5
SETTLING = "_SettlingEdit"  # of a day or a time


@dataclass
class Shown:
    """What the screen had shown as kept, over the sessions: open forms, the one in front, and saved notes.

    `went` is the form and the field that the cursor was put into last: it may be kept before the screen can say so.
    """

    forms: dict[str, Form] = field(default_factory=dict)
    front: str = ""
    went: tuple[str, str] = ("", "")
    saved: set[str] = field(default_factory=set)

    def hear(self, heard: Heard) -> None:
        """Take in what a session said."""
        for said in heard:
            if said[0] == "kept":
                self.forms[said[1][0]] = said[1]
                self.front = said[1][0]
            elif said[0] == "went":
                self.went = (said[1], said[2])
            elif said[0] == "saved":
                self.forms.pop(said[1], None)
                self.saved.add(said[2])

    def check(self, found: list[Form], notes: set[str]) -> None:
        """Fail unless the forms that a session found are those that were shown as kept, or what came of them."""
        by_key = {each[0]: each for each in found}
        for key, texts, _ in self.forms.values():
            if key in by_key:
                check_typed(texts, by_key[key][1], key)
            else:  # it was saved, and killed before it could say so
                assert notes & {text.strip() for _kind, text in texts if text}, f"{key} is not open any more"
        if self.front in self.forms and self.front == found[-1][0]:
            places = {self.forms[self.front][2]} | {place for key, place in (self.went,) if key == self.front}
            assert found[-1][2] in places, "the cursor is in another field"


def check_typed(before: list[tuple[str, str]], after: list[tuple[str, str]], where: str) -> None:
    """Fail if a text has gone; one that was typed on goes on from what it was, a day such as "fri" is written out."""
    missing, new = Counter(before) - Counter(after), list((Counter(after) - Counter(before)).elements())
    for kind, text in missing:
        begins = "" if kind == SETTLING else text
        is_there = any(kind == other and more and more.startswith(begins) for other, more in new)
        assert is_there, f"{where}: {kind} {text!r}; new are {new}"


@pytest.mark.timeout(900)
def test_the_next_start_finds_all_that_the_window_had_shown_as_kept(
    desk_to_kill: Profile, processes: BaseContext, tmp_path: Path
) -> None:
    moments, typed = Random(SEED), 0
    profile, shown = desk_to_kill.copied_to(tmp_path / "desk"), Shown()
    for nth in range(SESSIONS):
        is_last = nth % IN_A_ROW == IN_A_ROW - 1 or nth == SESSIONS - 1
        moment = Moment(0, 1) if is_last else a_moment(moments, LASTS_S, 8)
        heard = kill_one(processes, run, (profile, nth + 1), moment)
        notes = check_store(profile)
        found = next((said[1] for said in heard if said[0] == "found"), None)
        if found is not None:
            shown.check(found, notes)
        shown.hear(heard)
        assert {each.strip() for each in shown.saved} <= notes
        typed += len(shown.forms) + len(shown.saved)
        if is_last:
            profile, shown = desk_to_kill.copied_to(tmp_path / "desk"), Shown()
    assert typed, "nothing was put to the test"


def check_store(profile: Profile) -> set[str]:
    """Fail unless the vault opens and the store is sound, with no note twice; gives the texts of the notes."""
    vault = opened(profile.folder)
    assert vault.notices == ()
    vault.close()
    work = profile.work()
    try:
        notes = Counter(work.read(lambda conn: list(conn.execute(select(contact_note.c.text)).scalars())))
        written = [text for text in notes if text.startswith("wörd")]
        assert all(notes[text] == 1 for text in written), "a form was still open over the note that it had become"
        check_sound(work.engine)
        return {text.strip() for text in notes}
    finally:
        work.engine.dispose()
