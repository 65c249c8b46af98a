"""A whole working life on one disk: everything is done, everything that was written is searched for planted words."""

from __future__ import annotations

import contextlib
import logging
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from advocate_desk import logs
from advocate_desk.casework import drafts, letters, notes
from advocate_desk.casework.import_rows import RowToImport
from advocate_desk.casework.imports import import_rows, keep_in_hand
from advocate_desk.casework.work import Work
from advocate_desk.clock import FixedClock
from advocate_desk.documents.export import free_name, write_safely
from advocate_desk.documents.layout import finish_pdf
from advocate_desk.documents.letter_pages import letter_pdf
from advocate_desk.documents.recovery_sheet import recovery_sheet_pdf
from advocate_desk.documents.safety_plan import safety_plan_pdf
from advocate_desk.documents.sheets.columns import load_vocabulary
from advocate_desk.documents.sheets.failed_rows import failed_rows_file
from advocate_desk.documents.sheets.header import find_header, table_of
from advocate_desk.documents.sheets.mapping import guess_columns
from advocate_desk.documents.sheets.read import read_sheet
from advocate_desk.documents.sheets.rows import Plan, check_rows
from advocate_desk.domain.backups import Why
from advocate_desk.domain.identity import FileId
from advocate_desk.errors import DeskError
from advocate_desk.store.backup import make_copy
from advocate_desk.store.engine import DATABASE_NAME, create_store, open_store
from advocate_desk.store.migrate import prepare
from advocate_desk.store.queries.find import find
from advocate_desk.vault.recovery import RecoveryCode
from advocate_desk.vault.vault import open_vault, open_with_recovery
from tests import planted, referral_sheets
from tests.builders import ACTOR, NOON, PACKS
from tests.casework_calls import CALLS, LETTER, NOTE, TODAY, Standing, a_draft, a_standing_file
from tests.faults.failing_store import broken_rule, failing_write
from tests.unit.documents.papers import court_facts, letter, metadata, own_fonts, plan
from tests.unit.vault.vaults import CHEAP, PASSPHRASE, a_vault

CLOCK = FixedClock(datetime(2026, 11, 21, 12, 0, tzinfo=UTC))
NAME = f"{planted.CLIENT_GIVEN} {planted.CLIENT_FAMILY}"


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that every place for files of this process lies in: home, temporary folder, profile."""
    root = tmp_path / "disk"
    for variable, place in (("TMPDIR", "tmp"), ("TEMP", "tmp"), ("TMP", "tmp"), ("HOME", "home")):
        (root / place).mkdir(parents=True, exist_ok=True)
        monkeypatch.setenv(variable, str(root / place))
    for variable in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(variable, str(root / "home" / variable.lower()))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.chdir(root / "home")
    (root / "profile").mkdir()
    return root


@pytest.fixture
def log_file(disk: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The program's log, kept in the profile, and everything that libraries say put into it."""
    path = disk / "profile" / "log.txt"
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    for owner, hook in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(owner, hook, getattr(owner, hook))
    logs.start(path, logging.DEBUG)
    yield path
    for handler in [each for each in root.handlers if each not in before]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def leaks(folder: Path, secrets: dict[str, bytes]) -> list[str]:
    """Where in the folder a planted word or a secret stands: in a file, or in its name."""
    found = []
    for path in folder.rglob("*"):
        place = str(path.relative_to(folder))
        found += [f"{word} in the name of a file" for word in planted.traces(place)]
        if path.is_file():
            data = path.read_bytes()
            found += [f"{word} in {place}" for word in planted.traces(data)]
            found += [f"{name} in {place}" for name, secret in secrets.items() if secret in data]
    return found


def take_in_sheets(work: Work, given: Path) -> None:
    """Read a referral list in each format, and take the rows in."""
    header = ("Client name", "DOB", "Phone", "Address", "Crime ref", "What happened")
    rows = [(NAME, "04/03/1990", planted.MOBILE, planted.ADDRESS, planted.CRIME_REF, planted.STORY)] * 3
    sheets = {
        "list.csv": referral_sheets.as_csv(header, rows),
        "list.xlsx": referral_sheets.xlsx({planted.SHEET_NAME: [header, *rows]}),
        "list.ods": referral_sheets.ods({planted.SHEET_NAME: [header, *rows]}),
    }
    words = load_vocabulary(PACKS)
    for name, content in sheets.items():
        (given / name).write_bytes(content)
        book = read_sheet(given / name)
        lines = book.sheets[0].rows
        table = table_of(lines, find_header(lines, words.headers.keys()))
        guesses = guess_columns(table.names, table.rows, words, TODAY)
        checked = check_rows(table.rows, Plan(table.names, tuple(each.field for each in guesses)), words, TODAY)
        assert any(NAME in str(each.texts.values()) for each in checked), "the reader saw what was planted"
        keep_in_hand(work, {"names": list(table.names), "rows": [list(map(str, row)) for _, row in table.rows]}, {})
        failed_rows_file(table.names, [(cells, ["not imported"]) for _, cells in table.rows])
        import_rows(work, [RowToImport(each.number, dict(each.values), each.extras) for each in checked], {})


def make_papers(work: Work, file_id: FileId, chosen: Path) -> None:
    """A letter composed, drawn, kept, taken out again and exported; a plan drawn."""
    facts = court_facts(client_name=NAME, effect_words=f"{planted.STORY}\n{planted.NOTE}")
    pdf = finish_pdf(letter_pdf(own_fonts(), letter(facts)))
    made = letters.LetterMade(
        **{name: getattr(LETTER, name) for name in ("template", "template_version", "addressee_kind", "addressee")},
        **{name: getattr(LETTER, name) for name in ("facts", "disclosed", "gateway", "client_agreed_on")},
        title=NAME,
        pdf=pdf,
    )
    saved = letters.save_letter(work, file_id, made).record_id
    assert saved is not None
    again = letters.letter_pdf(work, saved)
    write_safely(free_name(chosen, "letter", TODAY), again)
    write_safely(free_name(chosen, "letter", TODAY), finish_pdf(again, "a password"))
    safety_plan_pdf(own_fonts(), replace(plan(), contact=f"{NAME}, {planted.LANDLINE}"))


def do_everything(work: Work, standing: Standing, given: Path, chosen: Path) -> None:
    """Every call of casework, first with a database that refuses it, then in earnest; sheets in, papers out."""
    log = logging.getLogger("advocate_desk.desk")
    for call in CALLS:
        with failing_write(work.engine, 2, broken_rule):
            try:
                call.run(work, standing)
            except Exception:
                log.exception("background work failed")
        with contextlib.suppress(DeskError):
            call.run(work, standing)
    take_in_sheets(work, given)
    make_papers(work, standing.file_id, chosen)
    for typed in (planted.CLIENT_FAMILY, planted.FOREIGN, planted.NOTE):
        assert work.read(find, typed), "the search found what was planted"


@pytest.mark.expects_log("background work failed")
def test_no_planted_word_stands_on_the_disk_after_everything_was_done(
    disk: Path, log_file: Path, tmp_path: Path
) -> None:
    given, chosen, profile = tmp_path / "given", tmp_path / "chosen", disk / "profile"
    given.mkdir()
    chosen.mkdir()
    key, code = a_vault(profile, CLOCK)
    opened = open_vault(profile, PASSPHRASE, keyring=None, clock=CLOCK, cost=CHEAP)
    secrets = {"the passphrase": PASSPHRASE.encode(), "the key": key, "the key in hex": key.hex().encode()}
    secrets |= {f"group {nth} of the recovery code": group.encode() for nth, group in enumerate(code.split())}
    engine = create_store(profile / DATABASE_NAME, opened.db_key.buffer)
    prepare(engine, opened.db_key.buffer, profile / "backups", NOON)
    work = Work(engine, FixedClock(NOON), PACKS, ACTOR)
    standing = a_standing_file(work)

    do_everything(work, standing, given, chosen)
    recovery_sheet_pdf(own_fonts(), code.split(), opened.key_id[:4], TODAY)
    make_copy(engine, opened.db_key.buffer, profile / "backups", Why.ASKED, NOON)
    assert leaks(disk, secrets) == [], "while the store is open"
    engine.dispose()
    opened.close()

    by_sheet = open_with_recovery(profile, RecoveryCode.parse(code), clock=CLOCK)
    again = Work(open_store(profile / DATABASE_NAME, by_sheet.db_key.buffer), FixedClock(NOON), PACKS, ACTOR)
    drafts.keep(again, a_draft("after recovery"))
    notes.write_note(again, standing.file_id, NOTE)
    again.engine.dispose()
    by_sheet.close()
    assert leaks(disk, secrets) == [], "after the store was closed"

    written = log_file.read_text("utf-8")
    assert written.count("background work failed") > 50, "the log was kept"
    assert {path.name for path in profile.iterdir()} >= {DATABASE_NAME, "vault.json", "log.txt"}
    assert list((disk / "tmp").iterdir()) == [], "something was left in the temporary folder"
    check_exported(chosen)


def check_exported(chosen: Path) -> None:
    """What was exported says nothing by its name or its metadata, and nothing half-written stands beside it."""
    names = sorted(path.name for path in chosen.iterdir())
    assert names == ["letter-2026-11-21-1.pdf", "letter-2026-11-21-2.pdf"]
    for name, password in zip(names, ("", "a password"), strict=True):
        said = metadata((chosen / name).read_bytes(), password)
        assert planted.traces(repr(said)) == []


def test_the_search_of_a_disk_sees_what_is_planted_there(tmp_path: Path) -> None:
    (tmp_path / f"letter for {planted.CLIENT_FAMILY}.txt").write_text("nothing")
    (tmp_path / "plain.db").write_bytes(b"\x00\x01" + planted.NOTE.encode("utf-16-le"))
    (tmp_path / "key").write_bytes(b"abc" + bytes(range(32)))
    assert len(leaks(tmp_path, {"the key": bytes(range(32))})) == 3
