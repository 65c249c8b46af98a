"""What a form shows once it and a colleague have changed one record: value by value, and of lists row by row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from advocate_desk.desk.forms.values import Values

ROW = "id"
"""What names a row of a list, where its rows are records."""
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """A list as it was loaded, as the form showed that, as it is now, and as it stands in the form."""

    loaded: Any
    shown: Any
    now: Any
    mine: Any


@dataclass(frozen=True, slots=True)
class Joined:
    """A list put together. `dropped`: the places, in the form, of rows that the colleague took out.

    `untouched`: the ids of rows that stand as she wrote them. `is_both`: one row was changed by both.
    """

    rows: list[Row]
    dropped: tuple[int, ...]
    untouched: frozenset[str]
    is_both: bool


@dataclass(frozen=True, slots=True)
class Combined:
    """What the form shows next. `taken`: fields that took a colleague's value; `both`: those that both have changed.

    `together`: lists of which each has changed other rows.
    """

    values: Values
    taken: list[str] = field(default_factory=list)
    together: list[str] = field(default_factory=list)
    both: list[str] = field(default_factory=list)
    _joined: dict[str, Joined] = field(default_factory=dict)

    def join(self, name: str, joined: Joined) -> None:
        """Take a list that was put together."""
        self.values[name] = joined.rows
        self._joined[name] = joined
        (self.both if joined.is_both else self.together).append(name)

    def typed_of(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        """What stands half typed, without that of rows that are dropped."""
        found = dict(typed)
        for name, joined in self._joined.items():
            if joined.dropped and isinstance(found.get(name), list):
                found[name] = _without(found[name], joined.dropped)
        return found

    def shown_of(self, before: Values, shown: Values) -> Values:
        """How the form shows what it is now while nobody touches it: `shown` is what stands in it now."""
        found = {**before, **{name: shown.get(name) for name in self.taken}}
        for name, joined in self._joined.items():
            old = _by_id(before.get(name))
            fresh = {each: row for each, row in _by_id(shown.get(name)).items() if each in joined.untouched}
            found[name] = list({**old, **fresh}.values())
        return found


def can_be_joined(rows: Rows) -> bool:
    """Whether it is a list of records on every side: of those that were there, each row has its id."""
    sides = (rows.loaded, rows.shown, rows.now)
    return all(isinstance(each, list) and all(_id(row) for row in each) for each in sides) and isinstance(
        rows.mine, list
    )


def joined_rows(rows: Rows) -> Joined:
    """Row by row: what nobody touched here is as the colleague left it, her new ones come last."""
    loaded, shown, now = _by_id(rows.loaded), _by_id(rows.shown), _by_id(rows.now)
    found: list[Row] = []
    dropped: list[int] = []
    untouched: set[str] = set()
    is_both = False
    for place, row in enumerate(rows.mine):
        each = _id(row)
        is_mine = not each or row != shown.get(each)
        if is_mine:
            found.append(row)
            is_both = is_both or (each in loaded and now.get(each) not in (loaded[each], row))
        elif each in now:
            found.append(now[each])
            untouched.add(each)
        else:
            dropped.append(place)
    standing = {_id(row) for row in rows.mine}
    for each, row in now.items():
        if each in standing:
            continue
        if each not in loaded:
            found.append(row)
            untouched.add(each)
        elif row != loaded[each]:
            is_both = True  # taken out here, and changed there
    return Joined(found, tuple(dropped), frozenset(untouched), is_both)


def _by_id(rows: object) -> dict[str, Row]:
    return {_id(row): row for row in rows} if isinstance(rows, list) else {}


def _id(row: object) -> str:
    return str(row.get(ROW) or "") if isinstance(row, Mapping) else ""


def _without(half: list[Any], dropped: tuple[int, ...]) -> list[Any]:
    """Of what stands half typed, row by row with those taken out among them, all but the dropped standing ones."""
    found, place = [], -1
    for each in half:
        is_gone = "gone" in each
        place += not is_gone
        if is_gone or place not in dropped:
            found.append(each)
    return found
