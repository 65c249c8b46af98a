"""What of a record travels, and what is made of it on the other side."""

from __future__ import annotations

import hashlib

import pytest

from advocate_desk.sync.first_columns import FIRST
from advocate_desk.sync.records import Unreadable, incoming, said, shapes

MOMENT = "2026-03-02T09:30:00.000000Z"
NOTHING_SAID = "e6784f4751d3415d"
"""Of what stands in the columns of the first version where nothing is said: older desks read left out as this."""


def row_of(kind: str, **values: object) -> dict[str, object]:
    return {**shapes()[kind].empty, "created_at": MOMENT, "changed_at": MOMENT, **values}


def test_what_says_nothing_in_the_first_versions_columns_means_the_same_for_ever() -> None:
    stands = [(kind, name, shapes()[kind].empty[name]) for kind in sorted(FIRST) for name in sorted(FIRST[kind])]
    assert hashlib.sha256(repr(stands).encode()).hexdigest().startswith(NOTHING_SAID)


def test_a_column_that_came_later_is_said_where_it_is_empty_too() -> None:
    for kind, shape in shapes().items():
        assert shape.later == set(shape.columns) - FIRST.get(kind, frozenset())
        assert shape.later <= said(shape, tuple(row_of(kind).values()), None).keys()


@pytest.mark.parametrize(
    "kind", [kind for kind, shape in shapes().items() if shape.required == {"created_at", "changed_at"}]
)
def test_a_record_of_which_the_empty_fields_are_left_out_comes_as_it_was(kind: str) -> None:
    row = row_of(kind, deleted_at=MOMENT)
    sent = said(shapes()[kind], tuple(row.values()), '{"of_a_newer_version":null}')
    assert sent == {"created_at": MOMENT, "changed_at": MOMENT, "deleted_at": MOMENT, "of_a_newer_version": None}
    assert incoming(kind, sent) == {**row, "extra": '{"of_a_newer_version":null}'}


def test_a_record_without_what_every_record_says_is_none() -> None:
    with pytest.raises(Unreadable):
        incoming("contact_note", {"changed_at": MOMENT})
