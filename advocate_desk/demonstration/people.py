"""Invented people for the demonstration caseload, from `resources/demonstration/people.toml`."""

from __future__ import annotations

from dataclasses import dataclass, field

from advocate_desk.domain.sources import Source
from advocate_desk.packs.packs import Packs


@dataclass(frozen=True, slots=True)
class InventedName:
    """A name that says of itself that it is an example. `language` is a key of the language list."""

    given: str
    family: str
    language: str = "english"


@dataclass(frozen=True, slots=True)
class InventedOfficer:
    """An officer in the case."""

    name: str
    contact: str


@dataclass(frozen=True, slots=True)
class InventedTown:
    """A town that does not exist."""

    name: str
    postcode: str


@dataclass(frozen=True, slots=True)
class InventedNote:
    """What an advocate wrote, with the way, the place and the minutes that belong to it.

    `needs`: what a file has when it is told, of plan, case, bail, hearing, breach, children, interpreter and court.
    """

    text: str
    method: str
    minutes: int
    setting: str
    with_whom: str = ""
    spoke_with_client: bool = True
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody in the demonstration."""

    source: Source
    client: tuple[InventedName, ...]
    perpetrator: tuple[InventedName, ...]
    child: tuple[InventedName, ...]
    officer: tuple[InventedOfficer, ...]
    town: tuple[InventedTown, ...]
    note: tuple[InventedNote, ...] = field(default=())


def cast(packs: Packs) -> Cast:
    """The people, checked against the schema. Raises BrokenResource."""
    return packs.read("demonstration/people.toml", Cast)
