"""Which files an exchange has to look at: marked by triggers, so that nobody who writes can forget to.

Whose a file is, and who has its key, is compared with what counts for the marked files alone: most exchanges change
neither, and a caseload has tens of thousands of files. A mark is struck off where a look finds nothing left to be done.
"""

from __future__ import annotations

from collections.abc import Iterator

from advocate_desk.store.tables.files import OWNING

EVERY = bytes(16)
"""Marks in `keys_to_check` every collection that has a key here: the members have changed."""
_ROW = "(SELECT 1 FROM organisation)"
_CHANGED = " OR ".join(f'OLD."{name}" IS NOT NEW."{name}"' for name in OWNING)


def marking_triggers() -> Iterator[tuple[str, str]]:
    """(name, SQL) of every trigger that marks a file."""
    yield _trigger("organisation", "add", "INSERT", _all_files(), _keys(f"x'{EVERY.hex()}'"))
    yield _trigger("client_file", "add", "INSERT", _owners("NEW.id"), when=f"EXISTS {_ROW}")
    yield _trigger(
        "client_file",
        "change",
        f"UPDATE OF {', '.join(OWNING)}",
        _owners("NEW.id"),
        when=f"EXISTS {_ROW} AND ({_CHANGED})",
    )
    for what, verb, row in (("add", "INSERT", "NEW"), ("change", "UPDATE", "NEW"), ("drop", "DELETE", "OLD")):
        of_file = f"lower(hex({row}.collection))"
        yield _trigger("file_ownership", what, verb, _owners(of_file), _keys(f"{row}.collection"))
    yield _trigger("collection_key", "add", "INSERT", _keys("NEW.collection"))
    yield _trigger("given_right", "drop", "DELETE", _keys("OLD.collection"))
    yield _trigger("member_statement", "add", "INSERT", _keys(f"x'{EVERY.hex()}'"))


def _trigger(table: str, what: str, verb: str, *acts: str, when: str = "") -> tuple[str, str]:
    name, condition = f"tr_{table}_check_{what}", f"WHEN {when} " if when else ""
    return name, f'CREATE TRIGGER {name} AFTER {verb} ON "{table}" {condition}BEGIN {"; ".join(acts)}; END'


def _owners(file: str) -> str:
    return f"INSERT INTO owners_to_check (file_id) VALUES ({file}) ON CONFLICT DO NOTHING"  # noqa: S608 - words of ours


def _keys(collection: str) -> str:
    return f"INSERT INTO keys_to_check (collection) VALUES ({collection}) ON CONFLICT DO NOTHING"  # noqa: S608


def _all_files() -> str:
    return "INSERT INTO owners_to_check (file_id) SELECT id FROM client_file WHERE true ON CONFLICT DO NOTHING"
