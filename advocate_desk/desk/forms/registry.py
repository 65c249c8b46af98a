"""Which forms there are: what each asks, where its values come from and what saving does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from advocate_desk.casework.work import Done
from advocate_desk.desk.forms.values import Values
from advocate_desk.domain.forms import FormSpec, Option

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from advocate_desk.desk.forms.builder import FormView
    from advocate_desk.desk.office import Office

Params = Mapping[str, Any]
"""What a form was opened for, as JSON: {"file_id": "…", "hearing_id": "…"}. It is part of the draft's name."""

OptionList = Sequence[Option] | Callable[[str], Sequence[Option]]
"""Options all at once, or a function that finds them by what was typed."""


@dataclass(frozen=True)
class OtherSave:
    """Another way out of a form, beside its main one. `label` may mark its letter with "&".

    `needs_all`: it asks for required fields as the main one does; else the values go as they are, half done.
    """

    label: str
    save: Callable[[Office, Params, Values], Done]
    saved_words: str = ""
    needs_all: bool = False


def _no_values(_office: Office, _params: Params) -> Values:
    return {}


def _no_others(_office: Office, _params: Params) -> tuple[OtherSave, ...]:
    return ()


def _no_options(_office: Office, _params: Params) -> Mapping[str, OptionList]:
    return {}


@dataclass(frozen=True)
class FormKind:
    """One kind of form.

    `spec`, `load`, `options` and `save` run on the store's thread: they may read and write through `office.work`, and
    touch no widget. `save` calls casework and returns its Done; errors.Invalid puts its problems under their fields.
    `aside` may add a widget beside the fields (a live score, a conflict check); `after` runs on the GUI thread when the
    form was saved and is gone. `confirm` gives words that must be agreed to before the main save goes ahead, "" for
    none: what cannot be undone says so on the page. `other_saves` stand beside the main one. `edits` names the
    parameter that holds the record that is edited: with one, `load` gives that record and nothing that depends on the
    clock. `read_again` gives it before it is saved, where `load` puts its opening on record. `record` is the record's
    table: a colleague's newer value that a save replaces is kept then, and so are those of `parts`, the tables whose
    records it writes too, each with the column that names the record. `tell_changed` says, of a form that edits what
    it does not show, what a colleague changed between what was loaded and now; on the store's thread.
    """

    key: str
    spec: Callable[[Office, Params], FormSpec]
    save: Callable[[Office, Params, Values], Done]
    load: Callable[[Office, Params], Values] = _no_values
    options: Callable[[Office, Params], Mapping[str, OptionList]] = _no_options
    is_wide: bool = False
    saved_words: str = ""
    aside: Callable[[Office, Params, FormView], QWidget] | None = None
    after: Callable[[Office, Params, Done], None] | None = None
    confirm: Callable[[Office, Params, Values], str] | None = None
    other_saves: Callable[[Office, Params], tuple[OtherSave, ...]] = _no_others
    edits: str = ""
    read_again: Callable[[Office, Params], Values] | None = None
    record: str = ""
    parts: tuple[tuple[str, str], ...] = ()
    tell_changed: Callable[[Office, Values, Values], str] | None = None


class FormRegistry:
    """The forms of this desk, by key."""

    def __init__(self, kinds: Iterable[FormKind] = ()) -> None:
        self._kinds: dict[str, FormKind] = {}
        for kind in kinds:
            self.add(kind)

    def add(self, kind: FormKind) -> None:
        """Add a kind. Raises ValueError if its key is taken."""
        if kind.key in self._kinds:
            raise ValueError(f"two forms are called {kind.key}")
        self._kinds[kind.key] = kind

    def kind(self, key: str) -> FormKind | None:
        """The kind called `key`, or None: an older draft may name a form that is gone."""
        return self._kinds.get(key)

    def keys(self) -> tuple[str, ...]:
        """Every key."""
        return tuple(self._kinds)
