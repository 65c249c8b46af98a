"""Terms of a condition that tell where the client is safe: the perpetrator is given those words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Slot

from advocate_desk.desk.forms.builder import FormView
from advocate_desk.desk.forms.convert import file_of, rows_of, text_of
from advocate_desk.desk.forms.letter_secrets import kept_out
from advocate_desk.desk.forms.registry import Params
from advocate_desk.desk.forms.values import Values
from advocate_desk.desk.office import Office
from advocate_desk.documents.mentions import Searched
from advocate_desk.domain.forms import Field, FieldKind, ShownWhen
from advocate_desk.errors import Invalid
from advocate_desk.store.queries.letter_facts import FileForLetter, file_for_letter

PLACES = ("home address", "place where someone stays", "workplace", "school")
"""What of `kept_out` is a place."""

TELLS, CHECKED = "tells_place", "place_checked"


def tr(text: str) -> str:
    """In the user's language."""
    return QCoreApplication.translate("BailPlaces", text)


CHECK_FIELD = Field(
    CHECKED,
    FieldKind.CHECK,
    "Checked: the perpetrator may be given the place that stands in the terms",
    help="It is a place of the client’s, or of somebody with her. If the perpetrator must not know it, take it out.",
    shown_when=ShownWhen(TELLS, ("yes",)),
)


def told_places(known: FileForLetter, text: str) -> tuple[str, ...]:
    """Which of the client's places stand in `text`, such as "home address"."""
    secrets, searched = kept_out(known), Searched(text)
    return tuple(name for name in PLACES if any(searched.mentions(each) for each in secrets.get(name, ())))


def problems(known: FileForLetter, rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What must be looked at before these conditions are saved, by field path. Terms already stored are left alone."""
    stored = {each.text for many in known.justice.conditions.values() for each in many}
    found: dict[str, str] = {}
    for number, row in enumerate(rows):
        text = text_of(row, "text")
        names = told_places(known, text) if text and text not in stored else ()
        if names:
            found[f"conditions.{number}.text"] = _warning(names)
    return found


def _warning(names: Iterable[str]) -> str:
    said = tr("The {0} stands in these terms, and the perpetrator is given them.").format(" and the ".join(names))
    return f"{said} {tr('Take it out, or tick below that it was checked.')}"


def refuse_unchecked(office: Office, params: Params, values: Values) -> None:
    """Stop a save while a place stands in the terms and nobody has confirmed it. Raises Invalid."""
    if values.get(CHECKED) is True:
        return
    found = problems(office.work.read(file_for_letter, file_of(params)), rows_of(values, "conditions"))
    if found:
        raise Invalid(
            tr("Bail was not saved yet: a place where the client is safe stands in the terms of a condition."), found
        )


class PlaceGuard(QObject):
    """Watches the terms while they are typed, so that the tick is there when it is needed and only then."""

    def __init__(self, office: Office, params: Params, view: FormView) -> None:
        super().__init__(view)
        self._view = view
        self._known: FileForLetter | None = None
        self._seen: frozenset[tuple[str, str]] = frozenset()
        job = office.read(self, file_for_letter, file_of(params))
        job.done.connect(self._on_known)
        office.messages.follow(job)
        view.changed.connect(self.look)

    @Slot(object)
    def _on_known(self, known: FileForLetter) -> None:
        self._known = known
        self.look()

    @Slot()
    def look(self) -> None:
        """Look at the terms as they stand. Other places than those that were ticked need another tick."""
        if self._known is None:
            return
        rows = rows_of(self._view.values(), "conditions")
        found = problems(self._known, rows)
        seen = frozenset((words, text_of(rows[int(path.split(".")[1])], "text")) for path, words in found.items())
        box = self._view.field_box(CHECKED)
        is_new, self._seen = bool(seen - self._seen), seen
        if is_new and box is not None and box.editor is not None:
            box.editor.set_value(False)
        self._view.set_fact(TELLS, "yes" if found else "no")
