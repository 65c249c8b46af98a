"""Filters as they are kept: a name, what is kept, and the order. JSON under the profile's setting "saved_filters"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from advocate_desk.store.queries.caseload import SORTS, CaseloadFilter

SETTING = "saved_filters"
LONGEST_NAME = 60
MOST_DAYS = 10_000


@dataclass(frozen=True, slots=True)
class Choice:
    """What the caseload keeps, and its order."""

    keep: CaseloadFilter = field(default_factory=CaseloadFilter)
    sort: str = "next_on"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class SavedFilters:
    """Every named choice, by name, and the one that the caseload opens with ("" for none)."""

    named: tuple[tuple[str, Choice], ...] = ()
    default: str = ""

    def of(self, name: str) -> Choice | None:
        """The choice called `name`."""
        return dict(self.named).get(name)

    def with_choice(self, name: str, choice: Choice) -> SavedFilters:
        """With this choice under `name`, instead of an earlier one of that name."""
        kept = [each for each in self.named if each[0] != name]
        ordered = sorted([*kept, (name[:LONGEST_NAME], choice)], key=lambda each: each[0].casefold())
        return replace(self, named=tuple(ordered))

    def without(self, name: str) -> SavedFilters:
        """Without the choice called `name`."""
        kept = tuple(each for each in self.named if each[0] != name)
        return SavedFilters(kept, "" if self.default == name else self.default)


def is_plain(keep: CaseloadFilter) -> bool:
    """True if nothing is filtered."""
    return keep == CaseloadFilter()


def to_json(choice: Choice) -> dict[str, Any]:
    """A choice as JSON. What says nothing is left out."""
    plain = CaseloadFilter()
    keep = {
        one.name: list(value) if isinstance(value, tuple) else value
        for one in fields(CaseloadFilter)
        if (value := getattr(choice.keep, one.name)) != getattr(plain, one.name)
    }
    return {"keep": keep, "sort": choice.sort, "descending": choice.descending}


def from_json(value: object) -> Choice:
    """A choice from JSON; what it holds that is no filter of ours is passed over."""
    if not isinstance(value, Mapping):
        return Choice()
    said = value.get("keep")
    kept = _known(said) if isinstance(said, Mapping) else {}
    sort = value.get("sort")
    return Choice(
        replace(CaseloadFilter(), **kept),
        sort if isinstance(sort, str) and sort in SORTS else "next_on",
        value.get("descending") is True,
    )


def _known(said: Mapping[str, Any]) -> dict[str, Any]:
    plain = CaseloadFilter()
    read = {one.name: _read(said.get(one.name), getattr(plain, one.name)) for one in fields(CaseloadFilter)}
    return {name: value for name, value in read.items() if value is not None}


def _read(value: object, usual: object) -> object:
    """A filter's value if it is of the kind that `usual` is, else None. A missing number of days stays None."""
    if isinstance(usual, tuple):
        return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else None
    if usual is None:
        return value if type(value) is int and 0 < value < MOST_DAYS else None
    return value if type(value) is type(usual) else None


def saved_to_json(saved: SavedFilters) -> dict[str, Any]:
    """All saved filters as JSON."""
    return {
        "filters": [{"name": name, **to_json(choice)} for name, choice in saved.named],
        "default": saved.default,
    }


def saved_from_json(value: object) -> SavedFilters:
    """All saved filters from JSON; a setting that is not there or not ours gives none."""
    if not isinstance(value, Mapping):
        return SavedFilters()
    found = SavedFilters()
    said = value.get("filters")
    for each in said if isinstance(said, list) else ():
        if isinstance(each, Mapping) and isinstance(each.get("name"), str) and each["name"].strip():
            found = found.with_choice(each["name"], from_json(each))
    default = value.get("default")
    return replace(found, default=default if isinstance(default, str) and found.of(default) else "")
