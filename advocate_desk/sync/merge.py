"""The three-way merge of one record: what both sides had, what we have, what the hub has.

Pure, and the same on every desk. No clock takes part. The hub's value stands where both sides changed a field to
different values; ours is never dropped but handed back as a `Clash`, which the caller keeps in a conflict record of the
same file: open until a person decides where the field is safety-critical, else as history.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Values = Mapping[str, Any]
"""A record's fields by name, as they travel: text, numbers, booleans, None, lists and mappings of those."""

DELETED = "deleted_at"
CHANGED = "changed_at"
TOLD = "told_at"
EXTRA = "extra"
"""The column of fields that this version does not know. It does not travel: they stand beside the others in a merge."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a kind of record asks of a merge.

    `together` are groups of fields that say one thing (a date, who told it and how sure it is): a group is taken from
    one side or clashes as a whole, so that no desk ever shows one person's date under another's "confirmed".
    `critical` are the fields whose clash stays flagged until a person decides. `quiet` never clash: the larger value
    stands. `told` says when something was told: two people who were told the same differ in nothing. `decided` is a
    field that says what a person decided: where two desks decided differently nothing is decided, and its group stands
    as in `undecided` again.
    """

    together: Sequence[frozenset[str]] = ()
    critical: frozenset[str] = frozenset()
    quiet: frozenset[str] = frozenset({CHANGED})
    told: frozenset[str] = frozenset({TOLD})
    decided: str = ""
    undecided: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Clash:
    """One field, or one group of fields, that both sides changed to different values."""

    fields: tuple[str, ...]
    base: dict[str, Any]
    ours: dict[str, Any]
    theirs: dict[str, Any]
    is_critical: bool


@dataclass(frozen=True, slots=True)
class Merged:
    """The record after a merge. `to_keep` says that it differs from ours, `to_send` that it differs from the hub's."""

    values: dict[str, Any]
    clashes: tuple[Clash, ...]
    to_keep: bool
    to_send: bool


def merge(base: Values | None, ours: Values, theirs: Values, rules: Rules) -> Merged:
    """Merge `ours` and `theirs`, which both started from `base` (None: both sides made the record by themselves).

    A field that one side does not have at all is a field that it does not know: it is left as the other has it.
    An edit beats a deletion, and says so as a clash of `deleted_at`.
    """
    start = base if base is not None else {}
    result = {**ours, **theirs}
    clashes: list[Clash] = []
    for group in _groups(start, ours, theirs, rules.together):
        taken, clash = _take(group, start, ours, theirs, rules)
        result.update(taken)
        if clash is not None:
            clashes.append(clash)
    revived = _revive(start, ours, theirs, result)
    if revived is not None:
        result[DELETED] = None
        clashes = [*(each for each in clashes if each.fields != (DELETED,)), revived]
    return Merged(
        result,
        tuple(clashes),
        to_keep=_differ(result, ours, rules.quiet),
        to_send=_differ(result, theirs, rules.quiet),
    )


def _groups(
    base: Values, ours: Values, theirs: Values, together: Iterable[frozenset[str]]
) -> Iterable[tuple[str, ...]]:
    """Every field that both sides know, by itself or with those that it belongs to, in a fixed order."""
    known = ours.keys() & theirs.keys()
    grouped: set[str] = set()
    for group in together:
        members = tuple(sorted(group & known))
        grouped.update(members)
        if members:
            yield members
    for name in sorted(known - grouped):
        yield (name,)


def _take(
    group: tuple[str, ...], base: Values, ours: Values, theirs: Values, rules: Rules
) -> tuple[dict[str, Any], Clash | None]:
    mine = {name: ours[name] for name in group}
    hers = {name: theirs[name] for name in group}
    if mine == hers or (group == (DELETED,) and None not in (mine[DELETED], hers[DELETED])):
        return hers, None
    if all(name in rules.quiet for name in group):
        return {name: _larger(mine[name], hers[name]) for name in group}, None
    before = {name: base.get(name) for name in group}
    if mine == before:
        return hers, None
    if hers == before:
        return mine, None
    if all(mine[name] == hers[name] for name in group if name not in rules.told):
        return {**hers, **{name: _larger(mine[name], hers[name]) for name in group if name in rules.told}}, None
    if rules.decided in group:
        is_one = mine[rules.decided] == hers[rules.decided]
        return hers if is_one else {name: rules.undecided[name] for name in group}, None
    differing = [name for name in group if mine[name] != hers[name]]
    if all(_is_empty(mine[name]) and name not in base for name in differing):
        return hers, None  # made on both sides, and ours says nothing where hers does
    return hers, Clash(group, before, mine, hers, is_critical=any(name in rules.critical for name in group))


def _larger(one: Any, other: Any) -> Any:  # noqa: ANN401 - a field's value
    if one is None or other is None:
        return one if other is None else other
    return max(one, other)


def _is_empty(value: object) -> bool:
    return value is None or value in ("", [], {})


def _revive(base: Values, ours: Values, theirs: Values, result: Values) -> Clash | None:
    """The clash of a deletion on one side with an edit on the other, or None."""
    if result.get(DELETED) is None or base.get(DELETED) is not None:
        return None
    mine_gone, hers_gone = ours.get(DELETED) is not None, theirs.get(DELETED) is not None
    if mine_gone == hers_gone:
        return None
    edited = theirs if mine_gone else ours
    names = (edited.keys() & base.keys()) - {DELETED, CHANGED}
    if not any(edited[name] != base[name] for name in names):
        return None
    values = ({DELETED: ours.get(DELETED)}, {DELETED: theirs.get(DELETED)})
    return Clash((DELETED,), {DELETED: base.get(DELETED)}, *values, is_critical=True)


def _differ(one: Values, other: Values, quiet: Collection[str]) -> bool:
    """Whether two records differ in more than bookkeeping; a field that one lacks counts as different."""
    names = (one.keys() | other.keys()) - set(quiet)
    return any((name in one) != (name in other) or one.get(name) != other.get(name) for name in names)
