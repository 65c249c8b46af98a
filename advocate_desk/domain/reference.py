"""Courts, police forces and offences as they are looked up. A list ages: what is not in it may always be typed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Court:
    """A court. `key` is its organisation-unit code, or the list's own code for county and family courts.

    `kind` is a key of the choice list court_kind. `building`, the address and the Welsh name are empty where the
    source did not have them. `is_usual` is False for a court that has closed or sits there only now and then.
    """

    key: str
    kind: str
    name: str
    name_cy: str
    building: str
    area: str
    town: str
    postcode: str
    address: str
    is_usual: bool


@dataclass(frozen=True, slots=True)
class Force:
    """A police force. `pnc_code` is the number that begins a unique reference number of its cases."""

    key: str
    name: str
    area: str
    region: str
    pnc_code: str


@dataclass(frozen=True, slots=True)
class Offence:
    """An offence code. `category` is CE either way, CI indictable only, CS summary only, or a civil one.

    `is_da_relevant` is a mechanical word match, no official list: there is none, as domestic abuse is a flag on a case.
    """

    code: str
    title: str
    category: str
    is_da_relevant: bool


OFFENCE_CATEGORIES = {
    "CE": "Either way",
    "CI": "Crown Court only",
    "CS": "Magistrates’ court only",
    "VP": "Civil application",
    "CR": "Civil",
    "VA": "Civil",
    "CB": "Breach",
}


def court_address(court: Court) -> str:
    """The court's postal address on one line, without its name; "" when the list does not have it."""
    parts = [court.address, court.town, court.postcode]
    return ", ".join(part for part in parts if part)
