"""Saving a record that somebody else may have changed since its form was opened. On the store's thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from uuid import UUID

from advocate_desk.casework.overwriting import keep_replaced, row_of
from advocate_desk.casework.work import Activity, Done, beside_act
from advocate_desk.desk.colleagues import colleagues
from advocate_desk.desk.forms.changed_meanwhile import ChangedMeanwhile, Opened
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
    checked = _Checked(kind, office, params, opened)
    checked.look()  # before casework says what is wrong with values that she has not seen
    with beside_act(checked.look, checked.keep):
        try:
            done = save(office, params, values)
        finally:
            checked.raise_refusal()  # a hand-over counts the files that are refused, and goes on
    return replace(done, kinds=done.kinds | {"conflict"}) if checked.kept else done


@dataclass
class _Checked:
    """A save that an exchange may come before, even while it waits for the store: looked at in its own act."""

    kind: FormKind
    office: Office
    params: Params
    opened: Opened
    theirs: Values = field(default_factory=dict)
    own: UUID | None = None
    refusal: ChangedMeanwhile | None = None
    kept: int = 0

    def look(self) -> None:
        """Read what the save would write over. Raises ChangedMeanwhile where the form has not shown it."""
        self.raise_refusal()
        try:
            self.opened.refuse_other((self.kind.read_again or self.kind.load)(self.office, self.params))
        except ChangedMeanwhile as error:
            if self.kind.tell_changed is not None:
                error.told = self.kind.tell_changed(self.office, self.opened.loaded, error.now)
            self.refusal = error
            raise
        self.theirs = row_now(self.kind, self.office, self.params) if self.opened.row else {}
        if self.is_newer():
            self.own = colleagues(self.office.work).own

    def raise_refusal(self) -> None:
        """Raise what a look before has raised."""
        if self.refusal is not None:
            raise self.refusal

    def keep(self, act: Activity) -> None:
        """Keep what the act has replaced, in that act: a save that stands can never be without it."""
        about = record_of(self.params, self.kind.edits)
        if self.is_newer() and about is not None:
            self.kept = keep_replaced(act, self.kind.record, about, self.opened.row, self.theirs, self.own)

    def is_newer(self) -> bool:
        """Whether somebody wrote the record since the form was opened first."""
        return bool(self.theirs) and self.theirs != self.opened.row


def row_now(kind: FormKind, office: Office, params: Params) -> Values:
    """The whole record that a form of this kind edits; empty where the kind names none."""
    about = record_of(params, kind.edits)
    return (office.work.read(row_of, kind.record, about) if kind.record and about is not None else None) or {}
