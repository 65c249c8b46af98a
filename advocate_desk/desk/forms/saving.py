"""Saving a record that somebody else may have changed since its form was opened. On the store's thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from uuid import UUID

from advocate_desk.casework.overwriting import Sides, keep_replaced, row_of, rows_under
from advocate_desk.casework.work import Activity, Done, beside_act
from advocate_desk.desk.colleagues import colleagues
from advocate_desk.desk.forms.changed_meanwhile import ChangedMeanwhile, Opened, Records
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
    theirs: Records = field(default_factory=dict)
    own: str = ""
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
        self.theirs = records_now(self.kind, self.office, self.params) if self.opened.records else {}
        if self.newer():
            own = colleagues(self.office.work).own
            self.own = own.hex if own is not None else ""

    def raise_refusal(self) -> None:
        """Raise what a look before has raised."""
        if self.refusal is not None:
            raise self.refusal

    def keep(self, act: Activity) -> None:
        """Keep what the act has replaced, in that act: a save that stands can never be without it."""
        for kind, about in self.newer():
            opened = self.opened.records.get(kind, {}).get(about, {})
            theirs = self.theirs[kind][about]
            by = Sides(self.own, self._writer(UUID(about), theirs))
            self.kept += keep_replaced(act, kind, UUID(about), opened, theirs, by)

    def newer(self) -> list[tuple[str, str]]:
        """The records, by kind and id, that somebody wrote since the form was opened first."""
        return [
            (kind, about)
            for kind, rows in self.theirs.items()
            for about, row in rows.items()
            if row != self.opened.records.get(kind, {}).get(about)
        ]

    def _writer(self, about: UUID, theirs: Values) -> str:
        exchanges = self.office.exchanges
        return exchanges.written_by(about, str(theirs["changed_at"])) if exchanges is not None else ""


def records_now(kind: FormKind, office: Office, params: Params) -> Records:
    """The records that a form of this kind edits, whole; empty where the kind names none."""
    about = record_of(params, kind.edits)
    row = office.work.read(row_of, kind.record, about) if kind.record and about is not None else None
    if row is None or about is None:
        return {}
    parts = {part: office.work.read(rows_under, part, parent, about) for part, parent in kind.parts}
    return {kind.record: {about.hex: row}, **parts}
