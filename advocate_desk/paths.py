"""Where things are on this computer: the profile, the resources, the migrations."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

PROFILE_VARIABLE = "ADVOCATE_DESK_PROFILE"
_PROGRAM = "Advocate Desk"


def installation() -> Path:
    """The folder that holds `resources/` and `migrations/`, in a checkout, an install or a frozen build."""
    frozen = getattr(sys, "_MEIPASS", None)
    return Path(str(frozen)) if frozen is not None else _checkout_or_install()


@cache
def _checkout_or_install() -> Path:
    package = Path(__file__).resolve().parent
    if (package.parent / "resources").is_dir():
        return package.parent
    return package / "_installed"


def resources() -> Path:
    """The folder of rule packs, instruments, templates, lists, theme, icons and fonts."""
    return installation() / "resources"


def migrations() -> Path:
    """The folder of Alembic revisions."""
    return installation() / "migrations"


def default_profile() -> Path:
    """The user's own profile folder: `vault.json` and `caseload.db` live in it. It may not exist yet."""
    named = os.environ.get(PROFILE_VARIABLE)
    return Path(named) if named else _data_folder() / "profile"


def _data_folder() -> Path:
    is_linux = sys.platform == "linux"
    if is_linux:  # what the library says too, without the time that it takes of a start
        told = os.environ.get("XDG_DATA_HOME", "").strip()
        return (Path(told) if told else Path.home() / ".local" / "share") / _PROGRAM
    from platformdirs import user_data_path  # noqa: PLC0415

    return user_data_path(_PROGRAM, appauthor=False)


def demonstration_profile(role: str = "") -> Path:
    """The profile folder of the demonstration caseload, apart from the user's own; of each `role` its own."""
    named = os.environ.get(PROFILE_VARIABLE)
    own = Path(named) if named else default_profile()
    return own.with_name(f"demonstration-{role}" if role else "demonstration")


def computer_settings() -> Path:
    """The small file that says how the desk looks on this computer; nothing of anybody is in it."""
    return default_profile().with_name("computer.json")
