"""What the guide asks about the person whose desk it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProfileDetails:
    """Who works at this desk: kept in the settings of the profile, inside the encrypted store.

    `joins`: she has a code to join an organisation with, which the open desk then asks for.
    """

    name: str
    role: str
    service_name: str
    joins: bool = False
