"""A value of hers that was not taken in a merge is told, once, whatever became of the exchange or of the desk since."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from advocate_desk.casework import conflicts
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.conflicts.view import ConflictsScreen
from advocate_desk.desk.team.not_taken import NotTaken
from advocate_desk.desk.team.state_words import event_words
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.store.queries.client_file import file_view
from advocate_desk.store.queries.conflicts import settled_conflicts
from advocate_desk.store.tables.exchange import conflict
from advocate_desk.store.tables.people import person
from advocate_desk.sync import overview
from advocate_desk.sync.attachments import Attachments
from advocate_desk.sync.hub import Unreachable
from advocate_desk.sync.transport import NO_ANSWER
from tests.desk.test_exchanging_screens import TeamDesk, rename, shared, team
from tests.sync.desks import Team

__all__ = ["shared", "team"]  # fixtures


class ToldDesk(TeamDesk):
    """A desk that tells what was not taken, as the program's does."""

    def open_desk(self) -> Office:
        office = super().open_desk()
        assert office.exchanges is not None
        NotTaken(office, office.exchanges)
        return office

    def told(self) -> list[str]:
        """What was said of values that were not taken."""
        return [each.text for each in self.notices if "Yours" in each.text]

    def logged(self) -> list[int]:
        """How many values each line of the log tells of, the newest first."""
        return [each.detail["values"] for each in overview.events(self.work.engine) if each.kind == "not_taken"]


@pytest.fixture
def ann(team: Team, shared: FileId, qtbot: QtBot) -> Iterator[ToldDesk]:
    made = ToldDesk(team.desks[0], qtbot)
    yield made
    made.end()


def change_apart(team: Team, file_id: FileId, **says: tuple[str, str]) -> str:
    """Ann and Ben each say something of the client, he is first: for each field what she says and what he says."""
    ann, ben = team.desks
    about = str(ann.work.read(file_view, file_id).people[0].person_id)
    with ann.work.activity("person_changed") as act:
        act.update(person, RecordId(UUID(about)), {name: hers for name, (hers, _) in says.items()})
    rename(ben, about, **{name: his for name, (_, his) in says.items()})
    return about


def test_she_is_told_when_her_value_was_not_taken_and_can_put_it_back(
    team: Team, ann: ToldDesk, shared: FileId
) -> None:
    about = change_apart(team, shared, known_as=("Tessa", "Tess"))
    ann.exchange()
    assert ann.told() == ["You and a colleague changed the same thing, and hers was taken. Yours is kept."]
    assert [each.kind for each in overview.events(ann.work.engine)] == ["not_taken"]
    assert "still be used instead" in event_words(overview.events(ann.work.engine)[0]).text
    ann.exchange(brings=False)
    assert len(ann.told()) == 1, "it is told once"
    (notice,) = [each for each in ann.notices if "Yours" in each.text]
    assert notice.action is not None
    notice.action()
    ann.settle()
    page = ann.page(ConflictsScreen)
    assert isinstance(page, ConflictsScreen) and page.presenter.which == "settled"
    (use,) = [each for each in page.findChildren(QPushButton) if each.text() == "Use this instead"]
    use.click()
    ann.settle()
    assert ann.desk.rows("SELECT known_as FROM person WHERE id = ?", UUID(about).hex) == [("Tessa",)]


def test_it_is_told_though_the_exchange_broke_off_behind_the_merge(
    team: Team, ann: ToldDesk, shared: FileId, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_apart(team, shared, known_as=("Tessa", "Tess"))

    def cut(_documents: object) -> None:
        raise Unreachable(NO_ANSWER)

    with monkeypatch.context() as broken:
        broken.setattr(Attachments, "run", cut)
        ann.exchange(brings=False)
    assert ann.office.exchanges is not None
    trouble = ann.office.exchanges.state().trouble
    assert trouble is not None and trouble.kind == "unreachable"
    assert len(ann.told()) == 1 and ann.logged() == [1]
    ann.exchange(brings=False)
    assert len(ann.told()) == 1 and ann.logged() == [1]


def test_it_is_told_at_the_next_unlock_where_the_desk_was_gone_before(
    team: Team, ann: ToldDesk, shared: FileId
) -> None:
    ann.window.lock()
    change_apart(team, shared, known_as=("Tessa", "Tess"), gender=("woman", "other"))
    ann.desk.exchange()  # and nobody was there to be told: the program was ended
    assert ann.logged() == [2] and not ann.told()
    ann.unlock()
    ann.settle()
    assert ann.told() == ["You and colleagues changed the same 2 things, and theirs were taken. Yours are kept."]
    ann.lock_and_unlock()
    ann.settle()
    assert len(ann.told()) == 1, "it is told once"


def test_each_of_two_in_a_row_is_told_and_stands_in_the_log(team: Team, ann: ToldDesk, shared: FileId) -> None:
    for hers, his in (("Tessa", "Tess"), ("Tessie", "Tessy")):
        change_apart(team, shared, known_as=(hers, his))
        ann.exchange(brings=False)
    assert len(ann.told()) == 2 and ann.logged() == [1, 1]


def test_of_very_many_none_is_told_again_when_one_is_used_after_all(team: Team, ann: ToldDesk, shared: FileId) -> None:
    change_apart(team, shared, known_as=("Tessa", "Tess"))
    ann.exchange()
    names = ", ".join(f'"{each.name}"' for each in conflict.columns if each.name != "id")
    with ann.work.engine.begin() as conn:
        conn.exec_driver_sql(
            f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 510) INSERT INTO conflict "
            f"(id, {names}) SELECT printf('%032x', i), {names} FROM conflict, n"
        )
    ann.lock_and_unlock()
    latest = ann.work.read(settled_conflicts)[0]
    mine = next(each for each in latest.said if each.values["known_as"] == "Tessa")
    conflicts.decide(ann.work, latest.ids[-1:], mine.values, again=True)
    ann.exchange(brings=False)
    assert len(ann.told()) == 1 and ann.logged() == [1]
