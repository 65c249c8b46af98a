"""A member who has lost every way into her desk gets in with the holders' sheets, and with fewer of them not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from advocate_desk.clock import FixedClock
from advocate_desk.desk.composition import open_desk
from advocate_desk.desk.dialogs.passphrase import NewSheetDialog
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.screens.unlock.view import UnlockView
from advocate_desk.desk.team.way_in import close_to_sheets, open_to_sheets
from advocate_desk.errors import Unavailable, WrongKey
from advocate_desk.sync import enrol, share_codes, state, statements
from advocate_desk.sync.enrol import Founding
from advocate_desk.sync.names import Name
from advocate_desk.sync.share_codes import ShareCode
from advocate_desk.sync.statements import ADMINISTRATOR, ADVOCATE, Members, SetPerson, Statement
from advocate_desk.vault.change import open_to_organisation
from advocate_desk.vault.keyring import KeyringCheck
from advocate_desk.vault.new_key import make_new_key
from advocate_desk.vault.secret import SecretKey
from advocate_desk.vault.set_up import create_vault
from advocate_desk.vault.slots import SlotKind
from advocate_desk.vault.vault import OpenVault, TooFewSheets, open_vault, open_with_organisation, sheet_in_force
from tests.builders import NOON, a_work
from tests.desk.team_desk import TeamDesk
from tests.unit.vault.vaults import CHEAP, PASSPHRASE

CLOCK = FixedClock(NOON)
NEW_PASSPHRASE = "harbour lantern violet ostrich meadow"


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[OpenVault]:
    made = create_vault(tmp_path / "desk", PASSPHRASE, keyring=None, clock=CLOCK, cost=CHEAP).finish()
    yield made
    made.close()


@pytest.fixture
def founding(vault: OpenVault) -> Founding:
    return enrol.found(vault.device, Name("Ann", "A"), [ADVOCATE], 2, 3)


@pytest.fixture
def sheets(founding: Founding) -> tuple[ShareCode, ...]:
    return share_codes.codes(founding.shares, founding.root_public)


def opened(vault: OpenVault, sheets: tuple[ShareCode, ...]) -> OpenVault:
    with share_codes.joined(sheets) as secret, enrol.recovery_key(secret) as key:
        return open_with_organisation(vault.folder, key, clock=CLOCK)


def test_two_of_three_sheets_open_the_desk_and_one_does_not(
    vault: OpenVault, founding: Founding, sheets: tuple[ShareCode, ...]
) -> None:
    with pytest.raises(WrongKey, match="never opened to the sheets"):
        opened(vault, sheets[:2])
    assert open_to_organisation(vault, founding.recovery_public)
    revision = vault.revision
    assert not open_to_organisation(vault, founding.recovery_public)
    assert vault.revision == revision
    with pytest.raises(TooFewSheets):
        opened(vault, sheets[:1])
    again = opened(vault, (sheets[2], sheets[0]))
    assert again.opened_by is SlotKind.ORGANISATION and again.notices == ()
    assert bytes(again.db_key.buffer) == bytes(vault.db_key.buffer)
    again.close()
    open_vault(vault.folder, PASSPHRASE, keyring=None, clock=CLOCK, cost=CHEAP).close()


def test_a_key_that_is_none_is_refused_and_nothing_is_changed(vault: OpenVault) -> None:
    before = (vault.folder / "vault.json").read_bytes()
    with pytest.raises(Unavailable):
        open_to_organisation(vault, bytes(32))
    assert (vault.folder / "vault.json").read_bytes() == before


def test_the_sheets_open_the_desk_after_its_key_was_changed(
    vault: OpenVault, founding: Founding, sheets: tuple[ShareCode, ...]
) -> None:
    open_to_organisation(vault, founding.recovery_public)
    new = make_new_key(vault, PASSPHRASE, NEW_PASSPHRASE, keyring=None, clock=CLOCK, cost=CHEAP)
    new.commit()
    again = opened(vault, sheets[:2])
    assert bytes(again.db_key.buffer) == bytes(new.db_key.buffer) != bytes(vault.db_key.buffer)
    again.close()
    new.wipe()


def at_recovery(vault: OpenVault, founding: Founding, qtbot: QtBot, jobs: Jobs) -> UnlockView:
    """The page that asks for the recovery code, on a desk that sheets can open."""
    open_to_organisation(vault, founding.recovery_public)
    view = UnlockView(vault.folder, CLOCK, jobs, cost=CHEAP, find_keyring=lambda: KeyringCheck(None, ""))
    qtbot.addWidget(view)
    view.show()
    view.show_recovery()
    return view


def test_holders_type_their_sheets_one_after_another_where_the_recovery_code_is_typed(
    vault: OpenVault, founding: Founding, sheets: tuple[ShareCode, ...], qtbot: QtBot, jobs: Jobs
) -> None:
    view = at_recovery(vault, founding, qtbot, jobs)
    page = view.recovery_page
    page.edit.setText(" ".join(sheets[1].groups).lower())
    page._on_edited()
    assert page.count.text() == "14 of 14 groups typed"
    page.ask()
    qtbot.waitUntil(lambda: "1 sheet is typed" in page.said.words())
    assert page.edit.text() == "" and page.edit.placeholderText() == "fourteen groups of five"
    assert page.count.text() == "0 of 14 groups typed"
    page.edit.setText(" ".join(sheets[1].groups))
    page.ask()
    qtbot.waitUntil(lambda: "typed already" in page.said.words())
    page.edit.setText(" ".join(sheets[0].groups))
    page.ask()
    qtbot.waitUntil(view.new_passphrase_page.isVisible)
    with qtbot.waitSignal(view.unlocked) as done:
        view._presenter.set_new(NEW_PASSPHRASE)
    done.args[0].close()
    open_vault(vault.folder, NEW_PASSPHRASE, keyring=None, clock=CLOCK, cost=CHEAP).close()
    assert view._presenter._shares == ()


def test_who_came_in_by_the_sheets_is_offered_a_recovery_sheet_of_her_own_once(tmp_path: Path, qtbot: QtBot) -> None:
    desk = TeamDesk(tmp_path / "Ann", "Ann", qtbot)
    held = enrol.found(desk.open.vault.device, Name("Ann", "A"), [ADVOCATE], 2, 3)
    open_to_organisation(desk.open.vault, held.recovery_public)
    mark = sheet_in_force(desk.folder)
    desk.lock()
    by_sheets = opened(desk.open.vault, share_codes.codes(held.shares, held.root_public)[:2])
    desk._show(open_desk(by_sheets, desk.clock, None))
    dialog = desk.dialog(NewSheetDialog)
    assert "Holders of the organisation’s sheets opened this desk" in dialog.lead.text()
    desk.press(Qt.Key.Key_Escape)
    assert sheet_in_force(desk.folder) == mark  # she still had hers
    assert not desk.open.offers_sheet, "another look builds the page anew, and asks nothing again"
    desk.lock()
    desk.unlock()
    assert not desk.open.offers_sheet
    desk.end()


def test_a_lock_page_that_is_left_forgets_the_sheets(
    vault: OpenVault, founding: Founding, sheets: tuple[ShareCode, ...], qtbot: QtBot, jobs: Jobs
) -> None:
    view = at_recovery(vault, founding, qtbot, jobs)
    view.recovery_page.edit.setText(" ".join(sheets[0].groups))
    view.recovery_page.ask()
    qtbot.waitUntil(lambda: view._presenter._shares != ())
    view.forget()
    assert view._presenter._shares == ()


def test_an_organisation_that_let_the_desk_go_has_no_way_in_any_more(
    vault: OpenVault, founding: Founding, sheets: tuple[ShareCode, ...]
) -> None:
    work = a_work(vault.folder)
    with work.engine.begin() as conn:
        driver = conn.connection.driver_connection
        state.join(driver, founding.organisation, founding.root_public, founding.person, "", NOON)
        assert not open_to_sheets(work, vault) and not close_to_sheets(work, vault), "nobody has let it in yet"
        members = statements.take(Members(founding.organisation, founding.root_public), founding.statement)
        state.keep_statement(driver, 1, founding.statement)
    assert open_to_sheets(work, vault)
    assert not close_to_sheets(work, vault)
    opened(vault, sheets[:2]).close()
    for act in (
        SetPerson(bytes(range(16)), [ADMINISTRATOR], [], True, b""),
        SetPerson(founding.person, [ADVOCATE], [], False, b""),
    ):
        said = Statement(members.organisation, members.number + 1, members.hash, act)
        body = statements.sign(said, vault.device.id.bytes, vault.device.sign_seed.buffer)
        members = statements.take(members, body)
        with work.engine.begin() as conn:
            state.keep_statement(conn.connection.driver_connection, members.number, body)
    assert close_to_sheets(work, vault)
    assert not open_to_sheets(work, vault)
    with pytest.raises(WrongKey, match="never opened to the sheets"):
        opened(vault, sheets[:2])
    open_vault(vault.folder, PASSPHRASE, keyring=None, clock=CLOCK, cost=CHEAP).close()
    work.engine.dispose()


def test_the_secret_of_the_sheets_is_wiped_after_use(sheets: tuple[ShareCode, ...]) -> None:
    secret = share_codes.joined(sheets[:2])
    assert isinstance(secret, SecretKey)
    with secret:
        pass
    with pytest.raises(ValueError, match="wiped"):
        secret.buffer.clear()
