"""What stands between a start and the painted unlock page: no library and no part of ours that can wait."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from platformdirs import user_data_path

from advocate_desk import paths
from advocate_desk.desk.theme import load_colours
from advocate_desk.settings import THEMES
from advocate_desk.vault.folder import FILE_NAME

ROOT = Path(__file__).resolve().parents[3]
CAN_WAIT = {
    "_cffi_backend", "alembic", "anyascii", "cffi", "charset_normalizer", "concurrent.futures.thread", "ctypes",
    "hashlib", "json", "keyring", "logging.handlers", "msgspec", "multiprocessing", "nacl", "pikepdf", "PIL",
    "platformdirs", "pypdfium2", "PySide6.QtDBus", "PySide6.QtNetwork", "python_calamine", "rapidfuzz", "reportlab",
    "sqlalchemy", "sqlcipher3", "ssl", "tomllib", "uharfbuzz", "zoneinfo", "zxcvbn",
}  # fmt: skip
LATER_PARTS = {"casework", "demonstration", "documents", "domain", "packs", "store"}
TELL = """
import sys
from PySide6.QtWidgets import QApplication, QWidget
before = set(sys.modules)
from advocate_desk import app

def tell(_program):
    import os
    sys.stdout.write("\\n".join(sorted(set(sys.modules) - before)))
    sys.stdout.flush()
    os._exit(0)

app.Program._on_first_paint = tell
app.main(["advocate-desk"])
"""


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The modules that a locked desk has imported when its first page is painted, beyond those of an empty window."""
    profile = tmp_path_factory.mktemp("desk") / "profile"
    profile.mkdir()
    (profile / FILE_NAME).write_text("{}", "utf-8")
    variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen", paths.PROFILE_VARIABLE: str(profile)}
    command = [sys.executable, "-c", TELL]
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_the_unlock_page_is_painted_without_the_libraries_of_the_desk(imported: set[str]) -> None:
    assert "advocate_desk.desk.screens.unlock.view" in imported
    assert {name for name in imported if any(f"{name}.".startswith(f"{late}.") for late in CAN_WAIT)} == set()


def test_the_unlock_page_is_painted_without_the_parts_behind_it(imported: set[str]) -> None:
    parts = {name.split(".")[1] for name in imported if name.startswith("advocate_desk.")}
    assert parts & LATER_PARTS == set()
    assert {name for name in imported if name.startswith("advocate_desk.vault.")} == {"advocate_desk.vault.folder"}


@pytest.mark.parametrize("name", THEMES)
def test_colours_are_read_as_a_toml_library_reads_them(name: str) -> None:
    said = tomllib.loads((paths.resources() / "theme" / f"{name}.toml").read_text("utf-8"))
    assert set(said) == {"title", "dark", "source", "colours"}
    assert said["colours"] == load_colours(name)._asdict()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere the library is asked")
@pytest.mark.parametrize("told", ["/somewhere/else", "", None])
def test_the_profile_stands_where_the_library_of_folders_says(
    monkeypatch: pytest.MonkeyPatch, told: str | None
) -> None:
    monkeypatch.delenv(paths.PROFILE_VARIABLE)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    if told is not None:
        monkeypatch.setenv("XDG_DATA_HOME", told)
    assert paths.default_profile() == user_data_path("Advocate Desk", appauthor=False) / "profile"
