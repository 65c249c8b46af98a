"""The whole job by keyboard, in a real window: from the first start to a letter for the court."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest

from advocate_desk.documents.render import page_texts
from advocate_desk.vault.vault import open_vault
from tests.end_to_end import steps_court, steps_letter, steps_start
from tests.end_to_end.day import PASSPHRASE, RunningClock

ROOT = Path(__file__).parents[2]
MOST_SECONDS = 150
PLANTED = (
    steps_start.GIVEN,
    steps_start.FAMILY,
    steps_start.PERPETRATOR_GIVEN,
    steps_start.PERPETRATOR_FAMILY,
    steps_start.NUMBER,
    steps_start.NOTE_WORD,
    steps_court.STREET,
    "Zephyrine",
    "Sampleton",
    "Pinchbeckson",
    steps_letter.WORDS,
    PASSPHRASE,
    steps_letter.PASSWORD,
)


@pytest.mark.timeout(MOST_SECONDS + 60)
def test_an_advocate_works_from_first_run_to_exported_letter_by_keyboard(
    own_desktop: dict[str, str], tmp_path: Path
) -> None:
    saved = tmp_path / "saved"
    saved.mkdir()
    taken = subprocess.run(
        [sys.executable, str(ROOT / "tests/end_to_end/journey.py"), str(saved)],
        env={**own_desktop, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=MOST_SECONDS,
        check=False,
    )
    assert taken.returncode == 0, f"{taken.stdout}\n{taken.stderr[-6000:]}"
    made = json.loads((saved / "journey.json").read_text())
    check_letter(saved, made)
    check_traces(Path(own_desktop["HOME"]))
    check_vault(Path(own_desktop["ADVOCATE_DESK_PROFILE"]))


def check_letter(saved: Path, made: dict[str, str]) -> None:
    """The letter on disk: its words, its neutral name, nothing in its metadata, and a lock that holds."""
    text = "\n".join(page_texts((saved / "plain.pdf").read_bytes()))
    for words in (f"{steps_start.GIVEN} {steps_start.FAMILY}", steps_letter.WORDS, steps_letter.URN, "Bron Enghraifft"):
        assert words in text
    for never in (steps_start.NUMBER, steps_start.NOTE_WORD, steps_court.STREET, "strangulation"):
        assert never not in text
    assert made["letter"].startswith("letter-20")
    with pikepdf.open(saved / "plain.pdf") as opened:
        assert dict(opened.docinfo) == {"/Title": "Letter"}
        assert "/Metadata" not in opened.Root
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(saved / "locked.pdf")
    assert steps_letter.WORDS in "\n".join(page_texts((saved / "locked.pdf").read_bytes(), made["password"]))


def check_traces(home: Path) -> None:
    """No name and no word of the client's in any file of the home folder, nor in its name, in UTF-8 or UTF-16."""
    looked_at = 0
    for path in home.rglob("*"):
        assert not any(word in str(path) for word in PLANTED), path
        if path.is_file() and not path.is_symlink():
            looked_at += 1
            data = path.read_bytes()
            for word in PLANTED:
                for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
                    assert word.encode(encoding) not in data, f"{word!r} in {path} as {encoding}"
    assert looked_at > 1  # the vault at least


def check_vault(profile: Path) -> None:
    """The passphrase opens the vault again."""
    vault = open_vault(profile, PASSPHRASE, keyring=None, clock=RunningClock())
    vault.close()
