"""Every error that the program raises on purpose.

    DeskError                 has `advice`: one sentence that says what happened, what was kept, what to do
    ├── Refused               she can change the request
    │   ├── Invalid           a form or file does not say what is needed; `problems` names the fields
    │   └── Blocked           a rule of casework or disclosure forbids it
    └── Unavailable           disk, key or network; she can try again
        ├── WrongKey          the passphrase, code or key does not open this vault
        ├── NewerVault        the vault was written by a later version
        └── BrokenResource    a file under resources/ is not what its schema says

    Stopped                   the desk locks or closes, so work was given up: no failure, and nobody is told

Anything else that is raised is our bug.
"""

from __future__ import annotations

from collections.abc import Mapping


class DeskError(Exception):
    """An expected failure. `advice` is shown to the user as it stands and holds no client data."""

    def __init__(self, advice: str) -> None:
        super().__init__(advice)
        self.advice = advice


class Refused(DeskError):
    """The request cannot be met as it was made; the user can change it."""


class Invalid(Refused):
    """Some fields are not acceptable. `problems` maps a field's key to one sentence about it."""

    def __init__(self, advice: str, problems: Mapping[str, str] | None = None) -> None:
        super().__init__(advice)
        self.problems = dict(problems or {})


class Blocked(Refused):
    """A rule of casework or of disclosure forbids what was asked."""


class Unavailable(DeskError):
    """Something outside the program is not there: the disk, a key, a file. Trying again may help."""


class WrongKey(Unavailable):
    """The secret that was given does not open this vault."""


class NewerVault(Unavailable):
    """The vault was written by a later version of the program, and is left untouched."""


class BrokenResource(Unavailable):
    """A resource file is missing or is not what its schema says; `advice` names file and place."""


class Stopped(Exception):
    """The desk locks or closes, so the work was given up. What was kept before stays; nothing half-done is left."""
