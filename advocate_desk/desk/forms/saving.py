"""Saving a record that somebody else may have changed since its form was opened. On the store's thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from advocate_desk.casework.overwriting import keep_replaced, row_of
from advocate_desk.casework.work import Done
from advocate_desk.desk.colleagues import colleagues
from advocate_desk.desk.forms.changed_meanwhile import Opened
from advocate_desk.desk.forms.convert import record_of
from advocate_desk.desk.forms.registry import FormKind, Params
from advocate_desk.desk.forms.values import Values
from advocate_desk.desk.office import Office


def save_unchanged(
    save: Callable[[Office, Params, Values], Done],
    kind: FormKind,
    office: Office,
    params: Params,
    opened: Opened | None,
    values: Values,
) -> Done:
    """Save, unless the record is not what the form was opened with. Raises ChangedMeanwhile.

    What a colleague wrote and this save replaces, now that whoever saves has seen it, is kept with the record.
    """
    if opened is None:
        return save(office, params, values)
    opened.refuse_other((kind.read_again or kind.load)(office, params))
    theirs = row_now(kind, office, params) if opened.row else {}
    done = save(office, params, values)
    about = record_of(params, kind.edits)
    if theirs and theirs != opened.row and about is not None:
        own = colleagues(office.work).own
        if keep_replaced(office.work, kind.record, about, opened.row, theirs, own):
            return replace(done, kinds=done.kinds | {"conflict"})
    return done


def row_now(kind: FormKind, office: Office, params: Params) -> Values:
    """The whole record that a form of this kind edits; empty where the kind names none."""
    about = record_of(params, kind.edits)
    return (office.work.read(row_of, kind.record, about) if kind.record and about is not None else None) or {}
