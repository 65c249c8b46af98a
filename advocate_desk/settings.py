"""Every setting: what it is, its unit, its bounds and default, and why there is one.

What belongs to this computer is kept beside the profile in a small file that says nothing of anybody; what belongs to
the caseload is kept inside the encrypted store. A secret is in neither.
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

S = TypeVar("S", "ComputerSettings", "LockSettings", "Letterhead", "WorkerDetails", "BackupSettings")

LOCK_KEY = "lock"
LETTERHEAD_KEY = "letterhead"
LOGO_KEY = "logo"  # beside the letterhead: its form has fields of text alone
WORKER_KEY = "worker"
BACKUP_KEY = "backup"


THEMES = ("light", "dark", "high_contrast")
MAX_FILE_BYTES = 16 * 1024  # of the computer's settings: more is not ours


@dataclass(frozen=True)
class ComputerSettings:
    """How the desk looks on this computer. It is needed before the vault is open."""

    theme: str = field(default="light", metadata={"within": THEMES})
    text_percent: int = field(default=100, metadata={"within": range(100, 201)})  # people read at different sizes
    hide_on_deactivate: bool = False  # cover the window when another is used: for desks that are shared


@dataclass(frozen=True)
class LockSettings:
    """When the desk locks by itself."""

    # Ten minutes: the longest that a shared office should leave a caseload open.
    idle_lock_s: int = field(default=600, metadata={"within": range(60, 3601)})
    lock_with_screen: bool = True  # when the computer sleeps or its own screen locks


@dataclass(frozen=True)
class BackupSettings:
    """How often the caseload is copied by itself, and where to besides the profile."""

    every_hours: int = field(default=4, metadata={"within": range(1, 169)})  # what an afternoon's work may cost at most
    second_folder: str = ""  # a folder on a stick or share; "" for none


@dataclass(frozen=True)
class Letterhead:
    """The service, as its letters name it."""

    service_name: str = ""
    address: str = ""  # one line each
    phone: str = ""
    email: str = ""
    website: str = ""
    small_print: str = ""  # such as the charity's number


@dataclass(frozen=True)
class WorkerDetails:
    """The person at this desk, as letters name her."""

    name: str = ""
    role: str = ""  # reads after "I am": "an independent domestic violence adviser"
    job_title: str = ""
    phone: str = ""
    email: str = ""
    qualification: str = ""
    accreditation: str = ""
    since: str = ""  # a year: how long she has done this work, which courts ask


BACKUP_CHOICES_HOURS = (1, 4, 8, 24)
IDLE_LOCK_CHOICES_S = (60, 120, 300, 600, 900, 1800, 3600)


def from_json(kind: type[S], value: object) -> S:
    """Settings of `kind` from a JSON object; what is missing, unknown or out of its bounds takes its default."""
    given: dict[str, Any] = value if isinstance(value, dict) else {}
    default = kind()
    known = {
        one.name: given[one.name]
        for one in fields(kind)
        if one.name in given and type(given[one.name]) is type(getattr(default, one.name))
    }
    within = {one.name: one.metadata["within"] for one in fields(kind) if "within" in one.metadata}
    return kind(**{name: said for name, said in known.items() if name not in within or said in within[name]})


def to_json(one: ComputerSettings | LockSettings | BackupSettings | Letterhead | WorkerDetails) -> dict[str, Any]:
    """The settings as a JSON object."""
    return asdict(one)


def load_computer(path: Path) -> ComputerSettings:
    """The settings of this computer in the file `path`; the defaults when there is none or it cannot be read."""
    try:
        with path.open("rb") as file:
            said = file.read(MAX_FILE_BYTES)
    except OSError:
        return ComputerSettings()
    import json  # noqa: PLC0415 - most computers keep the defaults, and the first page waits for this

    try:
        return from_json(ComputerSettings, json.loads(said))
    except (ValueError, RecursionError):
        return ComputerSettings()


def save_computer(path: Path, one: ComputerSettings) -> None:
    """Write the settings of this computer to `path`, whole or not at all. Raises OSError."""
    import json  # noqa: PLC0415 - as above

    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(path.name + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(one), file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
