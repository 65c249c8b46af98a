"""The import's own window, given sheets that were made to break it: it ends in words, and nothing is half imported."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import Connection, Table, func, select

from advocate_desk.casework.imports import in_hand
from advocate_desk.casework.work import Work
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.import_wizard.presenter import Step
from advocate_desk.desk.screens.import_wizard.view import ImportWizard
from advocate_desk.documents.sheets import isolated
from advocate_desk.store.tables.files import client_file, referral
from tests import hostile_reader
from tests.desk.conftest import collected_here, collected_whole, dressed, jobs, work  # noqa: F401 - fixtures
from tests.fuzz.bombs import SHEETS
from tests.fuzz.judge import quoted
from tests.fuzz.target import CORPUS
from tests.referral_sheets import FOLDER

HOSTILE = ("a billion laughs", "a billion rows in OpenDocument", "a line of commas")
TAKES_S = 60_000  # milliseconds, on a busy computer


@pytest.fixture
def wizard(work: Work, jobs: Jobs, qtbot: QtBot) -> ImportWizard:  # noqa: F811
    opened = ImportWizard(Office(work, jobs))
    qtbot.addWidget(opened)
    opened.resize(1146, 700)
    opened.show()
    return opened


def taken(wizard: ImportWizard, qtbot: QtBot, data: bytes) -> None:
    wizard.presenter.take_bytes(data)
    qtbot.waitUntil(lambda: not wizard.presenter.is_busy, timeout=TAKES_S)


def count_of(conn: Connection, table: Table) -> int:
    return int(conn.execute(select(func.count()).select_from(table)).scalar_one())


def assert_ended_in_words(wizard: ImportWizard, work: Work) -> None:  # noqa: F811
    banner = wizard.banner
    assert banner.isVisible()
    said = banner.text()
    assert said.endswith(".")
    assert not quoted(said)
    assert not wizard.presenter.has_list
    assert wizard.presenter.step is Step.FILE
    for table in (client_file, referral):
        assert work.read(count_of, table) == 0
    assert work.read(in_hand) is None


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_sheet_ends_in_words_in_the_window(name: str, wizard: ImportWizard, work: Work, qtbot: QtBot) -> None:  # noqa: F811
    taken(wizard, qtbot, SHEETS[name]())
    assert_ended_in_words(wizard, work)


def test_a_reader_that_dies_ends_in_words_and_the_next_list_is_read(
    wizard: ImportWizard,
    work: Work,  # noqa: F811
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as turned:
        turned.setattr(isolated, "_serve", hostile_reader.dies_at_once)
        taken(wizard, qtbot, (FOLDER / "hospital_referrals.xlsx").read_bytes())
    assert_ended_in_words(wizard, work)
    taken(wizard, qtbot, (FOLDER / "hospital_referrals.xlsx").read_bytes())
    assert wizard.presenter.has_list
    assert not wizard.banner.isVisible()


def test_every_sheet_that_once_broke_a_reader_ends_in_words_in_the_window(
    wizard: ImportWizard,
    work: Work,  # noqa: F811
    qtbot: QtBot,
) -> None:
    for folder in ("xlsx", "ods", "xls", "csv"):
        for path in sorted(Path(CORPUS / folder).glob("*")):
            taken(wizard, qtbot, path.read_bytes())
            assert_ended_in_words(wizard, work)
